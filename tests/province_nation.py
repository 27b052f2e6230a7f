"""A nation's month of bundles, made once and kept: 1,900 sites, 12,000 PCs, a body of every PC's days as it is sent.

    folder = nation(days=30)                    # made where it is not there yet, some minutes; FOLDER_SIZE on the disk
    for line in stations(folder): line.body(folder), line.last_night(folder)

It is kept outside the checkout (KIOSK_BENCH_CACHE, else /var/tmp/kiosk-bench) under a name that changes with what two
PCs of it send. 400 libraries of provinces and districts have 30, 10 or 9 PCs, 1,500 of communes and posts 5.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from kiosk.export.batch import pack
from tests.province_world import CALM, Station, pc_of

SEED = 1_900
LAST = date(2026, 11, 21)
# As many PCs as a site has: 40 libraries of provinces, 60 and 300 of districts, 1,500 of communes and posts.
SITES = (30,) * 40 + (10,) * 60 + (9,) * 300 + (5,) * 1_500


@dataclass(frozen=True)
class Sender:
    """One PC: its public key, where its body lies in the file, where each bundle begins in it, visits by day."""

    site: str
    station: str
    public: str
    at: int
    begins: tuple[int, ...]
    length: int
    visits: tuple[int, ...]
    seconds: tuple[int, ...]

    def body(self, folder: Path) -> bytes:
        """All its days, the oldest first."""
        return self._bytes(folder, 0)

    def last_night(self, folder: Path) -> bytes:
        """The last of them alone."""
        return self._bytes(folder, self.begins[-1])

    def _bytes(self, folder: Path, start: int) -> bytes:
        with open(folder / "bodies", "rb") as file:
            file.seek(self.at + start)
            return file.read(self.length - start)


def nation(days: int = 30, sites: tuple[int, ...] = SITES) -> Path:
    """The folder of it, made by as many processes as there are cores where it is not there yet."""
    place = Path(os.environ.get("KIOSK_BENCH_CACHE", "/var/tmp/kiosk-bench"))
    sample = b"".join(body for number in (1, len(sites)) for _sender, body in _site((number, 1, days)))
    code = sha256(sample + repr((days, sites)).encode())
    folder = place / f"nation-{sum(sites)}x{days}-{code.hexdigest()[:12]}"
    if folder.exists():
        return folder
    place.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix="making-", dir=place))
    try:
        _make(beside, days, sites)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def stations(folder: Path) -> Iterator[Sender]:
    """Who sends, in the order of the sites."""
    with open(folder / "senders.jsonl", encoding="utf-8") as file:
        for line in file:
            fields = json.loads(line)
            lists = {name: tuple(fields[name]) for name in ("begins", "visits", "seconds")}
            yield Sender(**{**fields, **lists})


def _make(folder: Path, days: int, sites: tuple[int, ...]) -> None:
    work = [(site, size, days) for site, size in enumerate(sites, 1)]
    with (
        open(folder / "bodies", "wb") as bodies,
        open(folder / "senders.jsonl", "w", encoding="utf-8") as senders,
        ProcessPoolExecutor() as pool,
    ):
        for made in pool.map(_site, work, chunksize=8):
            for sender, body in made:
                line = {**asdict(sender), "at": bodies.tell()}
                bodies.write(body)
                senders.write(json.dumps(line, separators=(",", ":")) + "\n")


def _site(work: tuple[int, int, int]) -> list[tuple[Sender, bytes]]:
    number, size, days = work
    first = date.fromordinal(LAST.toordinal() - days + 1)
    return [_sender(Station(SEED, pc_of(SEED, number, one), CALM), first, days) for one in range(1, size + 1)]


def _sender(station: Station, first: date, days: int) -> tuple[Sender, bytes]:
    made = [one for today in station.days(first, days) for one in today]
    parts = [pack([one.signed]) for one in made]
    lengths = [len(part) for part in parts]
    begins = tuple(sum(lengths[:number]) for number in range(len(lengths)))
    key, totals = station.keys[0], [one.lines[0] for one in made]
    visits, seconds = (tuple(line[name] for line in totals) for name in ("visits", "seconds"))
    sender = Sender(station.pc.site, station.pc.station, key.public.hex(), 0, begins, sum(lengths), visits, seconds)
    return sender, b"".join(parts)
