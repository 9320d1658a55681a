"""A TCP proxy whose every connection to the server comes from another loopback address.

So who tries wrong secrets on purpose is many clients, as strangers are, and is not slowed as one.
"""

import socket
import threading
from contextlib import suppress
from itertools import count

CHUNK_BYTES = 65_536


class ManyAddresses:
    """Listens on `port` and forwards to the server's port until it is closed."""

    def __init__(self, server_port: int) -> None:
        self._server = ("127.0.0.1", server_port)
        self._numbers = count()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                number = next(self._numbers)
                address = f"127.1.{number // 250 % 250}.{number % 250 + 1}"
                server = socket.create_connection(self._server, source_address=(address, 0))
                threading.Thread(target=_serve, args=(client, server), daemon=True).start()


def _serve(client: socket.socket, server: socket.socket) -> None:
    with client, server:
        upwards = threading.Thread(target=_forward, args=(client, server), daemon=True)
        upwards.start()
        _forward(server, client)
        upwards.join()


def _forward(source: socket.socket, sink: socket.socket) -> None:
    """Until the source ends; then the sink is told so."""
    with suppress(OSError):
        while data := source.recv(CHUNK_BYTES):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
