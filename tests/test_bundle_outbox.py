"""The nightly export: one file a day, the same bytes while nothing changes, one chain, healed after any crash."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from store_support import ended, live, on_small_disk, reading

from kiosk.errors import KioskError, RefusedError, SettingsError, UsageError
from kiosk.export import formats
from kiosk.export.delivery import deliver, export_write_to
from kiosk.export.outbox import Identity, heal, record
from kiosk.export.run import Exporter, export_run, exporter_for
from kiosk.rules.answers import Answers
from kiosk.rules.policy import parse_policy
from kiosk.rules.tallies import tally_rows
from kiosk.settings import Paths, Site
from kiosk.store import Store, bundles, facts, sessions, usage

IDENTITY = Identity("TH-012", "03", "0.1.0", "cd" * 32)
NIGHT = reading("2026-11-21T23:30:00+07:00")


@pytest.fixture
def exporter(tmp_path: Path) -> Iterator[Exporter]:
    with Store(tmp_path / "store" / "kiosk.db") as store:
        yield Exporter(store, tmp_path / "outbox", IDENTITY, "23:30", lambda day: 450, tmp_path / "share")


def visits(exporter: Exporter, day: str, times: int = 1, **changes: object) -> None:
    for _time in range(times):
        exporter.store.run(sessions.record, ended(day, **changes), [])  # type: ignore[arg-type]


def contents(exporter: Exporter) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in exporter.outbox.iterdir()}


def test_a_day_of_visits_becomes_one_file_of_exact_totals(exporter: Exporter) -> None:
    visits(exporter, "2026-11-21", 3, reason="time_up", seconds=3_600, extensions=1)
    visits(exporter, "2026-11-21", reason="signed_out", seconds=90, entry="staff")
    visits(exporter, "2026-11-21", reason="signed_out", seconds=20, visit=False)
    counted = {"open_seconds": 26_999, "internet_seconds": 3_600, "boots": 2, "unclean": 1}
    exporter.store.run(usage.add, "2026-11-21", counted)
    exporter.store.run(usage.opened, "2026-11-21", {"guides/rice": 4})
    [result] = export_run(exporter, NIGHT)
    assert result.path.name == "TH-012_03_2026-11-21_r1.jsonl.gz" and result.new
    bundle = formats.read(result.path.read_bytes())
    assert bundle.day == {
        "kind": "day",
        "visits": 4,
        "too_short": 1,
        "extensions": 3,
        "assisted": 1,
        "seconds": 10_910,
        "minutes": 183,
        "planned_minutes": 450,
        "open_minutes": 449,
        "internet_minutes": 60,
        "boots": 2,
        "unclean": 1,
    }
    assert list(bundle.lines[1:]) == [
        {"kind": "end", "code": "signed_out", "count": 2},
        {"kind": "end", "code": "time_up", "count": 3},
        {"kind": "open", "item": "guides/rice", "count": 4},
    ]
    assert (bundle.manifest.policy, bundle.manifest.software) == ("cd" * 32, "0.1.0")


def test_while_nothing_changes_the_same_file_keeps_the_same_bytes(exporter: Exporter) -> None:
    visits(exporter, "2026-11-21")
    export_run(exporter, NIGHT)
    before = contents(exporter)
    later = reading("2026-11-22T09:00:00+07:00")
    changed = replace(exporter, identity=replace(IDENTITY, software="9.9.9", policy="ee" * 32), planned=lambda day: 60)
    for again in (export_run(exporter, later), export_run(changed, later), export_run(changed, later, "2026-11-21")):
        assert [(result.revision, result.new) for result in again] == [(1, False)]
    assert contents(exporter) == before


def test_a_day_that_changed_is_restated_whole_as_the_next_revision(exporter: Exporter) -> None:
    visits(exporter, "2026-11-20", 2)
    export_run(exporter, reading("2026-11-20T23:45:00+07:00"))
    visits(exporter, "2026-11-20")
    [result] = export_run(exporter, reading("2026-11-21T08:00:00+07:00"))
    assert (result.day, result.revision, result.new) == ("2026-11-20", 2, True)
    assert formats.read(result.path.read_bytes()).day["visits"] == 3
    assert len(contents(exporter)) == 2, "the first revision stays as it was"


def test_empty_days_are_sent_too_so_that_silence_means_missing(exporter: Exporter) -> None:
    visits(exporter, "2026-11-10")
    results = export_run(exporter, NIGHT)
    assert [result.day for result in results] == [f"2026-11-{day}" for day in range(10, 22)]
    empty = formats.read(results[5].path.read_bytes())
    assert empty.day["visits"] == 0 and empty.day["planned_minutes"] == 450 and len(empty.lines) == 1


def test_the_files_are_one_chain_by_hash_and_sequence(exporter: Exporter) -> None:
    visits(exporter, "2026-11-15")
    export_run(exporter, NIGHT)
    visits(exporter, "2026-11-17")
    export_run(exporter, NIGHT)
    manifests = sorted(
        ((formats.read(data).manifest, formats.file_hash(data)) for data in contents(exporter).values()),
        key=lambda pair: pair[0].sequence,
    )
    assert [manifest.sequence for manifest, _hash in manifests] == list(range(1, 9))
    previous = formats.NO_PREVIOUS
    for manifest, own in manifests:
        assert manifest.previous == previous
        previous = own
    assert {manifest.epoch for manifest, _hash in manifests} == {exporter.store.run(facts.epoch)}


def test_no_answer_and_no_session_leaves_the_pc(exporter: Exporter) -> None:
    person = Answers("FST_Y", "SEX_F", "AGE_16_30", frozenset({"GRP_POOR", "GRP_ETHMIN"}))
    for day in ("2026-10-31", "2026-11-01", "2026-11-21"):
        exporter.store.run(sessions.start, live("5e5510", {"codes": list(person.codes())}, entry="ticket"))
        exporter.store.run(sessions.end, "5e5510", ended(day), tally_rows(person, day[:7]))
    exporter.store.run(sessions.start, live("5e5511", {"codes": list(person.codes())}))
    allowed = {"spec", "site", "station", "epoch", "day", "revision", "sequence", "previous", "created", "software"}
    allowed |= {"policy", "lineage", "rows", "kind", "code", "count", "month", "table", "side"}
    allowed |= {*formats.KINDS["day"][1]}
    for result in export_run(exporter, NIGHT):
        bundle = formats.read(result.path.read_bytes())
        fields = {name for line in bundle.lines for name in line} | set(vars(bundle.manifest))
        assert fields <= allowed
        text = formats.body_bytes(bundle.lines).decode()
        assert not re.search(r"SEX|AGE|POOR|ETHMIN|DISAB|ANY|POV|5e551|ticket|hour", text), text


def test_exact_counts_of_a_month_stand_in_the_first_bundle_after_it_and_nowhere_else(exporter: Exporter) -> None:
    """Sent nightly they would be exact by day, and at one visit a day by visit (DOMAIN.md: exact by month)."""
    for day, first, groups in (("2026-10-05", "FST_Y", "GRP_U"), ("2026-10-30", "FST_N", "GRP_NONE")):
        answers = Answers(first, "SEX_U", "AGE_UNK", frozenset({groups}))
        exporter.store.run(sessions.record, ended(day), tally_rows(answers, day[:7]))
    exporter.store.run(sessions.record, ended("2026-11-02"), tally_rows(Answers("FST_Y"), "2026-11"))
    with_month = {}
    for result in export_run(exporter, NIGHT):
        lines = [line for line in formats.read(result.path.read_bytes()).lines if line["kind"] == "month"]
        if lines:
            with_month[result.day] = [(line["month"], line["table"], line["side"], line["count"]) for line in lines]
    assert with_month == {
        "2026-11-01": [
            ("2026-10", "FST", "FST_N", 1),
            ("2026-10", "FST", "FST_Y", 1),
            ("2026-10", "NO_PICTURE", "visits", 2),
            ("2026-10", "GRP_U", "first", 1),
        ]
    }


def test_today_is_written_only_when_asked_for_before_the_set_hour(exporter: Exporter) -> None:
    visits(exporter, "2026-11-21")
    noon = reading()
    assert export_run(exporter, noon) == []
    [result] = export_run(exporter, noon, "2026-11-21")
    assert result.new and result.revision == 1
    visits(exporter, "2026-11-21")
    assert export_run(exporter, noon) == [], "a day that is not over is restated only when asked"
    [again] = export_run(exporter, noon, "2026-11-21")
    visits(exporter, "2026-11-21")
    [night] = export_run(exporter, NIGHT)
    assert (again.revision, night.revision) == (2, 3)


@pytest.mark.parametrize(
    ("day", "error"),
    [("2026-11-22", RefusedError), ("2026-11-09", RefusedError), ("yesterday", UsageError), ("2026-02-30", UsageError)],
)
def test_a_day_that_cannot_be_asked_for_is_refused(exporter: Exporter, day: str, error: type[KioskError]) -> None:
    visits(exporter, "2026-11-10")
    with pytest.raises(error):
        export_run(exporter, reading(), day)


def test_with_an_untrusted_date_nothing_is_written_by_itself(exporter: Exporter) -> None:
    visits(exporter, "2026-11-20", trusted=False, boot_id="b")
    lost = reading("2036-01-01T23:59:00+07:00", trusted=False)
    assert export_run(exporter, lost) == []
    with pytest.raises(RefusedError):
        export_run(exporter, lost, "2026-11-20")


def test_a_visit_dated_by_a_dead_clock_does_not_make_years_of_days_due(exporter: Exporter) -> None:
    visits(exporter, "2010-01-01", trusted=False, boot_id="b")
    visits(exporter, "2026-11-20")
    assert [result.day for result in export_run(exporter, NIGHT)] == ["2026-11-20", "2026-11-21"]


def test_a_file_that_is_gone_cut_or_half_written_comes_back_with_the_same_bytes(exporter: Exporter) -> None:
    visits(exporter, "2026-11-19")
    export_run(exporter, NIGHT)
    before = contents(exporter)
    gone, cut, _whole = sorted(exporter.outbox.iterdir())
    gone.unlink()
    cut.write_bytes(before[cut.name][:50])
    (exporter.outbox / f".{gone.name}.part").write_bytes(b"half")
    assert [result.new for result in export_run(exporter, NIGHT)] == [False] * 3
    (exporter.outbox / f".{gone.name}.part").unlink(missing_ok=True)
    assert contents(exporter) == before


def test_a_crash_between_ledger_and_file_is_mended_by_the_next_run(exporter: Exporter) -> None:
    visits(exporter, "2026-11-21")
    exporter.store.run(facts.keep_first_use, "2026-11-21")
    made, new = exporter.store.run(record, IDENTITY, "2026-11-21", "2026-11-21T16:30:00+00:00", 450)
    assert new and not exporter.outbox.exists()
    [result] = export_run(exporter, NIGHT)
    assert not result.new and result.path.read_bytes() == made.content


def test_an_older_copy_of_the_store_takes_up_the_chain_that_the_outbox_has(tmp_path: Path) -> None:
    """Else one epoch would give the same sequence number twice, which the province reads as a cloned disk."""
    path, copy = tmp_path / "store" / "kiosk.db", tmp_path / "copy.db"
    for turn in ("before", "lost"):
        with Store(path) as store:
            exporter = Exporter(store, tmp_path / "outbox", IDENTITY, "23:30", lambda day: 450)
            visits(exporter, "2026-11-20")
            export_run(exporter, NIGHT)
        if turn == "before":
            shutil.copy(path, copy)
    shutil.copy(copy, path)
    with Store(path) as store:
        exporter = Exporter(store, tmp_path / "outbox", IDENTITY, "23:30", lambda day: 450)
        (exporter.outbox / "foreign_01_2026-11-20_r1.jsonl.gz").write_bytes(b"not ours")
        assert heal(store, exporter.outbox) == ["TH-012_03_2026-11-20_r2.jsonl.gz"]
        [result, _today] = export_run(exporter, NIGHT)
        manifest = formats.read(result.path.read_bytes()).manifest
    assert (manifest.day, manifest.revision, manifest.sequence) == ("2026-11-20", 3, 4)


def waiting_days(exporter: Exporter) -> int:
    """Days of which something is not in the folder yet."""
    folder = None if exporter.to is None else str(exporter.to)
    return len({day for _name, day in exporter.store.run(bundles.undelivered, folder)})


def test_bundles_are_delivered_once_to_a_folder_that_is_there(exporter: Exporter) -> None:
    visits(exporter, "2026-11-20")
    export_run(exporter, NIGHT)
    assert waiting_days(exporter) == 2
    assert deliver(exporter) == 2 and deliver(exporter) == 0
    assert exporter.to is not None
    assert {path.name: path.read_bytes() for path in exporter.to.iterdir()} == contents(exporter)
    for path in exporter.to.iterdir():
        path.unlink()  # somebody carried them on
    assert deliver(exporter) == 0
    assert waiting_days(exporter) == 0 and exporter.store.run(bundles.last_day) == "2026-11-21"
    assert deliver(replace(exporter, to=exporter.to.with_name("other"))) == 2


def test_a_share_that_is_not_connected_is_a_trouble_and_never_made_up_on_our_disk(exporter: Exporter) -> None:
    away = replace(exporter, to=exporter.outbox.parent / "mnt" / "share")
    visits(exporter, "2026-11-21")
    assert export_run(away, NIGHT)[0].new
    with pytest.raises(KioskError) as caught:
        deliver(away)
    assert "is not there" in caught.value.message and caught.value.hint
    assert not (exporter.outbox.parent / "mnt").exists()
    assert waiting_days(away) == 1


def test_a_stick_gets_every_bundle_whole_and_is_not_written_twice(exporter: Exporter, tmp_path: Path) -> None:
    visits(exporter, "2026-11-19")
    export_run(exporter, NIGHT)
    stick = tmp_path / "stick"
    assert len(export_write_to(exporter, stick)) == 3 and export_write_to(exporter, stick) == []
    damaged = next(stick.iterdir())
    damaged.write_bytes(b"the stick was pulled out")
    assert export_write_to(exporter, stick) == [damaged.name]
    assert {path.name: path.read_bytes() for path in stick.iterdir()} == contents(exporter)
    assert waiting_days(replace(exporter, to=None)) == 0
    assert waiting_days(exporter) == 3, "the nightly folder still waits for them"


def test_full_and_read_only_sticks_are_sentences_and_leave_no_half_file(tmp_path: Path) -> None:
    script = """
