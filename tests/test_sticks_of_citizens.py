"""A citizen's USB stick: opened only during their session, saved to, made safe, and never a way into the PC."""

import os
import pwd
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.loop import Loop
from kiosk.settings import Paths, Site, Users
from kiosk.supervisor import layout, leftovers
from kiosk.supervisor.asked import Allowed, SticksPolicy
from kiosk.supervisor.children import Children
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.session.programs import Programs
from kiosk.supervisor.session.session import Session, SessionMaker
from kiosk.supervisor.session.wishes import Wishes
from kiosk.supervisor.sticks import plugged
from kiosk.supervisor.sticks.sticks import Sticks
from kiosk.supervisor.users import resolve
from tests import stick_stage
from tests.conftest import let_go
from tests.running import CITIZEN
from tests.station_processes import slowness

pytestmark = [pytest.mark.root, pytest.mark.slow]

MADE: list["Desk"] = []
CANARY = b"a letter to the authorities"


class Steps(Loop):
    """The supervisor's loop, in steps."""

    _running: bool

    def step(self) -> None:
        """A little while of it."""
        self._running = True
        self.after(0.02, self.stop)
        self.run(lambda: None)


class Desk:
    """The supervisor's own parts around a session without programs; `told` is what the service would hear last."""

    def __init__(self, home: Path, **policy: bool) -> None:
        self.paths, self.loop, self.slots = Paths(home), Steps(), home.parent / "slots"
        self.slots.mkdir(exist_ok=True)
        os.environ["KIOSK_STICKS"] = f"{self.slots}/*"
        people = resolve(Users(citizen=CITIZEN))
        self.owner = pwd.getpwnam(CITIZEN)
        layout.prepare(self.paths, people)
        display = {"DISPLAY": ":0"}
        self.maker = SessionMaker(self.paths, Site(), people.citizen, Programs.from_policy({}), display, 256, 0)
        children = Children(self.paths, people, display, sys.stderr.fileno())
        self.keeper = Keeper(children, self.maker, self.loop, self._hear)
        self.told: list[dict[str, Any]] = []
        self.chores = Chores(self.keeper)
        self.sticks = Sticks(self.keeper, self.chores, Allowed(SticksPolicy(**policy)), self._hear)
        MADE.append(self)
        self._look()

    def _hear(self, verb: str, **fields: Any) -> bool:
        if verb == "sticks":
            self.told = fields["sticks"]
        return True

    def _look(self) -> None:
        self.sticks.look()
        self.loop.after(0.1, self._look)

    def until(self, condition: Callable[[], object], seconds: float = 15.0) -> None:
        """Let the supervisor work until something is so."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"{self.told}"
            self.loop.step()

    def for_a_while(self, seconds: float = 0.6) -> None:
        """Let it work on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.loop.step()

    def begin(self) -> Session:
        """A citizen sits down."""
        session = self.keeper.session = self.maker.make(os.urandom(4).hex(), Wishes("en"))
        session.prepare()
        return session

    def end(self) -> float:
        """They are sent away; after how many seconds the sticks had left."""
        session, self.keeper.session = self.keeper.session, None
        assert session is not None
        session.kill()
        came: list[float] = []
        begun = time.monotonic()
        self.sticks.leave(lambda: came.append(time.monotonic() - begun))
        self.until(lambda: came)
        leftovers.wipe(self.maker, session.room)
        session.room = None
        return came[0]

    def write(self, name: str, text: bytes = CANARY) -> Path:
        """A file of the citizen's."""
        path = self.paths.citizen_home / name
        for folder in reversed([one for one in path.parents if self.paths.citizen_home in one.parents]):
            if not folder.exists():
                folder.mkdir()
                os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
        path.write_bytes(text)
        os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        return path

    def state(self) -> str:
        """Of the one stick that is told of."""
        return str(self.told[0]["state"]) if len(self.told) == 1 else f"{len(self.told)} sticks"

    def has_mounts(self) -> bool:
        """Whether a stick of this station is mounted for it; other tests have theirs."""
        return f" {self.maker.paths.sticks}/" in Path("/proc/self/mounts").read_text(encoding="utf-8")

    def in_the_room(self, script: str) -> subprocess.CompletedProcess[str]:
        """A command as a program of the session would run it."""
        session = self.keeper.session
        assert session is not None
        room = [f"--mount=/proc/{os.getpid()}/fd/{session.room}"] if session.room is not None else []
        return subprocess.run(
            ["nsenter", *room, "setpriv", f"--reuid={self.owner.pw_uid}", f"--regid={self.owner.pw_gid}",
             "--clear-groups", "sh", "-c", script],
            capture_output=True, text=True, timeout=20,
        )  # fmt: skip

    def image(self, megabytes: int = 16) -> Path:
        """A new stick of the citizen's."""
        path = self.slots.parent / f"stick-{os.urandom(3).hex()}.img"
        return stick_stage.image(path, (self.owner.pw_uid, self.owner.pw_gid), megabytes)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kiosk-sticks-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder, "home")
        let_go(Path(folder))
        os.environ.pop("KIOSK_STICKS", None)
        while MADE:
            desk = MADE.pop()
            desk.loop.close()
            if desk.keeper.session is not None:
                desk.keeper.session.leave_room()


