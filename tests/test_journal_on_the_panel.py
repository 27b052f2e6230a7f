"""The journal at the desk: one line and Enter, mended and struck with a trace, locked months, earlier months."""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from store_support import reading
from web_faces import NOON, OWN_PAGE, People, Station

from kiosk.rules.policy import parse_policy
from kiosk.service.journal import Journal
from kiosk.service.panel import create_panel
from kiosk.store import Store, facts, journal

TODAY = reading(NOON.isoformat())


class Desk:
    """A clerk before the journal, on 20/11/2026; the station's first day was 01/03/2026."""

    def __init__(self, store: Store, role: str = "clerk") -> None:
        self.store = store
        store.run(facts.put, "first_use", "2026-03-01")
        self.journal = Journal(store, lambda: parse_policy({}), lambda: TODAY)
        app = create_panel(Station(), People(role=role), journal=self.journal, now=lambda: NOON)
        self.client: FlaskClient = app.test_client()
        self.client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)

    def page(self, path: str = "/journal") -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def post(self, path: str, **fields: object) -> tuple[int, str]:
        answer = self.client.post(path, data=fields, headers=OWN_PAGE)
        return answer.status_code, answer.text if answer.status_code != 303 else answer.headers["Location"]

    def write(self, kind: str, **fields: object) -> int:
        """A line written as the form would."""
        status, to = self.post(f"/journal?kind={kind}", **{"day": "2026-11-20", **fields})
        assert status == 303, to
        return int(re.search(r"done=(\d+)", to)[1])  # type: ignore[index]

    def sums(self) -> dict[str, int]:
        return {
            code: count for code, count in self.journal.sums(date(2026, 11, 1), date(2026, 11, 30)).items() if count
        }

    def upload(self, content: bytes, name: str = "so.xlsx") -> str:
        """The page after a file was sent: what was found, or why not."""
        sent = {"table": (io.BytesIO(content), name)}
        answer = self.client.post(
            "/journal/import", data=sent, headers=OWN_PAGE, content_type="multipart/form-data", follow_redirects=True
        )
        return answer.text


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store(tmp_path / "kiosk.db") as store:
        yield Desk(store)


def test_every_kind_is_written_in_one_line_and_summed(desk: Desk) -> None:
    desk.write("class", people="12", begin="08:00", end="09:30", words="Tra cứu trực tuyến")
    desk.write("outreach", events="2", people="1.234")
    desk.write("public_service")
    desk.write("books", titles_in="40", copies_in="120", words="Thùng đợt 11")
    desk.write("books", copies_out="20", read="14", lent="9")
    desk.write("reader_visits", people="31")
    desk.write("fault", what="printer", words="Kẹt giấy")
    desk.write("offered_service", words="Đọc sách điện tử")
    assert desk.sums() == {
        "classes": 1, "class_people": 12, "outreach_events": 2, "outreach_people": 1234, "service_help": 1,
        "titles_in": 40, "books_in": 120, "books_out": 20, "books_read": 14, "books_lent": 9, "books_on_hand": 100,
        "reader_visits": 31, "faults_opened": 1, "services_offered": 1,
    }  # fmt: skip
    page = desk.page()
    for words in ("1 lớp, 12 người, 08:00–09:30", "1.234 người", "Thùng đợt 11", "Máy in, chưa sửa xong"):
        assert words in page, words


def test_a_second_touch_writes_no_second_line_and_two_lines_alike_are_two(desk: Desk) -> None:
    key = re.search(r'name="key" value="(\w+)"', desk.page())[1]  # type: ignore[index]
    assert desk.write("class", people="5", key=key) == desk.write("class", people="5", key=key)
    other = re.search(r'name="key" value="(\w+)"', desk.page())[1]  # type: ignore[index]
    desk.write("class", people="5", key=other)
    assert key != other and desk.sums() == {"classes": 2, "class_people": 10}


