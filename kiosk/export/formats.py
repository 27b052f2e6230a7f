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
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from operator import itemgetter

from kiosk.export.bundle_lines import (
    KINDS,
    LIMITS,
    MAX_COUNT,
    TEXTS,
    BundleError,
    Code,
    Line,
    find_fault,
    good,
    is_count,
    rows_of,
)
from kiosk.export.bundle_text import MAX_COMPRESSED, MAX_PLAIN, lines_in

__all__ = [
    "KINDS", "LIMITS", "MAX_COMPRESSED", "MAX_COUNT", "MAX_PLAIN", "NO_PREVIOUS", "SITE_CODE", "SPEC", "STATION_NAME",
    "TEXTS", "Bundle", "BundleError", "Code", "Line", "Manifest", "body_bytes", "file_hash", "read", "rows_of", "write",
]  # fmt: skip

SPEC = "kiosk-bundle/1"
NO_PREVIOUS = "0" * 64
# Revisions and sequences are kept in 64 bits by whoever receives; JSON knows no end.
MAX_NUMBER = 2**53

# A station's name has no "_", so that a file name can be taken apart from its end.
SITE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,63}")
STATION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,31}")


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
    lines = lines_in(content)
    if not lines or lines[0].get("kind") != "manifest":
        raise BundleError("SCHEMA", "no manifest")
    manifest, body = _manifest(lines[0]), tuple(lines[1:])
    if not good(manifest.rows, body):
        find_fault(manifest.rows, body)
    return Bundle(manifest, body)


def _line(value: Line) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


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
    if not isinstance(manifest.rows, dict) or not all(map(is_count, manifest.rows.values())):
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


def _is_number(value: object) -> bool:
    return type(value) is int and 0 < value <= MAX_NUMBER
