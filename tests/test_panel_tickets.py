"""Tickets and waiting numbers on the panel: made once per touch, printed whole, read by a real decoder, taken back."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from store_support import reading
from test_menu_is_accessible import axe, faults
from web_faces import OWN_PAGE, People, Station, browser, free, served, settings_of

from kiosk.rules.policy import Policy, parse_policy
from kiosk.rules.queue import Queue
from kiosk.rules.tickets import shown, well_formed
from kiosk.service.panel import create_panel
from kiosk.service.ticket_desk import TicketDesk
from kiosk.service.ticket_paper import page as paper
from kiosk.store import Store, tickets
from kiosk.store.tickets import Sheet

WITH_TICKETS = '[entry]\nways = ["citizen", "ticket"]\n'
__all__ = ["axe"]
CODE = re.compile(r'class="slip-code">(\d{4} \d{4})<')


class Desk:
    """A panel over a real store."""

    def __init__(self, home: Path, policy: str = WITH_TICKETS, role: str = "clerk") -> None:
        self.store = Store(home / "kiosk.db")
        self.changed: list[Policy] = []
        self.settings = settings_of(home, policy, self.changed)
        self.desk = TicketDesk(self.store, reading, lambda: self.settings.policy)
        self.station = Station(free())
        self.app = create_panel(
            self.station, People(role=role), settings=self.settings, ticket_desk=self.desk, now=lambda: reading().local
        )
        self.client: FlaskClient = self.app.test_client()
        assert self.post("/sign-in", pin="274916").status_code == 303

    def post(self, path: str, **form: object):  # type: ignore[no-untyped-def]
        return self.client.post(path, data=form, headers=OWN_PAGE)

    def make(self, count: int = 1, **form: object) -> str:
        """Tickets by the page's own form; the address of their page."""
        newest = re.search(r'name="newest" value="(\d+)"', self.client.get("/s/03/tickets").text)
        assert newest
        answer = self.post("/s/03/tickets", **{"newest": newest[1], "minutes": 60, "days": 1, "count": count, **form})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def switch(self, word: str) -> None:
        """As a manager: what changes is shown before it is saved."""
        form = {"tickets": word, "version": self.settings.version}
        saved = len(self.changed)
        page = self.post("/s/03/settings/tickets", **form).text
        assert "Phiếu vào máy" in page and 'name="sure"' in page and len(self.changed) == saved
        assert self.post("/s/03/settings/tickets", **form, sure="1").status_code == 303

    def sheets(self) -> list[Sheet]:
        return self.store.run(tickets.sheets)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def test_one_ticket_is_shown_large_with_its_minutes_and_last_day(desk: Desk) -> None:
    page = desk.client.get(desk.make(minutes=45, days=3)).text
    [code] = CODE.findall(page)
    assert well_formed(code.replace(" ", "")) and f'id="code">{code}<' in page
    assert "45 phút" in page and "23/11/2026" in page and "Máy 03" in page
    [sheet] = desk.sheets()
    assert (sheet.total, sheet.minutes) == (1, 45)


@pytest.mark.slow
def test_a_sheet_has_24_different_codes_each_of_which_opens_one_session(desk: Desk) -> None:
    page = desk.client.get(desk.make(24)).text
    codes = CODE.findall(page)
    assert len(set(codes)) == 24
    found = [desk.store.run(tickets.find, code.replace(" ", "")) for code in codes]
    assert all(ticket and ticket.minutes == 60 and not ticket.used for ticket in found)
    assert found[0] is not None
    desk.store.run(tickets.redeem, found[0].key)
    assert len(CODE.findall(desk.client.get("/s/03/tickets/1").text)) == 23, "a used one is not printed again"
    listed = desk.client.get("/s/03/tickets").text
    assert "còn dùng được: 23" in listed and "đã dùng: 1" in listed
    assert not [code for code in codes if code in listed]


def test_a_second_touch_makes_no_second_sheet_and_what_was_typed_stays(desk: Desk) -> None:
    form = {"newest": "0", "minutes": 30, "days": 2, "count": 24}
    assert desk.post("/s/03/tickets", **form).status_code == 303
    again = desk.post("/s/03/tickets", **form)
    assert again.status_code == 409 and 'role="alert"' in again.text
    assert 'value="30"' in again.text and len(desk.sheets()) == 1


@pytest.mark.parametrize(("minutes", "days", "field"), [
    ("241", "1", "minutes"), ("0", "1", "minutes"), ("", "1", "minutes"), ("1e3", "1", "minutes"),
    ("60", "32", "days"), ("60", "0", "days"), ("60", "-1", "days"),
])  # fmt: skip
def test_wrong_minutes_or_days_are_named_beside_their_field(desk: Desk, minutes: str, days: str, field: str) -> None:
    answer = desk.post("/s/03/tickets", newest="0", minutes=minutes, days=days, count=1)
    assert answer.status_code == 409 and f'id="wrong-{field}"' in answer.text and desk.sheets() == []
    assert f'name="minutes" value="{minutes}"' in answer.text


