"""When a station sends: evenly spread over a window, then longer and longer pauses, kept across restarts."""

from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from store_support import reading

from kiosk.clock import Reading
from kiosk.export.schedule import (
    AFTER_A_RESTART,
    JITTER,
    LONGEST_PAUSE,
    SOON,
    Tries,
    Turn,
    pause,
    spread,
    tries_of,
    turn_of,
    until_next,
    until_turn,
)
from tests.tries import tries as times

NATION = [(f"TH-{site:04}", f"{station:02}") for site in range(1_900) for station in range(1, 7)]


def test_a_nation_begins_evenly_over_the_window() -> None:
    """11,400 PCs in 30 minutes: no minute has a fifth more than its part, and each PC always has the same moment."""
    minutes = Counter(int(spread(site, station, 1_800) // 60) for site, station in NATION)
    assert sorted(minutes) == list(range(30))
    assert max(minutes.values()) < 1.2 * len(NATION) / 30 and min(minutes.values()) > 0.8 * len(NATION) / 30
    assert spread("TH-012", "03", 1_800) == spread("TH-012", "03", 1_800) != spread("TH-012", "04", 1_800)
    assert spread("TH-012", "03", 0) == 0


def test_pauses_double_from_a_minute_to_six_hours_and_part_those_who_failed_together() -> None:
    told = [pause(Tries(failures=number), "TH-012", "03") for number in range(1, 40)]
    for number, seconds in enumerate(told, 1):
        base = min(60 * 2 ** (number - 1), LONGEST_PAUSE / (1 + JITTER))
        assert base <= seconds <= base * (1 + JITTER) <= LONGEST_PAUSE
    assert pause(Tries(), "TH-012", "03") == 0
    moments = Counter(int(pause(Tries(failures=9), site, station) // 300) for site, station in NATION)
    assert max(moments.values()) < 1.3 * len(NATION) / len(moments), "those who failed in one moment come back apart"


def test_a_province_that_asks_for_longer_gets_it_within_reason() -> None:
    now = reading()
    assert pause(Tries().failed(now, at_least=1_200), "TH-012", "03") >= 1_200
    assert pause(Tries().failed(now, at_least=1e9), "TH-012", "03") <= LONGEST_PAUSE


def test_success_begins_anew_and_a_restart_of_the_service_does_not() -> None:
    now = reading(boot=5_000.0)
    tries = Tries().failed(now).failed(now).failed(now)
    again = tries_of(tries.as_told())
    assert again == tries and 240 <= until_next(again, "TH-012", "03", now) <= 360
    assert tries_of(None) == tries_of({"nonsense": 1}) == Tries()
    assert until_next(Tries(), "TH-012", "03", now) == 0


@settings(max_examples=times(300), deadline=None)
@given(
    st.integers(1, 30), st.floats(0, 50_000), st.floats(0, 200_000), st.booleans(), st.booleans(), st.integers(-5, 5)
)
def test_a_pause_ends_and_is_never_longer_than_six_hours(
    failures: int, boot: float, later: float, same_boot: bool, trusted: bool, years: int
) -> None:
    """Whatever the clocks say after a restart: the pause ends while the PC is on, and within six hours."""
    then = reading(boot=boot)
    tries = Tries(failures - 1).failed(then)
    if same_boot:
        now = Reading(boot + later, then.boot_id, then.wall + timedelta(days=365 * years), trusted)
        assert abs(until_next(tries, "A", "1", now) - max(0.0, pause(tries, "A", "1") - later)) < 0.001
        return
    now = Reading(later, "another boot", then.wall + timedelta(days=365 * years, seconds=later), trusted)
    wait = until_next(tries, "A", "1", now)
    assert 0 <= wait <= LONGEST_PAUSE
    if not trusted:
        assert wait + later <= max(later, AFTER_A_RESTART * (1 + JITTER))
    goes_on = Reading(later + wait + 0.001, now.boot_id, now.wall + timedelta(seconds=wait), trusted)
    assert until_next(tries, "A", "1", goes_on) < 0.001


def test_a_pc_that_is_on_for_an_hour_a_day_tries_in_that_hour() -> None:
    tries = Tries()
    dice, tried = Random(7), 0
    for day in range(30):
        start = reading("2026-11-01T08:00:00+07:00").wall + timedelta(days=day)
        for second in range(0, 3_600, 60):
            now = Reading(20.0 + second, f"boot {day}", start + timedelta(seconds=second), dice.random() < 0.5)
            if until_next(tries, "TH-012", "03", now) == 0:
                tries, tried = tries.failed(now), tried + 1
    assert tried >= 30


@settings(max_examples=times(300), deadline=None)
@given(st.integers(0, 999), st.floats(0, 7_200), st.floats(6, 1_800), st.floats(0, 100_000))
def test_however_short_a_pc_is_on_it_sends(name: int, window: float, on: float, boot: float) -> None:
    """The old spread began anew at each start: a PC that is on for less than its part of the window never sent."""
    site = f"TH-{name}"
    turn = turn_of(Turn().seen(reading(boot=boot)).as_told())
    own = spread(site, "03", window)
    assert abs(until_turn(turn, site, "03", window, reading(boot=boot)) - own) < 1e-3
    later = reading(boot=boot + own / 2)
    assert abs(until_turn(turn.seen(later), site, "03", window, later) - own / 2) < 1e-3, "also after a new service"
    starts = 0
    while True:
        starts += 1
        begin = Reading(min(5.0, on), f"start {starts}", reading().wall, False)
        turn = turn_of(turn.seen(begin).as_told())  # kept whenever the service ends
        wait = until_turn(turn, site, "03", window, begin)
        assert wait <= min(window, SOON) / 2 ** (starts - 1), "short from the first start on, and shorter"
        if begin.boot + wait <= on:
            break
    assert starts <= 2 + SOON.__ceil__().bit_length()


def test_a_nation_that_is_switched_on_at_eight_does_not_send_in_one_second() -> None:
    """The control of the other side: also those whose moment did not come yesterday come apart."""
    now = Reading(5.0, "another", reading().wall, True)
    turn = Turn().seen(reading(boot=9.0)).seen(now)
    moments = Counter(int(until_turn(turn, site, station, 1_800, now) // 10) for site, station in NATION)
    assert len(moments) >= SOON // 10 - 1 and max(moments.values()) < 1.5 * len(NATION) / len(moments)
