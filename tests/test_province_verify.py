"""`kiosk province verify` finds whatever is not as it should be, says where, and finds nothing where all is well."""

import json
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from store_support import environment

from kiosk.export.batch import signed
from kiosk.export.signing import Key
from kiosk.province.backup.verifying import Report, verify_home
from kiosk.province.backup.verifying_lake import verify_lake
from kiosk.province.home import Home
from kiosk.province.intake.intake import Intake
from kiosk.province.intake.quarantine import held, release
from kiosk.province.lake.editions import Editions
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.ledger import Ledger
from tests.province_attacks import with_head
from tests.province_home import NOW, Receiver, new_home
from tests.province_lake import lake_hash
from tests.province_rounds import SEED, dice, rounds
from tests.province_world import Troubles, World, key_of

HARMS = rounds(60, 600)


@dataclass
class Stage:
    """A home with all that there may be in it, nobody writing."""

    home: Home
    bundles: int
    aside: int

    def report(self) -> Report:
        report = verify_home(self.home)
        verify_lake(self.home, report, NOW)
        return report

    def found(self) -> set[str]:
        return {one.what for one in verify_home(self.home).findings}

    def sql(self, *statements: str) -> None:
        db = sqlite3.connect(self.home.ledger)
        for statement in statements:
            assert db.execute(statement).rowcount != 0, statement
        db.commit()
        db.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    world = World(23, sites=3, stations=2, days=40, troubles=Troubles(revised=0.1, restored=0.02, reimaged=0.02))
    home = new_home(tmp_path_factory.mktemp("verify") / "home", world.keys)
    intake = Intake(home, Ledger(home), Archive(home, 30_000), Key.load(home.key))
    receiver = Receiver(home, intake)
    one, stranger = world.bundles[30], key_of(1, "TH-404", "01", 1)
    odd = [signed(one.key, with_head(one, day="2026-12-24", sequence=9_000)), signed(stranger, one.content),
           signed(one.key, one.content[:50])]  # fmt: skip
    receiver.send(world.bundles[:60])
    assert receiver.send(odd) == ["FUTURE_DAY", "UNKNOWN_KEY", "TRUNCATED"]
    receiver.send(world.bundles[60:])
    number = next(one.id for one in held(intake.ledger) if one.code == "FUTURE_DAY")
    release(intake, number, "Lan", "checked with the site", NOW)
    intake.close()
    lake_hash(home)
    return Stage(home, len(world.bundles) + 1, 3)


@pytest.fixture
def stage(made: Stage, tmp_path: Path) -> Iterator[Stage]:
    import shutil

    shutil.copytree(made.home.path, tmp_path / "home", symlinks=True)
    yield Stage(Home(tmp_path / "home"), made.bundles, made.aside)


@pytest.mark.slow
def test_nothing_is_found_where_all_is_well(stage: Stage) -> None:
    report = stage.report()
    assert report.good and report.lake == "same", report
    assert (report.records, report.bundles, report.aside) == (stage.bundles + 2, stage.bundles, stage.aside)
    assert report.size == sum(path.stat().st_size for path in stage.home.archive.iterdir())


@pytest.mark.slow
def test_every_changed_byte_of_the_archive_is_found_where_it_is(stage: Stage) -> None:
    chance, told = dice("verify"), Counter[str]()
    for _number in range(HARMS):
        path = chance.choice(sorted(stage.home.archive.iterdir()))
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        report = verify_home(stage.home)
        told.update({one.what for one in report.findings})
        [finding] = [one for one in report.findings if one.what == "record"]
        segment, offset = finding.place.split(":")
        assert segment == path.name and 0 <= place - int(offset) < 1_500, "near the byte"
        assert not {one.what for one in report.findings} - {"record", "missing"}
        lost = stage.bundles + stage.aside - report.bundles - report.aside
        assert 1 <= lost <= 2, "no more than the record itself, which may stand in two rows"
        path.write_bytes(whole)
    assert "missing" not in told
    print(f"seed {SEED}: {HARMS} bytes changed, each found: {dict(told)}")
    assert verify_home(stage.home).good


