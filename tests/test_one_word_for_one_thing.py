"""One thing has one Vietnamese name wherever it is spoken of, and what is quoted is called so where it stands."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "web_ui" / "translations" / "vi"


def words(name: str) -> dict[str, str]:
    """A catalogue: English to Vietnamese."""
    with (FOLDER / f"{name}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale="vi") if one.id}


WEB, CLI, SCREENS = words("web"), words("cli"), words("screens")


@pytest.mark.parametrize(("other", "instead"), [
    ("trang quản lý", "bảng theo dõi"), ("phụ trách điểm", "người quản lý"), ("anh chị", "Quý vị"),
    ("bộ nhớ trong", "bộ nhớ (RAM)"), ("ghi danh", "kết nối lại"), ("giấy biên nhận", "biên nhận"),
    ("trạm này", "máy này"), ("tờ giấy", "phiếu"), ("hủy khóa", "thu hồi khóa"), ("bảng điều khiển", "bảng theo dõi"),
])  # fmt: skip
def test_a_thing_has_one_name(other: str, instead: str) -> None:
    said = [text.lower() for text in (*WEB.values(), *CLI.values(), *SCREENS.values())]
    assert [text for text in said if other in text] == []
    assert any(instead.lower() in text for text in said), "the control"


def test_a_bundle_that_the_province_does_not_count_yet_is_held_everywhere_by_the_same_word() -> None:
    held = [vi for en, vi in (WEB | CLI).items() if "put aside" in en or "aside:" in en or "days aside" in en]
    assert len(held) > 8 and [text for text in held if "tạm giữ" not in text] == []


def test_on_the_panel_memory_is_what_is_built_in_and_never_what_is_kept() -> None:
    spoken = [text for text in WEB.values() if "bộ nhớ" in text.lower()]
    assert spoken and [text for text in spoken if "bộ nhớ (ram)" not in text.lower()] == []


def test_a_slip_names_the_button_as_the_screen_does() -> None:
    slips = [text for text in WEB.values() if "màn hình chào" in text.lower() and "gõ" in text and "số này" in text]
    assert len(slips) == 2
    for text in slips:
        assert re.findall("“([^”]*)”", text) == [SCREENS["I have a ticket"]]


def test_help_on_the_file_says_what_its_page_offers() -> None:
    [told] = [text for english, text in WEB.items() if english.startswith("Choose a table of earlier months")]
    assert "chỉ những dòng đúng" in told and "Chỉ nhập {n} dòng đúng" in WEB.values()
