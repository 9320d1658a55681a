"""Serving: runs the app through Streamlit's own command, with every option as a flag."""

import errno
import json
import os
import signal
import socket
import tomllib
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NoReturn

import click

from dashboard import runtime
from dashboard.settings import Settings
from metrics_core.errors import SettingsError

HERE = Path(__file__).resolve().parent
# In a wheel the file lies beside this module; in a checkout, at the top.
CONFIG_FILES = (HERE / ".streamlit" / "config.toml", HERE.parent / ".streamlit" / "config.toml")
STARTUP_SECONDS = 120
# Addresses to listen on that nobody can visit, and what to visit instead.
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def serve(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 8501,
    open_browser: bool = False,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then return.

    `announce` is called with the address once the server answers; without it the address is
    printed. SettingsError where the settings are wrong or the port is taken.
    """
    refuse_taken_port(host, port)

    def when_ready() -> None:
        url = _answering_url(host) + settings.proxy.base_path
        (announce or _print_address)(url)
        if open_browser:
            webbrowser.open(url)

    runtime.start(settings, when_ready=when_ready)
    _run_streamlit(["run", str(HERE / "app.py"), *streamlit_flags(host=host, port=port)])


def streamlit_flags(*, host: str, port: int) -> list[str]:
    """Every option of our config.toml as a flag; host and port instead of its own."""
    options = tomllib.loads(_config_file().read_text(encoding="utf-8"))
    options["server"] |= {"address": host, "port": port}
    return list(_flags("", options))


def _config_file() -> Path:
    for path in CONFIG_FILES:
        if path.is_file():
            return path
    raise SettingsError("the installation is incomplete: .streamlit/config.toml is missing")


def _flags(prefix: str, options: Mapping[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        option = f"{prefix}{name}"
        if isinstance(value, dict) and option != "server.trustedUserHeaders":
            yield from _flags(f"{option}.", value)
        else:
            # As flags, lists, tables and booleans are JSON; text stands as it is.
            yield f"--{option}={value if isinstance(value, str) else json.dumps(value)}"


def refuse_taken_port(host: str, port: int) -> None:
    """One clear line now instead of Streamlit's own later."""
    if not host:
        raise SettingsError("--host is empty: name an address to listen on, as 127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except socket.gaierror as error:
        raise SettingsError(f"--host {host} is no address of this machine") from error
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = "is in use" if taken else f"cannot be used ({error})"
        raise SettingsError(
            f"port {port} on {host} {reason}: choose another with --port"
        ) from error


def _run_streamlit(arguments: list[str]) -> None:
    # uvicorn itself believes nobody: it would hide the proxy's address from `TrustedProxies`.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    # uvicorn shuts down in order at the first signal and then raises it once more, for us.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    # Here, not above: Streamlit takes a second to import, and `stillframe --help` needs none of it.
    from streamlit.web.cli import main  # noqa: PLC0415

    try:
        main(arguments, standalone_mode=False)
    except SystemExit as leaving:
        if leaving.code:
            raise


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


def _answering_url(host: str) -> str:
    """The server's address, as soon as it answers there."""
    from streamlit import config  # noqa: PLC0415

    port = int(config.get_option("server.port"))
    visible = WILDCARDS.get(host, host)
    connection = HTTPConnection(visible, port, timeout=STARTUP_SECONDS)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    finally:
        connection.close()
    return f"http://[{visible}]:{port}" if ":" in visible else f"http://{visible}:{port}"


def _print_address(url: str) -> None:
    click.echo(f"Stillframe is at {url}")
