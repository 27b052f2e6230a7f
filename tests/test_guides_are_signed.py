"""The guides that come with the program: looked at to the last byte before a station takes them in, and only then."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pack_support import STARTER, pack, pages
from tree_stage import Province, Station, reading

from kiosk.content import shipped
from kiosk.content.imports import add, remove
from kiosk.content.updates.take_shipped import ROOT, bring, look
from kiosk.errors import DamagedError
from kiosk.service import stocking
from kiosk.service.doctor.content import content as looked_at
from kiosk.settings import Paths
from scripts.starter.sign import sign

TEXTS = {"lua": "Trồng lúa\nGieo mạ tháng giêng.", "ga": "Nuôi gà\nChuồng khô, nước sạch."}
DAY = "2026-11-22"


class Guides:
    """A pack that is signed as ours is, with its root beside it."""

    def __init__(self, home: Path, texts: dict[str, str] = TEXTS) -> None:
        self.folder, self.root = home / "guides", home / "root.json"
        manifest, files = pages("guides", texts)
        pack(self.folder, manifest, files)
        sign(self.folder, self.root)

    @property
    def signed(self) -> Path:
        return shipped.signed_beside(self.folder)

    def bring(self, station: Station, again: bool = False) -> bool:
        return bring(station.shelves, self.folder, DAY, self.root, again)


@pytest.fixture
def guides(tmp_path: Path) -> Guides:
    return Guides(tmp_path)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path / "home")


def test_ours_are_signed_as_they_lie_here_and_no_secret_lies_beside_them() -> None:
    found = look(STARTER, ROOT.read_bytes())  # refused? Something changed: python scripts/starter sign
    assert len(found.listing.items) >= 28
    lying = [path for path in shipped.signed_beside(STARTER).rglob("*") if path.is_file()] + [ROOT]
    assert not [path for path in lying if b"PRIVATE" in path.read_bytes() or path.suffix == ".pem"]
    assert sum(path.stat().st_size for path in lying) < 30_000, "the files themselves are there once only"


def test_what_is_signed_comes_in_and_a_second_time_does_nothing(guides: Guides, station: Station) -> None:
    assert shipped.due(station.shelves, guides.folder)
    assert guides.bring(station) and station.found("nuoi ga") == ["guides/ga"]
    assert station.faults() == [] and station.left() == []
    before = {path: path.stat().st_mtime_ns for path in station.shelves.root.rglob("*")}
    assert not shipped.due(station.shelves, guides.folder)
    assert {path: path.stat().st_mtime_ns for path in station.shelves.root.rglob("*")} == before
    shelf = station.shelves.current()
    sign(guides.folder, guides.root)  # the same guides, signed anew
    assert shipped.due(station.shelves, guides.folder)
    assert not guides.bring(station) and station.shelves.current() == shelf
    assert not shipped.due(station.shelves, guides.folder)


def flipped(path: Path, place: int = -20) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def one(folder: Path, pattern: str) -> Path:
    [found] = [path for path in folder.rglob(pattern) if path.is_file()]
    return found


def by_somebody_else(guides: Guides) -> None:
    (guides.folder / "ga.html").write_text("<p>Nuôi gà\nLời của kẻ khác.</p>", encoding="utf-8")
    sign(guides.folder, guides.root.with_name("another_root.json"))


def a_link(guides: Guides) -> None:
    target = guides.folder / "ga.html"
    shutil.move(target, guides.root.with_name("ga.html"))
    target.symlink_to(guides.root.with_name("ga.html"))


def another_title(guides: Guides) -> None:
    manifest = guides.folder / "pack.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("Nuôi gà", "Nuôi ma"), encoding="utf-8")


ATTACKS: dict[str, tuple[Callable[[Guides], Any], str]] = {
    "a byte of a guide": (lambda g: flipped(g.folder / "ga.html"), "ga.html is not what was signed"),
    "a guide cut short": (lambda g: (g.folder / "ga.html").write_bytes(b"<p>"), "ga.html is not what was signed"),
    "a guide gone": (lambda g: (g.folder / "lua.html").unlink(), "lua.html is missing"),
    "a link in its place": (a_link, "ga.html is not what was signed"),
    "another title": (another_title, "pack.toml is not what was signed"),
    "no pack.toml": (lambda g: (g.folder / "pack.toml").unlink(), "pack.toml"),
    "the list": (lambda g: flipped(one(g.signed / "objects", "*")), "is not what was signed"),
    "the tree": (lambda g: flipped(one(g.signed / "targets", "*")), "signatures are damaged"),
    "the timestamp": (lambda g: flipped(g.signed / "metadata" / "timestamp.json"), "signatures are damaged"),
    "a signature": (lambda g: flipped(g.signed / "metadata" / "1.targets.json", 90), "signatures are damaged"),
    "no timestamp": (lambda g: (g.signed / "metadata" / "timestamp.json").unlink(), "signatures are damaged"),
    "no signature at all": (lambda g: shutil.rmtree(g.signed), "signatures are damaged"),
    "keys of somebody else": (by_somebody_else, "not signed by those who made this program"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_one_altered_byte_is_refused_with_a_sentence_and_the_library_stays(
    guides: Guides, station: Station, tmp_path: Path, attack: str
) -> None:
    harm, told = ATTACKS[attack]
    assert guides.bring(station), "without the attack they come in"
    newer = Guides(tmp_path / "newer", {**TEXTS, "meo": "Nuôi mèo\nBắt chuột."})
    harm(newer)
    shelf, titles = station.shelves.current(), station.titles()
    assert shipped.due(station.shelves, newer.folder)
    with pytest.raises(DamagedError) as refused:
        newer.bring(station)
    assert told in refused.value.message and "stays as it was" in refused.value.hint
    assert (station.shelves.current(), station.titles()) == (shelf, titles) and station.faults() == []
    assert told in shipped.trouble_of(station.shelves.root, newer.folder), "told until it is mended"
    assert shipped.due(station.shelves, newer.folder), "and looked at again at the next start"


def test_a_site_that_has_them_unsigned_moves_over_and_has_nothing_twice(guides: Guides, station: Station) -> None:
    add(station.shelves, guides.folder, "2026-01-01")
    add(station.shelves, pack(guides.root.parent / "own", *pages("own", {"a": "Của xã\nRiêng."})), "2026-01-02")
    titles = station.titles()
    assert shipped.due(station.shelves, guides.folder) and guides.bring(station)
    assert station.titles() == titles and len(titles) == 3
    [ours] = [one for one in station.shelves.packs() if one.id == "guides"]
    assert {item.added for item in ours.items} == {"2026-01-01"}, "not new again"
    assert "pack.toml" not in ours.files and station.faults() == []
    assert not shipped.due(station.shelves, guides.folder)


def test_what_staff_took_out_stays_out_until_they_want_it_again(guides: Guides, station: Station) -> None:
    guides.bring(station)
    remove(station.shelves, "guides")
    sign(guides.folder, guides.root)
    assert not shipped.due(station.shelves, guides.folder) and station.titles() == []
    assert guides.bring(station, again=True) and len(station.titles()) == 2
    assert station.shelves.declined() == set()


def test_a_file_that_rotted_is_mended_from_the_program(guides: Guides, station: Station) -> None:
    guides.bring(station)
    victim = next(path for path in station.shelves.objects.all() if "Chuồng" in path.read_text(encoding="utf-8"))
    victim.write_bytes(b"x" * victim.stat().st_size)
    assert len(station.faults()) == 1
    assert guides.bring(station, again=True) and station.faults() == []
    assert not guides.bring(station, again=True)


def test_a_province_with_its_own_keys_is_not_minded(guides: Guides, tmp_path: Path) -> None:
    province = Province(tmp_path / "province")
    province.pack("farm", {"a": "Khuyến nông\nBón phân."})
    province.publish()
    station = Station(tmp_path / "home", province)
    guides.bring(station)
    assert station.update(province.out).changed == ("farm",) and len(station.titles()) == 3
    assert not shipped.due(station.shelves, guides.folder)
    newer = Guides(tmp_path / "newer", {"lua": "Trồng lúa nếp\nGieo mạ."})
    assert newer.bring(station) and station.titles() == ["Khuyến nông", "Trồng lúa nếp"]
    assert station.update(province.out).unchanged, "the edition in use is known as before"
    province.pack("guides", {"lua": "Trồng lúa của tỉnh\nGieo mạ."})
    province.publish()
    assert station.update(province.out).changed == ("guides",)
    assert not shipped.due(station.shelves, guides.folder), "what the province sends under the name stays"
    assert station.titles() == ["Khuyến nông", "Trồng lúa của tỉnh"]


@pytest.mark.slow
def test_the_service_looks_in_a_child_once_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, runs = subprocess.run, list[Any]()
    monkeypatch.setattr(stocking.subprocess, "run", lambda *a, **k: runs.append(a) or real(*a, **k))
    paths = Paths(tmp_path / "home")
    for _start in range(3):
        library = stocking.stocked(paths, reading())
        assert library.item("starter/health_oresol") is not None and not library.problems
        library.close()
    assert len(runs) == 1
    assert [one.state for one in looked_at(paths)] == ["good", "good"]


@pytest.mark.slow
def test_altered_guides_are_not_offered_and_the_child_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(STARTER, tmp_path / "starter")
    shutil.copytree(shipped.signed_beside(STARTER), tmp_path / "starter.signed")
    flipped(tmp_path / "starter" / "health_oresol.html")
    paths = Paths(tmp_path / "home")
    library = stocking.stocked(paths, reading(), "vi", tmp_path / "starter")
    assert library.items() == [] and "health_oresol.html không đúng như khi được ký" in caplog.text
    library.close()
    flipped(tmp_path / "starter" / "health_oresol.html")
    library = stocking.stocked(paths, reading(), "vi", tmp_path / "starter")
    assert len(library.items()) >= 28, "mended, they come in at the next start"
    library.close()
    assert shipped.trouble_of(paths.content, tmp_path / "starter") == ""


@pytest.mark.slow
def test_a_disk_that_takes_nothing_still_shows_them_once_they_were_found_right(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.content.parent.mkdir(parents=True)
    paths.content.write_text("in the way")
    library = stocking.stocked(paths, reading())
    assert library.item("starter/health_oresol") is not None
    library.close()
    shutil.copytree(STARTER, tmp_path / "starter")
    library = stocking.stocked(paths, reading(), "vi", tmp_path / "starter")  # without its signatures
    assert library.items() == []
    library.close()


def test_a_trouble_is_told_by_check_in_the_language_of_who_asks(
    guides: Guides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path / "home")
    (guides.folder / "ga.html").unlink()
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    with pytest.raises(DamagedError, match=r"thiếu ga\.html"):
        guides.bring(Station(tmp_path / "home"))
    monkeypatch.setattr(shipped, "starter", lambda: guides.folder)
    assert "thiếu ga.html" in [one.message for one in looked_at(paths) if one.state == "warn"][0]
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "ga.html is missing" in [one.message for one in looked_at(paths) if one.state == "warn"][0]
