"""Every request is checked: host, origin, role, size; every answer carries the headers; errors are pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_world import small_world
from web_faces import OWN_PAGE, Station, in_use
from whole_panel import whole_panel

from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from kiosk.web.roles import PANEL

OUTSIDE = ["../pages.py", "..%2f..%2ftokens.json", "%2e%2e/base.css", "/etc/passwd", "a/../../x.css"]
OPEN_TO_ALL = {"static", "healthz", "sign_in", "language", "begin", "here"}
# Each with the status that a foreign request of that kind must get.
FOREIGN = [
    ({"Host": "evil.example"}, 400),
    ({"Host": "127.0.0.1.evil.example:8080"}, 400),
    ({"Host": "localhost@evil.example"}, 400),
    ({"Host": ""}, 400),
]
FOREIGN_ORIGINS = [
    {},
    {"Origin": "null"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://localhost:8081"},
    {"Origin": "https://localhost"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
]


@pytest.fixture
def station() -> Station:
    return Station(in_use())


@pytest.fixture
def panel(station: Station, tmp_path: Path) -> Iterator[Flask]:
    with small_world(tmp_path) as store:
        yield whole_panel(station, store, tmp_path / "home")


@pytest.fixture
def menu(station: Station) -> Flask:
    return create_menu(station, Library.of_folders())


def signed_in(panel: Flask) -> FlaskClient:
    client = panel.test_client()
    assert client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE).status_code == 303
    return client


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, address, method) of everything that the app answers."""
    known = {"day": ["2026-12-24"], "place": ["0"], "number": ["1"], "kind": ["csv"]}
    known |= {
        "station": ["03"],
        "lang": ["vi"],
        "name": ["panel.css"],
        "code": ["health"],
        "number": ["1"],
        "kind": ["csv"],
    }
    for rule in app.url_map.iter_rules():
        urls = [rule.rule]
        for converter, argument in re.findall(r"<(?:([^:>]+):)?([^>]+)>", rule.rule):
            values = known.get(argument, ["x"])
            if converter.startswith("any("):
                values = [word.strip() for word in converter[4:-1].split(",")]
            hole = f"<{converter}:{argument}>" if converter else f"<{argument}>"
            urls = [url.replace(hole, value) for url in urls for value in values]
        for url in urls:
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield rule.endpoint, url, method


def test_every_route_is_in_the_table_of_roles_and_the_table_holds_nothing_else(panel: Flask) -> None:
    assert {endpoint for endpoint, _, _ in routes(panel)} == set(PANEL)


def test_a_stranger_gets_no_page_and_moves_nothing(panel: Flask, station: Station) -> None:
    walked = 0
    for endpoint, url, method in routes(panel):
        if endpoint in OPEN_TO_ALL:
            continue
        for cookie in (None, "guessed", ""):
            client = panel.test_client()
            if cookie is not None:
                client.set_cookie("web_session", cookie)
            answer = client.open(url, method=method, headers=OWN_PAGE)
            expected = 303 if method == "GET" else 403
            assert (answer.status_code, method, url) == (expected, method, url)
            assert method != "GET" or answer.headers["Location"] == "/sign-in"
            assert "231" not in answer.text and "Máy 03" not in answer.text
            walked += 1
    assert walked >= 21
    assert station.asked == []


@pytest.mark.slow
def test_a_poll_of_a_stranger_is_sent_to_the_sign_in_page(panel: Flask) -> None:
    answer = panel.test_client().get("/s/03/card", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.text) == (401, "/sign-in", "")


@pytest.mark.parametrize(("headers", "status"), FOREIGN)
def test_a_foreign_host_gets_nothing_from_any_route(
    panel: Flask, menu: Flask, station: Station, headers: dict[str, str], status: int
) -> None:
    clients = [(panel, signed_in(panel)), (menu, menu.test_client())]
    for app, client in clients:
        for _, url, method in routes(app):
            answer = client.open(url, method=method, headers={**OWN_PAGE, **headers})
            assert (answer.status_code, url) == (status, url)
    assert station.asked == [] and station.opened == []


