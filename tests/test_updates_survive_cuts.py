"""An update cut anywhere leaves the old library or the new one, and the next one goes on from what came.

Cut: by the server at every end of a file and at 200 random bytes, by a stick that is pulled out, by kill -9 at every
single step towards the disk, and, as far as it can be seen without cutting the power, by a power failure: nothing is
put in its place before it was flushed.
"""

import errno
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pack_support import pack, pages
from tree_server import Served, served
from tree_stage import PAGE, Province, Station

from kiosk.content import shipped
from kiosk.content.imports import add
from kiosk.content.shelves import Shelves
from kiosk.content.updates.going_back import roll_back
from kiosk.content.updates.refusals import Interrupted
from kiosk.content.updates.sources import Cut, Folder, Opened
from kiosk.content.updates.take_shipped import bring
from kiosk.errors import DamagedError, KioskError
from scripts.starter.sign import sign
from tests.tries import tries

SEED, CUTS, PARTS, KILLS = 20_261_122, tries(200), 4, 25
OLD = {f"n{n}": PAGE.format(n, "lúa") for n in range(4)}
NEW = {**OLD, "n1": PAGE.format(1, "ngô"), "n2": PAGE.format(2, "khoai"), "n9": PAGE.format(9, "sắn")}
FILM = random.Random(SEED).randbytes(150_000)


