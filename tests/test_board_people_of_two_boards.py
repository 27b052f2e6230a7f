"""Who may do what is asked of the ledger at every page: another board or the terminal may have changed it meanwhile."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kiosk.province.board.app import create_board
from kiosk.province.board.desk import Desk
from kiosk.province.orders import carry_out
from kiosk.web.passwords import hash_password
from tests.board_province import board_province
from tests.board_stage import PASSWORD, Board, board_of
from tests.web_faces import OWN_PAGE

pytestmark = pytest.mark.slow
OTHER = "một câu khác hẳn"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return board_province(tmp_path_factory.mktemp("province") / "home", count=1).path


@pytest.fixture
def board(home: Path, tmp_path: Path) -> Iterator[Board]:
    with board_of(Path(shutil.copytree(home, tmp_path / "home", symlinks=True))) as opened:
        yield opened


def elsewhere(board: Board, name: str) -> FlaskClient:
    """Somebody who is signed in at another board of the same home."""
    client = create_board(Desk(board.home)).test_client()
    answer = client.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN_PAGE)
    assert answer.status_code == 303 and client.get("/own-password").status_code == 200, "the control"
    return client


def test_who_was_removed_at_one_board_is_out_at_the_other(board: Board) -> None:
    viewer = elsewhere(board, "Minh")
    board.of("officer").post("/people/Minh", data={"act": "remove", "sure": "1"}, headers=OWN_PAGE)
    assert viewer.get("/own-password").status_code == 303


def test_an_officer_who_is_a_viewer_now_orders_nothing_at_the_other_board(board: Board) -> None:
    carry_out(board.home.path, "board person change", name="Minh", who="cli", role="officer")
    was_officer = elsewhere(board, "Minh")
    assert was_officer.get("/people").status_code == 200, "the control"
    board.of("officer").post("/people/Minh", data={"act": "role", "role": "viewer"}, headers=OWN_PAGE)
    assert was_officer.get("/people").status_code == 303
    form = {"act": "role", "role": "officer"}
    assert was_officer.post("/people/Minh", data=form, headers=OWN_PAGE).status_code == 403


def test_a_new_password_signs_out_at_both_boards_but_not_where_it_was_typed(board: Board) -> None:
    there, here = elsewhere(board, "Minh"), board.of("viewer")
    form = {"old": PASSWORD, "password": OTHER, "again": OTHER}
    assert here.post("/own-password", data=form, headers=OWN_PAGE).status_code == 303
    assert here.get("/own-password").status_code == 200
    assert there.get("/own-password").status_code == 303


def test_the_code_of_the_terminal_puts_out_who_sat_there_under_that_name(board: Board) -> None:
    thief = board.of("viewer")
    code = carry_out(board.home.path, "board code")["code"]
    form = {"code": code, "name": "Minh", "password": OTHER, "again": OTHER}
    fresh = board.stranger()
    assert fresh.post("/begin", data=form, headers=OWN_PAGE).status_code == 303
    assert fresh.get("/people").status_code == 200
    assert thief.get("/own-password").status_code == 303


def test_a_restored_ledger_that_knows_somebody_by_another_password_lets_nobody_on(board: Board) -> None:
    client = board.of("viewer")
    assert client.get("/own-password").status_code == 200, "the control"
    carry_out(board.home.path, "board person change", name="Minh", who="cli", password_hash=hash_password(OTHER))
    assert client.get("/own-password").status_code == 303