def _on(stick: Path, where: Path) -> dict[str, bytes]:
    """The files of a stick by name, read as a PC at home would."""
    with stick_stage.opened(stick, where) as root:
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_stick_is_opened_saved_to_and_made_safe(home: Path) -> None:
    desk = Desk(home)
    stick = desk.image()
    with stick_stage.plugged(stick, desk.slots / "a") as device:
        desk.for_a_while()
        assert desk.told == [], "nobody sits here: nothing is opened"
        desk.begin()
        desk.write("Documents/letter.odt")
        desk.write("Documents/old/2025:report?.txt", b"2")
        desk.write("Downloads/form.pdf", b"3" * 3_000_000)
        desk.write("Downloads/half.crdownload", b"no")
        desk.write(".browser/Default/History", b"no")
        (desk.paths.citizen_home / "Documents/link").symlink_to("/etc/passwd")
        os.mkfifo(desk.paths.citizen_home / "Documents/pipe")
        desk.until(lambda: desk.state() == "ready")
        assert desk.told[0]["label"] == f"USB {stick_stage.LABEL}" and 5 < desk.told[0]["free_mb"] < 16
        seen = desk.in_the_room("cat /proc/self/mounts; ls /media; echo hi > '/media/USB HOA SEN/mine' && echo kept")
        assert "kept" in seen.stdout, seen
        line = next(
            line for line in seen.stdout.splitlines() if "HOA" in line and " ext4 " in line and " /media" in line
        )
        assert {"nosuid", "nodev", "noexec"} <= set(line.split()[3].split(","))
        named: list[str] = []
        for _time in range(2):
            desk.sticks.save(desk.keeper.session, desk.told[0]["id"])  # type: ignore[arg-type]
            desk.until(lambda: desk.state() == "saving")
            desk.until(lambda: desk.state() != "saving")
            assert desk.state() == "saved", desk.told
            named.append(desk.told[0]["detail"])
        desk.sticks.eject(desk.keeper.session, desk.told[0]["id"])  # type: ignore[arg-type]
        desk.until(lambda: desk.state() == "ejected")
        assert plugged.mounted(_number(device), desk.paths.sticks) is None
        desk.for_a_while()
        assert desk.state() == "ejected", "not opened again as long as it is in"
        found = _on(stick, home.parent / "at home")
        folders = sorted({name.partition("/")[0] for name in found} - {"mine"})
        assert len(folders) == 2 and folders[0].startswith("My files 20") and folders[1] == f"{folders[0]} (2)"
        assert named == folders, "the citizen is told where their files are"
        names = sorted(name.partition("/")[2] for name in found if name.startswith(f"{folders[0]}/"))
        assert names == ["Documents/letter.odt", "Documents/old/2025_report_.txt", "Downloads/form.pdf"]
        assert found[f"{folders[0]}/Documents/letter.odt"] == CANARY
        desk.end()


