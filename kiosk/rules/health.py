"""How this PC is doing: from facts to a light for each thing, with its reason and what to do, a sentence each. Pure.

One place for the panel's page of equipment, `kiosk check` and `kiosk status`: all three show what `lamps` says. The
sentences are those of the catalogue of commands (they are a `Said`), so that each reader has them in their language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kiosk.rules.printer_words import WHAT_TO_DO, trouble_words
from kiosk.rules.trust_words import because_words, why_not_words
from kiosk.translations import _, together

Light = Literal["good", "look", "bad", "unknown", "off"]
Refusal = Literal["", "full", "read_only", "damaged", "error"]

# Of the disk, in MB of 10⁶ bytes. A copy of the store is made every hour beside it, and its oldest month of twelve is
# as large as the store: with 500 MB free that goes on for years, with 100 MB a browser's update may fill the disk.
LEAST_FREE_DISK, NO_FREE_DISK = 500, 100
# Of the disk, in ms for one write that is surely kept. A healthy disk of 5,400 turns a minute needs 25 to 60 ms, and a
# sign-in may take 50 ms (DESIGN.md 13): twice that is felt. A second is a disk that tries again and again: it is dying.
SLOW_COMMIT, DYING_COMMIT = 100, 1_000
# Of memory, in MB of 10⁶ bytes: what Chromium needs to open a session, and what is left when the kernel begins to kill.
LEAST_FREE_MEMORY, NO_FREE_MEMORY = 400, 100
# % of the last five minutes in which some program waited for memory (Linux Documentation/accounting/psi.rst, `some
# avg300`). A tenth of the time is felt as a slow PC.
MEMORY_PRESSURE = 10
# Sudden stops in 30 days: power cuts are nobody's fault, but more than one in ten days wears the disk out.
MANY_UNCLEAN = 3
# Starts in 30 days at which the hardware clock had lost its time: one may be a visit of the technician, two are a cell.
LOST_CLOCK = 2
# % of the time in service with a network: below half, citizens find no Internet as often as they find one.
LITTLE_NETWORK = 50
# Minutes in service before anything is said of that.
ENOUGH_MINUTES = 600

# What spoke against the hardware clock at a start because it had stood still or begun anew: an empty battery does that.
LOST = frozenset({"before_build", "before_last_good", "saved"})


@dataclass(frozen=True)
class Down:
    """A fault that staff reported and nobody has repaired yet. `line`: its number in the journal."""

    reason: str
    since: date | None
    line: int = 0


@dataclass(frozen=True)
class Past:
    """Sums of the last 30 days, and today's minutes in service."""

    today_minutes: int = 0
    open_minutes: int = 0
    net_minutes: int = 0
    boots: int = 0
    unclean: int = 0
    clock_lost: int = 0


@dataclass(frozen=True)
class Facts:
    """What is known of the PC now; None: not known. `down`: open faults by what (rules/journal.py WHATS).

    `others`: all those of other equipment, which is many things.
    `printer`: None, "" (it answers) or a code of printer_words; `policy`: the first digits of its sha256.
    """

    free_disk: int | None = None
    refusal: Refusal = ""
    damaged_days: int = 0  # days whose numbers cannot be sent, for they lie damaged on it
    commit_ms: int | None = None
    free_memory: int | None = None
    memory: int = 0
    pressure: float | None = None
    in_session: bool = False
    past: Past | None = None
    clock_trusted: bool | None = None
    clock_because: str = ""
    clock_why_not: str = ""
    printing: bool | None = None
    printer: str | None = None
    internet: bool | None = None
    online: bool | None = None
    version: str = ""
    policy: str = ""
    settings_wrong: bool = False
    policy_waits: bool = False
    out_of_order: str | None = None
    down: Mapping[str, Down] = field(default_factory=dict)
    others: tuple[Down, ...] = ()


@dataclass(frozen=True)
class Lamp:
    """The light of one thing. `reason` and `todo` are a sentence each; nothing is to be done where `todo` is empty.

    `line`: of which fault in the journal, where a thing may have several.
    """

    thing: str
    light: Light
    reason: str
    todo: str = ""
    line: int = 0


