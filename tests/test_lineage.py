"""What a memory is called: the same through copies, restores, epochs and replays; another where nothing is known."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from memory_play import SITE, Play

from kiosk.export import formats
from kiosk.export.replay import replay
from kiosk.store import Store, facts, rescue


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """A home with four days in it, copies of each, its file whole and closed."""
    play = Play(tmp_path / "home")
    with play.open() as store:
        play.days(store, 4)
    return play


def lineages(play: Play) -> list[str]:
    """As all bundles in sequence say it."""
    files = [formats.read(path.read_bytes()).manifest for path in play.paths.outbox.glob("*.jsonl.gz")]
    return [manifest.lineage for manifest in sorted(files, key=lambda one: one.sequence)]


def damage(play: Play) -> None:
    with open(play.paths.store, "r+b") as file:
        file.seek(4096)
        file.write(bytes(40_000))


def test_every_bundle_says_it(play: Play) -> None:
    with play.open() as store:
        assert lineages(play) == [store.run(facts.lineage)] * 4


def test_a_store_of_an_earlier_version_takes_its_epoch_for_it(play: Play) -> None:
    """Bundles that were sent before there was a lineage mean their epoch by it, and so do those that come."""
    connection = sqlite3.connect(play.paths.store)
    connection.execute("DELETE FROM facts WHERE key = 'lineage'")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'lineage'")
    connection.commit()
    connection.close()
    with play.open() as store:
        assert store.run(facts.lineage) == store.run(facts.epoch)


def test_a_copy_that_takes_the_place_of_a_damaged_file_keeps_it_also_in_a_new_epoch(play: Play) -> None:
    with play.open() as store:
        before, epoch = store.run(facts.lineage), store.run(facts.epoch)
    damage(play)
    newest = max(play.paths.outbox.glob("*.gz"))
    newest.unlink()  # the chain cannot be shown whole: a new epoch begins
    with play.open() as store:
        play.today += 1
        play.visit(store)
        play.export(store)
        assert store.run(facts.epoch) != epoch and store.run(facts.lineage) == before
    assert set(lineages(play)) == {before}


def test_a_memory_that_begins_anew_from_the_outbox_is_the_one_that_wrote_it(play: Play) -> None:
    """Else the days that it took from there would be counted twice once they are restated."""
    before = lineages(play)
    shutil.rmtree(play.paths.store.parent)
    with play.open() as store:
        assert store.run(facts.lineage) == before[0] and store.run(facts.epoch) != before[0]
        play.visit(store)
        [made] = [one for one in play.export(store) if one.new]
        assert formats.read(made.path.read_bytes()).manifest.lineage == before[0]


def test_a_memory_that_knows_nothing_of_before_is_another_one(play: Play) -> None:
    """A PC that was set up afresh counts beside what it had sent, never instead of it."""
    before = lineages(play)
    shutil.rmtree(play.paths.store.parent)
    shutil.rmtree(play.paths.outbox)
    with Store(play.paths.store) as store:
        assert store.run(facts.lineage) not in before
        again = rescue.open_or_rescue(play.home / "other.db", play.now().wall, has_past=True)
        with again:
            replay(again, play.paths.outbox, SITE.code, SITE.station, play.now())
            assert again.run(facts.lineage) not in {*before, store.run(facts.lineage)}
