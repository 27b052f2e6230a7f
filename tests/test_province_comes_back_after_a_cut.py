"""Cut off at any point, a province comes back: torn records are cut, whole ones adopted, no receipt is without bytes.

The cuts are made in the files themselves: of the segment at every kind of byte, of the ledger's log at every frame.
"""

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.errors import DamagedError, KioskError
from kiosk.export.batch import signed
from kiosk.province.home import Home
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.records import HEAD, Place
from tests.province_attacks import with_head
from tests.province_current import current
from tests.province_home import agrees, new_home, receiving
from tests.province_model import Model
from tests.province_world import CALM, Made, World
from tests.tries import some

FRAME = 4096 + 24  # of the log: a page and its head
LOG_HEAD = 32


@dataclass
class Scene:
    """A home as it was after the first bundles and after all; `ends`: where each later record ends."""

    world: World
    early: Path
    late: Path
    first: int
    ends: list[int]
    state: str

    @property
    def later(self) -> list[Made]:
        return self.world.bundles[4:]

    def cut_to(self, size: int, path: Path) -> Home:
        """The ledger as it was early, the segment as it was late but for what stands behind `size`."""
        home = Home(shutil.copytree(self.early, path))
        (home.archive / SEGMENT).write_bytes((self.late / "archive" / SEGMENT).read_bytes()[:size])
        return home


SEGMENT = "000001.seg"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("cut")
    world = World(8, sites=2, stations=1, days=5, troubles=CALM)
    home = new_home(folder / "home", world.keys)
    with receiving(home) as receiver:
        receiver.send(world.bundles[:4])
    shutil.copytree(home.path, folder / "early")
    with receiving(home) as receiver:
        first = (home.archive / SEGMENT).stat().st_size
        receiver.send(world.bundles[4:])
        ends = [record.next.offset for record in receiver.intake.archive.records(Place(1, first))]
        state = receiver.state()
    return Scene(world, folder / "early", home.path, first, ends, state)


@pytest.mark.slow
def test_a_segment_cut_anywhere_gives_the_whole_records_and_then_all(scene: Scene, tmp_path: Path) -> None:
    near = {end + by for end in [scene.first, *scene.ends] for by in (-1, 0, 1, HEAD.size - 1, HEAD.size, 200)}
    cuts = sorted({*near, *range(scene.first, scene.ends[-1], 97)} & set(range(scene.first, scene.ends[-1] + 1)))
    tried = 0
    for cut in some(cuts):
        home = scene.cut_to(cut, tmp_path / str(cut))
        model = Model()
        whole = sum(end <= cut for end in scene.ends)
        for made in scene.world.bundles[: 4 + whole]:
            model.take(made)
        with receiving(home) as receiver:
            agrees(receiver, model)
            assert (home.archive / SEGMENT).stat().st_size == [scene.first, *scene.ends][whole]
            assert receiver.send(scene.later) == ["duplicate"] * whole + ["stored"] * (len(scene.later) - whole)
            assert receiver.state() == scene.state
        shutil.rmtree(home.path)
        tried += 1
    print(f"{tried} cuts of a segment of {scene.ends[-1]} bytes")


@pytest.mark.slow
def test_a_byte_that_did_not_reach_the_disk_ends_what_is_adopted(scene: Scene, tmp_path: Path) -> None:
    for place in some(range(scene.first, scene.ends[-1], 131)):
        home = scene.cut_to(scene.ends[-1], tmp_path / str(place))
        content = bytearray((home.archive / SEGMENT).read_bytes())
        content[place] ^= 0xFF
        (home.archive / SEGMENT).write_bytes(content)
        whole = sum(end <= place for end in scene.ends)
        with receiving(home) as receiver:
            assert receiver.send(scene.later) == ["duplicate"] * whole + ["stored"] * (len(scene.later) - whole)
            assert receiver.state() == scene.state
        shutil.rmtree(home.path)


