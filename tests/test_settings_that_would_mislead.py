"""Settings that parse and still would do harm: missing users, commands that name nothing, one port for two."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.errors import RefusedError, SettingsError
from kiosk.rules.policy import parse_policy
from kiosk.service import last_good
from kiosk.service.checked_settings import load_checked
from kiosk.service.first_run import write_settings
from kiosk.settings import Paths, Users
from kiosk.supervisor.users import resolve
from tests.running import RunningStation


@pytest.mark.root
def test_as_root_a_missing_user_is_refused_and_named() -> None:
    with pytest.raises(RefusedError, match="kiosk-citizn"):
        resolve(Users(citizen="kiosk-citizn"))
    assert resolve(Users()).isolated, "the control: with its users the station is isolated"


@pytest.mark.parametrize("command", ["", " ", "'chromium", '"chromium', "''"])
def test_a_program_that_names_nothing_is_refused(command: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_policy({"programs": {"browser": command}})
    assert "programs.browser" in caught.value.problems[0]


def test_a_program_may_have_arguments() -> None:
    assert parse_policy({"programs": {"browser": "chromium --new 'a b'"}}).programs.browser.startswith("chromium")


def test_menu_and_panel_cannot_share_a_port(home: Path) -> None:
    paths = Paths(home)
    write_settings(paths)
    load_checked(paths)
    text = paths.site_toml.read_text(encoding="utf-8")
    paths.site_toml.write_text(text.replace("127.0.0.1:8081", "127.0.0.1:8080"), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_checked(paths)
    assert "menu.listen" in caught.value.problems[0]


def test_a_service_goes_on_under_the_last_good_settings(home: Path) -> None:
    paths = Paths(home)
    paths.store.parent.mkdir()
    write_settings(paths)
    paths.policy_toml.write_text("[session]\nminutes = 45\n", encoding="utf-8")
    assert last_good.load(paths).wrong is None
    paths.policy_toml.write_text("[session]\nminutes = soon\n", encoding="utf-8")
    loaded = last_good.load(paths)
    assert loaded.policy.session.minutes == 45
    assert loaded.wrong is not None and "policy.toml" in str(loaded.wrong)
    paths.policy_toml.write_text("[session]\nminutes = 50\n", encoding="utf-8")
    assert last_good.load(paths).policy.session.minutes == 50


def test_without_any_good_settings_a_service_says_what_is_wrong(home: Path) -> None:
    paths = Paths(home)
    write_settings(paths)
    paths.policy_toml.write_text("[session]\nminutes = soon\n", encoding="utf-8")
    with pytest.raises(SettingsError):
        last_good.load(paths)


@pytest.mark.slow
@pytest.mark.root
def test_a_mistake_in_the_policy_stops_no_serving_station(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb()) as station:
        (home / "policy.toml").write_text("[session]\nminutes = soon\n", encoding="utf-8")
        killed = station.kill("service")
        station.wait(lambda: station.pids("service") not in ([], [killed]), "another service")
        station.wait_state("free")
        assert any(one["code"] == "settings_wrong" for one in station.status()["troubles"])
        assert station.kiosk("policy", "check", str(home / "policy.toml")).returncode == 3


@pytest.mark.slow
@pytest.mark.root
def test_a_display_that_asks_for_a_cookie_is_covered_and_served(
    home: Path, xvfb: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Xorg is started everywhere: only who has the cookie may draw, and root's file is closed to our users."""
    cookie = home.parent / "root-only"
    display = xvfb(cookie=cookie)
    assert os.stat(cookie).st_mode & 0o077 == 0
    monkeypatch.setenv("XAUTHORITY", str(cookie))
    with RunningStation(home, display) as station:
        assert station.covered()
        station.sign_in()
        station.wait(lambda: len(station.pids("bar")) == 1, "the time bar")
        station.wait(lambda: any("menu" in title.lower() or title for title in station.titles()), "a browser window")


def test_a_wrong_key_is_answered_by_those_that_the_file_may_have(home: Path) -> None:
    write_settings(Paths(home))
    text = Paths(home).site_toml.read_text(encoding="utf-8").replace("[content]\n", '[content]\nform = "/media/usb"\n')
    Paths(home).site_toml.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as wrong:
        load_checked(Paths(home))
    [problem] = wrong.value.problems
    assert "content.form" in problem and problem.endswith("known here: from")
