"""Every form of the settings alike: shown before, by name where wrong, told to the second, fixed where it is fixed."""

import html
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from test_settings_on_the_panel import Desk, fields_of

from kiosk.content.updates.given import POLICY as GIVEN
from kiosk.rules.choices import CHOSEN, may_be_fixed
from kiosk.rules.policy import Policy
from kiosk.rules.questions import questions
from kiosk.service import given_policy
from kiosk.settings import Paths

PROGRAMS = """
[[program]]
name = { vi = "Soạn văn bản", en = "Write a text" }
command = "libreoffice --writer"
[[program]]
name = { vi = "Bảng tính", en = "Spreadsheet" }
command = "libreoffice --calc"
"""
HOURS = '[hours]\nmonday = ["07:30-11:30", "13:30-17:00"]\n'


@dataclass(frozen=True)
class Form:
    """A page, what is typed there, what that makes of the policy; and mistakes: fields, the one that is named."""

    path: str
    typed: dict[str, str]
    key: str
    seen: tuple[str, ...]
    mistakes: tuple[tuple[dict[str, str], str], ...] = ()
    unset: tuple[str, ...] = field(default=())


FORMS = (
    Form("week", {"tuesday_0_from": "8h", "tuesday_0_to": "11h"}, "hours", ("08:00–11:00",),
         (({"tuesday_0_from": "8h"}, "tuesday_0_to"),)),
    Form("days/2026-12-24", {"kind": "closed", "note": "Giáng sinh"}, "hours", ("24/12/2026", "Giáng sinh"),
         (({"kind": "own"}, "day_0_from"),)),
    Form("minutes", {"minutes": "45"}, "session.minutes", ("45 phút",), (({"minutes": "x"}, "minutes"),)),
    Form("fee", {"vi": "In: 500 đồng"}, "fee", ("In: 500 đồng",), (({"vi": "", "en": "x"}, "vi"),)),
    Form("notice", {"vi": "Thứ Sáu nghỉ", "begins": "2026-11-27", "ends": "27/11/2026"}, "notice",
         ("Thứ Sáu nghỉ", "từ 27/11/2026 đến 27/11/2026"),
         (({"vi": "x" * 141}, "vi"), ({"vi": "", "en": "x"}, "vi"), ({"vi": "a", "begins": "mai"}, "begins"),
          ({"vi": "a", "begins": "2026-12-02", "ends": "2026-12-01"}, "ends"),
          ({"vi": "a", "ends": "2026-11-19"}, "ends"))),
    Form("questions", {"place_1": "groups", "place_2": "first", "place_3": ""}, "questions",
         ("Thuộc nhóm nào?", "Không mất lượt nào"),
         (({"place_1": "person", "place_2": "person"}, "place_2"),)),
    Form("name", {"site_name": "Nhà văn hóa Bình Hòa"}, "panel.site_name", ("Nhà văn hóa Bình Hòa",),
         (({"site_name": " "}, "site_name"), ({"site_name": "x" * 121}, "site_name"))),
    Form("programs", {"place_0": "2", "place_1": "1", "vi_1": "Tính tiền"}, "programs.tiles",
         ("Tính tiền, Soạn văn bản",),
         (({"place_0": "3"}, "place_0"), ({"vi_1": ""}, "vi_1"), ({"en_0": "x" * 41}, "en_0"),
          ({"command_0": "sh"}, "vi_0")), unset=("internet",)),
    Form("sticks", {"sticks": "read"}, "sticks.allowed", ("không lưu được vào USB",), (({"sticks": "all"}, "sticks"),)),
    Form("print", {"mode": "staff", "pages_max": "5"}, "print.mode", ("Nhân viên cho in từng bản", "5 trang"),
         (({"mode": "all"}, "mode"), ({"pages_max": "nhiều"}, "pages_max"), ({"pages_max": "1001"}, "pages_max"))),
)  # fmt: skip
every = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.path)


def desk_of(home: Path, more: str = "") -> Desk:
    return Desk(home, more + HOURS + PROGRAMS)


def filled(desk: Desk, form: Form, **typed: str) -> dict[str, str]:
    """The form as it stands, with what somebody typed."""
    stands = desk.fields(f"/{form.path}")
    return {**{name: value for name, value in stands.items() if name not in form.unset}, **(typed or form.typed)}


