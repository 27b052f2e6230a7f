"""The report on the panel: walked by its links, read as a table, downloaded, printed; small enough, and honest."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from small_world import reports_of, small_world
from web_faces import NOON, OWN_PAGE, People, Station

from kiosk.messages import MAX_LINE
from kiosk.rules.month_lock import Revision
from kiosk.service.month_locking import MonthLocks
from kiosk.service.panel import create_panel
from kiosk.service.parts import report_action, unpack
from kiosk.store import Store, month_locks

MOST_BYTES = 100_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_world(tmp_path_factory.mktemp("world")) as store:
        yield store


@pytest.fixture
def client(store: Store) -> FlaskClient:
    client = create_panel(Station(), People(), now=lambda: NOON, reports=reports_of(store)).test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    return client


def texts(page: str) -> list[list[str]]:
    """The cells of every row of the page's tables."""
    rows = re.findall(r"<tr\b.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in cells]


def links(page: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(/s/03/report\?[^"]*)"', page)]


def test_a_stranger_sees_no_report(store: Store) -> None:
    stranger = create_panel(Station(), People(), reports=reports_of(store)).test_client()
    for address in ("/s/03/report", "/s/03/report?period=2026", "/s/03/report.csv"):
        answer = stranger.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")


def test_it_begins_with_this_month_and_goes_back_and_forward(client: FlaskClient) -> None:
    page = client.get("/s/03/report").text
    assert "BÁO CÁO THÁNG 11/2026 – HOẠT ĐỘNG TRUY NHẬP MÁY TÍNH, INTERNET CÔNG CỘNG" in page
    assert 'rel="next"' not in page, "December has not come"
    back = re.search(r'href="([^"]*)" rel="prev"', page)
    assert back and back[1] == "/s/03/report?period=2026-10"
    october = client.get(back[1]).text
    forward = re.search(r'href="([^"]*)" rel="next"', october)
    assert forward and forward[1] == "/s/03/report?period=2026-11"


@pytest.mark.slow
def test_every_link_leads_to_a_report_three_steps_far(client: FlaskClient) -> None:
    waiting, met = [("/s/03/report", 0)], set[str]()
    while waiting:
        address, far = waiting.pop()
        if address in met:
            continue
        met.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert len(answer.data) < MOST_BYTES
        if far < 3:
            waiting += [(link, far + 1) for link in links(answer.text)]
    assert len(met) >= 25
    assert {"/s/03/report?period=2026", "/s/03/report?period=2026-W47", "/s/03/report?period=2026-01..2026-09"} <= met


def test_the_table_says_the_numbers_and_what_they_mean(client: FlaskClient) -> None:
    page = client.get("/s/03/report?period=2026-10").text
    rows = {row[1]: row for row in texts(page) if len(row) == 5}
    sign = "▲ +48,1 % tăng"
    assert rows["Số lượt người sử dụng"] == ["1", "Số lượt người sử dụng", "200", "10", f"135 {sign}"]
    # The estimate of the year before rests on one month of ten.
    assert rows["Số người sử dụng (ước tính)"][2:] == ["85 (64–116)", "4 (4–6)", "27 (25–35) Chưa so sánh được"]
    assert rows["Trong đó: thuộc nhóm đối tượng đích"][2:] == ["20", "giữ kín", "giữ kín"]
    assert rows["Tổng thời gian sử dụng máy tính (giờ)"][2] == "50,0"
    assert "Số ngày thiếu số liệu: 1." in page and "bản 1.0" in page


def test_a_withheld_number_wears_the_lock_and_the_rule_stands_below(client: FlaskClient) -> None:
    page = client.get("/s/03/report?period=2026-10").text
    assert page.count('class="held"') == 2 + 4 + 4  # target users twice, four ages, four groups
    assert "Dưới 5 lượt ở một phía, hoặc còn ít lượt mới: không hiển thị để giữ bí mật" in page
    assert ["Người khuyết tật", "", "giữ kín"] in texts(page)
    assert "Đang giữ kín, tính đến hết tháng trước: 0 lượt có chọn hình" in page


def test_a_small_difference_gets_the_sign_and_no_percentage(client: FlaskClient) -> None:
    page = client.get("/s/03/report?period=2026-10-06").text
    assert "%</b>" not in page
    row = next(row for row in texts(page) if row[1:2] == ["Số lượt người sử dụng"])
    # 8 visits on 6 October and 5 a year before: 3 <= 2 x sqrt(13)
    assert row[2:] == ["8", "8", "5 ≈ Chênh lệch nhỏ, chưa đủ để nói tăng hay giảm"]


def test_days_without_a_number_are_hollow_dots_and_zero_is_none_of_them(client: FlaskClient) -> None:
    page = client.get("/s/03/report?period=2026-10").text
    dots = re.findall(r'<li class="none" title="([^"]*)">', page)
    assert dots == ["04/10: không mở cửa theo lịch", "11/10: không mở cửa theo lịch", "18/10: không mở cửa theo lịch",
                    "25/10: không mở cửa theo lịch", "30/10: máy không bật", "31/10: chưa có số liệu"]  # fmt: skip
    assert page.count("<li title=") == 25


def test_answers_of_an_open_month_are_one_sentence(client: FlaskClient) -> None:
    page = client.get("/s/03/report?period=2026-11").text
    assert "Các số này chỉ cho xem khi đã hết tháng" in page and "Nữ" not in page


@pytest.mark.slow
def test_two_dates_make_a_period_and_nonsense_is_told(client: FlaskClient) -> None:
    answer = client.get("/s/03/report?from=2026-10-01&to=2026-10-20")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/s/03/report?period=2026-10-01..2026-10-20")
    for wrong in ("2026-13", "<script>alert(1)</script>", "x" * 3000, "2026-11-01..", "-1", "٢٠٢٦"):
        answer = client.get("/s/03/report", query_string={"period": wrong})
        assert answer.status_code == 400 and "Kỳ báo cáo ấy không có" in answer.text
        assert "alert(1)" not in answer.text
    answer = client.get("/s/03/report?from=%0d%0aX: 1&to=%0d%0a")
    assert answer.status_code == 400 and "X" not in answer.headers


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [("2026-10-20", "2026-10-01", "to", "đứng trước ngày bắt đầu"), ("2001-01-01", "2026-10-01", "to", "ít ngày hơn"),
     ("", "2026-10-01", "from", "Xin chọn ngày"), ("2026-10-01", "2026-02-30", "to", "Xin chọn ngày")],
)  # fmt: skip
def test_days_that_make_no_period_come_back_as_typed_and_the_field_is_named(
    client: FlaskClient, first: str, last: str, field: str, words: str
) -> None:
    answer = client.get("/s/03/report", query_string={"from": first, "to": last})
    assert answer.status_code == 400
    assert f'name="from" value="{first}"' in answer.text and f'name="to" value="{last}"' in answer.text
    assert re.findall(r'name="(\w+)"[^>]*aria-invalid', answer.text) == [field]
    told = re.search(rf'id="wrong-{field}">([^<]*)<', answer.text)
    assert told and words in told[1].replace("\u00a0", " ") and '<details class="days" open>' in answer.text


def test_the_file_downloads_and_opens(client: FlaskClient) -> None:
    answer = client.get("/s/03/report.csv?period=2026-10")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="TH-017_03_2026-10.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf"), "else Excel takes it for another encoding"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Chỉ tiêu"], "a heading over the first table"
    figures = {row[rows[1].index("Mã")]: dict(zip(rows[1], row, strict=True)) for row in rows[2 : rows.index([])]}
    assert figures["VISITS"]["Chỉ tiêu"] == "Số lượt người sử dụng" and figures["VISITS"]["Kỳ này"] == "200"
    assert figures["PC_HOURS"]["Kỳ này"] == "50,0", "with the comma of a Vietnamese spreadsheet"
    assert ["Từng ngày"] in rows and ["Ai đã đến"] in rows
    client.get("/language/en")
    rows = list(csv.reader(io.StringIO(client.get("/s/03/report.csv?period=2026-10").data.decode("utf-8-sig"))))
    assert next(row for row in rows if "PC_HOURS" in row)[1] == "50.0"
    assert client.get("/s/03/report.csv?period=nonsense").status_code == 303


def test_english_is_one_touch_away(client: FlaskClient) -> None:
    client.get("/language/en")
    page = client.get("/s/03/report?period=2026-10").text
    assert "report on public computer and Internet access" in page and "Users (estimate)" in page
    assert "▲ +48.1 %" in page and "withheld" in page


def test_the_two_pages_lead_to_each_other(client: FlaskClient) -> None:
    assert 'href="/s/03/report"' in client.get("/").text
    assert re.search(r'<a [^>]*href="/"[^>]*>[^\0]*?<span>Hôm nay</span></a>', client.get("/s/03/report").text)
    alone = create_panel(Station(), People(), now=lambda: NOON).test_client()
    alone.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    assert 'href="/s/03/report"' not in alone.get("/").text and alone.get("/s/03/report").status_code == 404


@pytest.mark.slow
def test_hundreds_of_changes_and_ten_years_keep_the_page_small_and_the_files_whole(tmp_path: Path) -> None:
    with small_world(tmp_path) as store:
        MonthLocks(store, reports_of(store)).look()
        many = [
            Revision("2026-10", "VISITS", str(200 + number % 2), str(200 + (number + 1) % 2), "late", "",
                     f"2026-11-{number // 20 + 1:02}T00:00:00+00:00")
            for number in range(400)
        ]  # fmt: skip
        store.run(month_locks.revise, many)
        client = create_panel(Station(), People(), now=lambda: NOON, reports=reports_of(store)).test_client()
        client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
        for period in ("2026-10", "2017-01..2026-12"):
            page = client.get(f"/s/03/report?period={period}")
            assert len(page.data) < MOST_BYTES and "Còn 300 thay đổi trước đó" in page.text
            assert client.get(f"/s/03/report/print?period={period}").text.count("→") == 400
            assert len(client.get(f"/s/03/report.json?period={period}").json["revisions"]) == 400
        assert len(unpack(report_action(reports_of(store), "2017-01..2026-12", "json"))) > MAX_LINE
        assert len(report_action(reports_of(store), "2017-01..2026-12", "json")) < MAX_LINE


def test_a_year_that_runs_is_not_called_locked(client: FlaskClient, store: Store) -> None:
    MonthLocks(store, reports_of(store)).look()
    assert "Chốt số liệu: 22/11/2026" in client.get("/s/03/report?period=2026-10").text
    assert "Chốt số liệu" not in client.get("/s/03/report?period=2026").text
    assert "Chốt số liệu: 22/11/2026" in client.get("/s/03/report?period=2026-Q3").text
