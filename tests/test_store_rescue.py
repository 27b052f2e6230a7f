"""A store that cannot be trusted is set aside whole, and the station serves on: what is lost is counted and said."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from memory_play import Play
from store_support import on_small_disk

from kiosk.errors import DamagedError
from kiosk.store import Store, copies, facts, losses, sessions
from kiosk.store.connection import mark_of
from kiosk.store.failures import StoreReadOnly
from kiosk.store.rescue import set_asides
from tests.tries import some

PAGE = 4096


def zeroed(path: Path, page: int) -> None:
    _write(path, page * PAGE, bytes(PAGE))


def noise(path: Path, page: int) -> None:
    _write(path, page * PAGE, Random(page).randbytes(PAGE))


def cut(path: Path, page: int) -> None:
    os.truncate(path, page * PAGE + 100)


def _write(path: Path, offset: int, content: bytes) -> None:
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(content)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Ten days with copies and exports, then half a day that no bundle tells of."""
    play = Play(tmp_path_factory.mktemp("played"))
    with play.open() as store:
        play.days(store, 10)
        play.keeper(store).copy(play.now())
        play.visit(store, 3)
    return play


def again(played: Play, home: Path) -> Play:
    """A copy of the played home, to be broken."""
    shutil.copytree(played.home, home)
    return Play(home, visits=Counter(played.visits), today=played.today)


@pytest.mark.parametrize("damage", [zeroed, noise, cut])
def test_damage_at_every_page_leaves_a_station_that_serves_and_says_what_is_lost(
    played: Play, tmp_path: Path, damage: Callable[[Path, int], None]
) -> None:
    pages = played.paths.store.stat().st_size // PAGE
    assert pages > 20
    replaced = saved = 0
    damaged = some(range(pages))
    for page in damaged:
        play = again(played, tmp_path / f"{page}")
        damage(play.paths.store, page)
        before = play.paths.store.read_bytes()
        with play.open() as store:
            lost = store.run(losses.all_of_them)
            missing = play.visits - play.counted(store)
            assert not play.counted(store) - play.visits, "more than there ever was"
            if lost:
                replaced += 1
                [aside] = set_asides(play.paths.store)
                assert (aside / "kiosk.db").read_bytes() == before
                assert set(missing) <= {play.now().day}, "days that the outbox tells of are whole"
                assert lost[0].answers_gone > 0 and not lost[0].new_epoch
                saved += lost[0].saved
            else:
                assert not missing, f"page {page}: lost and not said"
            play.visit(store, 2)
            play.export(store)
            play.chain()
        shutil.rmtree(play.home)
    print(f"{damage.__name__}: {pages} pages, {replaced} set aside, {saved} visits read from what was damaged")
    assert replaced >= len(damaged) // 2


@pytest.mark.slow
def test_flipped_bits_never_make_a_start_fail_or_a_visit_appear(played: Play, tmp_path: Path) -> None:
    seed = time.time_ns() % 1_000_000
    random, size, starts = Random(seed), played.paths.store.stat().st_size, 60
    for number in range(starts):
        play = again(played, tmp_path / f"{number}")
        place = random.randrange(size)
        content = play.paths.store.read_bytes()[place]
        _write(play.paths.store, place, bytes([content ^ 1 << random.randrange(8)]))
        with play.open() as store:
            play.visit(store)
            store.run(sessions.counts, play.now().day)
        shutil.rmtree(play.home)
    print(f"flipped bits: seed {seed}, {starts} starts, each served")


@pytest.mark.slow
@pytest.mark.parametrize(
    "word", [b"day_totals", b"planned_minutes", b"first_tables", b"epoch", b"visits", b"boot_beat"]
)
def test_a_flipped_bit_in_a_name_or_a_key_is_found_or_does_no_harm(played: Play, tmp_path: Path, word: bytes) -> None:
    """SQLite finds nothing wrong with most of these; a high bit also makes text that is none."""
    content, starts, place = played.paths.store.read_bytes(), 0, -1
    while (place := content.find(word, place + 1)) >= 0 and starts < 12:
        starts += 1
        play = again(played, tmp_path / f"{place}")
        _write(
            play.paths.store,
            place + starts % len(word),
            bytes([word[starts % len(word)] ^ (0x80 if starts % 2 else 1)]),
        )
        try:
            with play.open() as store:
                play.visit(store)
                play.export(store)
        except DamagedError:
            assert mark_of(play.paths.store).exists(), "found while it was used, and known at the next start"
        with play.open() as store:
            play.visit(store)
            play.export(store)
        shutil.rmtree(play.home)
    assert starts > 0


