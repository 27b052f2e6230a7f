"""What staff order reaches the station in their name, once, and is refused in words."""

import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from web_faces import NOON, OWN_PAGE, People, Station, free, in_use

from kiosk.service.panel import create_panel
from kiosk.web.sign_in import WebSessions


@pytest.fixture
def station() -> Station:
    return Station(in_use(42))


@pytest.fixture
def client(station: Station) -> FlaskClient:
    client = create_panel(station, People(), now=lambda: NOON).test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    return client


def post(client: FlaskClient, address: str, **fields: Any) -> tuple[int, str]:
    """Status and page of a form of our own page."""
    answer = client.post(address, data=fields, headers=OWN_PAGE)
    return answer.status_code, answer.text


def test_more_minutes_are_asked_for_in_the_managers_name(client: FlaskClient, station: Station) -> None:
    assert 'name="granted" value="3600"' in client.get("/").text
    assert post(client, "/s/03/extend", session="c0ffee", granted="3600")[0] == 303
    assert station.asked == [("extend", "Lan", 30.0, "")]


def test_a_second_touch_of_the_same_page_adds_nothing(client: FlaskClient, station: Station) -> None:
    station.state = {**in_use(72), "granted": 5400}
    status, page = post(client, "/s/03/extend", session="c0ffee", granted="3600")
    assert status == 409
    assert "Tình trạng máy vừa thay đổi." in page
    assert station.asked == []


class Printer(Station):
    """A station with jobs that wait."""

    def print_order(self, action: str, who: str, job: int | None) -> None:
        self.asked.append((action, who, job, ""))


@pytest.mark.parametrize("job", [2, None])
def test_what_somebody_printed_is_dropped_only_after_a_question(job: int | None) -> None:
    told = {"mode": "staff", "trouble": "", "pages_max": 0, "waiting": 0, "pages": 0, "jobs": []}
    station = Printer(in_use(42, print=told))
    client = create_panel(station, People(), now=lambda: NOON).test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    fields = {"session": "c0ffee", **({"job": str(job)} if job else {})}
    status, page = post(client, "/s/03/print/cancel", **fields)
    assert status == 200 and 'name="sure"' in page and 'value="c0ffee"' in page and station.asked == []
    assert ("Không in bản 2?" in page) == (job == 2)
    assert post(client, "/s/03/print/cancel", **fields, sure="1")[0] == 303
    assert post(client, "/s/03/print/release", **fields)[0] == 303
    assert station.asked == [("cancel", "Lan", job, ""), ("release", "Lan", job, "")]


def test_ending_asks_first_and_ends_only_the_session_that_was_seen(client: FlaskClient, station: Station) -> None:
    question = client.get("/s/03/finish").text
    assert "Kết thúc lượt đang dùng ở máy 03?" in question
    assert 'name="session" value="c0ffee"' in question
    assert station.asked == []
    assert post(client, "/s/03/finish", session="the one before")[0] == 409
    assert station.asked == []
    assert post(client, "/s/03/finish", session="c0ffee")[0] == 303
    assert station.asked == [("finish", "Lan", None, "")]


def test_a_question_that_no_longer_fits_leads_back(client: FlaskClient, station: Station) -> None:
    station.state = free()
    answer = client.get("/s/03/finish")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"reason": "Màn hình không lên"}, "Màn hình không lên"),
        ({"reason": "Màn hình không lên", "words": "  Hỏng \n nguồn "}, "Hỏng nguồn"),
        ({}, ""),
        ({"words": "á" * 500}, "á" * 200),
    ],
)
def test_a_fault_is_reported_with_its_reason(
    client: FlaskClient, station: Station, fields: dict[str, str], kept: str
) -> None:
    station.state = free()
    assert client.get("/s/03/out_of_order").status_code == 200
    assert post(client, "/s/03/out_of_order", **fields)[0] == 303
    assert station.asked == [("out_of_order", "Lan", None, kept)]


