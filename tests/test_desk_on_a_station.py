"""From the panel over HTTP to a whole station's screens: a message on the bar, a class on the desktop, a restart."""

import http.client
import os
import re
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

PIN = "274916"
WORDS = "Mời Quý vị ra quầy một lát."
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


class Clerk:
    """Somebody signed in at the panel, without a browser."""

    def __init__(self, station: RunningStation) -> None:
        assert station.kiosk("manager", "add", "Lan", stdin=f"{PIN}\n").returncode == 0
        self._panel, self._cookie = station.panel, ""
        self._cookie = self.post("/sign-in", pin=PIN).partition(";")[0]

    def post(self, path: str, **form: str) -> str:
        """One order that is obeyed; the cookie that came with the answer, if one did."""
        line = http.client.HTTPConnection("127.0.0.1", self._panel, timeout=20)
        line.request("POST", path, urllib.parse.urlencode(form), {**FORM, "Cookie": self._cookie})
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        assert answer.status == 303, re.sub(r"<[^>]+>|\s+", " ", text)[-600:]
        return answer.getheader("Set-Cookie") or ""


def test_a_message_outlives_a_kill_of_service_and_bar_and_is_acknowledged(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb("1366x768"), LONG) as station:
        clerk = Clerk(station)
        clerk.post("/s/03/sign-in-for", skip="1")
        station.wait_state("open")
        station.wait(lambda: not station.covered(), "the desktop")
        session = str(station.status()["session"])
        clerk.post("/s/03/message", session=session, text=WORDS)
        assert station.status()["message"]["text"] == WORDS
        station.kill("bar")
        station.kill("service")
        station.wait(lambda: (station.status()["message"] or {}).get("text") == WORDS, "the message after both died")

        # The key that presses a sheet's first button: whatever program has the keyboard.
        def read() -> bool:
            station.key("super+Return")
            return bool(station.status()["told"]["seen"])

        station.wait(read, "the citizen has read it")
        assert station.status()["message"] is None
        station.kiosk("session", "finish")
        station.wait_state("free")
    assert WORDS not in station.log() and "sent" not in station.log()


def test_a_class_has_the_desktop_is_wiped_after_and_is_written_down(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb("1366x768"), LONG) as station:
        clerk = Clerk(station)
        clerk.post("/s/03/class", title="Gõ văn bản")
        station.wait_state("class")
        station.wait(lambda: not station.covered(), "the desktop is open to the class")
        left = station.paths.citizen_home / "Documents" / "bai-tap.txt"
        left.write_text("của học viên")
        station.kill("service")
        station.wait_state("class")
        station.wait(lambda: not station.covered(), "and still after a kill of the service")
        session = str(station.status()["session"])
        clerk = Clerk.__new__(Clerk)
        clerk._panel, clerk._cookie = station.panel, ""
        clerk._cookie = clerk.post("/sign-in", pin=PIN).partition(";")[0]
        of_class = {"session": session, "class": station.status()["class"]["key"]}
        clerk.post("/s/03/class/end", **of_class, people="7", words="Gõ văn bản", begin="08:00", end="09:00")
        station.wait_state("free")
        station.wait(station.covered, "covered")
        assert not os.path.exists(left)
        assert station.status()["class"] is None and station.status()["visits_today"] == 0
    assert station.rows("SELECT kind, json_extract(numbers, '$.people') FROM journal") == [("class", 7)]
    assert station.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_the_pc_restarts_after_whoever_was_there_is_gone(home: Path, xvfb: Callable[..., str], tmp_path: Path) -> None:
    asked, program = tmp_path / "asked", tmp_path / "fake"
    program.write_text(f'#!/bin/sh\necho "$*" >> {asked}\n')
    program.chmod(0o755)
    station = RunningStation(home, xvfb("1366x768"), LONG)
    station.env["KIOSK_POWER_COMMAND"] = str(program)
    with station:
        clerk = Clerk(station)
        clerk.post("/s/03/sign-in-for", skip="1")
        station.wait_state("open")
        clerk.post("/s/03/power", act="restart", session=str(station.status()["session"]))
        station.wait(asked.exists, "the restart was ordered")
        assert asked.read_text() == "restart\n"
        assert station.status()["state"] == "free" and station.covered(), "not before all was wiped"
        assert not [one for one in station.status()["troubles"] if one["code"] == "power_not_done"]
    assert station.rows("SELECT reason FROM sessions") == [("manager",)]
