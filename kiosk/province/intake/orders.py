"""What officers order about bundles (orders.py): take those of a stick or folder, release what was put aside."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from kiosk.export.batch import Signed
from kiosk.province.door.server_clock import must_be_right
from kiosk.province.intake.ingest import ingest
from kiosk.province.intake.ingest_places import source_of
from kiosk.province.intake.intake import Answer
from kiosk.province.intake.judging import Spoiled
from kiosk.province.intake.quarantine import release as release_one
from kiosk.province.joining.by_stick import let_join
from kiosk.province.joining.enrolment import first_use
from kiosk.province.memory.rows import deed, seconds
from kiosk.province.orders import Office


def take_in(office: Office, source: str) -> dict[str, Any]:
    """What lies in a folder, on a stick or behind an address, as ingest.Counts. RefusedError: see server_clock."""
    must_be_right(office)
    joined, unwritten = let_join(office, source_of(source))

    def took(bundles: Sequence[Signed | Spoiled], answer: Answer) -> None:
        first_use(office.ledger, proved_keys(bundles, answer), office.now())

    counts = ingest(office.intake, source, office.now(), took)
    counts = replace(counts, joined=joined, unwritten=counts.unwritten or unwritten)
    with office.ledger.writing() as db:
        deed(db, seconds(office.now()), office.who, "ingest", source[:200], f"{counts.stored} stored")
    office.news()
    return asdict(counts)


def release(office: Office, number: int, reason: str, who: str = "") -> dict[str, Any]:
    """What became of a bundle that had been put aside. Whatever name is given, the book also has who is signed in."""
    name = f"{who.strip()} ({office.who})" if who.strip() not in ("", office.who) else office.who
    outcome = release_one(office.intake, number, name, reason, office.now())
    office.news()
    return asdict(outcome)


def proved_keys(bundles: Sequence[Signed | Spoiled], answer: Answer) -> set[str]:
    """The keys that have surely signed something of it."""
    pairs = zip(bundles, answer.outcomes, strict=True)
    return {one.key for one, outcome in pairs
            if isinstance(one, Signed) and not outcome.code and outcome.outcome != "quarantined"}  # fmt: skip
