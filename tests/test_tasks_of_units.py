"""What each unit has to do: given, changed, done, dropped; who did it, when and why stays written."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from register_support import MAP, Book, sheet, site, units

from kiosk.cli.province_sites import today
from kiosk.errors import RefusedError, UsageError
from kiosk.province.memory.ledger import Ledger
from kiosk.province.orders import carry_out
from kiosk.province.tasks import Wanted, steps_of, task, tasks
from tests.collector_stage import Collector

SOON = today() + timedelta(10)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(tmp_path / "home")
    book.take(units(*MAP), sheet(site(), site(**{"Mã điểm": "TH-002", "Mã xã": "14002"})))
    return book


def given(book: Book, title: str = "Sửa hai máy hỏng", due: date = SOON, *more: str) -> int:
    doer = () if {"--site", "--unit"} & set(more) else ("--site", "TH-001")
    return int(book.json("task", "add", title, *doer, "--due", due.isoformat(), *more)["number"])


def late_by(book: Book, number: int, days: int) -> None:
    """As if its day had passed: nobody may give a task for a day that is over."""
    with closing(Ledger(book.home)) as ledger, ledger.writing() as db:
        day = today() - timedelta(days)
        db.execute("UPDATE tasks SET due = ? WHERE id = ?", (day.isoformat(), number))


def test_a_task_is_given_to_a_site_begun_and_done(book: Book) -> None:
    number = given(book)
    (one,) = book.json("task", "list")
    assert one == {"number": number, "title": "Sửa hai máy hỏng", "site": "TH-001", "unit": "", "line": "",
                   "state": "open", "due": SOON.isoformat(), "late": False}  # fmt: skip
    book.cli("task", "begin", str(number))
    book.cli("task", "done", str(number), "--reason", "Cả hai máy chạy lại")
    assert book.json("task", "list") == []
    (done,) = book.json("task", "list", "--all")
    assert done["state"] == "done"


def test_who_did_what_when_and_why_stays_written(book: Book) -> None:
    number = given(book)
    carry_out(book.home.path, "task edit", number=number, title="Sửa ba máy hỏng", who="Lan")
    book.cli("task", "drop", str(number), "--reason", "Điểm đã đóng")
    steps = book.asked(steps_of, number)
    assert [one.deed for one in steps] == ["task add", "task edit", "task drop"]
    assert steps[1].changes == {"title": ("Sửa hai máy hỏng", "Sửa ba máy hỏng")} and steps[1].who.startswith("Lan (")
    assert steps[2].changes == {"state": ("open", "dropped")} and steps[2].why == "Điểm đã đóng"
    shown = book.cli("task", "show", str(number))
    assert shown.count("\n") == 4 and "dropped it (Điểm đã đóng)" in shown
    with (
        closing(Ledger(book.home)) as ledger,
        pytest.raises(Exception, match="written"),
        ledger.writing() as db,
    ):
        db.execute("DELETE FROM task_changes")


def test_the_most_urgent_stand_first_and_the_late_are_told(book: Book) -> None:
    first, second = given(book, due=SOON + timedelta(5)), given(book, "Gửi danh sách", SOON)
    late = given(book, "Mở lớp", SOON)
    late_by(book, late, 3)
    assert [one["number"] for one in book.json("task", "list")] == [late, second, first]
    assert [one["number"] for one in book.json("task", "list", "--late")] == [late]
    assert "overdue since" in book.cli("task", "list", "--late")
    book.cli("task", "done", str(late))
    assert book.json("task", "list", "--late") == [], "what is done is never late"


def test_a_task_may_be_for_a_unit_and_for_one_of_the_lines(book: Book) -> None:
    of_unit = given(book, "Khảo sát điểm tiềm năng", SOON, "--unit", "20001", "--line", "post")
    of_site = given(book)
    assert [one["number"] for one in book.json("task", "list", "--unit", "20001")] == [of_unit]
    assert [one["number"] for one in book.json("task", "list", "--site", "TH-001")] == [of_site]
    # A task of no line is both lines' own.
    assert [one["number"] for one in book.json("task", "list", "--line", "library")] == [of_site]
    assert {one["number"] for one in book.json("task", "list", "--line", "post")} == {of_unit, of_site}
    assert [one.number for one in book.asked(tasks, Wanted(units=("20001", "38")))] == [of_unit]
    assert [one.number for one in book.asked(tasks, Wanted(due_by=SOON - timedelta(1)))] == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " – "}, "has no title"),
        ({"due": "31/02/2027"}, "is no day"),
        ({"due": "2026-01-01"}, "is past"),
        ({"site": ""}, "name one of the two"),
        ({"unit": "20001"}, "name one of the two"),
        ({"site": "TH-999"}, "not in the register"),
        ({"site": "", "unit": "99999"}, "no unit 99999"),
        ({"line": "radio"}, "no line radio"),
    ],
)
def test_a_task_that_cannot_be_is_refused_and_nothing_is_written(book: Book, fields: dict[str, str], said: str) -> None:
    good = {"title": "Sửa máy", "due": SOON.isoformat(), "site": "TH-001", "unit": "", "line": ""}
    with pytest.raises(UsageError, match=said):
        carry_out(book.home.path, "task add", **{**good, **fields})
    assert book.asked(tasks) == []
    assert carry_out(book.home.path, "task add", **good)["number"] == 1, "the control"


def test_a_change_that_cannot_be_changes_nothing(book: Book) -> None:
    number = given(book)
    before = book.asked(task, number)
    for fields in ({"due": "2020-01-01"}, {"site": "TH-404"}, {"title": ""}):
        with pytest.raises(UsageError):
            carry_out(book.home.path, "task edit", number=number, **{"title": "Khác", **fields})
    assert book.asked(task, number) == before and len(book.asked(steps_of, number)) == 1
    late_by(book, number, 3)
    done = carry_out(book.home.path, "task edit", number=number, title="Sửa ba máy")
    assert done["changes"] == 1, "a late task keeps its day when its words are changed"


def test_dropping_wants_a_reason_and_nothing_is_done_twice(book: Book) -> None:
    number = given(book)
    with pytest.raises(UsageError, match="reason is missing"):
        carry_out(book.home.path, "task move", number=number, state="dropped", why=" - ")
    book.cli("task", "done", str(number))
    with pytest.raises(RefusedError, match="already"):
        carry_out(book.home.path, "task move", number=number, state="done")
    book.cli("task", "reopen", str(number), "--reason", "Một máy hỏng lại")
    assert book.json("task", "list")[0]["state"] == "open"
    for number in (99, -1, 1 << 70):
        with pytest.raises(RefusedError, match="no task"):
            carry_out(book.home.path, "task move", number=number, state="done")


def test_the_terminal_speaks_vietnamese(book: Book) -> None:
    number = given(book)
    late_by(book, number, 3)
    said = book.cli("task", "list", lang="vi_VN.UTF-8") + book.cli("task", "show", str(number), lang="vi_VN.UTF-8")
    assert "quá hạn từ" in said and "chưa làm" in said and "đã giao" in said
    assert "Không có việc số 99" in book.cli("task", "show", "99", lang="vi_VN.UTF-8", code=4)


@pytest.mark.slow
def test_while_the_province_serves_the_server_does_it(book: Book) -> None:
    collector = Collector(book.home.path)
    collector.start()
    try:
        number = given(book)
        book.cli("task", "done", str(number))
    finally:
        assert collector.stop() == 0
    assert book.json("task", "list", "--all")[0]["state"] == "done"


def test_an_older_ledger_gets_the_tables_when_it_is_opened(book: Book) -> None:
    with closing(sqlite3.connect(book.home.ledger)) as db, db:
        db.execute("DROP TABLE task_changes")
        db.execute("DROP TABLE tasks")
        db.execute("DELETE FROM steps WHERE owner = 'tasks'")
    assert given(book) == 1
