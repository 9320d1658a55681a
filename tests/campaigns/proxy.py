"""A TCP proxy on the loopback that stalls, cuts or truncates what the server sends."""

import socket
import struct
import threading
from contextlib import suppress
from enum import Enum

from tests.campaigns.server import free_port

CHUNK_BYTES = 16_384


class Mode(Enum):
    """What becomes of the bytes that the server sends once `after_bytes` of them have passed."""

    PASS = "pass"
    STALL = "stall"
    CUT = "cut"
    TRUNCATE = "truncate"


class Proxy:
    """Listens on `port` and forwards to the server's port; its mode may change at any time."""

    def __init__(self, server_port: int) -> None:
        self.port = free_port()
        self._server = ("127.0.0.1", server_port)
        self._mode, self._after_bytes = Mode.PASS, 0
        self._passing = threading.Event()
        self._passing.set()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def break_down(self, mode: Mode, after_bytes: int) -> None:
        """From now on each connection fails once the server has sent so many bytes on it."""
        self._after_bytes, self._mode = after_bytes, mode
        if mode is Mode.STALL:
            self._passing.clear()

    def heal(self) -> None:
        self._mode = Mode.PASS
        self._passing.set()

    def close(self) -> None:
        self.heal()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server)
        except OSError:
            client.close()
            return
        threading.Thread(target=self._upwards, args=(client, server), daemon=True).start()
        self._downwards(server, client)

    def _upwards(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(CHUNK_BYTES):
                self._passing.wait()
                server.sendall(data)
        _end(server)

    def _downwards(self, server: socket.socket, client: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while data := server.recv(CHUNK_BYTES):
                if not self._let_through(client, data, passed):
                    break
                passed += len(data)
        _end(server)
        _end(client)

    def _let_through(self, client: socket.socket, data: bytes, passed: int) -> bool:
        """Forwards the data as far as the mode allows; false where the connection ends here."""
        mode, room = self._mode, max(self._after_bytes - passed, 0)
        if mode is Mode.PASS or len(data) <= room:
            client.sendall(data)
            return True
        if mode is Mode.CUT:
            _reset(client)
            return False
        client.sendall(data[:room])
        if mode is Mode.TRUNCATE:
            return False
        self._passing.wait()
        client.sendall(data[room:])
        return True


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _reset(connection: socket.socket) -> None:
    """Ends it with an RST; a reader in another thread must wake first, or it stays open."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RD)
    connection.close()
