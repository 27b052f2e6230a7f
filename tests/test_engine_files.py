"""DuckDB over the lake's files: each by its exact path, within its memory, without a network; whole numbers only."""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import DamagedError
from kiosk.province.indicators.engine import Engine, opened
from kiosk.province.indicators.engine_duckdb import THREADS, exactly
from kiosk.province.indicators.engine_rows import KEPT, plain
from tests.figures_bundles import Script
from tests.figures_worlds import reading

ODD = "kho * [số] 'liệu'? {a,b} 100%"
DAY = date(2026, 3, 4)


def lake_of(folder: Path, visits: int) -> Path:
    """A lake of one PC's day."""
    script = Script()
    script.day("TH-001", "01", DAY, visits=visits, minutes=20 * visits, open_minutes=200)
    script.build(folder)
    return folder


def visits_of(engine: Engine) -> list[object]:
    return [row["visits"] for row in engine.rows(engine.table("site_days"))]


def test_a_path_is_never_read_as_a_pattern(tmp_path: Path) -> None:
    """The control: DuckDB, given the path as it is, finds another file that lies beside, or both."""
    ours = lake_of(tmp_path / "tinh [1]", 3)
    other = lake_of(tmp_path / "tinh 1", 7)
    with reading(ours) as lake:
        path = lake.files("site_days")[1]
        found = duckdb.sql(f"SELECT visits FROM read_parquet('{path}')").fetchall()
        assert found == [(7,)], "a pattern"
        with opened(lake) as engine:
            assert visits_of(engine) == [3]
    with reading(other) as lake, opened(lake) as engine:
        assert visits_of(engine) == [7]


def test_any_name_of_a_folder_will_do(tmp_path: Path) -> None:
    with reading(lake_of(tmp_path / ODD, 5)) as lake, opened(lake) as engine:
        assert visits_of(engine) == [5]


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_what_is_no_pattern_stays_as_it_is(name: str) -> None:
    path = Path("/") / name
    assert (exactly(path) == str(path)) == (not set(name) & set("*?["))


def test_a_file_that_is_missing_or_damaged_is_said_in_a_sentence(tmp_path: Path) -> None:
    folder = lake_of(tmp_path / "lake", 3)
    with reading(folder) as lake, opened(lake) as engine:
        [path] = lake.files("site_days")[1:]
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(DamagedError, match="rebuild --all"):
            engine.table("site_days")
        for wrong in (b"", b"PAR1", content[:100], content[:50] + b"\0" * 100 + content[150:]):
            path.write_bytes(wrong)
            with pytest.raises(DamagedError, match="damaged"), opened(lake) as another:
                another.rows(another.table("site_days"))


def test_a_file_that_goes_while_figures_are_reckoned_is_said_in_a_sentence(tmp_path: Path) -> None:
    with reading(lake_of(tmp_path / "lake", 3)) as lake, opened(lake) as engine:
        asked = engine.table("site_days")
        lake.files("site_days")[1].unlink()
        with pytest.raises(DamagedError, match="missing or damaged"):
            engine.rows(asked)


def test_months_that_nobody_told_of_have_no_rows(tmp_path: Path) -> None:
    with reading(lake_of(tmp_path / "lake", 3)) as lake, opened(lake) as engine:
        assert not engine.rows(engine.table("site_days", "2030-01", "2030-12"))
        assert not engine.rows(engine.table("missed"))


def test_it_stays_within_its_memory_and_fetches_nothing(tmp_path: Path) -> None:
    with reading(lake_of(tmp_path / "lake", 3)) as lake, opened(lake) as engine:
        db = engine._db.con  # type: ignore[attr-defined]
        said = {name: db.execute(f"SELECT current_setting('{name}')").fetchall()[0][0] for name in (
            "memory_limit", "threads", "autoinstall_known_extensions", "autoload_known_extensions", "temp_directory",
            "enable_progress_bar",
        )}  # fmt: skip
        assert said["memory_limit"] == "953.6 MiB" and said["threads"] <= THREADS
        assert not said["autoinstall_known_extensions"] and not said["autoload_known_extensions"]
        assert not said["enable_progress_bar"], "it would stand among what a command prints"
        beside = Path(said["temp_directory"])
        assert beside.is_dir() and tmp_path not in beside.parents
        # A fetch would say that it has no network; this says that it is not even tried.
        with pytest.raises(duckdb.Error, match="(?i)extension|httpfs"):
            db.execute("SELECT * FROM read_parquet('https://example.invalid/x.parquet')")
    assert not beside.exists()


def test_tables_that_are_given_are_kept_once_and_not_for_ever(tmp_path: Path) -> None:
    with reading(lake_of(tmp_path / "lake", 3)) as lake, opened(lake) as engine:
        one = engine.given("some", pa.table({"n": pa.array([1, 2], pa.int64())}))
        assert engine.given("some", pa.table({"n": pa.array([1, 2], pa.int64())})) is one
        other = engine.given("some", pa.table({"n": pa.array([3], pa.int64())}))
        assert [row["n"] for row in engine.rows(one)] == [1, 2] and [row["n"] for row in engine.rows(other)] == [3]
        for number in range(2 * KEPT):
            last = engine.given("some", pa.table({"n": pa.array([10 + number], pa.int64())}))
        held = engine._db.con.execute("SELECT count(*) FROM duckdb_tables()").fetchall()  # type: ignore[attr-defined]
        assert held == [(KEPT,)]
        assert [row["n"] for row in engine.rows(last)] == [9 + 2 * KEPT]


def test_a_number_that_is_not_whole_is_no_figure() -> None:
    decimals = pa.array([1, None], pa.decimal128(38, 0))
    assert plain(pa.table({"n": decimals, "day": pa.array([DAY, None]).cast(pa.timestamp("ms"))})) == [
        {"n": 1, "day": DAY}, {"n": None, "day": None},
    ]  # fmt: skip
    for odd in (pa.array([1.0]), pa.array(["1.5"], pa.string()).cast(pa.decimal128(5, 1))):
        with pytest.raises(TypeError, match="whole number"):
            plain(pa.table({"n": odd}))
