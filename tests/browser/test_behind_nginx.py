"""The nginx example of docs/deployment.md as it stands, over TLS; only ports and files differ."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, ROOT, Server, StartServer, expect_connected
from tests.browser.test_behind_proxy import SLOW, downloaded

DOCS = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{example}
}}
"""
CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
    *("-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "certificate.pem"),
)

pytestmark = pytest.mark.skipif(
    shutil.which("nginx") is None or shutil.which("openssl") is None,
    reason="no nginx and openssl on the PATH: apt-get install nginx-light openssl",
)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "ignore_https_errors": True}


@pytest.fixture(scope="module")
def server(start_server: StartServer) -> Server:
    """With the variables that stand below the example, but for the host's name."""
    (block,) = re.findall(
        r"^```sh\n(STILLFRAME_BASE_PATH=.*?)^```$", DOCS, re.DOTALL | re.MULTILINE
    )
    env = dict(line.split("=", 1) for line in block.splitlines())
    return start_server(env=env | {"STILLFRAME_ALLOWED_HOSTS": "localhost"})


@pytest.fixture(scope="module")
def address(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where nginx shows the server, as `https://localhost:PORT`."""
    folder, port = tmp_path_factory.mktemp("nginx"), _free_port()
    subprocess.run(CERTIFICATE, cwd=folder, check=True, capture_output=True)
    config = folder / "nginx.conf"
    config.write_text(AROUND.format(folder=folder, example=_example(server, folder, port)))
    process = subprocess.Popen(
        ["nginx", "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log")]
    )
    try:
        _wait_for(port, process, folder / "error.log")
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _example(server: Server, folder: Path, port: int) -> str:
    """The first nginx block of the docs. What it names and a test cannot have is replaced."""
    (example, *_) = re.findall(r"^```nginx\n(map .*?)^```$", DOCS, re.DOTALL | re.MULTILINE)
    replaced = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server_name ops.example": "server_name localhost",
        "/etc/ssl/ops.example.pem": f"{folder}/certificate.pem",
        "/etc/ssl/private/ops.example.key": f"{folder}/key.pem",
        "http://127.0.0.1:8501": server.url,
    }
    for old, new in replaced.items():
        assert example.count(old) == 1, old
        example = example.replace(old, new)
    return str(example)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"nginx did not start: {log.read_text()}")


def test_a_visit_through_nginx(server: Server, address: str, page: Page) -> None:
    page.goto(f"{address}/stillframe?minutes=30")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Sign in").click()
    expect_connected(page)
    expect(page).to_have_url(f"{address}/stillframe/?minutes=30")
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible(timeout=SLOW)
    cookies = [one for one in page.context.cookies() if one["name"].startswith("stillframe_")]
    assert [(one["path"], one["secure"]) for one in cookies] == [("/stillframe", True)]
    viewer = downloaded(page).provenance.taken_by
    assert viewer is not None
    assert (viewer.name, viewer.self_declared) == ("Ada", True)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{address}/stillframe/login")
    assert "Traceback" not in server.log.read_text()
