"""On the panel nobody is sent to a terminal: what went wrong on the way up is said with what a clerk can do."""

import ast
from pathlib import Path

import pytest
from web_faces import free

import kiosk
from kiosk.service.panel.day import sent
from kiosk.service.panel.province_troubles import for_clerks
from kiosk.translations import Said, said_in, together

KIOSK = Path(kiosk.__file__).parent
TERMINAL = ("kiosk enrol", "kiosk export", "kiosk --", "site.toml", " --take", "FOLDER", "its log")


def sentences() -> list[str]:
    """Every sentence of the way up and of joining: what stands in `_("…")` there."""
    files = [*KIOSK.glob("export/*.py"), *KIOSK.glob("service/way_*.py"), *KIOSK.glob("service/e[rn]*.py")]
    return sorted(
        node.args[0].value
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and isinstance(node.args[0], ast.Constant)
    )


def test_no_sentence_of_the_way_up_names_a_command_or_a_file_of_settings_on_the_panel() -> None:
    found = sentences()
    assert len(found) > 60 and sum(any(word in one for word in TERMINAL) for one in found) >= 5, "the control"
    for one in found:
        said = for_clerks(together(Said("x", "Nobody answers at {where}.", {"where": "x"}), Said(one, one, {})))
        assert isinstance(said, Said)
        assert [word for word in TERMINAL if word in said.text or word in repr(said.values)] == [], one


@pytest.mark.parametrize(("hint", "instead"), [
    ("Check [export] to in site.toml, and what may be written there.", "Xin báo kỹ thuật viên kiểm tra nơi máy này"),
    ("Ask the province for a code, then: kiosk enrol URL CODE.", "Xin tỉnh cấp mã, rồi kết nối ngay tại đây."),
    ("Run kiosk something new.", "Xin báo kỹ thuật viên."),
    ("Check the cable or the Wi-Fi, then try again.", "Xin kiểm tra dây mạng hoặc Wi-Fi rồi thử lại."),
])  # fmt: skip
def test_what_to_do_is_something_that_a_clerk_can_do(hint: str, instead: str) -> None:
    what = Said("There is no network here.", "There is no network here.", {})
    trouble = together(what, Said(hint, hint, {}))
    assert said_in("vi", for_clerks(trouble)).startswith(f"Ở đây không có mạng. {instead}")
    line = sent({**free()["export"], "waiting_days": 9, "trouble": trouble})
    assert instead in said_in("vi", line.more)


def test_what_has_no_language_stays_as_it_is() -> None:
    assert for_clerks("") == "" and for_clerks("kiosk export send") == "kiosk export send"
