"""Trees that are not what the province signed, or that a province would never make: refused with a sentence, untouched.

Each case is a change to a good tree from which the station has just been shown to update.
"""

import gzip
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tree_server import Served, served
from tree_stage import NOW, PAGE, Province, Station
from tuf.api.metadata import Metadata, Root

from kiosk.content.files import Objects
from kiosk.content.updates import sources
from kiosk.content.updates.keys import Keys
from kiosk.content.updates.signing import Signing
from kiosk.content.updates.sources import Web
from kiosk.content.updates.tree import Entry, Ref, Tree
from kiosk.errors import KioskError

OLD = {"a": PAGE.format(1, "lúa"), "b": PAGE.format(2, "ngô")}
NEW = {**OLD, "b": PAGE.format(2, "khoai"), "c": PAGE.format(3, "sắn")}


class Stage:
    """Edition 1 is on the station, edition 2 in the tree, a copy of the tree with edition 1 aside."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.province, self.station = folder, Province(folder / "province"), Station(folder / "station")
        self.out, self.old = self.province.out, self.station.titles()

    def largest(self) -> Path:
        """An object of edition 2 that edition 1 did not have."""
        had = {path.name for path in (self.folder / "first" / "objects").glob("??/*")}
        fresh = [path for path in (self.out / "objects").glob("??/*") if path.name not in had]
        return max(fresh, key=lambda path: path.stat().st_size)

    def forge(self, change: Callable[[Tree], Tree]) -> None:
        """The province itself, gone mad, signs something else as edition 3."""
        signing = Signing(self.out, self.province.keys)
        current = signing.current()
        assert current is not None
        signing.write(change(replace(current.tree, edition=3)), 3, NOW)

    def keep(self, data: bytes) -> Ref:
        """An object in the tree."""
        with open(self.folder / "forged", "wb+") as file:
            file.write(data)
            file.seek(0)
            kept = Objects(self.out / "objects", 0o644).put(file)
        return Ref(kept.sha256, kept.size)

    def forge_list(self, data: bytes | dict[str, Any], pack: str = "farm") -> None:
        """The list of a pack is this."""
        raw = gzip.compress(json.dumps(data).encode()) if isinstance(data, dict) else data
        listed = self.keep(raw)
        self.forge(lambda tree: replace(tree, packs={pack: Entry(pack, "Gói", 1, 1, listed)}))

    def forge_pack(self, files: dict[str, bytes], item: dict[str, Any] | None = None) -> None:
        """A pack of these files and one item."""
        refs = {place: self.keep(data) for place, data in files.items()}
        pairs = {place: [ref.sha256, ref.size] for place, ref in refs.items()}
        self.forge_list({"format": 1, "files": pairs, "items": [{**ITEM, **(item or {})}]})


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scene of a stage, made once."""
    folder = tmp_path_factory.mktemp("kept")
    province = Province(folder / "province")
    province.pack("farm", OLD)
    province.publish()
    Station(folder / "station", province).update(province.out)
    shutil.copytree(province.out, folder / "first")
    province.pack("farm", NEW)
    province.publish()
    return folder


ITEM = {
    "id": "farm/x",
    "pack": "farm",
    "title": "X",
    "theme": "agri",
    "language": "vi",
    "format": "html",
    "file": "x.html",
}
X = b"<p>x</p>"
ELF = b"\x7fELF" + b"\0" * 100
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def stage(tmp_path: Path, kept: Path) -> Stage:
    shutil.copytree(kept, tmp_path / "stage", symlinks=True)
    return Stage(tmp_path / "stage")


def change(path: Path, how: Callable[[bytes], bytes]) -> None:
    path.write_bytes(how(path.read_bytes()))


def tree_file(stage: Stage) -> Path:
    newest = Metadata.from_bytes((stage.out / "metadata" / "2.targets.json").read_bytes()).signed
    return stage.out / "targets" / f"{newest.targets['tree.json'].hashes['sha256']}.tree.json"  # type: ignore[attr-defined]


def older(stage: Stage) -> None:
    """Edition 1, after edition 2 was in use."""
    assert stage.station.update(stage.out).edition == 2
    stage.old = stage.station.titles()
    shutil.rmtree(stage.out)
    shutil.copytree(stage.folder / "first", stage.out)


def other_province(stage: Stage) -> None:
    """A whole good tree of somebody else."""
    stranger = Province(stage.folder / "stranger")
    stranger.pack("farm", {"scam": "Bài lừa đảo\nXin chuyển tiền."})
    for _edition in range(3):
        stranger.publish()
    shutil.rmtree(stage.out)
    shutil.copytree(stranger.out, stage.out)


def stolen_root(stage: Stage) -> None:
    """A second root, signed by a stranger's key only."""
    stranger = Keys(stage.folder / "stranger-keys")
    stranger.make(NOW)
    root = Metadata[Root].from_bytes(stranger.roots()[0][1])
    root.signed.version = 2
    root.sign(stranger.signer("root"))
    (stage.out / "metadata" / "2.root.json").write_bytes(root.to_bytes())


