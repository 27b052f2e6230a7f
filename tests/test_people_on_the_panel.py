"""Who may sign in, on the panel: added, changed and let go by a manager, each with a trace, and never the last one."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from store_support import reading
from web_faces import NOON, OWN_PAGE, Station, settings_of

from kiosk.rules.choices import CHOSEN
from kiosk.rules.roles import ROLES
from kiosk.service.face import STAFF_ACTIONS
from kiosk.service.panel import create_panel
from kiosk.service.panel.deeds import DETAILED, PLAIN, SETTINGS, WITH_ROLE, words
from kiosk.service.parts import deeds_of
from kiosk.service.power import ACTS
from kiosk.store import Store, audit
from kiosk.store.pins import Managers
from kiosk.web.sign_in import WebSessions

PIN, OTHER = "274916", "582903"
ROOT = Path(__file__).resolve().parent.parent
KNOWN = {*PLAIN, *DETAILED, *WITH_ROLE, "settings"}


class Office:
    """A panel over a real store; Lan is its manager."""

    def __init__(self, home: Path) -> None:
        self.store = Store(home / "kiosk.db")
        self.managers, signed_in = Managers(self.store, reading), WebSessions()
        self.managers.changed = signed_in.forget
        self.managers.add("Lan", PIN)
        self.app: Flask = create_panel(
            Station(), self.managers, sessions=signed_in, settings=settings_of(home), people=self.managers,
            deeds=deeds_of(self.store, reading), now=lambda: NOON,
        )  # fmt: skip
        self.lan = self.sign_in("Lan", PIN)

    def sign_in(self, name: str, pin: str) -> FlaskClient:
        client = self.app.test_client()
        answer = client.post("/sign-in", data={"name": name, "pin": pin}, headers=OWN_PAGE)
        assert answer.status_code == 303, answer.status_code
        return client

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        return posted(self.lan, path, **fields)

    def change(self, path: str, **fields: str) -> tuple[int, str]:
        """Send the form of a page as it was just shown."""
        version = re.search(r'name="version" value="(\w+)"', self.lan.get(path).text)
        assert version
        return self.post(path, **fields, version=version[1])

    def deeds(self) -> list[tuple[str, str]]:
        return [(one.who, words(one).in_language("vi")) for one in self.store.run(audit.latest)]


def posted(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    """What the form of somebody who is signed in is answered."""
    answer = client.post(path, data=fields, headers=OWN_PAGE)
    return answer.status_code, html.unescape(answer.text)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.store.close()


def test_somebody_new_signs_in_with_the_first_pin_and_chooses_one_of_their_own(office: Office) -> None:
    new = {"name": "Anh  Bình", "role": "clerk", "pin": OTHER, "again": OTHER}
    assert office.change("/people/add", **new)[0] == 303
    assert office.managers.listed() == [("Lan", "manager"), ("Anh Bình", "clerk")]
    binh = office.sign_in("Anh Bình", OTHER)
    elsewhere = office.sign_in("Anh Bình", OTHER)
    assert binh.get("/people").status_code == 403 and binh.get("/deeds").status_code == 403
    status, page = posted(binh, "/own-pin", old=PIN, pin="739155", again="739155")
    assert status == 409 and 'id="wrong-old"' in page
    status, page = posted(binh, "/own-pin", old=OTHER, pin="111111", again="111111")
    assert status == 409 and 'aria-describedby="wrong-pin"' in page
    answer = binh.post("/own-pin", data={"old": OTHER, "pin": "739155", "again": "739155"}, headers=OWN_PAGE)
    assert answer.status_code == 303 and "Đã đổi mã PIN." in binh.get(answer.headers["Location"]).text
    assert "Đã đổi mã PIN." not in binh.get("/").text
    assert binh.get("/").status_code == 200, "still signed in here"
    assert elsewhere.get("/").status_code == 303, "and nowhere else"
    office.sign_in("Anh Bình", "739155")
    assert office.deeds()[:2] == [("Anh Bình", "đặt mã PIN mới cho Anh Bình"),
                                  ("Lan", "cho Anh Bình (Nhân viên) đăng nhập")]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"pin": "1", "again": "1"}, "chữ số"),
        ({"pin": "111111", "again": "111111"}, "quá dễ đoán"),
        ({"again": "1"}, 'id="wrong-again"'),
        ({"role": ""}, 'id="wrong-role"'),
        ({"role": "root"}, 'id="wrong-role"'),
        ({"name": " "}, "ký tự"),
        ({"name": "Lan"}, "Đã có người quản lý tên Lan"),
        ({"version": "old"}, "Có người khác vừa đổi danh sách này"),
    ],
)
def test_what_is_wrong_with_somebody_new_is_told_and_nobody_is_made(
    office: Office, fields: dict[str, str], seen: str
) -> None:
    good = {"name": "Bình", "role": "clerk", "pin": OTHER, "again": OTHER, "version": office.managers.version()}
    status, page = office.post("/people/add", **{**good, **fields})
    assert status == 409 and seen in page and OTHER not in page
    (field,) = fields if len(fields) == 1 else ("pin",)
    assert field == "version" or f'aria-describedby="wrong-{field}"' in page, "said at its field"
    assert field in ("version", "role", "again") or re.search(rf'id="wrong-{field}">[^<]*{seen}', page)
    assert f'value="{fields.get("name", "Bình")}"' in page, "what was typed stays, but for PINs"
    assert office.managers.names() == ["Lan"]


def test_the_second_of_two_is_told_for_every_change(office: Office) -> None:
    office.managers.add("Bình", OTHER, "clerk")
    old = office.managers.version()
    office.managers.set_pin("Bình", "739155")
    for path, fields in (("role?who=Bình", {"role": "manager"}), ("pin?who=Bình", {"pin": PIN, "again": PIN}),
                         ("remove?who=Bình", {})):  # fmt: skip
        status, page = office.post(f"/people/{path}", **fields, version=old)
        assert status == 409 and "Có người khác vừa đổi danh sách này" in page
    assert office.managers.listed()[1] == ("Bình", "clerk")
    office.sign_in("Bình", "739155")


def test_another_role_or_pin_signs_out_at_once_and_is_written_down(office: Office) -> None:
    office.managers.add("Bình", OTHER, "clerk")
    binh = office.sign_in("Bình", OTHER)
    assert office.change("/people/role?who=Bình", role="technician")[0] == 303
    assert binh.get("/").status_code == 303
    binh = office.sign_in("Bình", OTHER)
    assert office.change("/people/pin?who=Bình", pin="739155", again="739155")[0] == 303
    assert binh.get("/").status_code == 303
    binh = office.sign_in("Bình", "739155")
    assert office.change("/people/remove?who=Bình")[0] == 303
    assert binh.get("/").status_code == 303 and office.managers.names() == ["Lan"]
    assert [who for who, _what in office.deeds()[:3]] == ["Lan"] * 3
    assert [what for _who, what in office.deeds()[:3]] == [
        "bỏ Bình khỏi danh sách đăng nhập", "đặt mã PIN mới cho Bình", "đổi vai trò: Bình (Kỹ thuật viên)",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_everybody_finds_the_way_to_a_pin_of_their_own(office: Office, role: str) -> None:
    office.managers.add("Bình", OTHER, role)
    binh = office.sign_in("Bình", OTHER)
    for page in ("/", "/more"):
        assert 'href="/own-pin"' in binh.get(page).text
    assert binh.get("/own-pin").status_code == 200


def test_the_last_manager_stays_one(office: Office) -> None:
    office.managers.add("Bình", OTHER, "clerk")
    for path, fields in (("remove?who=Lan", {}), ("role?who=Lan", {"role": "clerk"})):
        status, page = office.change(f"/people/{path}", **fields)
        assert status == 409 and "Lan là người quản lý duy nhất" in page
    assert office.managers.listed()[0] == ("Lan", "manager")
    office.managers.set_role("Bình", "manager")
    assert office.change("/people/role?who=Lan", role="clerk")[0] == 303
    assert office.lan.get("/people").status_code == 303, "signed out: the role is another one"


def test_a_name_that_nobody_has_leads_back_and_ones_own_pin_needs_the_old_one(office: Office) -> None:
    for page in ("role", "pin", "remove"):
        answer = office.lan.get(f"/people/{page}?who=Ai")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/people")
    assert office.lan.get("/people/pin?who=Lan").headers["Location"] == "/own-pin"


def test_guessing_the_old_pin_is_held_up_as_at_the_sign_in(office: Office) -> None:
    for _ in range(5):
        assert 'id="wrong-old"' in office.post("/own-pin", old="1", pin=OTHER, again=OTHER)[1]
    status, page = office.post("/own-pin", old=PIN, pin=OTHER, again=OTHER)
    assert status == 409 and "Mã PIN sai quá nhiều lần" in page
    assert office.post("/own-pin", old="1", pin=OTHER, again="2")[1].count("wrong-again") > 0


def test_a_command_leaves_a_trace_too_and_no_pin_stands_anywhere(office: Office) -> None:
    office.managers.add("Bình", OTHER)
    assert office.deeds()[0] == ("cli", "cho Bình (Người quản lý) đăng nhập")
    page = html.unescape(office.lan.get("/deeds").text)
    assert "lệnh trên máy này" in page and "Cho Bình (Người quản lý) đăng nhập" in page
    assert OTHER not in str(office.store.run(audit.latest)) and "argon" not in page


def test_deeds_are_shown_in_pages_of_the_last_year(office: Office) -> None:
    now = reading().wall
    for number in range(250):
        office.store.run(audit.note, now, "Lan", "extend", str(number))
    office.store.run(audit.note, now.replace(year=now.year - 2), "Lan", "out_of_order", "hai năm trước")
    page, seen = "/deeds", list[str]()
    while page:
        text = office.lan.get(page).text
        seen += re.findall(r"Thêm (\d+) phút", text)
        found = re.search(r'href="(/deeds\?before=\d+)"', text)
        page = found[1] if found else ""
        assert "hai năm trước" not in text
    assert seen == [str(n) for n in reversed(range(250))]


def written_down() -> set[str]:
    """Every deed that stands by name in a call which writes one down."""
    found = set(STAFF_ACTIONS) - {"accessible", "not_accessible"} | {"print_release", "print_cancel"} | set(ACTS)
    for path in (ROOT / "kiosk").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name, first = ast.unparse(call.func), ast.unparse(call.args[0]) if call.args else ""
            if not name.endswith(("audit.note", "self._happen", "self._do", "self._note")) and first != "audit.note":
                continue
            parts = [
                one for arg in call.args for one in ([arg.body, arg.orelse] if isinstance(arg, ast.IfExp) else [arg])
            ]
            values = (one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str))
            found |= {value for value in values if re.fullmatch("[a-z_]+", value)} - {"kiosk"}
    return found


@pytest.mark.slow
def test_every_deed_that_the_station_writes_down_has_words() -> None:
    written = written_down()
    assert {"backup", "restore", "settings", "message", "staff_in", "person_add", "no_star", "class_over"} <= written
    assert written <= KNOWN, "a page would say only “something else”"


def test_the_settings_say_who_changed_something_last(office: Office) -> None:
    assert "Thay đổi gần nhất" not in office.lan.get("/s/03/settings").text
    office.store.run(audit.note, reading().wall, "Bình", "settings", "hours,session.minutes")
    office.store.run(audit.note, reading().wall, "Lan", "star", "x")
    page = html.unescape(office.lan.get("/s/03/settings").text)
    assert "Thay đổi gần nhất: Bình," in page and "đổi cài đặt: Giờ mở cửa, Số phút." in page


def test_all_that_can_be_set_has_a_name_where_deeds_are_told() -> None:
    assert set(CHOSEN) == set(SETTINGS)
