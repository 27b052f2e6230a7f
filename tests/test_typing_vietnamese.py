"""Vietnamese can be typed in a session, by Telex and by VNI: real fcitx5, real Chromium, and a program with XIM."""

import os
import pwd
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.service import client
from tests.citizens_browser import of_user, wait_for_menu, words_of
from tests.running import CITIZEN, LONG, RunningStation
from tests.typist import TELEX, VNI, WORD, go_to, page_with_a_field, staff_opens, type_word, wait_title

pytestmark = [pytest.mark.slow, pytest.mark.root]

VNI_POLICY = LONG + '[input]\ntyping = "vni"\n'
NO_METHOD = LONG + '[input]\nmethod = "none"\n'


def typing(station: RunningStation) -> object:
    return station.status()["typing"]


@contextmanager
def in_a_terminal(station: RunningStation) -> Iterator[Path]:
    """A program that knows neither GTK nor Qt; what is typed into it lies in the file."""
    typed = station.paths.citizen_home / "typed"
    with station.as_citizen("xterm", "-u8", "-T", "xim", "-e", "sh", "-c", f"cat > {typed}") as terminal:
        try:
            wait_title(station, "xim")
            station.wait(typed.exists, "the terminal's program")
            time.sleep(0.5)
            yield typed
        finally:
            terminal.kill()


@pytest.mark.parametrize(("policy", "keys"), [(LONG, TELEX), (VNI_POLICY, VNI)], ids=["telex", "vni"])
def test_the_word_arrives_in_the_browser_and_in_another_program(
    home: Path, xvfb: Callable[..., str], policy: str, keys: str
) -> None:
    with page_with_a_field() as address, RunningStation(home, xvfb(), policy) as station:
        staff_opens(station)
        station.wait(lambda: typing(station) == "vi", "the bar knows that one types Vietnamese")
        wait_for_menu(station, "vi")
        go_to(station, address)
        type_word(station, f"{keys} {keys} ")
        wait_title(station, f"typed:{WORD} {WORD} :")
        with in_a_terminal(station) as typed:
            type_word(station, keys + "\n")
            station.wait(lambda: typed.read_text(encoding="utf-8") == f"{WORD}\n", "the word in the terminal")


def test_the_bar_has_its_choice_from_the_first_draw(home: Path, xvfb: Callable[..., str]) -> None:
    """It came a second later once, and pushed the bar's other buttons aside under the citizen's hand."""
    with RunningStation(home, xvfb(), LONG) as station, ThreadPoolExecutor(1) as other:
        begun = other.submit(staff_opens, station)
        seen: list[object] = []
        while not begun.done() or not seen:
            state = station.status()
            if state["state"] == "open" and not state["cover"]:
                seen.append(state["typing"])
        assert set(seen) == {"vi"}, seen


def test_the_bar_and_the_key_switch_it_and_the_bar_follows(home: Path, xvfb: Callable[..., str]) -> None:
    with page_with_a_field() as address, RunningStation(home, xvfb(), LONG) as station:
        staff_opens(station)
        wait_for_menu(station, "vi")
        go_to(station, address)
        station.wait(lambda: typing(station) == "vi", "Vietnamese first")
        station.key("super+4")
        station.wait(lambda: typing(station) == "en", "plain letters, as the bar ordered", 3)
        type_word(station, f"{TELEX} ")
        wait_title(station, f"typed:{TELEX} :")
        station.key("super+4")
        station.wait(lambda: typing(station) == "vi", "Vietnamese again", 3)
        type_word(station, f"{TELEX} ")
        wait_title(station, f"typed:{TELEX} {WORD} :")
        station.key("ctrl+space")
        station.wait(lambda: typing(station) == "en", "the bar follows the citizen's own key", 5)


def test_who_reads_english_begins_with_plain_letters(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.begin()
        station.key("F4")
        station.key("2", "3", "1", "3", "Return")
        station.wait_open()
        wait_for_menu(station, "en")
        station.wait(lambda: typing(station) == "en", "plain letters first")


def test_all_of_it_is_the_citizens_and_ends_with_the_session(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        staff_opens(station)
        station.wait(lambda: typing(station) == "vi", "the input method runs")
        uid = pwd.getpwnam(CITIZEN).pw_uid
        ours = [words_of(pid).split()[0] for pid in of_user(uid)]
        assert {"dbus-daemon", "fcitx5"} <= set(map(os.path.basename, ours))
        # It starts nothing by itself: no settings daemon, no portal, no file system daemon.
        assert not [one for one in ours if os.path.basename(one).startswith(("gvfs", "dconf", "xdg-", "at-spi"))]
        for role in ("bus", "typing"):
            station.kill(role)
        station.wait(lambda: len(station.pids("bus")) == len(station.pids("typing")) == 1, "both come back")
        client.ask(station.paths, "session", action="finish", timeout=5.0)
        station.wait_state("free")
        assert of_user(uid) == []


def test_without_an_input_method_the_session_works_and_the_bar_offers_none(
    home: Path, xvfb: Callable[..., str]
) -> None:
    """Control: the same keys without fcitx5 stay as they are."""
    assert shutil.which("fcitx5")
    with page_with_a_field() as address, RunningStation(home, xvfb(), NO_METHOD) as station:
        staff_opens(station)
        wait_for_menu(station, "vi")
        go_to(station, address)
        type_word(station, TELEX)
        wait_title(station, f"typed:{TELEX}:")
        assert typing(station) is None and station.pids("typing") == []
