"""The bundle of one station and day: JSON lines, gzip, first line the manifest. Shared with the province.

Each line is an object with a `kind`. Counts of use are exact; sign-in answers are in it as releases only.
Fields and kinds are only ever added: a reader ignores what it does not know, so that old bundles can be read for ever.

| kind     | key              | fields                                                                               |
|----------|------------------|--------------------------------------------------------------------------------------|
| manifest |                  | spec, site, station, epoch, day, revision, sequence, previous, created, software,     |
|          |                  | policy, rows (lines by kind), lineage (absent: as epoch)                              |
| day      |                  | visits, too_short, extensions, assisted, seconds, minutes, planned_minutes,           |
|          |                  | open_minutes, internet_minutes, boots, unclean                                       |
| end      | code             | count: sessions (visits and too short ones) that ended so                             |
| month    | month table side | count: exact counts of a month that is over (FST, NO_PICTURE, GRP_U), on its next day |
| release  | id table         | yes, no: visits released by the month's end before this day; first_day, last_day,     |
|          |                  | versions of the codes. An id is given once; every revision repeats its line           |
| reason   | code             | count: redated: sessions that came to the day when the date of their boot was found   |
|          |                  | out; journal: times that the journal of the day was changed after it had been told    |
| open     | item             | count: times that a content item was opened                                          |
| missed   | words            | count: sessions that looked for these folded words in vain; on the day on which they  |
|          |                  | were enough those before it are in it, so a sum over days is right                   |
| print    |                  | pages: that the printer took; no line where there were none                          |
| health   |                  | minutes that the PC looked after itself, and of them with something wrong, by thing;  |
|          |                  | writes and their ms; starts with a lost clock (rules/health_days.py)                  |
| lock     | month            | figures: what was told of a reported month when it was locked on this day; first_day, |
|          |                  | last_day, at (UTC), figures and versions by code (rules/indicators.py), as text;      |
|          |                  | `~redated`: sessions of it whose day was found out later                              |
| revision | month code at    | a figure of a locked month is another one since: before and after it (text or null),  |
|          |                  | cause (rules/month_lock.py), reason where staff typed one. On the day it was noted    |
| journal  | code             | count: a sum of what staff wrote down, or a level at the day's end (rules/journal.py) |
| journal_before | month code | count: the same of a month before the station's first day; in that day's bundle       |
"""

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any, Literal

from kiosk.errors import DamagedError
from kiosk.rules.health_days import CODES as HEALTH
from kiosk.translations import _

SPEC = "kiosk-bundle/1"
NO_PREVIOUS = "0" * 64
MAX_COMPRESSED = 256 * 1024
MAX_PLAIN = 4 * 1024 * 1024
MAX_COUNT = 1_000_000
# Revisions and sequences are kept in 64 bits by whoever receives; JSON knows no end.
MAX_NUMBER = 2**53
# Values and lines of a bundle, so that one of a few kilobytes cannot fill the memory when it is read.
MAX_VALUES = 100_000

Line = dict[str, Any]
Code = Literal["TRUNCATED", "TOO_BIG", "SCHEMA", "ROWCOUNT", "RANGE"]

# kind -> (fields that name the line, fields that count). A bundle has one line for each name.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "day": (
        (),
        ("visits", "too_short", "extensions", "assisted", "seconds", "minutes")
        + ("planned_minutes", "open_minutes", "internet_minutes", "boots", "unclean"),
    ),
    "end": (("code",), ("count",)),
    "month": (("month", "table", "side"), ("count",)),
    "release": (("id", "table"), ("yes", "no")),
    "reason": (("code",), ("count",)),
    "open": (("item",), ("count",)),
    "missed": (("words",), ("count",)),
    "print": ((), ("pages",)),
    "health": ((), HEALTH),
    "lock": (("month",), ()),
    "revision": (("month", "code", "at"), ()),
    "journal": (("code",), ("count",)),
    "journal_before": (("month", "code"), ("count",)),
}
# Fields that only describe a line, by kind.
TEXTS = {
    "release": ("first_day", "last_day", "versions"),
    "lock": ("first_day", "last_day", "at"),
    "revision": ("cause", "reason"),
}

# One PC in one day; sessions count for the day of their start, so they may run over midnight.
LIMITS = {"seconds": 172_800, "minutes": 5_760, "planned_minutes": 1_440, "open_minutes": 1_440}
LIMITS |= {"internet_minutes": 1_440}

# A station's name has no "_", so that a file name can be taken apart from its end.
SITE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,63}")
STATION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,31}")