@pytest.mark.slow
def test_a_ledger_whose_log_lost_its_end_gets_it_again_from_the_archive(tmp_path: Path) -> None:
    """Every frame of the log as the last one that is left: what the ledger forgot, the archive still says."""
    world = World(8, sites=2, stations=1, days=5, troubles=CALM)
    home = new_home(tmp_path / "home", world.keys)
    with receiving(home) as receiver:
        for made in world.bundles:
            receiver.send([made, signed(made.key, with_head(made, day="2090-01-01", software="x", revision=9))])
        state = receiver.state()
        running = shutil.copytree(home.path, tmp_path / "running")  # as a crash leaves it: the log is not emptied
    log = (running / "ledger.db-wal").read_bytes()
    frames = (len(log) - LOG_HEAD) // FRAME
    assert frames > 20
    for number in some(range(frames)):
        left = Home(shutil.copytree(running, tmp_path / "left"))
        (left.path / "ledger.db-shm").unlink()
        (left.path / "ledger.db-wal").write_bytes(log[: LOG_HEAD + number * FRAME + (0, 1, 1000)[number % 3]])
        with receiving(left) as receiver:
            assert receiver.state() == state
            assert set(receiver.send(world.bundles)) == {"duplicate"}
        shutil.rmtree(left.path)
    print(f"{frames} cuts of a log of {frames} frames")


def test_a_row_without_its_bytes_is_never_believed(scene: Scene, tmp_path: Path) -> None:
    home = Home(shutil.copytree(scene.late, tmp_path / "home"))
    content = (home.archive / SEGMENT).read_bytes()
    (home.archive / SEGMENT).write_bytes(content[:-1])
    with pytest.raises(DamagedError, match="000001.seg"), receiving(home):
        pass
    (home.archive / SEGMENT).unlink()
    with pytest.raises(DamagedError), receiving(home):
        pass
    (home.archive / SEGMENT).write_bytes(content)
    with receiving(home) as receiver:
        assert receiver.state() == scene.state


def test_a_receipt_is_of_bytes_that_are_there_whatever_was_cut(scene: Scene, tmp_path: Path) -> None:
    home = scene.cut_to(scene.ends[1] + 5, tmp_path / "home")
    with receiving(home) as receiver:
        with receiver.intake.ledger.reading() as db:
            rows = db.execute("SELECT sha256, place FROM bundles").fetchall()
        assert len(rows) == 6
        for digest, place in rows:
            assert receiver.intake.archive.read(Place.of(place)).sha256 == digest.hex()


def test_a_ledger_that_is_no_database_is_told_and_left_alone(scene: Scene, tmp_path: Path) -> None:
    home = Home(shutil.copytree(scene.late, tmp_path / "home"))
    home.ledger.write_bytes(b"hello" * 1000)
    with pytest.raises(DamagedError, match="damaged"):
        Ledger(home)
    assert home.ledger.read_bytes() == b"hello" * 1000


def test_a_ledger_that_somebody_holds_is_no_fault_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An officer looks at it with a tool of their own, and forgets it inside a transaction."""
    world = World(12, sites=1, stations=1, days=2, troubles=CALM)
    monkeypatch.setattr("kiosk.province.memory.ledger.BUSY_SECONDS", 0.1)
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        tool = sqlite3.connect(receiver.home.ledger, isolation_level=None)
        tool.execute("BEGIN IMMEDIATE")
        with pytest.raises(KioskError, match="Another program holds"):
            receiver.send(world.bundles[:1])
        tool.execute("ROLLBACK")
        tool.close()
        assert receiver.send(world.bundles[:1]) == ["duplicate"], "it was on the disk, and is judged now"


def test_others_read_while_it_writes_and_cannot_write(scene: Scene, tmp_path: Path) -> None:
    home = Home(shutil.copytree(scene.early, tmp_path / "home"))
    with receiving(home) as receiver:
        reader = Ledger.read_only(home)
        with reader.reading() as db:
            db.execute("BEGIN")
            before = [one.sha256 for one in current(reader)]
            receiver.send(scene.later)
            assert [one.sha256 for one in current(reader)] == before
            db.execute("ROLLBACK")
        assert len(list(current(reader))) > len(before)
        with pytest.raises(KioskError), reader.reading() as db:
            db.execute("DELETE FROM bundles")
        reader.close()
