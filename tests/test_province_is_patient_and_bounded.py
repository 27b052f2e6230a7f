"""The province's door under silent, slow, rude and many clients: honest ones are answered, and memory stays bounded."""

import json
import resource
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import psutil
import pytest
from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter
from flask import Flask
from store_support import reading

from kiosk.export.batch import MAX_BODY, Signed, pack
from kiosk.export.receipts import receipt_in
from kiosk.province.door.serving import limits_of
from kiosk.web import certificate
from kiosk.web.server import serve
from tests.collector_stage import Collector, ask, nobody, serving, shaken, small_world

pytestmark = pytest.mark.slow
SILENT = 50
BIG = b"PUT /v1/batches/" + b"0" * 64 + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
SMALL = b"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"
Place = tuple[str, int]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with serving(tmp_path_factory.mktemp("patience") / "home") as collector:
        yield collector


def plain(place: Place, *said: bytes) -> socket.socket:
    line = socket.create_connection(place, 30)
    for piece in said:
        line.sendall(piece)
    return line


# What a silent client may have said before it fell silent.
SILENCES: dict[str, Callable[[Place], socket.socket]] = {
    "nothing": lambda place: plain(place),
    "half a hello": lambda place: plain(place, b"\x16\x03\x01\x02\x00\x01\x00"),
    "shaken and no more": lambda place: shaken(place),
    "half a head": lambda place: shaken(place, b"PUT /v1/batches/00"),
    "half a small body": lambda place: shaken(place, SMALL),
    "the head of a large body": lambda place: shaken(place, BIG),
    "half a large body": lambda place: shaken(place, BIG, bytes(500_000)),
    "plain, half a large body": lambda place: plain(place, BIG, bytes(500_000)),
}


@pytest.mark.parametrize("silence", SILENCES)
def test_fifty_silent_clients_delay_nobody(province: Collector, silence: str) -> None:
    world = small_world(list(SILENCES).index(silence) + 100, days=3)
    province.join_all(world)
    with ExitStack() as stack:
        for _ in range(SILENT):
            stack.enter_context(SILENCES[silence](province.place))
        took = []
        for made in world.bundles:
            begun = time.monotonic()
            assert province.put([made.signed]).status == 200
            took.append(time.monotonic() - begun)
    print(f"{silence}: median {statistics.median(took) * 1000:.0f} ms, worst {max(took) * 1000:.0f} ms")
    assert statistics.median(took) < 1


def test_the_same_server_without_us_is_stopped_by_one_silent_client(tmp_path: Path) -> None:
    """The control: cheroot as it comes."""
    app, pem = Flask("stock"), tmp_path / "stock.pem"
    app.add_url_rule("/", "home", lambda: "here")
    certificate.make(pem, ["localhost", "127.0.0.1"], reading())
    server = wsgi.Server(("127.0.0.1", 0), app, numthreads=8, timeout=5)
    server.ssl_adapter = BuiltinSSLAdapter(str(pem), str(pem))
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        with plain(server.bind_addr):
            begun = time.monotonic()
            assert ask(server.bind_addr, "GET", "/", context=nobody()).status == 200
            assert time.monotonic() - begun > 1
    finally:
        server.stop()
        thread.join(10)


def test_a_large_upload_finds_a_place_among_fifty_that_hold_one_and_send_nothing(province: Collector) -> None:
    """Who brings nothing makes room; and what is large is told in the end, however often it was asked to wait."""
    world = small_world(120, days=300)
    province.join_all(world)
    bundles = [made.signed for made in world.bundles]
    assert len(pack(bundles)) > 100_000
    with ExitStack() as stack:
        for _ in range(SILENT):
            stack.enter_context(shaken(province.place, BIG))
        deadline, waits = time.monotonic() + 30, 0
        while (said := province.put(bundles)).status != 200:
            assert (said.status, said.code) == (503, "BUSY") and int(said.headers["Retry-After"]) > 0
            assert time.monotonic() < deadline
            waits += 1
            time.sleep(0.5)
    print(f"asked to wait {waits} times")


