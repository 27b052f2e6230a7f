"""Engines read the lake as it lies: plain types, safe names, whole editions, also while the next one is published."""

import json
import re
from datetime import date, datetime, timezone
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kiosk.errors import DamagedError
from kiosk.province.home import Home
from kiosk.province.lake.building import COLUMNS
from kiosk.province.lake.editions import Editions
from kiosk.province.lake.lake import build_from, figures, reading
from kiosk.province.lake.tables import VERSION, described
from tests.lake_source import Told
from tests.province_model import Model
from tests.province_world import World

NOW = datetime(2026, 11, 22, 1, tzinfo=timezone.utc)
# Key words that PostgreSQL or Spark (ANSI) keep for themselves, as far as a column could be called so, and what a
# table of Ibis answers to itself.
KEPT = """all and any array as asc both case cast check collate column constraint create cross current_date
    current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch filter
    for foreign from full grant group having in initially inner intersect into is join lateral leading left like limit
    localtime localtimestamp natural not null offset on only or order outer overlaps placing primary references
    returning right select session_user similar some symmetric table tablesample then to trailing true union unique
    user using variadic when where window with anti authorization minus semi unknown time
    count view schema columns name sql head info unnest sample nunique bind alias cache drop mutate rename""".split()


@pytest.fixture(scope="module")
def world() -> World:
    return World(23, 2, 2, 45)


def told(world: World, share: float = 1.0) -> Told:
    source = Told()
    for one in world.bundles[: int(share * len(world.bundles))]:
        source.take(one)
    return source


def model(source: Told) -> Model:
    found = Model()
    for one in source.made:
        found.take(one)
    return found


def visits(edition: Path) -> int:
    rows = duckdb.sql(f"SELECT sum(visits)::BIGINT FROM '{edition}/days/*.parquet'").fetchall()
    return int(rows[0][0] or 0)


def test_no_name_is_one_that_engines_keep_and_no_type_is_nested() -> None:
    for table, columns in COLUMNS.items():
        names = [column.name for column in columns]
        assert len(set(names)) == len(names) and table not in KEPT
        assert [name for name in names if name in KEPT or not re.fullmatch("[a-z][a-z0-9_]*", name)] == [], table


@pytest.mark.slow
def test_files_have_plain_types_fixed_groups_and_say_nothing_of_when_they_were_made(
    tmp_path: Path, world: World
) -> None:
    build_from(tmp_path, told(world), NOW)
    for path in sorted((tmp_path / "current").glob("*/*.parquet")):
        file = pq.ParquetFile(path)
        assert {str(kind) for kind in file.schema_arrow.types} <= {"string", "int64", "date32[day]"}
        assert file.metadata.metadata is None
        assert file.schema_arrow.names == [column.name for column in COLUMNS[path.parent.name]]


