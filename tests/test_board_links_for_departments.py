"""A department reads by a link: shown once, bound to a line, ended or expired any time; it can do nothing else."""

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kiosk.province.board.app import create_board
from kiosk.province.board.desk import Desk
from kiosk.province.board.people import People
from kiosk.province.orders import carry_out, who_asks
from tests.board_province import board_province
from tests.board_stage import Board, board_of, page_of
from tests.web_faces import OWN_PAGE

# All that a link may look at, but for a site's own pages.
SHOWN = ("/", "/grid", "/silent", "/tasks", "/tasks/1", "/units", "/lines", "/content", "/definitions", "/report",
         "/report/print")  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return board_province(tmp_path_factory.mktemp("province") / "home", count=60, joined=2).path


@pytest.fixture
def board(home: Path, tmp_path: Path) -> Iterator[Board]:
    with board_of(Path(shutil.copytree(home, tmp_path / "home", symlinks=True))) as opened:
        yield opened


def text_of(page: str) -> str:
    """What is read of a page."""
    return re.sub(r"<[^>]+>", " ", page)


def made(board: Board, label: str = "Sở Văn hóa", line: str = "library") -> str:
    """A link made by an officer on the page: the address that the page shows."""
    form = {"label": label, "line": line, "days": "30"}
    page = board.of("officer").post("/links", data=form, headers=OWN_PAGE).text
    found = re.search(r"<code>(http://localhost/l/[\w-]{32})</code>", page)
    assert found is not None
    return found[1]


def test_the_address_is_shown_once_and_opens_the_board(board: Board) -> None:
    address = made(board)
    assert address not in board.of("officer").get("/links").text
    client = board.app.test_client()
    assert client.get("/grid").status_code == 303, "the control"
    answer = client.get(address)
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert client.get("/grid").status_code == 200


def test_a_link_that_was_ended_is_over_at_the_next_page(board: Board) -> None:
    client = board.app.test_client()
    address = made(board)
    client.get(address)
    assert client.get("/grid").status_code == 200
    assert board.of("officer").post("/links/1/end", headers=OWN_PAGE).status_code == 303
    assert client.get("/grid").status_code == 303
    answer = board.app.test_client().get(address)
    assert answer.status_code == 404 and "Đường dẫn này đã hết hạn" in answer.text


def test_a_link_expires_by_itself(board: Board) -> None:
    address = made(board)
    for days, status in ((29, 303), (31, 404)):
        then = datetime.now(timezone.utc) + timedelta(days=days)
        later = Desk(board.home, lambda then=then: then)  # type: ignore[misc]
        assert create_board(later, People(later)).test_client().get(address).status_code == status


def test_no_guess_opens_anything(board: Board) -> None:
    secret = made(board).rpartition("/")[2]
    for guess in ("", "x", secret[:-1], secret + "x", secret.swapcase(), "%27%20OR%201=1", "../" + secret):
        client = board.app.test_client()
        assert client.get(f"/l/{guess}").status_code == 404
        client.set_cookie("board_link", guess)
        assert client.get("/grid").status_code == 303


def test_a_line_sees_its_own_sites_only_whatever_it_asks_for(board: Board) -> None:
    sites = board.desk.sites()
    for line, other in (("library", "post"), ("post", "library")):
        client = board.of(line)
        own = {one.row.name for one in sites.silent(line)}
        foreign = {one.row.name for one in sites.silent(other)}
        assert own and foreign
        for address in ("/silent", f"/silent?line={other}", "/silent?line="):
            page = page_of(client, address)
            assert all(name in page for name in own) and not any(f">{name}<" in page for name in foreign), address
        count = len(sites.of(line))
        assert f"{count} điểm hôm nay" in page_of(client, f"/grid?line={other}")
        code = next(one.row.code for one in sites.of(other))
        assert client.get(f"/sites/{code}").status_code in (403, 404)
        assert client.get(f"/stations/{code}/01").status_code in (403, 404)


@pytest.mark.slow
def test_a_link_sees_no_names_of_staff_and_no_form_that_changes_anything(board: Board) -> None:
    sites = board.desk.sites()
    carry_out(board.home.path, "task add", title="Gọi điểm", due="2100-12-31", site="TH-001", who="Bà Kín")
    assert "Bà Kín" in page_of(board.of("officer"), "/tasks/1"), "the control"
    code = sites.of("library")[0].row.code
    for line in ("link", "library"):
        client = board.of(line)
        own = (f"/sites/{code}", f"/stations/{code}/01")
        for address in (*SHOWN, *own):
            if client.get(address).status_code in (403, 404):
                continue
            page = page_of(client, address)
            assert "Bà Kín" not in page and who_asks() not in text_of(page).split(), address
            forms = re.findall(r'<form method="post" action="([^"]*)"', page)
            assert set(forms) <= {"/sign-out"}, address


def test_what_cannot_be_a_link_is_refused_in_words(board: Board) -> None:
    officer = board.of("officer")
    for form in ({"label": " ", "line": "", "days": "30"}, {"label": "Sở", "line": "x", "days": "30"},
                 {"label": "Sở", "line": "", "days": "9999"}, {"label": "Sở", "line": ""}):  # fmt: skip
        answer = officer.post("/links", data=form, headers=OWN_PAGE)
        assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert board.people.links() == []


def test_a_name_with_markup_is_shown_as_it_was_typed(board: Board) -> None:
    made(board, '<b>Sở</b> & "x"')
    page = board.of("officer").get("/links").text
    assert "&lt;b&gt;Sở&lt;/b&gt; &amp; &#34;x&#34;" in page and "<b>Sở</b>" not in page
