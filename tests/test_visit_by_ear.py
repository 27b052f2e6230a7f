"""A whole visit by ear: from START to a saved and a printed page and out, by one who hears and presses keys."""

import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import stick_stage
from tests.blind import Blind
from tests.citizens_browser import of_user, wait_for_menu
from tests.machine_cups import MachineCups
from tests.running import CITIZEN, LONG, RunningStation
from tests.test_printing_in_a_session import PrintingStation
from tests.test_whole_visit_with_everything import cups  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.root, pytest.mark.slow]

THEME, GUIDE = "Sức khỏe", "Pha và uống oresol khi bị tiêu chảy"


def test_from_start_to_a_saved_and_a_printed_page_by_ear(
    home: Path,
    xvfb: Callable[..., str],
    cups: MachineCups,  # noqa: F811
) -> None:
    owner, slots = pwd.getpwnam(CITIZEN), home.parent / "slots"
    slots.mkdir()
    kind = "vfat" if stick_stage.known("vfat") else "ext4"
    stick = stick_stage.image(home.parent / "stick.img", (owner.pw_uid, owner.pw_gid), 16, kind)
    blind = Blind(home)
    station = PrintingStation(home, xvfb(), cups, 'mode = "free"')
    station.env["KIOSK_STICKS"] = f"{slots}/*"
    blind.within(station)
    with station:
        assert blind.heard() == "", "control: nobody asked"
        _sign_in(blind)
        _find_a_guide(blind)
        _hear_it(blind)
        printing = blind.number_of("In")
        _save_it(blind)
        station.ready()
        _print_it(blind, printing)
        assert len(cups.papers(1)) == 1
        with stick_stage.plugged(stick, slots / "a"):
            _take_it_home(blind)
        _leave(blind)
        station.wait(lambda: not of_user(owner.pw_uid), "nothing of the session lives, no voice either")
    assert not blind.heard_two(), "one voice at a time"
    rows = station.rows("SELECT reason, pages FROM sessions")
    assert rows == [("signed_out", 3)]
    with stick_stage.opened(stick, home.parent / "at home") as root:
        found = [path.name for path in root.rglob("*.html")]
    assert found == [f"{GUIDE}.html"]


def _sign_in(blind: Blind) -> None:
    blind.wake()
    blind.hears("bấm phím Enter để bắt đầu")
    blind.press("Return")
    for question in range(3):
        blind.hears(f"Câu {('một', 'hai', 'ba')[question]} trong ba câu.")
        blind.press("0")
    blind.hears("Quý vị muốn làm gì?", "Phím Tab đi qua từng mục", seconds=60)


def _find_a_guide(blind: Blind) -> None:
    """By a number, and the second time by Tab and Enter."""
    blind.press(blind.number_of(THEME))
    blind.hears(f"{THEME}.", GUIDE)
    while GUIDE not in blind.heard() or "mục" not in blind.heard():
        blind.press("Tab")
        blind.hears("mục", "trong")
    blind.press("Return")
    blind.hears(f"{GUIDE}.", "Nghe đọc", "Lưu trang này")


def _hear_it(blind: Blind) -> None:
    """Piece by piece, with a pause, on and back."""
    blind.press(blind.number_of("Nghe đọc"))
    blind.hears(GUIDE, "Oresol")
    blind.press("space")
    blind.hears("Đã tạm dừng.")
    blind.press("Right")
    after = blind.hears(" ").strip()
    blind.press("Left")
    assert blind.hears(" ").strip() != after
    blind.press("Escape")
    blind.hears("Đã dừng đọc.", "Lưu trang này")


def _save_it(blind: Blind) -> None:
    blind.press(blind.number_of("Lưu trang này"))
    blind.hears("Đang lưu trang này.", "Đã lưu trên máy này.")


def _print_it(blind: Blind, key: str) -> None:
    blind.press(key)
    blind.hears("Đang gửi trang này đến máy in.", "trang trong lượt này.", seconds=60)


def _take_it_home(blind: Blind) -> None:
    blind.hears("Phím Windows và Enter: Lưu ra u ét bê.")
    blind.press("super+Return")
    blind.hears("Phím Windows và Enter: Tháo u ét bê.")
    blind.press("super+Return")
    blind.hears("có thể rút u ét bê")


def _leave(blind: Blind) -> None:
    assert blind.station is not None
    blind.press("super+9")
    blind.hears("Phím Windows và Enter: Kết thúc.")
    blind.press("super+Return")
    blind.hears("Cảm ơn Quý vị")
    blind.station.wait_state("free")
    station = blind.station
    station.wait(lambda: not station.status()["prefs"]["voice"], "the next citizen begins without")


def test_who_did_not_ask_for_it_hears_nothing_and_keeps_every_key(home: Path, xvfb: Callable[..., str]) -> None:
    blind = Blind(home)
    station = RunningStation(home, xvfb(), LONG)
    blind.within(station)
    with station:
        station.sign_in()
        wait_for_menu(station, "vi")
        before = station.titles()
        station.key("Tab", "1", "space", "0", "3")
        station.wait(lambda: station.titles() == before, "a digit chooses nothing")
        station.key("super+9", "super+Escape")
        assert blind.heard() == ""