class Scene:
    """A station that has edition 1, as often as it is wanted, and a province that has published edition 2."""

    def __init__(self, folder: Path) -> None:
        self.province, self._kept, self._home = Province(folder / "province"), folder / "kept", folder / "station"
        self.province.pack("farm", OLD)
        self.province.publish()
        station = Station(self._kept, self.province)
        station.update(self.province.out)
        self.old = station.titles()
        self.province.pack("farm", NEW, {"film.bin": FILM})
        self.province.publish()
        station = self.station()
        with served(self.province.out) as web:
            self.moved = station.update(web.address).moved
            self.ends, self.all = web.ends, web.sent
        self.new = station.titles()
        assert len(self.old) == 4 and len(self.new) == 5 and self.moved > 150_000

    def station(self) -> Station:
        """With edition 1, and nothing fetched of edition 2."""
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.copytree(self._kept, self._home, symlinks=True)
        return Station(self._home)

    def unharmed(self, station: Station) -> str:
        """Which of the two the library is; it is whole in any case."""
        titles = station.titles()
        assert titles in (self.old, self.new) and station.faults() == []
        return "old" if titles == self.old else "new"

    def finishes(self, station: Station, source: Any) -> int:
        """The next update brings the new library; how many bytes it fetched."""
        moved = station.update(source).moved
        assert station.titles() == self.new and station.faults() == [] and station.left() == []
        return moved


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """In memory where there is such a place: hundreds of updates, each with dozens of flushes."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Scene(Path(folder))


def cut_at(scene: Scene, web: Served, place: int) -> None:
    """The server goes away after so many bytes of the whole update, and comes back later."""
    station, web.budget, web.sent = scene.station(), place, 0
    with pytest.raises(Interrupted) as told:
        station.update(web.address)
    assert told.value.hint and scene.unharmed(station) == "old"
    parts = [path for path in (station.shelves.root / "arriving").iterdir() if path.is_file()]
    have = sum(path.stat().st_size for path in parts)
    web.budget = None
    assert scene.finishes(station, web.address) == scene.moved - have, "what came before the cut was fetched again"


@pytest.mark.slow
def test_cut_at_the_end_of_every_file(scene: Scene) -> None:
    with served(scene.province.out) as web:
        for place in [0, *scene.ends[:-1]]:
            cut_at(scene, web, place)
        assert len(scene.ends) >= 9
    print(f"{len(scene.ends)} places between files")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_cut_at_two_hundred_random_bytes(scene: Scene, part: int) -> None:
    dice = random.Random(SEED + part)
    # Half of them among the small files, where most borders are; else the film would take nearly all.
    small = [dice.randrange(scene.ends[4]) for _ in range(CUTS // PARTS // 2)]
    places = small + [dice.randrange(scene.all) for _ in range(CUTS // PARTS - len(small))]
    with served(scene.province.out) as web:
        for place in places:
            cut_at(scene, web, place)
        assert web.ranges, "nothing was ever resumed"
        print(f"seed {SEED + part}: {len(places)} cuts of {scene.all} bytes, {len(web.ranges)} resumed inside a file")


def test_a_server_that_knows_no_ranges_sends_all_of_it_again(scene: Scene) -> None:
    with served(scene.province.out) as web:
        web.ranged, web.budget, station = False, scene.all - 50_000, scene.station()
        with pytest.raises(Interrupted):
            station.update(web.address)
        web.budget = None
        assert scene.finishes(station, web.address) >= len(FILM) and web.ranges == []


def test_a_line_that_is_cut_again_and_again_brings_it_in_one_update(scene: Scene) -> None:
    with served(scene.province.out) as web:
        web.lame = 20_000
        station = scene.station()
        made = station.update(web.address)
        assert made.cuts >= 7 and made.moved == scene.moved and station.titles() == scene.new


def test_what_was_kept_of_another_file_is_not_believed(scene: Scene) -> None:
    station = scene.station()
    arriving = station.shelves.root / "arriving"
    arriving.mkdir(exist_ok=True)
    names = {path.name for path in (scene.province.out / "objects").glob("??/*")}
    for name in names:
        (arriving / f"{name}.part").write_bytes(b"x" * 100)
        (arriving / name).write_bytes(b"y" * 100)
    scene.finishes(station, scene.province.out)


class Pulled(Folder):
    """A stick that is pulled out after so many bytes."""

    def __init__(self, root: Path, budget: int) -> None:
        super().__init__(root)
        self._budget = budget

    @contextmanager
    def open(self, place: str, start: int = 0) -> Iterator[Opened]:
        if self._budget <= 0:
            raise Cut("gone")
        with super().open(place, start) as (begun, chunks):
            yield begun, self._until(chunks)

    def _until(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            allowed, self._budget = chunk[: self._budget], self._budget - len(chunk)
            yield allowed
            if self._budget <= 0:
                raise Cut("gone")


@pytest.mark.slow
def test_a_stick_that_is_pulled_out(scene: Scene) -> None:
    dice = random.Random(SEED + 1)
    for place in [*scene.ends[:-1], *(dice.randrange(scene.all) for _ in range(20))]:
        station = scene.station()
        with pytest.raises(Interrupted):
            station.update(Pulled(scene.province.out, place))
        assert scene.unharmed(station) == "old"
        scene.finishes(station, scene.province.out)


def test_a_stick_that_was_copied_in_part(scene: Scene, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(scene.province.out, stick)
    victim = max((path for path in stick.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:70_000])
    station = scene.station()
    with pytest.raises((Interrupted, DamagedError)):
        station.update(stick)
    assert scene.unharmed(station) == "old"
    victim.unlink()
    with pytest.raises(DamagedError, match="missing|thiếu"):
        station.update(stick)
    assert scene.unharmed(station) == "old"
    assert scene.finishes(station, scene.province.out) < 90_000, "the good half was not used"


STEPS = ("fsync", "replace", "rename", "unlink", "mkdir", "symlink")


def in_a_child(work: Callable[[], object], die_at: int, after: float = 0.0) -> bool:
    """`work` in a process that is killed at its n-th step towards the disk, or after so long; whether it lived."""
    child = os.fork()
    if child == 0:
        try:
            count = 0

            def counted(real: Any) -> Any:
                def call(*words: Any, **named: Any) -> Any:
                    nonlocal count
                    count += 1
                    if count == die_at:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*words, **named)

                return call

            for name in STEPS:
                setattr(os, name, counted(getattr(os, name)))
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the update itself failed"
    return not os.WIFSIGNALED(status)


@pytest.mark.slow
def test_kill_9_at_every_step_towards_the_disk(scene: Scene) -> None:
    seen = {"old": 0, "new": 0}
    for step in range(1, 500):
        station = scene.station()
        lived = in_a_child(partial(station.update, scene.province.out), step)
        seen[scene.unharmed(station)] += 1
        scene.finishes(station, scene.province.out)
        if lived:
            break
    print(f"killed at each of {step - 1} steps: {seen}")
    assert lived and seen["old"] > 20 and seen["new"] > 1


@pytest.mark.slow
def test_kill_9_at_random_moments(scene: Scene) -> None:
    dice, seen = random.Random(SEED), {"old": 0, "new": 0}
    begun = time.monotonic()
    in_a_child(partial(scene.station().update, scene.province.out), 0)
    whole = time.monotonic() - begun
    for _kill in range(KILLS):
        station = scene.station()
        in_a_child(partial(station.update, scene.province.out), 0, dice.uniform(0.001, whole * 1.3))
        seen[scene.unharmed(station)] += 1
        scene.finishes(station, scene.province.out)
    print(f"seed {SEED}: {KILLS} kills within {whole * 1.3:.2f} s: {seen}")
    assert seen["old"] > 0


@pytest.mark.slow
def test_kill_9_while_staff_go_back(scene: Scene) -> None:
    """The same for the way back: it is the library before or the one after."""
    seen = {"old": 0, "new": 0}
    for step in range(1, 100):
        station = scene.station()
        station.update(scene.province.out)
        lived = in_a_child(partial(roll_back, station.shelves), step)
        seen[scene.unharmed(station)] += 1
        if lived:
            break
    print(f"killed at each of {step - 1} steps: {seen}")
    assert lived and seen["new"] > 5 and seen["old"] > 1


@pytest.mark.slow
def test_kill_9_while_the_guides_of_the_program_come_in(scene: Scene, tmp_path: Path) -> None:
    """Over a library that has them unsigned, from a version before: those, or the signed ones; then all of them."""
    manifest, files = pages("guides", {"ga": "Nuôi gà\nChuồng khô."})
    add(Shelves(tmp_path / "kept" / "content"), pack(tmp_path / "guides", manifest, files), "2026-11-20")
    manifest, files = pages("guides", {"ga": "Nuôi gà\nChuồng khô.", "meo": "Nuôi mèo\nBắt chuột."})
    folder, root, seen = pack(tmp_path / "guides", manifest, files), tmp_path / "root.json", {1: 0, 2: 0}
    sign(folder, root)
    for step in range(1, 200):
        home = tmp_path / str(step)
        shutil.copytree(tmp_path / "kept", home, symlinks=True)
        station = Station(home)
        lived = in_a_child(partial(bring, station.shelves, folder, "2026-11-22", root), step)
        seen[len(station.titles())] += 1
        assert station.faults() == []
        if shipped.due(station.shelves, folder):
            bring(station.shelves, folder, "2026-11-22", root)
        assert len(station.titles()) == 2 and station.faults() == [] and not shipped.due(station.shelves, folder)
        if lived:
            break
    print(f"killed at each of {step - 1} steps: {seen}")
    assert lived and seen[1] > 10 and seen[2] > 1


class Disk:
    """Watches what is flushed and what is renamed, in order."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.flushed: set[tuple[int, int]] = set()
        self.events: list[tuple[str, str]] = []
        real = {name: getattr(os, name) for name in ("fsync", "replace", "rename")}

        def fsync(handle: int) -> None:
            real["fsync"](handle)
            info = os.fstat(handle)
            self.flushed.add((info.st_dev, info.st_ino))
            self.events.append(("flush", os.readlink(f"/proc/self/fd/{handle}")))

        def moved(name: str) -> Any:
            def call(source: Any, target: Any) -> None:
                info = os.lstat(source)
                clean = (info.st_dev, info.st_ino) in self.flushed
                real[name](source, target)
                self.events.append(
                    (
                        "put" if clean else "put unflushed",
                        os.path.realpath(os.path.dirname(target)) + "/" + os.path.basename(target),
                    )
                )

            return call

        patch.setattr(os, "fsync", fsync)
        for name in ("replace", "rename"):
            patch.setattr(os, name, moved(name))


