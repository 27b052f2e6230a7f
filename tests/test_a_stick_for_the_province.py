"""A stick that staff bring for the province: open to the service alone, one folder of it, never beside a citizen."""

import os
import pwd
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kiosk
from kiosk.settings import Users
from kiosk.supervisor import layout
from kiosk.supervisor.sticks import mounting
from kiosk.supervisor.sticks.carrying import Carrying
from kiosk.supervisor.users import resolve
from tests import stick_stage
from tests.conftest import let_go
from tests.running import CITIZEN
from tests.test_sticks_of_citizens import MADE, Desk

pytestmark = [pytest.mark.root, pytest.mark.slow]

SERVICE = "kiosk"
# FAT, as shops sell them, where this kernel knows it, as every one of Debian does.
USUAL = "vfat" if stick_stage.known("vfat") else "ext4"
KINDS = sorted({"ext4", USUAL, *mounting.HELPERS})


class CarryDesk(Desk):
    """The same parts, with the one that carries; `heard` is what the service was told of it."""

    def __init__(self, home: Path, **policy: bool) -> None:
        self.heard: list[dict[str, Any]] = []
        super().__init__(home, **policy)
        self.carrying = Carrying(self.keeper, self.chores, self.sticks, lambda: False, self._carry_heard)
        self._look_after()

    def _carry_heard(self, _verb: str, **fields: Any) -> bool:
        self.heard.append(fields)
        return True

    def _look_after(self) -> None:
        self.carrying.look()
        self.loop.after(0.1, self._look_after)

    def ask(self, action: str) -> dict[str, Any]:
        """An order of the service, and what it hears."""
        before = len(self.heard)
        self.carrying.order(action)
        self.until(lambda: len(self.heard) > before)
        return self.heard[-1]

    def stick(self, kind: str = USUAL, megabytes: int = 16) -> Path:
        """A new one, as it is bought."""
        path = self.slots.parent / f"stick-{os.urandom(3).hex()}.img"
        return stick_stage.image(path, (0, 0), megabytes, kind)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kiosk-carry-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder, "home")
        while MADE:
            desk = MADE.pop()
            if isinstance(desk, CarryDesk):
                desk.carrying.tidy()
                desk.for_a_while(1.0)
            desk.loop.close()
            if desk.keeper.session is not None:
                desk.keeper.session.leave_room()
        let_go(Path(folder))
        os.environ.pop("KIOSK_STICKS", None)


