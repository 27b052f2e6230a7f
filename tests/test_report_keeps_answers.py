"""A report says of answers what was released and what is exact by whole months that are over, and never more."""

from pathlib import Path

import pytest
from small_world import reports_of, small_world
from sqlite_utils import Database

from kiosk.report.formats import as_csv, as_json
from kiosk.rules.answers import Answers
from kiosk.rules.tallies import tally_rows
from kiosk.store import Store

PERIODS = ("2026", "2026-Q4", "2026-11", "2026-10", "2026-W47", "2026-11-21", "2026-10-20..2026-11-21", "2025", "")
TWO = (
    Answers("FST_Y", "SEX_F", "AGE_60P", frozenset({"GRP_POOR", "GRP_DISAB"})),
    Answers("FST_N", "SEX_M", "AGE_U16", frozenset({"GRP_NONE"})),
)


def told(store: Store, now: str, trusted: bool = True) -> list[str]:
    """Everything that any report says at a moment."""
    reports = reports_of(store, now, trusted=trusted)
    made = [reports.make(period) for period in PERIODS]
    return [text for one in made for text in (as_json(one), as_csv(one, "vi"))]


def visit(db: Database, answers: Answers, month: str) -> None:
    for row in tally_rows(answers, month):
        db.execute(
            """INSERT INTO tallies VALUES (?, ?, 1) ON CONFLICT (table_name, side) DO UPDATE SET visits = visits + 1""",
            row,
        )


@pytest.mark.parametrize("now", ["2026-11-22T10:00:00+07:00", "2026-11-30T23:59:59+07:00"])
def test_what_somebody_answers_this_month_changes_no_report(tmp_path: Path, now: str) -> None:
    said = list[list[str]]()
    for number, answers in enumerate((None, *TWO)):
        (tmp_path / str(number)).mkdir()
        with small_world(tmp_path / str(number)) as store:
            if answers:
                store.run(visit, answers, "2026-11")
            said.append(told(store, now))
    assert said[0] == said[1] == said[2]


def test_the_month_that_is_over_does_tell_who_was_new(tmp_path: Path) -> None:
    """The control: the same answer, once its month is over, is in the exact count of first visits."""
    with small_world(tmp_path) as store:
        store.run(visit, TWO[0], "2026-11")
        # No day of November has figures in this world, so one must, for a sum of it to be a number.
        store.run(lambda db: db.execute("INSERT INTO day_totals VALUES ('2026-11-20', 'visits', 1)") and None)
        november = reports_of(store, "2026-12-01T00:00:01+07:00").make("2026-11")
        assert november.line("FIRST").now.value == 1


def test_open_windows_change_nothing_but_how_many_are_withheld(tmp_path: Path) -> None:
    with small_world(tmp_path) as store:
        before = told(store, "2026-11-22T10:00:00+07:00")
        store.run(lambda db: db.execute("UPDATE windows SET yes = 140, no = 10") and None)
        assert told(store, "2026-11-22T10:00:00+07:00") == before


def test_a_clock_that_runs_ahead_ends_no_month(tmp_path: Path) -> None:
    with small_world(tmp_path) as store:
        store.run(lambda db: db.execute("INSERT INTO facts VALUES ('wall', '2026-11-22T03:00:00+00:00')") and None)
        before = told(store, "2031-01-01T00:00:00+07:00", trusted=False)
        store.run(visit, TWO[0], "2026-11")
        assert told(store, "2031-01-01T00:00:00+07:00", trusted=False) == before
        ahead = told(store, "2031-01-01T00:00:00+07:00", trusted=True)
        store.run(visit, TWO[0], "2026-11")
        assert told(store, "2031-01-01T00:00:00+07:00", trusted=True) != ahead, "the control: a certain date does tell"


def test_groups_never_add_up_to_all_target_groups(tmp_path: Path) -> None:
    """OTHER and NONE have no line: with them the groups could be solved."""
    with small_world(tmp_path) as store:
        for part in reports_of(store).make("2026").answers["GROUPS"]:
            assert part.code not in ("GRP_OTHER", "GRP_NONE")
