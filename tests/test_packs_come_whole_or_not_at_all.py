"""Importing a pack: whole or not at all, one copy of each file, hostile ones refused, kill -9 survived."""

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from pack_support import ROOT, STARTER, epub, pack, pages, pdf

from kiosk.content import opds
from kiosk.content.checking import verify
from kiosk.content.imports import add, rebuild, remove, silent
from kiosk.content.items import Pack
from kiosk.content.library import Library
from kiosk.content.shelves import CATALOGUE, INDEX, Shelves
from kiosk.content.taking_files import Taking
from kiosk.errors import KioskError, RefusedError

DAY = "2026-11-20"
FARM = {"lua": "Trồng lúa nước\nGieo mạ đúng vụ.", "ngo": "Trồng ngô\nTrên đất dốc.", "ga": "Nuôi gà\nChuồng phải khô."}


@pytest.fixture
def shelves(tmp_path: Path) -> Shelves:
    return Shelves(tmp_path / "content")


def farm(tmp_path: Path, name: str = "farm", texts: dict[str, str] | None = None) -> Path:
    manifest, files = pages(name, texts or FARM)
    return pack(tmp_path / f"source-{name}", manifest, files)


def found(shelves: Shelves, text: str) -> list[str]:
    library = Library(shelves.root)
    try:
        return [hit.item.id for hit in library.search(text).hits]
    finally:
        library.close()


def zipped(folder: Path, target: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, inside + path.relative_to(folder).as_posix())
    return target


def test_a_folder_is_searched_and_read_as_soon_as_it_is_in(shelves: Shelves, tmp_path: Path) -> None:
    made = add(shelves, farm(tmp_path), DAY)
    assert (made.items, made.problems, made.unchanged) == (3, (), False)
    library = Library(shelves.root)
    assert [hit.item.id for hit in library.search("trong lua").hits][0] == "farm/lua"
    item = library.item("farm/lua")
    assert item is not None and item.added == DAY and "Gieo mạ" in library.text(item)
    assert verify(shelves) == (4, [])
    library.close()


@pytest.mark.parametrize("inside", ["", "farm/"])
def test_a_zip_of_a_pack_is_a_pack(shelves: Shelves, tmp_path: Path, inside: str) -> None:
    assert add(shelves, zipped(farm(tmp_path), tmp_path / "farm.zip", inside), DAY).items == 3
    assert found(shelves, "nuoi ga") == ["farm/ga"]
    assert not shelves.staging.exists()


def test_a_library_that_is_open_sees_the_change(shelves: Shelves, tmp_path: Path) -> None:
    library = Library(shelves.root, [STARTER])
    assert library.item("farm/ga") is None and len(library.items()) >= 8
    add(shelves, farm(tmp_path), DAY)
    assert [hit.item.id for hit in library.search("nuoi ga").hits] == ["farm/ga"]
    remove(shelves, "farm/ga")
    assert library.search("nuoi ga").hits == () and library.item("farm/lua") is not None
    library.close()


def test_two_items_with_the_same_file_keep_one_copy(shelves: Shelves, tmp_path: Path) -> None:
    film = os.urandom(300_000)
    manifest = 'id = "{0}"\ntheme = "edu"\n[[item]]\ntitle = "Phim {0}"\nfile = "{0}.mp4"'
    first = add(shelves, pack(tmp_path / "a", manifest.format("a"), {"a.mp4": film}), DAY)
    second = add(shelves, pack(tmp_path / "b", manifest.format("b"), {"b.mp4": film}), DAY)
    assert first.new_bytes > 300_000 > 1_000 > second.new_bytes
    assert sum(path.stat().st_size == 300_000 for path in shelves.objects.all()) == 1
    remove(shelves, "a")
    assert verify(shelves) == (2, [])


def test_the_shelf_before_is_kept_and_older_objects_go(shelves: Shelves, tmp_path: Path) -> None:
    for round_ in range(4):
        add(shelves, farm(tmp_path / str(round_), texts={"x": f"Bài {round_}\nNội dung {round_}."}), DAY)
    assert len(list((shelves.root / "shelves").iterdir())) == 2
    previous = shelves.previous()
    assert previous is not None and (previous / CATALOGUE).exists() and (previous / INDEX).exists()
    assert len(list(shelves.objects.all())) == 4  # two of this, two of the one before


def test_only_what_changed_is_read_again_and_days_stay(shelves: Shelves, tmp_path: Path) -> None:
    add(shelves, farm(tmp_path), DAY)
    texts = {**FARM, "ga": "Nuôi gà\nChuồng phải thoáng mát.", "vit": "Nuôi vịt\nỞ ao."}
    read: list[str] = []
    add(
        shelves,
        farm(tmp_path / "new", texts=texts),
        "2026-12-01",
        told=lambda step, name, _d, _a: read.append(step + name),
    )
    assert [one for one in read if one.startswith("read")] == ["readNuôi gà", "readNuôi vịt"]
    days = {item.id: item.added for item in shelves.packs()[0].items}
    assert days == {"farm/lua": DAY, "farm/ngo": DAY, "farm/ga": DAY, "farm/vit": "2026-12-01"}
    assert found(shelves, "thoang mat") == ["farm/ga"] and found(shelves, "phai kho") == []
    assert found(shelves, "gieo ma") == ["farm/lua"]


