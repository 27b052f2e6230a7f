"""Reports over five years of a busy site: a month and a year on the panel, beside the bare sum by SQL.

The day totals are made here, directly in a scratch store; no visit is played. What sign-ins wait for meanwhile is
measured in sign_in_meanwhile.py.
"""

import random
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from flask.testing import FlaskClient
from sqlite_utils import Database

from kiosk.report import Reports
from kiosk.report.xlsx import as_xlsx
from kiosk.service.__main__ import Service
from kiosk.service.month_locking import MonthLocks
from kiosk.service.panel import create_panel
from kiosk.service.parts import reports_of
from kiosk.store import facts, journal_lines, usage
from scripts.benchmarks import in_process
from scripts.benchmarks.figures import Figure, largest, median
from scripts.benchmarks.stage import say

YEARS, VISITS, RUNS, YEAR_RUNS = 5, 500_000, 30, 15
NAME, PIN = "Bench", "482915"
SAME = {"Sec-Fetch-Site": "same-origin"}
LIBKI_TIME, LIBKI_SIZE = "Libki: month 2 s, year 9–13 s", "Libki: 1.6–4.3 MB"
REASONS = ("signed_out", "time_up", "idle", "closing", "manager", "power", "fault")


def measure() -> list[Figure]:
    """Whole requests through the panel: day totals read in slices, reckoned, drawn."""
    with in_process.service() as service:
        today = service.clock.read().local.date()
        first = today - timedelta(days=365 * YEARS)
        say(f"{VISITS} visits in the day totals from {first} to {today}")
        made = service.store.run(_fill, first, today, list(service.library.themes()))
        locks = MonthLocks(service.store, service.reports)
        say(f"{locks.look()} months locked")
        idle = [_milliseconds(locks.look) for _ in range(YEAR_RUNS)]
        client = _panel(service)
        month = (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        year = str(today.year - 1)
        say(f"reports of {month} and {year}, {RUNS} and {YEAR_RUNS} times")
        months, month_bytes = _pages(client, month, RUNS)
        years, year_bytes = _pages(client, year, YEAR_RUNS)
        books = [_milliseconds(lambda: as_xlsx(service.reports.make(year), "vi")) for _ in range(YEAR_RUNS)]
        _agrees(service, year)
        bare = [_bare(service.paths.store, year) for _ in range(YEAR_RUNS)]
        slices = _slices(service, year)
    rows = f"{made} rows of day totals and opens"
    return [
        median("report of a month on the panel", months, "ms", 200, known=LIBKI_TIME, note=f"{rows}; request to page"),
        largest("report of a month: slowest", months, "ms", 200),
        median(
            "report of a year on the panel", years, "ms", 1000, known=LIBKI_TIME, note="compared with the year before"
        ),
        largest("report of a year: slowest", years, "ms", 1000),
        median("workbook of a year", books, "ms", 3000, note="in a child of a moment, which alone loads XlsxWriter"),
        median("look whether a locked month has changed", idle, "ms", note="60 months, none has; every ten minutes"),
        median("bare SQL sum of the same year", bare, "ms", note="one GROUP BY code, a connection of its own, warm"),
        Figure("report ÷ bare sum, year", statistics.median(years) / statistics.median(bare), "×"),
        Figure("report page of a month", month_bytes, "bytes", 100_000, LIBKI_SIZE, note="HTML, not compressed"),
        Figure("report page of a year", year_bytes, "bytes", 100_000, LIBKI_SIZE),
        largest(
            "longest slice of a year report",
            slices,
            "ms",
            20,
            note="on the store's thread; a sign-in goes before the next one",
        ),
    ]


def _fill(db: Database, first: date, today: date, items: list[str]) -> int:
    """Five years as a busy site would have folded them; the sums are those of VISITS visits."""
    chance = random.Random(2026)
    facts.put(db, "first_use", first.isoformat())
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    shares = Counter(chance.choices(range(len(days)), k=VISITS))
    for number, day in enumerate(days):
        name, visits = day.isoformat(), shares[number]
        ends = Counter(chance.choices(REASONS, (52, 33, 10, 2, 1, 1, 1), k=visits + 5))
        usage.plan(db, name, 480)
        usage.add(db, name, {f"end:{reason}": count for reason, count in ends.items()})
        usage.add(db, name, {"visits": visits, "too_short": 5, "seconds": visits * 1_900, "minutes": visits * 32})
        usage.add(
            db, name, {"extensions": visits // 6, "assisted": visits // 8, "boots": 1, "unclean": number % 50 == 0}
        )
        usage.add(db, name, {"open_seconds": 28_000, "internet_seconds": 26_000})
        usage.opened(db, name, Counter(chance.choices(items, k=visits // 2)))
        if number % 3 == 0:
            noon = datetime.combine(day, datetime.min.time(), timezone.utc)
            journal_lines.add(db, "class" if number % 2 else "outreach", day, {"people": 12}, NAME, noon)
    for month in sorted({day.isoformat()[:7] for day in days}):
        counts = {
            ("FST", "FST_Y"): 2_000,
            ("FST", "FST_N"): 5_000,
            ("FST", "FST_U"): 1_200,
            ("NO_PICTURE", "visits"): 900,
        }
        rows = [(f"{table}:{month}", side, count) for (table, side), count in counts.items()]
        db.conn.executemany("INSERT INTO tallies (table_name, side, visits) VALUES (?, ?, ?)", rows)
    return sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("day_totals", "opens"))


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _panel(service: Service) -> FlaskClient:
    reports: Reports = reports_of(service.store, service.site, service.policy, service.clock, service.library)
    client = create_panel(service.staff, service.managers, reports=reports).test_client()
    service.managers.add(NAME, PIN)
    if client.post("/sign-in", data={"name": NAME, "pin": PIN}, headers=SAME).status_code != 303:
        raise RuntimeError("the panel refused the right PIN")
    return client


def _pages(client: FlaskClient, period: str, runs: int) -> tuple[list[float], int]:
    """Milliseconds of each request, and the bytes of the page."""
    taken, size = list[float](), 0
    for _ in range(runs):
        start = time.perf_counter()
        answer = client.get(f"/s/03/report?period={period}", headers=SAME)
        taken.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"the report answered {answer.status_code}")
        size = len(answer.data)
    return taken, size


def _agrees(service: Service, year: str) -> None:
    """The report and the bare sum must tell the same number, or neither is worth measuring."""
    told = service.reports.make(year).line("VISITS").now.value
    query = "SELECT sum(count) FROM day_totals WHERE code = 'visits' AND day BETWEEN ? AND ?"
    raw = service.store.run(lambda db: db.execute(query, (f"{year}-01-01", f"{year}-12-31")).fetchone()[0])
    if told != raw:
        raise RuntimeError(f"the report says {told} visits and the sum {raw}")


def _bare(path: Path, year: str) -> float:
    """Milliseconds of one sum over the year. The station holds its file for itself, so a copy is asked."""
    copy = path.with_name("bare.db")
    if not copy.exists():
        copy.write_bytes(path.read_bytes())
        copy.with_name("bare.db-wal").write_bytes(path.with_name(path.name + "-wal").read_bytes())
    connection = sqlite3.connect(copy)
    query = "SELECT code, sum(count) FROM day_totals WHERE day BETWEEN ? AND ? GROUP BY code"
    connection.execute(query, (f"{year}-01-01", f"{year}-12-31")).fetchall()
    start = time.perf_counter()
    found = connection.execute(query, (f"{year}-01-01", f"{year}-12-31")).fetchall()
    taken = (time.perf_counter() - start) * 1000
    connection.close()
    if not found:
        raise RuntimeError("the copy is empty")
    return taken


def _slices(service: Service, year: str) -> list[float]:
    """Milliseconds that each slice of a year report holds the store's thread."""
    taken = list[float]()
    real: Callable[..., object] = service.store.submit_later

    def watched(job: Callable[..., object], *arguments: object) -> object:
        def timed(db: Database) -> object:
            start = time.perf_counter()
            found = job(db, *arguments)
            taken.append((time.perf_counter() - start) * 1000)
            return found

        return real(timed)

    service.store.submit_later = watched  # type: ignore[method-assign, assignment]
    try:
        for _ in range(5):
            service.reports.make(year)
    finally:
        del service.store.submit_later
    return taken
