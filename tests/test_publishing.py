"""The province's side: only what changed is written, readers see one whole edition, keys change, mistakes are told."""

import json
import os
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from pack_support import epub
from tree_stage import NOW, PAGE, Province, Station

from kiosk.content import opds
from kiosk.content.imports import silent
from kiosk.content.updates import signing
from kiosk.content.updates.keys import Keys
from kiosk.content.updates.publishing import publish
from kiosk.content.updates.references import references
from kiosk.errors import KioskError, RefusedError

FARM = {f"n{n}": PAGE.format(n, "lúa") for n in range(5)}


@pytest.fixture
def province(tmp_path: Path) -> Province:
    made = Province(tmp_path / "province")
    made.pack("farm", FARM)
    return made


def files(folder: Path) -> dict[str, int]:
    """Every file of a tree with its time of change."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_only_what_changed_is_written(province: Province) -> None:
    first = province.publish()
    assert (first.edition, first.packs, first.items, first.unchanged) == (1, 1, 5, False)
    before = files(province.out)
    province.pack("farm", {**FARM, "n2": PAGE.format(2, "ngô")})
    second = province.publish()
    after = files(province.out)
    fresh = {name for name in after if before.get(name) != after[name]}
    objects = {name for name in fresh if name.startswith("objects/")}
    assert len(objects) == 2 and second.written < 8_000  # the page and the pack's list
    third = province.publish()
    assert third.unchanged and third.edition == 3 and third.published > second.published
    fresh = {name for name, when in files(province.out).items() if after.get(name) != when}
    assert not [name for name in fresh if name.startswith("objects/")]


def test_what_no_edition_needs_any_more_is_deleted(province: Province, tmp_path: Path) -> None:
    for number in range(6):
        province.pack("farm", {**FARM, "n0": f"Bài số {number}\nNội dung {number}."})
        province.publish()
    assert len(list((province.out / "targets").iterdir())) == 2
    assert len(list((province.out / "metadata").glob("*.snapshot.json"))) == 2
    assert len(list((province.out / "objects").glob("??/*"))) == 4 + 2 * 2  # pages that stay; a page and a list twice
    assert Station(tmp_path / "s", province).update(province.out).edition == 6


def test_a_reader_of_the_edition_before_can_finish(province: Province, tmp_path: Path) -> None:
    province.publish()
    slow = Station(tmp_path / "slow", province)
    cut = tmp_path / "cut"
    shutil.copytree(province.out, cut)
    shutil.rmtree(cut / "objects")
    with pytest.raises(KioskError):
        slow.update(cut)
    (cut / "objects").symlink_to(province.out / "objects")
    province.pack("farm", {**FARM, "n0": "Khác\nKhác hẳn."})
    province.publish()
    assert slow.update(cut).edition == 1 and slow.faults() == []


def test_a_publishing_that_dies_leaves_readers_the_edition_before(
    province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.publish()
    province.pack("farm", {**FARM, "n0": "Khác\nKhác hẳn."})
    real, done = signing.write_whole, 0
    for die_at in range(1, 5):
        done = 0

        def dies(path: Path, data: bytes, mode: int, die_at: int = die_at) -> None:
            nonlocal done
            done += 1
            if done == die_at:
                raise KeyboardInterrupt
            real(path, data, mode)

        monkeypatch.setattr(signing, "write_whole", dies)
        with pytest.raises(KeyboardInterrupt):
            province.publish()
        monkeypatch.undo()
        reader = Station(tmp_path / f"s{die_at}", province)
        assert reader.update(province.out).edition == 1 and "Khác" not in reader.titles()
    assert province.publish().edition == 2
    last = Station(tmp_path / "last", province)
    assert last.update(province.out).edition == 2 and "Khác" in last.titles()


def test_the_tree_can_be_read_by_a_web_server_and_the_keys_by_nobody(province: Province) -> None:
    province.publish()
    modes = {
        stat.S_IMODE(path.stat().st_mode) for path in province.out.rglob("*") if path.is_file() and path.name != ".lock"
    }
    assert modes == {0o644}
    keys = province.keys.folder
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.glob("*.pem")} == {0o600}
    secrets = [path.read_bytes() for path in keys.glob("*.pem")]
    assert len(secrets) == 4
    assert not any(
        secret in path.read_bytes() for path in province.out.rglob("*") if path.is_file() for secret in secrets
    )


def test_the_root_key_is_not_needed_to_publish_but_to_change_keys(province: Province, tmp_path: Path) -> None:
    province.publish()
    station = Station(tmp_path / "station", province)
    station.update(province.out)
    root = province.keys.folder / "root.pem"
    away = root.rename(tmp_path / "safe.pem")
    assert province.publish().edition == 2
    with pytest.raises(KioskError, match="root.pem"):
        province.keys.rotate(["timestamp"], NOW)
    away.rename(root)
    old = {path.name: path.read_bytes() for path in province.keys.folder.glob("*.pem")}
    for roles in (["targets", "snapshot", "timestamp"], ["root"], ["root", "timestamp"]):
        province.keys.rotate(roles, NOW)
    new = {path.name: path.read_bytes() for path in province.keys.folder.glob("*.pem")}
    assert set(new) == set(old) and all(new[name] != old[name] for name in old)
    province.pack("farm", {**FARM, "n0": "Khác\nKhác hẳn."})
    province.publish()
    assert station.update(province.out).edition == 3 and "Khác" in station.titles()
    # Whoever kept the old keys signs in vain.
    for name, data in old.items():
        (province.keys.folder / name).write_bytes(data)
    with pytest.raises(RefusedError, match="root names|khóa gốc"):
        province.publish()


def test_a_station_that_was_away_follows_the_chain_of_roots(province: Province, tmp_path: Path) -> None:
    station = Station(tmp_path / "station", province)
    for _year in range(5):
        province.keys.rotate(["root", "targets"], NOW)
    province.publish()
    assert station.update(province.out).edition == 1


def test_a_change_of_keys_that_dies_loses_no_key(
    province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, done = os.replace, 0
    for die_at in range(1, 9):
        done = 0

        def dies(source: Path, target: Path, die_at: int = die_at) -> None:
            nonlocal done
            done += 1
            if done == die_at:
                raise KeyboardInterrupt
            real(source, target)

        monkeypatch.setattr(os, "replace", dies)
        try:
            province.keys.rotate(["root", "targets", "timestamp"], NOW)
        except KeyboardInterrupt:
            pass
        monkeypatch.undo()
        province.publish()
        station = Station(tmp_path / f"s{die_at}", province)
        station.update(province.out)
        assert station.faults() == []
    assert done == 8, "the change was done before it could die"
    province.keys.rotate(["root"], NOW)


def test_a_passphrase_locks_the_keys(tmp_path: Path) -> None:
    made = Keys(tmp_path / "keys", "mật khẩu dài")
    made.make(NOW)
    assert made.locked() and Keys(tmp_path / "keys").locked()
    with pytest.raises(RefusedError, match="passphrase|mật khẩu"):
        Keys(tmp_path / "keys").signer("targets")
    with pytest.raises(RefusedError, match="passphrase|mật khẩu"):
        Keys(tmp_path / "keys", "khác").signer("targets")
    assert made.signer("targets")
    with pytest.raises(RefusedError, match="already|đã có"):
        made.make(NOW)


def test_a_book_beside_the_packs_is_published_and_a_letter_told(province: Province, tmp_path: Path) -> None:
    epub(province.folder / "na.epub", {"Một": "<p>Na thấy chiếc máy."})
    (province.folder / "thu.docx").write_bytes(b"letter")
    (province.folder / "bare").mkdir()
    (province.folder / "bare" / "index.html").write_text("<title>Nuôi ong</title><p>Ong.", encoding="utf-8")
    with pytest.raises(KioskError, match="--theme"):
        province.publish()
    made = province.publish("agri")
    assert (made.packs, made.items, made.left_over) == (3, 7, ["thu.docx"])
    assert any("Nuôi ong" in what for what in made.assumed)
    station = Station(tmp_path / "station", province)
    station.update(province.out)
    assert "Nuôi ong" in station.titles() and "na/na" in station.found("Na thay chiec may")


def test_a_zip_of_a_pack_is_published_too(province: Province, tmp_path: Path) -> None:
    with zipfile.ZipFile(province.folder / "farm2.zip", "w") as archive:
        for path in (province.folder / "farm").iterdir():
            text = path.read_text(encoding="utf-8").replace('id = "farm"', 'id = "farm2"')
            archive.writestr(path.name, text)
    assert province.publish().packs == 2
    station = Station(tmp_path / "station", province)
    assert station.update(province.out).items == 10


def test_a_pack_arrives_as_it_would_be_added(province: Province, tmp_path: Path) -> None:
    """Item for item, word for word: only the way is another."""
    from kiosk.content.imports import add

    epub(province.folder / "farm" / "sach.epub", {"Chương một": "<p>Làm đất trước khi gieo.</p>"})
    manifest = province.folder / "farm" / "pack.toml"
    manifest.write_text(
        manifest.read_text(encoding="utf-8")
        + '\n[[item]]\ntitle = "Sách"\nfile = "sach.epub"\nauthor = "Nhóm"\nfeatured = true\naudience = "young"'
        + '\n[[item]]\nid = "trang"\ntitle = "Trang mạng"\nurl = "https://example.org/x"\n',
        encoding="utf-8",
    )
    province.publish()
    sent, added = Station(tmp_path / "sent", province), Station(tmp_path / "added")
    sent.update(province.out)
    add(added.shelves, province.folder / "farm", NOW.date().isoformat())
    ours, theirs = sent.shelves.packs()[0], added.shelves.packs()[0]
    assert ours.items == theirs.items and ours.title == theirs.title
    assert ours.files == {place: file for place, file in theirs.files.items() if place != "pack.toml"}
    assert sent.found("lam dat") == added.found("lam dat") == ["farm/sach"]


def test_the_catalogue_for_other_readers_names_objects_that_are_there(province: Province) -> None:
    province.publish()
    feed = json.loads((province.out / opds.NAME).read_bytes())
    links = [one["links"][0]["href"] for group in feed["groups"] for one in group["publications"]]
    assert len(links) == 5 and all((province.out / link).is_file() for link in links)


def test_what_pages_want_from_elsewhere_is_listed(province: Province) -> None:
    page = """<html><head><link rel=stylesheet href="https://cdn.example/s.css"><style>@import "//fonts.example/f.css";
    p { background: url('http://pics.example/bg.png') }</style></head><body background="HTTP://x.example/b.png">
    <img src="//pics.example/a.jpg" srcset="http://pics.example/1.jpg 1x, own.jpg 2x"><img src="own.png">
    <video poster="https://v.example/p.jpg"><source src="https://v.example/f.mp4"></video>
    <a href="https://gov.example/form">mẫu</a><a href="other.html">trong gói</a><a href="mailto:x@y.z">thư</a>
    <svg><image xlink:href="https://pics.example/i.svg"/></svg></body></html>"""
    (province.folder / "farm" / "n0.html").write_text(page, encoding="utf-8")
    (province.folder / "farm" / "look.css").write_text("@font-face{src:url(https://fonts.example/x.woff2)}")
    epub(province.folder / "farm" / "b.epub", {"Một": '<img src="http://book.example/p.png"/>'})
    found = province.publish().references["farm"]
    told = {(one.kind, one.host) for one in found}
    assert told == {
        ("loads", "cdn.example"), ("loads", "fonts.example"), ("loads", "pics.example"), ("loads", "x.example"),
        ("loads", "v.example"), ("loads", "book.example"), ("leads", "gov.example"),
    }  # fmt: skip
    assert {one.place for one in found} == {"n0.html", "look.css", "b.epub"}
    assert list(references([("x.html", province.folder / "farm" / "n1.html")])) == []


def broken(province: Province, what: str) -> None:
    """A mistake of the province."""
    farm = province.folder / "farm"
    manifest = farm / "pack.toml"
    if what == "a missing file":
        (farm / "n0.html").unlink()
    elif what == "no pack":
        shutil.rmtree(farm)
    elif what == "a bad pack.toml":
        manifest.write_text("id = [")
    elif what == "a program":
        (farm / "n0.html").write_bytes(b"\x7fELF" + b"\0" * 200)
    elif what == "a pack twice":
        shutil.copytree(farm, province.folder / "again")
    elif what == "a bad policy":
        (province.folder / "policies").mkdir()
        (province.folder / "policies" / "library.toml").write_text("[session]\nminutes = -1\n")
    elif what == "a bad list of sites":
        (province.folder / "sites.csv").write_text("code,name\nth 1,x\n")
    elif what == "a link":
        (farm / "n9.html").symlink_to("/etc/passwd")


BROKEN = ("a missing file", "no pack", "a bad pack.toml", "a program", "a pack twice", "a bad policy",
          "a bad list of sites", "a link")  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_mistake_is_told_and_readers_see_what_they_saw(province: Province, tmp_path: Path, what: str) -> None:
    province.publish()
    broken(province, what)

    def check(path: Path) -> object:
        from kiosk.rules.policy import parse_policy
        from kiosk.settings import read_toml

        return parse_policy(read_toml(path))

    with pytest.raises(KioskError) as told:
        publish(province.folder, province.out, province.keys, NOW, silent, check)
    assert told.value.message and told.value.hint
    assert Station(tmp_path / "s", province).update(province.out).edition == 1
    assert not list(province.out.parent.glob(".publish-*"))


def test_secret_keys_and_the_tree_stay_apart(province: Province, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        publish(province.folder, province.folder / "out", province.keys, NOW, silent)
    inside = Keys(tmp_path / "tree" / "keys")
    inside.make(NOW)
    with pytest.raises(RefusedError):
        publish(province.folder, tmp_path / "tree", inside, NOW, silent)
    with pytest.raises(KioskError, match="kiosk content keys"):
        publish(province.folder, tmp_path / "tree", Keys(tmp_path / "none"), NOW, silent)


def test_two_cannot_publish_to_one_tree_at_once(province: Province) -> None:
    import fcntl

    province.publish()
    handle = os.open(province.out / ".lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(RefusedError):
        province.publish()
    os.close(handle)
    assert province.publish().edition == 2


def test_somebodys_documents_are_no_place_for_a_tree(province: Province, tmp_path: Path) -> None:
    out = tmp_path / "documents"
    (out / "objects" / "ab").mkdir(parents=True)
    (out / "objects" / "ab" / "mine").write_text("not a tree's")
    (out / "letter.odt").write_text("dear")
    with pytest.raises(RefusedError, match=r"letter\.odt"):
        publish(province.folder, out, province.keys, NOW, silent)
    assert sorted(path.name for path in out.rglob("*")) == ["ab", "letter.odt", "mine", "objects"], "not even a lock"
    province.publish()
    (province.out / "index.html").write_text("what the web server's people put beside it")
    assert province.publish().edition == 2


def test_a_refused_publishing_leaves_nothing_behind(province: Province) -> None:
    broken(province, "a program")
    with pytest.raises(KioskError):
        province.publish()
    assert not province.out.exists()
    province.out.mkdir()
    with pytest.raises(KioskError):
        province.publish()
    assert list(province.out.iterdir()) == []


def test_the_themes_are_titled_for_vietnamese_readers_and_english_ones(province: Province) -> None:
    province.publish()
    [group] = json.loads((province.out / opds.NAME).read_bytes())["groups"]
    assert group["metadata"]["title"] == "Nông nghiệp, làm ăn"
    assert group["metadata"]["kiosk"] == {"theme": "agri", "title_en": "Farming and livelihoods"}