def lamps(facts: Facts) -> tuple[Lamp, ...]:
    """A light for each of THINGS, in that order; `other` for each fault of other equipment that is open."""
    found = tuple(Lamp(thing, *say(facts)) for thing, say in THINGS.items())
    return (*found, *(Lamp("other", *_down(one), one.line) for one in facts.others))


Verdict = tuple[Light, str, str]


def _pc(facts: Facts) -> Verdict:
    down = facts.down.get("pc")
    if facts.out_of_order is not None or down is not None:
        return _down(down or Down(facts.out_of_order or "", None))
    past = facts.past
    if past is None:
        return "unknown", _("How long it was in service is not known now."), ""
    hours, minutes = divmod(past.today_minutes, 60)
    return "good", _("In service for {hours} h {minutes} min today, {all} h in 30 days.", hours=hours, minutes=minutes,
                     all=past.open_minutes // 60), ""  # fmt: skip


def _down(down: Down) -> Verdict:
    since = _("since {day}", day=f"{down.since:%d/%m/%Y}") if down.since else ""
    what = down.reason if down.reason not in ("", "?") else _("No reason was written down.")
    told = _("{reason} ({since})", reason=what, since=since) if since else what
    return "bad", told, _("When it is repaired, press Repaired.")


def _disk(facts: Facts) -> Verdict:
    if facts.refusal:
        return "bad", *_refusals()[facts.refusal]
    if facts.damaged_days:
        told = _("The numbers of {n} days are damaged on the disk and cannot be sent.", n=facts.damaged_days)
        return "bad", told, _("Leave the PC on and call the technician: the disk or its cable must be changed.")
    free, room = facts.free_disk, _("Remove what is not needed; kiosk wants {n} MB.", n=LEAST_FREE_DISK)
    if free is None:
        return "unknown", _("How much of the disk is free is not known."), ""
    if free < LEAST_FREE_DISK:
        return "bad" if free < NO_FREE_DISK else "look", _("Only {n} MB are free on the disk.", n=free), room
    if facts.commit_ms is not None and facts.commit_ms > SLOW_COMMIT:
        told = _("The disk is slow: a write takes {n} ms.", n=facts.commit_ms)
        light: Light = "bad" if facts.commit_ms > DYING_COMMIT else "look"
        return light, told, _("Have the technician make a copy (kiosk backup) and look at the disk.")
    told = _("{n} MB are free on the disk.", n=free)
    if free >= 10_000:
        told = _("{n} GB are free on the disk.", n=free // 1_000)
    if facts.commit_ms is not None:
        told = together(told, _("A write takes {n} ms.", n=max(1, facts.commit_ms)))
    return "good", told, ""


def _refusals() -> Mapping[str, tuple[str, str]]:
    """Why the store could not be written or read, and what helps."""
    return {
        "full": (_("The disk is full: what is counted waits in memory."), _("Remove what is not needed from the disk; "
                 "kiosk then goes on by itself, and no visit is lost while the PC stays on.")),
        "read_only": (_("The disk takes no writing: what is counted waits in memory."),
                      _("Leave the PC on and call the technician.")),
        "damaged": (_("The memory of this station is damaged."),
                    _("Restart the PC: kiosk then restores its newest copy and says what was lost.")),
        "error": (_("The disk reports errors: what is counted waits in memory."),
                  _("Leave the PC on and call the technician: the disk or its cable must be changed.")),
    }  # fmt: skip


def _memory(facts: Facts) -> Verdict:
    free = facts.free_memory
    if free is None:
        return "unknown", _("How much memory is free is not known."), ""
    # In a session the browser has taken its part already: what is left then is no want, but waiting is.
    least = NO_FREE_MEMORY if facts.in_session else LEAST_FREE_MEMORY
    if free < least:
        told = _("Only {n} MB of {all} of memory are free.", n=free, all=_gigabytes(facts.memory))
        light: Light = "bad" if free < NO_FREE_MEMORY else "look"
        return light, told, _("A session needs about {n} MB.", n=LEAST_FREE_MEMORY)
    if facts.pressure is not None and facts.pressure >= MEMORY_PRESSURE:
        told = _("Programs waited for memory {n} % of the last five minutes.", n=round(facts.pressure))
        return "look", told, _("Close what is not needed; if it comes often, have memory added.")
    return "good", _("{n} of {all} of memory are free.", n=_gigabytes(free), all=_gigabytes(facts.memory)), ""


def _gigabytes(megabytes: int) -> str:
    """With one place, by the comma or point of the reader."""
    whole, tenth = divmod(round(megabytes / 100), 10)
    return _("{whole}.{tenth} GB", whole=whole, tenth=tenth)


def _power(facts: Facts) -> Verdict:
    past = facts.past
    if past is None:
        return "unknown", _("How often it stopped suddenly is not known now."), ""
    told = _("Starts in 30 days: {boots}; after a sudden stop: {unclean}.", boots=past.boots, unclean=past.unclean)
    if past.unclean < MANY_UNCLEAN:
        return "good", told, ""
    return "look", told, _("Shut the PC down on the panel or by its button; if the power fails often, ask for a UPS.")


def _clock(facts: Facts) -> Verdict:
    if facts.clock_trusted is None:
        return "unknown", _("Whether the date is right is not known now."), ""
    if not facts.clock_trusted:
        why = facts.clock_why_not
        told = _("The date is not trusted: {reason}.", reason=why_not_words(why))
        if why in ("saved", "stepped"):
            return "look", told, _("Look at date and time on the panel and confirm them.")
        return "bad", told, _("Set date and time on the panel.")
    lost = facts.past.clock_lost if facts.past else 0
    if lost >= LOST_CLOCK:
        told = _("The clock lost its time at {n} starts in 30 days: its battery is probably empty.", n=lost)
        return "look", told, _("Have the technician change the cell on the main board (mostly CR2032).")
    return "good", because_words(facts.clock_because), ""


def _printer(facts: Facts) -> Verdict:
    if (down := facts.down.get("printer")) is not None:
        return _down(down)
    if not facts.printing:
        return "off", _("Citizens do not print here: the settings say so."), ""
    if facts.printer is None:
        return "unknown", _("The printer was not asked yet."), ""
    if not facts.printer:
        return "good", _("The printer answers and is ready."), ""
    return "bad", trouble_words(facts.printer), WHAT_TO_DO.get(facts.printer, WHAT_TO_DO["desk"])()


def _internet(facts: Facts) -> Verdict:
    if (down := facts.down.get("internet")) is not None:
        return _down(down)
    if facts.internet is False:
        return "off", _("The Internet is not offered here: the settings say so."), ""
    if facts.online is None:
        return "unknown", _("Whether there is a network is not known now."), ""
    cable = _("Look at the cable, the router and the bill; what is stored here can still be read.")
    if not facts.online:
        return "look", _("There is no network now."), cable
    past = facts.past
    if past is None or not past.open_minutes:
        return "good", _("There is a network."), ""
    share = 100 * past.net_minutes // past.open_minutes
    told = _("Connected for {net} of {open} h in service in 30 days ({n} %).", net=past.net_minutes // 60,
             open=past.open_minutes // 60, n=share)  # fmt: skip
    if share < LITTLE_NETWORK and past.open_minutes >= ENOUGH_MINUTES:
        return "look", told, cable
    return "good", told, ""


def _software(facts: Facts) -> Verdict:
    told = _("kiosk {version}, policy {policy}.", version=facts.version, policy=facts.policy or "–")
    if facts.settings_wrong:
        wrong = _("The settings file has a mistake; the station goes on under the last good settings.")
        return "look", together(told, wrong), _("Have the technician run kiosk check.")
    if facts.policy_waits:
        waits = _("The province sent a policy that is not in force yet.")
        return "look", together(told, waits), _("Start kiosk again.")
    return "good", told, ""


THINGS: Mapping[str, Callable[[Facts], Verdict]] = {
    "pc": _pc,
    "disk": _disk,
    "memory": _memory,
    "power": _power,
    "clock": _clock,
    "printer": _printer,
    "internet": _internet,
    "software": _software,
}