@pytest.mark.slow
def test_a_segment_that_is_gone_or_cut_off_is_told_with_whose_days_are_missing(stage: Stage) -> None:
    first, second, *_rest = sorted(stage.home.archive.iterdir())
    second.unlink()
    report = verify_home(stage.home)
    assert {one.what for one in report.findings} == {"missing"}
    named = [one for one in report.findings if one.about.startswith("TH-") and " r" in one.about]
    assert len(named) > 20 and len(report.findings) - len(named) <= 3, "those put aside have no day"
    first.write_bytes(first.read_bytes()[:5_000])
    assert len(verify_home(stage.home).findings) > len(report.findings)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM bundles WHERE id = 40", "unknown"),
        ("UPDATE bundles SET current = 1 - current WHERE id = 40", "counted"),
        ("UPDATE bundles SET sha256 = randomblob(32) WHERE id = 40", "sha256"),
        ("UPDATE bundles SET place = place + 1 WHERE id = 40", "missing"),
        ("UPDATE keys SET public = randomblob(32)", "signature"),
        ("UPDATE quarantine SET sha256 = randomblob(32) WHERE proved = 0", "sha256"),
        ("UPDATE bundles SET station = 4711 WHERE id = 40", "row"),
        ("UPDATE bundles SET station = 1 + station % 5 WHERE id = 40", "row"),
        ("UPDATE bundles SET day = 20261101, revision = 4 WHERE id = 40", "row"),
        ("UPDATE bundles SET series = 4711 WHERE id = 40", "ledger"),
    ],
)
def test_a_ledger_that_says_something_else_is_found(stage: Stage, statement: str, what: str) -> None:
    stage.sql("PRAGMA foreign_keys=OFF", statement)
    assert what in stage.found()


@pytest.mark.slow
def test_a_page_of_the_ledger_that_is_damaged_is_found_or_told(stage: Stage) -> None:
    from kiosk.errors import KioskError

    stage.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    chance, told = random.Random(SEED), Counter[str]()
    whole = stage.home.ledger.read_bytes()
    for page in range(1, len(whole) // 4096, 3):
        place = page * 4096 + chance.randrange(8)  # the head of a page
        stage.home.ledger.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            told[", ".join(sorted(stage.found())) or "nothing"] += 1
        except KioskError as error:
            told[type(error).__name__] += 1
            assert error.exit_code == 5
    print(f"seed {SEED}: heads of pages changed: {dict(told)}")
    assert told.total() > 5 and told["nothing"] <= told.total() / 4, "free pages and unused fields"


@pytest.mark.slow
def test_a_lake_that_was_changed_or_is_behind_is_told(stage: Stage) -> None:
    edition = Editions(stage.home.lake).current()
    assert edition is not None
    path = next(one for one in sorted(edition.path.rglob("month=*.parquet")) if one.parent.name == "days")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    report = stage.report()
    assert report.lake == "other" and [(one.what, one.about) for one in report.findings] == [
        ("lake", f"days/{path.name}")
    ]
    lake_hash_again(stage)
    assert stage.report().lake == "same"
    stage.sql("UPDATE meta SET value = 'abababababababab' WHERE name = 'ledger'")
    assert stage.report().lake == "older", "of another memory"


def lake_hash_again(stage: Stage) -> None:
    lake_hash(stage.home, everything=True)


@pytest.mark.slow
def test_wrong_figures_in_whole_files_are_found_by_the_lake_made_anew(stage: Stage) -> None:
    """Somebody writes another number and its right sha256."""
    import pyarrow.parquet as pq

    from kiosk.province.lake.edition import digest

    edition = Editions(stage.home.lake).current()
    assert edition is not None
    path = next(one for one in sorted(edition.path.rglob("month=*.parquet")) if one.parent.name == "days")
    table = pq.read_table(path)
    column = table.column_names.index("visits")
    rows = table["visits"].to_pylist()
    import pyarrow as pa

    rows[0] += 1
    path.unlink()
    pq.write_table(table.set_column(column, "visits", pa.array(rows, pa.int64())), path)
    about = edition.path / "lake.json"
    told = json.loads(about.read_text())
    told["files"][f"days/{path.name}"] |= {"bytes": path.stat().st_size, "sha256": digest(path)}
    about.write_text(json.dumps(told))
    report = stage.report()
    assert report.lake == "other" and [one.about for one in report.findings] == [f"days/{path.name}"]


@pytest.mark.slow
def test_what_a_killed_look_left_is_taken_away(stage: Stage) -> None:
    """It makes a whole lake beside the lake."""
    script = (
        "import os, signal, sys; from pathlib import Path; from datetime import datetime, timezone\n"
        "from kiosk.province.backup import verifying_lake as looking; from kiosk.province.home import Home\n"
        "looking.build_from = lambda *_words, **_more: os.kill(os.getpid(), signal.SIGKILL)\n"
        "looking.verify_lake(Home(Path(sys.argv[1])), looking.Report(), datetime.now(timezone.utc))\n"
    )
    before = set(stage.home.path.iterdir())
    done = subprocess.run([sys.executable, "-c", script, stage.home.path], env=environment())
    assert done.returncode == -9 and len(set(stage.home.path.iterdir()) - before) == 1, "the control"
    assert stage.report().lake == "same"
    assert set(stage.home.path.iterdir()) == before


def test_no_lake_is_no_damage(stage: Stage) -> None:
    import shutil

    shutil.rmtree(stage.home.lake)
    report = stage.report()
    assert report.good and report.lake == "none"
