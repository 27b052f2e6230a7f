"""A province to measure: its home with the keys of a nation's PCs, the server as a process, and who sends to it."""

import http.client
import json
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue

from kiosk.export.signing import key_id
from kiosk.province import home as homes
from kiosk.province.home import Home
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import add_key, seconds, station_number
from tests.province_nation import Sender

LINES = 8  # connections of the load; the PCs of a nation come one after the other over them
Body = Callable[[], bytes]


def new_home(place: Path, senders: Sequence[Sender]) -> Home:
    """An empty home at which all of them are enrolled."""
    now = datetime.now(timezone.utc)
    home = homes.init(place, "Tỉnh thử", ["https://127.0.0.1:8443"], now)
    ledger = Ledger(home)
    with ledger.writing() as db:
        for one in senders:
            public = bytes.fromhex(one.public)
            add_key(db, key_id(public), public, station_number(db, one.site, one.station, seconds(now)), seconds(now))
    ledger.close()
    return home


@dataclass
class Serving:
    """`kiosk province serve` as a process."""

    home: Home
    process: "subprocess.Popen[str]"
    log: Path
    place: tuple[str, int] = ("127.0.0.1", 0)

    def peak(self) -> float:
        """The most memory that it has had so far: MB (10^6) of resident pages."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM:")) * 1024 / 1e6

    def lake_peak(self) -> int:
        """The most MB that a build of the lake said it has had; the last one may still be about to say it."""
        ends = time.perf_counter() + 30
        while "lake: edition" not in self.log.read_text() and time.perf_counter() < ends:
            time.sleep(0.2)
        time.sleep(1.0)
        found = [line.rsplit(",", 1)[1] for line in self.log.read_text().splitlines() if "lake: edition" in line]
        return max((int(text.split()[0]) for text in found), default=0)


@contextmanager
def serving(home: Home) -> Iterator[Serving]:
    """While it lasts the province serves as it does for its stations, on a free port."""
    log = home.path.with_suffix(".log")
    command = [sys.executable, "-P", "-m", "kiosk", "province", "serve", "--home", str(home.path), "--json",
               "--listen", "127.0.0.1:0"]  # fmt: skip
    with open(log, "w", encoding="utf-8") as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True, env={**os.environ})
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the province does not serve: {log.read_text()[-300:]}")
        yield Serving(home, process, log, ("127.0.0.1", int(json.loads(line)["port"])))
    finally:
        process.terminate()
        process.wait(60)
        if process.stdout is not None:
            process.stdout.close()


@dataclass
class Load:
    """Bodies on their way: `seconds` until the last was answered, `bundles` receipted, `refused` and sent again."""

    seconds: float = 0.0
    requests: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)


def send(there: Serving, bodies: Sequence[Body], lines: int = LINES, keep: bool = True) -> Load:
    """Sends all bodies over so many connections; `keep` False: each over a connection of its own, as PCs come."""
    load, left, lock = Load(), SimpleQueue[Body](), threading.Lock()
    for body in bodies:
        left.put(body)

    def one_line() -> None:
        line = _line(there.place)
        while True:
            try:
                body = left.get_nowait()()
            except Empty:
                line.close()
                return
            try:
                while (status := _put(line, body)) in (429, 503):
                    with lock:
                        load.again += 1
                    time.sleep(0.2)
            except (OSError, http.client.HTTPException) as error:
                status, line = 0, _line(there.place)
                load.wrong.append(str(error))
            if status != 200:
                load.wrong.append(str(status))
            if not keep:
                line.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=one_line) for _line_ in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds, load.requests = time.perf_counter() - begun, len(bodies)
    if load.wrong:
        raise RuntimeError(f"{len(load.wrong)} requests failed: {load.wrong[0]}")
    return load


def _line(place: tuple[str, int]) -> http.client.HTTPSConnection:
    # Who it is was asked by other tests; here its time is measured.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(*place, timeout=120, context=context)


def _put(line: http.client.HTTPSConnection, body: bytes) -> int:
    line.request("PUT", f"/v1/batches/{sha256(body).hexdigest()}", body)
    answer = line.getresponse()
    answer.read()
    return answer.status


def published(home: Home, days: int, expected: dict[str, int], within: float) -> float:
    """Waits until the figures by site and day say the visits that are expected; when that was (perf_counter)."""
    from datetime import date, timedelta

    from kiosk.province.lake import lake
    from tests.province_nation import LAST

    ends, sums = time.perf_counter() + within, dict[str, int]()
    shown = ""
    while time.perf_counter() < ends:
        now = os.readlink(home.lake / "current") if (home.lake / "current").is_symlink() else ""
        if now != shown:
            shown, rows = now, lake.figures(home, date.fromordinal(LAST.toordinal()) - timedelta(days=days), LAST)
            at, sums = time.perf_counter(), {}
            for row in rows:
                sums[row["site"]] = sums.get(row["site"], 0) + row["visits"]
            if sums == expected:
                return at
        time.sleep(0.2)
    raise RuntimeError(f"the figures were not published in {within:.0f} s, {len(sums)} sites of {len(expected)}")
