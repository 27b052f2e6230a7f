"""Every address of the panel × every role × no cookie, a foreign page, a foreign name, a wrong method: walked whole.

What each role may do is written down here once more, by hand: a slip in the table of roles must not pass by agreeing
with itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_world import small_world
from web_faces import OWN_PAGE, Station, in_use
from whole_panel import whole_panel

from kiosk.rules.roles import ROLES

ALL = {"static", "healthz", "sign_in", "language", "begin"}
TICKETS = ("tickets", "tickets_make", "tickets_sheet", "tickets_renew", "tickets_withdraw")
NUMBERS = ("queue", "queue_order", "queue_slip")
SETTINGS = ("settings", "set_week", "days", "set_day", "set_minutes", "set_fee", "take_back", "first_day", "name_site",
            "settings_notice", "settings_questions", "settings_name", "settings_programs", "settings_sticks",
            "settings_print", "settings_tickets", "settings_people", "settings_person_add", "settings_person_role",
            "settings_person_pin", "settings_person_remove", "settings_deeds")  # fmt: skip
# What a role may not do, of all that staff may.
NOT = {
    "manager": set[str](),
    "clerk": {*SETTINGS, "province_join"},
    "technician": {
        "waiting", "order_start", "order_extend", "order_finish", "ask_finish", "order_accessible",
        "order_not_accessible", "sign_in_for", "message", "message_back", "take_back_minutes", "class_begin",
        "class_end", "class_write", "print_order", *TICKETS, *NUMBERS, "report", "report_csv",
        "report_json", "report_xlsx", "report_print", "journal", "journal_add", "journal_line", "journal_import",
        "journal_template", "star", *SETTINGS,
    },
}  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
KNOWN = {
    "station": ["03"], "lang": ["vi"], "name": ["panel.css"], "pack": ["x"], "rest": ["finish"], "day": ["2026-12-24"],
    "number": ["1"], "token": ["nobody-was-given-this-one"], "kind": ["csv"],
}  # fmt: skip
PLAIN_PAGES = {"Origin": "null"}


@dataclass(frozen=True)
class Way:
    """One address with one method, and the view that answers it."""

    endpoint: str
    method: str
    url: str


def ways(app: Flask) -> Iterator[Way]:
    """Everything that the app answers; every converter's choices, a known value for the rest."""
    for rule in app.url_map.iter_rules():
        urls = [rule.rule]
        for whole, converter, argument in re.findall(r"(<(?:([^:>]+):)?([^>]+)>)", rule.rule):
            any_of = re.fullmatch(r"any\((.*)\)", converter)
            values = [one.strip() for one in any_of[1].split(",")] if any_of else KNOWN[argument]
            urls = [url.replace(whole, value) for url in urls for value in values]
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield from (Way(rule.endpoint, method, url) for url in urls)


@pytest.fixture
def station() -> Station:
    return Station(in_use())


@pytest.fixture
def panels(station: Station, tmp_path: Path) -> Iterator[dict[str, Flask]]:
    """A panel for each role."""
    with small_world(tmp_path) as store:
        yield {role: whole_panel(station, store, tmp_path / role, role) for role in ROLES}


def of(app: Flask) -> FlaskClient:
    """Somebody who is signed in."""
    client = app.test_client()
    assert client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE).status_code == 303
    return client


def status(client: FlaskClient, way: Way, **headers: str) -> int:
    """What an address answers. Who signs out is signed in again, so that the walk goes on."""
    with client.open(way.url, method=way.method, headers=headers, data={"session": "c0ffee"}) as answer:
        if way.endpoint == "sign_out" and answer.status_code == 303:
            client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
        return answer.status_code


def test_the_map_is_as_large_as_we_think_and_stations_stand_in_the_address(panels: dict[str, Flask]) -> None:
    found = list(ways(panels["manager"]))
    assert len(found) >= 40
    own = {way.url for way in found if way.url.startswith("/s/03/")}
    site = {way.url for way in found} - own
    assert len(own) >= 25
    assert {url for url in site if "03" in url} == {"/stations/03/finish"}, "the old addresses, which lead on"


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_is_written_here_and_nothing_else(
    panels: dict[str, Flask], station: Station, role: str
) -> None:
    client, refused, may = of(panels[role]), set(), set()
    for way in ways(panels[role]):
        before = list(station.asked)
        station.state = in_use()
        answer = status(client, way, **OWN_PAGE)
        if way.endpoint == "sign_in":
            continue  # a wrong PIN is answered so too
        assert answer not in (401, 405, 500), (way, answer)
        (refused if answer == 403 else may).add(way.endpoint)
        assert answer != 403 or station.asked == before, way
    assert refused == NOT[role]
    assert not refused & may


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_a_button_is_shown_to_whoever_may_press_it(panels: dict[str, Flask], role: str) -> None:
    client = of(panels[role])
    page = client.get("/").text
    for address, endpoint in (("/s/03/finish", "ask_finish"), ("/s/03/extend", "order_extend"), ("/waiting", "waiting"),
                              ("/s/03/accessible", "order_accessible"), ("/s/03/report", "report"),
                              ("/s/03/library", "library"), ("/s/03/settings", "settings")):  # fmt: skip
        assert (f'"{address}"' in page) == (endpoint not in NOT[role]), address
    for address in set(re.findall(r'(?:href|action|hx-get)="(/[^"]*)"', page)) - {"/sign-out", "/stay"}:
        with client.get(address, headers=OWN_PAGE) as answer:
            assert answer.status_code in (200, 204, 303, 405), address


