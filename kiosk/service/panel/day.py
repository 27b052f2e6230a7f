"""What stands beside the stations: today's numbers, whether the province has them, and what is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kiosk.clock import LOCAL
from kiosk.rules.walls import ports_open
from kiosk.service.panel.province_troubles import on_the_way
from kiosk.translations import Said
from kiosk.web.words import Sentence, says

WEEKDAYS = (
    says("Monday"), says("Tuesday"), says("Wednesday"), says("Thursday"), says("Friday"), says("Saturday"),
    says("Sunday"),
)  # fmt: skip

# What supervisor and service report by code (`troubles` of the state message), in a clerk's words. The parts of the
# station report as `<part>_not_started` and `<part>_keeps_ending`.
TROUBLES = {
    "program_missing": says("A program that citizens need is missing. Please call the technician."),
    "session_home": says("The citizen's folder cannot be made. Please call the technician."),
    "settings_wrong": says("The settings file has a mistake; the station goes on under the last good settings."),
    "port_in_use": says("Another program holds an address of this station. Please call the technician."),
    "certificate_not_made": says("This panel answers on this computer only, because no certificate could be made."),
    "certificate_wrong": says(
        "The province's certificate cannot be used; this panel shows its own. Please call the technician."
    ),
    "certificate_ends": says("The province's certificate runs out soon. Please call the technician."),
    "guides_refused": says("The guides that come with kiosk are damaged. Please call the technician."),
    "not_written": says("What is counted cannot be written to the disk. Please call the technician."),
    "clock_not_set": says("The clock could not be set. Please call the technician, and then confirm the date."),
    "power_not_done": says("The computer could not be restarted or shut down from here. Please do it by its button."),
    "equipment_disk": says("The disk needs somebody to look at it. What to do stands on the page of equipment."),
    "equipment_memory": says("Working memory runs short. What to do stands on the page of equipment."),
    "not_copied": says("No copy of this computer's memory could be made. Please call the technician."),
    "store_restored": says("This computer's memory was damaged and restored. Some numbers may be missing."),
    "store_new": says("This computer's memory was lost and begins anew. Please tell the technician."),
    "not_started": says("A part of the station does not start. Please call the technician."),
    "keeps_ending": says("A part of the station keeps stopping. Please call the technician."),
}
# So many days wait before it is called a trouble: a province's server may be away over a week-end.
MANY_DAYS = 7
OTHER_TROUBLE = says("Something on this computer needs a technician.")


@dataclass(frozen=True)
class Line:
    """One coloured line with its sign. `to`: the page that tells more of it."""

    tone: str
    sign: str
    words: Sentence
    more: str = ""
    to: str = ""


@dataclass(frozen=True)
class Day:
    """Numbers and lines beside the cards."""

    today: int
    month: int
    waiting: bool
    lines: tuple[Line, ...]
    date_asked: bool = False


def day(state: Mapping[str, Any]) -> Day:
    """The side of the page for this `state`."""
    lines = [replace(sent(state.get("export") or {}), to="province"), *wrong(state)]
    today, month = int(state.get("visits_today") or 0), int(state.get("visits_month") or 0)
    return Day(today, month, bool(state.get("waiting")), tuple(lines), not state.get("clock_trusted", True))


def sent(export: Mapping[str, Any]) -> Line:
    """How the nightly numbers are doing. One day that waits for the night is no trouble."""
    waiting, trouble, last = (
        int(export.get("waiting_days") or 0),
        on_the_way(export.get("trouble") or ""),
        export.get("last_day"),
    )
    if export.get("refused_days"):
        return Line("soon", "warn", says("The province has put {n} days aside.", n=export["refused_days"]))
    if export.get("way") == "none" and waiting and not trouble:
        return Line("no-report", "st_none", says("Not joined to a province yet: {n} days wait here.", n=waiting))
    if trouble and not waiting:
        return Line("soon", "warn", says("The day's numbers could not be written."), trouble)
    if 1 < waiting <= MANY_DAYS and export.get("way") == "https" and not trouble:
        return Line("soon", "clock", says("The numbers of {n} days are waiting to be sent.", n=waiting))
    if waiting > 1 or trouble:
        words = says("{n} days not sent. Check the network or export to USB.", n=waiting)
        return Line("soon", "warn", words, trouble)
    if waiting == 1:
        return Line("soon", "clock", says("The numbers of one day are waiting to be sent."))
    if last:
        return Line("met", "st_met", says("Numbers sent up to {day}.", day=_day(str(last))))
    return Line("no-report", "st_none", says("No numbers to send yet."))


def wrong(state: Mapping[str, Any]) -> list[Line]:
    """What a clerk should know is not right, in plain words."""
    lines = []
    clock = state.get("clock") or {}
    if not state.get("clock_trusted", True) and clock.get("why_not") in ("saved", "stepped"):
        lines.append(Line("soon", "warn", says("This computer is not sure of its date. Please confirm it.")))
    elif not state.get("clock_trusted", True):
        lines.append(Line("fault", "st_fault", says("The clock is wrong. Please set date and time.")))
    undated = int((clock.get("undated") or {}).get("visits") or 0)
    if undated:
        lines.append(Line("soon", "clock", says("{n} visits are counted without a date.", n=undated)))
    isolation = state.get("isolation") or {}
    if isolation.get("level", "full") == "none":
        lines.append(Line("fault", "st_fault", says("Citizens are not kept apart from this station's files.")))
    elif isolation.get("level") == "users":
        lines.append(Line("soon", "warn", says("Citizens are kept apart by user only, not by a closed group.")))
    elif why := ports_open(isolation):
        words = says("On this computer only the PIN keeps citizens off this panel. Please tell the technician.")
        lines.append(Line("soon", "warn", words, f"ports · {why}", to="equipment"))
    lines += [_trouble(trouble) for trouble in state.get("troubles") or []]
    if not state.get("online", True):
        lines.append(Line("no-report", "offline", says("No Internet. Content stored here still works.")))
    return lines


def today_words(now: datetime) -> tuple[str, Sentence, str]:
    """Clock and date of the page's head: ("09:42", "Friday", "20/11/2026")."""
    local = now.astimezone(LOCAL)
    return f"{local:%H:%M}", WEEKDAYS[local.weekday()], f"{local:%d/%m/%Y}"


def _day(text: str) -> str:
    """2026-11-19 as 19/11/2026; anything else as it stands."""
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text


def _trouble(trouble: Mapping[str, Any]) -> Line:
    """One reported trouble; code and detail stand small under the words, for the technician on the phone."""
    code = str(trouble.get("code", ""))
    ending = next((ending for ending in ("not_started", "keeps_ending") if code.endswith(f"_{ending}")), code)
    detail = trouble.get("detail") or ""
    more = Said(f"{code} · {detail}", "{code} · {detail}", {"code": code, "detail": detail}) if detail else code
    return Line("soon", "warn", TROUBLES.get(ending, OTHER_TROUBLE), more)
