"""Updates of the library in the words of the panel: what runs, what came last, what is next, what is wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.clock import LOCAL
from kiosk.web.words import Sentence, says

MB = 1_000_000


@dataclass(frozen=True)
class Line:
    """A sentence; `tone` of panel.css."""

    words: Sentence
    tone: str = ""
    sign: str = "clock"
    plain: str = ""  # what a command said, a Said where it can be said again in the reader's language


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
            lines.append(Line(says("Cut off {n} times; it went on each time.", n=run["cuts"]), "soon", "plug"))
    lines += _past(facts)
    if facts["policy_waits"]:
        lines.append(
            Line(says("The province sent new rules; they count from the next start of this PC."), "", "message")
        )
    if facts["next"] and not run:
        lines.append(Line(says("Next look for new content: {when}.", when=_when(facts["next"])), "", "later"))
    if facts["from"] and not facts["trusted"]:
        lines.append(Line(says("No province is trusted yet, so nothing is fetched."), "soon", "lock"))
    whole = run["whole"] if run else 0
    return UpdateCard(tuple(lines), bool(run), 100 * run["done"] // whole if whole else None)


def import_card(work: dict[str, Any] | None) -> UpdateCard | None:
    """A pack that staff are bringing in from a terminal; None where nobody does."""
    if work is None:
        return None
    filled = {"name": str(work["name"])[:80], "at": str(work["at"])[:80]}
    words = {
        "fetch": says("{name} is being fetched: {at}", **filled),
        "unpack": says("{name} is being unpacked: {at}", **filled),
        "look": says("{name} is being checked: {at}", **filled),
        "copy": says("{name} is being copied: {at}", **filled),
        "read": says("The words of {name} are being read: {at}", **filled),
    }.get(str(work["step"]), says("{name} is being put in: {at}", **filled))
    share = 100 * work["done"] // work["whole"] if work["whole"] else None
    return UpdateCard((Line(words, "", "book"),), True, share)


def _running(run: dict[str, Any]) -> Line:
    if run["step"] == "fetch" and run["whole"]:
        done, whole = (-(-run[name] // MB) for name in ("done", "whole"))
        return Line(says("New content is being fetched: {done} of {whole} MB.", done=done, whole=whole), "", "down")
    if run["step"] == "read":
        return Line(says("New content is being put in."), "", "book")
    return Line(says("New content is being looked for."), "", "search")


def _past(facts: dict[str, Any]) -> list[Line]:
    good, tried, lines = facts["good"], facts["tried"], list[Line]()
    if good:
        date, when = _when(good["published"], "%d/%m/%Y"), _when(good["at"])
        words = says(
            "The library is edition {n} of {date}, last compared on {when}.", n=good["edition"], date=date, when=when
        )
        lines.append(Line(words, "", "check"))
        told = {
            "expired": says(
                "The province's signatures have run out; its content was not renewed since {date}.", date=date
            ),
            "stale": says("The province's content was not renewed since {date}.", date=date),
        }
        lines += [Line(told[code], "soon", "warn") for code in good["warnings"] if code in told]
    if tried and tried["trouble"] and not facts["run"]:
        words = says("The last update, {when}, did not succeed.", when=_when(tried["at"]))
        lines.append(Line(words, "soon", "warn", tried["trouble"]))
    return lines


def _when(text: str, form: str = "%d/%m/%Y %H:%M") -> str:
    """A moment as people here write it; one without a zone is local already."""
    moment = datetime.fromisoformat(text)
    return f"{moment.astimezone(LOCAL) if moment.tzinfo else moment:{form}}"
