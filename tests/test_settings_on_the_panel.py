"""Settings without files: what will change is shown, it is checked, written whole, counts at once, and goes back."""

import html
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from web_faces import NOON, OWN_PAGE, People, Station, settings_of

from kiosk.errors import RefusedError, SettingsError
from kiosk.rules.choices import CHOSEN
from kiosk.rules.chosen import parse_with
from kiosk.rules.intervals import Interval
from kiosk.rules.policy import Policy
from kiosk.service import chosen_settings, last_good
from kiosk.service.checked_settings import load_checked
from kiosk.service.chosen_settings import ChosenSettings, dumped
from kiosk.service.first_run import write_settings
from kiosk.service.panel import create_panel
from kiosk.service.panel import settings_forms as forms
from kiosk.settings import Paths

POLICY = """
[session]
minutes = 60
[hours]
monday = ["07:30-11:30", "13:30-17:00"]
tuesday = ["07:30-11:30"]
[[hours.exceptions]]
date = 2026-12-25
hours = []
note = "Nghỉ kiểm kê"
"""


class Desk:
    """A manager before the panel's settings."""

    def __init__(self, home: Path, policy: str = POLICY) -> None:
        self.changed: list[Policy] = []
        self.settings = settings_of(home, policy, self.changed)
        app = create_panel(Station(), People(), settings=self.settings, now=lambda: NOON)
        self.client: FlaskClient = app.test_client()
        self.client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)

    def page(self, path: str) -> str:
        answer = self.client.get(f"/s/03/settings{path}")
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def fields(self, path: str) -> dict[str, str]:
        """The form as it stands."""
        return fields_of(self.page(path))

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        answer = self.client.post(f"/s/03/settings{path}", data=fields, headers=OWN_PAGE)
        return answer.status_code, answer.text

    def change(self, path: str, **fields: str) -> str:
        """Fill in, look at what will change, and say yes; the page that was looked at."""
        filled = {**self.fields(path), **fields}
        status, shown = self.post(path, **filled)
        assert status == 200 and self.post(path, **filled, sure="1")[0] == 303
        return shown


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of a form that nobody touched."""
    found = dict[str, str]()
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'\b{one}="([^"]*)"', tag) for one in ("name", "value"))
        if name and " disabled" not in tag and (not re.search('type="(radio|checkbox)"', tag) or " checked" in tag):
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<select[^>]* name="(\w+)"(?![^>]* disabled)[^>]*>(.*?)</select>', page, re.DOTALL):
        found[name] = str(re.findall(r'value="(\w*)" selected', inside)[0])
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_hours_of_a_week_are_changed_after_a_look(desk: Desk) -> None:
    filled = {**desk.fields("/week"), "tuesday_1_from": "13:30", "tuesday_1_to": "16:00"}
    status, shown = desk.post("/week", **filled)
    assert status == 200 and "Thứ Ba" in shown and "Thứ Hai" not in shown, "only what changes is shown"
    assert "07:30–11:30, 13:30–16:00" in shown and not desk.changed and not desk.settings.can_go_back
    assert desk.post("/week", **filled, sure="1")[0] == 303
    [policy] = desk.changed
    assert policy.hours is not None and policy.hours.tuesday == (Interval(450, 690), Interval(810, 960))
    assert policy.hours.on(date(2026, 12, 25)) == (), "what was chosen for single days stays"
    assert "Đã lưu" in desk.page("?done=1")


def test_what_was_saved_is_what_the_next_start_reads_and_policy_toml_is_as_it_was(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    write_settings(paths)
    before = paths.policy_toml.read_bytes()
    desk = Desk(tmp_path, before.decode())
    desk.change("/minutes", minutes="45", ask_after_minutes="7,5")
    desk.change("/days/2026-12-24", kind="own", day_0_from="07:00", day_0_to="00:00", note='Lễ "Giáng sinh" \\ muộn')
    _site, policy = load_checked(paths)
    assert policy == desk.changed[-1] and paths.policy_toml.read_bytes() == before
    assert policy.session.minutes == 45 and policy.idle.ask_after_minutes == 7.5 and policy.hours is not None
    [own] = policy.hours.exceptions
    assert (own.date, own.hours, own.note) == (date(2026, 12, 24), (Interval(420, 1440),), 'Lễ "Giáng sinh" \\ muộn')
    assert policy.hours.monday == (Interval(0, 1440),), "a station that was always open stays so on other days"
    loaded = last_good.load(paths)
    assert loaded.policy == policy and loaded.wrong is None
    paths.chosen.write_text("[session]\nminutes = 'x'\n", encoding="utf-8")
    again = last_good.load(paths)
    assert again.policy == policy and again.wrong is not None
    assert "settings/panel.toml: session.minutes" in again.wrong.problems[0]


def test_one_touch_takes_a_change_back_and_one_more_brings_it_again(desk: Desk) -> None:
    desk.change("/minutes", minutes="45")
    desk.change("/minutes", minutes="50")
    page = desk.page("/back")
    assert "50 phút" in page and "45 phút" in page
    assert desk.post("/back", version=desk.fields("/back")["version"])[0] == 303
    assert desk.settings.policy.session.minutes == 45
    assert desk.post("/back", version=desk.fields("/back")["version"])[0] == 303
    assert desk.settings.policy.session.minutes == 50
    assert [policy.session.minutes for policy in desk.changed] == [45, 50, 45, 50]


def test_the_undo_stands_where_it_is_said_to_one_press_and_no_question(desk: Desk) -> None:
    def press(page: str) -> str:
        """What the form of the button leads to, sent as it stands; the page after it."""
        form = re.search(r'<form method="post" action="/s/03/settings/back">.*?</form>', page, re.DOTALL)
        assert form, "a button that does it, no link to a question"
        answer = desk.client.post("/s/03/settings/back", data=fields_of(form[0]), headers=OWN_PAGE)
        assert answer.status_code == 303
        return desk.client.get(answer.headers["Location"]).text

    assert "một lần bấm là lấy lại như cũ" in desk.change("/minutes", minutes="45").replace("\u00a0", " ")
    saved = desk.page("?done=1")
    assert saved.count("/settings/back") == 1 and saved.index("/settings/back") < saved.index('class="columns"')
    back = press(saved)
    assert desk.settings.policy.session.minutes == 60 and "Đã bỏ lần sửa vừa rồi" in back.replace("\u00a0", " ")
    assert "Lấy lại lần sửa ấy" in back.replace("\u00a0", " ")
    press(back)
    assert desk.settings.policy.session.minutes == 45
    press(desk.page(""))
    assert desk.settings.policy.session.minutes == 60, "also later, from the settings' page"


def test_the_first_change_goes_back_to_policy_toml(desk: Desk) -> None:
    assert desk.client.get("/s/03/settings/back").status_code == 303, "nothing to take back yet"
    desk.change("/minutes", minutes="45")
    desk.post("/back", version=desk.fields("/back")["version"])
    assert desk.settings.policy.session.minutes == 60


def test_the_second_of_two_managers_is_told_and_loses_nothing_of_what_was_typed(desk: Desk) -> None:
    mine = {**desk.fields("/minutes"), "minutes": "33"}
    desk.change("/minutes", minutes="45")
    for more in ({}, {"sure": "1"}):
        status, page = desk.post("/minutes", **mine, **more)
        assert status == 409 and "Có người khác vừa đổi cài đặt." in page and 'value="33"' in page
    assert desk.settings.policy.session.minutes == 45
    assert desk.post("/minutes", **{**mine, "version": desk.settings.version}, sure="1")[0] == 303
    assert desk.settings.policy.session.minutes == 33
    old = desk.settings.version
    desk.change("/minutes", minutes="34")
    assert desk.post("/back", version=old)[0] == 409


@pytest.mark.parametrize(
    ("path", "fields", "field", "words"),
    [
        ("/week", {"monday_0_from": "12:00"}, "monday_0_to", "Giờ kết thúc phải sau giờ bắt đầu"),
        ("/week", {"monday_0_to": ""}, "monday_0_to", "Còn thiếu một trong hai giờ."),
        ("/week", {"monday_0_to": "14:00"}, "monday_1_from", "Các khoảng giờ này chồng lên nhau."),
        ("/week", {"monday_0_from": "bảy"}, "monday_0_to", "Giờ kết thúc phải sau giờ bắt đầu"),
        ("/minutes", {"minutes": "0"}, "minutes", "Một số từ 5 đến 480."),
        ("/minutes", {"minutes": "sáu mươi"}, "minutes", "Một số từ 5 đến 480."),
        ("/minutes", {"minutes": "1e2"}, "minutes", "Một số từ 5 đến 480."),
        ("/minutes", {"minutes": ""}, "minutes", "Một số từ 5 đến 480."),
        ("/days/2026-12-24", {"kind": "own"}, "day_0_from", "Xin ghi giờ mở cửa của ngày này."),
        ("/days/2026-12-24", {"kind": "maybe"}, "kind", "Xin chọn một mục."),
    ],
)
def test_a_mistake_is_named_at_its_field_and_what_was_typed_stays(
    desk: Desk, path: str, fields: dict[str, str], field: str, words: str
) -> None:
    for more in ({}, {"sure": "1"}):
        status, page = desk.post(path, **{**desk.fields(path), **fields, **more})
        assert status == 409 and words in page and f'id="wrong-{field}"' in page
        for name, value in fields.items():
            assert name == "kind" or f'value="{value}"' in page
    assert desk.changed == [] and not desk.settings.can_go_back


@pytest.mark.parametrize("text", ["7:30", "07:30", "7h30", "730", "0730", "7.30", "7 h 30", "07h30"])
def test_times_are_taken_as_people_write_them(desk: Desk, text: str) -> None:
    desk.change("/week", sunday_0_from=text, sunday_0_to="11h")
    assert desk.settings.policy.hours is not None
    assert desk.settings.policy.hours.sunday == (Interval(450, 660),)


def test_a_week_without_any_hours_is_no_week(desk: Desk) -> None:
    empty = {name: "" for name in desk.fields("/week") if name != "version"}
    status, page = desk.post("/week", **empty, version=desk.settings.version)
    assert status == 409 and "Xin ghi giờ mở cửa của ít nhất một ngày." in page


def test_going_on_writing_leads_back_to_what_was_typed(desk: Desk) -> None:
    status, page = desk.post("/minutes", **{**desk.fields("/minutes"), "minutes": "33"}, change="1")
    assert status == 200 and 'value="33"' in page and desk.changed == []


def test_the_sentence_about_fees_is_set_in_both_languages_or_left_out(desk: Desk) -> None:
    shown = desk.change("/fee", vi="  In: 500 đồng   một trang ", en="Printing: 500 đồng a page")
    assert "In: 500 đồng một trang" in shown and "Máy tính dùng chung, miễn phí" in shown.replace("\u00a0", " ")
    assert (desk.settings.policy.fee.vi, desk.settings.policy.fee.en) == (
        "In: 500 đồng một trang",
        "Printing: 500 đồng a page",
    )
    assert desk.post("/fee", **{**desk.fields("/fee"), "vi": ""})[0] == 409
    assert desk.post("/fee", **{**desk.fields("/fee"), "vi": "x" * 201})[0] == 409
    desk.change("/fee", vi="", en="")
    assert desk.settings.policy.fee.vi == ""


def test_a_station_that_never_closes_can_say_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "")
    days = [name.removesuffix("_0_from") for name in desk.fields("/week") if name.endswith("_0_from")]
    shown = desk.change(
        "/week", **{f"{day}_0_{side}": text for day in days for side, text in (("from", "0h"), ("to", "24:00"))}
    )
    assert "luôn mở, cho đến khi đặt giờ" in shown and desk.settings.policy.hours is not None


def test_a_save_that_changes_nothing_says_so(desk: Desk) -> None:
    assert "Không có gì thay đổi." in desk.post("/minutes", **desk.fields("/minutes"))[1]


def test_a_day_is_closed_opened_and_as_the_week_again(desk: Desk) -> None:
    assert desk.fields("/days/2026-12-25")["kind"] == "closed"
    desk.change("/days/2026-12-25", kind="own", day_0_from="08:00", day_0_to="10:00")
    assert desk.settings.policy.hours is not None
    assert desk.settings.policy.hours.on(date(2026, 12, 25)) == (Interval(480, 600),)
    desk.change("/days/2026-12-25", kind="week")
    assert desk.settings.policy.hours.exceptions == ()
    desk.change("/days/2026-11-30", kind="closed", note="Bão số 9")
    assert "Bão số 9" in desk.page("/days") and "30/11/2026" in desk.page("")


def test_a_day_that_is_over_or_is_none_is_not_found(desk: Desk) -> None:
    for day in ("2026-11-19", "2026-02-30", "20261224", "x"):
        assert desk.client.get(f"/s/03/settings/days/{day}").status_code == 404
    answer = desk.client.get("/s/03/settings/days?day=2027-09-02")
    assert answer.headers["Location"] == "/s/03/settings/days/2027-09-02"


def test_a_disk_that_takes_nothing_leaves_everything_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(chosen_settings, "write_whole", full)
    filled = {**desk.fields("/minutes"), "minutes": "45"}
    status, page = desk.post("/minutes", **filled, sure="1")
    assert status == 409 and "Không ghi được cài đặt." in page and 'value="45"' in page
    assert desk.changed == [] and desk.settings.policy.session.minutes == 60


@pytest.mark.parametrize(
    "text",
    ['[programs]\nbrowser = "sh"\n', "[session]\nhome_mb = 1\n", "[staff]\ntries = 20\n", "session = 3\n", "x",
     "[session]\nminutes = -1\n"],
)  # fmt: skip
def test_the_panels_file_can_set_what_the_panel_sets_and_nothing_else(tmp_path: Path, text: str) -> None:
    paths = Paths(tmp_path)
    write_settings(paths)
    paths.chosen.parent.mkdir()
    paths.chosen.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError):
        load_checked(paths)


def test_the_privileged_process_reads_no_file_of_the_panels() -> None:
    supervisor = Path(__file__).resolve().parent.parent / "kiosk" / "supervisor"
    texts = [path.read_text(encoding="utf-8") for path in supervisor.rglob("*.py")]
    assert len(texts) > 20 and not any(".chosen" in text for text in texts if "def prepare" not in text)
    # Of what it goes by, only this may come from the panel, and it judges it itself (test_what_the_panel_may_order.py).
    keys = {section: sorted(known or ()) for section, known in CHOSEN.items()}
    assert keys["session"] == ["extension_minutes", "minutes", "staff_extension_minutes"]
    assert keys["programs"] == ["internet", "tiles"] and keys["panel"] == ["site_name"]
    assert keys["sticks"] == ["allowed", "read_only"] and keys["print"] == ["mode", "pages_max"]
    assert not {"input", "sound", "program", "content", "export", "staff", "disclosure", "retention"} & set(CHOSEN)


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("[session]\nminutes = 7\n")
    (tmp_path / "panel.toml").symlink_to(tmp_path / "secret")
    assert chosen_settings.read(tmp_path / "panel.toml") == {}


def test_nothing_before_means_nothing_to_go_back_to(tmp_path: Path) -> None:
    settings: ChosenSettings = settings_of(tmp_path, POLICY)
    with pytest.raises(RefusedError):
        settings.take_back(settings.version, "Lan")


TIMES = st.integers(0, 1440).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")


@given(
    st.dictionaries(st.sampled_from(["monday", "sunday"]), st.lists(st.tuples(TIMES, TIMES), max_size=3), min_size=1),
    st.text(max_size=40),
)
def test_whatever_a_form_holds_it_is_refused_by_name_or_read_back_as_it_was_meant(
    days: dict[str, list[tuple[str, str]]], note: str
) -> None:
    fields = {
        f"{day}_{number}_{side}": text
        for day, stretches in days.items()
        for number, pair in enumerate(stretches)
        for side, text in zip(("from", "to"), pair, strict=True)
    }
    policy = parse_with({}, {"hours": {"monday": ["08:00-09:00"]}})
    hours, wrong = forms.week_of(fields, policy)
    if wrong:
        assert set(wrong) <= set(fields) | {"monday_0_from"}
        return
    hours["exceptions"] = [{"date": date(2026, 12, 24), "hours": [], "note": " ".join(note.split())}]
    text = dumped({"hours": hours})
    read_back = parse_with({}, tomllib.loads(text))
    assert read_back.hours is not None
    for day, stretches in days.items():
        meant = sum(1440 if end == "00:00" else int(end[:2]) * 60 + int(end[3:]) for _begin, end in stretches)
        assert sum(one.end for one in getattr(read_back.hours, day)) == meant
