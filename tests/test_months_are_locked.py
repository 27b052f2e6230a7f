"""A month that was told stays told: locked when it is due, and whatever changes later is listed with its reason."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import POLICY, SITE, THEMES, small_world
from store_support import ended, reading
from tries import tries

from kiosk.clock import LOCAL, Reading
from kiosk.export import bundle, formats
from kiosk.export.outbox import Identity
from kiosk.export.run import Exporter, export_run
from kiosk.report import Report, Reports
from kiosk.report import locked as report_lock
from kiosk.rules.month_lock import as_it_stands, changed, day_locked, due, lock_date, locked
from kiosk.rules.periods import month_of, month_start, months_period
from kiosk.service.month_locking import MonthLocks
from kiosk.store import Store, facts, journal, month_locks, sessions, usage
from kiosk.store.folding import Kept, fold
from scripts.benchmarks import in_process

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


class World:
    """The small station under a clock that a test sets."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now: Reading = reading("2026-11-02T09:00:00+07:00")
        self.reports = Reports(store, SITE, POLICY, lambda: self.now, THEMES)
        self.locks = MonthLocks(store, self.reports)

    def at(self, text: str, trusted: bool = True) -> int:
        """A look at that moment: how much was locked or noted."""
        self.now = reading(f"{text}+07:00", trusted=trusted)
        return self.locks.look()

    def october(self) -> Report:
        return self.reports.make("2026-10")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as store:
        yield World(store)


@settings(max_examples=tries(200), deadline=None)
@given(DAYS, st.integers(1, 28), st.integers(1, 28))
def test_a_month_is_locked_from_one_day_on_and_that_day_lies_in_the_next_month(
    day: date, lock_day: int, starts_on: int
) -> None:
    first = month_start(*month_of(day, starts_on), starts_on)
    lock = lock_date(first, lock_day)
    here = month_of(first + timedelta(days=31), starts_on)
    following = months_period(here, here, starts_on)
    assert lock in following and lock - following.first == timedelta(days=lock_day - 1)
    assert locked(first, lock, lock_day) and not locked(first, lock - timedelta(days=1), lock_day)
    assert day_locked(day, lock, lock_day, starts_on) and not day_locked(day, day, lock_day, starts_on)


@settings(max_examples=tries(200), deadline=None)
@given(DAYS, st.integers(0, 900), st.integers(1, 28), st.integers(1, 28), st.sets(st.integers(0, 40)))
def test_what_is_due_is_every_locked_month_since_the_first_day_that_is_not_locked_yet(
    first: date, days: int, lock_day: int, starts_on: int, had: set[int]
) -> None:
    today = first + timedelta(days=days)
    everything = due(first, today, lock_day, starts_on, ())
    assert [one.last + timedelta(days=1) for one in everything[:-1]] == [one.first for one in everything[1:]]
    assert not everything or first in everything[0]
    assert all(locked(one.first, today, lock_day) for one in everything)
    nearest = (
        everything[-1].last + timedelta(days=1) if everything else month_start(*month_of(first, starts_on), starts_on)
    )
    assert not locked(nearest, today, lock_day)
    have = {one.text for number, one in enumerate(everything) if number in had}
    assert due(first, today, lock_day, starts_on, have) == [one for one in everything if one.text not in have]


FIGURES = st.dictionaries(st.sampled_from("ABCDE"), st.none() | st.sampled_from(["0", "1", "2"]), min_size=1)


@settings(max_examples=tries(200), deadline=None)
@given(FIGURES, FIGURES)
def test_what_was_told_with_its_changes_is_what_stands_there_now(
    before: dict[str, str | None], after: dict[str, str | None]
) -> None:
    found = changed(before, after)
    assert before | {code: now for code, (_was, now) in found.items()} == before | {
        code: now for code, now in after.items() if now is not None
    }
    assert as_it_stands(before, []) == before


