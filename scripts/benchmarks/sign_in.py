"""What a sign-in costs: syncs of the running service, statements and time of its own transaction beside a bare one."""

import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.rules import effects as do
from kiosk.rules import events as ev
from kiosk.rules.answers import Answers
from kiosk.service.__main__ import Service
from kiosk.store.connection import PRAGMAS
from scripts.benchmarks import in_process, syncs
from scripts.benchmarks.figures import Figure, largest, median
from scripts.benchmarks.stage import folder, say, station
from tests.running import ANSWERED, LAST_KEY

SIGN_INS, COMMITS = 5, 200
ANSWERS = Answers.from_codes(["FST_Y", "SEX_F", "AGE_31_59", "GRP_POOR", "GRP_ETHMIN"])
LIBKI = "Libki: 58 statements, 8 fsync, 67 ms"


def measure() -> list[Figure]:
    """By keyboard on a real station; then the service's own code in this process, beside a bare commit."""
    return [*_syncs(), *_statements(), *_times()]


def _syncs() -> list[Figure]:
    seen = list[float]()
    with station() as running, folder() as place:
        for number in range(SIGN_INS):
            say(f"sign-in {number + 1} of {SIGN_INS} under strace")
            running.begin()
            running.key(*ANSWERED)
            with syncs.watched(running.pids("service")[-1], place / f"trace{number}") as found:
                start = time.time()
                running.key(LAST_KEY)
                running.wait_state("open")
                seen.append(found.between(start, time.time()))
                # The control: an end does write, so an empty trace would be strace's fault.
                running.end_session()
                if found.between(start, time.time()) <= seen[-1]:
                    raise RuntimeError("strace saw no sync at the end of a session")
    note = "from the last key to the open session, all threads of the service"
    return [median("sign-in: fsyncs", seen, "fsyncs", 1, known=LIBKI, note=note)]


def _statements() -> list[Figure]:
    with in_process.service() as service, in_process.statements(service.store) as seen:
        refused = service.station.happen(ev.SignIn(service.station.new_session_id(), ANSWERS))
        if refused or not any("INTO live" in one for one in seen):
            raise RuntimeError(f"the sign-in was refused: {refused}")
        count = len(seen)
    return [Figure("sign-in: statements", count, "statements", 10, note="BEGIN and COMMIT counted")]


def _times() -> list[Figure]:
    say(f"{COMMITS} sign-in transactions, each beside a bare commit")
    ours, bare = list[float](), list[float]()
    with in_process.service() as service:
        commit = _bare_commit(service.paths.home / "bare.db", _row(service))
        for number in range(COMMITS):
            # Which goes first changes, so that neither profits from what the other left.
            for kept, work in ((ours, _sign_in(service, number)), (bare, commit))[:: 1 if number % 2 else -1]:
                start = time.perf_counter()
                work()
                kept.append((time.perf_counter() - start) * 1000)
            service.recorder.live = None
            service.store.run(lambda db: db.execute("DELETE FROM live"))
    ratio = statistics.median(ours) / statistics.median(bare)
    note = "recorder and store thread as in the service; the bare one: BEGIN, INSERT of the same row, COMMIT"
    return [
        median("sign-in: time", ours, "ms", known="Libki 67 ms"),
        median("bare SQLite commit, same PRAGMAs", bare, "ms"),
        Figure("sign-in ÷ bare commit", ratio, "×", 1.5, note=note),
        largest("sign-in: slowest", ours, "ms", 50),
    ]


def _sign_in(service: Service, number: int) -> Callable[[], object]:
    now = service.clock.read()
    effect = do.RecordStart(f"bench{number}", "citizen", ANSWERS, ev.Prefs(), 3600.0)
    return lambda: service.recorder.start(effect, now)


def _row(service: Service) -> tuple[object, ...]:
    """What a sign-in writes, as a row."""
    _sign_in(service, -1)()
    row: tuple[object, ...] = service.store.run(lambda db: db.execute("SELECT * FROM live").fetchone())
    service.recorder.live = None
    service.store.run(lambda db: db.execute("DELETE FROM live"))
    return row


def _bare_commit(path: Path, row: tuple[object, ...]) -> Callable[[], None]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute(f"CREATE TABLE live ({', '.join(f'c{place}' for place in range(len(row)))})")
    insert = f"INSERT INTO live VALUES ({', '.join('?' * len(row))})"

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(insert, row)
        connection.execute("COMMIT")

    return commit