def mixed(stage: Stage) -> None:
    """The new timestamp over the old snapshot."""
    first = stage.folder / "first" / "metadata" / "1.snapshot.json"
    shutil.copyfile(first, stage.out / "metadata" / "2.snapshot.json")


def flipped(path: Path) -> None:
    change(path, lambda data: data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def link(path: Path) -> None:
    path.rename(path.with_suffix(".away"))
    path.symlink_to(path.with_suffix(".away"))


def place(name: str) -> Callable[[Stage], None]:
    """A file of that name in a pack."""
    return lambda stage: stage.forge_pack({"x.html": X, name: b"evil"})


def item(**fields: Any) -> Callable[[Stage], None]:
    """An item with these fields."""
    return lambda stage: stage.forge_pack({"x.html": X}, fields)


def sites(text: str) -> Callable[[Stage], None]:
    return lambda stage: stage.forge(lambda tree: replace(tree, sites=stage.keep(text.encode())))


def deep(stage: Stage) -> None:
    data = b'{"format": 1, "files": {}, "items": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    stage.forge_list(gzip.compress(data))


HOSTILE: dict[str, Callable[[Stage], None]] = {
    "older than what is in use": older,
    "of another province": other_province,
    "a root of a stranger": stolen_root,
    "old and new mixed": mixed,
    "timestamp changed": lambda stage: change(
        stage.out / "metadata" / "timestamp.json", lambda data: data.replace(b'"version":2', b'"version":9')
    ),
    "timestamp no JSON": lambda stage: change(stage.out / "metadata" / "timestamp.json", lambda _data: b"{"),
    "timestamp of deep JSON": lambda stage: change(
        stage.out / "metadata" / "timestamp.json", lambda _data: b"[" * 16_000
    ),
    "timestamp too long": lambda stage: change(
        stage.out / "metadata" / "timestamp.json", lambda data: data + b" " * 20_000
    ),
    "timestamp a pipe": lambda stage: pipe(stage.out / "metadata" / "timestamp.json"),
    "signatures gone": lambda stage: change(
        stage.out / "metadata" / "2.targets.json",
        lambda data: json.dumps({**json.loads(data), "signatures": []}).encode(),
    ),
    "no snapshot": lambda stage: (stage.out / "metadata" / "2.snapshot.json").unlink(),
    "tree changed": lambda stage: flipped(tree_file(stage)),
    "a pack with a path": lambda stage: stage.forge(
        lambda tree: replace(tree, packs={"farm": replace(tree.packs["farm"], id="../evil")})
    ),
    "a policy with a path": lambda stage: stage.forge(
        lambda tree: replace(tree, policies={"../../policy": next(iter(tree.packs.values())).listed})
    ),
    "object changed": lambda stage: flipped(stage.largest()),
    "object longer": lambda stage: change(stage.largest(), lambda data: data + b"more"),
    "object shorter": lambda stage: change(stage.largest(), lambda data: data[:-9]),
    "object gone": lambda stage: stage.largest().unlink(),
    "object a pipe": lambda stage: pipe(stage.largest()),
    "object a link": lambda stage: link(stage.largest()),
    "list a bomb": lambda stage: stage.forge_list(gzip.compress(b" " * 200_000_000, 9)),
    "list no gzip": lambda stage: stage.forge_list(b"hello"),
    "list with a tail": lambda stage: stage.forge_list(gzip.compress(b'{"format":1}') + b"tail"),
    "list of deep JSON": deep,
    "list of a newer form": lambda stage: stage.forge_list({"format": 2, "files": {}, "items": []}),
    "list without items": lambda stage: stage.forge_list({"format": 1, "files": {}, "items": []}),
    "list with too many files": lambda stage: stage.forge_list(
        {"format": 1, "files": {f"f{n}": ["0" * 64, 0] for n in range(20_000)}, "items": [ITEM]}
    ),
    "a file above": place("../evil.html"),
    "a file far above": place("a/../../../evil.html"),
    "an absolute file": place("/etc/evil"),
    "a backslash": place("a\\..\\evil"),
    "a drive": place("c:/evil"),
    "a hidden file": place(".bashrc"),
    "a newline": place("a\nb.html"),
    "a device": place("aux.html"),
    "an endless name": place("n" * 300),
    "two of one name": place("X.HTML"),
    "a file and a folder": place("x.html/y.html"),
    "a size that is a lie": lambda stage: stage.forge_list(
        {"format": 1, "files": {"x.html": [stage.keep(X).sha256, 9]}, "items": [ITEM]}
    ),
    "a hash that is a path": lambda stage: stage.forge_list(
        {"format": 1, "files": {"x.html": ["../" * 21 + "a", 8]}, "items": [ITEM]}
    ),
    "larger than any library": lambda stage: stage.forge_list(
        {"format": 1, "files": {"x.html": [stage.keep(X).sha256, 2**50]}, "items": [ITEM]}
    ),
    "a negative size": lambda stage: stage.forge_list(
        {"format": 1, "files": {"x.html": [stage.keep(X).sha256, -1]}, "items": [ITEM]}
    ),
    "an item of another pack": item(id="health/x"),
    "an item without its file": item(file="y.html"),
    "an item that is a script": item(format="link", file="", url="javascript:alert(1)"),
    "an item of no theme": item(theme="<b>"),
    "an item that is no text": item(title=["x"]),
    "a program": lambda stage: stage.forge_pack({"x.html": ELF}),
    "a drawing with a script": lambda stage: stage.forge_pack({"x.html": X, "x.svg": SVG}),
    "a film that is a page": lambda stage: stage.forge_pack({"x.html": X, "x.png": b"<html><script>"}),
    "sites without columns": sites("a,b\n1,2\n"),
    "sites with a script": sites('code,name\n"=cmd()",x\n'),
}  # fmt: skip


def untouched(stage: Stage) -> None:
    """The library is as it was, and nothing was written elsewhere."""
    assert stage.station.titles() == stage.old and stage.station.faults() == []
    assert not list(stage.folder.rglob("evil*")) and not (Path("/etc/evil")).exists()


@pytest.mark.slow
@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("way", ["web", "stick"])
def test_a_hostile_tree_is_refused_with_a_sentence(stage: Stage, case: str, way: str) -> None:
    HOSTILE[case](stage)
    if way == "web" and case in ("object a link", "timestamp a pipe", "object a pipe"):
        return  # a server shows files only
    with served(stage.out) as web, pytest.raises(KioskError) as refused:
        stage.station.update(web.address if way == "web" else stage.out)
    error = refused.value
    assert error.message and error.hint and "Traceback" not in str(error) and "Error(" not in str(error), error
    untouched(stage)


def test_the_stage_itself_is_good(stage: Stage) -> None:
    """The control: what the cases change is taken when they change nothing, also what the province forges."""
    stage.forge_pack({"x.html": X, "sub/pic.svg": SVG.replace(b"<script>alert(1)</script>", b"")}, {"title": "Thật"})
    assert stage.station.update(stage.out).edition == 3
    assert stage.station.titles() == ["Thật"] and stage.station.faults() == []


@pytest.mark.parametrize("what", ["objects/", "timestamp.json", "tree.json", "2.root.json"])
def test_what_never_ends_is_not_read_for_ever(stage: Stage, what: str) -> None:
    with served(stage.out) as web:
        web.endless = what
        with pytest.raises(KioskError):
            stage.station.update(web.address)
        assert web.sent < 40_000_000
    untouched(stage)


def test_a_sign_in_page_in_the_place_of_everything_is_named(stage: Stage) -> None:
    with served(stage.out) as web:
        web.twist = lambda _path, _data: b"<html><form>Please sign in to the network</form></html>"
        with pytest.raises(KioskError, match="sign-in page|trang đăng nhập"):
            stage.station.update(web.address)
    untouched(stage)


def test_a_server_that_drips_is_left(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten bytes a minute keep a connection open for ever, and every update away."""
    hours = iter(range(0, 10**9, 61))
    monkeypatch.setattr(sources, "CHUNK", 10)
    with served(stage.out) as web:
        with pytest.raises(KioskError, match="slowly|chậm"):
            stage.station.update(Web(web.address, clock=lambda: float(next(hours))))
    untouched(stage)
    with served(stage.out) as web:
        assert stage.station.update(Web(web.address)).edition == 2


@pytest.mark.parametrize("what", ["nothing there", "no tree", "no port"])
def test_a_wrong_address_is_a_sentence(stage: Stage, what: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with served(tmp_path / "empty") as web:
        address = {"nothing there": str(tmp_path / "away"), "no tree": web.address, "no port": "http://127.0.0.1:1/x"}
        with pytest.raises(KioskError) as told:
            stage.station.update(address[what])
    assert told.value.hint
    untouched(stage)


def test_a_tree_that_was_refused_does_not_keep_the_next_good_one_away(stage: Stage) -> None:
    honest = stage.folder / "honest"
    shutil.copytree(stage.out, honest)
    stage.forge_list(b"hello")
    with pytest.raises(KioskError):
        stage.station.update(stage.out)
    assert stage.station.update(honest).edition == 2  # edition 3 was seen, and never believed
    untouched_by = stage.station.faults()
    assert untouched_by == [] and stage.station.left() == []


def test_a_freeze_is_told_with_its_date(stage: Stage) -> None:
    """A server that shows the old tree for ever cannot be told from a province that sleeps: staff hear the date."""
    frozen: Served
    with served(stage.folder / "first") as frozen:
        assert stage.station.update(frozen.address, days=20).warnings == ()
        assert stage.station.update(frozen.address, days=90).warnings == ("stale",)
