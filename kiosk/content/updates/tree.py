"""What the province signs: one small file that names everything else by its hash and length.

OUT/
  metadata/1.root.json, 7.targets.json, 7.snapshot.json, timestamp.json     TUF, consistent snapshots
  targets/<sha256>.tree.json                                                the only target: this file's format
  objects/ab/<sha256>       every file of every pack, packs' lists, policies, the list of sites
  catalogue.json            OPDS 2.0 of all packs, for other readers; stations make their own

tree.json    {"format": 1, "edition": 7, "published": "2026-11-22T10:00:00Z", "sites": REF or null,
              "packs": {ID: {"title": ..., "items": 12, "bytes": 345, "list": REF}}, "policies": {NAME: REF}}
a pack's list    gzip of {"format": 1, "files": {PLACE: REF}, "items": [ITEM]};   REF = [sha256, bytes], ITEM as
                 items.Item names its fields, without what a station adds

Stations believe none of it further than its signature: every name and number is looked at again here.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime, timezone
from pathlib import PurePosixPath
from typing import Any

from kiosk.content.items import AUDIENCES, ENDINGS, LANGUAGE, THEME_CODES, Item
from kiosk.content.packs import NAME, URL
from kiosk.content.shelf_making import plain
from kiosk.content.zips import MAX_BYTES, MAX_FILES, MAX_NAME, cannot_be_stored, one_name
from kiosk.translations import _

FORMAT = 1
FILE = "tree.json"
MAX_TREE = 4 << 20  # bytes of tree.json
MAX_LIST = 16 << 20  # bytes of a pack's list, unpacked
POLICY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Ref:
    """An object, by the hash and the number of its bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A pack of the tree; `listed` is the list of its files."""

    id: str
    title: str
    items: int
    bytes: int
    listed: Ref


@dataclass(frozen=True)
class Tree:
    """One edition. `policies` are named without their ending."""

    edition: int
    published: datetime
    packs: dict[str, Entry]
    policies: dict[str, Ref]
    sites: Ref | None = None

    def refs(self) -> Iterable[Ref]:
        """What it names itself; the packs' files are named by their lists."""
        yield from (entry.listed for entry in self.packs.values())
        yield from self.policies.values()
        if self.sites is not None:
            yield self.sites


