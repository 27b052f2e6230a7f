"""The page of equipment: a light, a reason and an act for each thing; faults and repairs; a store in trouble."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from health_support import health_of
from small_world import small_world
from store_support import reading
from web_faces import NOON, OWN_PAGE, People, Station, free

from kiosk.clock import Reading
from kiosk.errors import RefusedError
from kiosk.rules.health import THINGS
from kiosk.rules.policy import parse_policy
from kiosk.service import health as service_health
from kiosk.service.doctor import health as doctor
from kiosk.service.equipment import Equipment
from kiosk.service.health import Health
from kiosk.service.panel import create_panel
from kiosk.settings import Paths
from kiosk.store import Store, facts, journal, usage
from kiosk.translations import said_in, translate


@dataclass
class Page:
    """Somebody of the staff before the page."""

    client: FlaskClient
    station: Station
    store: Store
    health: Health
    equipment: Equipment

    def get(self, address: str = "/s/03/equipment") -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200
        return unescape(answer.text)

    def post(self, what: str, **fields: str) -> tuple[int, str]:
        answer = self.client.post(f"/s/03/equipment/{what}", data=fields, headers=OWN_PAGE)
        return answer.status_code, unescape(answer.text)

    def row(self, thing: str) -> str:
        """The words of one row."""
        found = re.search(rf'<tr id="{thing}">(.*?)</tr>', self.get(), re.DOTALL)
        assert found, thing
        return " ".join(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", found[1], flags=re.DOTALL).split())


def now_of_the_pc() -> Reading:
    return reading(NOON.isoformat())


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setattr(service_health, "free_disk", lambda _folder: 80_000)
    monkeypatch.setattr(service_health, "memory", lambda: (1_200, 2_000))
    monkeypatch.setattr(service_health, "memory_pressure", lambda: 0.0)
    with small_world(tmp_path) as store:
        store.run(usage.plan, "2026-11-20", 480)
        store.run(usage.add, "2026-11-20", {"looks": 60, "boots": 1, "open_seconds": 3_600, "internet_seconds": 3_600})
        station = Station()
        health = health_of(store, policy=parse_policy({"print": {"mode": "staff"}}), read=now_of_the_pc)
        health.printer.trouble = ""
        equipment = Equipment(health, station, store, now_of_the_pc)
        client = create_panel(station, People(), equipment=equipment, now=lambda: NOON).test_client()
        client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
        yield Page(client, station, store, health, equipment)


def test_there_is_a_row_for_each_thing_with_a_sign_a_word_a_reason_and_its_days(page: Page) -> None:
    shown = page.get()
    assert re.findall(r'<tr id="(\w+)">', shown) == list(THINGS)
    assert "Thiết bị: 8 trên 8 đang hoạt động" in shown and "22/10 đến 20/11" in shown
    for thing in THINGS:
        row = re.search(rf'<tr id="{thing}">(.*?)</tr>', shown, re.DOTALL)
        assert row and 'class="badge met"' in row[1] and "Hoạt động" in row[1] and row[1].count("<svg") >= 1
        strokes = len(re.findall(r'class="(?:worked|failed|unknown)"', row[1]))
        assert (strokes > 0) == (thing != "software") and strokes <= 30
    assert page.row("pc").startswith("Máy tính này Hoạt động Ngày hỏng: 1 Hôm nay phục vụ 1 giờ 0 phút"), (
        "off on 30 October"
    )
    label = re.search(r'<tr id="power">.*?aria-label="([^"]*)"', shown, re.DOTALL)
    assert label and "Ngày hoạt động: " in label[1] and "None" not in shown


def test_a_fault_of_the_printer_goes_from_report_to_repair_and_the_pc_stays_in_service(page: Page) -> None:
    assert "Kẹt giấy" in page.get("/s/03/equipment/printer/fault")
    assert page.post("printer/fault", reason="Kẹt giấy")[0] == 303
    assert page.station.asked == []
    assert "Đang hỏng" in page.row("printer") and "Kẹt giấy (từ 20/11/2026)" in page.row("printer")
    assert "Đã sửa xong" in page.row("printer")
    code, shown = page.post("printer/fault", words="Hết mực")
    assert code == 409 and "Việc này đã báo từ ngày 20/11/2026 và chưa sửa xong: Kẹt giấy." in shown
    assert 'value="Hết mực"' in shown, "what was typed is not lost"
    assert page.post("printer/repaired", note="Thay lô sấy")[0] == 303
    assert "Hoạt động" in page.row("printer") and page.store.run(journal.open_faults) == []
    assert "Lần sửa gần nhất, 20/11: Kẹt giấy – Thay lô sấy" in page.row("printer")
    assert [one.words["words"] for one in page.store.run(journal.lines, *[NOON.date()] * 2)] == [
        "Kẹt giấy – Thay lô sấy"
    ]


def test_the_pc_itself_goes_out_of_order_and_back(page: Page) -> None:
    assert page.post("pc/fault", words="  Màn hình   không lên ")[0] == 303
    assert page.station.asked == [("out_of_order", "Lan", None, "Màn hình không lên")]
    page.health._station.snapshot = {**page.health._station.snapshot, "state": "out_of_order", "reason": "Màn hình"}
    assert "Đang hỏng" in page.row("pc") and "Màn hình" in page.row("pc")
    assert page.post("pc/repaired")[0] == 303
    assert page.station.asked[-1][:2] == ("in_service", "Lan")


def test_faults_of_other_equipment_stand_and_end_each_on_its_own(page: Page) -> None:
    key = re.search(r'name="key" value="(\w+)"', page.get("/s/03/equipment/other/fault"))[1]  # type: ignore[index]
    for _touch in range(2):
        assert page.post("other/fault", words="Quạt trần hỏng", key=key)[0] == 303, "a second touch is no second fault"
    assert page.post("other/fault", words="Máy chiếu không lên")[0] == 303
    fan, projector = page.store.run(journal.open_faults)
    assert "Quạt trần hỏng" in page.row(f"other-{fan.id}")
    assert "Máy chiếu không lên" in page.row(f"other-{projector.id}")
    asked = f"other/repaired?line={projector.id}"
    assert f'href="/s/03/equipment/{asked}"' in page.get()
    assert "Máy chiếu không lên" in page.get(f"/s/03/equipment/{asked}")
    assert page.post(asked, note="Thay bóng")[0] == 303
    assert [one.reason for one in page.store.run(journal.open_faults)] == ["Quạt trần hỏng"]


def test_a_second_fault_of_the_pc_is_refused_and_its_words_stay(page: Page) -> None:
    page.store.run(journal.open_fault, "pc", "Màn hình không lên", "Lan", now_of_the_pc().wall)
    page.station.state = free(state="out_of_order", reason="Màn hình không lên")
    code, shown = page.post("pc/fault", words="Hỏng cả chuột")
    assert code == 409 and "đã báo từ ngày 20/11/2026" in shown and 'value="Hỏng cả chuột"' in shown
    assert page.post("pc/fault", words="Màn hình không lên")[0] == 303, "a second touch is no second fault"
    assert page.station.asked == []


def test_what_the_pc_was_repaired_with_is_kept_while_the_date_is_untrusted(page: Page) -> None:
    page.store.run(facts.keep_wall, now_of_the_pc().wall)
    page.store.run(journal.open_fault, "pc", "Không lên hình", "Lan", now_of_the_pc().wall)
    lost = reading("2001-01-01T00:00:00+07:00", trusted=False)
    equipment = Equipment(page.health, page.station, page.store, lambda: lost)
    page.station.state = free(state="out_of_order", reason="Không lên hình")
    equipment.repaired("pc", "Thay cáp màn hình", "Lan")
    [line] = page.store.run(journal.lines, *[NOON.date()] * 2)
    assert (line.words["words"], line.until) == ("Không lên hình – Thay cáp màn hình", NOON.date())
    assert page.station.asked == [("in_service", "Lan", None, "")]


def test_each_thing_is_reported_in_its_own_words(page: Page) -> None:
    internet, printer, pc = (page.get(f"/s/03/equipment/{what}/fault") for what in ("internet", "printer", "pc"))
    assert "Mạng rất chậm" in internet and "Máy chạy rất chậm" not in internet
    assert "Báo máy hỏng" in pc and "Máy chạy rất chậm" in pc
    for shown in (internet, printer):
        assert "Báo máy hỏng" not in shown and "Báo hỏng" in shown


@pytest.mark.slow
def test_who_mends_reads_no_numbers_and_finds_the_faults(page: Page) -> None:
    for role, numbers in (("clerk", True), ("technician", False)):
        app = create_panel(page.station, People(role=role), equipment=page.equipment, now=lambda: NOON)
        client = app.test_client()
        client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
        for address in ("/", "/side"):
            shown = client.get(address).text
            assert ("231" in shown) is numbers and ('class="numbers"' in shown) is numbers, (role, address)
            assert 'href="/s/03/equipment">' in shown and "Báo thiết bị hỏng" in shown


def test_a_report_without_a_reason_comes_back_and_names_the_field(page: Page) -> None:
    code, shown = page.post("other/fault", words="  ")
    assert code == 409 and 'aria-invalid="true"' in shown and "Xin ghi rõ hỏng gì." in shown
    assert page.store.run(journal.open_faults) == []


def test_what_was_typed_stays_when_the_order_is_refused(page: Page) -> None:
    page.station.refuse = "Somebody is using this computer."
    code, shown = page.post("pc/fault", words="Chuột hỏng")
    assert code == 409 and 'value="Chuột hỏng"' in shown


def test_without_a_date_nothing_is_written_under_a_day_that_never_was(tmp_path: Path) -> None:
    undated = lambda: reading(trusted=False)  # noqa: E731
    with Store(tmp_path / "kiosk.db") as store:
        equipment = Equipment(health_of(store, read=undated), Station(), store, undated)
        with pytest.raises(RefusedError, match="date"):
            equipment.report("printer", "Kẹt giấy", "Lan")
        assert store.run(journal.open_faults) == []


def test_check_status_and_the_page_say_the_same_word_for_word(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.post("printer/fault", reason="Kẹt giấy")
    page.health._station.meter.online = False
    page.health._read = None
    shown, told = page.get(), said_in("vi", page.health.shown())
    monkeypatch.setattr(doctor.client, "running", lambda _paths: True)
    monkeypatch.setattr(doctor.client, "ask", lambda _paths, _verb: {"health": told})
    checked = {one.name: one for one in doctor.health(Paths(Path("/nowhere")))}
    assert list(checked) == list(THINGS) == [lamp["thing"] for lamp in told["lamps"]]
    for lamp in told["lamps"]:
        assert lamp["reason"] in shown and lamp["todo"] in shown, lamp
        one = checked[lamp["thing"]]
        assert (one.message, one.hint) == (lamp["reason"], lamp["todo"])
    assert checked["printer"].state == "bad" and checked["internet"].state == "warn"
    assert (
        "Hiện không có mạng." in shown and translate("vi", "cli", "There is no network now.") == "Hiện không có mạng."
    )


def test_a_store_that_does_not_answer_leaves_what_is_known_without_it(page: Page) -> None:
    page.store.close()
    shown = page.get()
    assert "Chưa xem được những ngày trước" in shown and "Hiện chưa biết máy đã phục vụ bao lâu." in shown
    assert "Ổ đĩa còn trống" in shown


def test_an_undated_clock_leads_to_its_page(page: Page) -> None:
    clock = {"trusted": False, "because": None, "why_not": "before_build", "offset": 0, "undated": {}}
    page.health._station.snapshot = {**free(), "clock": clock}
    assert "cũ hơn" in page.row("clock") or "Ngày giờ chưa chắc đúng" in page.row("clock")
    assert 'href="/s/03/date"' in page.get()
