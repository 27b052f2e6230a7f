"""Releases on their way to the province: in one bundle, repeated by its revisions, and nothing else of an answer."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from store_support import ended, reading

from kiosk.clock import Reading
from kiosk.export import formats
from kiosk.export.outbox import Identity, heal, record
from kiosk.export.run import Exporter, export_run
from kiosk.rules.answers import Answers
from kiosk.rules.tallies import tally_rows
from kiosk.store import Store, facts, sessions, usage, windows

WOMAN = Answers("FST_N", "SEX_F", "AGE_60P", frozenset({"GRP_ETHMIN"}))
MAN = Answers("FST_Y", "SEX_M", "AGE_31_59", frozenset({"GRP_NONE"}))


@pytest.fixture
def exporter(tmp_path: Path) -> Iterator[Exporter]:
    with Store(tmp_path / "store" / "kiosk.db") as store:
        store.run(facts.put, "first_use", "2026-10-20")
        yield Exporter(
            store, tmp_path / "outbox", Identity("TH-012", "03", "0.1.0", "cd" * 32), "23:30", lambda day: 450
        )


def at(day: str, clock: str = "23:40") -> Reading:
    return reading(f"{day}T{clock}:00+07:00")


def visits(exporter: Exporter, day: str, answers: Sequence[Answers]) -> None:
    def write(db: Database) -> None:
        for one in answers:
            sessions.record(db, ended(day), tally_rows(one, day[:7]))

    exporter.store.run(write)


def releases(exporter: Exporter) -> dict[str, list[dict[str, Any]]]:
    """Lines of kind `release` by the file that has them."""
    found = {path.name: formats.read(path.read_bytes()).lines for path in sorted(exporter.outbox.iterdir())}
    lines = {name: [line for line in body if line["kind"] == "release"] for name, body in found.items()}
    return {name: kept for name, kept in lines.items() if kept}


def test_a_release_stands_in_the_bundle_of_the_day_after_its_month_and_in_no_other(exporter: Exporter) -> None:
    visits(exporter, "2026-10-21", [WOMAN] * 9 + [MAN] * 12)
    for day in ("2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"):
        export_run(exporter, at(day))
    found = releases(exporter)
    assert list(found) == ["TH-012_03_2026-11-01_r1.jsonl.gz"]
    [lines] = found.values()
    assert [(line["table"], line["yes"], line["no"], line["first_day"], line["last_day"]) for line in lines] == [
        ("AGE31", 12, 9, "2026-10-01", "2026-10-31"),
        ("SEX", 9, 12, "2026-10-01", "2026-10-31"),
    ]
    assert {line["versions"] for line in lines} == {"AGE-1", "SEX-1"}


def test_every_revision_repeats_them_unchanged_with_their_ids(exporter: Exporter) -> None:
    visits(exporter, "2026-10-21", [WOMAN, MAN] * 10)
    export_run(exporter, at("2026-11-01"))
    exporter.store.run(usage.add, "2026-11-01", {"boots": 1})
    visits(exporter, "2026-10-22", [WOMAN, MAN] * 10)  # late, for a month that is over: they wait for the next
    export_run(exporter, at("2026-11-02"))
    first, second = (releases(exporter)[f"TH-012_03_2026-11-01_r{revision}.jsonl.gz"] for revision in (1, 2))
    assert first == second and len(first) == 2


def test_a_bundle_that_is_asked_for_by_its_day_ends_the_month_first(exporter: Exporter) -> None:
    visits(exporter, "2026-10-21", [WOMAN, MAN] * 10)
    export_run(exporter, at("2026-11-01", "08:00"), "2026-11-01")
    assert list(releases(exporter)) == ["TH-012_03_2026-11-01_r1.jsonl.gz"]


def test_a_month_that_ended_late_is_added_to_its_bundle_however_old_that_is(exporter: Exporter) -> None:
    visits(exporter, "2026-10-21", [WOMAN, MAN] * 10)
    exporter.store.run(record, exporter.identity, "2026-11-01", "2026-11-01T12:00:00+00:00", 450)
    export_run(exporter, at("2027-03-01"))
    assert list(releases(exporter)) == ["TH-012_03_2026-11-01_r2.jsonl.gz"]


def test_an_older_store_takes_its_releases_back_from_the_outbox(exporter: Exporter, tmp_path: Path) -> None:
    visits(exporter, "2026-10-21", [WOMAN, MAN] * 10)
    export_run(exporter, at("2026-10-31", "20:00"))
    epoch = exporter.store.run(facts.epoch)
    export_run(exporter, at("2026-11-01"))
    kept = exporter.store.run(windows.releases)
    with Store(tmp_path / "older" / "kiosk.db") as older:
        older.run(facts.put, "epoch", epoch)
        heal(older, exporter.outbox)
        assert older.run(windows.releases) == kept and len(kept) == 2


@pytest.mark.parametrize(
    "change", [{"yes": -1}, {"no": "7"}, {"table": 4}, {"versions": None}, {"first_day": 20261001}]
)
def test_a_release_line_that_says_what_cannot_be_is_not_taken(exporter: Exporter, change: dict[str, Any]) -> None:
    visits(exporter, "2026-10-21", [WOMAN, MAN] * 10)
    export_run(exporter, at("2026-11-01"))
    bundle = formats.read((exporter.outbox / "TH-012_03_2026-11-01_r1.jsonl.gz").read_bytes())
    lines = [line | change if line["kind"] == "release" else line for line in bundle.lines]
    with pytest.raises(formats.BundleError):
        formats.read(formats.write(bundle.manifest, lines))


def test_no_bundle_tells_an_answer_that_was_not_released(exporter: Exporter) -> None:
    visits(exporter, "2026-10-21", [WOMAN] * 4 + [MAN] * 40)
    export_run(exporter, at("2026-11-02"))
    text = b"".join(formats.body_bytes(formats.read(path.read_bytes()).lines) for path in exporter.outbox.iterdir())
    assert b'"FST_Y","count":40' in text, "the control: the exact monthly ones are there"
    assert not [code for code in (b"SEX", b"AGE", b"ANY", b"ETHMIN", b"POV", b"release") if code in text]
