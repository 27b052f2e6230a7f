"""Reading one ZIM archive (128 KiB clusters) through the station, beside Debian's kiwix-serve on the same file.

Both are asked the same pages in the same order over kept connections by the same reader. The archive is made here from
the shipped guides and, where it lies beside the checkout, the shared sample; kiwix-serve is measured where it is there.
"""

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from kiosk.content.imports import add
from kiosk.content.shelves import Shelves
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import say
from tests.pack_support import ROOT, corpus, pack
from tests.viewer_support import archive

PAGES, ASKED, READERS, SEED = 6_000, 3_000, 2, 20_261_120
BUDGET_RSS = 80


def measure() -> list[Figure]:
    """Pages a second, and how much the station grew while it read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dice = random.Random(SEED)
        texts = [one.text for one in corpus(PAGES, SEED)]
        archive(folder / "big.zim", PAGES, fillers=texts)
        say(f"{PAGES} pages, {(folder / 'big.zim').stat().st_size / 1e6:.0f} MB, {ASKED} asked by {READERS} readers")
        asked = [f"A/page_{dice.randrange(1, PAGES)}" for _ in range(ASKED)]
        with _station(folder) as (pid, port):
            _rate(port, "/inside/zim/big/", asked[:50])
            before, begun = rss(pid), seconds(pid)
            rate = _rate(port, "/inside/zim/big/", asked)
            grown, ours = rss(pid) - before, 1000 * (seconds(pid) - begun) / ASKED
        figures = [Figure("zim: memory grown while reading", grown, "MB", BUDGET_RSS, note="RSS of the process")]
        if shutil.which("kiwix-serve") is None:
            return [Figure("zim: pages a second", rate, "/s", note="kiwix-serve is not installed here"), *figures]
        with _kiwix(folder / "big.zim") as (pid, port):
            _rate(port, KIWIX, asked[:50])
            begun = seconds(pid)
            other = _rate(port, KIWIX, asked)
            theirs = 1000 * (seconds(pid) - begun) / ASKED
        known = f"kiwix-serve {other:.0f} pages/s, ours {rate:.0f}"
        figures.append(Figure("zim: processor's time of a page", ours, "ms", known=f"kiwix-serve {theirs:.2f} ms"))
        note = "time of a page divided by kiwix-serve's; the same pages of the same file, in this run"
        return [Figure("zim: a page, against kiwix-serve", other / rate, "×", 1, known=known, note=note), *figures]


SERVE = """
import sys; from pathlib import Path
sys.path[:0] = sys.argv[2:]
from web_faces import Station
from kiosk.content.library import Library; from kiosk.service.menu import THREADS, create_menu
from kiosk.web.server import serve
server = serve(create_menu(Station(), Library(Path(sys.argv[1]) / "content")), "127.0.0.1:0", "menu", THREADS)
server.start(); print(server.address[1], flush=True); sys.stdin.read()
"""
KIWIX = "/big/"  # libkiwix 11, of Debian 12; later ones send it on to /content/big/


@contextmanager
def _station(folder: Path) -> Iterator[tuple[int, int]]:
    """The menu in a process of its own: its pid and port."""
    home = pack(folder / "zim", 'id = "zim"\n[[item]]\ntitle = "Big"\nfile = "big.zim"\ntheme = "edu"\n', {})
    (folder / "big.zim").rename(home / "big.zim")
    add(Shelves(folder / "content"), home, "2026-11-20")
    (home / "big.zim").rename(folder / "big.zim")
    command = [sys.executable, "-c", SERVE, str(folder), str(ROOT), str(ROOT / "tests")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    try:
        yield process.pid, int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@contextmanager
def _kiwix(file: Path) -> Iterator[tuple[int, int]]:
    """kiwix-serve with its usual four threads, on loopback: its pid and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["kiwix-serve", "--port", str(port), "--address", "127.0.0.1", "--threads", "4", str(file)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(10)


def _rate(port: int, prefix: str, asked: Sequence[str]) -> float:
    """Pages a second, by READERS that ask one page after the other."""
    shares = [asked[place::READERS] for place in range(READERS)]
    wrong: list[str] = []
    threads = [threading.Thread(target=_read, args=(port, prefix, share, wrong)) for share in shares]
    begun = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong, wrong[:3]
    return len(asked) / (time.perf_counter() - begun)


def _read(port: int, prefix: str, places: Sequence[str], wrong: list[str]) -> None:
    """One reader. It keeps its connection as long as the server does: kiwix-serve closes it after each page."""
    connection, file = _connected(port)
    for place in places:
        connection.sendall(f"GET {prefix}{place} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        status, length, closing = file.readline(), -1, False
        while (line := file.readline()) not in (b"\r\n", b""):
            name, _colon, value = line.lower().partition(b":")
            if name == b"content-length":
                length = int(value)
            closing = closing or (name == b"connection" and b"close" in value)
        body = file.read(length) if length >= 0 else b""
        if b" 200 " not in status or place.rpartition("_")[2].encode() not in body:
            wrong.append(f"{place}: {status!r} {length}")
            break
        if closing:
            file.close()
            connection.close()
            connection, file = _connected(port)
    file.close()
    connection.close()


def _connected(port: int) -> tuple[socket.socket, BufferedReader]:
    connection = socket.create_connection(("127.0.0.1", port), 20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection, connection.makefile("rb")


def rss(pid: int) -> float:
    """MB of memory that a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def seconds(pid: int) -> float:
    """How long a process has had the processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
