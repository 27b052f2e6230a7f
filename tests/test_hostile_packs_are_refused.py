"""Every hostile pack is refused with a sentence and leaves nothing behind; its harmless twin comes in."""

from pathlib import Path

import pytest

from kiosk.content.checking import verify
from kiosk.content.imports import add
from kiosk.content.shelves import Shelves
from kiosk.errors import KioskError
from tests.hostile_packs import HOSTILE
from tests.pack_support import pack, pages

DAY = "2026-11-20"


@pytest.fixture
def shelves(tmp_path: Path) -> Shelves:
    """A library with a pack in it."""
    made = Shelves(tmp_path / "content")
    add(made, pack(tmp_path / "farm", *pages("farm", {"lua": "Trồng lúa\nGieo mạ."})), DAY)
    return made


def everything(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_pack_is_refused_and_its_twin_is_taken(shelves: Shelves, tmp_path: Path, case: str) -> None:
    hostile, harmless = HOSTILE[case]
    for folder in ("bad", "good"):
        (tmp_path / folder).mkdir()
    source = hostile(tmp_path / "bad")
    before, outside = everything(shelves.root), everything(tmp_path)
    with pytest.raises(KioskError) as refused:
        add(shelves, source, DAY, theme="gov")
    sentence = str(refused.value)
    assert refused.value.message and refused.value.hint and "Traceback" not in sentence
    assert "root:" not in sentence and len(sentence) < 400
    assert everything(shelves.root) == before, "nothing half imported, not even a file of the object store"
    assert everything(tmp_path) == outside, "and nothing anywhere else"
    made = add(shelves, harmless(tmp_path / "good"), DAY, theme="gov")
    assert made.items >= 1 and made.problems == ()
    assert verify(shelves)[1] == []
    print(f"{case}: {sentence}")


def test_there_are_many() -> None:
    assert len(HOSTILE) >= 60
