"""Printed pages on their way: told by the supervisor, kept with session and day, in the bundle, on report and panel."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from web_faces import free, in_use

from kiosk.clock import Reading
from kiosk.errors import SettingsError
from kiosk.export import bundle_lines, formats
from kiosk.export.bundle import body
from kiosk.rules.policy import parse_policy
from kiosk.service.panel.print_card import print_card
from kiosk.service.printing import TROUBLES, _job
from kiosk.store import redating, sessions, usage
from kiosk.store.sessions import Ended, Live
from kiosk.store.thread import Store
from kiosk.supervisor.printing.printer import trouble_of

WALL = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def told(**changes: Any) -> dict[str, Any]:
    """What the state message says of printing."""
    return {"mode": "staff", "waiting": 0, "pages": 0, "pages_max": 20, "trouble": None, "jobs": [], **changes}


@pytest.fixture
def store(tmp_path: Path) -> Any:
    store = Store(tmp_path / "kiosk.db")
    yield store
    store.close()


def live(session: str, **changes: Any) -> Live:
    return Live(session, "boot-1", 100.0, 100.0, 0.0, 3600.0, WALL, WALL, **changes)


def test_pages_stay_with_session_day_and_bundle(store: Store) -> None:
    store.run(sessions.start, live("one"))
    assert store.run(sessions.printed, "one", 4) and store.run(sessions.printed, "one", 7)
    assert not store.run(sessions.printed, "other", 9)
    found = store.run(sessions.live)
    assert found is not None and found.pages == 7, "it survives a restart"
    ended = Ended("2026-11-20", 10, "03", 1800, "signed_out", True, pages=7)
    store.run(sessions.end, "one", ended, ())
    store.run(sessions.start, live("two"))
    store.run(sessions.end, "two", Ended("2026-11-20", 11, "03", 20, "signed_out", False, pages=2), ())
    assert store.run(lambda db: db.execute("SELECT pages FROM sessions").fetchall()) == [(7,), (2,)]
    assert store.run(usage.totals, "2026-11-20")["pages"] == 9
    lines = store.run(body, "2026-11-20")
    assert [line for line in lines if line["kind"] == "print"] == [{"kind": "print", "pages": 9}]
    assert not [line for line in store.run(body, "2026-11-21") if line["kind"] == "print"]


def test_pages_of_a_boot_without_a_date_come_to_their_day(store: Store) -> None:
    store.run(sessions.start, live("one", trusted=False))
    ended = Ended("", 0, "03", 1800, "time_up", True, pages=5, trusted=False, boot_id="boot-1", boot_at=100.0)
    store.run(sessions.end, "one", ended, ())
    now = Reading(4000.0, "boot-1", WALL, True)
    assert store.run(redating.redate, now) == [now.day]
    assert store.run(usage.totals, now.day)["pages"] == 5


@pytest.mark.parametrize("pages", [-1, formats.MAX_COUNT + 1, "3"])
def test_a_bundle_with_pages_that_cannot_be_is_refused(pages: object) -> None:
    with pytest.raises(formats.BundleError):
        bundle_lines.check_line({"kind": "print", "pages": pages})


@pytest.mark.parametrize(
    ("section", "field"),
    [
        ({"mode": "always"}, "print.mode"),
        ({"queue": "two words"}, "print.queue"),
        ({"queue": "-h evil"}, "print.queue"),
        ({"pages_max": -1}, "print.pages_max"),
        ({"pages_max": 2.5}, "print.pages_max"),
        ({"titles": True}, "print.titles"),
    ],
)
def test_a_wrong_policy_of_printing_is_named(section: dict[str, Any], field: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        parse_policy({"print": section})
    assert field in "\n".join(wrong.value.problems)


def test_nobody_prints_by_default() -> None:
    assert parse_policy({}).print.mode == "off"


@pytest.mark.parametrize(
    ("reasons", "state", "accepting", "code"),
    [
        (["none"], 3, True, ""),
        (["media-empty-error"], 5, True, "paper"),
        (["media-needed", "offline-report"], 3, True, "paper"),
        (["media-low-warning"], 3, True, ""),
        (["toner-low-report"], 3, True, ""),
        (["media-jam-error"], 5, True, "jam"),
        (["door-open-error"], 5, True, "cover"),
        (["marker-supply-empty-error"], 3, True, "ink"),
        (["offline-report"], 3, True, "offline"),
        (["paused"], 5, True, "stopped"),
        (["none"], 3, False, "stopped"),
    ],
)
def test_what_a_printer_says_becomes_one_code(reasons: list[str], state: int, accepting: bool, code: str) -> None:
    queue = {"printer-state-reasons": reasons, "printer-state": [state], "printer-is-accepting-jobs": [accepting]}
    assert trouble_of(queue) == code
    assert not code or code in TROUBLES


def test_a_job_is_numbers_and_nothing_else() -> None:
    raw = {"id": 3, "pages": 2, "kb": 10, "since": 50, "over": False, "title": "Đơn xin ly hôn"}
    assert _job(raw) == {"id": 3, "pages": 2, "since": 50, "over": False}
    for wrong in ({"id": "3"}, {"pages": -1}, {"since": None}, {"pages": 2**40}):
        assert _job({**raw, **wrong}) is None
    assert _job("text") is None


class TestCard:
    """The panel's card."""

    def test_none_where_nobody_prints(self) -> None:
        assert print_card(free()) is None and print_card(free(print=None)) is None

    def test_jobs_with_pages_and_since_when(self) -> None:
        jobs = [
            {"id": 1, "pages": 1, "minutes": 0, "over": False},
            {"id": 4, "pages": 12, "minutes": 7, "over": True},
        ]
        card = print_card(in_use(print=told(waiting=2, pages=10, jobs=jobs)))
        assert card is not None and card.session == "c0ffee"
        first, second = card.jobs
        assert [first.pages.in_language("vi"), first.since.in_language("vi")] == ["1 trang", "vừa gửi"]
        assert [second.pages.in_language("vi"), second.since.in_language("vi")] == ["12 trang", "đã chờ 7 phút"]
        assert second.over is not None and "20" in second.over.in_language("vi") and first.over is None
        assert card.printed is not None and "10" in card.printed.in_language("vi")
        assert (card.tone, card.words.in_language("vi")) == ("soon", "Đang chờ: 2")

    def test_more_than_are_shown_are_told(self) -> None:
        card = print_card(in_use(print=told(waiting=43, jobs=[{"id": 1, "pages": 1, "minutes": 0, "over": False}])))
        assert card is not None and card.more is not None and "42" in card.more.in_language("vi")

    @pytest.mark.parametrize("code", TROUBLES)
    def test_each_trouble_is_a_plain_sentence(self, code: str) -> None:
        card = print_card(in_use(print=told(trouble=code)))
        assert card is not None and card.trouble is not None and card.tone == "fault"
        said = card.trouble.in_language("vi")
        assert said.endswith((".", "?", "cups")) and said != card.trouble.in_language("en")