def as_user(name: str, script: str) -> subprocess.CompletedProcess[str]:
    """What a process of that user can do."""
    who = pwd.getpwnam(name)
    return subprocess.run(
        ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups", "sh", "-c", script],
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_service_writes_into_one_folder_and_nobody_else_sees_it(home: Path, kind: str) -> None:
    desk = CarryDesk(home)
    path = desk.stick(kind, 24)
    with stick_stage.plugged(path, desk.slots / "a"):
        heard = desk.ask("open")
        assert (heard["state"], heard["detail"]) == ("open", ""), heard
        place = heard["place"]
        assert place == str(desk.paths.carry / "kiosk") and 5 < heard["free_mb"] < 24
        whole = desk.paths.carry / ".aside/whole"
        (whole / "private.txt").write_text("letters of somebody")
        done = as_user(SERVICE, f"cd {place} && echo signed > bundle && mkdir receipts && ls -a && cat bundle")
        assert "signed" in done.stdout and "private" not in done.stdout, done
        flags = as_user(SERVICE, f"grep ' {place} ' /proc/self/mounts").stdout
        assert {"nosuid", "nodev", "noexec"} <= set(flags.split()[3].split(",")), flags
        outside = as_user(SERVICE, f"cat {place}/../private.txt {whole}/private.txt")
        assert "letters" not in outside.stdout and outside.returncode != 0
        for stranger in (CITIZEN, Users().screen, Users().staff):
            seen = as_user(stranger, f"ls {desk.paths.carry}; ls {place}; cat {place}/bundle")
            assert seen.stdout == "" and seen.returncode != 0, seen
        heard = desk.ask("close")
        assert (heard["state"], heard["place"]) == ("closed", "")
        assert not os.path.ismount(place) and as_user(SERVICE, f"ls {place}").stdout == ""
    with stick_stage.plugged(path, desk.slots / "a"):
        desk.until(lambda: desk.ask("open")["state"] == "open")
        assert as_user(SERVICE, f"cat {place}/bundle").stdout == "signed\n"
        assert (whole / "private.txt").read_text() == "letters of somebody"
        desk.ask("close")


def test_none_several_and_one_that_a_citizen_left_are_told_apart(home: Path) -> None:
    desk = CarryDesk(home)
    assert desk.ask("open")["detail"] == "none"
    with stick_stage.plugged(desk.stick(), desk.slots / "a"):
        desk.begin()
        desk.until(lambda: desk.state() == "ready")
        desk.end()
        assert desk.ask("open")["detail"] == "left"
        with stick_stage.plugged(desk.stick(), desk.slots / "b"):
            assert desk.ask("open")["state"] == "open", "the one that staff have plugged in since"
            assert desk.ask("close")["state"] == "closed"
            with stick_stage.plugged(desk.stick(), desk.slots / "c"):
                assert desk.ask("open")["detail"] == "several"


def test_never_beside_a_citizen_and_a_citizen_finds_nothing_of_it(home: Path) -> None:
    desk = CarryDesk(home)
    with stick_stage.plugged(desk.stick(), desk.slots / "a"):
        place = desk.ask("open")["place"]
        desk.carrying.make_way()  # as the supervisor does before it opens a session
        assert desk.heard[-1] == {"state": "trouble", "place": "", "free_mb": 0, "detail": "taken"}
        desk.begin()
        desk.until(lambda: not os.path.ismount(place))
        desk.for_a_while(1.0)
        assert desk.told == [], "staff's stick is not opened for whoever sits there now"
        assert desk.ask("open")["detail"] == "busy"
        desk.end()
        assert desk.ask("open")["state"] == "open", "and it is staff's still when they have gone"
        desk.ask("close")


def test_staff_at_the_panel_of_this_very_pc_may_use_one(home: Path) -> None:
    desk = CarryDesk(home, allowed=False)
    with stick_stage.plugged(desk.stick(), desk.slots / "a"):
        desk.begin().bar = False  # type: ignore[misc]  # as in a session of staff
        heard = desk.ask("open")
        assert heard["state"] == "open", heard
        seen = as_user(Users().staff, f"ls {heard['place']}")
        assert seen.returncode != 0, "their browser sees nothing of it: the service writes"
        assert desk.ask("close")["state"] == "closed"
        desk.end()


def test_a_full_stick_is_called_full_and_keeps_no_half_of_a_file(home: Path) -> None:
    desk = CarryDesk(home)
    with stick_stage.plugged(desk.stick("ext4", 4), desk.slots / "a"):
        place = Path(desk.ask("open")["place"])
        script = f"""
import sys
from pathlib import Path
from kiosk.errors import NO_ROOM, KioskError
from kiosk.export.places import place_of
target, number = place_of({str(place)!r}), 0
try:
    while number < 10_000:
        target.bring(f"{{number}}.gz", b"x" * 20_000)
        number += 1
except KioskError as error:
    assert error.code == NO_ROOM, error.message
    print(number)
"""
        code = Path(kiosk.__path__[0]).parent
        done = as_user(SERVICE, f"cd / && PYTHONPATH={code} {sys.executable} -c '{script.replace(chr(39), chr(34))}'")
        assert done.returncode == 0 and int(done.stdout) > 20, done
        files = [path for path in place.iterdir() if path.name != "receipts"]
        assert {path.stat().st_size for path in files} == {20_000} and len(files) == int(done.stdout)
        desk.ask("close")


def test_a_switch_on_lock_and_a_stick_without_a_file_system_are_said(home: Path) -> None:
    desk = CarryDesk(home)
    path = desk.stick("ext4")
    with stick_stage.plugged(path, desk.slots / "a", locked=True):
        assert desk.ask("open") == {"state": "trouble", "place": "", "free_mb": 0, "detail": "read_only"}
    with stick_stage.opened(path, home.parent / "with") as root:
        (root / "kiosk/receipts").mkdir(parents=True)
        (root / "kiosk/receipts/one.json").write_text("{}")
    with stick_stage.plugged(path, desk.slots / "a", locked=True):
        heard = desk.ask("open")
        assert (heard["state"], heard["detail"]) == ("open", "read_only")
        seen = as_user(SERVICE, f"cat {heard['place']}/receipts/one.json && touch {heard['place']}/x")
        assert seen.stdout == "{}" and seen.returncode != 0, "receipts are read all the same"
        desk.ask("close")
    noise = desk.slots.parent / "noise.img"
    noise.write_bytes(os.urandom(4 << 20))
    with stick_stage.plugged(noise, desk.slots / "a"):
        assert desk.ask("open")["detail"] == "unknown"


@pytest.mark.parametrize("trick", ["link", "file"])
def test_a_hostile_stick_leads_nowhere(home: Path, trick: str) -> None:
    desk = CarryDesk(home)
    path = desk.stick("ext4")
    with stick_stage.opened(path, home.parent / "with") as root:
        (root / "kiosk").symlink_to("/etc") if trick == "link" else (root / "kiosk").write_text("x")
    owner = os.stat("/etc").st_uid
    with stick_stage.plugged(path, desk.slots / "a"):
        assert desk.ask("open")["detail"] == "in_the_way"
    assert os.stat("/etc").st_uid == owner and not os.path.ismount(desk.paths.carry / "kiosk")


def test_pulled_out_in_the_middle_is_noticed_and_let_go(home: Path) -> None:
    desk = CarryDesk(home)
    with stick_stage.plugged(desk.stick(), desk.slots / "a"):
        place = desk.ask("open")["place"]
    desk.until(lambda: desk.heard[-1]["detail"] == "pulled")
    desk.until(lambda: not os.path.ismount(place))
    with stick_stage.plugged(desk.stick(), desk.slots / "b"):
        desk.until(lambda: desk.ask("open")["state"] == "open")
        desk.ask("close")


def test_a_new_service_finds_nothing_open(home: Path) -> None:
    desk = CarryDesk(home)
    with stick_stage.plugged(desk.stick(), desk.slots / "a"):
        place = desk.ask("open")["place"]
        desk.carrying.tidy()  # as the supervisor does when a service has come
        desk.until(lambda: not os.path.ismount(place))
        desk.until(lambda: desk.ask("open")["state"] == "open")
        desk.ask("close")


def test_the_folder_of_the_enrolment_is_the_services_alone(home: Path) -> None:
    desk = CarryDesk(home)
    layout.prepare(desk.paths, resolve(Users(citizen=CITIZEN)))
    info = desk.paths.enrolment.stat()
    assert (info.st_uid, stat.S_IMODE(info.st_mode)) == (pwd.getpwnam(SERVICE).pw_uid, 0o700)
    key = desk.paths.enrolment / "station.key"
    key.write_text("secret")
    key.chmod(0o644)
    layout.prepare(desk.paths, resolve(Users(citizen=CITIZEN)))
    assert key.stat().st_uid == info.st_uid, "what root wrote there is given to the service"
    for stranger in (CITIZEN, Users().screen, Users().staff):
        seen = as_user(stranger, f"ls {desk.paths.enrolment}; cat {key}")
        assert seen.stdout == "" and seen.returncode != 0, (stranger, seen)
    assert as_user(SERVICE, f"cat {key}").stdout == "secret"
