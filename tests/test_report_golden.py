"""The report of a station small enough to be reckoned by hand (small_world.py); each number's sum stands beside it."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from small_world import POLICY, reports_of, small_world

from kiosk.report import Report
from kiosk.report.formats import BOM, COLUMNS, as_csv, as_json, as_text
from kiosk.report.model import Said
from kiosk.rules.figures import Change
from kiosk.store import Store, usage


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_world(tmp_path_factory.mktemp("world")) as store:
        yield store


@pytest.fixture(scope="module")
def october(store: Store) -> Report:
    return reports_of(store).make("2026-10")


# October 2026 has 27 days from Monday to Saturday; on 25 the PC was on, on one off, one has no figures.
NUMBERS = [
    ("VISITS", 200),  # 25 x 8
    ("PC_HOURS", Decimal("50.0")),  # (25 x 8 x 900 s + 90 s) / 3600 = 50.025
    ("OPEN_HOURS", Decimal("100.0")),  # 25 x 4
    ("NET_HOURS", Decimal("50.0")),  # 25 x 120 whole minutes of 7259 s
    ("USE_RATE", Decimal("50.0")),  # 180,090 s / 360,000 s = 50.025 %
    ("OPEN_DAYS", 25),
    ("PLANNED_DAYS", 27),
    ("REPORTED_DAYS", 26),
    ("ASSISTED", 4),
    ("EXTENSIONS", 7),
    ("TOO_SHORT", 3),
    ("UNCLEAN", 1),
    ("FIRST", 60),
    ("TARGET_USERS", 20),
    ("ACTIVE_MONTHS", 1),
]


@pytest.mark.parametrize(("code", "number"), NUMBERS)
def test_each_figure_is_the_one_reckoned_by_hand(october: Report, code: str, number: int | Decimal) -> None:
    assert october.line(code).now.value == number


def test_users_are_estimated_from_the_whole_year_so_far(october: Report) -> None:
    # F = 4 + 60, R = 4 + 90, U = 2 + 50: 64 + 52 x 64 / 158 = 64 + 21.06
    now = october.line("USERS").now
    assert (now.value, now.low, now.high, str(now.through)) == (85, 64, 116, "2026-10-31")
    # A year before only October is known: F = 25, R = 100, U = 10: 25 + 10 x 25 / 125; nine months have no figures.
    assert october.line("USERS").last_year is not None
    assert october.line("USERS").last_year.value == 27  # type: ignore[union-attr]
    assert october.line("USERS").change == Change("unknown")


def test_the_change_on_the_year_before_has_an_arrow_and_a_percentage(october: Report) -> None:
    # 27 days x 5 = 135 visits; 65 more is over 2 x sqrt(335) = 36.6; 65 / 135 = 48.15 %
    line = october.line("VISITS")
    assert line.last_year == Said(135) and line.change == Change("up", Decimal("48.1"))
    assert line.previous == Said(10)


def test_a_day_without_figures_is_no_zero(october: Report) -> None:
    assert october.missing_days == 1
    shown = {bar.first.day: (bar.visits, bar.state) for bar in october.bars}
    assert len(shown) == 31
    assert [shown[day] for day in (3, 4, 30, 31)] == [
        (8, "counted"),
        (None, "closed"),
        (None, "off"),
        (None, "missing"),
    ]


def test_answers_are_what_was_released_and_the_rest_is_withheld(october: Report) -> None:
    def told(section: str) -> dict[str, tuple[int | None, str | None]]:
        return {part.code: (part.value, part.why) for part in october.answers[section]}

    assert told("SEX") == {"SEX_F": (80, None), "SEX_M": (70, None), "NO_ANSWER": (50, None)}
    assert set(told("AGE").values()) == {(None, "held")}
    groups = told("GROUPS")
    assert groups.pop("ANYTARGET") == (20, None) and groups.pop("NO_ANSWER") == (33, None)
    assert set(groups.values()) == {(None, "held")} and len(groups) == 4  # POOR was released, but a year ago
    began = next(part.since for part in october.answers["GROUPS"] if part.code == "ANYTARGET")
    assert str(began) == "2026-08-01"


def test_ends_and_themes_add_up(october: Report) -> None:
    assert [(part.code, part.value) for part in october.ends] == [("signed_out", 153), ("time_up", 50)]
    opened = {part.code: part.value for part in october.themes}
    assert opened["agri"] == 3 and opened["health"] == 0 and opened["other"] == 2
    assert sum(part.value or 0 for part in october.themes) == 5


def test_the_year_says_which_months_were_active_and_is_not_effective(store: Store) -> None:
    year = reports_of(store).make("2026")
    # September: open on 1 of 26 days. January to August: no figures, and that counts as not active.
    assert [effect for _month, effect in year.months] == ["no_report"] * 8 + ["no", "yes"]
    active = year.line("ACTIVE_MONTHS")
    assert (active.now.value, active.out_of, year.effective) == (1, 10, "no")
    assert year.line("VISITS").now.value == 210
    assert [bar.visits for bar in year.bars] == [None] * 8 + [10, 200, None, None]
    # Up to 21 November a year before there was one month with figures of eleven: not comparable.
    assert year.line("VISITS").change == Change("unknown")


def test_the_first_year_cannot_be_compared(store: Store) -> None:
    first = reports_of(store).make("2025-10")
    line = first.line("VISITS")
    assert line.now.value == 135 and line.last_year == Said(None, "missing") and line.change == Change("unknown")


@pytest.mark.parametrize(
    ("period", "code", "why"),
    [
        ("2026-10-06", "FIRST", "whole_months"),
        ("2026-W41", "FIRST", "whole_months"),
        ("2026-11", "FIRST", "month_open"),
        ("2027-01", "VISITS", "ahead"),
        ("2024-10", "VISITS", "missing"),
        ("2025-10..2026-10", "USERS", "two_years"),
        ("2026-10-30", "USE_RATE", "no_base"),
    ],
)
def test_what_may_not_be_said_has_a_reason_in_its_place(store: Store, period: str, code: str, why: str) -> None:
    now = reports_of(store).make(period).line(code).now
    assert (now.value, now.why) == (None, why)


def test_a_cut_off_day_moves_the_days_of_a_month(store: Store) -> None:
    policy = POLICY.model_copy(update={"report": POLICY.report.model_copy(update={"month_starts_on": 15})})
    report = reports_of(store, policy=policy).make("2026-10")
    # 15 September to 14 October; in it 12 busy days from 1 to 14 October without the Sundays 4 and 11.
    assert (str(report.period.first), str(report.period.last)) == ("2026-09-15", "2026-10-14")
    assert report.line("VISITS").now.value == 12 * 8
    assert report.line("FIRST").now == Said(None, "whole_months")
    assert str(report.line("USERS").now.through) == "2026-09-30"


def test_the_csv_opens_as_a_table_of_the_same_numbers(october: Report) -> None:
    text = as_csv(october, "vi")
    assert text.startswith(BOM) and text.encode("utf-8")[:3] == b"\xef\xbb\xbf"
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert tuple(rows[0]) == COLUMNS
    figures = {row["code"]: row for row in rows if row["section"] == "figures"}
    for code, number in NUMBERS:
        assert figures[code]["value"] == str(number), code
    assert figures["VISITS"]["name"] == "Số lượt người sử dụng" and figures["VISITS"]["version"] == "1.0"
    assert (figures["VISITS"]["trend"], figures["VISITS"]["percent"]) == ("up", "48.1")
    days = {row["code"]: row for row in rows if row["section"] == "days"}
    assert (days["2026-10-31"]["value"], days["2026-10-31"]["why"]) == ("", "missing")
    target = next(row for row in rows if row["code"] == "ANYTARGET")
    assert (target["value"], target["since"]) == ("20", "2026-08-01"), (
        "more than this month's: it was open since August"
    )
    age = [row for row in rows if row["section"] == "AGE"]
    assert len(age) == 4 and all((row["value"], row["why"]) == ("", "held") for row in age)


def test_json_holds_the_same_and_its_definitions(october: Report) -> None:
    data = json.loads(as_json(october))
    assert data["lines"]["VISITS"]["now"]["value"] == 200 and data["lines"]["PC_HOURS"]["now"]["value"] == "50.0"
    assert data["period"] == {"kind": "month", "text": "2026-10", "first": "2026-10-01", "last": "2026-10-31"}
    assert data["definitions"]["USERS"]["version"] == "1.0" and "SEX" in data["definitions"]
    assert data["withheld"] == {"pictures": 0, "groups": 0}


def test_text_for_a_terminal_is_in_the_asked_language(october: Report) -> None:
    vi, en = "\n".join(as_text(october, "vi")), "\n".join(as_text(october, "en"))
    assert "Tháng 10/2026" in vi and "85 (64–116)" in vi and "▲ +48,1 %" in vi and "giữ kín" in vi
    assert ": 20 (từ 01/08/2026)" in vi and ": 20 (from 01/08/2026 on)" in en
    assert "Month 10/2026" in en and "▲ +48.1 %" in en and "withheld" in en


def test_a_report_changes_nothing_and_no_slice_is_longer_than_a_month(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kiosk.report import reading

    spans = list[tuple[str, str]]()
    real = reading.period.day_rows

    def watched(db: object, first: str, last: str) -> object:
        spans.append((first, last))
        return real(db, first, last)  # type: ignore[arg-type]

    monkeypatch.setattr(reading.period, "day_rows", watched)
    before = store.run(lambda db: db.conn.total_changes)
    reports_of(store).make("2026")
    assert store.run(lambda db: db.conn.total_changes) == before
    assert len(spans) >= 24
    assert max((date.fromisoformat(last) - date.fromisoformat(first)).days for first, last in spans) < 31
    assert store.run(usage.totals, "2026-10-31") == {}
