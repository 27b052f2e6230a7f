"""Files go out whole, in ranges and after a break, and long ones never take every thread of the menu."""

import gc
import http.client
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from web_faces import Station, served

from kiosk.content.imports import add
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.service.menu import THREADS, create_menu
from kiosk.web.limits import REQUEST_SECONDS
from kiosk.web.sending import PLACES, STRETCH, Sending
from kiosk.web.server import serve
from tests.pack_support import pack

FILM = b"\x1a\x45\xdf\xa3" + os.urandom(6_000_000)
PLACE = "/inside/p/film/film.webm"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One menu for all: whoever takes its places waits until they are free again."""
    tmp_path = tmp_path_factory.mktemp("menu")
    manifest = 'id = "p"\ntheme = "edu"\n[[item]]\ntitle = "Phim"\nfile = "film.webm"\n'
    add(Shelves(tmp_path / "content"), pack(tmp_path / "p", manifest, {"film.webm": FILM}), "2026-11-20")
    library = Library(tmp_path / "content")
    server = serve(create_menu(Station(), library), "127.0.0.1:0", "menu", THREADS)
    server.start()
    yield "http://{}:{}".format(*server.address)
    server.stop()
    library.close()


def ask(address: str, headers: dict[str, str], method: str = "GET") -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request(method, PLACE, headers=headers)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [("bytes=0-99", 0, 100), ("bytes=5999900-", 5_999_900, len(FILM)), ("bytes=-10", len(FILM) - 10, len(FILM)),
     ("bytes=100-99999999", 100, len(FILM))],
)  # fmt: skip
def test_one_range_is_answered_with_these_bytes(address: str, asked: str, first: int, end: int) -> None:
    answer, data = ask(address, {"Range": asked})
    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(FILM)}"
    assert data == FILM[first:end]


def test_the_whole_file_and_its_head(address: str) -> None:
    answer, data = ask(address, {})
    assert answer.status == 200 and data == FILM and answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "video/webm"
    head, nothing = ask(address, {}, "HEAD")
    assert (head.status, nothing, head.headers["Content-Length"]) == (200, b"", str(len(FILM)))
    head, nothing = ask(address, {"Range": "bytes=0-9"}, "HEAD")
    assert (head.status, nothing, head.headers["Content-Length"]) == (206, b"", "10")
    again, nothing = ask(address, {"If-None-Match": answer.headers["ETag"]})
    assert (again.status, nothing) == (304, b"")


@pytest.mark.parametrize("asked", [f"bytes={len(FILM)}-", "bytes=9999999999-"])
def test_a_range_behind_the_end_is_refused(address: str, asked: str) -> None:
    answer, _data = ask(address, {"Range": asked})
    assert answer.status == 416 and answer.headers["Content-Range"] == f"bytes */{len(FILM)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "lines=1-2", "bytes=9-3", "bytes=x"])
def test_what_is_no_single_range_gets_everything(address: str, asked: str) -> None:
    answer, data = ask(address, {"Range": asked})
    assert answer.status == 200 and data == FILM


def test_if_range_goes_on_only_with_the_same_bytes(address: str) -> None:
    tag = ask(address, {}, "HEAD")[0].headers["ETag"]
    assert ask(address, {"Range": "bytes=10-19", "If-Range": tag})[1] == FILM[10:20]
    for other in ('"another"', "Fri, 20 Nov 2026 09:00:00 GMT"):
        answer, data = ask(address, {"Range": "bytes=10-19", "If-Range": other})
        assert answer.status == 200 and data == FILM


def test_a_player_gets_a_stretch_at_a_time_and_all_of_it_in_the_end(address: str) -> None:
    got = b""
    while len(got) < len(FILM):
        answer, data = ask(address, {"Range": f"bytes={len(got)}-", "Sec-Fetch-Dest": "video"})
        assert answer.status == 206 and 0 < len(data) <= STRETCH
        got += data
    assert got == FILM


def test_a_reader_who_is_gone_before_the_first_byte_leaves_no_file_open(address: str) -> None:
    """The view, the server and the answer have all done their part when nobody is there any more."""
    where = urlsplit(address)
    for _ in range(3 * PLACES):
        with socket.socket() as one:
            one.connect((where.hostname, where.port))
            one.sendall(f"GET {PLACE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no farewell
    _until(lambda: _open_films() == 0 and ask(address, {})[0].status == 200)


def test_an_answer_that_was_not_sent_gives_its_file_and_its_place_back(tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(FILM)
    sending = Sending(1)
    with Flask("t").test_request_context("/"):
        for _ in range(3):
            answer = sending.file(tmp_path / "film", "video/webm", "x")
            assert answer.status_code == 200, "the place of the one before is free again"
            del answer
            gc.collect()
        kept = sending.file(tmp_path / "film", "video/webm", "x")
        assert sending.file(tmp_path / "film", "video/webm", "x").status_code == 503
        kept.close()
        assert sending.file(tmp_path / "film", "video/webm", "x").status_code == 200


def test_a_drawing_that_is_sent_into_its_frame_leaves_no_place_taken(tmp_path: Path) -> None:
    """It was opened before anybody asked whether it would be sent: five touches, and no film played any more."""
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><!--" + b"x" * 600_000 + b"--></svg>"
    manifest = 'id = "p"\ntheme = "edu"\n[[item]]\ntitle = "T"\nfile = "site/index.html"\n'
    pack(tmp_path / "p", manifest, {"site/index.html": "<p>x</p>", "site/d.svg": drawing})
    client = create_menu(Station(), Library.of_folders(tmp_path / "p")).test_client()
    gc.disable()
    try:
        for _ in range(PLACES + 1):
            sent = client.get("/inside/p/site/site/d.svg", headers={"Host": "127.0.0.1", "Sec-Fetch-Dest": "document"})
            assert sent.status_code == 303
        answer = client.get("/inside/p/site/site/d.svg", headers={"Host": "127.0.0.1"}, buffered=True)
        assert (answer.status_code, answer.get_data()) == (200, drawing)
    finally:
        gc.enable()


def _open_films() -> int:
    """How many objects of a library this process has open."""
    found = 0
    for one in Path("/proc/self/fd").iterdir():
        try:
            found += "/content/objects/" in os.readlink(one)
        except OSError:
            continue
    return found


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _reader(address: str) -> socket.socket:
    """Somebody who asks for the film and then does not take it."""
    where = urlsplit(address)
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.connect((where.hostname, where.port))
    one.sendall(f"GET {PLACE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return one


def _page(address: str, patience: float) -> int:
    """How a page is answered; TimeoutError when it is not within so many seconds."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=patience)
    connection.request("GET", "/healthz")
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_readers_who_do_not_read_leave_threads_for_everybody_else(address: str) -> None:
    assert PLACES < THREADS
    readers = [_reader(address) for _ in range(THREADS + 4)]
    try:
        refused = sum(one.recv(64, socket.MSG_PEEK).startswith(b"HTTP/1.1 503") for one in readers)
        assert refused == len(readers) - PLACES
        # Sooner than the server gives up readers who do not read.
        assert _page(address, REQUEST_SECONDS - 1) == 200
    finally:
        for one in readers:
            one.close()
    deadline = time.monotonic() + 15
    while ask(address, {})[0].status != 200:
        assert time.monotonic() < deadline, "the places are free again when the readers are gone"
        time.sleep(0.2)


@pytest.mark.slow
def test_control_as_many_such_readers_as_threads_starve_a_plain_server(tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(FILM)

    def plain(environ: object, start: object) -> list[bytes]:
        start("200 OK", [("Content-Length", str(len(FILM)))])  # type: ignore[operator]
        return [FILM]

    with served(plain) as address:  # type: ignore[arg-type]
        readers = [_reader(address) for _ in range(4)]
        try:
            for one in readers:
                one.recv(1)  # each has its thread
            with pytest.raises(TimeoutError):
                _page(address, 2)
        finally:
            for one in readers:
                one.close()
