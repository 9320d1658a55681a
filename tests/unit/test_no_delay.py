"""A connection that a listening socket accepts sends at once."""

import os
import socket

from dashboard.no_delay import send_without_delay


def test_what_is_accepted_sends_without_delay() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert send_without_delay() >= 1
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_no_copy_of_any_open_file_is_left_behind() -> None:
    reading, writing = os.pipe()
    send_without_delay()
    os.close(writing)
    assert os.read(reading, 1) == b""  # a copy of the other end would keep this waiting
    os.close(reading)


def test_sockets_that_do_not_listen_stay_as_they_are() -> None:
    with socket.socket() as idle:
        send_without_delay()
        assert not idle.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