def test_a_torn_log_loses_at_most_what_it_held(played: Play, tmp_path: Path) -> None:
    play = again(played, tmp_path / "torn")
    store = play.open()
    store.run(facts.put, "key", "x" * 20_000)
    log = play.paths.store.with_name("kiosk.db-wal")
    torn = tmp_path / "copy"
    shutil.copytree(play.home, torn)  # as a power cut leaves it
    store.close()
    for keep in range(0, log_size := (torn / "store" / log.name).stat().st_size, 5_000):
        other = Play(tmp_path / f"torn{keep}", visits=Counter(play.visits), today=play.today)
        shutil.copytree(torn, other.home)
        os.truncate(other.home / "store" / log.name, keep)
        with other.open() as opened:
            assert other.counted(opened) == other.visits
            assert opened.run(facts.get, "key") in (None, "x" * 20_000), "whole or not at all"
    assert log_size > 10_000


def test_a_missing_or_empty_file_is_restored_from_the_newest_copy(played: Play, tmp_path: Path) -> None:
    for number, breaking in enumerate((lambda path: path.unlink(), lambda path: os.truncate(path, 0))):
        play = again(played, tmp_path / f"{number}")
        breaking(play.paths.store)
        with play.open() as store:
            [loss] = store.run(losses.all_of_them)
            assert set(play.visits - play.counted(store)) == {play.now().day}
            assert loss.cause in ("gone", "damaged") and not loss.new_epoch and loss.known_to


def test_with_no_copy_that_passes_a_new_epoch_begins_and_the_outbox_gives_back_its_days(
    played: Play, tmp_path: Path
) -> None:
    play = again(played, tmp_path / "home")
    before = play.chain()
    for path in copies.folder_of(play.paths.store).glob("*.db"):
        noise(path, 3)
    zeroed(play.paths.store, 0)
    with play.open() as store:
        [loss] = store.run(losses.all_of_them)
        assert loss.new_epoch and (loss.days, loss.sessions) == (10, sum(play.counted(store).values()))
        assert set(play.visits - play.counted(store)) <= {play.now().day}
        play.visits = play.counted(store)
        play.visit(store)
        new = [result for result in play.export(store) if result.new]
    after = play.chain()
    assert after[: len(before)] == before and len(new) == 1 and after[-1].sequence == before[-1].sequence + 1
    assert after[-1].epoch not in {manifest.epoch for manifest in before}
    assert after[-1].revision > 100, "no revision that may have been given out is given again"


@pytest.mark.parametrize("gone", ["the file", "the file and the outbox", "the folder"])
def test_a_store_that_is_gone_with_no_copy_and_no_bundle_begins_anew_and_says_so(tmp_path: Path, gone: str) -> None:
    play = Play(tmp_path / "home")
    play.paths.outbox.mkdir(parents=True)
    with play.open() as store:
        assert store.run(losses.all_of_them) == [], "the control: a first start has lost nothing"
        play.visit(store, 3)
    assert not copies.listed(copies.folder_of(play.paths.store)) and not list(play.paths.outbox.glob("*.gz"))
    for path in play.paths.store.parent.glob("kiosk.db*"):
        path.unlink()
    if gone == "the folder":
        shutil.rmtree(play.paths.store.parent)
    elif gone == "the file and the outbox":
        shutil.rmtree(play.paths.outbox)
    with play.open() as store:
        [loss] = store.run(losses.all_of_them)
        assert (loss.cause, loss.new_epoch, loss.known_to, loss.days) == ("gone", True, None, 0)
        keeper = play.keeper(store)
        assert [one["code"] for one in keeper.troubles(play.now().wall)] == ["store_new"]
        play.visit(store)
    with play.open() as store:
        assert len(store.run(losses.all_of_them)) == 1, "said once"


def test_a_copy_with_one_flipped_bit_is_passed_over_for_the_one_before(played: Play, tmp_path: Path) -> None:
    play = again(played, tmp_path / "home")
    newest, before, *_older = copies.listed(copies.folder_of(play.paths.store))
    content = bytearray(newest.path.read_bytes())
    content[content.index(b"visits")] ^= 1
    newest.path.write_bytes(content)
    assert copies.passes(newest.path) is None and copies.passes(before.path)
    zeroed(play.paths.store, 0)
    with play.open() as store:
        assert set(play.visits - play.counted(store)) <= {play.now().day}