@pytest.mark.parametrize(("kind", "field", "typed"), [
    ("class", "people", ""), ("class", "people", "nhiều"), ("class", "people", "-1"), ("class", "people", "9999999"),
    ("class", "day", "2026-11-21"), ("class", "day", "hôm qua"), ("class", "begin", "25:00"), ("books", "read", "1,5"),
    ("fault", "words", ""), ("fault", "what", "máy bay"), ("outreach", "words", "x" * 201),
    ("offered_service", "until", "2020-01-01"),
])  # fmt: skip
def test_wrong_input_keeps_what_was_typed_and_names_the_field(desk: Desk, kind: str, field: str, typed: str) -> None:
    good = {"day": "2026-11-20", "people": "7", "words": "Nội dung", "what": "pc", "lent": "2"}
    status, page = desk.post(f"/journal?kind={kind}", **good | {field: typed})
    assert status == 409 and "Xin Quý vị xem lại các ô được đánh dấu" in page
    [wrong] = re.findall(r'name="(\w+)"[^>]*aria-invalid', page)
    assert wrong == field and desk.sums() == {}
    if field not in ("what", "words"):
        assert f'value="{typed}"' in page, "what was typed is still there"
        assert 'value="Nội dung"' in page, "and so is the rest"


def test_no_leads_back_to_the_month_of_the_line(desk: Desk) -> None:
    page = desk.page(f"/journal/lines/{desk.write('class', people='12', day='2026-10-06', reason='Ghi sót')}")
    assert re.search(r'href="/journal\?[^"]*month=2026-10"', page)


def test_a_line_is_mended_struck_and_brought_back_and_its_trace_says_by_whom(desk: Desk) -> None:
    number = desk.write("class", people="12", words="Cũ")
    path = f"/journal/lines/{number}"
    assert desk.post(path, act="save", version=1, day="2026-11-19", people="15", events="1", words="Mới")[0] == 303
    assert desk.sums() == {"classes": 1, "class_people": 15}
    page = desk.page(path)
    for words in ("<s>12</s> → 15", "<s>20/11/2026</s> → 19/11/2026", "<s>Cũ</s> → Mới", "Lan"):
        assert words in page, words
    for _twice in range(2):
        assert desk.post(path, act="strike", version=2)[0] == 303
    assert desk.sums() == {} and "<s>" in desk.page() and "Khôi phục" in desk.page()
    assert desk.post(path, act="restore", version=3)[0] == 303
    assert desk.sums() == {"classes": 1, "class_people": 15}
    assert [one.act for one in desk.journal.trace(number)] == ["restore", "strike", "edit", "add"]


def test_the_second_of_two_people_is_told_and_keeps_what_they_typed(desk: Desk) -> None:
    number = desk.write("class", people="12")
    path, form = f"/journal/lines/{number}", {"act": "save", "day": "2026-11-20", "events": "1"}
    assert desk.post(path, **form, version=1, people="13")[0] == 303
    status, page = desk.post(path, **form, version=1, people="14", words="của tôi")
    assert status == 409 and "Trong lúc đó đã có người sửa dòng này: 1 lớp, 13 người" in page
    assert 'value="14"' in page and 'value="của tôi"' in page and desk.sums()["class_people"] == 13
    assert desk.post(path, act="strike", version=1)[0] == 409, "nor is it struck unseen"
    assert desk.post(path, **form, version=2, people="14")[0] == 303 and desk.sums()["class_people"] == 14


def test_a_reported_month_changes_only_with_a_reason_which_is_kept(desk: Desk) -> None:
    status, page = desk.post("/journal?kind=class", day="2026-10-05", people="4")
    assert status == 409 and "Tháng này đã báo cáo. Xin ghi lý do sửa." in page and 'name="reason"' in page
    number = desk.write("class", day="2026-10-05", people="4", reason="Tìm thấy sổ giấy")
    assert desk.post(f"/journal/lines/{number}", act="strike", version=1)[0] == 409
    assert desk.post(f"/journal/lines/{number}", act="strike", version=1, reason="Ghi nhầm")[0] == 303
    assert [one.reason for one in desk.journal.trace(number)] == ["Ghi nhầm", "Tìm thấy sổ giấy"]
    assert "Lý do: Ghi nhầm" in desk.page(f"/journal/lines/{number}")
    desk.write("class", day="2026-02-05", people="4")  # before the first day nothing was reported
    assert "đã báo cáo" not in desk.page("/journal?month=2026-02") and "4 người" in desk.page("/journal?month=2026-02")


def test_a_fault_goes_from_report_to_repair_and_its_days_are_counted(desk: Desk) -> None:
    desk.store.run(journal.open_fault, "pc", "Không lên hình", "Lan", TODAY.wall - timedelta(days=3))
    assert desk.store.run(journal.open_fault, "pc", "vẫn hỏng", "Lan", TODAY.wall) == 1, "it is one fault"
    page = desk.page()
    assert "Báo ngày 17/11, đây là ngày thứ 4." in page and desk.sums()["pc_days_down"] == 4
    assert "Không lên hình – vẫn hỏng" in page, "and nothing that was said of it is lost"
    assert desk.post("/journal/lines/1", act="repaired", version=2)[0] == 303
    assert desk.post("/journal/lines/1", act="repaired", version=2)[0] == 303, "twice is once"
    assert desk.sums() == {"faults_opened": 1, "faults_closed": 1, "pc_days_down": 3}
    assert "sửa xong ngày 20/11/2026" in desk.page() and not desk.journal.standing().faults


