"""The panel asks for the date where nothing vouches for it: what was shown is confirmed, in the manager's name."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from web_faces import NOON, OWN_PAGE, People, Station, free

from kiosk.clock import LOCAL
from kiosk.service.panel import create_panel

UNSURE = {"trusted": False, "because": None, "why_not": "saved", "offset": 1_795_000_000}
LOST = {**UNSURE, "undated": {"visits": 3, "minutes": 90, "boots": 2}}


@pytest.fixture
def station() -> Station:
    return Station(free(clock_trusted=False, clock=LOST))


@pytest.fixture
def client(station: Station) -> FlaskClient:
    client = create_panel(station, People(), now=lambda: NOON).test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    return client


def post(client: FlaskClient, address: str, **fields: Any) -> tuple[int, str]:
    """Status and page of a form of our own page."""
    answer = client.post(address, data=fields, headers=OWN_PAGE)
    return answer.status_code, answer.text


def test_the_main_page_asks_only_while_the_date_is_not_trusted(client: FlaskClient, station: Station) -> None:
    page = client.get("/").text
    assert (
        'href="/s/03/date"' in page
        and "Xác nhận ngày giờ" in page
        and "Có 3 lượt người được đếm mà chưa có ngày." in page
    )
    assert "Máy không chắc về ngày giờ của mình." in page and "Đồng hồ máy sai" not in page
    station.state = free(clock_trusted=False, clock={**LOST, "why_not": "before_build"})
    assert "Đồng hồ máy sai. Xin chỉnh lại ngày giờ." in client.get("/").text
    station.state = free(clock_trusted=True, clock={**LOST, "trusted": True, "undated": {"visits": 0}})
    page = client.get("/").text
    assert 'href="/s/03/date"' not in page and "chưa có ngày" not in page


def test_the_question_shows_date_and_time_and_two_answers(client: FlaskClient) -> None:
    page = client.get("/s/03/date").text
    assert "Bây giờ có đúng là ngày giờ này không?" in page
    main = page.split("<main")[1]
    assert "09:42" in main and "thứ Sáu, 20/11/2026" in main
    assert 'name="offset" value="1795000000"' in main and 'href="/s/03/date/set"' in main
    client.get("/language/en")
    page = client.get("/s/03/date").text
    assert "Is it this date and time now?" in page and "Yes, it is right" in page and "No, set the date" in page


def test_right_is_said_in_the_managers_name_of_what_was_shown(client: FlaskClient, station: Station) -> None:
    assert post(client, "/s/03/date", offset="1795000000")[0] == 303
    assert station.asked == [("confirm_date", "Lan", 1_795_000_000.0, "")]


@pytest.mark.parametrize("offset", ["", "nan", "1e3", "soon", "9" * 40])
def test_a_form_that_does_not_say_what_was_shown_confirms_nothing(
    client: FlaskClient, station: Station, offset: str
) -> None:
    post(client, "/s/03/date", offset=offset)
    assert [value for _, _, value, _ in station.asked] == [float("-inf")], "which no clock agrees with"


def test_another_date_is_set_as_local_time(client: FlaskClient, station: Station) -> None:
    page = client.get("/s/03/date/set").text
    assert 'value="2026-11-20"' in page and 'value="09:42"' in page
    assert post(client, "/s/03/date/set", day="2026-11-21", hour="14:05")[0] == 303
    [(action, who, _, text)] = station.asked
    assert (action, who) == ("set_date", "Lan")
    assert datetime.fromisoformat(text) == datetime(2026, 11, 21, 14, 5, tzinfo=LOCAL)
    assert datetime.fromisoformat(text).utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(("day", "hour"), [("", ""), ("2026-02-30", "10:00"), ("2026-11-21", "25:00"), ("<b>", "x")])
def test_what_is_no_date_is_said_and_kept_in_the_form(
    client: FlaskClient, station: Station, day: str, hour: str
) -> None:
    status, page = post(client, "/s/03/date/set", day=day, hour=hour)
    assert status == 409 and "Ngày giờ này không hợp lệ." in page and '<b>"' not in page
    assert station.asked == []


def test_a_refusal_is_told_where_it_was_asked(client: FlaskClient, station: Station) -> None:
    station.refuse = "The clock was changed meanwhile."
    status, page = post(client, "/s/03/date", offset="5")
    assert status == 409 and "Đồng hồ vừa được chỉnh lại." in page
    status, page = post(client, "/s/03/date/set", day="2036-11-21", hour="14:05")
    assert status == 409 and 'value="2036-11-21"' in page


def test_only_who_is_signed_in_may_do_either(station: Station) -> None:
    stranger = create_panel(station, People(), now=lambda: NOON).test_client()
    assert post(stranger, "/s/03/date", offset="1795000000")[0] == 403
    assert post(stranger, "/s/03/date/set", day="2026-11-21", hour="14:05")[0] == 403
    assert stranger.get("/s/03/date").headers["Location"] == "/sign-in"
    assert station.asked == []


def test_another_site_s_form_confirms_nothing(client: FlaskClient, station: Station) -> None:
    answer = client.post("/s/03/date", data={"offset": "1795000000"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and station.asked == []
