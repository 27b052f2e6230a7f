"""What staff wrote down reaches the province as sums, changed days anew, comes back after a loss, and goes in time."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from memory_play import SITE, Play
from store_support import reading

from kiosk.clock import LOCAL
from kiosk.export import formats
from kiosk.export.outbox import Identity
from kiosk.export.replay import replay
from kiosk.export.run import Exporter, Result, export_run
from kiosk.store import Store, facts, folding, images, journal, journal_telling, journal_trace, losses, usage
from kiosk.store.folding import Kept

NIGHT = reading("2026-11-21T23:40:00+07:00")
PERSON = "Nguyễn Thị Canary"


class Nights:
    """A station since 01/03/2026 whose journal is told at night."""

    def __init__(self, folder: Path) -> None:
        self.store, self.outbox = Store(folder / "store" / "kiosk.db"), folder / "outbox"
        self.exporter = Exporter(
            self.store, self.outbox, Identity("TH-012", "03", "0.1.0", ""), "23:30", lambda day: 450
        )
        self.store.run(facts.put, "first_use", "2026-03-01")

    def write(self, kind: str, day: str, **fields: object) -> int:
        return self.store.run(journal.add, kind, date.fromisoformat(day), fields, "Lan", NIGHT.wall)

    def night(self) -> list[Result]:
        return [one for one in export_run(self.exporter, NIGHT) if one.new]

    def told(self, day: str) -> dict[str, int]:
        """The journal's lines of the newest bundle of a day."""
        path = max(self.outbox.glob(f"*_{day}_r*.gz"), key=lambda path: path.name)
        lines = formats.read(path.read_bytes()).lines
        return {f"{line.get('month', '')}{line['code']}": line["count"] for line in lines
                if line["kind"] in ("journal", "journal_before")}  # fmt: skip


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    found = Nights(tmp_path)
    with found.store:
        yield found


def test_a_nights_bundle_has_the_sums_and_no_words_and_no_names(nights: Nights) -> None:
    nights.write("class", "2026-11-20", people=12, words=PERSON)
    nights.write("books", "2026-11-19", copies_in=50, titles_in=20, words=PERSON)
    nights.write("fault", "2026-11-19", what="pc", words=PERSON)
    nights.night()
    assert nights.told("2026-11-20") == {
        "classes": 1, "class_people": 12, "books_on_hand": 50, "pc_days_down": 1
    }  # fmt: skip
    assert nights.told("2026-11-19") == {
        "titles_in": 20, "books_in": 50, "books_on_hand": 50, "faults_opened": 1, "pc_days_down": 1
    }  # fmt: skip
    assert nights.told("2026-11-18") == {}
    for path in nights.outbox.glob("*.gz"):
        text = json.dumps(formats.read(path.read_bytes()).lines, ensure_ascii=False)
        assert "Canary" not in text and "Lan" not in text


@pytest.mark.slow
def test_a_changed_past_day_is_told_anew_however_long_ago_and_no_other(nights: Nights) -> None:
    number = nights.write("class", "2026-03-10", people=12)
    nights.night()
    assert nights.told("2026-03-10")["class_people"] == 12 and nights.night() == []
    nights.store.run(journal.strike, number, 1, "Lan", NIGHT.wall)
    [again] = nights.night()
    assert (again.day, again.revision) == ("2026-03-10", 2) and nights.told("2026-03-10") == {}
    assert nights.night() == [] and nights.store.run(journal_telling.owed) == []


def reasons(nights: Nights, day: str) -> list[tuple[int, dict[str, int]]]:
    """The reasons of every revision of a day."""
    found = [formats.read(path.read_bytes()) for path in nights.outbox.glob(f"*_{day}_r*.gz")]
    told = {one.manifest.revision: {line["code"]: line["count"] for line in one.lines if line["kind"] == "reason"}
            for one in found}  # fmt: skip
    return sorted(told.items())


@pytest.mark.slow
def test_a_late_entry_goes_as_a_revision_that_says_why(nights: Nights) -> None:
    nights.write("class", "2026-11-20", people=12)
    nights.night()
    nights.write("class", "2026-11-20", people=3)
    [late] = nights.night()
    nights.store.run(usage.add, "2026-11-20", {"boots": 1})  # the day changes once more, not by the journal
    [other] = nights.night()
    assert [(one.day, one.revision) for one in (late, other)] == [("2026-11-20", 2), ("2026-11-20", 3)]
    assert reasons(nights, "2026-11-20") == [(1, {}), (2, {"journal": 1}), (3, {"journal": 1})]
    assert nights.night() == [] and reasons(nights, "2026-11-19") == [(1, {})]


def test_a_late_entry_of_a_day_whose_bytes_are_gone_says_why_too(nights: Nights) -> None:
    nights.night()
    nights.store.run(lambda db: db.execute("UPDATE bundles SET content = NULL"))
    for path in nights.outbox.glob("*.gz"):
        path.unlink()
    nights.write("class", "2026-03-10", people=3)
    assert [(one.day, one.revision) for one in nights.night()] == [("2026-03-10", 2)] and nights.night() == []
    assert reasons(nights, "2026-03-10") == [(2, {"journal": 1})]


