"""`kiosk check` tells of the library: whole, with files missing, without libzim; and of a browser that is too old."""

import json
import os
from importlib import util
from pathlib import Path

import pytest
from web_faces import OWN_PAGE, People, Station

from kiosk.content import long_work, zim
from kiosk.content.imports import add
from kiosk.content.library import Library
from kiosk.content.shelves import INDEX, Shelves
from kiosk.rules.policy import parse_policy
from kiosk.service.doctor import content as looked
from kiosk.service.doctor.findings import Finding
from kiosk.service.panel import create_panel
from kiosk.service.panel.update_card import import_card
from kiosk.settings import Paths
from tests.pack_support import pack, pages
from tests.viewer_support import archive

DAY = "2026-11-20"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A home with a library of two pages and an archive."""
    manifest, files = pages("farm", {"lua": "Trồng lúa\nGieo mạ.", "ga": "Nuôi gà\nChuồng khô."})
    folder = pack(tmp_path / "farm", manifest + '\n[[item]]\ntitle = "Kho"\nfile = "kho.zim"\n', files)
    archive(folder / "kho.zim", 3)
    found = Paths(tmp_path / "home")
    add(Shelves(found.content), folder, DAY)
    return found


def findings(paths: Paths, name: str = "content") -> list[Finding]:
    return [one for one in looked.content(paths) if one.name == name]


def test_a_whole_library_is_good(paths: Paths, tmp_path: Path) -> None:
    [found] = findings(paths)
    assert found.state == "good" and "3 items in 1 packs; all 4 files" in found.message and "whole" in found.message
    [found] = findings(paths, "zim")
    assert found.state == "good" and "there are 1" in found.message
    [found] = findings(Paths(tmp_path / "none"))
    assert found.state == "good" and "no library yet" in found.message


@pytest.mark.parametrize("read", [0, looked.READ])
def test_missing_and_short_files_are_named(paths: Paths, monkeypatch: pytest.MonkeyPatch, read: int) -> None:
    monkeypatch.setattr(looked, "READ", read)
    [found] = findings(paths)
    assert found.state == "good" and ("there" in found.message) == (read == 0)
    [one] = Shelves(paths.content).packs()
    Shelves(paths.content).objects.path(one.files["ga.html"].sha256).unlink()
    Shelves(paths.content).objects.path(one.files["kho.zim"].sha256).write_bytes(b"short")
    [found] = findings(paths)
    assert found.state == "bad" and found.hint
    assert "2 files" in found.message and "farm/ga" in found.message and "farm/kho" in found.message


def test_a_catalogue_or_an_index_that_cannot_be_read_is_bad(paths: Paths) -> None:
    shelf = Shelves(paths.content).current()
    assert shelf is not None
    (shelf / INDEX).write_bytes(b"x")
    assert "bad" in [one.state for one in findings(paths)]
    (shelf / "catalogue.json").write_text("{")
    [found] = findings(paths)
    assert found.state == "bad" and "catalogue" in found.message


def test_without_libzim_it_says_what_that_means(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = util.find_spec
    monkeypatch.setattr(zim, "find_spec", lambda name: None if name == "libzim" else real(name))
    [found] = findings(paths, "zim")
    assert found.state == "warn" and "1 ZIM archives cannot be read" in found.message and "Kho" in found.message
    other = Paths(tmp_path / "other")
    add(Shelves(other.content), pack(tmp_path / "p", *pages("p", {"a": "A"})), DAY)
    [found] = findings(other, "zim")
    assert found.state == "good" and "not needed" in found.message


@pytest.mark.parametrize(("version", "state"), [("Chromium 151.0.1", ["warn"]), ("Chromium 152.0.1", []), ("?", [])])
def test_an_old_browser_is_told(tmp_path: Path, version: str, state: list[str]) -> None:
    browser = tmp_path / "chromium"
    browser.write_text(f"#!/bin/sh\necho '{version}'\n")
    browser.chmod(0o755)
    policy = parse_policy({"programs": {"browser": str(browser)}})
    found = [one.state for one in looked.content(Paths(tmp_path / "none"), policy) if one.name == "browser"]
    assert found == state


def test_a_long_import_is_told_while_it_goes_on_and_no_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_work, "EVERY", 0.0)
    root, seen = tmp_path / "content", list[dict[str, object]]()
    source = pack(tmp_path / "farm", *pages("farm", {"lua": "Trồng lúa\nGieo mạ."}))

    def told(_step: str, _name: str, _done: int, _whole: int) -> None:
        if (found := long_work.read(root)) is not None:
            seen.append(found)

    add(Shelves(root), source, DAY, told=told)
    assert {one["step"] for one in seen} >= {"copy"} and {one["name"] for one in seen} == {"farm"}
    assert long_work.read(root) is None and not list(root.glob("*work.json"))
    (root / "work.json").write_text('{"pid": 99999999, "name": "x", "step": "copy", "at": "", "done": 1, "whole": 2}')
    assert long_work.read(root) is None, "of a process that was killed"
    for broken in ("", "[]", '{"pid": "x"}'):
        (root / "work.json").write_text(broken)
        assert long_work.read(root) is None


def test_the_panel_says_how_far_an_import_is() -> None:
    assert import_card(None) is None
    card = import_card({"name": "farm", "step": "copy", "at": "film.mp4", "done": 250, "whole": 1000})
    assert card is not None and card.running and card.share == 25
    assert card.lines[0].words.text == "{name} is being copied: {at}" and card.lines[0].words.values["at"] == "film.mp4"
    card = import_card({"name": "farm", "step": "read", "at": "Sổ tay", "done": 0, "whole": 0})
    assert card is not None and card.share is None


def test_the_panels_page_of_the_library_shows_it_and_asks_again_soon(paths: Paths) -> None:
    library = Library(paths.content)
    client = create_panel(Station(), People(), library=library).test_client()
    client.post("/sign-in", data={"name": "Lan", "pin": "274916"}, headers=OWN_PAGE)
    assert "every 20s" in client.get("/s/03/library").text
    work = {"pid": os.getpid(), "name": "farm.zip", "step": "unpack", "at": "film.mp4", "done": 30, "whole": 100}
    (paths.content / "work.json").write_text(json.dumps(work), encoding="utf-8")
    page = client.get("/s/03/library?lang=vi").text
    assert (
        "Đang mở gói farm.zip: film.mp4" in page.replace("\u00a0", " ") and 'value="30"' in page and "every 2s" in page
    )
    library.close()
