"""Every figure is the same on DuckDB, PostgreSQL and Spark, to the last digit; by `scripts/test --engines`.

PostgreSQL is a real one that is started here and loaded as a province loads it, Spark runs in a process of its own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.province.indicators.engine import opened
from kiosk.province.indicators.loading import load
from tests.engines_asked import ASKED, ASKS, SPARK, SPARK_DEFAULTS, Answers, answers, of_engine
from tests.figures_worlds import reading, worlds
from tests.postgres_cluster import Cluster, cluster

pytestmark = [pytest.mark.engines, pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent
WORLDS = {small.name: small for small in worlds()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lakes of all worlds, below a name that engines could read as a pattern."""
    made = tmp_path_factory.mktemp("engines") / "t*nh [thử]'s {a,b}"
    made.mkdir()
    for small in WORLDS.values():
        small.lake(made / small.name)
    return made


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as one:
        yield one


@pytest.fixture(scope="module")
def spark(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answers]:
    """What Spark answers, all in one process: it takes long to start."""
    settings = tmp_path_factory.mktemp("spark")
    (settings / "spark-defaults.conf").write_text(SPARK_DEFAULTS)
    more = {"PYTHONPATH": f"{os.environ['KIOSK_SPARK']}:{ROOT}", "SPARK_CONF_DIR": str(settings)}
    done = subprocess.run([sys.executable, "-m", "tests.engines_asked", str(folder)], env={**os.environ, **more},
                          cwd=ROOT, capture_output=True, text=True, timeout=840, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-4_000:]
    return dict(json.loads(line) for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def duckdb(folder: Path) -> dict[str, Answers]:
    """What DuckDB answers."""
    found = {}
    for name, small in WORLDS.items():
        with reading(folder / name) as lake, opened(lake) as engine:
            found[name] = answers(of_engine(small, engine), ASKED[name])
    return found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", WORLDS)
def test_every_figure_of_postgresql_is_that_of_duckdb(
    name: str, folder: Path, postgres: Cluster, duckdb: dict[str, Answers]
) -> None:
    with reading(folder / name) as lake:
        load(lake, postgres.url())
        with opened(lake, "postgres", postgres.url()) as engine:
            found = answers(of_engine(WORLDS[name], engine), ASKED[name])
    assert_same(found, duckdb[name])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", SPARK)
def test_every_figure_of_spark_is_that_of_duckdb(
    name: str, spark: dict[str, Answers], duckdb: dict[str, Answers]
) -> None:
    assert_same(spark[name], {ask: duckdb[name][ask] for ask in (*SPARK[name], "beside")})


def test_what_is_compared_are_figures_and_not_reasons(duckdb: dict[str, Answers]) -> None:
    """The control: of the world that is reckoned by hand most figures have a number, and there are many."""
    told = duckdb["golden"]
    whole = told["year"][""]
    assert len(told) == len(ASKS) + 1 and len(whole) > 80
    known = [code for code, value in whole.items() if not value.startswith("Value(number=None")]
    print(f"{len(known)} of {len(whole)} figures have a number; {sum(len(p) for p in told.values())} places compared")
    assert len(known) > 60


def assert_same(found: Answers, expected: Answers) -> None:
    """All of it; of what differs the first few are named."""
    assert found.keys() == expected.keys()
    compared = 0
    odd = []
    for ask, places in expected.items():
        assert found[ask].keys() == places.keys(), ask
        for place, values in places.items():
            assert found[ask][place].keys() == values.keys(), (ask, place)
            compared += len(values)
            odd += [(ask, place, code, found[ask][place][code], value) for code, value in values.items()
                    if found[ask][place][code] != value]  # fmt: skip
    print(f"{compared} figures compared")
    assert odd[:5] == []
