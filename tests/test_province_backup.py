"""A province's home is copied while it serves, whole or not at all, and stations send what a restore lacks."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from store_support import environment

from kiosk.errors import DamagedError, KioskError, RefusedError
from kiosk.export.receipts import receipt_in
from kiosk.export.signing import Key
from kiosk.province.backup.backup import make_backup
from kiosk.province.backup.files import LISTING, backup_at
from kiosk.province.backup.restoring import restore
from kiosk.province.backup.verifying import Report, verify_home
from kiosk.province.home import Home, load
from kiosk.province.intake.intake import Intake
from kiosk.province.intake.marks import marks_of
from kiosk.province.joining.enrol_codes import make_code
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import seconds
from tests.province_home import NOW, Receiver, agrees, new_home, receiving
from tests.province_lake import figures_agree, lake_hash
from tests.province_model import Model
from tests.province_world import Made, Troubles, World

SMALL = 40_000  # bytes of a segment, so that there are some


@pytest.fixture
def world() -> World:
    return World(11, sites=3, stations=2, days=40, troubles=Troubles(revised=0.1))


@pytest.fixture
def receiver(tmp_path: Path, world: World) -> Iterator[Receiver]:
    home = new_home(tmp_path / "home", world.keys)
    intake = Intake(home, Ledger(home), Archive(home, SMALL), Key.load(home.key))
    yield Receiver(home, intake)
    intake.close()


@pytest.mark.slow
def test_a_backup_is_whole_and_comes_back_with_all_that_was_stored(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    model = Model()
    assert receiver.send(world.bundles) == [model.take(made) for made in world.bundles]
    seen = list[tuple[int, int]]()
    backup = make_backup(receiver.home, tmp_path / "to", NOW, progress=lambda *step: seen.append(step))
    assert backup_at(backup.path) == backup and backup.keys and backup.bundles == len(world.bundles)
    assert seen[-1][0] == seen[-1][1] > 3 * SMALL
    home, _backup = restore(backup.path, tmp_path / "new" / "home", NOW, "Lan")
    assert load(home.path) == load(receiver.home.path)
    report = verify_home(home)
    assert report.good and (report.records, report.bundles) == (len(world.bundles), len(world.bundles))
    with receiving(home) as restored:
        assert restored.intake.ledger.id != receiver.intake.ledger.id, "stations must see that it is another memory"
        assert restored.intake.key.id == receiver.intake.key.id
        assert restored.state() == receiver.state()
        agrees(restored, model)
        with restored.intake.ledger.reading() as db:
            assert db.execute("SELECT who, deed FROM deeds").fetchall() == [("Lan", "restored")]
    assert lake_hash(home) == lake_hash(receiver.home)
    figures_agree(home, model)


@pytest.mark.slow
def test_what_was_answered_before_a_backup_began_is_in_it_and_what_it_holds_agrees(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    """Backups are taken again and again while bundles come in."""
    answered, copies, ended = list[Made](), list[tuple[int, Path]](), threading.Event()
    live = list[Report]()

    def back_up() -> None:
        moment = NOW
        while not ended.is_set() or len(copies) < 3:
            moment += timedelta(seconds=1)
            before = len(answered)
            copies.append((before, make_backup(receiver.home, tmp_path / "to", moment).path))
            live.append(verify_home(receiver.home))

    helper = threading.Thread(target=back_up)
    helper.start()
    for begin in range(0, len(world.bundles), 6):
        some = world.bundles[begin : begin + 6]
        receiver.send(some)
        answered += some
    ended.set()
    helper.join()
    assert [report.findings for report in live if not report.good] == [], "looked through while it serves"
    stored = set[int]()
    for number, (before, path) in enumerate(copies):
        report = verify_home(Home(path))
        assert report.good and report.bundles >= before
        stored.add(report.bundles)
        if number % 5 == 0 or number == len(copies) - 1:
            home, _backup = restore(path, tmp_path / f"home-{number}", NOW, "Lan")
            model = Model()
            for made in world.bundles[: report.bundles]:
                model.take(made)
            with receiving(home) as restored:
                agrees(restored, model)
    print(f"{len(copies)} backups while {len(world.bundles)} bundles came, at {len(stored)} different moments")
    assert len(stored) > 2


@pytest.mark.slow
def test_the_next_backup_shares_what_no_longer_grows_and_nothing_of_another_memory(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    half = len(world.bundles) // 2
    receiver.send(world.bundles[:half])
    one = make_backup(receiver.home, tmp_path / "to", NOW)
    receiver.send(world.bundles[half:])
    two = make_backup(receiver.home, tmp_path / "to", NOW + timedelta(days=1))
    sealed = [name for name in one.files if name.startswith("archive/")][:-1]
    assert len(sealed) > 1 and sealed[0] in two.files
    assert all((one.path / name).samefile(two.path / name) for name in sealed)
    grown = sorted(name for name in one.files if name.startswith("archive/"))[-1]
    assert not (one.path / grown).samefile(two.path / grown)
    assert verify_home(Home(one.path)).good and verify_home(Home(two.path)).good

    home, _backup = restore(one.path, tmp_path / "restored", NOW, "Lan")
    with receiving(home) as restored:
        restored.send(list(reversed(world.bundles[half:])))
    three = make_backup(home, tmp_path / "to", NOW + timedelta(days=2))
    assert not any((two.path / name).samefile(three.path / name) for name in set(two.files) & set(three.files))
    assert verify_home(Home(three.path)).good


def flip(path: Path) -> None:
    """One byte is another in the file itself, as a bad disk has it: under every name of it."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


