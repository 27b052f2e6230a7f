"""What is told of the way up: the part of `Nightly.shown` (nightly.py) that speaks of the province."""

from datetime import timedelta
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import KioskError
from kiosk.export.enrolment import Enrolled
from kiosk.export.places import shown
from kiosk.export.refusals import words
from kiosk.service.way_errand import HTTPS
from kiosk.service.way_up import NEVER, WayUp
from kiosk.store import acknowledged, bundles, facts
from kiosk.store.acknowledged import Waits
from kiosk.translations import together

MOST_REFUSED = 12


def way_facts(way_up: WayUp, now: Reading) -> dict[str, Any]:
    """Every key of nightly.py; `trouble` only where the enrolment itself cannot be read."""
    exporter = way_up.exporter
    to = exporter.far or str(exporter.to or "")
    try:
        enrolled = way_up.enrolled()
    except KioskError as error:
        enrolled = None
        found: dict[str, Any] = {"trouble": together(error.message, error.hint)}
    else:
        found = {}
    waiting = _waiting(way_up, enrolled, to)
    refused = [one for one in waiting if one.refused is not None]
    identity = exporter.identity
    last, confirmed = exporter.store.run(acknowledged.last_told, identity.site, identity.station)
    if enrolled is None and to:
        last = exporter.store.run(facts.get, "brought")
    wait = way_up.next_try(now)
    return found | {
        "last_day": exporter.store.run(bundles.last_day),
        "waiting_days": len({one.day for one in waiting}),
        "waiting_bundles": len(waiting),
        "province": None if enrolled is None else enrolled.name,
        "card": None if enrolled is None else enrolled.version,
        "unsigned": enrolled is None and not found,
        "way": _way(enrolled, to),
        "to": shown(to),
        "last_sent": last,
        "confirmed_day": confirmed,
        "carried_days": len({one.day for one in waiting if one.delivered}),
        "refused": [_refused(one) for one in reversed(refused)][:MOST_REFUSED],
        "refused_days": len({one.day for one in refused}),
        "damaged_days": len(way_up.damaged),
        "next": (now.wall + timedelta(seconds=wait)).isoformat(timespec="seconds")
        if wait < NEVER and now.trusted
        else None,
        "next_seconds": round(wait) if wait < NEVER else None,
    }


def _waiting(way_up: WayUp, enrolled: Enrolled | None, to: str) -> list[Waits]:
    """With a province what it has not confirmed, else what is not in the folder yet, or was brought nowhere."""
    exporter = way_up.exporter
    waiting = exporter.store.run(acknowledged.waiting, exporter.identity.site, exporter.identity.station)
    if enrolled is not None:
        return waiting
    return [one for one in waiting if (one.delivered != to if to else one.delivered is None)]


def _way(enrolled: Enrolled | None, to: str) -> str:
    if enrolled is not None and enrolled.way == HTTPS:
        return HTTPS
    if to:
        return "place"
    return "none" if enrolled is None else "stick"


def _refused(one: Waits) -> dict[str, Any]:
    return {"day": one.day, "code": one.refused, "sentence": words(one.refused or "")}