@pytest.mark.slow
def test_it_is_locked_on_the_third_and_says_so(world: World) -> None:
    world.at("2026-11-02T23:59:00")
    assert [one.month for one in world.store.run(month_locks.between, "2026", "2027")] == ["2026-01"] + [
        f"2026-{month:02}" for month in range(2, 10)
    ]
    assert world.october().locks == ()
    assert world.at("2026-11-03T00:01:00") == 1
    [lock] = world.october().locks
    assert (lock.month, lock.at.astimezone(LOCAL)) == ("2026-10", datetime(2026, 11, 3, 0, 1, tzinfo=LOCAL))
    assert (lock.told["VISITS"], lock.told["PC_HOURS"], lock.told["ENDS:time_up"]) == ("200", "50.0", "50")
    assert world.at("2026-11-03T00:11:00") == 0 and world.october().revisions == ()


@pytest.mark.slow
def test_a_pc_that_was_off_on_the_day_locks_when_it_is_on_again(world: World) -> None:
    world.at("2026-10-31T12:00:00")
    assert world.at("2026-12-20T08:00:00") == 2  # October, and November with it
    assert world.october().locks[0].at.astimezone(LOCAL).date() == date(2026, 12, 20)


def test_by_a_date_that_is_not_trusted_nothing_is_locked(world: World) -> None:
    assert world.at("2026-11-05T08:00:00", trusted=False) == 0
    assert world.store.run(month_locks.months) == []


@pytest.mark.slow
def test_late_visits_are_revisions_and_what_was_told_stays_there(world: World) -> None:
    world.at("2026-11-03T08:00:00")
    before = world.october()
    world.store.run(sessions.record, ended("2026-10-20", 1_800), ())
    world.store.run(usage.add, "2026-10-20", {"redated": 1})
    world.now = reading("2026-11-09T10:00:00+07:00")
    shown = world.october()  # before the next look has noted it
    assert shown.line("VISITS").now.value == 201
    assert world.at("2026-11-09T10:00:00") == len(shown.revisions) + 1  # and the counter of re-dated sessions
    after = world.october()
    assert after.revisions == shown.revisions and after.locks == before.locks
    told = {one.code: (one.before, one.after, one.cause) for one in after.revisions}
    assert told["VISITS"] == ("200", "201", "redated")
    assert told["PC_HOURS"] == ("50.0", "50.5", "redated") and told["ENDS:signed_out"] == ("153", "154", "redated")
    assert "TOO_SHORT" not in told and not any(code.startswith("~") for code in told)
    assert world.at("2026-11-09T10:10:00") == 0
    # A second one is a revision of the first: from what stood there, not from what was told.
    world.store.run(sessions.record, ended("2026-10-21", 60), ())
    world.at("2026-11-10T10:00:00")
    visits = [(one.before, one.after, one.cause) for one in world.october().revisions if one.code == "VISITS"]
    assert visits == [("200", "201", "redated"), ("201", "202", "late")]


@pytest.mark.slow
def test_a_mended_line_of_the_journal_is_a_revision_with_the_typed_reason(world: World) -> None:
    world.at("2026-11-03T08:00:00")
    fields = {"people": 12}
    when = datetime(2026, 11, 9, 3, 0, tzinfo=LOCAL)
    world.store.run(journal.add, "class", date(2026, 10, 20), fields, "Lan", when, None, "Quên ghi lớp ngày 20")
    world.at("2026-11-09T10:00:00")
    found = {one.code: one for one in world.october().revisions}
    people = found["JOURNAL:class_people"]
    assert (people.before, people.after, people.cause, people.reason) == ("0", "12", "journal", "Quên ghi lớp ngày 20")
    assert set(found) == {"JOURNAL:class_people", "JOURNAL:classes"}
    assert world.reports.make("2026").revisions == world.october().revisions


