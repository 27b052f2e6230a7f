"""The board's first page and some others over a generated nation: the real process, asked as a browser asks."""

import http.cookiejar
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path

from kiosk.province import home as homes
from kiosk.province.memory.ledger import Ledger
from kiosk.province.register.keeping import Deed, keep
from kiosk.province.register.register import read
from scripts.benchmarks import board_stage, proc
from scripts.benchmarks.board_stage import NATION
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.stage import folder, say

SECONDS, BYTES, RUNS = 0.5, 150_000, 15
WITHIN = 300.0  # seconds in which figures are there, on the slowest machine
OTHERS = ("/grid", "/silent", "/units", "/trends", "/sites/S-00001")


class Reader:
    """A browser that is signed in as the first officer."""

    def __init__(self, url: str, code: str) -> None:
        self._url = url.rstrip("/")
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )
        told = {"code": code, "name": "Lan", "password": "mot cau de nho", "again": "mot cau de nho"}
        self.ask("/begin", urllib.parse.urlencode(told).encode())

    def ask(self, address: str, form: bytes | None = None) -> tuple[float, bytes, bool]:
        """Seconds, bytes, and whether it says that figures are being reckoned."""
        asked = urllib.request.Request(self._url + address, form, {"Origin": self._url})
        begun = time.perf_counter()
        with self._opener.open(asked, timeout=60) as answer:
            body = bytes(answer.read())
            return time.perf_counter() - begun, body, "Refresh" in answer.headers

    def whole(self, address: str) -> float:
        """Seconds until a page has its figures."""
        begun = time.perf_counter()
        while self.ask(address)[2]:
            if time.perf_counter() - begun > WITHIN:
                raise RuntimeError(f"{address} has no figures after {WITHIN} s")
            time.sleep(0.2)
        return time.perf_counter() - begun


def measure() -> list[Figure]:
    """The first page at once after the start, and when its figures are there; then others; then the memory."""
    with folder() as place, _board(place) as (reader, pid):
        early, first, _busy = reader.ask("/")
        say(f"after {reader.whole('/'):.1f} s the first page has its figures")
        times, page = [], b""
        for _run in range(RUNS):
            seconds, page, _busy = reader.ask("/")
            times.append(seconds)
        note = f"{len(NATION.sites)} sites; HTML as sent, not compressed"
        found = [
            Figure("board's first page right after the start", early, "s", SECONDS, note=f"{len(first)} bytes"),
            median("board's first page, with its figures", times, "s", SECONDS, note=note),
            Figure("board's first page", len(page), "bytes", BYTES, note=_linked(reader, page)),
        ]
        for address in OTHERS:
            found += _other(reader, address)
        return [*found, Figure("memory of the board, a nation", proc.pss(pid), "MB")]


def _other(reader: Reader, address: str) -> list[Figure]:
    waited = reader.whole(address)
    answers = [reader.ask(address) for _run in range(5)]
    note = f"{len(answers[-1][1])} bytes; the first time after {waited:.1f} s"
    return [median(f"board's page {address}", [one[0] for one in answers], "s", note=note)]


def _linked(reader: Reader, page: bytes) -> str:
    linked = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode())))
    return f"{len(linked)} files besides, {sum(len(reader.ask(one)[1]) for one in linked)} bytes, kept by the browser"


@contextmanager
def _board(place: Path) -> Iterator[tuple[Reader, int]]:
    """`kiosk province board` over a home with the nation's register and lake; its process."""
    home = homes.init(place / "home", "Cả nước", ["https://127.0.0.1:8443"], datetime.now(timezone.utc))
    with closing(Ledger(home)) as ledger, ledger.writing() as db:
        deed = Deed(datetime(2025, 1, 3, tzinfo=timezone.utc), "bench", "sites import", "nation", "bench")
        keep(db, read(db), board_stage.register_of(NATION), deed)
    with board_stage.lake(NATION) as lake:
        home.lake.rmdir()
        home.lake.symlink_to(lake.edition.path.parent.parent)
        command = [sys.executable, "-m", "kiosk", "province", "board", "--home", str(home.path),
                   "--listen", "127.0.0.1:0", "--json"]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ})
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            yield Reader(ready["url"], ready["code"]), process.pid
        finally:
            process.terminate()
            process.communicate(timeout=30)
