"""A fault of the computer has one truth: its line in the journal, and the screen that sends people away."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from health_support import health_of
from store_support import reading
from web_faces import NOON, OWN_PAGE, People, Station

from kiosk.rules.policy import parse_policy
from kiosk.service.equipment import Equipment
from kiosk.service.journal import Journal
from kiosk.service.panel import create_panel
from kiosk.store import Store, facts, journal

TODAY = reading(NOON.isoformat())
FAULT, REPAIRED = "/s/03/equipment/pc/fault", "/s/03/equipment/pc/repaired"


class Wired(Station):
    """A station whose orders are written into the journal, as those of the service are."""

    store: Store

    def staff(self, action: str, who: str, minutes: float | None = None, reason: str = "") -> None:
        super().staff(action, who, minutes, reason)
        if action == "out_of_order":
            self.store.run(journal.open_fault, "pc", reason, who, TODAY.wall)
        elif action == "in_service":
            self.store.run(journal.close_fault, "pc", who, TODAY.wall)


class Desk:
    """A clerk with journal and equipment."""

    def __init__(self, store: Store) -> None:
        self.store, self.station = store, Wired()
        self.station.store = store
        store.run(facts.put, "first_use", "2026-03-01")
        app = create_panel(
            self.station, People(role="clerk"), journal=Journal(store, lambda: parse_policy({}), lambda: TODAY),
            equipment=Equipment(health_of(store), self.station, store, lambda: TODAY), now=lambda: NOON,
        )  # fmt: skip
        self.client: FlaskClient = app.test_client()
        self.client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)

    def post(self, path: str, **fields: object) -> str:
        """Where it leads."""
        answer = self.client.post(path, data=fields, headers=OWN_PAGE)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    @property
    def truths(self) -> tuple[bool, bool]:
        """(the journal has an open fault of the PC, the screen sends people away)."""
        stands = any(one.what == "pc" for one in self.store.run(journal.open_faults))
        return stands, self.station.state["state"] == "out_of_order"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store(tmp_path / "kiosk.db") as store:
        yield Desk(store)


def broken(desk: Desk) -> None:
    desk.post(FAULT, words="Không lên hình")
    assert desk.truths == (True, True)


def test_a_fault_of_the_pc_from_the_journal_takes_it_out_of_service(desk: Desk) -> None:
    to = desk.post("/journal?kind=fault", what="pc", day="2026-11-18", words="Không lên hình")
    assert urlsplit(to).path == FAULT and parse_qs(urlsplit(to).query)["words"] == ["Không lên hình"]
    assert desk.truths == (False, False), "it is asked first"
    asked = desk.client.get(to).text
    assert 'value="Không lên hình"' in asked and "tính từ hôm nay" in asked, "the day that was typed is spoken of"
    desk.post(to, words="Không lên hình")
    assert desk.truths == (True, True)


def test_a_fault_of_the_pc_that_is_over_is_only_written_down(desk: Desk) -> None:
    to = desk.post("/journal?kind=fault", what="pc", day="2026-11-10", until="2026-11-12", words="Hỏng nguồn")
    assert urlsplit(to).path == "/journal" and desk.truths == (False, False)
    assert len(desk.store.run(journal.fault_days, "pc", NOON.date().replace(day=1), NOON.date())) == 2


def test_repaired_beside_the_journal_brings_the_pc_back(desk: Desk) -> None:
    broken(desk)
    assert desk.post("/journal/lines/1", act="repaired", version=1) == REPAIRED
    assert desk.truths == (True, True)
    desk.post(REPAIRED, note="Thay cáp")
    assert desk.truths == (False, False)
    [line] = desk.store.run(journal.lines, NOON.date(), NOON.date())
    assert line.words["words"] == "Không lên hình – Thay cáp"


@pytest.mark.parametrize("form", [
    {"act": "strike"}, {"act": "save", "what": "pc", "day": "2026-11-20", "until": "2026-11-20", "words": "x"},
    {"act": "save", "what": "other", "day": "2026-11-20", "words": "x"},
])  # fmt: skip
def test_a_line_that_ends_otherwise_asks_for_the_screen_too(desk: Desk, form: dict[str, str]) -> None:
    broken(desk)
    assert desk.post("/journal/lines/1", version=1, **form) == REPAIRED
    desk.post(REPAIRED)
    assert desk.truths == (False, False)


def test_a_line_that_stands_again_asks_for_the_screen_too(desk: Desk) -> None:
    broken(desk)
    desk.post("/journal/lines/1", act="strike", version=1)
    desk.post(REPAIRED)
    to = desk.post("/journal/lines/1", act="restore", version=2)
    assert urlsplit(to).path == FAULT
    desk.post(to, words=parse_qs(urlsplit(to).query)["words"][0])
    assert desk.truths == (True, True)
    assert len(desk.store.run(journal.open_faults)) == 1


def test_a_line_of_another_thing_stays_in_the_journal(desk: Desk) -> None:
    to = desk.post("/journal?kind=fault", what="printer", day="2026-11-20", words="Kẹt giấy")
    number = int(re.search(r"done=(\d+)", to)[1])  # type: ignore[index]
    to = desk.post(f"/journal/lines/{number}", act="repaired", version=1)
    assert urlsplit(to).path == "/journal" and desk.store.run(journal.open_faults) == []
