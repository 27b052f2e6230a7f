"""An engine that is away says so in a sentence: PostgreSQL not running, a wrong password, a stop in mid-question.

And a load into PostgreSQL is whole or has not happened, whatever ends it.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.province.indicators.engine import opened
from kiosk.province.indicators.loading import load
from tests.figures_bundles import Script
from tests.figures_worlds import reading
from tests.postgres_cluster import GUARDED, PASSWORD, Cluster, cluster
from tests.test_engine_files import DAY, lake_of

pytestmark = [pytest.mark.engines, pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as one:
        yield one


@pytest.fixture
def url(postgres: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of this test's own."""
    with psycopg.connect(postgres.url(), autocommit=True) as db:
        db.execute("DROP DATABASE IF EXISTS own WITH (FORCE)")
        db.execute("CREATE DATABASE own")
    yield postgres.url("own")


def test_postgresql_that_does_not_run_is_said(tmp_path: Path, postgres: Cluster) -> None:
    nowhere = f"postgresql:///postgres?host={tmp_path}&user=postgres"
    with reading(lake_of(tmp_path / "lake", 3)) as lake:
        for address in (nowhere, "postgresql://127.0.0.1:1/kiosk"):
            with pytest.raises(KioskError, match="PostgreSQL does not answer: .+ Look whether it is running"):
                load(lake, address)
            with pytest.raises(KioskError, match="does not answer"), opened(lake, "postgres", address):
                pass
        with pytest.raises(KioskError, match="does not answer.*no_such"):
            load(lake, postgres.url("no_such"))
        with pytest.raises(UsageError, match="no address"):
            load(lake, "postgresql://[")


def test_a_wrong_password_is_said_and_the_right_one_comes_in(tmp_path: Path, postgres: Cluster, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"GRANT CREATE ON DATABASE own TO {GUARDED}")
    with reading(lake_of(tmp_path / "lake", 3)) as lake:
        for wrong in ("", "wrong"):
            with pytest.raises(KioskError, match="does not accept this user or this password") as told:
                load(lake, postgres.url("own", GUARDED, wrong))
            assert not wrong or wrong not in str(told.value).replace("this password", "")
        assert load(lake, postgres.url("own", GUARDED, PASSWORD)).files > 0


def test_who_may_not_make_tables_is_told(tmp_path: Path, postgres: Cluster, url: str) -> None:
    with reading(lake_of(tmp_path / "lake", 3)) as lake, pytest.raises(KioskError, match="GRANT CREATE"):
        load(lake, postgres.url("own", GUARDED, PASSWORD))


def test_tables_of_others_are_left_alone(tmp_path: Path, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("CREATE SCHEMA kiosk")
        db.execute("CREATE TABLE kiosk.theirs (n bigint)")
    with reading(lake_of(tmp_path / "lake", 3)) as lake, pytest.raises(RefusedError, match="not of kiosk"):
        load(lake, url)


def test_an_edition_that_is_not_loaded_answers_nothing(tmp_path: Path, url: str) -> None:
    folder = lake_of(tmp_path / "lake", 3)
    with reading(folder) as lake:
        with pytest.raises(KioskError, match="kiosk province load"), opened(lake, "postgres", url):
            pass
        load(lake, url)
        with opened(lake, "postgres", url) as engine:
            assert [row["visits"] for row in engine.rows(engine.table("site_days"))] == [3]
    other = Script()
    other.day("TH-001", "01", DAY, visits=9, open_minutes=200)
    other.build(tmp_path / "other")
    with reading(tmp_path / "other") as lake, pytest.raises(KioskError, match="kiosk province load"):
        with opened(lake, "postgres", url):
            pass


def test_a_load_brings_what_changed_and_takes_away_what_is_gone(tmp_path: Path, url: str) -> None:
    with reading(lake_of(tmp_path / "lake", 3)) as lake:
        first = load(lake, url)
        again = load(lake, url)
    assert first.files and first.rows and (again.files, again.gone, again.rows) == (0, 0, 0)
    other = Script()
    other.day("TH-001", "01", DAY.replace(month=4), visits=9, open_minutes=200)
    other.build(tmp_path / "other")
    with reading(tmp_path / "other") as lake:
        second = load(lake, url)
        with opened(lake, "postgres", url) as engine:
            assert [row["visits"] for row in engine.rows(engine.table("site_months"))] == [9]
    assert second.gone == first.files == second.files


def test_a_load_that_is_cut_off_has_not_happened(tmp_path: Path, url: str) -> None:
    """Its connection is ended from the server after each file in turn: who asks sees the edition of before."""
    folder, other = lake_of(tmp_path / "lake", 3), tmp_path / "other"
    script = Script()
    script.day("TH-001", "01", DAY, visits=9, open_minutes=200)
    script.build(other)
    cuts = 0
    with reading(folder) as old, reading(other) as new:
        load(old, url)
        while True:
            with psycopg.connect(url, autocommit=True) as admin:
                try:
                    load(new, url, cut(admin, cuts))
                    break
                except KioskError as error:
                    assert "PostgreSQL does not answer" in str(error)
            cuts += 1
            with opened(old, "postgres", url) as engine:
                assert [row["visits"] for row in engine.rows(engine.table("site_days"))] == [3]
        with opened(new, "postgres", url) as engine:
            assert [row["visits"] for row in engine.rows(engine.table("site_days"))] == [9]
    print(f"{cuts} cuts")
    assert cuts > 3


def cut(admin: "psycopg.Connection", after: int) -> "object":
    """Ends all other connections when so many files are in."""

    def told(_step: str, _name: str, done: int, _whole: int) -> None:
        if done == after:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                          "WHERE datname = 'own' AND pid <> pg_backend_pid()")  # fmt: skip

    return told


