"""Why nothing comes from a site, as far as the province can know, the likeliest first; and what to do. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.province.board.last_words import LastWord
from kiosk.province.board.sites_now import SiteNow
from kiosk.web.words import Sentence, says

CLOCK = ("FUTURE_DAY", "RANGE")


@dataclass(frozen=True)
class Reason:
    """`words` in a chip of that class with that sign; `do`: what to do."""

    words: Sentence
    do: Sentence
    kind: str = "no-report"
    sign: str = "st_none"


NEVER = Reason(
    says("No computer has joined"), says("Print a sheet with codes and send it to the site."), "soon", "plug"
)
REVOKED = Reason(
    says("Key revoked"), says("Look why it was revoked; let the computer join again by a new code."), "fault", "lock"
)
NEVER_SENT = Reason(
    says("Has joined and never sent"), says("Call: is the computer on, and has it a network?"), "soon", "offline"
)
CLOCK_WRONG = Reason(
    says("Its clock is wrong"), says("Call: have the date of the computer set; then release what was put aside."),
    "soon", "clock",
)  # fmt: skip
ASIDE = Reason(
    says("Bundles put aside"), says("Look at what was put aside, and release what is theirs."), "soon", "hand"
)
GAPS = Reason(
    says("An earlier bundle is missing"), says("Have the site send once more, or bring a stick."), "soon", "warn"
)
CLONED = Reason(
    says("A copied disk is at work"), says("Call: which of the two computers is the right one?"), "fault", "warn"
)
BROKEN = Reason(says("All computers out of order"), says("Send a technician."), "fault", "st_fault")
OFFLINE = Reason(
    says("No network"), says("Call about the line; until it works let them bring a stick."), "no-report", "offline"
)
CLOSED = Reason(says("Closed as planned"), says("It is closed by its plan; nothing to do."), "no-report", "door")
STICK = Reason(says("Waits for a stick"), says("It sends by stick: remind them to bring it."), "soon", "usb")
UNKNOWN = Reason(says("Not known"), says("Call and ask whether the computers are on."))


def reasons(one: SiteNow, last: LastWord | None) -> Iterator[Reason]:
    """Those that are known; "not known" only where there is none."""
    found = list(_found(one, last))
    yield from found or [UNKNOWN]


def _found(one: SiteNow, last: LastWord | None) -> Iterator[Reason]:
    if one.state == "never_enrolled":
        yield NEVER
    if one.state == "revoked":
        yield REVOKED
    if any(code in CLOCK for code in one.aside):
        yield CLOCK_WRONG
    if any(code not in CLOCK for code in one.aside):
        yield ASIDE
    if "CLONED" in one.alarms:
        yield CLONED
    if one.state == "never_sent" and not one.aside:
        yield NEVER_SENT
    if one.gaps:
        yield GAPS
    if one.state == "closed":
        yield CLOSED
    if one.state != "silent":
        return
    if last is not None and last.broken:
        yield BROKEN
    elif one.way and one.way != "https":
        yield STICK
    elif last is not None and last.offline:
        yield OFFLINE
