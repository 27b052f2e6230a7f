"""The list of a pack's files and items, as the tree carries it; the format is told in tree.py."""

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import PurePosixPath
from typing import Any

from kiosk.content.items import AUDIENCES, ENDINGS, LANGUAGE, THEME_CODES, Item
from kiosk.content.packs import NAME, URL
from kiosk.content.shelf_making import plain
from kiosk.content.updates.tree import FORMAT, Ref, pair, read_object, read_ref, read_table
from kiosk.content.zips import MAX_BYTES, MAX_FILES, MAX_NAME, cannot_be_stored, one_name
from kiosk.translations import _

MAX_LIST = 16 << 20  # bytes of a list, unpacked


@dataclass(frozen=True)
class Listing:
    """What a pack is made of."""

    files: dict[str, Ref]
    items: tuple[Item, ...]


def dump_list(listing: Listing) -> bytes:
    """A pack's list."""
    files = {place: pair(ref) for place, ref in listing.files.items()}
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
    found = read_object(text)
    files = {place: read_ref(one) for place, one in read_table(found.get("files")).items()}
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
    table = read_table(data)
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
