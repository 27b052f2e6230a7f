"""A program of the policy, touched on the menu: run as the citizen, shown again instead of twice, never past four."""

import json
import os
import pwd
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.service import client
from tests.citizens_browser import of_user, wait_for_menu, words_of
from tests.running import CITIZEN, LONG, RunningStation
from tests.typist import TELEX, WORD, staff_opens, type_word

pytestmark = [pytest.mark.slow, pytest.mark.root]

PROGRAMS = LONG + "".join(
    f'[[program]]\nname = {{ vi = "{name}", en = "{name}" }}\ncommand = {json.dumps(command)}\n'
    for name, command in (
        ("Không có", "no-such-program"),
        ("Sổ tay", "mousepad --disable-server"),
        *((f"Ngủ {n}", f"sleep {1000 + n}") for n in range(6)),
    )
)


def touch(station: RunningStation, place: int) -> None:
    """As the menu's page does it."""
    order = urllib.request.Request(
        f"http://127.0.0.1:{station.menu}/programs/{place}", method="POST", headers={"Sec-Fetch-Site": "same-origin"}
    )
    with urllib.request.urlopen(order, timeout=10) as page:
        assert page.status == 200


def citizens(words: str) -> list[int]:
    """The citizen's processes that were started with these words."""
    return [pid for pid in of_user(pwd.getpwnam(CITIZEN).pw_uid) if re.search(words, words_of(pid))]


def active(station: RunningStation) -> str:
    """The title of the window that has the keyboard."""
    command = ["xdotool", "getactivewindow", "getwindowname"]
    return subprocess.run(command, env=station.env, capture_output=True, text=True, timeout=10).stdout.strip()


def test_a_touch_on_the_tile_opens_the_program_and_a_second_brings_it_back(
    home: Path, xvfb: Callable[..., str]
) -> None:
    with RunningStation(home, xvfb("1366x768"), PROGRAMS) as station:
        staff_opens(station)
        wait_for_menu(station, "vi")
        touch(station, 1)
        station.wait(lambda: "Mousepad" in active(station), "the program's window, with the keyboard")
        time.sleep(1.0)  # until the input method answers a program that has just begun
        assert len(citizens("mousepad")) == 1
        type_word(station, f"{TELEX} ")
        station.wait(lambda: active(station).startswith("*"), "something was typed into it")
        station.key("alt+Tab")
        station.wait(lambda: active(station).endswith("Chromium"), "the browser in front")
        touch(station, 1)
        station.wait(lambda: "Mousepad" in active(station), "the same window again")
        assert len(citizens("mousepad")) == 1
        # What was typed is still there, in Vietnamese: GTK asks fcitx5 too.
        station.key("ctrl+a", "ctrl+c")
        copied = ["xclip", "-o", "-selection", "clipboard"]
        said = subprocess.run(copied, env=station.env, capture_output=True, text=True, timeout=10).stdout
        assert said == f"{WORD} "
        client.ask(station.paths, "session", action="finish", who="staff", timeout=5.0)
        station.wait_state("free")
        assert of_user(pwd.getpwnam(CITIZEN).pw_uid) == []


def test_four_at_once_and_none_that_is_not_there(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), PROGRAMS) as station:
        staff_opens(station)
        page = urllib.request.urlopen(f"http://127.0.0.1:{station.menu}/", timeout=10).read().decode()
        assert "Không có" not in page and "Sổ tay" in page and page.count('action="/programs/') == 7
        for place in range(2, 8):
            touch(station, place)
        station.wait(lambda: "4 programs run already" in station.log(), "no fifth")
        assert len(citizens(r"^sleep 100\d")) == 4
        with pytest.raises(urllib.error.HTTPError, match="404"):
            touch(station, 0)
        # One ended: there is room for another.
        os.kill(citizens(r"^sleep 1000")[0], signal.SIGKILL)
        station.wait(lambda: len(station.pids("program")) == 3, "the ended one is forgotten")
        touch(station, 7)
        station.wait(lambda: len(citizens(r"^sleep 1005")) == 1, "the last one")
        # Somebody takes a program out of the policy, and only the service reads it anew: what was touched is started.
        for pid in citizens(r"^sleep 100\d"):
            os.kill(pid, signal.SIGKILL)
        station.wait(lambda: not station.pids("program"), "all ended")
        head, _first, *others = PROGRAMS.split("[[program]]")
        shorter = "[[program]]".join([head, *others])
        station.paths.policy_toml.write_text(shorter, encoding="utf-8")
        killed = station.kill("service")
        station.wait(lambda: station.pids("service") != [killed] and station.status()["state"] == "open", "another one")
        touch(station, 2)
        station.wait(lambda: citizens(r"^sleep 100\d"), "the one that was touched")
        assert len(citizens(r"^sleep 1001")) == 1 and len(citizens(r"^sleep 100\d")) == 1
