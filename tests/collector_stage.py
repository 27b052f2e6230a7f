"""A province that really serves, for tests: a process, its TLS, sockets; PCs that join by codes and send."""

import http.client
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from kiosk.export.asking import trusting
from kiosk.export.batch import Signed, pack
from kiosk.export.handshake import Code, asks, code_in, welcomes
from kiosk.export.signing import Key
from kiosk.province.orders import carry_out
from tests.province_world import CALM, World

ROOT = Path(__file__).resolve().parent.parent

# The clock's source alone can be another one.
PROGRAM = """
import datetime, kiosk.province.orders as orders
now = orders.utc_now
orders.utc_now = lambda: now() + datetime.timedelta(days={days})
from kiosk.cli import main
main()
"""
NONE: Mapping[str, str] = {}
YESTERDAY = date.today() - timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a refusal; nothing of ours may be in any."""
        told = self.told
        assert set(told) == {"code", "detail"} and told["detail"].endswith((".", ".\n")), told
        assert b"Traceback" not in self.body and b".py" not in self.body
        return str(told["code"])


@dataclass
class Collector:
    """The province at `home`, served at `place` while its process lives."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    days_off: int = 0  # by so many its clock is wrong

    def start(self) -> None:
        self.log = open(self.home.with_suffix(".log"), "a+", encoding="utf-8")
        command = [sys.executable, "-P", "-c", PROGRAM.format(days=self.days_off), "province", "serve", str(self.home),
                   "--json", "--listen", "127.0.0.1:0", "--name", "Tỉnh thử",
                   "--url", "https://127.0.0.1:8443", *self.options]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment, cwd=ROOT
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.said()
        self.ready = json.loads(line)
        self.place = ("127.0.0.1", int(self.ready["port"]))

    def said(self) -> str:
        """Its log so far."""
        self.log.flush()
        return Path(self.log.name).read_text(encoding="utf-8")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        try:
            return self.process.wait(30)
        finally:
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.log.close()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.place[1]}"

    @property
    def authority(self) -> str:
        """The CA as the card tells it."""
        return str(json.loads(self.card()["payload"])["certificate"])

    def card(self) -> Any:
        return ask(self.place, "GET", "/v1/card", context=nobody()).told

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Said:
        """One request over TLS of which only the province's CA is trusted."""
        if not hasattr(self, "_trusting"):
            self._trusting = trusting(self.authority)
        return ask(self.place, method, path, body, headers, self._trusting)

    def put(self, bundles: Sequence[Signed], name: str = "") -> Said:
        body = pack(bundles)
        return self.ask("PUT", f"/v1/batches/{name or sha256(body).hexdigest()}", body)

    def order(self, name: str, **fields: Any) -> Any:
        return carry_out(self.home, name, **fields)

    def code(self, site: str, station: str, **more: Any) -> Code:
        """A fresh code for a PC."""
        return code_in(self.order("station code", site=site, station=station, **more)["codes"][0]["code"])

    def enrol(self, code: Code, key: Key, changes: Mapping[str, str] = NONE) -> Said:
        return self.ask("POST", "/v1/enrol", enrolment(code, key, changes))

    def join(self, site: str, station: str, key: Key | None = None) -> Key:
        """A PC that has joined."""
        key = key or Key.make()
        assert self.enrol(self.code(site, station), key).status == 200
        return key

    def join_all(self, world: World) -> None:
        for site, station, key in world.keys:
            self.join(site, station, key)


def enrolment(code: Code, key: Key, changes: Mapping[str, str] = NONE) -> bytes:
    """The body by which a PC joins."""
    public, nonce = key.public.hex(), secrets.token_hex(32)
    asked = {"code": code.find, "public": public, "nonce": nonce, "mac": asks(code, public, nonce)}
    return json.dumps({**asked, **changes}).encode()


def welcomed(code: Code, key: Key, body: bytes, said: Said) -> bool:
    """Whether the answer proves that the other side knows the code."""
    nonce = json.loads(body)["nonce"]
    return bool(said.told["mac"] == welcomes(code, key.public.hex(), nonce, said.told["answer"]))


def ask(
    place: tuple[str, int], method: str, path: str, body: bytes | None = None,
    headers: Mapping[str, str] | None = None, context: ssl.SSLContext | None = None,
) -> Said:  # fmt: skip
    """One request on a connection of its own; plain http without a context."""
    line: http.client.HTTPConnection
    if context is None:
        line = http.client.HTTPConnection(*place, timeout=60)
    else:
        line = http.client.HTTPSConnection(*place, timeout=60, context=context)
    try:
        line.request(method, path, body, dict(headers or {}))
        answer = line.getresponse()
        return Said(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        line.close()


def nobody() -> ssl.SSLContext:
    """Trusts whoever answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def shaken(place: tuple[str, int], *said: bytes) -> ssl.SSLSocket:
    """A TLS connection on which this was said and no more."""
    line = nobody().wrap_socket(socket.create_connection(place, 30))
    for piece in said:
        line.sendall(piece)
    return line


def small_world(seed: int, **more: Any) -> World:
    """Honest bundles until yesterday."""
    return World(seed, **{"sites": 1, "stations": 1, "days": 10, "last": YESTERDAY, "troubles": CALM, **more})


@contextmanager
def serving(home: Path, *options: str, **environment: str) -> Iterator[Collector]:
    """A province that serves until the end of the test, and then ends cleanly."""
    collector = Collector(home, environment, options)
    collector.start()
    try:
        yield collector
    finally:
        if collector.process.poll() is None:
            assert collector.stop() == 0, collector.said()
    assert "Traceback" not in Path(collector.log.name).read_text(encoding="utf-8")