@pytest.mark.slow
def test_without_a_cookie_there_is_the_sign_in_page_and_nothing_else(
    panels: dict[str, Flask], station: Station
) -> None:
    for way in ways(panels["manager"]):
        if way.endpoint in ALL:
            continue
        for cookie in (None, "", "guessed", "a" * 43):
            client = panels["manager"].test_client()
            if cookie is not None:
                client.set_cookie("web_session", cookie)
            answer = client.open(way.url, method=way.method, headers=OWN_PAGE)
            assert answer.status_code == (303 if way.method == "GET" else 403), way
            assert way.method != "GET" or answer.headers["Location"] == "/sign-in"
            assert "231" not in answer.text and "c0ffee" not in answer.text
    assert station.asked == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "foreign",
    [{}, {"Origin": "null"}, {"Origin": "https://localhost"}, {"Origin": "http://k"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "x", "Origin": "http://localhost"}],
    ids=str,
)  # fmt: skip
def test_a_foreign_page_moves_nothing_in_anybodys_name(
    panels: dict[str, Flask], station: Station, role: str, foreign: dict[str, str]
) -> None:
    client = of(panels[role])
    for way in ways(panels[role]):
        if way.method != "GET":
            assert status(client, way, **foreign) == 403, way
    assert station.asked == []
    assert client.get("/").status_code == 200, "still signed in"


@pytest.mark.parametrize("role", ["", *ROLES])
@pytest.mark.parametrize("host", ["evil.example", "k.evil.example", "localhost@evil.example", "192.0.2.7", "", "k:x@y"])
def test_under_a_foreign_name_nothing_answers(panels: dict[str, Flask], station: Station, role: str, host: str) -> None:
    client = of(panels[role]) if role else panels["clerk"].test_client()
    for way in ways(panels[role or "clerk"]):
        assert status(client, way, Host=host, **OWN_PAGE) == 400, way
    assert station.asked == []


@pytest.mark.parametrize(
    ("host", "here", "answer"),
    [("k", "", 303), ("K:8080", "", 303), ("192.0.2.7:8080", "192.0.2.7", 303), ("[fd00::2]:8080", "fd00::2", 303),
     ("192.0.2.8", "192.0.2.7", 400), ("evil.example", "192.0.2.7", 400)],
)  # fmt: skip
def test_our_own_names_and_the_address_that_was_called_are_ours(
    panels: dict[str, Flask], host: str, here: str, answer: int
) -> None:
    with panels["clerk"].test_client().get("/", headers={"Host": host}, environ_base={"kiosk.address": here}) as got:
        assert got.status_code == answer


@pytest.mark.slow
@pytest.mark.parametrize("role", ["", *ROLES])
def test_a_wrong_method_is_refused_whoever_asks(panels: dict[str, Flask], station: Station, role: str) -> None:
    app = panels[role or "clerk"]
    client = of(app) if role else app.test_client()
    right: dict[str, set[str]] = {}
    for way in ways(app):
        right.setdefault(way.url, set()).add(way.method)
    for url, methods in right.items():
        for method in set(METHODS) - methods:
            with client.open(url, method=method, headers=OWN_PAGE) as answer:
                assert answer.status_code == 405, (method, url)
    assert station.asked == []


def test_another_station_is_not_here_and_a_stranger_does_not_learn_which_is(panels: dict[str, Flask]) -> None:
    app = panels["manager"]
    client, stranger = of(app), app.test_client()
    for way in ways(app):
        if "03" not in way.url:
            continue
        other = Way(way.endpoint, way.method, way.url.replace("03", "04"))
        assert status(client, other, **OWN_PAGE) == 404, other
        assert status(stranger, other, **OWN_PAGE) == status(stranger, way, **OWN_PAGE)


@pytest.mark.parametrize(
    ("old", "new"),
    [("/date", "/s/03/date"), ("/date/set", "/s/03/date/set"),
     ("/report?period=2026-11", "/s/03/report?period=2026-11"),
     ("/report.csv?period=2026", "/s/03/report.csv?period=2026"), ("/library?q=x", "/s/03/library?q=x"),
     ("/printing", "/s/03/printing"), ("/stations/03/finish", "/s/03/finish"),
     ("/stations/03//evil.example", "/s/03//evil.example")],
)  # fmt: skip
def test_an_old_address_leads_to_the_new_one_and_a_form_keeps_its_fields(
    panels: dict[str, Flask], old: str, new: str
) -> None:
    client = of(panels["manager"])
    for method in ("GET", "POST"):
        answer = client.open(old, method=method, headers=OWN_PAGE)
        if answer.status_code != 308:  # werkzeug merges double slashes itself
            assert (answer.status_code, answer.headers["Location"]) == (307, new)


def test_over_tls_the_cookie_is_for_tls_alone(panels: dict[str, Flask]) -> None:
    for scheme, secure in (("http", False), ("https", True)):
        answer = panels["clerk"].test_client().post(
            "/sign-in", data={"pin": "274916"}, headers=OWN_PAGE, base_url=f"{scheme}://localhost"
        )  # fmt: skip
        said = answer.headers["Set-Cookie"]
        assert ("Secure" in said) == secure and "HttpOnly" in said and "SameSite=Strict" in said