def test_one_load_at_a_time(tmp_path: Path, url: str) -> None:
    found: list[str] = []
    with reading(lake_of(tmp_path / "lake", 3)) as lake:

        def another(*_told: object) -> None:
            if not found:
                with pytest.raises(RefusedError) as told:
                    load(lake, url)
                found.append(str(told.value))

        load(lake, url, another)
    assert "Another load" in found[0]


def test_postgresql_that_stops_in_mid_question_is_said(tmp_path: Path) -> None:
    with cluster() as own, reading(lake_of(tmp_path / "lake", 3)) as lake:
        load(lake, own.url())
        with psycopg.connect(own.url(), autocommit=True) as db:
            db.execute("CREATE VIEW kiosk.slow AS SELECT 1::bigint AS n FROM pg_sleep(30)")
        with opened(lake, "postgres", own.url()) as engine:
            asked = engine.table("site_days")
            days = asked.cross_join(asked.view()).select(n=asked.visits)
            assert engine.rows(days)
            slow = engine._db.table("slow", database="kiosk")  # type: ignore[attr-defined]
            stop = threading.Timer(1.5, own.stop)
            stop.start()
            with pytest.raises(KioskError, match="PostgreSQL does not answer"):
                engine.rows(slow)
            stop.join()
            with pytest.raises(KioskError, match="PostgreSQL does not answer"):
                engine.rows(days)


@pytest.mark.parametrize(
    ("lacking", "said"),
    [("java", "Spark needs Java"), ("master", "Spark does not answer"), ("file", "missing or damaged|is damaged")],
)
def test_spark_that_is_away_is_said(lacking: str, said: str, tmp_path: Path) -> None:
    folder = lake_of(tmp_path / "lake", 3)
    env = {**os.environ, "PYTHONPATH": f"{os.environ['KIOSK_SPARK']}:{ROOT}", "LANG": "C.UTF-8"}
    if lacking == "java":
        env["PATH"] = str(tmp_path)
        env.pop("JAVA_HOME", None)
    url = "local[nonsense" if lacking == "master" else "local[1]"
    done = subprocess.run([sys.executable, "-c", SPARK, str(folder), url, lacking], env=env, cwd=ROOT, text=True,
                          capture_output=True, timeout=200, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    assert said.split("|")[0] in done.stdout or said.split("|")[-1] in done.stdout, done.stdout


SPARK = """
import sys
from pathlib import Path
from kiosk.errors import KioskError
from kiosk.province.indicators.engine import opened
from tests.figures_worlds import reading
try:
    with reading(Path(sys.argv[1])) as lake, opened(lake, "spark", sys.argv[2]) as engine:
        asked = engine.table("site_days")
        assert len(engine.rows(asked)) == 1
        if sys.argv[3] == "file":
            lake.files("site_days")[1].write_bytes(b"PAR1 no more")
            engine.rows(asked.filter(asked.visits > 1))
except KioskError as error:
    print(error)
"""