@every
def test_a_change_is_shown_before_saved_after_and_taken_back(tmp_path: Path, form: Form) -> None:
    desk = desk_of(tmp_path)
    before, typed = desk.settings.policy, filled(desk, form)
    status, page = desk.post(f"/{form.path}", **typed)
    assert status == 200 and all(words in html.unescape(page) for words in form.seen)
    assert desk.changed == [], "only shown"
    assert desk.post(f"/{form.path}", **fields_of(page), sure="1")[0] == 303, (
        "what the question sends is what was typed"
    )
    [after] = desk.changed
    assert after != before and after == desk.settings.policy
    assert after.disclosure == before.disclosure, "no form makes the open windows HELD for good"
    assert fields_of(desk.page(f"/{form.path}")) != filled(desk, form, version="x") and "Đã lưu" in desk.page("?done=1")
    desk.post("/back", version=desk.fields("/back")["version"])
    assert desk.settings.policy == before


@every
def test_the_second_of_two_is_told_and_keeps_what_was_typed(tmp_path: Path, form: Form) -> None:
    desk = desk_of(tmp_path)
    typed = filled(desk, form)
    other = FORMS[2] if form.path != "minutes" else FORMS[3]
    desk.change(f"/{other.path}", **other.typed)
    now = desk.settings.policy
    for more in ({}, {"sure": "1"}):
        status, page = desk.post(f"/{form.path}", **typed, **more)
        assert status == 409 and "Có người khác vừa đổi cài đặt." in page
        kept = fields_of(page)
        assert {name: kept.get(name, "") for name in form.typed} == form.typed
    assert desk.settings.policy == now
    again = {**typed, "version": fields_of(page)["version"]}
    assert desk.post(f"/{form.path}", **again, sure="1")[0] == 303, "and may then go on"


@every
def test_a_mistake_is_named_at_its_field_and_everything_typed_stays(tmp_path: Path, form: Form) -> None:
    desk = desk_of(tmp_path)
    before = desk.settings.version
    for typed, wrong in form.mistakes:
        for more in ({}, {"sure": "1"}):
            given = {**desk.fields(f"/{form.path}"), **typed, **more}
            status, page = desk.post(f"/{form.path}", **given)
            assert status == 409 and f'id="wrong-{wrong}"' in page, (typed, wrong)
            assert 'class="line fault" role="alert"' in page
            kept = fields_of(page)
            for name, value in given.items():
                named = name in kept and name not in ("version", "sure", "command_0")
                assert not named or " ".join(kept[name].split()) == " ".join(value.split()), name
    assert desk.changed == [] and desk.settings.version == before


@every
@pytest.mark.parametrize("by", ["tỉnh", "kỹ thuật viên"])
def test_what_the_policy_fixes_is_shown_with_a_lock_and_refused(tmp_path: Path, form: Form, by: str) -> None:
    section = form.key.partition(".")[0]
    fixed = f'[panel]\nfixed = ["{section}"' + (', "idle"]\n' if section == "session" else "]\n")
    typed = filled(desk_of(tmp_path), form)
    desk = desk_of(tmp_path, fixed)
    if by == "tỉnh":
        hand_out(tmp_path)
    page = desk.page(f"/{form.path}")
    assert f"do {by} quy định" in page and "ở đây không đổi được" in page
    assert "Tiếp: xem sẽ thay đổi gì" not in page, "nothing to send"
    assert f"do {by} quy định" in desk.page("")
    for more in ({}, {"sure": "1"}):
        assert desk.post(f"/{form.path}", **{**typed, "version": desk.settings.version, **more})[0] == 409
    assert desk.changed == [] and not desk.settings.can_go_back


def hand_out(home: Path) -> None:
    """The policy.toml that lies there is the province's, as if an update had brought it."""
    paths = Paths(home)
    (paths.content / "given").mkdir(parents=True, exist_ok=True)
    (paths.content / "given" / GIVEN).write_bytes(paths.policy_toml.read_bytes())
    assert not given_policy.apply(paths) and given_policy.in_force(paths)
    assert (home / "policy.given").read_text() == sha256(paths.policy_toml.read_bytes()).hexdigest()


def test_of_a_page_that_is_fixed_in_part_the_rest_is_set(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, '[panel]\nfixed = ["session.minutes", "print.mode", "programs.internet"]\n')
    page = desk.page("/minutes")
    assert re.search(r'name="minutes"[^>]* readonly', page) and not re.search(
        r'name="extension_minutes"[^>]* readonly', page
    )
    desk.change("/minutes", extension_minutes="20")
    desk.change("/print", pages_max="7")
    desk.change("/programs", vi_0="Viết")
    policy = desk.settings.policy
    assert (policy.session.minutes, policy.session.extension_minutes) == (60, 20)
    assert (policy.print.mode, policy.print.pages_max) == ("off", 7)
    assert policy.programs.internet and policy.program[0].name.vi == "Viết"
    assert desk.post("/minutes", **{**desk.fields("/minutes"), "minutes": "90"}, sure="1")[0] == 409


