"""Bundles of other versions, and texts that engines would refuse: read for ever, and harmful to nothing."""

import json
from datetime import datetime, timezone
from gzip import compress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.export import formats
from kiosk.province.lake.edition import Edition
from kiosk.province.lake.editions import Editions
from kiosk.province.lake.lake import build_from
from kiosk.province.lake.lines import lines_of
from tests.lake_rows import lake_rows
from tests.lake_source import Told

NOW = datetime(2026, 11, 22, 1, tzinfo=timezone.utc)
DAY: dict[str, Any] = {"kind": "day", **dict.fromkeys(formats.KINDS["day"][1], 0)}
END = {"kind": "end", "code": "time_up", "count": 1}


def bundle(*lines: dict[str, Any], day: str = "2026-11-20", ends: bytes = b"\n", station: str = "01") -> Any:
    """A bundle as Told keeps it, of lines as they are given."""
    head = {"kind": "manifest", "spec": "kiosk-bundle/1", "site": "TH-001", "station": station, "epoch": "a" * 16,
            "day": day, "revision": 1, "sequence": 1, "previous": "0" * 64, "created": f"{day}T17:00:00+00:00",
            "software": "0.5.0", "policy": "b" * 64, "rows": formats.rows_of(lines)}  # fmt: skip
    content = compress(b"".join(json.dumps(line).encode() + ends for line in (head, *lines)), mtime=0)
    return SimpleNamespace(site="TH-001", station=station, lineage="a" * 16, day=day, revision=1, content=content,
                           sha256=formats.file_hash(content))  # fmt: skip


def built(tmp_path: Path, *bundles: Any, checked: bool = True) -> Edition:
    """What a build makes of them; not `checked`: intake refuses such a one now, an archive of before may hold it."""
    source = Told()
    for one in bundles:
        if checked:
            formats.read(one.content)
        else:
            with pytest.raises(formats.BundleError):
                formats.read(one.content)
        source.take(one)
    assert build_from(tmp_path, source, NOW).incomplete == {}
    edition = Editions(tmp_path).current()
    assert edition is not None
    return edition


def test_kinds_and_fields_that_are_not_known_are_left_out(tmp_path: Path) -> None:
    edition = built(
        tmp_path, bundle({**DAY, "visits": 1, "moons": 7}, END, {"kind": "weather", "code": "rain", "count": 3})
    )
    [row] = lake_rows(edition.path, "days")
    assert row["visits"] == 1 and "moons" not in row
    assert "weather" not in {path.name for path in edition.path.iterdir()}


def test_what_an_old_bundle_does_not_tell_is_null_and_not_nought(tmp_path: Path) -> None:
    edition = built(tmp_path, bundle(DAY, {"kind": "revision", "month": "2026-10", "code": "VISITS", "at": "x",
                                           "cause": "late", "reason": ""}))  # fmt: skip
    [row] = lake_rows(edition.path, "revisions")
    assert (row["figure_before"], row["figure_after"], row["code"]) == (None, None, "VISITS")
    assert lake_rows(edition.path, "health") == []


def test_a_field_of_another_type_than_it_has_is_null(tmp_path: Path) -> None:
    lines = [{"kind": "revision", "month": "2026-10", "code": code, "at": "x", "before": before, "after": "2",
              "cause": "late", "reason": ""} for code, before in (("A", "1"), ("B", 17), ("C", {"a": 1}))]  # fmt: skip
    edition = built(tmp_path, bundle(DAY, *lines), checked=False)
    assert [row["figure_before"] for row in lake_rows(edition.path, "revisions")] == ["1", None, None]


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "\udfff\ud800", "Ỗ ự \U0001f600", "한국어"])
def test_texts_that_engines_refuse_come_in_with_a_mark_in_their_place(tmp_path: Path, text: str) -> None:
    import duckdb

    whole = text.encode("utf-8", "ignore").decode() == text
    edition = built(tmp_path, bundle(DAY, {"kind": "open", "item": text, "count": 2}), checked=whole)
    [(item, count)] = duckdb.sql(f"SELECT item, times FROM '{edition.path}/opens/*.parquet'").fetchall()
    assert count == 2
    assert item == text if whole and "\0" not in text else "\ufffd" in item


def test_ends_of_lines_of_another_system_are_read(tmp_path: Path) -> None:
    one = bundle({**DAY, "visits": 1}, END, ends=b"\r\n")
    assert [line["kind"] for line in lines_of(one.content)] == ["manifest", "day", "end"]
    [row] = lake_rows(built(tmp_path, one).path, "ends")
    assert (row["code"], row["sessions"]) == ("time_up", 1)


def test_a_lock_without_figures_still_has_its_row(tmp_path: Path) -> None:
    lock = {"kind": "lock", "month": "2026-10", "first_day": "2026-10-01", "last_day": "2026-10-31", "at": "x"}
    told = [
        {**lock, "figures": {}, "versions": {}},
        {**lock, "month": "2026-09", "figures": {"VISITS": "7", "B": None}, "versions": {"VISITS": "2"}},
    ]
    rows = lake_rows(built(tmp_path, bundle(DAY, *told)).path, "locks")
    found = [(row["about_month"], row["code"], row["figure"], row["version"]) for row in rows]
    assert found == [("2026-10", "", None, None), ("2026-09", "B", None, None), ("2026-09", "VISITS", "7", "2")]