def dump(tree: Tree) -> bytes:
    """The same tree is the same bytes."""
    packs = {
        entry.id: {"title": entry.title, "items": entry.items, "bytes": entry.bytes, "list": _pair(entry.listed)}
        for entry in tree.packs.values()
    }
    data = {
        "format": FORMAT, "edition": tree.edition, "published": written(tree.published), "packs": packs,
        "policies": {name: _pair(ref) for name, ref in tree.policies.items()},
        "sites": None if tree.sites is None else _pair(tree.sites),
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def load(data: bytes) -> Tree:
    """The tree again. ValueError says what is wrong with it."""
    found = _object(data)
    packs = {}
    for name, one in _table(found.get("packs")).items():
        if not NAME.fullmatch(name):
            raise ValueError(_("a name in it is wrong"))
        entry = _table(one)
        packs[name] = Entry(
            name, _text(entry.get("title")), _count(entry.get("items")), _count(entry.get("bytes")),
            _ref(entry.get("list")),
        )  # fmt: skip
    policies = {name: _ref(one) for name, one in _table(found.get("policies")).items()}
    if not all(POLICY.fullmatch(name) for name in policies):
        raise ValueError(_("a name in it is wrong"))
    sites = found.get("sites")
    return Tree(
        _count(found.get("edition")), read_time(found.get("published")), packs, policies,
        None if sites is None else _ref(sites),
    )  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """What a pack is made of."""

    files: dict[str, Ref]
    items: tuple[Item, ...]


def dump_list(listing: Listing) -> bytes:
    """A pack's list."""
    files = {place: _pair(ref) for place, ref in listing.files.items()}
    data = {"format": FORMAT, "files": files, "items": [json.loads(item.as_json()) for item in listing.items]}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return gzip.compress(text.encode(), 9, mtime=0)


def load_list(pack: str, data: bytes) -> Listing:
    """The list again. ValueError for a bomb, a place outside, two files of one name, an item that is none."""
    unpacker = zlib.decompressobj(31)
    try:
        text = unpacker.decompress(data, MAX_LIST)
    except zlib.error:
        raise ValueError(_("a list of files in it is damaged or too long")) from None
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError(_("a list of files in it is damaged or too long"))
    found = _object(text)
    files = {place: _ref(one) for place, one in _table(found.get("files")).items()}
    _check_files(files)
    items = found.get("items")
    listing = Listing(files, tuple(_item(pack, one, files) for one in items) if isinstance(items, list) else ())
    if not listing.items or len({item.id for item in listing.items}) < len(listing.items):
        raise ValueError(_("a pack in it has no items, or one of them twice"))
    return listing


def _check_files(files: Mapping[str, Ref]) -> None:
    if len(files) > MAX_FILES or sum(ref.size for ref in files.values()) > MAX_BYTES:
        raise ValueError(_("it is too large"))
    seen, folders = set[str](), set[str]()
    for place in files:
        if not safe(place):
            raise ValueError(_("{name} would lie outside the pack", name=ascii(place)[:80]))
        if one_name(place) in seen:
            raise ValueError(_("it has {name} twice", name=place))
        seen.add(one_name(place))
        folders |= {one_name(str(parent)) for parent in PurePosixPath(place).parents}
    if seen & folders:
        raise ValueError(_("it has {name} twice", name=min(seen & folders)))


def _item(pack: str, data: Any, files: Mapping[str, Ref]) -> Item:
    """An item, after each of its fields was looked at."""
    table = _table(data)
    named = {field.name: type(field.default) if field.default != MISSING else str for field in fields(Item)}
    for name, value in table.items():
        if name in named and type(value) is not named[name]:
            raise ValueError(_("{name} in it is no item", name=ascii(table.get("id"))[:80]))
    item = plain(Item.from_data(table))
    kind, name = ENDINGS.get(PurePosixPath(item.file).suffix.lower(), ("", ""))[0], item.id.removeprefix(f"{pack}/")
    good = (
        item.pack == pack and item.id == f"{pack}/{name}" and NAME.fullmatch(name) and item.title
        and item.theme in THEME_CODES and item.audience in AUDIENCES and LANGUAGE.fullmatch(item.language)
        and (URL.fullmatch(item.url) if item.format == "link" else item.file in files and item.format == kind)
        and all(place in files for place in (item.poster, item.subtitles, item.transcript) if place)
    )  # fmt: skip
    if not good:
        raise ValueError(_("{name} in it is no item", name=ascii(item.id)[:80]))
    return item


def safe(place: str) -> bool:
    """Whether a file may stand there in a pack: below it, visible, and the same name on every file system."""
    parts = place.split("/")
    bad = "\\" in place or ":" in place or len(place.encode(errors="replace")) > MAX_NAME or not place.isprintable()
    return not bad and all(part and not part.startswith(".") and not cannot_be_stored(part) for part in parts)


def written(moment: datetime) -> str:
    """A moment as it stands in the tree."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(value: Any) -> datetime:
    """The moment again."""
    try:
        return datetime.strptime(_text(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise ValueError(_("something in it is missing or wrong")) from None


def _pair(ref: Ref) -> list[str | int]:
    return [ref.sha256, ref.size]


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = _table(json.loads(data))
    except (ValueError, RecursionError):
        raise ValueError(_("something in it is missing or wrong")) from None
    if found.get("format") != FORMAT:
        raise ValueError(_("it was made for another version of kiosk"))
    return found


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(_("something in it is missing or wrong"))
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500:
        raise ValueError(_("something in it is missing or wrong"))
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError(_("something in it is missing or wrong"))
    return value


def _ref(value: Any) -> Ref:
    if not isinstance(value, list) or len(value) != 2 or not _SHA256.fullmatch(_text(value[0])):
        raise ValueError(_("something in it is missing or wrong"))
    if (size := _count(value[1])) > MAX_BYTES:
        raise ValueError(_("it is too large"))
    return Ref(value[0], size)
