"""Takes what lies in a folder, on a stick or behind an fsspec URL; writes the receipts beside it where it may.

With them the marks of each station that has brought something: who never hears of the province but by a stick must
learn there too that it was restored.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from kiosk.errors import RefusedError
from kiosk.export.batch import SUFFIX, BatchError, Signed, beside
from kiosk.export.receipts import MARKS_FILE
from kiosk.export.sealed import RECEIPT, unproved
from kiosk.province.intake.ingest_places import Source, source_of
from kiosk.province.intake.intake import Answer, Intake
from kiosk.province.intake.judging import Spoiled
from kiosk.province.intake.marks import marks_of

MOST_KEPT = 900_000  # bytes of a file that is too large to be a bundle: its beginning is kept to be looked at
AT_ONCE, BYTES_AT_ONCE = 500, 4_000_000
_LINE = 400


Took = Callable[[Sequence[Signed | Spoiled], Answer], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """Bundles by what became of them: inputs = stored + duplicates + quarantined; `replaced` is a part of stored.

    `unreadable`: files that the medium did not give; they are no inputs, and stay where they are. `receipts`: how
    many were written; `unwritten`: why some could not be. `joined`: PCs that asked by this stick, and now belong here.
    """

    stored: int = 0
    duplicates: int = 0
    replaced: int = 0
    quarantined: int = 0
    unreadable: int = 0
    receipts: int = 0
    unwritten: str = ""
    joined: int = 0


def ingest(intake: Intake, source: str, now: datetime, took: Took = lambda _bundles, _answer: None) -> Counts:
    """Takes every bundle (`*.jsonl.gz`, its line in `*.jsonl.gz.sig`) of a folder or URL, also of its subfolders.

    Receipts go into `receipts/` there. KioskError when the place cannot be read; what was taken before stays taken.
    RefusedError at the end when junk was refused because there is too much of it. `took` hears of each portion.
    """
    place = source_of(source)
    counts, refused, stations = Counts(), None, set[tuple[str, str]]()
    for batch, unreadable in _batches(place):
        counts = replace(counts, unreadable=counts.unreadable + unreadable)
        if not batch:
            continue
        try:
            answer = intake.take(batch, now, place.way)
        except RefusedError as error:
            refused = error
            continue
        took(batch, answer)
        stations |= {whose for text in answer.receipts if (whose := _of_whom(text))[0]}
        counts = _write_receipts(place, answer, _add(counts, answer))
    counts = _write_marks(place, intake, stations, now, counts)
    if refused is not None:
        raise refused
    return counts


def _batches(place: Source) -> Iterator[tuple[list[Signed | Spoiled], int]]:
    """What lies there, in portions that fit into memory, each with the number of files that could not be read."""
    found: list[Signed | Spoiled] = []
    size = unreadable = 0
    for name in place.names():
        try:
            one = _bundle(place, name)
        except OSError:
            unreadable += 1
            continue
        if one is not None:
            found.append(one)
            size += len(one.content)
        if len(found) == AT_ONCE or size > BYTES_AT_ONCE:
            yield found, unreadable
            found, size, unreadable = [], 0, 0
    yield found, unreadable


def _bundle(place: Source, name: str) -> Signed | Spoiled | None:
    content = place.read(name, MOST_KEPT + 1)
    if content is None:
        return None
    if len(content) > MOST_KEPT:
        return Spoiled(content[:MOST_KEPT], "TOO_BIG", "only its beginning was kept")
    line = place.read(name + SUFFIX, _LINE)
    if line is None:
        return Spoiled(content, "SIGNATURE", "no signature lies beside it")
    try:
        return beside(line, content)
    except BatchError as error:
        return Spoiled(content, error.code, str(error))


def _add(counts: Counts, answer: Answer) -> Counts:
    became = [one.outcome for one in answer.outcomes]
    return replace(
        counts,
        stored=counts.stored + became.count("stored"),
        duplicates=counts.duplicates + became.count("duplicate"),
        quarantined=counts.quarantined + became.count("quarantined"),
        replaced=counts.replaced + sum(one.replaced for one in answer.outcomes),
    )


def _write_receipts(place: Source, answer: Answer, counts: Counts) -> Counts:
    for text in answer.receipts:
        site, station = _of_whom(text)
        if not site:
            continue  # nobody known has sent what it tells of
        at = "".join(sign for sign in unproved(text, RECEIPT)["at"][:19] if sign.isalnum())
        name = f"{site}_{station}_{at}-{sha256(text.encode()).hexdigest()[:12]}.json"
        try:
            place.put_receipt(name, text)
            counts = replace(counts, receipts=counts.receipts + 1)
        except OSError as error:
            return replace(counts, unwritten=str(error.strerror or error))
    return counts


def _write_marks(
    place: Source, intake: Intake, stations: set[tuple[str, str]], now: datetime, counts: Counts
) -> Counts:
    for site, station in sorted(stations):
        try:
            text = marks_of(intake.ledger, site, station, now).sealed(intake.key)
            place.put_receipt(MARKS_FILE.format(site=site, station=station), text)
        except OSError as error:
            return replace(counts, unwritten=str(error.strerror or error))
    return counts


def _of_whom(receipt: str) -> tuple[str, str]:
    said = unproved(receipt, RECEIPT)
    return said["site"], said["station"]
