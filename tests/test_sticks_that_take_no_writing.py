"""A stick to which nothing can be written says so at once, and why: site, switch, damage, or another's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.supervisor import linux
from tests import stick_stage
from tests.test_sticks_of_citizens import Desk

pytestmark = [pytest.mark.root, pytest.mark.slow]


def _plain(desk: Desk) -> Path:
    return desk.image()


def _damaged(desk: Desk) -> Path:
    """Of a later make, which this kernel may read and not write: the kernel's answer to one not closed well, too."""
    path = desk.image()
    with path.open("r+b") as file:
        file.seek(1024 + 100)  # s_feature_ro_compat
        flags = int.from_bytes(file.read(4), "little") | 0x4000_0000
        file.seek(1024 + 100)
        file.write(flags.to_bytes(4, "little"))
    return path


def _roots(desk: Desk) -> Path:
    return stick_stage.image(desk.slots.parent / "roots.img", (0, 0))


@pytest.mark.parametrize(
    ("word", "make", "locked", "policy"),
    [
        ("", _plain, False, {}), ("policy", _plain, False, {"read_only": True}), ("read_only", _plain, True, {}),
        ("repair", _damaged, False, {}), ("foreign", _roots, False, {}),
    ],
    ids=["control", "policy", "read_only", "repair", "foreign"],
)  # fmt: skip
def test_why_is_told_before_and_after_one_tries(
    home: Path, word: str, make: Callable[[Desk], Path], locked: bool, policy: dict[str, bool]
) -> None:
    desk = Desk(home, **policy)
    with stick_stage.plugged(make(desk), desk.slots / "a", locked):
        session = desk.begin()
        desk.write("Documents/letter.odt")
        desk.until(lambda: desk.state() == "ready")
        assert desk.told[0]["detail"] == word
        desk.sticks.save(session, desk.told[0]["id"])
        desk.until(lambda: desk.state() in ("saved", "trouble"))
        assert (desk.state(), desk.told[0]["detail"]) == ("trouble", word) if word else desk.state() == "saved"
        desk.end()


def test_one_that_broke_while_in_use_is_told_too(home: Path) -> None:
    """The kernel stops writing to a file system in which it finds errors (errors=remount-ro)."""
    desk = Desk(home)
    with stick_stage.plugged(desk.image(), desk.slots / "a"):
        session = desk.begin()
        desk.write("Documents/letter.odt")
        desk.until(lambda: desk.state() == "ready")
        (stick,) = desk.sticks._in.values()
        linux.mount("", stick.place, "", linux.MS_REMOUNT | linux.MS_RDONLY)
        desk.sticks.save(session, desk.told[0]["id"])
        desk.until(lambda: desk.state() == "trouble")
        assert desk.told[0]["detail"] == "repair"
        desk.end()
