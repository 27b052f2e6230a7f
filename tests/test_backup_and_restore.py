"""`kiosk backup` and `kiosk restore`: what leaves, what comes back, one chain, no number twice, and a way back."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from memory_play import SITE, Play
from station_processes import slowness
from store_support import environment, python

from kiosk.errors import DamagedError, RefusedError
from kiosk.service.restoring import chosen, looked_at, restore
from kiosk.settings import Site
from kiosk.store import Store, audit, facts, losses, managers, sessions

pytestmark = pytest.mark.slow


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Six days, a backup on a stick, four days more."""
    play = Play(tmp_path / "home")
    with play.open() as store:
        store.run(managers.add, "Hoa", "hash", "manager", play.now().wall)
        play.days(store, 6)
        play.keeper(store).backup(tmp_path / "stick", "cli")
        play.days(store, 4)
    return play


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def test_a_restored_station_has_every_day_that_was_exported_and_goes_on_in_one_chain(play: Play, stick: Path) -> None:
    before = play.chain()
    loss = restore(play.paths, SITE, chosen(stick), play.now(), "cli")
    assert (loss["days"], loss["new_epoch"], loss["cause"]) == (4, False, "asked")
    with play.open() as store:
        assert play.counted(store) == play.visits, "equal to the plain model"
        play.days(store, 2)
        assert play.counted(store) == play.visits
    after = play.chain()
    assert after[: len(before)] == before and len({manifest.epoch for manifest in after}) == 1
    assert [manifest.sequence for manifest in after] == list(range(1, len(after) + 1))


def test_managers_deeds_and_single_sessions_stay_on_the_pc_and_come_back(play: Play, stick: Path) -> None:
    with play.open() as store:
        rows = store.run(lambda db: db.execute("SELECT count(*) FROM sessions").fetchone()[0])
    loss = restore(play.paths, SITE, chosen(stick), play.now(), "cli")
    assert loss["sessions"] == 0
    with play.open() as store:
        assert store.run(managers.names) == ["Hoa"]
        assert store.run(lambda db: db.execute("SELECT count(*) FROM sessions").fetchone()[0]) == rows
        deeds = [entry.action for entry in store.run(audit.latest)]
    assert {"backup", "restore", "store_replaced"} <= set(deeds)


def test_the_answers_that_no_backup_has_are_counted_as_lost_and_nothing_open_is_released(
    play: Play, stick: Path
) -> None:
    loss = restore(play.paths, SITE, chosen(stick), play.now(), "cli")
    assert loss["answers_gone"] == sum(play.visits.values())
    with play.open() as store:
        assert store.run(sessions.tallies) == {}
        assert store.run(lambda db: db.execute("SELECT count(*) FROM windows").fetchone()[0]) == 0


def test_the_way_back_is_a_restore_of_what_was_set_aside(play: Play, stick: Path) -> None:
    play.today -= 1
    with play.open() as store:
        play.visit(store, 5)  # of a day that is not exported again: only the present file knows them
    loss = restore(play.paths, SITE, chosen(stick), play.now(), "cli")
    with play.open() as store:
        assert sum((play.visits - play.counted(store)).values()) == 5
    back = restore(play.paths, SITE, Path(loss["way_back"]), play.now(), "cli")
    with play.open() as store:
        assert play.counted(store) == play.visits and not back["new_epoch"]


def test_on_another_disk_without_the_outbox_a_new_epoch_begins_with_numbers_never_given_out(
    play: Play, stick: Path, tmp_path: Path
) -> None:
    other = Play(tmp_path / "other", today=play.today)
    loss = restore(other.paths, SITE, chosen(stick), other.now(), "cli")
    assert loss["new_epoch"] and loss["way_back"] is None
    with other.open() as store:
        other.visit(store, 2)
        made = other.export(store)
    given = {(manifest.sequence, manifest.epoch) for manifest in play.chain()}
    new = {result.path.name for result in made if result.new}
    here = [manifest for manifest in other.chain() if manifest.name in new]
    assert here and not {(manifest.sequence, manifest.epoch) for manifest in here} & given
    assert not {manifest.name for manifest in here} & {manifest.name for manifest in play.chain()}


