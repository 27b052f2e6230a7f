"""A real ext4 stick full of links, as somebody with a PC of their own can make it: nobody follows one.

As the service's user, whose own files would be the prey; and with the kernel's bound taken off, so that ours is seen.
"""

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk
from kiosk.supervisor import linux
from kiosk.supervisor.sticks import mounting
from kiosk.supervisor.users import Identity
from tests import stick_stage
from tests.test_a_stick_for_the_province import SERVICE, CarryDesk, as_user, home
from tests.test_sticks_of_citizens import Desk

pytestmark = [pytest.mark.root, pytest.mark.slow]

__all__ = ["home"]
NAME = "TH-012_03_2026-11-20_r1.jsonl.gz"
PRECIOUS = "precious"
WORK = """
import json
from pathlib import Path
from kiosk.export.places import place_of
place = place_of({place!r})
print(json.dumps([[one.decode() for one in place.receipts("")], place.bring({name!r}, b"bundle")]))
place.close()
"""


@pytest.fixture
def prey(home: Path) -> Iterator[Path]:
    """A folder of the service's; nothing of it changes."""
    folder = home.parent / "prey"
    folder.mkdir(mode=0o755)
    who = pwd.getpwnam(SERVICE)
    for name in ("station.key", "receipt.json"):
        (folder / name).write_text(PRECIOUS)
        os.chown(folder / name, who.pw_uid, who.pw_gid)
    os.chown(folder, who.pw_uid, who.pw_gid)
    yield folder
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "station.key": PRECIOUS,
        "receipt.json": PRECIOUS,
    }


def hostile(path: Path, prey: Path, where: Path, receipts: str) -> None:
    """Links at every name that was ever predictable. `receipts`: the folder, or each file in it, is a link."""
    who = pwd.getpwnam(SERVICE)
    with stick_stage.opened(path, where) as root:
        folder = root / "kiosk"
        folder.mkdir()
        os.chown(folder, who.pw_uid, who.pw_gid)
        for name in (NAME, f"{NAME}.sig", f".{NAME}.part", f".{NAME}.sig.part"):
            (folder / name).symlink_to(prey / "station.key")
        if receipts == "folder":
            (folder / "receipts").symlink_to(prey)
        else:
            (folder / "receipts").mkdir()
            (folder / "receipts/1.json").symlink_to(prey / "receipt.json")
            (folder / "receipts/2.json").write_text("its own")


def worked(place: str) -> list[object]:
    """What the service's user found there, and whether it wrote."""
    script = WORK.format(place=place, name=NAME).replace('"""', "").replace("'", '"')
    code = Path(kiosk.__path__[0]).parent
    done = as_user(SERVICE, f"cd / && PYTHONPATH={code} {sys.executable} -c '{script}'")
    assert done.returncode == 0, done
    told: list[object] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("receipts", ["folder", "file"])
@pytest.mark.parametrize("kernel", [True, False], ids=["bounded by the kernel", "by us alone"])
def test_no_link_is_followed_for_reading_or_for_writing(
    home: Path, prey: Path, receipts: str, kernel: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails on the old code: the key of the station was overwritten, and foreign files were read as receipts."""
    if not kernel:
        monkeypatch.setattr(linux, "MS_NOSYMFOLLOW", 0)  # a kernel before 5.10
    desk = CarryDesk(home)
    path = desk.stick("ext4")
    hostile(path, prey, home.parent / "with", receipts)
    with stick_stage.plugged(path, desk.slots / "a"):
        heard = desk.ask("open")
        assert (heard["state"], heard["detail"]) == ("open", ""), heard
        place = heard["place"]
        flags = as_user(SERVICE, f"grep ' {place} ' /proc/self/mounts").stdout.split()[3].split(",")
        assert ("nosymfollow" in flags) == kernel
        seen = as_user(SERVICE, f"cat {place}/{NAME}")
        assert seen.stdout == ("" if kernel else PRECIOUS), "the control: the link does lead there"
        assert worked(place) == [["its own"] if receipts == "file" else [], True]
        assert as_user(SERVICE, f"cat {place}/{NAME}").stdout == "bundle"
        assert desk.ask("close")["state"] == "closed"
    with stick_stage.opened(path, home.parent / "with") as root:
        assert not (root / "kiosk" / NAME).is_symlink()
        assert (root / "kiosk" / f".{NAME}.part").is_symlink(), "what is not ours stays as it was"


def test_links_on_a_citizens_stick_lead_nowhere_either(home: Path, tmp_path: Path) -> None:
    desk = Desk(home)
    path = desk.image()
    with stick_stage.opened(path, tmp_path) as root:
        (root / "letter").symlink_to("/etc/hostname")
    with stick_stage.plugged(path, desk.slots / "a"):
        desk.begin()
        desk.until(lambda: desk.state() == "ready")
        seen = desk.in_the_room("cat /etc/hostname >/dev/null && cat /media/*/letter")
        assert seen.returncode != 0 and seen.stdout == "", seen
        desk.end()


def test_a_kernel_that_refuses_the_bound_mounts_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real, flags = stick_stage.image(tmp_path / "stick.img", (0, 0)), linux.mount, list[int]()

    def old(source: str, where: str, kind: str, given: int, options: str = "") -> None:
        flags.append(given & linux.MS_NOSYMFOLLOW)
        if given & linux.MS_NOSYMFOLLOW:
            raise OSError(22, "Invalid argument")
        real(source, where, kind, given, options)

    monkeypatch.setattr(linux, "mount", old)
    (tmp_path / "at").mkdir()
    device = stick_stage.run("losetup", "--find", "--show", str(path))
    try:
        mounting.mount(device, str(tmp_path / "at"), "ext4", Identity(0, 0, (), "/root"), False)
        assert os.path.ismount(tmp_path / "at") and flags == [linux.MS_NOSYMFOLLOW, 0]
    finally:
        linux.unmount(str(tmp_path / "at"))
        subprocess.run(["losetup", "-d", device], check=False)