def test_an_empty_month_says_what_will_stand_there_and_a_wrong_address_harms_nothing(desk: Desk) -> None:
    assert "Tháng này chưa ghi gì" in desk.page("/journal?month=2026-09")
    assert "Tháng 11/2026" in desk.page("/journal?month=nonsense&kind=%00&done=x&day=..")
    assert desk.client.get("/journal/lines/99").status_code == 404
    assert desk.post("/journal/lines/99", act="save")[0] == 404
    number = desk.write("class", people="1")
    assert desk.post(f"/journal/lines/{number}", act="burn", version=1)[0] == 400
    assert desk.post(f"/journal/lines/{number}", act="strike", version="9" * 30)[0] == 409


def test_without_a_certain_date_nothing_is_written_and_it_says_what_to_do(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        desk = Desk(store)
        lost = reading("2001-01-01T00:00:00+07:00", trusted=False)
        desk.journal._read = lambda: lost
        answer = desk.client.get("/journal")
        assert answer.status_code == 409 and "Xin xác nhận" in answer.text or "ngày giờ" in answer.text


def test_what_was_typed_stays_where_no_date_was_ever_known(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        desk = Desk(store)
        desk.journal._read = lambda: reading("2001-01-01T00:00:00+07:00", trusted=False)
        status, page = desk.post("/journal?kind=class", day="2026-11-20", people="12", words="Tra cứu")
        assert status == 409 and "Phần Quý vị nhập vẫn còn ở đây" in page and "<dd>Tra cứu</dd>" in page
        assert "<dd>20/11/2026</dd>" in page
        again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        desk.journal._read = lambda: TODAY
        assert desk.post("/journal?kind=class", **again)[0] == 303 and desk.sums()["class_people"] == 12


def test_a_second_fault_of_the_printer_is_told_when_the_first_was_reported(desk: Desk) -> None:
    desk.write("fault", what="printer", words="Kẹt giấy", day="2026-11-18")
    status, page = desk.post("/journal?kind=fault", day="2026-11-20", what="printer", words="Hết mực")
    assert status == 409 and "đã báo từ ngày 18/11/2026" in page and 'value="Hết mực"' in page
    desk.write("fault", what="printer", words="Lần trước", day="2026-11-02", until="2026-11-03")
    for words in ("Quạt hỏng", "Loa hỏng"):
        desk.write("fault", what="other", words=words)
    assert [one.words["words"] for one in desk.journal.standing().faults] == ["Kẹt giấy", "Quạt hỏng", "Loa hỏng"]


def table(*rows: list[object], heads: str = "Loại việc;Ngày;Số lần;Số người;Cuốn nhận;Nội dung") -> bytes:
    """A workbook with these rows, dates as real dates."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate([heads.split(";"), *rows]):
            for place, cell in enumerate(row):
                sheet.write(number, place, *((cell, day) if isinstance(cell, date | datetime) else (cell,)))
    return out.getvalue()


def test_a_good_file_is_looked_at_then_taken_and_twice_is_once(desk: Desk) -> None:
    good = table(
        ["Lớp hướng dẫn", date(2025, 10, 5), 2, 31, None, "Kỹ năng số"],
        ["Sách luân chuyển", "7/11/2025", None, None, 80],
    )
    for expected in ("Đã ghi 2 dòng; 0 dòng đã có", "Đã ghi 0 dòng; 2 dòng đã có"):
        page = desk.upload(good)
        assert "Có 2 dòng, nhập được 2 dòng, 0 chỗ sai." in page and "2 lớp, 31 người" in page
        before = desk.journal.sums(date(2025, 1, 1), date(2025, 12, 31))["class_people"]
        assert before in (0, 31), "a look writes nothing"
        token = re.search(r'name="file" value="(\w+)"', page)[1]  # type: ignore[index]
        status, to = desk.post("/journal/import", file=token, take="all")
        assert status == 303 and expected in desk.page(to)
    found = desk.journal.sums(date(2025, 1, 1), date(2025, 12, 31))
    assert (found["classes"], found["class_people"], found["books_in"], found["books_on_hand"]) == (2, 31, 80, 80)


def test_every_mistake_of_a_file_is_named_and_only_the_good_rows_are_taken_when_asked(desk: Desk) -> None:
    page = desk.upload(table(
        ["Lớp hướng dẫn", date(2025, 10, 5), 2, 31], ["Bay lên trăng", date(2025, 10, 5), 1, 1],
        ["Truyền thông", "31/02/2025", "x", 1.5], ["Lượt bạn đọc", date(2025, 10, 5), None, 4, 9],
        [None], ["Tổng cộng", None, None, 37],
    ))  # fmt: skip
    rows = re.findall(r'<th scope="row">(\d+)</th><td class="column">([^<]*)</td>', page)
    assert sorted(rows) == [("3", "Loại việc"), ("4", "Ngày"), ("4", "Số lần"), ("4", "Số người"), ("5", "Cuốn nhận")]
    token = re.search(r'name="file" value="(\w+)"', page)[1]  # type: ignore[index]
    desk.post("/journal/import", file=token, take="all")
    assert desk.journal.lines(date(2025, 1, 1), date(2025, 12, 31)) == [], "not before somebody says: the good rows"
    assert "Đã ghi 1 dòng" in desk.page(desk.post("/journal/import", file=token, take="good")[1])


def test_a_second_touch_on_a_file_that_was_taken_says_what_was_taken(desk: Desk) -> None:
    page = desk.upload(table(["Lớp hướng dẫn", date(2025, 10, 5), 2, 31]))
    token = re.search(r'name="file" value="(\w+)"', page)[1]  # type: ignore[index]
    for _touch in range(2):
        status, to = desk.post("/journal/import", file=token, take="all")
        assert status == 303 and "Đã ghi 1 dòng; 0 dòng đã có" in desk.page(to)
    back = desk.client.get(f"/journal/import?file={token}", follow_redirects=True).text
    assert "Đã ghi 1 dòng; 0 dòng đã có" in back and "không còn giữ nữa" not in back
    lost = desk.client.get("/journal/import?file=nothing", follow_redirects=True).text
    assert "không còn giữ nữa" in lost, "the control"


def test_a_fault_of_long_ago_does_not_come_out_of_a_file_open(desk: Desk) -> None:
    heads = "Loại việc;Ngày;Đến ngày;Thiết bị;Nội dung"
    page = desk.upload(table(
        ["Thiết bị hỏng", date(2025, 10, 5), None, "Máy tính", "Hỏng nguồn"],
        ["Thiết bị hỏng", date(2025, 10, 5), date(2025, 10, 9), "Máy in", "Kẹt giấy"], heads=heads,
    ))  # fmt: skip
    assert "Có 2 dòng, nhập được 1 dòng, 1 chỗ sai." in page and "Xin ghi ngày sửa xong" in page
    assert '<th scope="row">2</th><td class="column">Đến ngày</td>' in page


def test_a_file_for_reported_months_needs_a_reason(desk: Desk) -> None:
    page = desk.upload(table(["Lớp hướng dẫn", date(2026, 9, 5), 1, 8]))
    token = re.search(r'name="file" value="(\w+)"', page)[1]  # type: ignore[index]
    assert "Có tháng đã báo cáo" in page
    status, page = desk.post("/journal/import", file=token, take="all")
    assert status == 409 and "aria-invalid" in page
    assert desk.post("/journal/import", file=token, take="all", reason="Sổ giấy")[0] == 303
    [line] = desk.journal.lines(date(2026, 9, 1), date(2026, 9, 30))
    assert [one.reason for one in desk.journal.trace(line.id)] == ["Sổ giấy"]


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04 no archive", b"\x00\x01\x02" * 99, b"a;b\n1;2\n", b"%PDF-1.7\n" + bytes(range(256)),
])  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(desk: Desk, content: bytes) -> None:
    page = desk.upload(content, "x.xlsx")
    assert re.search(r'id="problem">.*<span>[^<]{20,}</span>', page, re.DOTALL) and "Traceback" not in page


@pytest.mark.slow
def test_the_empty_tables_can_be_taken_as_they_are(desk: Desk) -> None:
    for kind in ("csv", "xlsx"):
        content = desk.client.get(f"/journal/template.{kind}").data
        assert "Có 2 dòng, nhập được 2 dòng, 0 chỗ sai." in desk.upload(content, f"a.{kind}")
    assert desk.client.get("/journal/template.exe").status_code == 303