def test_the_most_minutes_are_the_policys(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_TICKETS + "[tickets]\nmost_minutes = 90\ndays = 5\n")
    assert 'name="days" value="5"' in desk.client.get("/s/03/tickets").text
    assert desk.post("/s/03/tickets", newest="0", minutes="91", days="5", count=1).status_code == 409
    assert desk.client.get(desk.make(minutes=90, days=5)).status_code == 200


def test_taking_back_is_asked_first_and_leaves_nothing_to_open(desk: Desk) -> None:
    address = desk.make(24)
    [code, *_more] = CODE.findall(desk.client.get(address).text)
    asked = desk.client.get(f"{address}/withdraw")
    assert "24" in asked.text and desk.sheets()[0].withdrawn == 0
    assert desk.post(f"{address}/withdraw").status_code == 303
    ticket = desk.store.run(tickets.find, code.replace(" ", ""))
    assert ticket is not None and ticket.withdrawn
    assert CODE.findall(desk.client.get(address).text) == []
    assert desk.post(f"{address}/withdraw").status_code == 303, "once more does no harm"


@pytest.mark.slow
def test_after_a_restart_new_numbers_take_the_place_of_the_old_and_end_with_them(desk: Desk) -> None:
    address = desk.make(24, days=2)
    old = CODE.findall(desk.client.get(address).text)
    desk.desk._codes.clear()
    page = desk.client.get(address).text
    assert CODE.findall(page) == [] and 'id="renew"' in page
    answer = desk.post(f"{address}/renew")
    new = CODE.findall(desk.client.get(answer.headers["Location"]).text)
    assert len(new) == 24 and not set(new) & set(old)
    ticket = desk.store.run(tickets.find, old[0].replace(" ", ""))
    assert ticket is not None and ticket.withdrawn
    newest, before = desk.sheets()
    assert newest.expires == before.expires and desk.post(f"{address}/renew").status_code == 409


def test_a_manager_switches_tickets_on_and_a_clerk_is_told_so(tmp_path: Path) -> None:
    clerk = Desk(tmp_path, "")
    page = clerk.client.get("/s/03/tickets").text
    assert 'id="tickets-on"' not in page and 'id="make-one"' not in page
    assert clerk.post("/s/03/tickets", newest="0", minutes=60, days=1, count=1).status_code == 409
    clerk.store.close()
    manager = Desk(tmp_path, "", role="manager")
    assert 'href="/s/03/settings/tickets" id="tickets-on"' in manager.client.get("/s/03/tickets").text
    manager.switch("on")
    assert manager.changed[-1].entry.ways == ("citizen", "staff", "ticket")
    assert 'id="make-one"' in manager.client.get("/s/03/tickets").text
    manager.switch("off")
    assert manager.changed[-1].entry.ways == ("citizen", "staff")
    assert 'id="make-one"' not in manager.client.get("/s/03/tickets").text
    assert manager.post("/s/03/settings/back", version=manager.settings.version).status_code == 303
    assert manager.changed[-1].entry.ways == ("citizen", "staff", "ticket"), "and one touch takes it back"
    manager.store.close()


@pytest.mark.parametrize(("ways", "left"), [('["ticket"]', ("staff",)), ('["ticket", "citizen"]', ("citizen",))])
def test_where_tickets_were_all_staff_can_still_begin_without_them(
    tmp_path: Path, ways: str, left: tuple[str, ...]
) -> None:
    manager = Desk(tmp_path, f"[entry]\nways = {ways}\n", role="manager")
    manager.switch("off")
    assert manager.changed[-1].entry.ways == left
    assert manager.post("/s/03/settings/tickets", tickets="?").status_code == 409
    manager.store.close()


def test_numbers_are_given_called_skipped_and_undone_from_the_main_page(desk: Desk) -> None:
    for _ in range(3):
        new = re.search(r'name="number" value="(\d+)">\s*<button[^>]*id="queue-give"', desk.client.get("/").text)
        assert new and desk.post("/queue/give", number=new[1]).status_code == 303
    assert desk.station.queue.waiting == (1, 2, 3)
    assert desk.post("/queue/give", number="3").status_code == 409, "a second touch"
    assert desk.post("/queue/call", number="1").status_code == 303
    page = desk.client.get("/").text
    assert 'id="queue-skip"' in page and 'id="queue-call"' not in page
    assert desk.post("/queue/skip", number="1").status_code == 303
    assert desk.station.queue.called == 2 and list(desk.station.queue.waiting) == [3]
    late = desk.post("/queue/skip", number="1")
    assert late.status_code == 409 and 'role="alert"' in late.text
    assert desk.post("/queue/undo").status_code == 303 and desk.station.queue.called == 1
    everybody = desk.client.get("/queue").text
    assert 'id="call-3"' in everybody
    assert desk.post("/queue/call", number="3", page="all").headers["Location"] == "/queue"
    assert desk.client.get("/queue/slip/3").status_code == 200 and desk.client.get("/queue/slip/100").status_code == 404