def test_the_same_pack_again_changes_nothing(shelves: Shelves, tmp_path: Path) -> None:
    add(shelves, farm(tmp_path), DAY)
    shelf = shelves.current()
    assert add(shelves, farm(tmp_path), "2027-01-01").unchanged
    assert shelves.current() == shelf


def test_a_damaged_file_is_found_and_mended_by_adding_again(shelves: Shelves, tmp_path: Path) -> None:
    add(shelves, farm(tmp_path), DAY)
    victim = next(file for file in shelves.packs()[0].files.values() if file.path == "ga.html")
    path = shelves.objects.path(victim.sha256)
    path.write_bytes(b"x" * victim.size)
    _count, [fault] = verify(shelves)
    assert (fault.why, fault.items) == ("damaged", ("farm/ga",))
    add(shelves, farm(tmp_path), DAY)
    assert verify(shelves)[1] == []
    path.unlink()
    assert verify(shelves)[1][0].why == "missing"


def test_an_index_that_is_damaged_falls_back_to_the_one_before_and_is_made_anew(
    shelves: Shelves, tmp_path: Path
) -> None:
    add(shelves, farm(tmp_path), DAY)
    add(shelves, farm(tmp_path, "other", {"meo": "Nuôi mèo\nBắt chuột."}), DAY)
    shelf = shelves.current()
    assert shelf is not None
    (shelf / INDEX).write_bytes(b"rubbish")
    assert found(shelves, "nuoi ga") == ["farm/ga"]  # from the shelf before
    assert verify(shelves)[1][0].what == "index"
    rebuild(shelves)
    assert found(shelves, "nuoi meo")[0] == "other/meo" and verify(shelves)[1] == []


def test_the_catalogue_is_opds_2_and_comes_back_the_same(shelves: Shelves, tmp_path: Path) -> None:
    add(shelves, farm(tmp_path), DAY)
    packs = shelves.packs()
    feed = json.loads(opds.dump(opds.feed(packs)))
    assert feed["metadata"]["numberOfItems"] == 3
    [group] = feed["groups"]
    assert group["metadata"]["kiosk"]["theme"] == "agri" and len(group["publications"]) == 3
    one = group["publications"][0]
    assert one["metadata"]["title"] and one["links"][0]["rel"].startswith("http://opds-spec.org/acquisition")
    assert (shelves.root / one["links"][0]["href"]).is_file()
    assert [facet["metadata"]["title"] for facet in feed["facets"]] == ["language", "format", "audience"]
    assert all(link["properties"]["numberOfItems"] == 3 for facet in feed["facets"] for link in facet["links"])
    again = opds.load(opds.dump(feed))
    assert opds.dump(opds.feed(again)) == opds.dump(feed)


def test_one_bad_item_is_named_and_the_others_come_in(shelves: Shelves, tmp_path: Path) -> None:
    manifest, files = pages("farm", FARM)
    manifest += '\n[[item]]\ntitle = "Phim mất"\nfile = "phim.mp4"'
    made = add(shelves, pack(tmp_path / "p", manifest, files), DAY)
    assert made.items == 3 and made.problems == ("Phim mất: item.file must be a file inside the pack",)


@pytest.mark.slow
def test_a_thousand_files_come_in(shelves: Shelves, tmp_path: Path) -> None:
    manifest, files = pages("many", {"a": "Bài đầu"})
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("pack.toml", manifest)
        archive.writestr("a.html", files["a.html"])
        for number in range(1_000):
            archive.writestr(f"img/{number % 10}/{number}.txt", f"{number % 50}")
    (tmp_path / "many.zip").write_bytes(data.getvalue())
    assert add(shelves, tmp_path / "many.zip", DAY).items == 1
    assert len(shelves.packs()[0].files) == 1_002
    assert len(list(shelves.objects.all())) == 52  # fifty contents, pack.toml, the page


def test_two_cannot_change_the_library_at_once(shelves: Shelves, tmp_path: Path) -> None:
    with shelves.changing(), pytest.raises(RefusedError, match="being changed|đang được thay đổi"):
        add(shelves, farm(tmp_path), DAY)
    assert add(shelves, farm(tmp_path), DAY).items == 3


CHILD = """
import sys
from pathlib import Path
from kiosk.content.imports import add
from kiosk.content.shelves import Shelves
print("go", flush=True)
add(Shelves(Path(sys.argv[1])), Path(sys.argv[2]), "2026-11-21")
"""