def test_a_forgotten_stick_is_synced_and_never_opened_for_the_next_one(home: Path) -> None:
    desk = Desk(home)
    stick = desk.image()
    with stick_stage.plugged(stick, desk.slots / "a"):
        desk.begin()
        desk.until(lambda: desk.state() == "ready")
        assert desk.in_the_room("printf kept > '/media/USB HOA SEN/mine'").returncode == 0
        took = desk.end()
        print(f"\nsynced and unmounted in {took * 1000:.0f} ms")
        assert desk.told == [] and took < 2.5 * slowness()
        assert _on(stick, home.parent / "at home") == {"mine": b"kept"}
        desk.begin()
        desk.for_a_while()
        assert desk.told == [], "the next citizen does not see it"
        assert desk.in_the_room("ls /media").stdout == ""
        # Nor does a new supervisor open it.
        again = Desk(home)
        again.keeper.session = desk.keeper.session
        again.for_a_while()
        assert again.told == []
    desk.for_a_while()
    with stick_stage.plugged(stick, desk.slots / "a"):
        desk.until(lambda: desk.state() == "ready")
        desk.end()


def test_what_goes_wrong_is_said_and_nothing_is_written_over(home: Path) -> None:
    desk = Desk(home)
    stick = desk.image(64)
    with stick_stage.plugged(stick, desk.slots / "a") as device:
        session = desk.begin()
        desk.until(lambda: desk.state() == "ready")
        name = desk.told[0]["id"]
        for size, word in ((None, "nothing"), (70 << 20, "full")):
            if size:
                desk.write("Documents/film", b"x" * size)
            desk.sticks.save(session, name)
            desk.until(lambda: desk.state() == "trouble")
            assert desk.told[0]["detail"] == word
        desk.write("Documents/film", b"x" * (50 << 20))
        desk.sticks.save(session, name)
        (desk.slots / "a").unlink()  # pulled out in the middle
        desk.until(lambda: desk.told and desk.told[0]["detail"] == "pulled")
        desk.until(lambda: plugged.mounted(_number(device), desk.paths.sticks) is None)
        desk.until(lambda: desk.in_the_room("ls /media").stdout == "")
        desk.end()


def _number(device: str) -> str:
    return Path("/sys/class/block", os.path.basename(device), "dev").read_text(encoding="ascii").strip()


def test_a_damaged_stick_and_one_without_files_are_trouble_and_no_more(home: Path) -> None:
    desk = Desk(home)
    empty = desk.slots.parent / "empty.img"
    empty.write_bytes(os.urandom(1 << 20))
    broken = desk.image()
    with broken.open("r+b") as file:  # the magic number stays, what it promises does not
        file.seek(1024 + 104)
        file.write(b"\xff" * 200)
    desk.begin()
    for path in (empty, broken):
        with stick_stage.plugged(path, desk.slots / path.name):
            desk.until(lambda: desk.state() == "trouble")
            assert desk.told[0]["detail"] in ("unknown", "unreadable")
        desk.until(lambda: desk.told == [])
    desk.end()


