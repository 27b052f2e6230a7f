"""A report says of answers what was released and what is exact by whole months that are over, and never more."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from small_world import reports_of, small_world
from sqlite_utils import Database
from web_faces import NOON, OWN_PAGE, People, Station

from kiosk.report.formats import BOM, as_csv, as_json
from kiosk.report.sheets import sheets
from kiosk.report.table import as_table
from kiosk.rules.answers import Answers
from kiosk.rules.tallies import tally_rows
from kiosk.service.month_locking import MonthLocks
from kiosk.service.panel import create_panel
from kiosk.store import Store

PERIODS = ("2026", "2026-Q4", "2026-11", "2026-10", "2026-W47", "2026-11-21", "2026-10-20..2026-11-21", "2025", "")
TWO = (
    Answers("FST_Y", "SEX_F", "AGE_60P", frozenset({"GRP_POOR", "GRP_DISAB"})),
    Answers("FST_N", "SEX_M", "AGE_U16", frozenset({"GRP_NONE"})),
)


def told(store: Store, now: str, trusted: bool = True) -> list[str]:
    """Everything that any report says at a moment: as a file, a workbook's cells, a page, and on paper."""
    reports = reports_of(store, now, trusted=trusted)
    made = [reports.make(period) for period in PERIODS]
    files = [
        text for one in made for text in (as_json(one), as_csv(one, "vi"), as_table(one, "vi"), repr(sheets(one, "vi")))
    ]
    panel = create_panel(Station(), People(), now=lambda: NOON, reports=reports).test_client()
    panel.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    pages = [f"/s/03/{page}?period={period}" for page in ("report", "report/print") for period in PERIODS]
    return [*files, *(panel.get(page).text for page in pages)]


def visit(db: Database, answers: Answers, month: str) -> None:
    for row in tally_rows(answers, month):
        db.execute(
            """INSERT INTO tallies VALUES (?, ?, 1) ON CONFLICT (table_name, side) DO UPDATE SET visits = visits + 1""",
            row,
        )


@pytest.mark.slow
@pytest.mark.parametrize("now", ["2026-11-22T10:00:00+07:00", "2026-11-30T23:59:59+07:00"])
def test_what_somebody_answers_this_month_changes_no_report(tmp_path: Path, now: str) -> None:
    said = list[list[str]]()
    for number, answers in enumerate((None, *TWO)):
        (tmp_path / str(number)).mkdir()
        with small_world(tmp_path / str(number)) as store:
            if answers:
                store.run(visit, answers, "2026-11")
            assert MonthLocks(store, reports_of(store, now)).look() == 13, "October 2025 to October 2026"
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


@pytest.mark.slow
def test_open_windows_change_nothing_but_how_many_are_withheld(tmp_path: Path) -> None:
    with small_world(tmp_path) as store:
        before = told(store, "2026-11-22T10:00:00+07:00")
        store.run(lambda db: db.execute("UPDATE windows SET yes = 140, no = 10") and None)
        assert told(store, "2026-11-22T10:00:00+07:00") == before


@pytest.mark.slow
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


NUMBER = re.compile(r"\d+")


@pytest.mark.parametrize("period", PERIODS)
def test_no_file_says_more_of_who_came_than_the_page(tmp_path: Path, period: str) -> None:
    """Each answer's number, or the reason in its place, as the page has it; where the page is silent all are."""
    with small_world(tmp_path) as store:
        made = reports_of(store).make(period)
        panel = create_panel(Station(), People(), now=lambda: NOON, reports=reports_of(store)).test_client()
        panel.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
        pages = [panel.get(f"/s/03/{page}?period={period}").text for page in ("report", "report/print")]
    shown = [re.split("Ai đã đến[?]", page)[1].split("Đang giữ kín")[0] for page in pages]
    on_page, on_paper = (
        {int(one) for one in NUMBER.findall(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", text, flags=re.DOTALL))}
        for text in shown
    )
    assert on_paper <= on_page
    data = json.loads(as_json(made))
    said = {part["value"] for parts in data["answers"].values() for part in parts} - {None}
    assert said <= on_page
    cells = {row[2] for one in sheets(made, "vi") if one.name == "Ai đã đến" for row in one.rows[:-2]}
    assert {one for one in cells if isinstance(one, int)} == said
    rows = [
        row
        for row in csv.DictReader(io.StringIO(as_csv(made, "vi").removeprefix(BOM)))
        if row["section"] in data["answers"]
    ]
    assert {int(row["value"]) for row in rows if row["value"]} == said
    assert set(data["withheld"]) == {"pictures", "groups"}