class BundleError(DamagedError):
    """A bundle that cannot be taken; `code` and `detail` are for the province's quarantine."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(
            _("The bundle is not valid: {detail}.", detail=detail), _("Have the station write the day again.")
        )
        self.code: Code = code
        self.detail = detail


@dataclass(frozen=True)
class Manifest:
    """The first line. `previous` is the sha256 of the file before in `sequence`; `policy` that of policy.toml.

    `lineage` names the memory that counted, through restores and new epochs: of one lineage the highest revision of a
    day counts, what several have counted of a day is added. Bundles older than it say the epoch alone.
    """

    site: str
    station: str
    epoch: str
    day: str
    revision: int
    sequence: int
    previous: str
    created: str
    software: str
    policy: str
    rows: Mapping[str, int]
    spec: str = SPEC
    lineage: str = ""

    def __post_init__(self) -> None:
        if self.lineage == "":
            object.__setattr__(self, "lineage", self.epoch)

    @property
    def name(self) -> str:
        """The file name."""
        return f"{self.site}_{self.station}_{self.day}_r{self.revision}.jsonl.gz"


@dataclass(frozen=True)
class Bundle:
    """A bundle that was read and found whole."""

    manifest: Manifest
    lines: tuple[Line, ...]

    @property
    def day(self) -> Line:
        """The line of the day's totals."""
        return next(line for line in self.lines if line["kind"] == "day")


def body_bytes(lines: Iterable[Line]) -> bytes:
    """The lines after the manifest, always the same bytes for the same lines."""
    return b"".join(_line(line) for line in lines)


def rows_of(lines: Iterable[Line]) -> dict[str, int]:
    """Lines by kind, for the manifest."""
    return dict(sorted(Counter(line["kind"] for line in lines).items()))


def write(manifest: Manifest, lines: Iterable[Line]) -> bytes:
    """The file."""
    return gzip.compress(
        _line({"kind": "manifest", "spec": manifest.spec} | asdict(manifest)) + body_bytes(lines), 9, mtime=0
    )


def file_hash(content: bytes) -> str:
    """What chains the files and names their bytes."""
    return sha256(content).hexdigest()


def read(content: bytes) -> Bundle:
    """The bundle in a file; BundleError when it is not whole, not ours, or says what cannot be."""
    plain = _plain(content)
    if plain.count(b",") + plain.count(b"\n") > MAX_VALUES:
        raise BundleError("TOO_BIG", "more values than a bundle may have")
    lines = _objects(plain)
    if not lines or lines[0].get("kind") != "manifest":
        raise BundleError("SCHEMA", "no manifest")
    manifest, body = _manifest(lines[0]), tuple(lines[1:])
    if not _good(manifest.rows, body):
        _find_fault(manifest.rows, body)
    return Bundle(manifest, body)


def _find_fault(rows: Mapping[str, int], body: tuple[Line, ...]) -> None:
    """All that lines must be, in the order of the codes."""
    if rows_of(body) != dict(rows):
        raise BundleError("ROWCOUNT", "other lines than the manifest says")
    for line in body:
        _check_line(line)
    _check_whole(body)


def _line(value: Line) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(content: bytes) -> bytes:
    """Unpacked, never more than MAX_PLAIN bytes of it."""
    if len(content) > MAX_COMPRESSED:
        raise BundleError("TOO_BIG", "more bytes than a bundle may have")
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(content, MAX_PLAIN + 1)
    except zlib.error:
        raise BundleError("TRUNCATED", "not gzip") from None
    if len(plain) > MAX_PLAIN:
        raise BundleError("TOO_BIG", "more bytes than a bundle may have")
    if not unpack.eof or unpack.unused_data or not plain.endswith(b"\n"):
        raise BundleError("TRUNCATED", "cut off, or more behind its end")
    return plain


_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


_ODD = ("\r", "\\u", '" ', '"\t')


def _objects(plain: bytes) -> list[Line]:
    """The lines' objects. Fast for what stations write; anything else is looked at line by line."""
    found: list[Line] = []
    try:
        text = plain.decode()
        place, length, names = 0, len(text), 0
        while place < length:
            value, place = _scan(text, place)
            if text[place] != "\n" or type(value) is not dict or type(value.get("kind")) is not str:
                break
            found.append(value)
            names += len(value)
            place += 1
        # An object that goes over several lines, or a line that another sign ends, is none of ours; nor is one in which
        # a name stands twice (each stands before `":`, also in the objects of a line), or a letter is half a one.
        # _ODD: what would let a colon stand apart from its name, and two such oddities make up for one another.
        if place == length and text.count("\n") == len(found) and not any(sign in text for sign in _ODD):
            inside = text.count('":') - names
            if inside == len(found[0].get("rows", ())) or inside == _names_inside(found):
                return found
    except (ValueError, StopIteration, RecursionError, IndexError, TypeError):
        pass
    return [_parsed(line) for line in plain.splitlines()]


def _parsed(line: bytes) -> Line:
    try:
        value = json.loads(line, object_pairs_hook=_once)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate is no letter
    except (ValueError, RecursionError):
        raise BundleError("SCHEMA", "a line that is not JSON") from None
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise BundleError("SCHEMA", "a line without a kind")
    return value


def _names_inside(lines: list[Line]) -> int:
    """The names of the objects that stand in lines."""
    return sum(len(one) for line in lines for one in line.values() if type(one) is dict)


