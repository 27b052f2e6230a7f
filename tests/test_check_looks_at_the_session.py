"""`kiosk check` tells what is missing to type Vietnamese, and which programs of the policy the menu cannot show."""

from pathlib import Path

import pytest

from kiosk.rules.policy import parse_policy
from kiosk.service.doctor.session import GTK, QT, UNIKEY, citizens_browser, session_programs, staff_at_the_pc


def libraries(root: Path, *files: str) -> Path:
    for file in files:
        path = root / "x86_64-linux-gnu" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only programs of this machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / name).chmod(0o755)


def test_each_missing_package_is_named(programs: Path, tmp_path: Path) -> None:
    (found,) = session_programs(parse_policy({}), libraries(tmp_path / "lib"))
    assert (found.state, found.hint) == (
        "warn", "Install the package dbus-daemon fcitx5 fcitx5-unikey fcitx5-frontend-gtk3.",
    )  # fmt: skip
    install(programs, "fcitx5", "dbus-daemon")
    (found,) = session_programs(parse_policy({}), libraries(tmp_path / "lib", UNIKEY))
    assert found.hint == "Install the package fcitx5-frontend-gtk3."


@pytest.mark.parametrize(("library", "package", "plugin"), QT)
def test_a_program_of_qt_needs_its_own_way_to_the_input_method(
    programs: Path, tmp_path: Path, library: bytes, package: str, plugin: str
) -> None:
    install(programs, "fcitx5", "dbus-daemon", "plain", "drawing")
    (programs / "drawing").write_bytes(b"\x7fELF" + bytes(5000) + library + b".5\0")
    place = libraries(tmp_path / "lib", UNIKEY, GTK)
    for name, wanted in (("plain", "good"), ("drawing", "warn")):
        listed = [{"name": {"vi": "Vẽ", "en": "Draw"}, "command": f"{programs / name} --new"}]
        (found,) = session_programs(parse_policy({"program": listed}), place)
        assert found.state == wanted
    assert found.hint == f"Install the package {package}."
    (found,) = session_programs(parse_policy({"program": listed}), libraries(tmp_path / "lib", plugin))
    assert found.state == "good"


def test_the_way_of_typing_is_told_and_none_is_no_trouble(programs: Path, tmp_path: Path) -> None:
    install(programs, "fcitx5", "dbus-daemon")
    place = libraries(tmp_path / "lib", UNIKEY, GTK)
    (telex,) = session_programs(parse_policy({}), place)
    (vni,) = session_programs(parse_policy({"input": {"typing": "vni"}}), place)
    assert [telex.message, vni.message] == ["Vietnamese is typed by Telex.", "Vietnamese is typed by VNI."]
    assert list(session_programs(parse_policy({"input": {"method": "none"}}), tmp_path)) == []


def test_a_program_that_is_not_installed_is_named_with_its_tile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [{"name": {"vi": "Vẽ", "en": "Draw"}, "command": f"{name} --new"} for name in ("sh", "no-such-program")]
    policy = parse_policy({"input": {"method": "none"}, "program": listed})
    (found,) = session_programs(policy, tmp_path)
    assert found.message == "no-such-program is not installed, so the menu does not show Draw."
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    (found,) = session_programs(policy, tmp_path)
    assert "Vẽ" in found.message and "Draw" not in found.message


def test_the_way_of_staff_is_told_and_a_browser_that_cannot_be_held_is_warned_of() -> None:
    (known,) = staff_at_the_pc(parse_policy({}))
    (other,) = staff_at_the_pc(parse_policy({"programs": {"browser": "firefox-esr --kiosk"}}))
    assert (known.state, other.state) == ("good", "warn") and "Ctrl+Alt+Q" in known.message
    (held,) = citizens_browser(parse_policy({}))
    (free,) = citizens_browser(parse_policy({"programs": {"browser": "firefox-esr"}}))
    assert (held.state, free.state) == ("good", "warn") and "does not know kiosk's rules" in free.message