@pytest.mark.slow
def test_a_byte_that_fails_in_the_archive_or_in_a_backup_is_in_no_other_backup(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    """Also where all lie on one disk: it shares no file with the archive, and with a backup only what is whole."""
    receiver.send(world.bundles)
    one = make_backup(receiver.home, tmp_path / "to", NOW)
    first, second = [name for name in one.files if name.startswith("archive/")][:2]
    flip(one.path / first)
    two = make_backup(receiver.home, tmp_path / "to", NOW + timedelta(days=1))
    assert (two.before, two.damaged) == (one.path, (first,))
    flip(receiver.home.archive / Path(second).name)
    three = make_backup(receiver.home, tmp_path / "to", NOW + timedelta(days=2))
    assert three.damaged == ()
    assert [verify_home(Home(one.path)).good for one in (one, two, three)] == [False, True, True]
    assert not verify_home(receiver.home).good
    restore(three.path, tmp_path / "again", NOW, "Lan")


def test_two_backups_in_one_second_are_two(receiver: Receiver, tmp_path: Path) -> None:
    paths = {make_backup(receiver.home, tmp_path / "to", NOW).path.name for _again in range(3)}
    assert paths == {f"kiosk-province-{NOW:%Y%m%d-%H%M%S}{more}" for more in ("", "-2", "-3")}


@pytest.mark.slow
def test_what_a_killed_backup_left_is_taken_away_and_what_another_works_at_is_not(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    """Half a backup has the province's keys in it."""
    receiver.send(world.bundles)
    to = tmp_path / "to"
    script = (
        "import os, sys; from pathlib import Path; from datetime import datetime, timezone\n"
        "from kiosk.province.backup.backup import make_backup; from kiosk.province.home import Home\n"
        "def stop(done, whole):\n"
        "    print('at work', flush=True)\n"
        "    sys.stdin.read(1)\n"
        "make_backup(Home(Path(sys.argv[1])), Path(sys.argv[2]), datetime.now(timezone.utc), progress=stop)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script, receiver.home.path, to], env=environment(),
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert child.stdout is not None and child.stdin is not None
    assert child.stdout.readline() == b"at work\n"
    [part] = to.iterdir()
    one = make_backup(receiver.home, to, NOW)
    assert set(to.iterdir()) == {part, one.path}, "somebody works there"
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    two = make_backup(receiver.home, to, NOW + timedelta(days=1))
    assert set(to.iterdir()) == {one.path, two.path}


@pytest.mark.slow
def test_a_restored_province_asks_again_and_a_station_that_keeps_its_days_closes_the_gap(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    """A model of a station: it keeps everything, and sends again what lies above the mark of a ledger that is new."""
    model = Model()
    for made in world.bundles:
        model.take(made)
    receiver.send(world.bundles[:150])
    backup = make_backup(receiver.home, tmp_path / "to", NOW)
    receiver.send(world.bundles[150:])
    old = receiver.intake.ledger.id
    shutil.rmtree(receiver.home.path)
    home, _backup = restore(backup.path, tmp_path / "again", NOW, "Lan")
    with receiving(home) as restored:
        asked = list[Made]()
        for site, station in sorted({(made.site, made.station) for made in world.bundles}):
            marks = marks_of(restored.intake.ledger, site, station, NOW)
            assert marks.ledger != old
            own = [made for made in world.bundles if (made.site, made.station) == (site, station)]
            asked += [made for made in own if made.sequence > marks.marks.get(made.epoch, 0)]
        assert len(asked) == len(world.bundles) - 150
        assert set(restored.send(asked)) == {"stored"}
        again = restored.intake.take([made.signed for made in world.bundles], NOW).receipts
        public = restored.intake.key.public
        ledgers = {receipt_in(public, text).ledger for text in again}
        assert ledgers == {restored.intake.ledger.id} and old not in ledgers, "also what it had before names it now"
        agrees(restored, model)
    figures_after(home, model)


def figures_after(home: Home, model: Model) -> None:
    lake_hash(home)
    figures_agree(home, model)


def test_without_keys_none_is_in_it(receiver: Receiver, world: World, tmp_path: Path) -> None:
    receiver.send(world.bundles[:20])
    backup = make_backup(receiver.home, tmp_path / "to", NOW, keys=False)
    secret = receiver.home.key.read_bytes().strip()
    assert not backup.keys and not (backup.path / "keys").exists()
    assert [path for path in backup.path.rglob("*") if path.is_file() and secret in path.read_bytes()] == []
    home, _backup = restore(backup.path, tmp_path / "new", NOW, "Lan")
    with pytest.raises(KioskError), receiving(home):
        pass
    shutil.copy(receiver.home.key, home.key)
    with receiving(home) as restored:
        assert restored.send(world.bundles[:20]) == ["duplicate"] * 20


def test_no_backup_knows_a_code_by_which_a_pc_could_still_join(receiver: Receiver, tmp_path: Path) -> None:
    with receiver.intake.ledger.writing() as db:
        code = make_code(db, "TH-001", "09", seconds(NOW), "Lan", "")
    assert code.secret.encode() in every_byte(receiver.home.path), "the control"
    backup = make_backup(receiver.home, tmp_path / "to", NOW)
    assert code.secret.encode() not in every_byte(backup.path) and code.find.encode() in every_byte(backup.path)
    assert verify_home(Home(backup.path)).good


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_its_files_are_for_its_owner_alone(receiver: Receiver, tmp_path: Path) -> None:
    backup = make_backup(receiver.home, tmp_path / "to", NOW)
    home, _backup = restore(backup.path, tmp_path / "new", NOW, "Lan")
    for folder in (backup.path, home.path):
        modes = {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))}
        assert modes == {0}


def test_a_damaged_backup_is_refused_before_anything_is_written(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    receiver.send(world.bundles[:100])
    dice = random.Random(3)
    good = make_backup(receiver.home, tmp_path / "to", NOW)
    for name in [*good.files, LISTING]:
        for harm in ("changed", "cut", "gone"):
            path = tmp_path / "bad"
            shutil.copytree(good.path, path)
            spoil(path / name, harm, dice)
            with pytest.raises(KioskError) as caught:
                restore(path, tmp_path / "new", NOW, "Lan")
            assert name in str(caught.value) and not (tmp_path / "new").exists(), (name, harm)
            shutil.rmtree(path)
    listing = json.loads((good.path / LISTING).read_text())
    listing["files"]["../outside"] = listing["files"].pop("province.toml")
    (good.path / LISTING).write_text(json.dumps(listing))
    with pytest.raises(DamagedError):
        restore(good.path, tmp_path / "new", NOW, "Lan")


def spoil(path: Path, harm: str, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    if harm == "gone":
        path.unlink()
        return
    if harm == "cut":
        del content[len(content) // 2 :]
    elif path.name == LISTING:
        content[content.index(b'"spec"') + 3] ^= 1
    else:
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.unlink()  # it may be shared with the archive
    path.write_bytes(content)


def test_nothing_is_restored_over_something(receiver: Receiver, tmp_path: Path) -> None:
    backup = make_backup(receiver.home, tmp_path / "to", NOW)
    with pytest.raises(RefusedError):
        restore(backup.path, receiver.home.path, NOW, "Lan")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "letter").touch()
    with pytest.raises(RefusedError):
        restore(backup.path, tmp_path / "new", NOW, "Lan")
    assert os.listdir(tmp_path / "new") == ["letter"]


@pytest.mark.slow
def test_a_restore_that_was_cut_off_is_no_home_and_is_done_again(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    receiver.send(world.bundles)
    backup = make_backup(receiver.home, tmp_path / "to", NOW)
    target = tmp_path / "new"
    cut = list[set[str]]()
    for after in (1, 2, 4, 7):
        script = (
            "import os, sys; from pathlib import Path; from datetime import datetime, timezone\n"
            "from kiosk.province.backup import restoring\n"
            "count, real = 0, restoring.copied\n"
            "def copied(*given):\n"
            "    global count; count += 1\n"
            "    if count == int(sys.argv[3]): os.kill(os.getpid(), 9)\n"
            "    return real(*given)\n"
            "restoring.copied = copied\n"
            "restoring.restore(Path(sys.argv[1]), Path(sys.argv[2]), datetime.now(timezone.utc), 'Lan')\n"
        )
        done = subprocess.run([sys.executable, "-c", script, backup.path, target, str(after)], env=environment())
        assert done.returncode == -9
        cut.append({path.name for path in target.rglob("*") if path.is_file()})
        with pytest.raises(KioskError):
            load(target)
    assert len({frozenset(names) for names in cut}) > 2
    home, _backup = restore(backup.path, target, NOW, "Lan")
    assert verify_home(home).good and not (target / ".restoring").exists()


@pytest.mark.slow
def test_two_restores_into_one_folder_do_not_meet(receiver: Receiver, world: World, tmp_path: Path) -> None:
    """The second would take what the first has written so far for the rest of one that was cut off."""
    receiver.send(world.bundles[:50])
    backup = make_backup(receiver.home, tmp_path / "to", NOW)
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, timezone\n"
        "from kiosk.province.backup import restoring\n"
        "real = restoring.copied\n"
        "def copied(*given):\n"
        "    print('at work', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    return real(*given)\n"
        "restoring.copied = copied\n"
        "restoring.restore(Path(sys.argv[1]), Path(sys.argv[2]), datetime.now(timezone.utc), 'Lan')\n"
    )
    words = [sys.executable, "-c", script, backup.path, tmp_path / "new"]
    with subprocess.Popen(words, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stdout.readline() == b"at work\n"
        with pytest.raises(RefusedError, match="something in"):
            restore(backup.path, tmp_path / "new", NOW, "Na")
        child.communicate(b"\n" * 50, timeout=60)
    assert child.returncode == 0 and verify_home(Home(tmp_path / "new")).good


@pytest.mark.slow
def test_a_full_disk_leaves_no_backup_at_all(receiver: Receiver, world: World, tmp_path: Path) -> None:
    receiver.send(world.bundles)
    to = tmp_path / "to"
    for limit in (1_000, 30_000, 60_000):
        script = (
            "import resource, signal, sys; from pathlib import Path; from datetime import datetime, timezone\n"
            "from kiosk.errors import KioskError; from kiosk.province.backup.backup import make_backup\n"
            "from kiosk.province.home import Home\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)\n"
            "try: make_backup(Home(Path(sys.argv[1])), Path(sys.argv[2]), datetime.now(timezone.utc))\n"
            "except KioskError as error: print('KioskError', error)\n"
        )
        done = subprocess.run([sys.executable, "-c", script, receiver.home.path, to, str(limit)], env=environment(),
                              capture_output=True, text=True)  # fmt: skip
        assert done.stdout.startswith("KioskError"), done
        assert os.listdir(to) == []


@pytest.mark.slow
def test_the_commands(receiver: Receiver, world: World, tmp_path: Path) -> None:
    receiver.send(world.bundles[:60])
    home, to = receiver.home.path, tmp_path / "to"
    made = kiosk("backup", "--home", home, "--to", to)
    assert made.returncode == 0 and "secret keys are in it" in made.stdout and "same disk" in made.stdout
    [backup] = to.iterdir()
    quiet = kiosk("backup", "--home", home, "--without-keys", "--json")
    assert json.loads(quiet.stdout)["keys"] is False
    back = kiosk("restore", backup, "--home", tmp_path / "new")
    assert back.returncode == 0 and "send again" in back.stdout and "revoked again" in back.stdout
    assert kiosk("restore", backup, "--home", tmp_path / "new").returncode == 4
    assert kiosk("restore", tmp_path, "--home", tmp_path / "newer").returncode == 1
    whole = kiosk("verify", "--home", tmp_path / "new")
    assert whole.returncode == 0 and "All is whole." in whole.stdout and "60 records" in whole.stdout
    assert kiosk("verify", "--backup", backup).returncode == 0
    segment = tmp_path / "new" / "archive" / "000001.seg"
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    damaged = kiosk("verify", "--home", tmp_path / "new")
    assert damaged.returncode == 5 and "000001.seg:" in damaged.stdout and "TH-" in damaged.stdout
    assert damaged.stderr.count("\n") == 1 and "Traceback" not in damaged.stderr
    told = json.loads(kiosk("verify", "--home", tmp_path / "new", "--without-lake", "--json").stdout)
    assert told["good"] is False and told["findings"][0]["what"] == "record"


@pytest.mark.slow
def test_who_restored_is_written_as_for_every_order(receiver: Receiver, tmp_path: Path) -> None:
    """Behind sudo the person; and a container's user that has no name is no reason to fail."""
    backup = make_backup(receiver.home, tmp_path / "to", NOW)
    assert kiosk("restore", backup.path, "--home", tmp_path / "new", SUDO_USER="lan").returncode == 0
    with sqlite3.connect(tmp_path / "new" / "ledger.db") as db:
        assert db.execute("SELECT who FROM deeds WHERE deed = 'restored'").fetchall() == [("lan",)]


def kiosk(*words: object, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kiosk", "province", *map(str, words)]
    return subprocess.run(command, env=environment() | more, capture_output=True, text=True, timeout=60)
