"""Where the citizens' Chromium saves by its dialogs, and what it keeps of passwords, in a real session.

The control: a plain Chromium of the same user saves anywhere, and keeps the password.
"""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser_stage import Browser, held, plain, web
from tests.citizens_browser import check_sandboxed, wait_for_menu
from tests.conftest import servers
from tests.running import LONG, RunningStation
from tests.station_processes import slowness
from tests.typist import staff_opens

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]

POLICY = '[input]\nmethod = "none"\n'


@dataclass
class Stage:
    """A session, a plain Chromium beside it, and the web that both see."""

    station: RunningStation
    session: Browser
    plain: Browser
    web: str


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with servers() as start, web() as port, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        station = RunningStation(Path(folder, "home"), start("1366x768"), LONG + POLICY)
        with station, plain(start("1366x768"), station) as other:
            staff_opens(station)
            wait_for_menu(station, "vi")
            yield Stage(station, held(station), other, f"http://127.0.0.1:{port}")


def saves(browser: Browser, keys: tuple[str, ...], where: Path) -> bool:
    """By a dialog that opens with these keys; False where it does not let go, and is closed then."""
    browser.key(*keys[:1])
    for key in keys[1:]:
        time.sleep(3.0 * min(slowness(), 4))  # the preview draws the page first
        browser.key(key)
    browser.station.wait(lambda: "hromium" not in browser.active(), f"a dialog of {keys}")
    time.sleep(0.5)
    browser.key("ctrl+a")
    browser.types(str(where))
    time.sleep(0.5)
    browser.press_last()
    time.sleep(2.0 * min(slowness(), 4))
    went = "hromium" in browser.active()
    for _try in range(5):
        if "hromium" not in browser.active():
            browser.key("Escape")
            time.sleep(0.5)
    return went


@pytest.mark.parametrize(("keys", "name"), [(("ctrl+s",), "saved.html"), (("ctrl+p", "Return"), "saved.pdf")])
def test_a_dialog_saves_in_the_home_alone(stage: Stage, keys: tuple[str, ...], name: str) -> None:
    station, home, away = stage.station, stage.station.paths.citizen_home, stage.plain.home / name
    for browser in (stage.plain, stage.session):
        browser.go(f"{stage.web}/page", "page /page")
    saves(stage.plain, keys, away)
    station.wait(away.exists, "the control: it is saved where the user may write")
    away.unlink()
    saves(stage.session, keys, home / "Documents" / name)
    station.wait((home / "Documents" / name).exists, "the dialog works, and the home is open to it")
    saves(stage.session, keys, away)
    time.sleep(2.0)
    assert not away.exists()
    check_sandboxed(station)


def kept(profile: Path) -> list[str]:
    """The names whose passwords a browser keeps."""
    with tempfile.TemporaryDirectory() as folder:
        for end in ("", "-journal", "-wal"):
            source = profile / f"Default/Login Data{end}"
            if source.exists():
                shutil.copy(source, Path(folder, f"kept{end}"))
        with sqlite3.connect(Path(folder, "kept")) as found:
            return [row[0] for row in found.execute("SELECT username_value FROM logins")]


def signs_in(browser: Browser, address: str) -> None:
    """With a password; what is offered behind it is taken: the first button beside the address, and the first there."""
    browser.go(f"{address}/login", "page /login")
    time.sleep(1.0)
    browser.types("nobody-knows\n")
    browser.wait("page /in")
    time.sleep(2.0)
    browser.key("ctrl+l", "Tab")
    time.sleep(0.5)
    browser.key("Return")
    time.sleep(1.0)
    browser.key("Return")
    time.sleep(1.0)


def test_a_password_is_not_kept(stage: Stage) -> None:
    def taken() -> bool:
        signs_in(stage.plain, stage.web)
        return kept(stage.plain.home / "profile") == ["lan"]

    stage.station.wait(taken, "the control: the password is kept", 60)
    signs_in(stage.session, stage.web)
    time.sleep(2.0)
    assert kept(stage.station.paths.citizen_home / ".browser") == []
    stage.session.key("Escape", "Escape")
