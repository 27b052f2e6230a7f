"""One address takes a file of a megabyte, two at once; every other one refuses it before it is sent."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_support import reading
from web_faces import People, Station, served

from kiosk.rules.policy import parse_policy
from kiosk.service.journal import Journal
from kiosk.service.panel import create_panel
from kiosk.store import Store
from kiosk.web.limits import MAX_BODY, MAX_UPLOAD, MOST_UPLOADS
from kiosk.web.whole import Arriving


def head(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n".encode()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int]]:
    with Store(tmp_path / "kiosk.db") as store:
        journal = Journal(store, lambda: parse_policy({}), reading)
        with served(create_panel(Station(), People(), journal=journal)) as url:
            host, _colon, port = url.removeprefix("http://").partition(":")
            yield host, int(port)


def test_only_the_one_address_may_announce_a_file() -> None:
    for path, long in (("/journal/import", False), ("/journal/import?file=a", False), ("/journal", True), ("/", True),
                       ("/journal/imports", True), ("/x/journal/import", True)):  # fmt: skip
        begun = Arriving(begun=head(path, MAX_BODY + 1))
        assert begun.too_long is long, path
        assert begun.upload is not long, path
        assert begun.whole is long, "what is refused need not be waited for"
    assert Arriving(begun=head("/journal/import", MAX_UPLOAD + 1)).too_long
    assert not Arriving(begun=head("/journal/import", MAX_BODY)).upload


@pytest.mark.slow
def test_a_large_body_elsewhere_is_refused_at_once_and_at_most_two_files_come_at_once(address: tuple[str, int]) -> None:
    def begin(path: str) -> socket.socket:
        one = socket.create_connection(address, 10)
        one.sendall(head(path, MAX_UPLOAD) + b"x" * 10)
        return one

    with begin("/journal") as refused:
        assert b" 413 " in refused.recv(4_096).splitlines()[0]
    sending = [begin("/journal/import") for _number in range(MOST_UPLOADS + 1)]
    for one in sending:
        one.settimeout(2)
    answers = []
    for one in sending:
        try:
            answers.append(one.recv(4_096)[:20])
        except TimeoutError:
            answers.append(b"")
    assert sorted(answer[9:12] for answer in answers) == [b"", b"", b"503"]
    for one in sending:
        one.close()
    with begin("/journal/import") as again:
        again.settimeout(20)
        again.sendall(b"x" * (MAX_UPLOAD - 10))
        assert b" 403 " in again.recv(4_096).splitlines()[0], (
            "places are given back; a stranger is refused by the guard"
        )