def _once(pairs: list[tuple[str, Any]]) -> Line:
    """An object in which no name stands twice: readers would not agree on which of them counts."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands there twice")
    return value


_FIELDS = tuple(name for name in Manifest.__dataclass_fields__ if name != "lineage")
_texts = itemgetter("site", "station", "epoch", "day", "previous", "created", "software", "policy")
_HASH, _ID = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{16}")


def _manifest(line: Line) -> Manifest:
    try:
        fields = {name: line[name] for name in _FIELDS}
        manifest = Manifest(**fields, lineage=line["lineage"] if "lineage" in line else "")
    except KeyError:
        raise BundleError("SCHEMA", "a field is missing in the manifest") from None
    if manifest.spec != SPEC or {type(manifest.lineage), *map(type, _texts(line))} != {str}:
        raise BundleError("SCHEMA", "not a manifest of this specification")
    if not SITE_CODE.fullmatch(manifest.site) or not STATION_NAME.fullmatch(manifest.station):
        raise BundleError("SCHEMA", "no such site or station can be")
    if not (_HASH.fullmatch(manifest.previous) and _ID.fullmatch(manifest.epoch) and _ID.fullmatch(manifest.lineage)):
        raise BundleError("SCHEMA", "previous, epoch or lineage is not a hash")
    if not isinstance(manifest.rows, dict) or not all(map(_is_count, manifest.rows.values())):
        raise BundleError("SCHEMA", "rows are not counts")
    if not (_is_number(manifest.revision) and _is_number(manifest.sequence)):
        raise BundleError("RANGE", "revision and sequence begin at 1")
    _check_date(manifest.day, manifest.created)
    return manifest


def _check_date(day: str, created: str) -> None:
    try:
        good = date.fromisoformat(day).isoformat() == day and datetime.fromisoformat(created).tzinfo is not None
    except ValueError:
        good = False
    if not good:
        raise BundleError("SCHEMA", "a date that is none")


# kind -> (fields that name the line, fields that describe it, fields that count, each with its limit)
_RULES = {
    kind: (names, TEXTS.get(kind, ()), tuple((name, LIMITS.get(name, MAX_COUNT)) for name in counts))
    for kind, (names, counts) in KINDS.items()
}


_FIGURES = ("lock", "revision")


def _good(rows: Mapping[str, int], body: tuple[Line, ...]) -> bool:
    """True only where `_find_fault` would find none: the same in one go, for the many that are as they should be."""
    seen: dict[str, int] = {}
    keys: set[tuple[str, ...]] = set()
    named = sessions = ended = 0
    for line in body:
        kind = line["kind"]
        seen[kind] = seen.get(kind, 0) + 1
        if (rule := _RULES.get(kind)) is None:
            continue
        key = (kind, *[line.get(name) for name in rule[0]])
        for text in key:
            if type(text) is not str:
                return False
        for name in rule[1]:
            if type(line.get(name)) is not str:
                return False
        for name, limit in rule[2]:
            if type(count := line.get(name)) is not int or not 0 <= count <= limit:
                return False
        keys.add(key)
        named += 1
        if kind == "end":
            ended += line["count"]
        elif kind == "day":
            sessions = line["visits"] + line["too_short"]
        elif kind in _FIGURES and not _figures_are_texts(line):
            return False
    return seen == rows and named == len(keys) and seen.get("day") == 1 and ended == sessions


def _check_line(line: Line) -> None:
    known = KINDS.get(line["kind"])
    if known is None:
        return
    names, counts = known
    texts = (*names, *TEXTS.get(line["kind"], ()))
    if not all(isinstance(line.get(name), str) for name in texts) or not all(name in line for name in counts):
        raise BundleError("SCHEMA", f"a field is missing or wrong in a line of kind {line['kind']}")
    if line["kind"] in _FIGURES and not _figures_are_texts(line):
        raise BundleError("SCHEMA", f"a figure is no text in a line of kind {line['kind']}")
    for name in counts:
        if not _is_count(line[name]) or line[name] > LIMITS.get(name, MAX_COUNT):
            raise BundleError("RANGE", f"{name} cannot be that")


def _figures_are_texts(line: Line) -> bool:
    """Told figures are texts, or null where there was no number."""
    if line["kind"] == "revision":
        told = [line.get("before"), line.get("after")]
    elif not isinstance(line.get("figures"), dict) or not isinstance(line.get("versions"), dict):
        return False
    else:
        told = [*line["figures"].values(), *line["versions"].values()]
    return all(one is None or isinstance(one, str) for one in told)


def _check_whole(body: tuple[Line, ...]) -> None:
    """One line for each name, and every session has ended once."""
    keys = Counter(
        (line["kind"], *(line[name] for name in KINDS[line["kind"]][0])) for line in body if line["kind"] in KINDS
    )
    if keys[("day",)] != 1 or any(count > 1 for count in keys.values()):
        raise BundleError("SCHEMA", "a line is missing or stands there twice")
    day = next(line for line in body if line["kind"] == "day")
    if sum(line["count"] for line in body if line["kind"] == "end") != day["visits"] + day["too_short"]:
        raise BundleError("RANGE", "visits and ends do not agree")


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value


def _is_number(value: object) -> bool:
    return type(value) is int and 0 < value <= MAX_NUMBER