@pytest.mark.parametrize("headers", FOREIGN_ORIGINS)
def test_a_foreign_page_cannot_order_anything_in_a_managers_name(
    panel: Flask, station: Station, headers: dict[str, str]
) -> None:
    client = signed_in(panel)
    posts = [(url, method) for _, url, method in routes(panel) if method != "GET"]
    assert len(posts) >= 4
    for url, method in posts:
        answer = client.open(url, method=method, headers=headers, data={"session": "c0ffee", "waiting": "1"})
        assert (answer.status_code, url) == (403, url)
    assert station.asked == []


def test_our_own_page_is_known_by_its_origin_where_the_browser_sends_no_fetch_metadata(
    panel: Flask, station: Station
) -> None:
    client = signed_in(panel)
    answer = client.post("/waiting", data={"waiting": "1"}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303
    assert station.asked == [("waiting", "Lan", None, "")]


@pytest.mark.slow
def test_wrong_methods_are_refused_with_a_page(panel: Flask, menu: Flask, station: Station) -> None:
    clients = [(panel, signed_in(panel)), (menu, menu.test_client())]
    for app, client in clients:
        by_address: dict[str, set[str]] = {}
        for _, url, method in routes(app):
            by_address.setdefault(url, set()).add(method)
        for url, methods in by_address.items():
            for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - methods:
                answer = client.open(url, method=method, headers=OWN_PAGE)
                assert (answer.status_code, method, url) == (405, method, url)
                assert "<h1>Không thể dùng trang này theo cách đó.</h1>" in answer.text
    assert station.asked == []


@pytest.mark.slow
def test_every_answer_carries_the_headers(panel: Flask, menu: Flask) -> None:
    clients = [(panel, signed_in(panel), "same-origin"), (menu, menu.test_client(), "no-referrer")]
    for app, client, referrer in clients:
        for url in [*(url for _, url, method in routes(app) if method == "GET"), "/nothing/here"]:
            with client.get(url) as answer:
                headers = answer.headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
            assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == referrer
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "Access-Control-Allow-Origin" not in headers
            if app is panel and not url.startswith("/static"):
                assert headers["Cache-Control"] == "no-store"


def test_the_cookie_is_for_our_server_and_our_pages_only(panel: Flask) -> None:
    answer = panel.test_client().post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("web_session=")
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Expires" not in cookie and "Domain" not in cookie


def test_a_body_that_is_too_long_is_refused_before_it_is_read(panel: Flask, station: Station) -> None:
    client = signed_in(panel)
    answer = client.post("/s/03/out_of_order", data={"words": "x" * 20_000}, headers=OWN_PAGE)
    assert answer.status_code == 413
    assert "<h1>Nội dung vừa gửi dài quá.</h1>" in answer.text
    many = client.post("/waiting", data={f"field{n}": "x" for n in range(2000)}, headers=OWN_PAGE)
    assert many.status_code == 413
    assert station.asked == []


def test_a_failure_inside_is_a_friendly_page_and_a_line_without_what_was_typed(
    panel: Flask, station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret-canary")

    client = signed_in(panel)
    station.staff = broken  # type: ignore[method-assign]
    answer = client.post("/waiting", data={"waiting": "canary-typed"}, headers=OWN_PAGE)
    assert answer.status_code == 500
    assert "<h1>Máy chưa làm được việc này.</h1>" in answer.text
    assert "canary" not in answer.text and "Traceback" not in answer.text
    assert "RuntimeError" in caplog.text and "canary" not in caplog.text


@pytest.mark.parametrize("path", OUTSIDE)
def test_static_files_come_from_their_folders_only(panel: Flask, path: str) -> None:
    with panel.test_client().get(f"/static/{path}", follow_redirects=True) as answer:
        assert answer.status_code in (400, 404)


def test_a_versioned_file_is_kept_and_a_plain_one_is_not(menu: Flask) -> None:
    client = menu.test_client()
    with client.get("/static/menu.css?v=1") as kept, client.get("/static/menu.css") as plain:
        assert "max-age=31536000" in kept.headers["Cache-Control"]
        assert "no-cache" in plain.headers["Cache-Control"]


def test_healthz_answers_anybody_on_this_computer(panel: Flask, menu: Flask) -> None:
    for app in (panel, menu):
        answer = app.test_client().get("/healthz")
        assert (answer.status_code, answer.text) == (200, "ok\n")
