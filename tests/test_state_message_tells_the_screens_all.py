"""The `state` message of the lock, the bar, the panel and `kiosk status --json`, as far as rules make it."""

import json
from datetime import date, datetime

import pytest
from station_play import FRIDAY_8, WEEK, Play

from kiosk.clock import LOCAL
from kiosk.rules import events as ev

FREE = {
    "state": "free",
    "cover": True,
    "session": None,
    "seconds_left": None,
    "granted": None,
    "warning": None,
    "extension": {"minutes": 30, "offered": False, "why_not": "not_yet"},
    "staff_extension": {"minutes": 30, "offered": False, "why_not": "not_yet"},
    "message": None,
    "told": None,
    "undo": None,
    "idle": None,
    "closing": None,
    "resume": None,
    "end_reason": None,
    "prefs": {"lang": "vi", "large": False, "contrast": False, "voice": False},
    "minutes": 60,
    "start_refused": None,
    "ticket_refused": "entry",
    "closes_at": None,
    "fee": None,
    "notice": None,
    "hours": "",
    "year": 2026,
    "wiping": False,
    "waiting": False,
    "queue": {
        "next": None,
        "called": None,
        "waiting": 0,
        "numbers": [],
        "last": None,
        "new": 1,
        "undo": False,
        "spoken": False,
    },
    "sign_in_reset_seconds": 180,
    "screen_off_minutes": 10,
    "last_screen_seconds": 120,
    "reason": None,
    "help_asked": False,
    "accessible": False,
    "supervisor_here": True,
    "staff": None,
    "clock_trusted": True,
}


def test_a_free_station() -> None:
    shown = Play().shown()
    assert [question["id"] for question in shown.pop("questions")] == ["first", "person", "groups"]
    assert shown == FREE


def test_every_message_is_plain_json() -> None:
    play = Play({"hours": WEEK, "session": {"minutes": 0.15}})
    play.sign_in()
    play.run(4)
    assert json.loads(json.dumps(play.shown())) == play.shown()


def test_seconds_left_are_never_shown_too_few_nor_a_decimal() -> None:
    play = Play()
    play.sign_in()
    play.run(0.4)
    assert play.shown()["seconds_left"] == 3600
    play.run(0.7)
    assert play.shown()["seconds_left"] == 3599 and isinstance(play.shown()["seconds_left"], int)


@pytest.mark.parametrize(("left", "warning"), [(601, None), (600, 10), (300, 5), (60, 1)])
def test_warnings_are_whole_minutes(left: int, warning: int | None) -> None:
    play = Play()
    play.sign_in()
    play.run(3600 - left, every=1)
    assert play.shown()["warning"] == warning and not isinstance(play.shown()["warning"], float)


def test_the_fee_stands_in_both_languages_or_not_at_all() -> None:
    assert Play({"fee": {"vi": "Giá: xem bảng giá"}}).shown()["fee"] == {
        "vi": "Giá: xem bảng giá",
        "en": "Giá: xem bảng giá",
    }
    assert Play({"fee": {"vi": "a", "en": "b"}}).shown()["fee"] == {"vi": "a", "en": "b"}


def test_a_closed_station_says_when_it_opens() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=18))
    shown = play.shown()
    assert (shown["state"], shown["hours"]) == ("closed", "07:30–11:30, 13:30–17:00 (21/11)")
    assert shown["minutes"] == 60


def test_the_year_of_question_one_is_vietnams() -> None:
    play = Play(at=datetime(2026, 12, 31, 23, 59, 59, tzinfo=LOCAL))
    assert play.shown()["year"] == 2026
    play.run(1)
    assert play.shown()["year"] == 2027


def test_waiting_is_told_and_closes_the_offer() -> None:
    play = Play()
    play.sign_in()
    play.do(ev.Waiting(True))
    assert play.shown()["waiting"] and play.shown()["extension"] == {
        "minutes": 30,
        "offered": False,
        "why_not": "waiting",
    }


def test_an_offer_under_a_minute_is_told_as_it_is() -> None:
    play = Play({"session": {"minutes": 2, "extension_minutes": 0.5}})
    play.sign_in()
    play.run(60)
    assert play.shown()["extension"] == {"minutes": 0.5, "offered": True, "why_not": None}


def test_an_offer_clipped_by_closing_promises_whole_minutes_it_can_keep() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=10, minute=10, second=20))
    play.sign_in()
    play.run(3000, every=5)
    assert play.shown()["extension"] == {"minutes": 19, "offered": True, "why_not": None}


def test_the_screens_follow_what_was_chosen_on_the_menu_until_the_next_citizen() -> None:
    play = Play()
    play.do(ev.Wished("en", True, True))
    assert play.shown()["prefs"] == FREE["prefs"], "nobody is there"
    play.sign_in()
    play.do(ev.Wished("en", True, False))
    assert play.shown()["prefs"] == {"lang": "en", "large": True, "contrast": False, "voice": False}


@pytest.mark.parametrize(
    ("days", "on"),
    [
        ({}, "2020-01-01"), ({"begins": date(2026, 11, 27)}, "2026-11-27"),
        ({"ends": date(2026, 11, 27)}, "2026-11-27"),
        ({"begins": date(2026, 11, 26), "ends": date(2026, 11, 28)}, "2026-11-27"),
    ],
)  # fmt: skip
def test_a_notice_stands_on_start_within_its_days(days: dict[str, date], on: str) -> None:
    words = {"vi": "Thứ Sáu nghỉ.", "en": "Closed on Friday."}
    play = Play({"notice": {**words, **days}}, at=datetime.fromisoformat(f"{on}T08:00:00+07:00"))
    assert play.shown()["notice"] == words


@pytest.mark.parametrize(
    ("days", "trusted"),
    [
        ({"begins": date(2026, 11, 28)}, True), ({"ends": date(2026, 11, 26)}, True),
        ({"begins": date(2026, 11, 27), "ends": date(2026, 11, 27)}, False),
    ],
)  # fmt: skip
def test_a_notice_goes_by_itself_and_one_with_days_needs_a_date(days: dict[str, date], trusted: bool) -> None:
    at = datetime(2026, 11, 27, 23, 59, 30, tzinfo=LOCAL)
    assert Play({"notice": {"vi": "Nghỉ.", **days}}, at=at, trusted=trusted).shown()["notice"] is None
    play = Play({"notice": {"vi": "Nghỉ.", "ends": date(2026, 11, 27)}}, at=at)
    assert play.shown()["notice"] == {"vi": "Nghỉ.", "en": "Nghỉ."}
    play.sleep(31)
    assert play.shown()["notice"] is None
