"""How the numbers stand with the province, in the words, lines and strokes of the panel. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kiosk.clock import LOCAL
from kiosk.service.carrying import BUSY
from kiosk.service.panel.day import MANY_DAYS
from kiosk.service.panel.province_troubles import for_clerks, on_the_way
from kiosk.service.panel.stick_words import Line, stick_lines
from kiosk.service.province_desk import Seen
from kiosk.translations import together
from kiosk.web.words import Sentence, says

STROKES: Mapping[str, Sentence] = {
    "received": says("Days that the province has: {n}"),
    "waits": says("waiting: {n}"),
    "refused": says("put aside: {n}"),
    "none": says("without numbers: {n}"),
}


@dataclass(frozen=True)
class Refused:
    """A bundle that the province has put aside. `why`: the export's sentence."""

    day: str
    why: str


@dataclass(frozen=True)
class Province:
    """`strokes`: the latest days, oldest first; `share`: % of what is being sent; `can_take`: a file, for some wait."""

    lines: tuple[Line, ...]
    strokes: tuple[str, ...]
    first: str
    last: str
    refused: tuple[Refused, ...]
    more_refused: int
    stick: tuple[Line, ...]
    stick_busy: bool
    can_send: bool
    can_take: bool
    share: int | None
    sending: bool
    joined: bool

    @property
    def busy(self) -> bool:
        """Whether to look again soon."""
        return self.stick_busy or self.sending

    def told(self) -> list[Sentence]:
        """The strokes in words, for who does not see them."""
        return [
            Sentence(STROKES[kind].text, {"n": self.strokes.count(kind)}) for kind in STROKES if kind in self.strokes
        ]


def province(seen: Seen) -> Province:
    """Everything of the page that renews itself."""
    export, sending = seen.export, seen.export.get("sending")
    refused = tuple(Refused(day(one["day"]), one["sentence"]) for one in export.get("refused") or ())
    return Province(
        lines=tuple(_lines(seen)),
        strokes=_strokes(seen),
        first=f"{seen.first:%d/%m}",
        last=f"{seen.last:%d/%m}",
        refused=refused,
        more_refused=max(0, int(export.get("refused_days") or 0) - len({one.day for one in refused})),
        stick=tuple(stick_lines(seen.carried)),
        stick_busy=seen.carried.phase in BUSY,
        can_send=export.get("way") == "https" and bool(export.get("waiting_bundles")),
        can_take=bool(export.get("waiting_bundles")),
        share=100 * sending["done"] // sending["of"] if sending and sending["of"] else None,
        sending=seen.sending,
        joined=seen.enrolled is not None,
    )


def _lines(seen: Seen) -> list[Line]:
    export, lines, one = seen.export, [_joined(seen)], seen.enrolled
    if one is not None and (one.site, one.station) != seen.names:
        words = says("This computer is called site {site}, computer {station} now, so the province takes nothing from"
                     " it. Join with a code for that name.", site=seen.names[0], station=seen.names[1])  # fmt: skip
        lines.append(Line(words, "fault", "st_fault"))
    if one is None and seen.trouble is None and export.get("to"):
        words = says("They bear no signature, because this computer has not joined a province: none takes them so.")
        lines.append(Line(words, "soon", "warn"))
    if export.get("confirmed_day"):
        words = says("The province has the numbers up to {day}.", day=day(export["confirmed_day"]))
        lines.append(Line(words, "", "check"))
    if export.get("last_sent"):
        lines.append(Line(says("Last received there: {when}.", when=when(export["last_sent"])), "", "clock"))
    return [*lines, *_waiting(seen)] if export.get("way") != "none" else lines


def _waiting(seen: Seen) -> Iterator[Line]:
    """What waits; why it does stands with it where it waits for long."""
    export, sending = seen.export, seen.export.get("sending")
    waiting, trouble = int(export.get("waiting_days") or 0), on_the_way(export.get("trouble") or "")
    if damaged := int(export.get("damaged_days") or 0):
        yield Line(says("A technician must look at the disk of this computer."), "fault", "st_fault", trouble)
        waiting, trouble = max(0, waiting - damaged), ""  # no night sends those
    if sending:
        yield Line(says("Sending: {done} of {of}.", done=sending["done"], of=sending["of"]), "", "later")
    elif waiting > MANY_DAYS:
        words = says("{n} days wait. They are safe here; send them now or by USB stick.", n=waiting)
        yield Line(words, "soon", "warn", trouble)
    elif waiting:
        yield Line(says("Days that wait: {n}. That is usual until the night.", n=waiting), "", "hourglass")
    elif export.get("province") and not damaged:
        yield Line(says("Nothing waits to be sent."), "", "hourglass")
    if trouble and not sending and waiting <= MANY_DAYS:
        yield Line(says("The last try did not succeed."), "soon", "warn", trouble)
    if carried := export.get("carried_days"):
        words = says("Of these, {n} went on a stick; the province's answer on it is still to be read.", n=carried)
        yield Line(words, "", "usb")
    if waiting and not sending and export.get("next"):
        yield Line(says("This computer tries again by itself: {when}.", when=when(export["next"])), "", "later")


def _joined(seen: Seen) -> Line:
    if seen.trouble is not None:
        words = says("It is not known any more to which province this computer belongs.")
        return Line(words, "fault", "st_fault", for_clerks(together(seen.trouble.message, seen.trouble.hint)))
    one, waiting = seen.enrolled, int(seen.export.get("waiting_days") or 0)
    if one is None and seen.export.get("to"):
        return Line(says("The numbers are laid into a folder: {folder}.", folder=seen.export["to"]), "", "down")
    if one is None:
        words = says("This computer has not joined a province yet. The numbers of {n} days wait here; nothing is lost.",
                     n=waiting)  # fmt: skip
        return Line(words, "soon", "warn")
    # A code is one word: it is not parted at its hyphen.
    words = says("Joined: {name}, as site {site}, computer {station}, since {day}.", name=one.name,
                 site=one.site.replace("-", "\u2011"), station=one.station, day=when(one.at, "%d/%m/%Y"))  # fmt: skip
    return Line(words, "met", "st_met")


def _strokes(seen: Seen) -> tuple[str, ...]:
    if seen.enrolled is None or not seen.days:
        return ()
    days = ((seen.first + timedelta(days=number)).isoformat() for number in range((seen.last - seen.first).days + 1))
    return tuple(seen.days.get(one, "none") for one in days)


def day(text: str) -> str:
    """2026-11-19 as 19/11/2026."""
    return f"{date.fromisoformat(text):%d/%m/%Y}"


def when(text: Any, form: str = "%d/%m/%Y %H:%M") -> str:
    """A moment as people here write it."""
    return f"{datetime.fromisoformat(str(text)).astimezone(LOCAL):{form}}"
