"""Every address of the board, asked for by a stranger, by links, by a viewer and an officer, and by pages elsewhere."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import url_for
from flask.testing import FlaskClient
from markupsafe import escape

from kiosk.province.board.pages import access, pages
from kiosk.province.orders import carry_out
from kiosk.web.passwords import is_right
from kiosk.web.roles import ANYBODY, BOARD, LINK, OFFICER, STRANGER, VIEWER
from tests.board_province import board_province
from tests.board_stage import PASSWORD, Board, board_of
from tests.web_faces import OWN_PAGE

ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
IN = {"code": "20001", "number": "1", "site": "TH-001", "station": "01", "name": "Lan", "lang": "vi"}


@dataclass(frozen=True)
class Way:
    """One address with a method."""

    endpoint: str
    url: str
    method: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return board_province(tmp_path_factory.mktemp("province") / "home", count=3).path


@pytest.fixture
def board(home: Path, tmp_path: Path) -> Iterator[Board]:
    with board_of(Path(shutil.copytree(home, tmp_path / "home", symlinks=True))) as opened:
        yield opened


def ways(board: Board) -> list[Way]:
    """All that the app answers, each placeholder filled."""
    found = []
    for rule in board.app.url_map.iter_rules():
        url = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: IN.get(match[1], "x"), rule.rule)
        found += [Way(rule.endpoint, url, method) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def answers(client: FlaskClient, way: Way, **headers: str) -> int:
    with client.open(way.url, method=way.method, headers=headers, data={"x": "1"}) as answer:
        return answer.status_code


def test_every_page_stands_in_the_table_and_says_who_may_open_it(board: Board) -> None:
    endpoints = {way.endpoint for way in ways(board)}
    assert endpoints == set(access()), "an endpoint without roles, or roles without an endpoint"
    assert {page.endpoint for page in pages()} & set(BOARD) == set()
    for page in pages():
        assert STRANGER not in page.roles, page.endpoint
        if set(page.methods) - {"GET"}:
            assert LINK not in page.roles, f"{page.endpoint} writes"
            assert page.roles == {OFFICER} or page.endpoint == "own_password", page.endpoint


def test_a_stranger_gets_the_sign_in_page_and_nothing_else(board: Board) -> None:
    client, refused = board.stranger(), 0
    for way in ways(board):
        if access()[way.endpoint] == ANYBODY:
            continue
        answer = answers(client, way, **OWN_PAGE)
        assert answer == (303 if way.method == "GET" else 403), way
        refused += 1
    assert refused > 12


@pytest.mark.slow
@pytest.mark.parametrize("role", [LINK, VIEWER, OFFICER])
def test_each_role_may_open_what_its_pages_say_and_nothing_else(board: Board, role: str) -> None:
    opened = shut = 0
    for way in ways(board):
        if access()[way.endpoint] == ANYBODY or way.endpoint == "sign_out":
            continue
        may = role in access()[way.endpoint]
        answer = answers(board.of(role) if way.method == "POST" else _kept(board, role), way, **OWN_PAGE)
        assert (answer == 403) != may, (way, answer)
        assert answer not in (405, 500), (way, answer)
        opened, shut = opened + may, shut + (not may)
    assert opened >= 3 and (shut > 4 or role != LINK)


def _kept(board: Board, role: str) -> FlaskClient:
    """The same reader for all that only looks; each order has a fresh one."""
    client: FlaskClient = board.app.extensions.setdefault(f"test {role}", None) or board.of(role)
    board.app.extensions[f"test {role}"] = client
    return client


def test_no_page_elsewhere_can_order_anything(board: Board) -> None:
    orders = [way for way in ways(board) if way.method == "POST"]
    assert len(orders) > 5
    for way in orders:
        client = board.of(OFFICER)
        assert answers(client, way, **ELSEWHERE) == 403, way
        assert answers(client, way, **{"Sec-Fetch-Site": "same-site"}) == 403, way
        assert answers(client, way, Origin="http://evil.example") == 403, way
        assert answers(client, way) == 403, way


def test_a_name_that_is_not_ours_is_not_answered(board: Board) -> None:
    client = board.of(OFFICER)
    assert client.get("/grid", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/grid", headers={"Host": "localhost"}).status_code == 200, "the control"


def test_no_answer_may_be_stored_framed_or_run_what_is_not_ours(board: Board) -> None:
    headers = board.of(OFFICER).get("/grid").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_wrong_passwords_cost_time_also_after_a_restart(board: Board) -> None:
    client = board.stranger()
    tries = [{"name": "Lan", "password": f"wrong {n} word"} for n in range(6)]
    statuses = [client.post("/sign-in", data=one, headers=OWN_PAGE).status_code for one in tries]
    assert statuses[:4] == [403] * 4 and statuses[4:] == [429, 429]
    again = board.app.test_client()
    right = {"name": "Lan", "password": PASSWORD}
    assert again.post("/sign-in", data=right, headers=OWN_PAGE).status_code == 429, "the right one has to wait too"
    assert again.post("/sign-in", data={"name": "Minh", "password": PASSWORD}, headers=OWN_PAGE).status_code == 303


def test_an_unknown_name_reads_as_a_wrong_password(board: Board) -> None:
    client = board.stranger()
    known = client.post("/sign-in", data={"name": "Lan", "password": "x" * 12}, headers=OWN_PAGE)
    unknown = client.post("/sign-in", data={"name": "Lam", "password": "x" * 12}, headers=OWN_PAGE)
    assert known.text.replace("Lan", "") == unknown.text.replace("Lam", "")
    assert "Lan" not in client.get("/sign-in").text, "the page names nobody"


def test_a_wait_tells_nobody_whether_a_name_is_here(board: Board) -> None:
    client, told = board.stranger(), dict[str, list[int]]()
    for name in ("Nam", "Minh", "Nga"):
        tries = [{"name": name, "password": f"wrong {n} word"} for n in range(6)]
        told[name] = [client.post("/sign-in", data=one, headers=OWN_PAGE).status_code for one in tries]
    assert told["Nam"] == told["Minh"] == told["Nga"] == [403] * 4 + [429] * 2


def test_only_hashes_lie_on_the_disk(board: Board) -> None:
    secret = board.link("post")
    code = carry_out(board.home.path, "board code")["code"]
    with board.desk.reading() as db:
        hashed = db.execute("SELECT hash FROM board_people WHERE name = 'Lan'").fetchone()[0]
    assert is_right(hashed, PASSWORD) and not is_right(hashed, PASSWORD + " ") and not is_right(None, PASSWORD)
    for path in board.home.path.glob("ledger.db*"):
        content = path.read_bytes()
        for told in (PASSWORD, secret, code, code.replace("-", "")):
            assert told.encode() not in content, path.name


def test_a_new_role_or_password_signs_somebody_out(board: Board) -> None:
    officer, viewer = board.of(OFFICER), board.of(VIEWER)
    assert viewer.get("/grid").status_code == 200
    form = {"act": "role", "role": "officer"}
    assert officer.post("/people/Minh", data=form, headers=OWN_PAGE).status_code == 303
    assert viewer.get("/grid").status_code == 303
    assert board.of(VIEWER).get("/people").status_code == 200, "is an officer now"


def test_the_only_officer_stays(board: Board) -> None:
    officer = board.of(OFFICER)
    for form in ({"act": "role", "role": "viewer"}, {"act": "remove", "sure": "1"}):
        answer = officer.post("/people/Lan", data=form, headers=OWN_PAGE)
        assert answer.status_code == 400 and "Lan là cán bộ duy nhất" in answer.text
    assert officer.post("/people/Minh", data={"act": "remove", "sure": "1"}, headers=OWN_PAGE).status_code == 303
    assert [name for name, _role in board.people.listed()] == ["Lan"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["add", "Sở VH/TT", "Lê & <b>", "50%", "a?b#c"])
def test_whoever_was_let_in_can_be_sent_away_again(board: Board, name: str) -> None:
    officer = board.of(OFFICER)
    new = {"name": name, "password": PASSWORD, "again": PASSWORD, "role": "viewer"}
    assert officer.post("/people-add", data=new, headers=OWN_PAGE).status_code == 303
    with board.app.test_request_context():
        address = url_for("person", name=name)
    assert escape(address) in officer.get("/people").text
    assert officer.post(address, data={"act": "remove", "sure": "1"}, headers=OWN_PAGE).status_code == 303
    assert name not in [one for one, _role in board.people.listed()]


def test_a_name_of_signs_alone_is_none(board: Board) -> None:
    new = {"name": "..", "password": PASSWORD, "again": PASSWORD, "role": "viewer"}
    assert board.of(OFFICER).post("/people-add", data=new, headers=OWN_PAGE).status_code == 400
