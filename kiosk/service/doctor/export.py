"""What `kiosk check` says of the way up: who gets the numbers, how far that is, what was refused, what is wrong."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from kiosk.errors import KioskError
from kiosk.export import enrolment
from kiosk.service import client
from kiosk.service.doctor.findings import Finding
from kiosk.service.words import date_words, day_of
from kiosk.settings import Paths
from kiosk.translations import _

# A server may be away over a holiday; after so many days somebody should carry a stick.
LONG = timedelta(days=7)


def export(paths: Paths) -> Iterator[Finding]:
    """The enrolment as it lies on the disk, and what the running service tells; nothing where neither can be seen."""
    try:
        enrolled = enrolment.load(paths)
    except KioskError as error:
        yield Finding("province", "bad", error.message, error.hint)
        return
    if enrolled is not None:
        yield Finding("province", "good", _("This station has joined the province {name}.", name=enrolled.name))
    if not client.running(paths):
        return
    try:
        state = client.ask(paths, "export", action="status")
    except KioskError as error:
        yield Finding("export", "warn", error.message, error.hint)
        return
    yield from told(state)


def told(state: dict[str, Any]) -> Iterator[Finding]:
    """Of what the service tells, what a technician should know."""
    for one in state["refused"]:
        text = _("The province has put {day} aside: {reason}.", day=date_words(one["day"]), reason=one["sentence"])
        yield Finding("export", "warn", text, _("Ask the province; it can release the bundle."))
    if state["trouble"] and state["waiting_days"]:
        yield Finding("export", "bad" if _long_ago(state) else "warn", str(state["trouble"]))
    elif state["province"] and _long_ago(state):
        text = _("The province has confirmed nothing since {day}.", day=day_of(state["last_sent"]))
        yield Finding(
            "export", "warn", text, _("Send now: kiosk export send. Or by stick: kiosk export write --to FOLDER")
        )
    elif state["province"] and not state["refused"]:
        yield Finding("export", "good", _("Days that wait for the province: {n}.", n=state["waiting_days"]))


def _long_ago(state: dict[str, Any]) -> bool:
    last = state["last_sent"]
    return bool(last and state["waiting_days"]) and datetime.now(timezone.utc) - datetime.fromisoformat(last) > LONG
