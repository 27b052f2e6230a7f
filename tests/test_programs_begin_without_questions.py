"""What lies in a session's home before anything starts: settings that programs read, and what the policy may start."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kiosk.supervisor import linux
from kiosk.supervisor.session import browser, desktop, input_method, office
from kiosk.supervisor.session.environment import language
from kiosk.supervisor.session.programs import Programs

OOR = "{http://openoffice.org/2001/registry}"


def registry(lang: str) -> dict[tuple[str, str], str]:
    (text,) = office.files(lang).values()
    items = ElementTree.fromstring(text).iter("item")
    return {(item.get(f"{OOR}path", ""), item[0].get(f"{OOR}name", "")): item[0][0].text or "" for item in items}


@pytest.mark.parametrize(("lang", "words"), [("vi", "vi"), ("en", "en-US")])
def test_the_office_asks_nothing_and_saves_by_itself(lang: str, words: str) -> None:
    found = registry(lang)
    assert found["/org.openoffice.Office.Linguistic/General", "UILocale"] == words
    assert found["/org.openoffice.Office.Common/Misc", "ShowTipOfTheDay"] == "false"
    assert found["/org.openoffice.Office.Recovery/AutoSave", "UserAutoSaveEnabled"] == "true"
    assert found["/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel"] == "3"


def test_the_browser_sends_downloads_home_and_offers_to_keep_nothing() -> None:
    chosen = json.loads(browser.preferences("http://127.0.0.1:8081/enter?lang=vi", Path("/home/c/Downloads"), "vi"))
    assert chosen["download"] == {"prompt_for_download": False, "default_directory": "/home/c/Downloads"}
    assert chosen["homepage"] == "http://127.0.0.1:8081/enter?lang=vi" and not chosen["homepage_is_newtabpage"]
    assert not chosen["credentials_enable_service"] and not chosen["translate"]["enabled"]
    assert "partition" not in chosen
    plain = browser.switches(Path("/home/c"), "vi", large=False, contrast=False)
    seen = browser.switches(Path("/home/c"), "vi", large=True, contrast=True)
    assert not {"--no-sandbox", "--remote-debugging-port"} & {one.partition("=")[0] for one in seen}
    asked = browser.preferences("http://127.0.0.1:8081/enter?lang=vi", Path("/home/c/Downloads"), "vi", large=True)
    zoom = json.loads(asked)["partition"]
    steps = zoom["default_zoom_level"]["x"], zoom["per_host_zoom_levels"]["x"]["127.0.0.1"]["zoom_level"]
    assert [round(1.5 * 1.2**step, 9) for step in steps] == [1.25, 1.0], "pages larger, the menu by itself"
    assert set(seen) - set(plain) == {"--force-device-scale-factor=1.5", "--force-high-contrast", "--force-dark-mode"}


def test_a_command_of_the_menu_keeps_its_name_whatever_stands_beside_it_and_wherever() -> None:
    wrong: list[object] = [{"command": "sh -c true"}, {"command": "sh 'open"}, {"name": {}}, 7, {"command": "nowhere"}]
    for listed in ([*wrong, {"command": "true --x"}], [{"command": "true --x"}, *reversed(wrong)]):
        programs = Programs.from_policy({"program": listed})
        assert programs.named("sh -c true") == ["sh", "-c", "true"] and programs.named("true --x") == ["true", "--x"]
        # Neither what cannot be split, is not installed or is not offered, nor what looks much the same.
        for other in ("sh 'open", "nowhere", "", "true", "sh  -c true", "sh -c true; true", "7", "None"):
            assert programs.named(other) is None, other
    assert Programs.from_policy({"program": "sh"}).offered == {}


def test_a_desktop_entry_survives_a_home_with_any_letters() -> None:
    """As the Desktop Entry Specification quotes: first the shell's own letters, then the string's backslashes."""
    entry = desktop.files(["chromium", '--user-data-dir=/srv/a b/$x/"%'], False, False)
    text = entry[f".local/share/applications/{desktop.OWN_BROWSER}"]
    assert 'Exec=chromium "--user-data-dir=/srv/a b/\\\\$x/\\\\"%%" %U\n' in text


def test_the_bus_listens_where_the_programs_are_told_also_in_a_home_with_odd_letters(home: Path) -> None:
    # Not below tmp_path: the name of a socket has at most 107 bytes.
    folder, home = home.parent, home / "nhà & <1>"
    (home / ".run").mkdir(parents=True)
    conf = folder / "bus.conf"
    conf.write_text(input_method.bus_conf(home), encoding="utf-8")
    with subprocess.Popen(input_method.bus_command(conf), stdin=subprocess.DEVNULL) as bus:
        try:
            env = {**input_method.environment(home), "PATH": "/usr/bin:/bin"}
            ask = [
                "dbus-send",
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.",
            ]
            for _ in range(100):
                if input_method.bus_socket(home).exists():
                    break
                subprocess.run(["sleep", "0.05"], check=True)
            names = subprocess.run(
                [*ask[:-1], ask[-1] + "ListActivatableNames"], env=env, capture_output=True, text=True
            )
            assert names.returncode == 0, names.stderr
            # It can start nothing but itself.
            assert [line.strip() for line in names.stdout.splitlines() if "string" in line] == [
                'string "org.freedesktop.DBus"'
            ]
        finally:
            bus.kill()


def test_a_locale_is_used_only_where_the_machine_has_it() -> None:
    have = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.lower()
    assert linux.has_locale("C.UTF-8") and not linux.has_locale("xx_YY.UTF-8")
    assert language("vi") == ("vi_VN.UTF-8" if "vi_vn.utf8" in have else "C.UTF-8")


def test_typing_is_left_out_where_a_part_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(map(shutil.which, input_method.NEEDED)), "scripts/test installs it"
    telex, vni = Programs.from_policy({}), Programs.from_policy({"input": {"typing": "vni"}})
    assert (
        telex.input_method
        and "InputMethod=Telex\n" in telex.input_method.files(True)[".config/fcitx5/conf/unikey.conf"]
    )
    assert vni.input_method and "InputMethod=VNI\n" in vni.input_method.files(True)[".config/fcitx5/conf/unikey.conf"]
    assert Programs.from_policy({"input": {"method": "none"}}).input_method is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Programs.from_policy({}).input_method is None
