"""Tasks on the board: given, looked for, changed and done by officers, with what might be given next."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kiosk.province.board.task_rows import MOST_HINTS, Hint, suggestions, uncared
from kiosk.province.orders import carry_out
from kiosk.province.tasks import Task, steps_of, task, tasks
from tests.board_stage import Board, board_of, page_of
from tests.board_town import NOW, town
from tests.web_faces import OWN_PAGE

pytestmark = pytest.mark.slow
GIVEN = {"title": "Sửa hai máy hỏng", "site": "TV-002", "unit": "", "line": "", "due": "2026-12-05"}


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with board_of(town(tmp_path_factory.mktemp("town")).path, NOW) as opened:
        yield opened


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_of(town(tmp_path).path, NOW) as opened:
        yield opened


def give(client: FlaskClient, **changes: str) -> int:
    """A task given by the form; its number."""
    answer = client.post("/tasks/add", data={**GIVEN, **changes}, headers=OWN_PAGE)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def kept(board: Board, number: int) -> Task:
    with board.desk.reading() as db:
        found = task(db, number)
    assert found is not None
    return found


def test_an_officer_gives_a_task_and_it_stands_where_the_site_is(board: Board) -> None:
    officer = board.of("officer")
    number = give(officer)
    for address in ("/tasks", f"/tasks/{number}", "/sites/TV-002"):
        assert "Sửa hai máy hỏng" in page_of(officer, address), address
    assert "hạn 05/12/2026" in page_of(officer, "/sites/TV-002")
    give(officer, title="Khảo sát điểm mới", site="", unit="20001")
    assert "Khảo sát điểm mới" in page_of(officer, "/units/20001")


def test_every_mistake_of_the_form_is_named_at_its_field_and_nothing_is_lost(board: Board) -> None:
    wrong = {"title": "…", "site": "XX-001", "unit": "", "due": "2026-11-01"}
    answer = board.of("officer").post("/tasks/add", data={**GIVEN, **wrong}, headers=OWN_PAGE)
    assert answer.status_code == 400 and answer.text.count('aria-invalid="true"') == 3
    for words in ("Xin ghi ngắn gọn việc cần làm.", "không có điểm mang mã này", "Ngày này đã qua", 'value="XX-001"'):
        assert words in answer.text, words
    both = board.of("officer").post("/tasks/add", data={**GIVEN, "unit": "20001"}, headers=OWN_PAGE)
    assert both.status_code == 400 and "một trong hai" in both.text
    with board.desk.reading() as db:
        assert tasks(db) == []


def test_a_task_is_begun_done_and_taken_up_again_with_who_and_why(board: Board) -> None:
    officer = board.of("officer")
    number = give(officer)
    for state, why in (("doing", ""), ("done", "Hai máy chạy lại"), ("open", "Một máy hỏng lại")):
        answer = officer.post(f"/tasks/{number}/move", data={"state": state, "why": why}, headers=OWN_PAGE)
        assert answer.status_code == 303 and kept(board, number).state == state
    page = page_of(officer, f"/tasks/{number}")
    assert "Hai máy chạy lại" in page and page.index("Đã mở lại") < page.index("Đã giao")
    assert "· Lan<" in page and "Lan (" not in page, "the person, not whose process it was"
    assert "Lan<" not in page_of(board.of("link"), f"/tasks/{number}"), "a link sees no name of staff"


def test_dropping_a_task_wants_a_reason(board: Board) -> None:
    officer = board.of("officer")
    number = give(officer)
    answer = officer.post(f"/tasks/{number}/move", data={"state": "dropped"}, headers=OWN_PAGE)
    assert answer.status_code == 400 and "Xin ghi vì sao không làm việc này nữa" in answer.text
    assert kept(board, number).state == "open"
    nonsense = officer.post(f"/tasks/{number}/move", data={"state": "lost"}, headers=OWN_PAGE)
    assert nonsense.status_code == 400


def test_a_task_is_changed_and_the_change_is_told(board: Board) -> None:
    officer = board.of("officer")
    number = give(officer)
    answer = officer.post(f"/tasks/{number}/edit", data={**GIVEN, "title": "Sửa ba máy", "due": "2026-12-09"},
                          headers=OWN_PAGE)  # fmt: skip
    assert answer.status_code == 303 and kept(board, number).due == date(2026, 12, 9)
    with board.desk.reading() as db:
        assert steps_of(db, number)[1].changes["title"] == ("Sửa hai máy hỏng", "Sửa ba máy")
    assert "<s>Sửa hai máy hỏng</s>" in page_of(officer, f"/tasks/{number}")


def test_what_is_overdue_is_found_and_what_is_looked_for(board: Board) -> None:
    officer = board.of("officer")
    give(officer, title="Mở lớp tin học")
    other = give(officer, site="BD-001")
    carry_out(board.home.path, "task edit", number=other, title="Gửi số liệu bằng USB")
    board.desk.now = lambda: NOW.replace(month=12, day=20)
    page = page_of(officer, "/tasks?show=late")
    assert "Mở lớp tin học" in page and "quá hạn 15 ngày" in page
    board.desk.now = lambda: NOW
    assert "Không có việc nào quá hạn." in page_of(officer, "/tasks?show=late")
    found = page_of(officer, "/tasks?q=gui+so+lieu")
    assert "Gửi số liệu bằng USB" in found and "Mở lớp tin học" not in found


def test_sites_that_nobody_looks_after_are_suggested_the_worst_first(towns: Board) -> None:
    hints = suggestions_of(towns, [])
    assert [one.site for one in hints] == ["BD-003", "TV-003", "BD-001", "BD-005"]
    assert len(hints) <= MOST_HINTS
    cared = Task(1, "Gọi điện", "BD-003", "", "", date(2026, 12, 1), "doing")
    assert [one.site for one in suggestions_of(towns, [cared])] == ["TV-003", "BD-001", "BD-005"]
    done = Task(1, "Gọi điện", "BD-003", "", "", date(2026, 12, 1), "done")
    assert "BD-003" in [one.site for one in suggestions_of(towns, [done])], "what is done helps nobody any more"
    page = page_of(towns.of("officer"), "/tasks")
    assert "Đã 47 ngày chưa nhận được số liệu." in page and "/tasks/new?site=BD-003" in page


def test_an_officer_gives_a_task_from_the_list_of_silent_sites_and_sees_who_has_one(board: Board) -> None:
    officer = board.of("officer")
    page = page_of(officer, "/silent")
    form = re.search(r'href="(/tasks/new\?site=BD-003[^"]*)" aria-label="Giao việc: ', page)
    assert form is not None
    assert 'value="Tìm hiểu vì sao' in page_of(officer, form[1].replace("&amp;", "&")), "what shall be done is there"
    number = give(officer, site="BD-003")
    after = page_of(officer, "/silent")
    assert f'href="/tasks/{number}">Đã giao việc' in after and "site=BD-003" not in after
    for role in ("viewer", "link"):
        assert "/tasks/" not in page_of(board.of(role), "/silent"), role
    assert "/tasks/" not in page_of(officer, "/silent?whole=1"), "paper has no buttons"


def suggestions_of(board: Board, given: list[Task]) -> list[Hint]:
    with board.app.test_request_context("/tasks"):
        return suggestions(uncared(board.desk.sites(), given))


def test_viewers_and_links_read_and_change_nothing(board: Board) -> None:
    number = give(board.of("officer"))
    for role in ("viewer", "link"):
        client = board.of(role)
        assert "Sửa hai máy hỏng" in page_of(client, "/tasks") and "Giao việc" not in page_of(client, "/tasks")
        for address in ("/tasks/add", f"/tasks/{number}/edit", f"/tasks/{number}/move"):
            assert client.post(address, data=GIVEN, headers=OWN_PAGE).status_code == 403
        assert client.get("/tasks/new").status_code == 403
    assert kept(board, number).title == GIVEN["title"]


def test_a_link_of_one_line_sees_only_its_own_tasks(board: Board) -> None:
    officer = board.of("officer")
    library, both = give(officer), give(officer, title="Việc chung", site="", unit="20001")
    post = board.of("post")
    page = page_of(post, "/tasks")
    assert "Sửa hai máy hỏng" not in page and "Việc chung" in page
    assert post.get(f"/tasks/{library}").status_code == 404 and page_of(post, f"/tasks/{both}")