import subprocess
from kiosk.errors import KioskError
from kiosk.export.destination import copy
files = [(f"{number}.gz", bytes(9_000)) for number in range(40)]
try: copy(files, disk / "to")
except KioskError as error: print(error.message, "|", error.hint)
print({path.stat().st_size for path in (disk / "to").iterdir()}, len(list((disk / "to").iterdir())))
subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
try: copy(files, disk / "to")
except KioskError as error: print(error.message, "|", error.hint)
"""
    done = on_small_disk(script, tmp_path / "disk", "200k")
    assert done.returncode == 0, done.stderr
    full, sizes, read_only = done.stdout.splitlines()
    assert full.startswith("There is no room left in") and "Make room" in full
    assert sizes.startswith("{9000}") and int(sizes.split()[-1]) > 5
    assert "cannot be written" in read_only and "write protection" in read_only


def test_a_site_that_cannot_name_a_file_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        Identity("../etc", "a/b", "0.1.0", "")
    assert len(caught.value.problems) == 2 and "../etc" in caught.value.problems[0]


def test_the_exporter_of_a_station_is_made_from_its_settings(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("[export]\nat = '21:15'\n")
    policy = parse_policy({"export": {"at": "21:15"}, "hours": {"monday": ["07:30-11:30", "13:30-17:00"]}})
    with Store(tmp_path / "store" / "kiosk.db") as store:
        made = exporter_for(store, Paths(tmp_path), Site(code="TH-012", station="03", export_to="share"), policy)
    assert (made.at, made.to, made.outbox) == ("21:15", tmp_path / "share", tmp_path / "outbox")
    assert made.planned(date(2026, 11, 23)) == 450 and made.planned(date(2026, 11, 24)) == 0
    assert len(made.identity.policy) == 64 and made.identity.site == "TH-012"


@pytest.mark.slow
def test_thirteen_months_off_are_caught_up_in_one_run(exporter: Exporter) -> None:
    first = date(2026, 11, 21) - timedelta(days=399)
    visits(exporter, first.isoformat())
    results = export_run(exporter, NIGHT)
    assert len(results) == 400 == len(os.listdir(exporter.outbox))
    assert export_run(exporter, NIGHT) and not any(result.new for result in export_run(exporter, NIGHT))