# What may be lost in a power cut: words for the panel, what is still arriving, the link (a name, no content).
MAY_BE_LOST = ("/update.json", "/arriving/", "/content/current")


def test_nothing_stands_in_its_place_before_it_is_on_the_disk(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    station = scene.station()
    disk = Disk(monkeypatch)
    station.update(scene.province.out)
    monkeypatch.undo()
    events = disk.events
    switch = next(place for place, (what, path) in enumerate(events) if path.endswith("/content/current"))
    put = [(place, path) for place, (what, path) in enumerate(events) if what.startswith("put")]
    wrong = [path for what, path in events if what == "put unflushed" and not any(one in path for one in MAY_BE_LOST)]
    assert wrong == []
    for place, path in put:
        if any(one in path for one in MAY_BE_LOST):
            continue
        folder = os.path.dirname(path)
        after = [
            where for where, (what, name) in enumerate(events) if what == "flush" and name == folder and where > place
        ]
        assert after, f"{path} may be gone after a power cut"
        assert after[0] < switch or "/given/" in path, f"{path} is flushed only after the library was switched"
    objects = [path for _place, path in put if "/objects/" in path]
    assert len(objects) >= 4 and any("/trust/metadata/timestamp.json" in path for _place, path in put)
    flushed = [name for what, name in events[:switch] if what == "flush"]
    assert any(name.endswith("search.db") for name in flushed) and any(
        name.endswith("catalogue.json") for name in flushed
    )
    assert any(name.endswith("tree.json") for name in flushed), "the edition would not be remembered"
    assert [name for what, name in events[switch:] if what == "flush"][0].endswith("/content"), "the link itself"


def test_the_watcher_of_the_disk_sees_what_is_not_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    (tmp_path / "a").write_text("x")
    os.replace(tmp_path / "a", tmp_path / "b")
    assert disk.events == [("put unflushed", str(tmp_path / "b"))]


def test_a_full_disk_leaves_the_old_library(scene: Scene) -> None:
    for wanted in range(2, 30, 3):
        station = scene.station()
        with pytest.MonkeyPatch.context() as patch:
            full = Full(wanted)
            patch.setattr(os, "replace", full)
            if wanted < 20:
                with pytest.raises(KioskError, match="room|chỗ"):
                    station.update(scene.province.out)
        scene.unharmed(station)
        scene.finishes(station, scene.province.out)


class Full:
    """A disk that takes no more from the n-th rename on."""

    def __init__(self, wanted: int) -> None:
        self._left, self._real = wanted, os.replace

    def __call__(self, source: Any, target: Any) -> None:
        self._left -= 1
        if self._left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._real(source, target)
