"""`kiosk province rebuild` on a real home: what intake took is in the figures, and what goes wrong is a sentence."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kiosk.cli import main
from kiosk.export.batch import signed
from kiosk.export.formats import Manifest, rows_of, write
from kiosk.province.home import Home
from kiosk.province.intake.quarantine import held, release
from kiosk.province.lake.editions import Editions
from kiosk.province.lake.lake import is_behind
from tests import lake_rows
from tests.province_home import NOW, new_home, receiving
from tests.province_model import Model
from tests.province_world import Made, Troubles, World

NIGHTS = 40
HERE = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


@pytest.fixture
def world() -> World:
    return World(31, 2, 2, NIGHTS, troubles=Troubles(0.2, 0.02, 0.02, 0.02))


@pytest.fixture
def home(tmp_path: Path, world: World) -> Home:
    return new_home(tmp_path / "province", world.keys)


def rebuild(home: Home, *words: str) -> Result:
    """The command as it is typed, in English."""
    return CliRunner(env={"LC_ALL": "C.UTF-8", "LANGUAGE": "en"}).invoke(
        main, ["province", "rebuild", "--home", str(home.path), *words]
    )


def built(home: Home, *words: str) -> dict[str, Any]:
    done = rebuild(home, "--json", *words)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def files(home: Home) -> dict[str, Any]:
    edition = Editions(home.lake).current()
    assert edition is not None
    assert all(edition.is_whole(name, thoroughly=True) for name in edition.about.files)
    return dict(edition.about.files)


def take(home: Home, model: Model, made: list[Made]) -> None:
    with receiving(home) as receiver:
        assert receiver.send(made) == [model.take(one) for one in made]


@pytest.mark.slow
def test_what_came_is_in_the_figures_and_all_anew_is_the_same(home: Home, world: World) -> None:
    model, half = Model(), len(world.bundles) // 2
    take(home, model, world.bundles[:half])
    first = built(home)
    assert (first["new"], first["edition"], first["bundles"]) == (True, 1, model.counts["stored"])
    assert not is_behind(home)
    take(home, model, world.bundles[half:])
    assert is_behind(home)
    assert built(home)["bundles"] < model.counts["stored"], "more was read than what PCs told anew"
    days = lake_rows.lake_rows(home.lake / "current", "site_days")
    expected = lake_rows.site_days(model)
    assert {(row["site"], row["day"].isoformat()): row["seconds"] for row in days} == {
        name: sums["seconds"] for name, sums in expected.items()
    }
    before = files(home)
    again = built(home, "--all")
    assert (again["bundles"], again["kept"]) == (model.counts["stored"], 0)
    assert files(home) == before
    idle = built(home)
    assert (idle["new"], idle["edition"], idle["bundles"], idle["kept"]) == (False, again["edition"], 0, again["files"])


@pytest.mark.slow
def test_what_an_officer_released_counts(home: Home, world: World) -> None:
    model = Model()
    take(home, model, world.bundles)
    built(home)
    last = max(world.bundles, key=lambda one: (one.day, one.revision, one.sequence))
    lines = [dict(line) for line in last.lines]
    lines[0]["internet_minutes"] = 1_234
    fields = {
        name: getattr(last, name) for name in ("site", "station", "epoch", "day", "revision", "lineage", "previous")
    }
    other = Manifest(**fields, sequence=last.sequence, created="2026-11-22T00:00:00+00:00", software="0.7.0",
                     policy="c" * 64, rows=rows_of(lines))  # fmt: skip
    with receiving(home) as receiver:
        assert receiver.send([signed(last.key, write(other, lines))]) == ["REVISION_CONFLICT"]
        assert not built(home)["new"], "what is put aside changes nothing"
        [waiting] = held(receiver.intake.ledger)
        release(receiver.intake, waiting.id, "Lan", "the PC was set up twice", NOW)
    assert built(home)["bundles"] > 1
    rows = [
        row
        for row in lake_rows.lake_rows(home.lake / "current", "days")
        if (row["site"], row["station"], row["day"].isoformat(), row["lineage"])
        == (last.site, last.station, last.day, last.lineage)
    ]
    assert [row["internet_minutes"] for row in rows] == [1_234]
    before = files(home)
    built(home, "--all")
    assert files(home) == before


def test_two_builds_at_once_are_one_too_many(home: Home) -> None:
    with Editions(home.lake).alone():
        done = rebuild(home)
    assert done.exit_code == 4
    assert "being built already" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_what_verify_advises_mends_a_lake_that_is_damaged_everywhere(home: Home, world: World) -> None:
    """Every file has another byte, in months of which no news comes and in tables that nobody has rows of."""
    take(home, Model(), world.bundles)
    built(home)
    before = files(home)
    for name in before:
        path = home.lake / "current" / name
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    found = verified(home)
    assert found.exit_code == 5 and found.output.count("of the lake is not what it should be") == len(before)
    advice = re.findall(r"Run kiosk province (rebuild[^.]*)\.", found.output)
    assert len(set(advice)) == 1
    rebuild(home, *advice[0].split()[1:])
    assert verified(home).exit_code == 0 and files(home) == before


@pytest.mark.slow
def test_a_lake_that_has_what_the_archive_has_lost_is_not_called_wrong(home: Home, world: World) -> None:
    """Making it anew would take the figures of those days away."""
    take(home, Model(), world.bundles)
    built(home)
    segment = home.archive / "000001.seg"
    whole = segment.read_bytes()
    segment.write_bytes(whole[:-100] + bytes(100))
    found = verified(home)
    assert found.exit_code == 5 and "000001.seg" in found.output and "Make it anew when they are mended" in found.output
    assert "rebuild" not in found.output and ".parquet" not in found.output
    path = next((home.lake / "current" / "days").glob("month=*"))
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    assert f"days/{path.name} This file of the lake is not what it should be.\n" in verified(home).output
    segment.write_bytes(whole)
    path.write_bytes(content)
    assert verified(home).exit_code == 0


def verified(home: Home) -> Result:
    return CliRunner(env={"LC_ALL": "C.UTF-8", "LANGUAGE": "en"}).invoke(
        main, ["province", "verify", "--home", str(home.path)]
    )


@pytest.mark.slow
def test_a_damaged_segment_is_told_with_its_days_and_the_rest_is_published(home: Home, world: World) -> None:
    model = Model()
    take(home, model, world.bundles)
    segment = home.archive / "000001.seg"
    whole = segment.read_bytes()
    middle = len(whole) // 2
    segment.write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])
    done = rebuild(home, "--json")
    assert done.exit_code == 5
    told = json.loads(done.stdout)
    assert told["new"] and 1 <= sum(told["incomplete"].values()) <= 2
    assert all(day in done.stderr for day in told["incomplete"]) and "kiosk province restore" in done.stderr
    missing = len(model.rows("day")) - len(lake_rows.lake_rows(home.lake / "current", "days"))
    assert 0 <= missing <= 2
    segment.write_bytes(whole)
    assert built(home)["incomplete"] == {}
    before = files(home)
    built(home, "--all")
    assert files(home) == before


@pytest.mark.slow
def test_a_day_restated_without_end_is_read_one_by_one(
    home: Home, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Model()
    take(home, model, world.bundles)
    built(home)
    before = files(home)
    monkeypatch.setattr("kiosk.province.lake.from_ledger.AT_ONCE", 0)
    built(home, "--all")
    assert files(home) == before


def test_no_home_is_a_sentence(tmp_path: Path) -> None:
    done = rebuild(Home(tmp_path))
    assert done.exit_code == 1
    assert "is no home of a province" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_without_what_writes_parquet_it_is_said_what_to_install(home: Home) -> None:
    code = "import sys; sys.modules['pyarrow'] = None; from kiosk.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "province", "rebuild", "--home", home.path],
                          capture_output=True, text=True, timeout=60, env={**HERE, "LC_ALL": "C.UTF-8"})  # fmt: skip
    assert done.returncode == 1
    assert "pip install 'kiosk[province]'" in done.stderr and "Traceback" not in done.stderr


def test_reading_and_building_load_what_is_large_only_when_they_begin() -> None:
    code = "import sys, kiosk.province.lake.lake, kiosk.cli.province_lake; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60,
                            env=HERE).stdout.split()  # fmt: skip
    assert {"pyarrow", "duckdb", "ibis", "pandas", "numpy"} & set(loaded) == set()
