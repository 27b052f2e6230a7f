"""Month ends, releases and HELD in a real store: each month once, in order, whole or not at all, only while trusted."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_support import ended, reading

from kiosk.rules.answers import Answers
from kiosk.rules.disclosure import ORDER, Limits, Release, versions
from kiosk.rules.tallies import tally_rows
from kiosk.store import Store, facts, sessions, windows

SITE = "TH-000"
WOMAN, MAN = Answers(sex="SEX_F", age="AGE_60P"), Answers(sex="SEX_M", age="AGE_31_59")
POOR = Answers("FST_Y", groups=frozenset({"GRP_POOR"}))
NONE = Answers("FST_Y", groups=frozenset({"GRP_NONE"}))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store" / "kiosk.db") as opened:
        opened.run(facts.put, "first_use", "2026-03-05")
        yield opened


def visits(store: Store, month: str, answers: Sequence[Answers]) -> None:
    """Visits of that month, by the station's own rows."""

    def write(db: Database) -> None:
        for one in answers:
            sessions.record(db, ended(f"{month}-10"), tally_rows(one, month))

    store.run(write)


def month_ends(
    store: Store, day: str, trusted: bool = True, limits: Limits | None = None
) -> list[tuple[str, str, int, int]]:
    now = reading(f"{day}T08:00:00+07:00", trusted=trusted)
    issued = store.run(windows.month_ends, now, limits or Limits(), SITE)
    return [(one.table, one.last_day, one.yes, one.no) for one in issued]


def held(store: Store, *tables: str) -> dict[str, int]:
    return {table: count for table, count in store.run(windows.held).items() if table in tables}


def test_a_month_ends_once_and_its_releases_stay_as_they_are(store: Store) -> None:
    visits(store, "2026-03", [WOMAN] * 8 + [MAN] * 12)
    assert month_ends(store, "2026-03-31") == [], "it is not over"
    assert month_ends(store, "2026-04-01") == [("SEX", "2026-03-31", 8, 12), ("AGE31", "2026-03-31", 12, 8)]
    kept = store.run(windows.releases)
    assert month_ends(store, "2026-04-01") == [] and month_ends(store, "2026-04-30") == []
    assert store.run(windows.releases) == kept and len({one.id for one in kept}) == 2
    assert {(one.first_day, one.versions) for one in kept} == {("2026-03-01", "SEX-1"), ("2026-03-01", "AGE-1")}
    assert store.run(windows.releases, "2026-04-01", "2026-12-31") == []


def test_a_pc_that_was_off_for_months_catches_up_on_them_in_order(store: Store) -> None:
    visits(store, "2026-04", [WOMAN] * 10 + [MAN] * 11)
    visits(store, "2026-03", [MAN] * 20)
    visits(store, "2026-06", [WOMAN] * 20)
    visits(store, "2026-07", [WOMAN, MAN] * 10)
    assert [one for one in month_ends(store, "2026-07-02") if one[0] == "SEX"] == [("SEX", "2026-04-30", 10, 31)]
    assert held(store, "SEX") == {"SEX": 20}, "June, and nothing of the month that runs"
    assert month_ends(store, "2026-08-01")[0] == ("SEX", "2026-07-31", 30, 10)


def test_no_month_ends_while_the_date_is_not_trusted_and_undated_answers_go_to_the_next_that_does(store: Store) -> None:
    visits(store, "2026-03", [WOMAN] * 8 + [MAN] * 11)
    store.run(lambda db: sessions.record(db, ended("2026-03-10"), tally_rows(MAN, "undated")))
    store.run(lambda db: sessions.record(db, ended("2026-03-10"), tally_rows(WOMAN, "2036-01")))
    assert month_ends(store, "2026-05-02", trusted=False) == [] and store.run(facts.get, "month_closed") is None
    assert month_ends(store, "2026-05-02")[0] == ("SEX", "2026-03-31", 9, 12)


def test_a_wrong_clock_that_was_trusted_does_not_keep_later_months_from_ending(store: Store) -> None:
    assert month_ends(store, "2031-01-01") == []
    visits(store, "2026-03", [WOMAN, MAN] * 10)
    assert month_ends(store, "2026-03-31") == []
    assert month_ends(store, "2026-04-01")[0][:2] == ("SEX", "2026-03-31")


