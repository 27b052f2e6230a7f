"""An answer that was cut off is no answer: neither an empty one nor half a one is ever believed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kiosk.errors import KioskError
from kiosk.export.asking import post, trusting_nobody

BODY = b'{"key": "0123456789abcdef"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY)


@contextmanager
def answers(text: bytes) -> Iterator[str]:
    """A server on this PC that gives one such answer, then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            talk, _peer = door.accept()
            with talk:
                talk.recv(65_536)
                talk.sendall(text)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        thread.join(10)


@pytest.mark.parametrize("cut", range(1, len(BODY)))
def test_one_that_was_cut_off_is_refused_wherever_it_was_cut(cut: int) -> None:
    with answers(HEAD + BODY[:-cut]) as url, pytest.raises(KioskError):
        post(url, "/v1/enrol", b"{}", trusting_nobody(), 5.0)


def test_control_a_whole_one_is_taken() -> None:
    with answers(HEAD + BODY) as url:
        assert post(url, "/v1/enrol", b"{}", trusting_nobody(), 5.0).told == {"key": "0123456789abcdef"}
