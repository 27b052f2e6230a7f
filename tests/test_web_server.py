"""The server of a web face: starts, says when it cannot, and stays answerable."""

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack

import pytest
from flask import Flask, request
from web_faces import served

from kiosk.errors import KioskError
from kiosk.web.limits import CONNECTIONS_PER_PEER, REQUEST_SECONDS
from kiosk.web.server import parse_address, serve


@pytest.fixture
def app() -> Flask:
    app = Flask("test")
    app.add_url_rule("/", "home", lambda: "here")
    return app


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def host_port(address: str) -> tuple[str, int]:
    host, _, port = address.removeprefix("http://").partition(":")
    return host, int(port)


def test_it_answers_as_soon_as_start_returns_and_not_after_stop(app: Flask) -> None:
    with served(app) as address:
        assert fetch(address) == "here"
    with pytest.raises(OSError):
        socket.create_connection(host_port(address), 1).close()


def test_a_server_that_nobody_stopped_does_not_keep_its_process_alive() -> None:
    program = "import flask, kiosk.web.server as web; web.serve(flask.Flask('x'), '127.0.0.1:0', 'x').start()"
    assert subprocess.run([sys.executable, "-c", program], timeout=20).returncode == 0


def test_a_port_in_use_is_named_with_what_to_do(app: Flask) -> None:
    with served(app) as address:
        host, port = host_port(address)
        with pytest.raises(KioskError) as caught:
            serve(app, f"{host}:{port}", "second", 1).start()
    assert str(port) in caught.value.message and host in caught.value.message
    assert "site.toml" in caught.value.hint


def test_an_address_that_is_not_ours_is_named(app: Flask) -> None:
    with pytest.raises(KioskError, match="203.0.113.7:8080"):
        serve(app, "203.0.113.7:8080", "elsewhere", 1).start()


@pytest.mark.parametrize("listen", ["", "8080", ":8080", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:70000", "a:-1"])
def test_nonsense_is_no_address(listen: str) -> None:
    with pytest.raises(KioskError):
        parse_address(listen)


def test_addresses_are_read() -> None:
    assert parse_address("127.0.0.1:8080") == ("127.0.0.1", 8080)
    assert parse_address("[::1]:8080") == ("::1", 8080)


def test_silent_connections_take_no_thread(app: Flask) -> None:
    with served(app) as address, ExitStack() as stack:
        for _ in range(CONNECTIONS_PER_PEER - 2):
            stack.enter_context(socket.create_connection(host_port(address), 5))
        time.sleep(0.2)
        begun = time.monotonic()
        assert fetch(address) == "here"
        assert time.monotonic() - begun < REQUEST_SECONDS - 1, "not only when the silent ones are given up"


def closed(connection: socket.socket) -> bool:
    """Whether the server has ended it."""
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.slow
def test_one_peer_has_a_bounded_number_of_connections_and_gets_them_back(app: Flask) -> None:
    with served(app) as address:
        with ExitStack() as stack:
            held = [
                stack.enter_context(socket.create_connection(host_port(address), 5))
                for _ in range(CONNECTIONS_PER_PEER + 8)
            ]
            for one in held:
                one.setblocking(False)
            deadline = time.monotonic() + 4
            while sum(map(closed, held)) < 8:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            time.sleep(0.2)
            assert sum(map(closed, held)) == 8
        deadline = time.monotonic() + 5
        while True:
            try:
                assert fetch(address) == "here"
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)


def test_a_request_head_without_end_is_cut_off(app: Flask) -> None:
    with served(app) as address, socket.create_connection(host_port(address), 10) as flood:
        flood.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n")
        answer = flood.recv(4096)
    assert b" 413 " in answer.splitlines()[0]


def test_many_requests_over_fresh_connections_are_all_answered(app: Flask) -> None:
    with served(app) as address:
        assert [fetch(address) for _ in range(100)] == ["here"] * 100


@pytest.mark.slow
def test_one_that_asks_without_pause_leaves_room_for_another(app: Flask) -> None:
    """A worker answers what comes right afterwards on the same connection, and then looks who else waits."""
    server, answered, all_of_them = serve(app, "127.0.0.1:0", "test", 1), 0, 2_000
    server.start()

    def hear() -> None:
        nonlocal answered
        heard = b""
        while answered < all_of_them and (more := greedy.recv(4096)):
            heard += more
            answered += heard.count(b"\r\n\r\nhere")
            heard = heard.rpartition(b"\r\n\r\nhere")[2]

    with socket.create_connection(server.address, 20) as greedy:
        thread = threading.Thread(target=hear)
        thread.start()
        greedy.sendall(all_of_them * b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert fetch("http://{}:{}".format(*server.address)) == "here"
        meanwhile = answered
        thread.join(20)
    server.stop()
    assert answered == all_of_them, "the control: each was answered in the end"
    assert meanwhile < all_of_them - 100, "not before the other's turn had come"


# Ways of saying that a body comes which is not there, past whoever counts lengths strictly.
ODD = (
    b"Content-Length: 1\r\nContent-Length: 5000", b"Content-Length : 5000", b"Content-Length: +5000",
    b"Content-Length: 5_000", b"Content-Length:\r\n 5000", b"Content-Length: 0000005000", b"Content-Length: \x0b5000",
    b"X: y\nContent-Length: 5000", b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked",
    b"X: y\n Transfer-Encoding: chunked", b"Transfer-Encoding: identity, chunked",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_length_holds_no_thread(app: Flask, odd: bytes) -> None:
    app.add_url_rule("/said", "said", lambda: str(len(request.get_data())), methods=["POST"])
    with served(app) as address, ExitStack() as stack:
        for _ in range(12):
            line = stack.enter_context(socket.create_connection(host_port(address), 5))
            line.sendall(b"POST /said HTTP/1.1\r\nHost: x\r\n" + odd + b"\r\n\r\na")
        time.sleep(0.1)
        begun = time.monotonic()
        assert fetch(address) == "here"
        assert time.monotonic() - begun < 2


@pytest.mark.slow
def test_the_first_byte_of_a_next_request_starts_a_clock_and_costs_nothing(app: Flask) -> None:
    """It comes with the end of the one before, and then nothing more does."""
    with served(app) as address, socket.create_connection(host_port(address), 20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nG")
        begun, spent = time.monotonic(), time.process_time()
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        while line.recv(4096):
            pass
        took, spent = time.monotonic() - begun, time.process_time() - spent
    assert REQUEST_SECONDS - 0.5 < took < REQUEST_SECONDS + 8
    assert spent < 1, "nobody turned in circles over it"
