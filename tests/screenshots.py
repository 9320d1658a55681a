"""`python -m tests.screenshots [FOLDER]`: the README's pictures, of the demo as it is drawn now.

They are page-light.png, page-dark.png and page-phone.png; FOLDER is docs/ if none is named.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from dashboard.demo import DemoWriter, make_demo
from metrics_core import load_sources
from tests.browser.conftest import CHROMIUM_ARGUMENTS, ROOT, servers
from tests.browser.tour.conftest import SEED, Stand, begun

WIDE = ViewportSize(width=1280, height=1180)
PHONE = ViewportSize(width=390, height=1180)
LARGEST_BYTES = 400_000
VIEW = "/?source=video_tasks&every=off"
PICTURES = (
    ("page-light.png", WIDE, "light", VIEW),
    ("page-dark.png", WIDE, "dark", f"{VIEW}&minutes=180&compare=previous"),
    ("page-phone.png", PHONE, "light", VIEW),
)


def main(folder: Path) -> None:
    """Draws each picture; refuses one that is too large for a README."""
    with _demo() as stand, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        for name, size, scheme, address in PICTURES:
            picture = _picture(browser, stand, size, scheme, address)
            if len(picture) > LARGEST_BYTES:
                raise SystemExit(f"{name} would have {len(picture)} bytes")
            (folder / name).write_bytes(picture)
        browser.close()


@contextmanager
def _demo() -> Iterator[Stand]:
    now, numbers = datetime.now(UTC), count()
    with tempfile.TemporaryDirectory(prefix="stillframe-") as name:
        folder = Path(name) / "demo"
        settings = make_demo(folder, seed=SEED, now=now)

        def new_folder() -> Path:
            made = Path(name) / f"server-{next(numbers)}"
            made.mkdir()
            return made

        with servers(new_folder) as start, DemoWriter(folder):
            server = start(config=settings.read_text(encoding="utf-8"))
            sources = load_sources(settings)
            yield Stand(server=server, folder=folder, made_at=now, sources=sources)


def _picture(
    browser: Browser, stand: Stand, size: ViewportSize, scheme: str, address: str
) -> bytes:
    context = browser.new_context(
        viewport=size, color_scheme="dark" if scheme == "dark" else "light"
    )
    tour = begun(context, stand)
    tour.open(address)
    tour.page.wait_for_timeout(1000)  # until the charts have their last size
    picture: bytes = tour.page.screenshot()
    context.close()
    return picture


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs")
