"""The panel as staff at the PC itself see it: signed in by a token, without files, and signing out leaves the PC."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from small_world import reports_of, small_world
from web_faces import NOON, OWN_PAGE, People, Station

from kiosk.service.panel import create_panel
from kiosk.web.sign_in import WebSessions


@pytest.fixture
def web() -> WebSessions:
    return WebSessions()


@pytest.fixture
def client(tmp_path: Path, web: WebSessions) -> Iterator[FlaskClient]:
    with small_world(tmp_path) as store:
        yield create_panel(Station(), People(), sessions=web, now=lambda: NOON, reports=reports_of(store)).test_client()


def report(client: FlaskClient) -> str:
    return client.get("/report", follow_redirects=True).get_data(as_text=True)


def test_a_token_signs_in_once_and_in_the_language_of_the_lock(client: FlaskClient, web: WebSessions) -> None:
    token = web.invite("Lan", "manager")
    answer = client.get(f"/here/{token}?lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    kept = [value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("web_session=")]
    assert all("HttpOnly" in one and "SameSite=Strict" in one for one in kept) and len(kept) == 1
    assert "Sign out" in client.get("/").get_data(as_text=True)
    client.delete_cookie("web_session")
    assert client.get(f"/here/{token}").headers["Location"] == "/sign-in"


def test_neither_token_nor_cookie_is_good_from_another_computer(client: FlaskClient, web: WebSessions) -> None:
    token, far = web.invite("Lan", "manager"), {"REMOTE_ADDR": "192.168.1.20"}
    assert client.get(f"/here/{token}", environ_overrides=far).status_code == 404
    assert client.get(f"/here/{token}").status_code == 303, "it is not spent by that"
    assert client.get("/").status_code == 200
    assert client.get("/", environ_overrides=far).headers["Location"] == "/sign-in"


def test_at_the_pc_reports_are_printed_and_no_file_is_offered(client: FlaskClient, web: WebSessions) -> None:
    client.get(f"/here/{web.invite('Lan', 'manager')}")
    at_the_pc = report(client)
    assert "download" not in at_the_pc and "report/print" in at_the_pc.replace("report.print", "report/print")
    client.delete_cookie("web_session")
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    assert "download" in report(client), "the control: elsewhere they are"


def test_signing_out_at_the_pc_leaves_it_and_elsewhere_does_not(client: FlaskClient, web: WebSessions) -> None:
    left: list[bool] = []
    web.here_left = lambda: left.append(True)
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    client.post("/sign-out", headers=OWN_PAGE)
    assert left == []
    client.get(f"/here/{web.invite('Lan', 'manager')}")
    client.post("/sign-out", headers=OWN_PAGE)
    assert left == [True]


def test_on_the_first_day_a_stranger_sees_the_first_page_alone_and_stays_at_the_pc_as_who_signs_in(
    client: FlaskClient, web: WebSessions
) -> None:
    left: list[bool] = []
    web.here_left = lambda: left.append(True)
    client.get(f"/here/{web.invite('', 'stranger')}")
    for page in ("/", "/report"):
        answer = client.get(page, follow_redirects=True)
        assert answer.request.path == "/sign-in", "which leads to the first day where nobody has a PIN"
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    assert client.get("/").status_code == 200 and left == [] and web.here()
