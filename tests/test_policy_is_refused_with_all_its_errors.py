"""A wrong policy is refused whole, naming every field, its value and what is allowed."""

import tomllib

import pytest

from kiosk.errors import SettingsError
from kiosk.rules.policy import Policy, parse_policy


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def problems(toml: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        parse_policy(tomllib.loads(toml))
    assert caught.value.exit_code == 3
    return caught.value.problems


def test_all_errors_are_named_at_once() -> None:
    found = problems("""
        [session]
        minutes = -3
        warnings = [10, "five"]
        [idle]
        answer_seconds = true
        [questions]
        first = 1
        [programs]
        browser = ""
    """)
    assert found == (
        "session.minutes = -3: allowed: a number above 0",
        'session.warnings[2] = "five": allowed: a number',
        "idle.answer_seconds = true: allowed: a number",
        "questions.first = 1: allowed: true or false",
        'programs.browser = "": allowed: a command, its quotes closed, such as chromium',
    )


def test_overlapping_hours_are_refused_with_day_value_and_what_is_allowed() -> None:
    (line,) = problems('[hours]\nfriday = ["07:30-11:30", "11:00-17:00"]')
    assert line == 'hours.friday = ["07:30-11:30", "11:00-17:00"]: allowed: intervals that do not overlap'


def test_overlapping_hours_of_an_exception_are_refused_too() -> None:
    (line,) = problems('[[hours.exceptions]]\ndate = 2026-09-02\nhours = ["07:00-09:00", "08:59-10:00"]')
    assert line.startswith('hours.exceptions[1].hours = ["07:00-09:00", "08:59-10:00"]: allowed: intervals that do not')


def test_touching_hours_do_not_overlap() -> None:
    policy = parse_policy({"hours": {"friday": ["07:30-11:30", "11:30-17:00"]}})
    assert policy.hours is not None and len(policy.hours.friday) == 2


@pytest.mark.parametrize(
    "text", ["11:30-07:30", "07:30-07:30", "25:00-26:00", "07:30-24:01", "7:30-11:30", "٠٧:٣٠-١١:٣٠"]
)
def test_an_interval_that_is_none_is_refused(text: str) -> None:
    (line,) = problems(f'[hours]\nmonday = ["{text}"]')
    assert line.startswith(f'hours.monday[1] = "{text}": allowed: an interval such as 07:30-11:30')


def test_an_unknown_key_is_refused_and_the_known_ones_are_listed() -> None:
    (line,) = problems("[closing]\nno_start_minute = 3")
    assert line == "closing.no_start_minute: there is no such key; known here: no_start_minutes, notices"


def test_an_unknown_section_is_refused() -> None:
    (line,) = problems("[sesion]\nminutes = 3")
    assert line.startswith("sesion: there is no such key; known here: session, idle, training, closing, hours")


def test_an_unknown_key_of_an_exception_lists_the_keys_of_an_exception() -> None:
    (line,) = problems("[[hours.exceptions]]\ndate = 2026-09-02\nhour = []")
    assert line == "hours.exceptions[1].hour: there is no such key; known here: date, hours, note"


def test_two_exceptions_for_one_date_are_refused() -> None:
    (line,) = problems(
        '[hours]\nmonday=["07:30-11:30"]\nexceptions = [{date = 2026-09-02}, {date = 2026-09-02, note = "x"}]'
    )
    assert line.startswith("hours.exceptions = [") and line.endswith("allowed: one exception for each date")


def test_hours_that_are_never_open_are_refused() -> None:
    (line,) = problems("[hours]\nmonday = []")
    assert line == ("hours: allowed: at least one open interval; leave [hours] out for a station that is always open")


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e9"])
def test_no_number_that_would_never_end(number: str) -> None:
    (line,) = problems(f"[session]\nminutes = {number}")
    assert line.startswith("session.minutes = ")


@pytest.mark.parametrize("section", ["k = 4", "root_tests = 19", "child_tests = 9", "k = 6"])
def test_disclosure_may_only_be_made_stricter(section: str) -> None:
    (line,) = problems(f"[disclosure]\n{section}")
    assert line.startswith("disclosure")
    assert parse_policy({"disclosure": {"k": 6, "root_tests": 24, "child_tests": 12}}).disclosure.k == 6


def test_a_section_that_is_no_table_is_refused() -> None:
    assert problems("session = 60") == ("session = 60: allowed: a table of keys",)


def test_a_very_long_value_is_cut() -> None:
    (line,) = problems(f'[export]\nat = "{"x" * 500}"')
    assert len(line) < 150 and line.endswith("allowed: a time of day from 00:00 to 23:59")


def test_decimal_minutes_are_welcome_and_lists_are_put_in_order() -> None:
    policy = parse_policy({"session": {"minutes": 0.1, "warnings": [0.02, 0.05, 0.02]}})
    assert policy.session.minutes == 0.1 and policy.session.warnings == (0.05, 0.02)


def test_an_empty_file_is_the_default_policy() -> None:
    assert parse_policy({}) == Policy()
