"""The first day: an empty station is led from a code on its console to a manager, a site, hours, and is in service."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from store_support import reading
from web_faces import NOON, OWN_PAGE, Station, free, settings_of

from kiosk.clock import Reading
from kiosk.errors import DamagedError, RefusedError, UsageError
from kiosk.service.checked_settings import load_checked
from kiosk.service.first_day import FirstDay
from kiosk.service.first_run import write_settings
from kiosk.service.panel import create_panel
from kiosk.service.parts import deeds_of
from kiosk.settings import Paths, load_site
from kiosk.store import Store, throttle
from kiosk.store.pins import Managers
from kiosk.web.sign_in import WebSessions

PIN = "274916"


class Empty:
    """A station on its first day, and somebody before its panel."""

    def __init__(self, home: Path) -> None:
        self.paths, self.now, self.restarts = Paths(home), reading(), 0
        write_settings(self.paths)
        self.store = Store(home / "kiosk.db")
        self.managers = Managers(self.store, self.read)
        settings = settings_of(home, self.paths.policy_toml.read_text(encoding="utf-8"))
        self.day = FirstDay(self.store, self.managers, self.paths, load_site(self.paths), self.read, self.restart)
        self.station = Station(free(clock_trusted=False))
        app = create_panel(
            self.station, self.managers, sessions=WebSessions(), settings=settings, first_day=self.day,
            now=lambda: NOON, people=self.managers, deeds=deeds_of(self.store, self.read),
        )  # fmt: skip
        self.client: FlaskClient = app.test_client()

    def read(self) -> Reading:
        return self.now

    def restart(self) -> None:
        self.restarts += 1

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        answer = self.client.post(path, data=fields, headers=OWN_PAGE)
        return answer.status_code, answer.headers.get("Location", answer.text)

    def begin(self, **fields: str) -> tuple[int, str]:
        return self.post("/begin", **{"name": "Chị Hoa", "pin": PIN, "again": PIN, "code": self.day.code(), **fields})


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Empty]:
    station = Empty(tmp_path)
    yield station
    station.store.close()


def test_the_code_of_the_console_makes_the_first_manager_who_is_then_led_on(empty: Empty) -> None:
    assert empty.client.get("/").headers["Location"] == "/sign-in"
    assert empty.client.get("/sign-in").headers["Location"] == "/begin"
    page = empty.client.get("/begin").text
    assert "Chào mừng" in page and empty.day.code() not in page
    assert empty.begin(name="  Chị   Hoa ") == (303, "/first-day")
    assert empty.managers.listed() == [("Chị Hoa", "manager")]
    page = empty.client.get("/first-day").text
    for address in ("/first-day/site", "/s/03/settings/week", "/s/03/date"):
        assert f'href="{address}"' in page
    assert 'id="first-day"' in empty.client.get("/").text


def test_the_code_is_worth_nothing_afterwards(empty: Empty) -> None:
    code = empty.day.code()
    empty.begin()
    empty.client.post("/sign-out", headers=OWN_PAGE)
    assert empty.client.get("/begin").headers["Location"] == "/sign-in"
    assert empty.post("/begin", name="Ai đó", pin="739155", again="739155", code=code) == (303, "/sign-in")
    assert empty.managers.names() == ["Chị Hoa"]
    with pytest.raises(RefusedError):
        empty.day.code()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "00000000"}, "Mã này chưa đúng."),
        ({"code": ""}, "Mã này chưa đúng."),
        ({"again": "274917"}, "Hai mã PIN không giống nhau."),
        ({"pin": "123456", "again": "123456"}, "Mã PIN này quá dễ đoán."),
        ({"pin": "12", "again": "12"}, "chữ số"),
        ({"name": " "}, "ký tự"),
    ],
)
def test_what_is_wrong_is_told_and_nobody_is_made(empty: Empty, fields: dict[str, str], words: str) -> None:
    empty.day._code = "31415926"
    status, page = empty.begin(**fields)
    assert status == 409 and words in page and PIN not in page
    (name,) = {"again" if fields.get("again") == "274917" else next(iter(fields))}
    assert re.search(rf'id="{name}"[^>]*aria-invalid="true" aria-describedby="wrong-{name}"', page)
    assert re.search(rf'id="wrong-{name}">[^<]*{re.escape(words)}', page), "said at its field"
    assert empty.managers.names() == [] and empty.client.get_cookie("web_session") is None


def test_guessing_the_code_is_held_up_for_everybody_and_the_wait_is_in_the_store(empty: Empty) -> None:
    empty.day._code = "31415926"
    for _ in range(5):
        assert "Mã này chưa đúng." in empty.begin(code="00000000")[1]
    status, page = empty.begin()
    assert status == 409 and "Nhập sai mã nhiều lần quá." in page and empty.managers.names() == []
    empty.day = FirstDay(
        empty.store, empty.managers, empty.paths, load_site(empty.paths), empty.read, empty.restart
    )  # fmt: skip
    with pytest.raises(RefusedError):
        empty.day.begin(empty.day.code(), "Lan", PIN)
    empty.now = replace(empty.now, boot=empty.now.boot + 61)
    empty.day.begin(" ".join(empty.day.code()), "Lan", PIN)
    assert empty.managers.names() == ["Lan"]


def test_a_right_code_is_no_guess_whatever_else_does_not_fit(empty: Empty) -> None:
    for _ in range(8):
        with pytest.raises(UsageError):
            empty.day.begin(empty.day.code(), "Lan", "123456")
    empty.day.begin(empty.day.code(), "Lan", PIN)
    assert empty.managers.names() == ["Lan"]


def test_of_two_right_codes_at_once_the_second_is_told_and_not_signed_in_as_the_first(
    empty: Empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, run = empty.day.code(), empty.store.run

    def and_meanwhile(job: Any, *values: Any) -> Any:
        found = run(job, *values)
        if job is throttle.forgive:
            empty.managers.add("Lan", PIN)
        return found

    monkeypatch.setattr(empty.store, "run", and_meanwhile)
    status, page = empty.begin(code=code)
    assert status == 409 and "Có người khác vừa trở thành người quản lý đầu tiên." in page
    assert empty.managers.names() == ["Lan"] and empty.client.get_cookie("web_session") is None


def test_the_code_is_said_in_the_log_once_and_differs_from_day_to_day(
    empty: Empty, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        empty.day.tell()
    code = empty.day.code()
    assert f"{code[:4]} {code[4:]}" in caplog.text and re.fullmatch(r"\d{8}", code)
    codes = {
        FirstDay(empty.store, empty.managers, empty.paths, load_site(empty.paths), empty.read, empty.restart).code()
        for _ in range(5)
    }
    assert len(codes) == 5
    empty.begin()
    caplog.clear()
    empty.day.tell()
    assert "code" not in caplog.text


def test_the_site_is_named_once_and_the_next_service_runs_under_it(empty: Empty) -> None:
    empty.begin()
    wrong = {"code": "th 77", "name": "", "station": "số 5"}
    status, page = empty.post("/first-day/site", **wrong)
    assert status == 409 and all(f'id="wrong-{name}"' in page for name in wrong) and 'value="số 5"' in page
    assert empty.restarts == 0
    names = {"code": "th-077", "name": "Thư viện xã Đồng Lúa", "station": "05"}
    status, page = empty.post("/first-day/site", **names)
    assert "Mã điểm TH-077, đúng không?" in page and "Thư viện xã Đồng Lúa, máy 05." in page
    assert empty.restarts == 0 and empty.day.site.code == "TH-000", "a slip is seen before the code is set for good"
    status, page = empty.post("/first-day/site", **names, change="1")
    assert 'value="th-077"' in page and 'value="05"' in page and "wrong-" not in page and empty.restarts == 0
    status, page = empty.post("/first-day/site", **names, sure="1")
    assert status == 200 and empty.restarts == 1
    site, _policy = load_checked(empty.paths)
    assert (site.code, site.name, site.station) == ("TH-077", "Thư viện xã Đồng Lúa", "05")
    assert empty.client.get("/first-day/site").headers["Location"] == "/first-day"
    assert empty.post("/first-day/site", code="TH-078", name="x", station="06") == (303, "/first-day")
    empty.paths.chosen_site.write_text("[site]\ncode = 'x y'\n", encoding="utf-8")
    assert load_checked(empty.paths)[0].code == "TH-000", "a file that is wrong counts for nothing"


def test_when_all_is_done_the_panel_says_nothing_of_a_first_day(empty: Empty) -> None:
    empty.begin()
    empty.post("/first-day/site", code="TH-077", name="Thư viện", station="05", sure="1")
    empty.station.state = free()
    fields = dict(re.findall(r'name="(version)" value="(\w+)"', empty.client.get("/s/03/settings/week").text))
    answer = empty.post("/s/03/settings/week", **fields, monday_0_from="7h30", monday_0_to="11h30", sure="1")
    assert answer[0] == 303
    assert "Đã xong cả." in empty.client.get("/first-day").text
    assert 'id="first-day"' not in empty.client.get("/").text


def test_the_main_page_opens_where_the_store_cannot_be_asked(empty: Empty, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> bool:
        raise DamagedError("The store is damaged.", "")

    empty.begin()
    monkeypatch.setattr(empty.day, "may_name_site", damaged)
    assert empty.client.get("/").status_code == 200


def test_the_kind_of_place_sets_what_start_says_of_fees(empty: Empty) -> None:
    empty.begin()
    page = empty.client.get("/first-day/site").text
    assert re.search(r'value="library" checked', page) and "Bưu điện – Văn hóa xã: màn hình chào nhắc" in page
    names = {"code": "TH-077", "name": "Bưu điện xã", "station": "05"}
    status, page = empty.post("/first-day/site", **{**names, "code": "?"}, kind="post_office")
    assert status == 409 and re.search(r'value="post_office" checked', page), "what was chosen stays"
    assert load_checked(empty.paths)[1].fee.vi == "", "nothing of a refused form is set"
    assert empty.post("/first-day/site", **names, kind="post_office", sure="1")[0] == 200 and empty.restarts == 1
    site, policy = load_checked(empty.paths)
    assert site.code == "TH-077" and policy.fee.vi == "Giá sử dụng: xem bảng giá tại quầy"


def test_visits_that_were_counted_before_are_told_with_what_becomes_of_them(empty: Empty) -> None:
    empty.begin()
    empty.station.state = free(visits_month=0)
    assert "giữ lại luôn" not in empty.client.get("/first-day/site").text
    empty.station.state = free(visits_month=7)
    assert "Đã đếm 7 lượt trước khi điểm có mã" in empty.client.get("/first-day/site").text


def test_the_province_may_wait_and_holds_nobody_up(empty: Empty) -> None:
    empty.begin()
    page = empty.client.get("/first-day").text
    assert "Kết nối với tỉnh" in page and "Để sau, do kỹ thuật viên làm." in page
    empty.day.site = replace(empty.day.site, export_to="/media/usb")
    assert "Để sau" not in empty.client.get("/first-day").text


def test_the_name_is_set_with_the_code_first_and_alone_afterwards(empty: Empty) -> None:
    empty.begin()
    answer = empty.client.get("/s/03/settings/name")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/first-day/site")
    empty.post("/first-day/site", code="TH-077", name="Thư viện", station="05", sure="1")
    assert empty.client.get("/s/03/settings/name").status_code == 200