def test_a_month_end_that_fails_halfway_has_not_happened(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    visits(store, "2026-03", [WOMAN, MAN] * 10)
    visits(store, "2026-04", [WOMAN, MAN] * 10)
    store.run(lambda db: db.execute("CREATE TRIGGER stop BEFORE INSERT ON releases WHEN new.last_day > '2026-04' "
                                    "BEGIN SELECT raise(ABORT, 'stop'); END"))  # fmt: skip
    before = store.run(sessions.tallies)
    with pytest.raises(Exception, match="stop"):
        month_ends(store, "2026-05-01")
    assert store.run(sessions.tallies) == before and store.run(windows.releases) == []
    store.run(lambda db: db.execute("DROP TRIGGER stop"))
    assert [one[1] for one in month_ends(store, "2026-05-01") if one[0] == "SEX"] == ["2026-03-31", "2026-04-30"]


def test_held_of_a_child_never_tells_how_many_wait_in_an_open_window_of_its_parent(store: Store) -> None:
    visits(store, "2026-03", [POOR] * 4 + [NONE] * 20)
    assert month_ends(store, "2026-04-01") == []
    assert held(store, "ANY_FIRST", "POV", "ETHMIN", "POOR") == {"ANY_FIRST": 24, "POV": 0, "ETHMIN": 0, "POOR": 0}
    visits(store, "2026-04", [POOR] * 6 + [NONE] * 20)
    assert [one[0] for one in month_ends(store, "2026-05-01")] == ["ANY_FIRST"]
    assert held(store, "ANY_FIRST", "POV", "ETHMIN", "POOR") == {"ANY_FIRST": 0, "POV": 10, "ETHMIN": 10, "POOR": 0}


def test_after_hold_all_nothing_of_before_is_ever_released_and_it_stays_shown(store: Store) -> None:
    visits(store, "2026-03", [WOMAN] * 4 + [MAN] * 20 + [POOR] * 4 + [NONE] * 20)
    month_ends(store, "2026-04-01")
    visits(store, "2026-04", [WOMAN] * 10)
    store.run(windows.hold_all, "restore")
    assert held(store, "SEX") == {"SEX": 24}, "what the running month has is not told before its end"
    assert {table for table, _side in store.run(sessions.tallies)} == {
        f"{name}:{month}" for name in ("FST", "NO_PICTURE", "GRP_U") for month in ("2026-03", "2026-04")
    } - {"NO_PICTURE:2026-04"}
    visits(store, "2026-04", [WOMAN] * 6 + [MAN] * 14)
    assert month_ends(store, "2026-05-01") == [("SEX", "2026-04-30", 6, 14), ("AGE31", "2026-04-30", 14, 6)]
    assert held(store, "SEX", "ANY_FIRST", "POV") == {"SEX": 34, "ANY_FIRST": 24, "POV": 0}
    assert (
        store.run(lambda db: [row[0] for row in db.execute("SELECT yes + no FROM windows WHERE table_name = 'SEX'")])
        == []
    )


def test_other_limits_or_another_site_hold_what_is_open_before_anything_is_counted_under_them(store: Store) -> None:
    assert not store.run(windows.agree, Limits(), SITE)
    visits(store, "2026-03", [WOMAN] * 10 + [MAN] * 9)
    assert not store.run(windows.agree, Limits(), SITE)
    assert store.run(windows.agree, Limits(6, 24, 12), SITE)
    visits(store, "2026-03", [MAN] * 24)
    assert month_ends(store, "2026-04-01", limits=Limits(6, 24, 12)) == []
    assert held(store, "SEX") == {"SEX": 43}
    store.run(lambda db: sessions.record(db, ended("2026-03-10"), tally_rows(MAN, "2036-01")))
    assert store.run(windows.agree, Limits(6, 24, 12), "TH-999")
    assert held(store, "SEX") == {"SEX": 43}, "of a month that has not come, as a wrong clock said"
    store.run(facts.put, "disclosure", None)
    assert month_ends(store, "2026-05-01", limits=Limits(6, 24, 12)) == [] and held(store, "SEX") == {"SEX": 44}


def test_the_new_poverty_standard_of_2027_holds_what_is_open_and_not_what_came_after(store: Store) -> None:
    visits(store, "2026-12", [POOR] * 4 + [NONE] * 30)
    visits(store, "2027-01", [POOR] * 6 + [NONE] * 14)
    assert month_ends(store, "2027-02-01") == [("ANY_FIRST", "2027-01-31", 6, 14)]
    assert [one.versions for one in store.run(windows.releases)] == [versions("ANY_FIRST", "2027-01")]
    assert held(store, "ANY_FIRST") == {"ANY_FIRST": 34}


def test_a_release_that_comes_back_from_the_outbox_takes_its_visits_out_of_held(store: Store) -> None:
    visits(store, "2026-03", [WOMAN] * 4 + [MAN] * 20)
    month_ends(store, "2026-04-01")
    store.run(windows.hold_all, "restore")
    gone_out = Release("ab" * 8, "SEX", "2026-03-01", "2026-04-30", 9, 30, "SEX-1")
    assert store.run(windows.adopt, gone_out) and not store.run(windows.adopt, gone_out)
    assert store.run(windows.releases) == [gone_out] and held(store, "SEX", "AGE31") == {"SEX": 0, "AGE31": 24}


def test_released_and_held_are_what_was_recorded_at_every_month_end(store: Store) -> None:
    recorded = 0
    for month, count in zip(range(3, 12), (3, 25, 40, 0, 21, 8, 30, 60, 22), strict=True):
        answers = [(WOMAN, MAN, POOR, NONE)[(i * i + month) % 4] for i in range(count)]
        recorded += sum(one.sex != "SEX_U" for one in answers)
        visits(store, f"2026-{month:02}", answers)
        if month == 7:
            store.run(windows.hold_all, "policy")
        month_ends(store, f"2026-{month + 1:02}-03")
        released = sum(one.yes + one.no for one in store.run(windows.releases) if one.table == "SEX")
        assert released + held(store, "SEX")["SEX"] == recorded
    assert list(store.run(windows.held)) == list(ORDER)


def test_answers_counted_before_there_were_windows_are_counted_at_the_first_month_end(store: Store) -> None:
    store.run(lambda db: sessions.record(db, ended("2026-03-10"), [("SEX", "yes")]))
    visits(store, "2026-03", [WOMAN] * 7 + [MAN] * 12)
    assert month_ends(store, "2026-04-01")[0] == ("SEX", "2026-03-31", 8, 12)