def test_what_a_clerk_wrote_is_shown_as_text(client: FlaskClient, station: Station) -> None:
    station.state = free(state="out_of_order", reason="<script>alert(1)</script>")
    page = client.get("/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page


def test_start_repair_and_waiting(client: FlaskClient, station: Station) -> None:
    station.state = free()
    assert post(client, "/s/03/start")[0] == 303
    assert post(client, "/s/03/in_service")[0] == 303
    assert post(client, "/waiting", waiting="1")[0] == 303
    assert "Hết người chờ" in client.get("/").text
    assert post(client, "/waiting", waiting="0")[0] == 303
    assert [asked[0] for asked in station.asked] == ["start", "in_service", "waiting", "not_waiting"]


def test_a_refusal_is_told_in_the_readers_language(client: FlaskClient, station: Station) -> None:
    station.refuse = "Somebody is using this computer."
    status, page = post(client, "/s/03/start")
    assert status == 409
    assert "Có người đang dùng máy này." in page and "Somebody" not in page


def test_another_station_is_not_ours(client: FlaskClient, station: Station) -> None:
    for address in ("/s/04/card", "/s/04/finish", "/s/..%2f03/card"):
        assert client.get(address).status_code == 404
    assert post(client, "/s/04/extend", session="c0ffee", granted="3600")[0] == 404
    assert station.asked == []


def test_a_poll_answers_nothing_until_something_changed(client: FlaskClient, station: Station) -> None:
    for address, mark in (("/s/03/card", 'hx-get="/s/03/card?seen='), ("/side", 'hx-get="/side?seen=')):
        page = client.get("/").text
        seen = page.split(mark)[1].split('"')[0]
        assert client.get(f"{address}?seen={seen}").status_code == 204
        assert client.get(f"{address}?seen=other").status_code == 200
    station.state = {**in_use(41), "visits_today": 15}
    assert "còn 41 phút" in client.get(f"/s/03/card?seen={seen}").text
    assert "<dd>15</dd>" in client.get(f"/side?seen={seen}").text


def test_a_poll_asks_the_station_once_from_memory_and_the_managers_never(station: Station) -> None:
    people = People()
    client = create_panel(station, people, now=lambda: NOON).test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    people.pins.clear()
    seen = client.get("/s/03/card").text.split("card?seen=")[1].split('"')[0]
    station.reads = 0
    begun = time.process_time()
    for _ in range(200):
        assert client.get(f"/s/03/card?seen={seen}").status_code == 204
    assert station.reads == 200
    assert station.asked == []
    assert (time.process_time() - begun) / 200 <= 0.005


def test_seconds_that_pass_inside_a_minute_change_nothing(client: FlaskClient, station: Station) -> None:
    station.state = in_use(41.9)
    seen = client.get("/s/03/card").text.split("card?seen=")[1].split('"')[0]
    station.state = {**in_use(41.1), "idle": None}
    assert client.get(f"/s/03/card?seen={seen}").status_code == 204


def test_without_scripts_the_page_renews_itself(client: FlaskClient) -> None:
    assert '<noscript><meta http-equiv="refresh" content="20; url=/?by_itself=1"></noscript>' in client.get("/").text


def test_the_date_is_that_of_vietnam(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "09:42" in page and "thứ Sáu, 20/11/2026" in page


@pytest.mark.slow
def test_polling_alone_keeps_nobody_signed_in(station: Station) -> None:
    moments = [0.0]
    sessions = WebSessions(lambda: moments[0])
    client = create_panel(station, People(), sessions=sessions).test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    for _ in range(449):
        moments[0] += 2
        assert client.get("/s/03/card").status_code == 200
        assert client.get("/side").status_code == 200
        assert client.get("/?by_itself=1").status_code == 200
        assert client.get("/leaving").status_code == 200
    moments[0] += 2
    assert client.get("/side", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/sign-in"


def test_no_manager_yet_is_said_with_what_to_do_and_lets_nobody_in(station: Station) -> None:
    client = create_panel(station, People({})).test_client()
    page = client.get("/sign-in").text
    command = '<code>kiosk manager add "Tên của Quý vị"</code>'
    assert "Chưa có người quản lý" in page and command in page and "<input" not in page
    answer = client.post("/sign-in", data={"name": "", "pin": ""}, headers=OWN_PAGE)
    assert "Set-Cookie" not in answer.headers
    assert client.get("/").status_code == 303


def test_with_one_manager_no_name_is_asked_and_with_several_it_is(station: Station) -> None:
    one = create_panel(station, People()).test_client().get("/sign-in").text
    assert 'type="radio"' not in one and "Lan" in one
    two = create_panel(station, People({"Lan": "1", "Hùng": "2"})).test_client().get("/sign-in").text
    assert two.count('type="radio"') == 2 and " checked" not in two


def test_wrong_pins_are_told_and_then_locked(station: Station) -> None:
    client = create_panel(station, People()).test_client()
    for _ in range(3):
        answer = client.post("/sign-in", data={"pin": "000000"}, headers=OWN_PAGE)
        assert answer.status_code == 403 and "Mã PIN chưa đúng." in answer.text
        assert "Set-Cookie" not in answer.headers
    answer = client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "290")
    assert "Xin thử lại sau 5 phút." in answer.text
    assert "Set-Cookie" not in answer.headers and "274916" not in answer.text


def test_signing_in_again_ends_the_old_cookie_and_signing_out_the_new(station: Station) -> None:
    app = create_panel(station, People())
    client, old = app.test_client(), app.test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    cookie = client.get_cookie("web_session")
    assert cookie is not None
    old.set_cookie("web_session", cookie.value)
    assert old.get("/").status_code == 200
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    assert old.get("/").status_code == 303
    assert client.get("/").status_code == 200
    client.post("/sign-out", headers=OWN_PAGE)
    assert client.get("/").status_code == 303


def test_twice_the_time_is_a_switch_for_the_person_at_the_computer_and_asks_for_no_reason(
    client: FlaskClient, station: Station
) -> None:
    page = client.get("/").text
    assert 'aria-checked="false"' in page and "Không cần hỏi lý do" in page
    assert post(client, "/s/03/accessible", session="the one before")[0] == 409
    assert station.asked == []
    assert post(client, "/s/03/accessible", session="c0ffee")[0] == 303
    assert station.asked == [("accessible", "Lan", None, "")]
    station.state = in_use(84, accessible=True)
    assert 'aria-checked="true"' in client.get("/").text
    assert post(client, "/s/03/not_accessible", session="c0ffee")[0] == 303
    assert station.asked[-1][0] == "not_accessible"


def test_there_is_no_such_switch_where_nobody_can_sit_down(client: FlaskClient, station: Station) -> None:
    station.state = free(state="out_of_order")
    assert 'role="switch"' not in client.get("/").text
