"""Who finishes with files that lie nowhere else is told so, once; after they are saved to a stick, no more."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from kiosk.supervisor.session.belongings import DEEPEST, MOST_FILES, Belongings, belongings
from tests import stick_stage
from tests.station_processes import slowness
from tests.test_sticks_of_citizens import Desk

pytestmark = pytest.mark.root


@pytest.mark.slow
def test_files_are_told_until_they_are_saved_and_again_when_changed(home: Path) -> None:
    desk, heard = Desk(home), list[dict[str, Any]]()

    def hear(_verb: str, **fields: Any) -> bool:
        heard.append(fields)
        return True

    watch = Belongings(desk.keeper, hear)

    def unsaved() -> int:
        watch.look()
        return int(heard[-1]["unsaved"])

    with stick_stage.plugged(desk.image(), desk.slots / "a"):
        session = desk.begin()
        assert unsaved() == 0, "what the session itself lays there is nobody's work"
        letter = desk.write("Documents/letter.odt")
        desk.write("Downloads/form.pdf")
        desk.write("Downloads/form.pdf.crdownload")
        desk.write("Documents/old/photo.jpg")
        desk.write("note.txt")
        desk.write(".config/anything")
        assert unsaved() == 4
        told = len(heard)
        watch.look()
        assert len(heard) == told, "told when it changed, and not each second"
        desk.until(lambda: desk.told and desk.state() == "ready")
        desk.sticks.first = watch.look
        desk.sticks.save(session, desk.told[0]["id"])
        desk.until(lambda: desk.state() == "saved")
        assert (heard[-1]["unsaved"], heard[-1]["files"]) == (0, 4), "known before it is told that all is saved"
        letter.write_bytes(b"another word")
        assert unsaved() == 1
        desk.end()
        watch.look()
        desk.begin()
        assert unsaved() == 0, "the next citizen has nothing"
        desk.end()


@pytest.mark.slow  # its room cannot be made below /dev/shm, where the fast ones lie
def test_a_home_full_of_traps_costs_little_and_leads_nowhere(home: Path) -> None:
    desk = Desk(home)
    desk.begin()
    where, outside = desk.paths.citizen_home, home.parent / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"x")
    (where / "Documents/link").symlink_to(outside)
    (where / "Documents/file").symlink_to(outside / "secret")
    os.rmdir(where / "Downloads")
    (where / "Downloads").symlink_to(outside)
    os.mkfifo(where / "Documents/pipe")
    deep = where / "Documents"
    for number in range(40):
        deep /= f"d{number}"
        deep.mkdir()
        (deep / "x").touch()
    assert len(belongings(where)) == DEEPEST - 1
    for number in range(3 * MOST_FILES):
        (where / f"Documents/n{number}").touch()
    begun = time.process_time()
    assert 0 < len(belongings(where)) <= MOST_FILES
    assert time.process_time() - begun < 0.05 * slowness()
    desk.end()
    assert belongings(where) == frozenset()