@pytest.mark.slow
def test_lock_and_changes_stand_in_the_bundle_of_their_day_and_come_back_from_it(world: World, tmp_path: Path) -> None:
    world.at("2026-11-03T08:00:00")
    world.store.run(sessions.record, ended("2026-10-20", 1_800), ())
    world.at("2026-11-09T10:00:00")
    exporter = Exporter(world.store, tmp_path / "outbox", Identity("TH-017", "03", "0.1.0", ""), "23:30", lambda day: 0)
    lines = {}
    for day in ("2026-11-03", "2026-11-09"):
        [made] = export_run(exporter, reading("2026-11-10T09:00:00+07:00"), day)
        lines[day] = formats.read(made.path.read_bytes()).lines
    locks = [line for line in lines["2026-11-03"] if line["kind"] == "lock"]
    assert [one["month"] for one in locks][-1] == "2026-10" and locks[-1]["figures"]["VISITS"] == "200"
    revisions = [line for line in lines["2026-11-09"] if line["kind"] == "revision"]
    assert {"code": "VISITS", "before": "200", "after": "201"}.items() <= next(
        one for one in revisions if one["code"] == "VISITS"
    ).items()
    assert not [line for line in lines["2026-11-09"] if line["kind"] == "lock"]
    with Store(tmp_path / "new.db") as fresh:  # as replay.py does after a loss, twice
        for _ in range(2):
            for line in locks:
                fresh.run(month_locks.adopt, bundle.locked(line), ())
            for line in revisions:
                fresh.run(month_locks.adopt, None, [bundle.revised(line)])
        for read in (month_locks.between, month_locks.revisions):
            assert fresh.run(read, "2025-12", "2027") == world.store.run(read, "2025-12", "2027")


def test_locks_leave_with_the_totals_of_their_days(world: World) -> None:
    world.at("2026-11-03T08:00:00")
    fold(world.store, reading("2031-11-15T10:00:00+07:00"), Kept())
    assert world.store.run(month_locks.months) == []


def test_the_snapshot_holds_no_answer_by_its_side(world: World) -> None:
    world.at("2026-11-03T08:00:00")
    codes = {code for lock in world.store.run(month_locks.between, "2025", "2027") for code in lock.figures}
    assert {"FIRST", "USERS", "TARGET_USERS"} <= codes
    assert not {code for code in codes if code.startswith(("SEX", "AGE", "GRP", "ANY", "NO_ANSWER"))}


@pytest.mark.slow
def test_a_month_whose_days_are_gone_is_not_called_changed(world: World) -> None:
    world.at("2026-11-03T08:00:00")
    world.store.run(lambda db: db.execute("DELETE FROM day_totals WHERE day < '2026-11-01'").rowcount)
    world.store.run(facts.put, "first_use", "2025-10-01")
    world.at("2026-11-04T08:00:00")
    assert {one.code for one in world.october().revisions} == set()


@pytest.mark.slow
def test_a_month_with_a_cut_off_day_is_locked_by_its_own_days(world: World) -> None:
    """From the 15th to the 14th: October ends on 14 October, and its third day after is the 17th."""
    report = POLICY.report.model_copy(update={"month_starts_on": 15})
    world.reports.policy = POLICY.model_copy(update={"report": report})
    world.at("2026-10-16T23:59:00")
    assert world.october().locks == ()
    assert world.at("2026-10-17T00:01:00") == 1
    [lock] = world.october().locks
    assert lock.told["VISITS"] == "96"  # 12 busy days of 8 in October up to the 14th
    world.store.run(sessions.record, ended("2026-10-20", 1_800), ())
    assert world.at("2026-10-21T08:00:00") == 0 and world.october().revisions == ()
    world.store.run(sessions.record, ended("2026-10-14", 1_800), ())
    world.at("2026-10-21T09:00:00")
    assert [(one.before, one.after) for one in world.october().revisions if one.code == "VISITS"] == [("96", "97")]


@pytest.mark.slow
def test_a_figure_that_a_later_release_adds_is_no_change_and_a_new_kind_of_end_is_one(world: World) -> None:
    world.at("2026-11-03T08:00:00")
    world.store.run(
        lambda db: (
            db.execute(
                "UPDATE month_locks SET figures = json_remove(figures, '$.UNCLEAN', '$.\"JOURNAL:classes\"')"
            ).rowcount
        )
    )
    assert world.at("2026-11-04T08:00:00") == 0
    world.store.run(sessions.record, ended("2026-10-20", 1_800, "fault"), ())
    world.at("2026-11-05T08:00:00")
    assert [(one.before, one.after) for one in world.october().revisions if one.code == "ENDS:fault"] == [("0", "1")]


@pytest.mark.slow
def test_lock_day_of_the_policy_decides(world: World) -> None:
    export = POLICY.export.model_copy(update={"lock_day": 7})
    world.reports.policy = POLICY.model_copy(update={"export": export})
    world.at("2026-11-06T12:00:00")
    assert world.october().locks == ()
    world.at("2026-11-07T12:00:00")
    assert world.october().locks != ()