@pytest.mark.slow
def test_kill_9_anywhere_leaves_the_old_library_or_the_new_one(shelves: Shelves, tmp_path: Path) -> None:
    """The times of the kills are spread over a whole import, measured first."""
    seed, kills = 4_711, 25
    dice = random.Random(seed)
    add(shelves, farm(tmp_path), DAY)
    texts = {f"n{n}": f"Bài số {n}\n" + " ".join(f"chữ{n}x{k}" for k in range(60)) for n in range(120)}
    source = farm(tmp_path, "large", texts)
    command = [sys.executable, "-c", CHILD]

    def killed(root: Path, after: float) -> None:
        child = subprocess.Popen([*command, str(root), str(source)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None and child.stdout.readline() == "go\n"
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()

    started = time.monotonic()
    add(Shelves(tmp_path / "measured"), source, DAY)
    whole = time.monotonic() - started
    seen = {"old": 0, "new": 0}
    for _kill in range(kills):
        killed(shelves.root, dice.uniform(0, whole * 2))
        library = Library(shelves.root)
        size = len(library.items())
        assert size in (3, 123)
        assert [hit.item.id for hit in library.search("trong lua").hits][0] == "farm/lua"
        library.close()
        assert verify(shelves)[1] == []
        seen["new" if size == 123 else "old"] += 1
        if size == 123:
            remove(shelves, "large")
    print(f"seed {seed}: {kills} kills within {whole * 2:.2f} s: {seen}")
    add(shelves, source, DAY)
    assert verify(shelves) == (4 + 121, [])
    assert not shelves.staging.exists() and not list(shelves.objects.root.glob(".*"))
    assert seen["old"] > 0


def test_a_full_disk_is_told_and_changes_nothing(
    shelves: Shelves, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(shelves, farm(tmp_path), DAY)
    import resource

    big = pack(
        tmp_path / "big", 'id = "big"\ntheme = "edu"\n[[item]]\ntitle = "P"\nfile = "p.mp4"', {"p.mp4": b"x" * 900_000}
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, limits[1]))
        with pytest.raises(KioskError) as told:
            add(shelves, big, DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert told.value.hint
    assert found(shelves, "trong lua")[0] == "farm/lua" and verify(shelves)[1] == []
    assert list(shelves.objects.root.glob(".*")) == []


@pytest.mark.slow
def test_a_pdf_a_book_and_a_film_are_found_by_what_is_in_them(shelves: Shelves, tmp_path: Path) -> None:
    manifest = """id = "mix"\ntheme = "edu"
[[item]]\ntitle = "Leaflet"\nfile = "l.pdf"\nlanguage = "en"
[[item]]\ntitle = "Scan"\nfile = "s.pdf"
[[item]]\ntitle = "Sách"\nfile = "b.epub"
[[item]]\ntitle = "Phim"\nfile = "f.mp4"\nsubtitles = "f.vtt"
[[item]]\ntitle = "Nhạc"\nfile = "n.mp3"
[[item]]\ntitle = "Cổng"\nid = "cong"\nurl = "https://dichvucong.gov.vn/"
"""
    folder = pack(tmp_path / "mix", manifest, {
        "l.pdf": pdf([b"First page about nothing much at all", b"Second page: wash hands with soap"]), "s.pdf": pdf([b""] * 4),  # noqa: E501
        "f.mp4": b"film", "n.mp3": b"song", "f.vtt": "WEBVTT\n\n00:01:05.000 --> 00:01:07.000\nĂn chín, uống sôi\n",
    })  # fmt: skip
    epub(folder / "b.epub", {"Mở đầu": "<p>Chào.</p>", "Gieo hạt": "<h1>Gieo hạt</h1><p>Ủ mầm qua đêm.</p>"})
    made = add(shelves, folder, DAY)
    assert made.unsearched == (("mix/s", "scanned"), ("mix/n", "no_subtitles"))
    library = Library(shelves.root)
    places = {
        text: library.search(text).hits[0].address for text in ("wash hands", "u mam", "uong soi", "cong", "scan")
    }
    assert places == {
        "wash hands": "/items/mix/l#page=2", "u mam": "/items/mix/b#chapter=2", "uong soi": "/items/mix/f#t=65",
        "cong": "/items/mix/cong", "scan": "/items/mix/s",
    }  # fmt: skip
    assert library.search("u mam").hits[0].label == "Gieo hạt"
    library.close()


def test_a_file_that_cannot_be_read_is_told_apart_from_a_disk_that_fails(shelves: Shelves, tmp_path: Path) -> None:
    """The kernel gives an error for a file of its own, as it does for a stick that is out."""
    add(shelves, farm(tmp_path), DAY)
    before = sorted(shelves.objects.all())
    broken = Path("/proc/self/mem")
    with broken.open("rb") as file, pytest.raises(OSError):
        file.read(1)
    taking = Taking(shelves, silent)
    pack_ = Pack("p", "P", (), {}, None).with_sources([("a.txt", tmp_path / "a.txt"), ("b.bin", broken)])
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(KioskError, match="b.bin cannot be read") as told:
        taking.files(pack_, None)
    assert "stick" in told.value.hint
    taking.take_back()
    assert sorted(shelves.objects.all()) == before
