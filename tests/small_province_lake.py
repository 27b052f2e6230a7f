"""What DuckDB alone reads in the lake of the small province."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from kiosk.clock import LOCAL


def rows(home: Path, question: str) -> list[tuple[Any, ...]]:
    """What DuckDB reads in the lake, every table under its name."""
    lake = duckdb.connect()
    for table in (home / "lake" / "current").iterdir():
        if table.is_dir():
            lake.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet('{table}/*.parquet')")
    return lake.execute(question).fetchall()


def days_in(home: Path) -> dict[tuple[str, str, str], dict[str, int]]:
    """Visits, seconds and people at events by PC and day, as the province has them; no entry where there is none."""
    found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for site, station, day, *numbers in rows(home, "SELECT site, station, day, visits, too_short, seconds FROM days"):
        for name, number in zip(("visits", "too_short", "seconds"), numbers, strict=True):
            found[site, station, str(day)][name] += number
    told = rows(home, "SELECT site, station, day, amount FROM journal WHERE code = 'outreach_people'")
    for site, station, day, people in told:
        found[site, station, str(day)]["people"] += people
    return {key: dict(+counts) for key, counts in found.items()}


def first_in(home: Path) -> dict[tuple[str, str, str], dict[str, int]]:
    """Answers to question 1 by PC and month, of months that are over."""
    found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    question = "SELECT site, station, about_month, side, visits FROM months WHERE tally = 'FST'"
    for site, station, month, side, visits in rows(home, question):
        found[site, station, month][side] += visits
    return {key: dict(counts) for key, counts in found.items()}


def over(month: str) -> bool:
    """Whether the bundle that tells of the month has been made."""
    return month < f"{datetime.now(LOCAL).date() - timedelta(days=1):%Y-%m}"
