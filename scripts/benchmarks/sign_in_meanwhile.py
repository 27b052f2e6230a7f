"""What a sign-in waits for when the store has long work: a year report, a copy, a fold; each beside an idle run."""

import statistics
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sqlite_utils import Database

from kiosk.content.library import Library
from kiosk.rules import effects as do
from kiosk.rules import events as ev
from kiosk.service.__main__ import Service
from kiosk.service.parts import reports_of
from kiosk.store import copies, facts, usage
from kiosk.store.folding import Kept, fold
from scripts.benchmarks import in_process
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.sign_in import ANSWERS
from scripts.benchmarks.stage import say

SIGN_INS, PAUSE = 300, 0.005
YEARS, A_DAY = 5, 40
BUDGET = 50


def measure() -> list[Figure]:
    """Each figure is what ninety-nine of a hundred sign-ins stay below, from order to commit, by recorder and store."""
    with in_process.service() as service:
        say(f"{YEARS} years of a busy PC")
        today = service.clock.read().local.date()
        service.store.run(_fill, today)
        reports = reports_of(service.store, service.site, service.policy, service.clock, Library.of_folders())
        works: dict[str, Callable[[], object]] = {
            "nothing": lambda: time.sleep(0.01),
            "a year report": lambda: reports.make(f"{today.year - 1}"),
            "a copy": lambda: service.keeper.copy(service.clock.read()),
            "a fold": lambda: _fold(service),
        }
        found = {name: _meanwhile(service, name, work) for name, work in works.items()}
        [newest, *_older] = copies.listed(copies.folder_of(service.store.path))
        size = newest.path.stat().st_size // 1_000_000
    idle = _p99(found["nothing"][0])
    figures = [Figure("sign-in p99 while idle", idle, "ms", BUDGET, samples=found["nothing"][0])]
    for name, (times, rounds) in list(found.items())[1:]:
        note = f"{rounds} times meanwhile; {_p99(times) / idle:.1f} × the idle run; the store is of {size} MB"
        figures.append(Figure(f"sign-in p99 during {name}", _p99(times), "ms", BUDGET, samples=times, note=note))
    return figures


def _meanwhile(service: Service, name: str, work: Callable[[], object]) -> tuple[list[float], int]:
    """Times of sign-ins in ms while `work` runs without pause in another thread, and how often it was done."""
    say(f"{SIGN_INS} sign-ins during {name}")
    stop, rounds, failed = threading.Event(), 0, list[BaseException]()

    def again() -> None:
        nonlocal rounds
        try:
            while not stop.is_set():
                work()
                rounds += 1
        except BaseException as error:  # told by the thread that measures
            failed.append(error)

    worker = threading.Thread(target=again)
    worker.start()
    times = list[float]()
    try:
        while len(times) < SIGN_INS or not (rounds or failed):
            times.append(_sign_in(service, len(times)))
            time.sleep(PAUSE)
    finally:
        stop.set()
        worker.join()
    if failed:
        raise failed[0]
    return times, rounds


def _sign_in(service: Service, number: int) -> float:
    now = service.clock.read()
    start = time.perf_counter()
    service.recorder.start(do.RecordStart(f"bench{number}", "citizen", ANSWERS, ev.Prefs(), 3600.0), now)
    taken = (time.perf_counter() - start) * 1000
    service.recorder.live = None
    service.store.run(lambda db: db.execute("DELETE FROM live"))
    return taken


def _fill(db: Database, today: date) -> None:
    """Days of a PC that is never free, with opened guides and the last year's single sessions."""
    random = Random(1)
    facts.put(db, "first_use", "2020-01-01")
    for back in range(YEARS * 365, 0, -1):
        day = (today - timedelta(days=back)).isoformat()
        counts = {"visits": A_DAY, "minutes": 40 * A_DAY, "seconds": 2_400 * A_DAY, "end:time_up": A_DAY}
        counts |= {"open_seconds": 28_800, "internet_seconds": 28_000, "planned_minutes": 480, "boots": 1}
        usage.add(db, day, counts)
        usage.opened(db, day, {f"guide{random.randrange(300)}": 2 for _item in range(40)})
        if back < 396:
            _visits(db, day)


def _visits(db: Database, day: str) -> None:
    db.conn.executemany(
        """INSERT INTO sessions (day, hour, station, seconds, extensions, reason, entry, visit, trusted)
            VALUES (?, ?, '01', 2400, 0, 'time_up', 'citizen', 1, 1)""",
        [(day, 8 + number % 9) for number in range(A_DAY)],
    )


def _month(db: Database) -> None:
    for day in range(1, 29):
        _visits(db, f"2020-01-{day:02}")


def _fold(service: Service) -> None:
    """Rows of long ago, put there and folded away again."""
    service.store.run(lambda db: _month(db))
    fold(service.store, service.clock.read(), Kept(13, 50, 12))


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[98]