def test_who_trickles_is_cut_off_and_who_is_slow_and_steady_is_heard_to_the_end(tmp_path: Path) -> None:
    """On a server with the same limits, but for its times, which are a tenth as long."""
    app = Flask("slow")
    app.add_url_rule("/v1/batches/<name>", "put", lambda name: "taken", methods=["PUT"])
    limits = replace(limits_of(100), request_seconds=1, handshake_seconds=1.0, steady=20_000)
    server = serve(app, "127.0.0.1:0", "slow", 2, limits=limits)
    server.start()
    try:
        body = bytes(120_000)
        head = BIG.replace(b"1000000", str(len(body)).encode())
        with plain(server.address, head) as steady:
            begun = time.monotonic()
            for start in range(0, len(body), 6_000):
                steady.sendall(body[start : start + 6_000])
                time.sleep(0.15)
            took = time.monotonic() - begun
            assert took > 2, "the control: longer than a request may take"
            assert steady.recv(4096).startswith(b"HTTP/1.1 200")
        with plain(server.address, head) as trickling:
            begun, heard = time.monotonic(), True
            while heard and time.monotonic() - begun < 20:
                try:
                    trickling.sendall(b"x" * 100)
                    trickling.settimeout(0.1)
                    heard = trickling.recv(1) != b""
                except TimeoutError:
                    continue
                except OSError:
                    heard = False
            assert not heard and time.monotonic() - begun < 6
    finally:
        server.stop()


def test_a_body_that_is_cut_off_leaves_nothing_and_the_next_try_is_taken(province: Collector) -> None:
    world = small_world(130, days=200, sites=2)
    province.join_all(world)
    made = [one for one in world.bundles if one.site == "TH-002"]
    body = pack([one.signed for one in made])
    head = f"PUT /v1/batches/{sha256(body).hexdigest()} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    for share in (0.1, 0.5, 0.99):
        with shaken(province.place, head.encode(), body[: int(share * len(body))]):
            pass
    assert province.order("station show", site="TH-002", station="01")["last_heard"] == ""
    said = province.put([one.signed for one in made])
    public = bytes.fromhex(json.loads(province.card()["payload"])["key"])
    stored = [name for text in said.told["receipts"] for name in receipt_in(public, text).stored]
    assert sorted(stored) == sorted(one.sha256 for one in made)


def test_places_are_given_back(province: Collector) -> None:
    """More uploads one after the other than there are places, each broken off."""
    limits = limits_of(100)
    for _ in range(limits.most_uploads + 10):
        shaken(province.place, BIG, b"x" * 100).close()
    deadline = time.monotonic() + 20
    body = bytes(MAX_BODY)
    name = sha256(body).hexdigest()
    while (said := province.ask("PUT", f"/v1/batches/{name}", body)).status == 503:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert (said.status, said.code) == (400, "TRUNCATED")


def test_fifteen_hundred_connections_at_once_are_kept_and_others_answered(province: Collector) -> None:
    """All of one address, as behind a network's router: the silent ones of them make room for those who ask."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4_096)), hard))
    with ExitStack() as stack:
        for _ in range(1_500):
            stack.enter_context(plain(province.place))
        took = []
        for _ in range(10):
            begun = time.monotonic()
            assert province.ask("GET", "/healthz").status == 200
            took.append(time.monotonic() - begun)
        print(f"beside 1,500 connections: median {statistics.median(took) * 1000:.0f} ms; {pss(province)} MB")
    assert statistics.median(took) < 1
    assert pss(province) < 300


def test_many_that_catch_up_at_once_stay_within_the_memory(province: Collector) -> None:
    """12 PCs with 240 days each, every body twice, beside 40 that hold half a megabyte each and fall silent."""
    world = small_world(140, days=240, stations=12)
    province.join_all(world)
    bundles = {
        name: [made.signed for made in world.bundles if made.station == name] for _site, name, _key in world.keys
    }
    done: list[int] = []

    def send(body: list[Signed]) -> None:
        for _time in range(2):
            while (said := province.put(body)).status == 503:
                time.sleep(0.2)
            done.append(said.status)

    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(shaken(province.place, BIG, bytes(500_000)))
        most, senders = pss(province), [threading.Thread(target=send, args=(body,)) for body in bundles.values()]
        for thread in senders:
            thread.start()
        took = []
        while any(thread.is_alive() for thread in senders):
            most, begun = max(most, pss(province)), time.monotonic()
            assert province.ask("GET", "/v1/card").status == 200
            took.append(time.monotonic() - begun)
            time.sleep(0.1)
    print(f"{len(done)} bodies of some {len(pack(bundles['01'])) // 1000} kB; at most {most} MB")
    print(f"a card meanwhile in {statistics.median(took) * 1000:.0f} ms, at worst {max(took) * 1000:.0f} ms")
    assert done == [200] * 24
    assert statistics.median(took) < 1, "who asks little is answered in between"
    assert most < 300


def pss(province: Collector) -> int:
    """Memory of the server's own process, MB."""
    return int(psutil.Process(province.process.pid).memory_full_info().pss >> 20)
