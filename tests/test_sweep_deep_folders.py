"""What a citizen nests a thousand deep is removed too, and does not end the supervisor that removes it."""

import os
from pathlib import Path

import pytest

from kiosk.supervisor import home as homes
from kiosk.supervisor.users import Identity

ME = Identity(None, None, (), "/")
DEEP = 3000
NAME = "a-name-of-twenty-bytes"  # 3,000 of them are 69,000 bytes: no path reaches the bottom


def _nest(where: Path, depth: int, name: str) -> None:
    """Folders in each other, with a file and a link out in every one; made by steps, as a citizen would."""
    start = os.open(".", os.O_RDONLY)
    try:
        os.chdir(where)
        for _level in range(depth):
            os.mkdir(name)
            os.chdir(name)
            os.close(os.open("file", os.O_CREAT | os.O_WRONLY))
            os.symlink("/etc", "moved-1")
    finally:
        os.fchdir(start)
        os.close(start)


@pytest.mark.slow
def test_a_deep_tree_goes_and_what_it_links_to_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    _nest(home, DEEP, NAME)
    with pytest.raises(OSError, match="too long"):  # the control: no path reaches its end
        os.stat(Path(home, *[NAME] * DEEP))
    assert homes.wipe(home, ME) == []
    assert list(home.iterdir()) == [] and Path("/etc/passwd").exists()


def test_what_cannot_be_removed_is_named_and_the_rest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, real = tmp_path / "home", os.unlink
    home.mkdir()
    (home / "stays").mkdir()
    (home / "stays" / "stubborn").touch()
    (home / "goes").touch()

    def unlink(path: str, *, dir_fd: int | None = None) -> None:
        if path == "stubborn":
            raise PermissionError(1, "no", path)
        real(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", unlink)
    assert homes.wipe(home, ME) == [str(home / "stays")]
    assert [one.name for one in home.iterdir()] == ["stays"]


@pytest.mark.slow
@pytest.mark.root
def test_a_sweep_goes_as_deep_as_it_must(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below folders of others, too: more of them than Python calls functions inside functions."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setattr(homes, "SWEPT", (str(place),))
    _nest(place, 1200, "d")
    theirs = place / "d" / "d" / "theirs"
    theirs.mkdir()
    _nest(theirs, DEEP, NAME)
    os.chown(theirs, 65533, 65533)
    (tmp_path / "home").mkdir()
    assert homes.wipe(tmp_path / "home", Identity(65533, 65533, (), "/")) == []
    assert not theirs.exists() and (place / "d" / "d" / "d").is_dir()
    monkeypatch.undo()
    assert homes.wipe(place, ME) == []