def test_a_lost_outbox_begins_a_new_epoch_because_numbers_may_have_been_given_out(played: Play, tmp_path: Path) -> None:
    play = again(played, tmp_path / "home")
    newest = play.chain()[-1]
    (play.paths.outbox / newest.name).unlink()
    zeroed(play.paths.store, 0)
    with play.open() as store:
        [loss] = store.run(losses.all_of_them)
        assert loss.new_epoch
        play.visit(store)
        play.export(store)
    manifests = {manifest.sequence: manifest for manifest in play.chain()}
    last = manifests[max(manifests)]
    assert last.sequence > newest.sequence and last.epoch != newest.epoch


def test_an_outbox_deleted_beside_a_whole_store_comes_back(played: Play, tmp_path: Path) -> None:
    play = again(played, tmp_path / "home")
    before = {path.name: path.read_bytes() for path in play.paths.outbox.iterdir()}
    shutil.rmtree(play.paths.outbox)
    with play.open() as store:
        assert store.run(losses.all_of_them) == []
        play.export(store, "12:00")
    assert {path.name: path.read_bytes() for path in play.paths.outbox.iterdir()} == before


def test_damage_that_shows_only_while_it_is_used_is_dealt_with_at_the_next_start(played: Play, tmp_path: Path) -> None:
    play = again(played, tmp_path / "home")
    with play.open() as store:
        store.run(lambda db: db.execute("PRAGMA shrink_memory").fetchall())  # or its pages would not be read again
        for page in range(2, play.paths.store.stat().st_size // PAGE):
            noise(play.paths.store, page)
        with pytest.raises(DamagedError):
            store.run(lambda db: db.execute("SELECT * FROM day_totals ORDER BY count").fetchall())
            store.run(lambda db: db.execute("SELECT * FROM bundles, audit").fetchall())
    assert mark_of(play.paths.store).exists()
    with play.open() as store:
        assert len(store.run(losses.all_of_them)) == 1
        assert set(play.visits - play.counted(store)) <= {play.now().day}
    assert not mark_of(play.paths.store).exists()


@pytest.mark.slow
def test_a_read_only_folder_is_named_and_nothing_is_touched(played: Play, tmp_path: Path) -> None:
    play = again(played, tmp_path / "home")
    zeroed(play.paths.store, 0)
    script = f"""
import shutil, subprocess
from memory_play import Play
from kiosk.errors import KioskError
shutil.copytree({str(play.home)!r}, disk / "home")
subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
try: Play(disk / "home", today={play.today}).open()
except KioskError as error: print(type(error).__name__, error.hint)
"""
    done = on_small_disk(script, tmp_path / "disk", "20m")
    assert done.stdout.startswith(StoreReadOnly.__name__), done


@pytest.mark.slow
def test_a_disk_that_fills_at_any_moment_of_a_rescue_loses_nothing_that_can_be_rescued_later(
    played: Play, tmp_path: Path
) -> None:
    play = again(played, tmp_path / "home")
    zeroed(play.paths.store, 0)
    free = 4 * play.paths.store.stat().st_size // 1024
    script = f"""
import os, shutil
from collections import Counter
from memory_play import Play
from kiosk.errors import KioskError
from kiosk.store import losses
refused = 0
for room in range(0, {free}, 12):
    home = disk / str(room)
    shutil.copytree({str(play.home)!r}, home)
    play = Play(home, visits=Counter({dict(play.visits)!r}), today={play.today})
    stat = os.statvfs(disk)
    with open(disk / "filler", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, stat.f_bavail * stat.f_bsize - room * 1024))
    try: play.open().close()
    except KioskError as error:
        refused += 1
        assert error.hint
    (disk / "filler").unlink()
    with play.open() as store:
        assert len(store.run(losses.all_of_them)) == 1
        assert set(play.visits - play.counted(store)) <= {{play.now().day}}
    play.chain()
    shutil.rmtree(home)
print("refused", refused, "of", len(range(0, {free}, 12)))
"""
    done = on_small_disk(script, tmp_path / "disk", "20m")
    assert done.returncode == 0, done.stderr[-3000:]
    print("full disk during a rescue:", done.stdout)
    assert int(done.stdout.split()[1]) > 3, "the disk was never full: this test shows nothing"


@pytest.mark.slow
def test_a_damaged_file_that_another_process_serves_is_left_to_it(played: Play, tmp_path: Path) -> None:
    from kiosk.store.failures import StoreBusy

    play = again(played, tmp_path / "home")
    with Store(play.paths.store), pytest.raises(StoreBusy):
        play.open()
    assert set_asides(play.paths.store) == []