def test_a_backup_that_is_damaged_foreign_or_without_its_hash_is_refused_and_nothing_changes(
    play: Play, stick: Path
) -> None:
    before = play.paths.store.read_bytes()
    good = chosen(stick)
    with pytest.raises(RefusedError):
        restore(play.paths, Site(code="TH-013", station="03"), good, play.now(), "cli")
    hash_file = good.with_name(good.name + ".sha256")
    hash_file.rename(stick / "elsewhere")
    with pytest.raises(DamagedError):
        looked_at(good, SITE)
    (stick / "elsewhere").rename(hash_file)
    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 1
    good.write_bytes(content)
    with pytest.raises(DamagedError):
        restore(play.paths, SITE, good, play.now(), "cli")
    with pytest.raises(RefusedError):
        chosen(play.home / "outbox")
    assert play.paths.store.read_bytes() == before


@pytest.mark.slow
def test_while_another_process_has_the_store_it_is_refused(play: Play, stick: Path) -> None:
    with Store(play.paths.store), pytest.raises(RefusedError):
        restore(play.paths, SITE, chosen(stick), play.now(), "cli")


@pytest.fixture
def ordinary(play: Play, stick: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """A home that others can reach, whose processes are all of the one who tests, root too."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        reachable = Play(Path(place) / "home", visits=play.visits, today=play.today)
        shutil.copytree(play.home, reachable.home)
        users = "".join(f'{name} = "{_me()}"\n' for name in ("service", "screen", "citizen", "staff"))
        site = f'[site]\ncode = "{SITE.code}"\n[station]\nname = "{SITE.station}"\n[users]\n{users}'
        (reachable.home / "site.toml").write_text(site, encoding="utf-8")
        monkeypatch.setenv("KIOSK_HOME", str(reachable.home))
        yield reachable


def _me() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


@pytest.mark.slow
def test_the_commands_say_what_they_do_and_ask_first(ordinary: Play) -> None:
    play, folder = ordinary, ordinary.home.parent / "to"
    made = python("-m", "kiosk", "backup", str(folder), "--json")
    assert made.returncode == 0, made
    file = Path(json.loads(made.stdout)["file"])
    assert file.is_file() and file.with_name(file.name + ".sha256").is_file()
    before = play.paths.store.read_bytes()
    asked = python("-m", "kiosk", "restore", str(folder))
    assert asked.returncode == 4 and "--yes" in asked.stderr and play.paths.store.read_bytes() == before
    done = python("-m", "kiosk", "restore", str(folder), "--yes")
    assert done.returncode == 0 and "Way back: kiosk restore" in done.stdout, done
    none = python("-m", "kiosk", "restore", str(folder / "none.db"), "--yes", "--json")
    assert none.returncode == 4 and "Traceback" not in none.stderr
    with play.open() as store:
        assert store.run(facts.epoch) == play.chain()[-1].epoch
        assert len(store.run(losses.all_of_them)) == 1


RESTORER = """
import sys
from pathlib import Path
from memory_play import SITE, Play
from station_processes import slowness
from kiosk.service.restoring import chosen, restore
play = Play(Path(sys.argv[1]), today=10)
chosen(Path(sys.argv[2]))
print("ready", flush=True)
while True: restore(play.paths, SITE, chosen(Path(sys.argv[2])), play.now(), "cli")
"""


@pytest.mark.slow
def test_kill_9_at_random_moments_of_a_restore_leaves_a_station_that_has_every_exported_day(
    play: Play, stick: Path, tmp_path: Path
) -> None:
    seed, kills, replaced = time.time_ns() % 1_000_000, 15, 0
    random = Random(seed)
    for number in range(kills):
        other = Play(tmp_path / f"home{number}", today=play.today)
        shutil.copytree(play.home, other.home)
        command = [sys.executable, "-c", RESTORER, str(other.home), str(stick)]
        restorer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
        assert restorer.stdout is not None and restorer.stdout.readline() == "ready\n"
        time.sleep(random.random() * 0.15 * slowness())
        restorer.kill()
        restorer.communicate(timeout=10)
        with other.open() as store:
            assert other.counted(store) == play.visits
            replaced += len(store.run(losses.all_of_them)) > 0
            assert store.run(managers.names) == ["Hoa"]
            other.visit(store)
            other.export(store)
        chain = other.chain()
        assert len({manifest.epoch for manifest in chain}) == 1 and len(chain) == 11
    print(f"kill -9 during a restore: seed {seed}, {kills} kills, {replaced} after the file was replaced")
    assert 0 < replaced
