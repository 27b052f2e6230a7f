"""The forty days of the small province: three sites, two PCs each, and all that happens to them meanwhile.

TH-001 and TH-002 send over HTTPS, TH-003 has no network: it joins by a stick, and gives it to the
province each week. In these days the server is killed again and again, so are the PCs while they send; a PC is away for
three weeks, one is re-imaged, one comes to remember an event weeks later, a file on the stick is spoiled, and the
province's disk is replaced by its backup of some days before. `Province.plan` knows only what people did.
"""

import random
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from kiosk.clock import LOCAL
from tests.small_province import PC, Plan, Server, days_before, kiosk

SEED = 20261123
DAYS = 40
ONLINE, BY_STICK = ("TH-001", "TH-002"), "TH-003"
AWAY = ("TH-002", "02")  # from day 8 to day 28
REIMAGED, REIMAGED_ON = ("TH-001", "02"), 17
LATE = ("TH-001", "01")  # on day 30 somebody remembers an event of day 12
BACKUP_ON, LOST_ON = 20, 25


@contextmanager
def killer(server: Server, draw: random.Random) -> Iterator[None]:
    """The server dies every few seconds, at no moment in particular."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(draw.uniform(4, 12)):
            server.kill()

    thread = threading.Thread(target=run, name="killer")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Province:
    """All of it, and what happens to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.plan, self.draw = folder, Plan(SEED), random.Random(SEED + 1)
        self.days = days_before(datetime.now(LOCAL).date(), DAYS)
        self.server = Server(folder / "province")
        self.pcs: dict[tuple[str, str], PC] = {}
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.stick.chmod(0o777)  # as a stick is that was plugged in
        self.ingested: Counter[str] = Counter()
        self.trouble: list[BaseException] = []

    def begin(self) -> None:
        """The server serves, and every PC has joined."""
        self.server.start()
        for site in (*ONLINE, BY_STICK):
            for station in ("01", "02"):
                self.install(site, station, self.days[0])

    def install(self, site: str, station: str, day: date) -> None:
        """A PC with an empty disk joins by a code on paper."""
        home = self.folder / f"{site}-{station}-{day}"
        pc = self.pcs[site, station] = PC(home, site, station, f"{day} 07:00")
        with self.server.safe():
            code = kiosk("province", "station", "code", site, station, "--home", self.server.home)
            if site != BY_STICK:
                kiosk("enrol", self.server.url, code["codes"][0]["code"], home=home)
            else:
                kiosk("enrol", self.stick, code["codes"][0]["code"], home=home, good=(1,))  # the question is on its way
                assert kiosk("province", "ingest", self.stick, "--home", self.server.home)["joined"] == 1
                kiosk("enrol", self.stick, code["codes"][0]["code"], home=home)
        assert pc.home.joinpath("enrolment").is_dir()

    def live(self, site: str, number: int) -> None:
        """A day at a site, and its night."""
        day = self.days[number]
        for station in ("01", "02"):
            pc = self.pcs[site, station]
            for visit in self.plan.visits(site, station, day):
                assert "error" not in pc.tell(**visit)
            away = (site, station) == AWAY and 8 <= number < 28
            if site == BY_STICK:
                pc.tell("night", f"{day} 23:40", send=False)
            else:
                hit = self.draw.random() < 0.15
                pc.tell("night", f"{day} 23:40", self.draw.uniform(0.1, 2.5) if hit else None, send=not away)
        if site == BY_STICK and number % 7 == 6:
            self.carry(day, spoil=number == 13)

    def carry(self, day: date, spoil: bool = False) -> None:
        """The stick goes round the PCs, to the province, and next week comes back with its receipts."""
        for station in ("01", "02"):
            told = self.pcs[BY_STICK, station].tell("stick", f"{day} 23:50", to=str(self.stick))
            assert told["done"]["written"] or not told["done"]["waiting"], told
        if spoil:
            hurt = sorted(self.stick.glob("*.jsonl.gz"))[3]
            hurt.write_bytes(hurt.read_bytes()[:-9])
        with self.server.safe():
            self.ingested.update(kiosk("province", "ingest", self.stick, "--home", self.server.home))

    def lose_the_disk(self) -> None:
        """The province's home is gone; its backup of some days before takes its place."""
        with self.server.safe():
            self.server.end(signal.SIGTERM)
            shutil.move(self.server.home, self.folder / "lost")
            kiosk("province", "restore", self.backup, "--home", self.server.home)
            self.server.start()

    def go_on(self) -> None:
        """The forty days."""
        for number in range(DAYS):
            if number == REIMAGED_ON:
                self.pcs[REIMAGED].switch_off()
                self.plan.forget_answers(*REIMAGED, self.days[number])
                self.install(*REIMAGED, self.days[number])
            if number == BACKUP_ON:
                with self.server.safe():
                    told = kiosk("province", "backup", "--to", self.folder / "backups", "--home", self.server.home)
                self.backup = told["path"]
            if number == LOST_ON:
                self.lose_the_disk()
            if number == 30:
                self.plan.wrote_down(*LATE, self.days[12], 47)
                at = f"{self.days[30]} 07:20"
                assert "error" not in self.pcs[LATE].tell("write_down", at, day=str(self.days[12]), people=47)
            threads = [threading.Thread(target=self._live, args=(site, number)) for site in (*ONLINE, BY_STICK)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if self.trouble:
                raise self.trouble[0]

    def _live(self, site: str, number: int) -> None:
        try:
            self.live(site, number)
        except BaseException as error:  # told where the test waits
            self.trouble.append(error)

    def settle(self) -> None:
        """All nights of a quiet week, so that what waits comes in."""
        last = self.days[-1]
        for (site, _station), pc in self.pcs.items():
            if site != BY_STICK:
                answer = pc.tell("night", f"{last} 23:58", send=True)
                assert answer["done"]["waiting_bundles"] == 0, answer
        for _round in range(2):  # the second time it brings the receipts back
            self.carry(last)
        for station in ("01", "02"):
            told = self.pcs[BY_STICK, station].tell("stick", f"{last} 23:50", to=str(self.stick))["done"]
            assert told["waiting"] == 0, told

    def close(self) -> None:
        """Nothing runs any more."""
        for pc in self.pcs.values():
            pc.switch_off()
        self.server.close()