def test_links_and_devices_on_a_stick_lead_nowhere(home: Path) -> None:
    desk = Desk(home)
    stick = desk.image()
    secret = home.parent / "root's own"
    secret.write_text("root", encoding="utf-8")
    secret.chmod(0o600)
    with stick_stage.opened(stick, home.parent / "at home") as root:
        (root / "to root").symlink_to(secret)
        shell = root / "shell"
        shell.write_bytes(Path("/bin/sh").read_bytes())
        shell.chmod(0o4755)
        os.mknod(root / "memory", 0o20666, os.makedev(1, 3))
        stamp = time.strftime("%Y")
        for name in (f"My files {stamp}", "My files"):
            (root / name).symlink_to(secret.parent)
    with stick_stage.plugged(stick, desk.slots / "a"):
        session = desk.begin()
        desk.write("Documents/letter.odt")
        desk.until(lambda: desk.state() == "ready")
        for script in (
            "cat '/media/USB HOA SEN/to root'",
            "'/media/USB HOA SEN/shell' -c true",
            "head -c1 '/media/USB HOA SEN/memory'",
        ):
            assert desk.in_the_room(script).returncode != 0, script
        # The citizen lays a link where a document should be, and one in place of a folder.
        documents = desk.paths.citizen_home / "Documents"
        (documents / "theirs").symlink_to(secret)
        (desk.paths.citizen_home / "Pictures").symlink_to(secret.parent)
        desk.sticks.save(session, desk.told[0]["id"])
        desk.until(lambda: desk.state() == "saved")
        desk.end()
    assert secret.read_text(encoding="utf-8") == "root"
    found = [name for name in _on(stick, home.parent / "at home") if "letter" in name or "theirs" in name]
    assert [name.rpartition("/")[2] for name in found] == ["letter.odt"]


def test_policy_may_close_sticks(home: Path) -> None:
    desk = Desk(home, allowed=False)
    with stick_stage.plugged(desk.image(), desk.slots / "a"):
        desk.begin()
        desk.for_a_while(1.5)
        assert desk.told == [] and desk.in_the_room("ls /media").stdout == ""
        desk.end()


def test_policy_may_leave_sticks_for_reading_only(home: Path) -> None:
    desk = Desk(home, read_only=True)
    with stick_stage.plugged(desk.image(), desk.slots / "a"):
        session = desk.begin()
        desk.write("Documents/letter.odt")
        desk.until(lambda: desk.state() == "ready")
        assert desk.in_the_room("ls '/media/USB HOA SEN'").returncode == 0
        assert desk.in_the_room("echo > '/media/USB HOA SEN/x'").returncode != 0
        desk.sticks.save(session, desk.told[0]["id"])
        desk.until(lambda: desk.state() == "trouble")
        assert desk.told[0]["detail"] == "policy"
        desk.end()


def test_an_end_waits_only_a_little_for_a_stick_that_hangs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(home)
    with stick_stage.plugged(desk.image(), desk.slots / "a"):
        desk.begin()
        desk.until(lambda: desk.state() == "ready")
        # A kernel that waits for a stick cannot be made to order; a sync that never comes back stands for it.
        monkeypatch.setattr("kiosk.supervisor.sticks.work.close_sticks", lambda _places: time.sleep(60))
        took = desk.end()
        print(f"\nleft after {took:.2f} s")
        assert 1.5 < took < 2.0 + slowness()
        desk.until(lambda: not desk.has_mounts())


def test_stopping_waits_only_a_little_for_a_stick_that_hangs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(home)
    stick = desk.image()
    with stick_stage.plugged(stick, desk.slots / "a"):
        for hangs in (False, True):
            desk.told = []
            session = desk.begin()
            desk.until(lambda: desk.state() == "ready")
            assert desk.in_the_room("printf kept > '/media/USB HOA SEN/mine'").returncode == 0
            assert desk.has_mounts(), "the control"
            if hangs:
                monkeypatch.setattr("kiosk.supervisor.sticks.work.close_sticks", lambda _places: time.sleep(60))
            begun = time.monotonic()
            assert leftovers.let_go_of_sticks(desk.maker) is not hangs
            took = time.monotonic() - begun
            assert took < 30 and (not hangs or took > 1.5), took  # it would hang for 60
            assert not desk.has_mounts()
            session.kill()
            session.leave_room()
            leftovers.wipe(desk.maker)
            desk.keeper.session, desk.sticks = None, Sticks(desk.keeper, desk.chores, Allowed(), desk._hear)
            assert hangs or _on(stick, home.parent / "at home") == {"mine": b"kept"}