def test_a_box_of_long_ago_restates_the_stock_of_every_day_since(nights: Nights) -> None:
    nights.night()
    nights.write("books", "2026-11-01", copies_in=30)
    assert [one.day for one in nights.night()] == [f"2026-11-{day:02}" for day in range(1, 22)]


def test_months_before_the_first_day_are_told_by_month_in_its_bundle(nights: Nights) -> None:
    nights.night()
    nights.write("class", "2025-10-05", people=12)
    nights.write("class", "2025-10-30", people=8)
    nights.write("outreach", "2026-02-28", people=40)
    [first] = nights.night()
    assert (first.day, first.revision) == ("2026-03-01", 2)
    assert nights.told("2026-03-01") == {
        "2025-10classes": 2, "2025-10class_people": 20, "2026-02outreach_events": 1, "2026-02outreach_people": 40,
    }  # fmt: skip


def test_a_day_asked_for_by_itself_does_not_settle_what_is_owed(nights: Nights) -> None:
    nights.night()
    nights.write("class", "2026-03-10", people=3)
    export_run(nights.exporter, NIGHT, "2026-11-20")
    assert [one.day for one in nights.night()] == ["2026-03-10"]


def test_after_a_loss_the_sums_are_as_they_had_been_told(tmp_path: Path) -> None:
    """A copy of the second day, bundles up to the fourth: written, struck and repaired in between."""
    play = Play(tmp_path / "home")
    with play.open() as store:
        play.days(store, 2)
        wall = play.now().wall
        day = wall.astimezone(LOCAL).date() - timedelta(days=1)
        gone = store.run(journal.add, "outreach", day, {"people": 9}, "Lan", wall)
        store.run(journal.add, "class", day, {"people": 12, "words": "Bài một"}, "Lan", wall)
        store.run(journal.open_fault, "pc", "hỏng", "Lan", wall - timedelta(days=1))
        play.keeper(store).copy(play.now())
        store.run(journal.strike, gone, 1, "Lan", wall)
        store.run(journal.add, "class", day, {"people": 5}, "Lan", wall)
        store.run(journal.close_fault, "pc", "Lan", wall)
        play.days(store, 2, copy=False)
        expected = store.run(journal.sums, day, wall.astimezone(LOCAL).date())
    (play.paths.store).write_bytes(b"broken" * 4_000)
    with play.open() as store:
        replay(store, play.paths.outbox, SITE.code, SITE.station, play.now())
        assert store.run(losses.all_of_them)
        assert store.run(journal.sums, day, wall.astimezone(LOCAL).date()) == expected
        texts = [line.words.get("words") for line in store.run(journal.lines, day, day) if not line.struck]
        assert "Bài một" in texts, "what the copy still knew keeps its words"
        assert expected["class_people"] == 17 and expected["outreach_people"] == 0 and expected["faults_closed"] == 1


def test_copies_that_may_leave_the_pc_name_nobody_of_the_staff(nights: Nights) -> None:
    nights.write("class", "2026-11-20", people=12)
    for leaves, names in ((True, {""}), (False, {"Lan"})):
        image = sqlite3.connect(":memory:", isolation_level=None)
        image.executescript(nights.store.run(lambda db: "\n".join(db.conn.iterdump())))
        images.strip(image, NIGHT.day, leaves=leaves)
        for table in ("journal", "journal_trace"):
            assert {row[0] for row in image.execute(f"SELECT who FROM {table}")} == names
        image.close()


def test_folding_lets_old_lines_go_and_keeps_what_lasts_and_the_stock(nights: Nights) -> None:
    store = nights.store
    nights.write("class", "2020-05-05", people=12)
    nights.write("books", "2020-05-05", copies_in=80)
    nights.write("books", "2021-05-05", copies_out=30)
    struck = nights.write("books", "2021-05-05", copies_in=999)
    store.run(journal.strike, struck, 1, "Lan", NIGHT.wall)
    nights.write("fault", "2020-05-05", what="printer", words="hỏng")
    nights.write("offered_service", "2020-05-05", words="Đọc sách")
    nights.write("books", "2026-11-05", read=4)
    later = replace(NIGHT, wall=NIGHT.wall + timedelta(days=400))
    before = store.run(journal.books_on_hand, NIGHT.local.date())
    gone = folding.fold(store, NIGHT, Kept(totals_years=5))
    assert gone["journal"] == 4 and store.run(journal.books_on_hand, NIGHT.local.date()) == before == 50
    kinds = [line.kind for line in store.run(journal.lines, date(2011, 1, 1), NIGHT.local.date())]
    assert sorted(kinds) == ["books", "fault", "offered_service"]
    assert {one.who for one in store.run(journal_trace.of_line, 5)} == {"Lan"}
    folding.fold(store, later, Kept(audit_months=12))
    assert {one.who for one in store.run(journal_trace.of_line, 5)} == {""}, "who did it goes with the audit"
    assert folding.fold(store, later, Kept(audit_months=12)) == {}, "and the second time there is nothing to do"
