"""200,000 requests, half with a wrong secret: `python -m tests.benchmarks.secrets`.

Eight at a time, from eight addresses of the loopback, against a served Stillframe. Prints how many
wrong secrets were let in, how many right ones were refused, and the memory of the process. Bounded
by the number of requests: some 3 minutes.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.builders import row, sqlite_source
from tests.campaigns.secrets import ask
from tests.campaigns.served import served


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = sqlite_source(folder, [row("a", "queued", created=3_000)])
        config = folder / "stillframe.toml"
        config.write_text(f'[sources.tasks]\nurl = "{source.url}"\nsql = """{source.sql}"""\n')
        with served(config, folder / "log") as server:
            ask(server, 2_000)
            before, started = server.megabytes, time.monotonic()
            seen = ask(server, arguments.requests)
            seconds = time.monotonic() - started
    print("| requests | a second | wrong accepted | right refused | MB before | most | after |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    total = seen.right.total() + seen.wrong.total()
    print(
        f"| {total:,} | {total / seconds:,.0f} | {seen.wrong_accepted} | {seen.right_refused}"
        f" | {before:.0f} | {max(seen.megabytes):.0f} | {seen.megabytes[-1]:.0f} |"
    )
    print(f"\nright: {dict(seen.right)}  wrong: {dict(seen.wrong)}")


if __name__ == "__main__":
    main()
