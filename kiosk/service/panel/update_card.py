"""Updates of the library in the words of the panel: what runs, what came last, what is next, what is wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.clock import LOCAL

MB = 1_000_000


@dataclass(frozen=True)
class Line:
    """A sentence of the `web` catalogue with what it is filled with; `tone` of panel.css."""

    words: str
    filled: tuple[tuple[str, str], ...] = ()
    tone: str = ""
    sign: str = "clock"
    plain: str = ""  # what was said by a command, in its language, added as it stands


@dataclass(frozen=True)
class UpdateCard:
    """`share`: percent of what runs, None where nothing runs or it is not known yet."""

    lines: tuple[Line, ...]
    running: bool = False
    share: int | None = None


def update_card(facts: dict[str, Any]) -> UpdateCard | None:
    """None where nothing comes from a province: no address, nobody trusted, nothing ever taken."""
    if not facts or not (facts["from"] or facts["trusted"] or facts["good"] or facts["tried"]):
        return None
    lines, run = list[Line](), facts["run"]
    if run:
        lines.append(_running(run))
        if run["cuts"]:
            lines.append(Line("Cut off {n} times; it went on each time.", (("n", str(run["cuts"])),), "soon", "plug"))
    lines += _past(facts)
    if facts["policy_waits"]:
        lines.append(Line("The province sent new rules; they count from the next start of this PC.", sign="message"))
    if facts["next"] and not run:
        lines.append(Line("Next look for new content: {when}.", (("when", _when(facts["next"])),), sign="later"))
    if facts["from"] and not facts["trusted"]:
        lines.append(Line("No province is trusted yet, so nothing is fetched.", (), "soon", "lock"))
    whole = run["whole"] if run else 0
    return UpdateCard(tuple(lines), bool(run), 100 * run["done"] // whole if whole else None)


def import_card(work: dict[str, Any] | None) -> UpdateCard | None:
    """A pack that staff are bringing in from a terminal; None where nobody does."""
    if work is None:
        return None
    filled = (("name", str(work["name"])[:80]), ("at", str(work["at"])[:80]))
    words = {
        "fetch": "{name} is being fetched: {at}", "unpack": "{name} is being unpacked: {at}",
        "look": "{name} is being checked: {at}", "copy": "{name} is being copied: {at}",
        "read": "The words of {name} are being read: {at}",
    }.get(str(work["step"]), "{name} is being put in: {at}")  # fmt: skip
    share = 100 * work["done"] // work["whole"] if work["whole"] else None
    return UpdateCard((Line(words, filled, "", "book"),), True, share)


def _running(run: dict[str, Any]) -> Line:
    if run["step"] == "fetch" and run["whole"]:
        numbers = tuple((name, str(-(-run[name] // MB))) for name in ("done", "whole"))
        return Line("New content is being fetched: {done} of {whole} MB.", numbers, "", "down")
    if run["step"] == "read":
        return Line("New content is being put in.", (), "", "book")
    return Line("New content is being looked for.", (), "", "search")


def _past(facts: dict[str, Any]) -> list[Line]:
    good, tried, lines = facts["good"], facts["tried"], list[Line]()
    if good:
        published = (("date", _when(good["published"], "%d/%m/%Y")),)
        filled = (("n", str(good["edition"])), *published, ("when", _when(good["at"])))
        lines.append(Line("The library is edition {n} of {date}, last compared on {when}.", filled, "", "check"))
        told = {
            "expired": "The province's signatures have run out; its content was not renewed since {date}.",
            "stale": "The province's content was not renewed since {date}.",
        }
        lines += [Line(told[code], published, "soon", "warn") for code in good["warnings"] if code in told]
    if tried and tried["trouble"] and not facts["run"]:
        words = "The last update, {when}, did not succeed."
        lines.append(Line(words, (("when", _when(tried["at"])),), "soon", "warn", tried["trouble"]))
    return lines


def _when(text: str, form: str = "%d/%m/%Y %H:%M") -> str:
    """A moment as people here write it; one without a zone is local already."""
    moment = datetime.fromisoformat(text)
    return f"{moment.astimezone(LOCAL) if moment.tzinfo else moment:{form}}"