def test_what_was_chosen_before_it_was_fixed_counts_no_more_and_harms_nothing(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.change("/minutes", minutes="45")
    desk.change("/questions", place_1="first", place_2="", place_3="")
    later = desk_of(tmp_path, '[panel]\nfixed = ["session", "questions"]\n')
    policy: Policy = later.settings.with_changes({})
    assert policy.session.minutes == 60 and policy.questions.person


@pytest.mark.parametrize("wrong", ["sticks.allow", "programs.browser", "fee.vi", "disclosure", "", "session.*"])
def test_only_what_the_panel_sets_can_be_fixed(tmp_path: Path, wrong: str) -> None:
    from kiosk.errors import SettingsError
    from kiosk.rules.policy import parse_policy

    with pytest.raises(SettingsError) as caught:
        parse_policy({"panel": {"fixed": [wrong]}})
    assert caught.value.problems[0].startswith("panel.fixed")
    assert set(CHOSEN) <= set(may_be_fixed()) and len(may_be_fixed()) == len(set(may_be_fixed()))


def test_sticks_are_not_opened_wider_than_policy_toml_has_them(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "[sticks]\nallowed = true\nread_only = true\n")
    page = desk.page("/sticks")
    assert re.search(r'value="write"[^>]* disabled', page) and "Mục mờ do kỹ thuật viên khóa." in page
    assert desk.post("/sticks", sticks="write", version=desk.settings.version, sure="1")[0] == 409
    desk.change("/sticks", sticks="none")
    assert not desk.settings.policy.sticks.allowed
    over = desk.settings.with_changes({"sticks": {"allowed": True, "read_only": False}})
    assert over.sticks.allowed and over.sticks.read_only, "nor by the file"


def test_questions_that_are_not_asked_any_more_are_told_with_what_it_costs(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.settings.held = lambda: {"SEX": 12, "AGE31": 12, "ANY_FIRST": 3, "ANY_OTHER": 4}
    page = desk.change("/questions", place_1="groups", place_2="first", place_3="")
    assert "Không hỏi “Hình giống nhất?” nữa" in page and "Câu trả lời của 12 lượt" in page
    assert "Câu trả lời của 7 lượt" not in page and "Từ nay có hỏi" not in page
    assert [one.id for one in questions(desk.settings.policy)] == ["groups", "first"]
    page = desk.change("/questions", place_1="person", place_2="groups", place_3="first")
    assert "Từ nay có hỏi “Hình giống nhất?”" in page and "Câu trả lời của" not in page
    page = desk.change("/questions", place_1="", place_2="", place_3="")
    assert "Câu trả lời của 7 lượt" in page and questions(desk.settings.policy) == ()


def test_the_first_question_says_what_they_are_for_whichever_it_is(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.change("/questions", place_1="groups", place_2="person", place_3="")
    notes = [one.note for one in questions(desk.settings.policy)]
    assert notes[0] is not None and notes[1] is None


def test_programs_come_from_the_policy_alone(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    given: dict[str, Any] = {**desk.fields("/programs"), "command_0": "xterm", "command_2": "xterm", "vi_2": "x",
                             "en_2": "x", "place_2": "1", "shown_2": "1"}  # fmt: skip
    assert desk.post("/programs", **given, sure="1")[0] == 409
    del given["command_0"]
    given["command_0"] = "libreoffice --writer"
    desk.post("/programs", **given, sure="1")
    assert [one.command for one in desk.settings.policy.program] == ["libreoffice --writer", "libreoffice --calc"]
    desk.change("/programs", **{"place_0": "2", "place_1": "1"})
    assert [one.command for one in desk.settings.policy.program] == ["libreoffice --calc", "libreoffice --writer"]


def test_the_first_page_is_a_line_for_each_thing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[hours]\n' + "".join(f'{day} = ["07:30-11:30"]\n' for day in
                ("monday", "tuesday", "wednesday", "thursday", "friday")) + PROGRAMS)  # fmt: skip
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.unescape(desk.page(""))))
    assert "Thứ Hai–thứ Sáu: 07:30–11:30; thứ Bảy–Chủ nhật: đóng cửa" in page
    assert "60 phút mỗi người, thêm 30 phút khi không có người chờ" in page
    assert "Internet, Soạn văn bản, Bảng tính" in page
    assert "<input" not in desk.page("").partition("<main")[2], "no form stands there"
