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

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from kiosk.content.packs import NAME
from kiosk.content.zips import MAX_BYTES
from kiosk.translations import _

FORMAT = 1
FILE = "tree.json"
MAX_TREE = 4 << 20  # bytes of tree.json
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
        entry.id: {"title": entry.title, "items": entry.items, "bytes": entry.bytes, "list": pair(entry.listed)}
        for entry in tree.packs.values()
    }
    data = {
        "format": FORMAT, "edition": tree.edition, "published": written(tree.published), "packs": packs,
        "policies": {name: pair(ref) for name, ref in tree.policies.items()},
        "sites": None if tree.sites is None else pair(tree.sites),
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def load(data: bytes) -> Tree:
    """The tree again. ValueError says what is wrong with it."""
    found = read_object(data)
    packs = {}
    for name, one in read_table(found.get("packs")).items():
        if not NAME.fullmatch(name):
            raise ValueError(_("a name in it is wrong"))
        entry = read_table(one)
        packs[name] = Entry(
            name, read_text(entry.get("title")), read_count(entry.get("items")), read_count(entry.get("bytes")),
            read_ref(entry.get("list")),
        )  # fmt: skip
    policies = {name: read_ref(one) for name, one in read_table(found.get("policies")).items()}
    if not all(POLICY.fullmatch(name) for name in policies):
        raise ValueError(_("a name in it is wrong"))
    sites = found.get("sites")
    return Tree(
        read_count(found.get("edition")), read_time(found.get("published")), packs, policies,
        None if sites is None else read_ref(sites),
    )  # fmt: skip


def written(moment: datetime) -> str:
    """A moment as it stands in the tree."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(value: Any) -> datetime:
    """The moment again."""
    try:
        return datetime.strptime(read_text(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise ValueError(_("something in it is missing or wrong")) from None


def pair(ref: Ref) -> list[str | int]:
    return [ref.sha256, ref.size]


def read_object(data: bytes) -> dict[str, Any]:
    try:
        found = read_table(json.loads(data))
    except (ValueError, RecursionError):
        raise ValueError(_("something in it is missing or wrong")) from None
    if found.get("format") != FORMAT:
        raise ValueError(_("it was made for another version of kiosk"))
    return found


def read_table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(_("something in it is missing or wrong"))
    return value


def read_text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500:
        raise ValueError(_("something in it is missing or wrong"))
    return value


def read_count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError(_("something in it is missing or wrong"))
    return value


def read_ref(value: Any) -> Ref:
    if not isinstance(value, list) or len(value) != 2 or not _SHA256.fullmatch(read_text(value[0])):
        raise ValueError(_("something in it is missing or wrong"))
    if (size := read_count(value[1])) > MAX_BYTES:
        raise ValueError(_("it is too large"))
    return Ref(value[0], size)