@pytest.mark.slow
def test_other_opening_hours_and_moved_guides_have_their_own_reasons(world: World) -> None:
    world.at("2026-11-03T08:00:00")
    hours = {day: () if day == "saturday" else POLICY.hours.on(date(2026, 10, 5)) for day in ("saturday",)}
    world.reports.policy = POLICY.model_copy(update={"hours": POLICY.hours.model_copy(update=hours)})
    world.reports.themes = {"pack/tomato": "health"}
    world.at("2026-11-04T08:00:00")
    told = {one.code: (one.before, one.after, one.cause) for one in world.october().revisions}
    # Only the 31st, a Saturday, has no line of its own plan; every other day keeps what was planned then.
    assert told.pop("PLANNED_DAYS") == ("27", "26", "hours")
    assert told == {"OPENS:agri": ("3", "0", "menu"), "OPENS:health": ("0", "3", "menu")}


@pytest.mark.slow
def test_the_running_service_looks_after_its_nightly_run() -> None:
    with in_process.service() as service:
        assert service.nightly.then() == 0 and getattr(service.nightly.then, "__func__", None) is MonthLocks.look


DEED = st.one_of(
    st.tuples(st.just("visit"), st.integers(0, 70)),
    st.tuples(st.just("redated"), st.integers(0, 70)),
    st.tuples(st.just("class"), st.integers(0, 70)),
    st.tuples(st.just("opened"), st.integers(0, 70)),
    st.tuples(st.just("days"), st.integers(1, 25)),
    st.tuples(st.just("untrusted"), st.integers(1, 25)),
)


@pytest.mark.slow
@settings(max_examples=tries(12), deadline=None)
@given(st.lists(DEED, min_size=4, max_size=14), st.sampled_from([1, 15]), st.integers(1, 28))
def test_whatever_happens_the_told_stays_and_with_its_changes_it_is_what_there_is(
    deeds: list[tuple[str, int]], starts_on: int, lock_day: int
) -> None:
    """On a real store: visits, re-dated ones, the journal and opened guides of any day, days that pass."""
    first, told = date(2026, 3, 20), dict[str, object]()
    policy = POLICY.model_copy(
        update={
            "report": POLICY.report.model_copy(update={"month_starts_on": starts_on}),
            "export": POLICY.export.model_copy(update={"lock_day": lock_day}),
        }
    )
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "kiosk.db") as store:
        store.run(facts.put, "first_use", first.isoformat())
        today, now = first, reading("2026-03-20T18:00:00+07:00")
        reports = Reports(store, SITE, policy, lambda: now, THEMES)
        locks = MonthLocks(store, reports)
        for deed, number in deeds:
            day = min(today, first + timedelta(days=number))
            if deed in ("visit", "redated"):
                store.run(sessions.record, ended(day.isoformat(), 60 * (number + 1)), ())
                store.run(usage.add, day.isoformat(), {"redated": int(deed == "redated")})
            elif deed == "class":
                store.run(journal.add, "class", day, {"people": number + 1}, "Lan", now.wall, None, f"Lý do {number}")
            elif deed == "opened":
                store.run(usage.opened, day.isoformat(), {"pack/fever": number + 1})
            else:
                today += timedelta(days=number)
            now = reading(f"{today}T18:00:00+07:00", trusted=deed != "untrusted")
            before = store.run(month_locks.months)
            looked = locks.look()
            if deed == "untrusted":
                assert looked == 0 and store.run(month_locks.months) == before
                continue
            assert store.run(month_locks.months) == [one.text for one in due(first, today, lock_day, starts_on, ())]
            for lock in store.run(month_locks.between, "", "9"):
                assert told.setdefault(lock.month, lock) == lock, "what was told is never another"
                noted = store.run(month_locks.revisions, lock.month, lock.month)
                year, month = (int(part) for part in lock.month.split("-"))
                is_now = report_lock.told(reports.of(months_period((year, month), (year, month), starts_on), starts_on))
                stands = as_it_stands(lock.figures, noted)
                # A list names only what there was: what it does not name is nought.
                assert {code: stands.get(code, "0") for code, value in is_now.items() if value is not None} == {
                    code: value for code, value in is_now.items() if value is not None
                }
                assert all(one.reason.startswith("Lý do") for one in noted if one.cause == "journal")
            assert locks.look() == 0