@pytest.mark.slow
def test_the_schema_file_says_every_table_and_column(tmp_path: Path, world: World) -> None:
    build_from(tmp_path, told(world), NOW)
    schema = json.loads((tmp_path / "current" / "schema.json").read_text())
    assert (schema["spec"], schema["version"]) == ("kiosk-lake/1", VERSION)
    assert schema["tables"].keys() == COLUMNS.keys()
    for table, columns in schema["tables"].items():
        path = tmp_path / "current" / table / "*.parquet"
        engine = dict(duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{path}')").fetchall())
        said = {"string": "VARCHAR", "int64": "BIGINT", "date": "DATE"}
        assert {name: said[kind] for name, kind in columns.items()} == engine


def test_other_columns_are_another_version() -> None:
    schema = json.dumps(described(COLUMNS)).encode()
    told = sha256(schema).hexdigest()[:16]
    assert (VERSION, told) == (1, "b2aaf728c1604084"), "put VERSION of lake_tables.py up by one, then this"


def test_an_empty_province_has_all_its_tables(tmp_path: Path) -> None:
    build_from(tmp_path, Told(), NOW)
    for table in COLUMNS:
        assert duckdb.sql(f"FROM '{tmp_path}/current/{table}/*.parquet'").fetchall() == []


@pytest.mark.slow
def test_a_reader_keeps_its_edition_while_others_are_published(tmp_path: Path, world: World) -> None:
    home = Home(tmp_path)
    build_from(home.lake, source := told(world, 0.2), NOW)
    before = model(source)
    with reading(home) as lake:
        for share in (0.4, 0.6, 0.8, 1.0):
            build_from(home.lake, source := told(world, share), NOW)
            assert visits(lake.edition.path) == sum(row["visits"] for row in before.rows("day"))
            assert visits(home.lake / "current") == sum(row["visits"] for row in model(source).rows("day"))
        assert [path.name for path in lake.files("days", "2026-11", "2026-11")] == [
            "none.parquet",
            "month=2026-11.parquet",
        ] or not any(row["day"] >= "2026-11" for row in before.rows("day"))
        assert sorted(path.name for path in (home.lake / "editions").iterdir()) == ["1", "4", "5"]
    build_from(home.lake, source, NOW, everything=True)
    assert sorted(path.name for path in (home.lake / "editions").iterdir()) == ["5", "6"]


@pytest.mark.slow
def test_figures_are_of_the_days_asked_for(tmp_path: Path, world: World) -> None:
    home = Home(tmp_path)
    with pytest.raises(DamagedError, match="kiosk province rebuild"):
        figures(home, date(2026, 11, 1), date(2026, 11, 9))
    build_from(home.lake, source := told(world), NOW)
    rows = figures(home, date(2026, 10, 30), date(2026, 11, 9))
    sums = model(source).site_days()
    expected = {name: one for name, one in sums.items() if "2026-10-30" <= name[1] <= "2026-11-09"}
    assert {(row["site"], row["day"].isoformat()): row["visits"] for row in rows} == {
        name: one["visits"] for name, one in expected.items()
    }
    assert len(rows) == 22


@pytest.mark.slow
def test_sums_of_rows_are_sums_of_bundles_by_any_engine(tmp_path: Path, world: World) -> None:
    build_from(tmp_path, source := told(world), NOW)
    sums = model(source)
    for table, column, kind, field in (
        ("ends", "sessions", "end", "count"),
        ("opens", "times", "open", "count"),
        ("health", "commit_ms", "health", "commit_ms"),
        ("journal", "amount", "journal", "count"),
        ("releases", "yes_visits", "release", "yes"),
    ):
        found = duckdb.sql(f"SELECT sum({column})::BIGINT FROM '{tmp_path}/current/{table}/*.parquet'").fetchall()
        assert found == [(sum(row[field] for row in sums.rows(kind)),)], table


@pytest.mark.slow
def test_groups_are_of_one_size_whatever_the_parts(tmp_path: Path) -> None:
    from kiosk.province.lake.months import GROUP, write_rows
    from kiosk.province.lake.tables import Column

    columns = (Column("site", "text"), Column("visits", "whole"))
    whole = pa.table({"site": [f"TH-{n % 7}" for n in range(3 * GROUP + 5)], "visits": range(3 * GROUP + 5)})
    parts = ([whole], [whole.slice(at, 9_999) for at in range(0, whole.num_rows, 9_999)])
    for name, tables in zip("ab", parts, strict=True):
        assert write_rows(tmp_path / name, columns, tables) == whole.num_rows
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    metadata = pq.ParquetFile(tmp_path / "a").metadata
    assert [metadata.row_group(number).num_rows for number in range(4)] == [GROUP, GROUP, GROUP, 5]


@pytest.mark.slow
def test_only_the_current_edition_is_found(tmp_path: Path, world: World) -> None:
    build_from(tmp_path, told(world, 0.5), NOW)
    editions = Editions(tmp_path)
    (tmp_path / "editions" / "9").mkdir()
    (tmp_path / "editions" / ".12.part").mkdir()
    build_from(tmp_path, told(world), NOW)
    current = editions.current()
    assert current is not None and current.number == 2
    assert sorted(path.name for path in (tmp_path / "editions").iterdir()) == ["1", "2"]
