"""A ticket from the command line to the desktop and back: its own minutes, once, also across kills."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

POLICY = """
[session]
minutes = 60
visit_min_seconds = 0
[entry]
ways = ["ticket", "staff"]
"""


def make(station: RunningStation, *words: str) -> str:
    done = station.kiosk("session", "ticket", *words)
    assert done.returncode == 0, done.stderr
    found = re.fullmatch(r"(\d{4}) (\d{4})\n", done.stdout)
    assert found, done.stdout
    return found[1] + found[2]


def type_in(station: RunningStation, code: str) -> None:
    """From START, by keyboard."""
    time.sleep(2.0)  # the lock says "covered" before START is drawn and hears keys
    station.key("Return")
    time.sleep(1.0)
    for digit in code:
        station.key(digit)
    station.key("Return")


def test_a_ticket_opens_one_session_of_its_own_minutes(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), POLICY) as station:
        assert station.status()["start_refused"] == "entry" and station.status()["ticket_refused"] is None
        code = make(station, "--minutes", "25")
        wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
        type_in(station, wrong)
        station.wait(lambda: (station.status()["ticket"] or {}).get("why_not") == "mistyped", "the slip is told")
        station.key("BackSpace", code[-1], "Return")
        station.wait_state("asking")
        assert station.status()["minutes"] == 25
        station.kill("service")  # between the good number and the session: the ticket must still be good
        station.wait_state("free", 30)
        station.wait(station.covered, "covered")
        type_in(station, code)
        station.wait_state("asking")
        station.key("0", "0", "0")
        station.wait_open()
        assert station.status()["granted"] == 25 * 60
        station.kill("service")  # right after the start: the ticket must be used up
        station.wait(lambda: station.status()["state"] == "open", "the session goes on", 30)
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        station.wait(lambda: not station.status()["end_reason"], "the goodbye is over")
        type_in(station, code)
        station.wait(lambda: (station.status()["ticket"] or {}).get("why_not") == "used", "used")
        assert station.status()["state"] == "free"
        assert code not in station.log()
    assert station.rows("SELECT entry, visit FROM sessions") == [("ticket", 1)]
    assert station.rows("SELECT minutes, used FROM tickets") == [(25.0, 1)]


def test_no_ticket_is_made_where_they_are_not_taken(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), "") as station:
        done = station.kiosk("session", "ticket")
        assert done.returncode == 4 and '"ticket"' in done.stderr