def test_the_side_of_the_page_shows_new_numbers_by_itself_and_nothing_twice(desk: Desk) -> None:
    page = desk.client.get("/").text
    seen = re.search(r'hx-get="(/side\?seen=\w+)"', page)
    assert seen and desk.client.get(seen[1]).status_code == 204
    desk.post("/queue/give", number="1")
    fresh = desk.client.get(seen[1])
    assert fresh.status_code == 200 and 'id="queue-call"' in fresh.text


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1366, 768)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(axe: str, desk: Desk, width: int, height: int) -> None:
    for count in (1, 24, 24):
        desk.make(count)
    desk.post("/s/03/tickets/2/withdraw")
    desk.desk._codes.pop(3)
    for number in range(1, 13):
        desk.post("/queue/give", number=number)
    desk.post("/queue/call", number=1)
    pages = ["/", "/queue", "/queue/slip/12", "/s/03/tickets", *(f"/s/03/tickets/{one}" for one in (1, 2, 3)),
             "/s/03/tickets/1/withdraw"]  # fmt: skip
    with served(desk.app) as site, browser(width, height, bypass_csp=True) as page:
        page.goto(f"{site}/sign-in")
        page.get_by_label("Mã PIN").fill("274916")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/")
        for path in pages:
            page.goto(site + path)
            assert faults(page, axe) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.goto(f"{site}/s/03/tickets")
        page.get_by_label("Số phút").fill("999")
        page.locator("#make-sheet").click()
        assert page.locator("#wrong-minutes").is_visible() and faults(page, axe) == []


@pytest.mark.slow
def test_a_sheet_is_one_a4_page_with_24_qrs_that_a_reader_reads(desk: Desk, tmp_path: Path) -> None:
    address = desk.make(24)
    codes = CODE.findall(desk.client.get(address).text)
    desk.station.state = free(site="Trung tâm Văn hóa, Thể thao và Truyền thông – Điểm Bưu điện Văn hóa xã Đồng Lúa")
    with served(desk.app) as site, browser() as page:
        page.goto(f"{site}/sign-in")
        page.get_by_label("Mã PIN").fill("274916")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/")
        page.goto(site + address)
        assert page.locator("#print").is_visible()
        page.emulate_media(media="print")
        cut = page.evaluate("""() => [...document.querySelectorAll('.slip')].filter((slip) =>
            [...slip.children].some((one) => one.scrollWidth > one.clientWidth + 1
                || one.getBoundingClientRect().bottom > slip.getBoundingClientRect().bottom + 1
                || one.getBoundingClientRect().top < slip.getBoundingClientRect().top - 1)).length""")
        assert cut == 0
        page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    read_sheet(tmp_path / "sheet.pdf", tmp_path, [code.replace(" ", "") for code in codes])


@pytest.mark.slow
def test_a_sheet_of_the_command_line_needs_no_other_file(tmp_path: Path) -> None:
    codes = [f"{number}" for number in (12345674, 10000001)]
    html = paper(codes, "vi", site="Bưu điện", station="03", minutes="60", until="20/11/2026")
    assert "http" not in html.replace("http-equiv", "") and shown(codes[0]) in html
    (tmp_path / "sheet.html").write_text(html, encoding="utf-8")
    with browser() as page:
        page.goto((tmp_path / "sheet.html").as_uri())
        page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    read_sheet(tmp_path / "sheet.pdf", tmp_path, codes)


def read_sheet(pdf: Path, folder: Path, codes: list[str]) -> None:
    """One A4 page; as a printer of 200 dots an inch lays it down, the QR of each slip says that slip's own code."""
    about = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Pages:\s+1$", about, re.MULTILINE), about
    assert "A4" in about
    words = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert [code.replace(" ", "") for code in re.findall(r"\b\d{4} \d{4}\b", words)] == codes
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", "-singlefile", pdf, folder / "sheet"], check=True)
    wide, high = ("63.3", "34.8")
    for place in range(len(codes)):
        x, y = 10 + float(wide) * (place % 3), 8 + float(high) * (place // 3)
        dots = "x".join(f"{float(one) / 25.4 * 200:.0f}" for one in (wide, high))
        spot = f"{dots}+{x / 25.4 * 200:.0f}+{y / 25.4 * 200:.0f}"
        subprocess.run(
            ["convert", folder / "sheet.png", "-crop", spot, "+repage", folder / f"{place:02}.png"], check=True
        )
    images = [str(folder / f"{place:02}.png") for place in range(len(codes))]
    read = subprocess.run(["zbarimg", "--nodbus", "--quiet", "--raw", *images], capture_output=True, text=True)
    assert read.stdout.split() == codes


def test_who_waits_is_seen_on_the_main_page(desk: Desk) -> None:
    desk.station.queue = Queue("d", 12, (11, 12), 10)
    desk.post("/queue/give", number="13")
    page = desk.client.get("/").text
    assert "11, 12, 13" in page and 'id="queue-back"' in page
    assert parse_policy({}).queue.by_itself
