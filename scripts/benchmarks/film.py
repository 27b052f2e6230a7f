"""A film of 500 MB through the menu: the first byte, and the memory of the service while four people watch.

Two watch as players do: a range "to the end", answered with a stretch, then the next. Two download, which is the worst:
the whole file at once.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from kiosk.content.imports import add
from kiosk.content.shelves import Shelves
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.stage import say
from scripts.benchmarks.zim_pages import SERVE, rss
from tests.pack_support import ROOT, pack

SIZE, READERS, ASKED = 500 << 20, 4, 40
BUDGET_FIRST, BUDGET_GROWN = 20, 10
PLACE = "/inside/film/film/film.webm"


def measure() -> list[Figure]:
    """ms to the first byte, of a film nobody watches and of one that is watched; MB that the service grew."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        with _station(folder) as (pid, port):
            alone = [_first_byte(port, place, seek=False) for place in range(ASKED)]
            seeking = [_first_byte(port, place, seek=True) for place in range(ASKED)]
            before, most, watched = rss(pid), 0.0, list[float]()
            begun, taken = time.perf_counter(), [0] * READERS
            readers = [threading.Thread(target=_watch, args=(port, place, taken)) for place in range(READERS)]
            for one in readers:
                one.start()
            while any(one.is_alive() for one in readers):
                most = max(most, rss(pid))
                watched.append(_first_byte(port, len(watched), seek=True))
                time.sleep(0.05)
            seconds = time.perf_counter() - begun
            after = rss(pid)
        rate = sum(taken) / seconds / 1e6
        say(f"{READERS} readers, {rate:.0f} MB/s; RSS {before:.0f}, {most:.0f}, {after:.0f}")
    note = f"RSS before {before:.0f}, at most {most:.0f}, after {after:.0f} MB while {sum(taken) / 1e6:.0f} MB went out"
    return [
        median("film of 500 MB: first byte", alone, "ms", BUDGET_FIRST, note="a new connection, bytes=0-"),
        median("film of 500 MB: first byte after a jump", seeking, "ms", BUDGET_FIRST, note="somewhere in the film"),
        median("film of 500 MB: first byte while 4 watch", watched, "ms", BUDGET_FIRST, note=f"at {rate:.0f} MB/s"),
        Figure("film of 500 MB: memory grown by 4 readers", max(most, after) - before, "MB", BUDGET_GROWN, note=note),
    ]


@contextmanager
def _station(folder: Path) -> Iterator[tuple[int, int]]:
    """The menu in a process of its own, with the film in its library: its pid and port."""
    home = pack(folder / "film", 'id = "film"\n[[item]]\ntitle = "Phim"\nfile = "film.webm"\ntheme = "edu"\n', {})
    with open(home / "film.webm", "wb") as file:
        file.write(b"\x1a\x45\xdf\xa3")
        for _ in range(SIZE >> 20):
            file.write(os.urandom(1 << 20))
    begun = time.perf_counter()
    add(Shelves(folder / "content"), home, "2026-11-20")
    say(f"imported in {time.perf_counter() - begun:.1f} s")
    (home / "film.webm").unlink()
    command = [sys.executable, "-c", SERVE, str(folder), str(ROOT), str(ROOT / "tests")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    try:
        port = int(process.stdout.readline())
        _first_byte(port, 0, seek=False)
        yield process.pid, port
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def _first_byte(port: int, place: int, seek: bool) -> float:
    """Milliseconds from the connection to the first byte of the film."""
    begin = (place * 7_919 % (SIZE >> 20)) << 20 if seek else 0
    begun = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        asked = f"GET {PLACE} HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes={begin}-\r\nSec-Fetch-Dest: video\r\n\r\n"
        line.sendall(asked.encode())
        got = b""
        while b"\r\n\r\n" not in got or got.endswith(b"\r\n\r\n"):
            piece = line.recv(65_536)
            assert piece, got[:200]
            got += piece
        taken = (time.perf_counter() - begun) * 1000
        assert b" 206 " in got[:20], got[:200]
    return taken


def _watch(port: int, reader: int, taken: list[int]) -> None:
    """Read the whole film: two of four as players do, a stretch at a time; two as a download."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Sec-Fetch-Dest": "video"} if reader % 2 else {}
    while taken[reader] < SIZE:
        line.request("GET", PLACE, headers={**headers, "Range": f"bytes={taken[reader]}-"})
        answer = line.getresponse()
        assert answer.status == 206, answer.status
        while piece := answer.read(1 << 18):
            taken[reader] += len(piece)
    line.close()
