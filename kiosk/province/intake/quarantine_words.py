"""What was put aside, in words an officer can act on: what its code means, and what to do."""

from datetime import datetime
from typing import Any

from kiosk.clock import LOCAL
from kiosk.export.details import detail_said
from kiosk.province.intake.quarantine import Held
from kiosk.province.intake.quarantine_look import Shown
from kiosk.translations import _

MOST = 200  # lines for a terminal


def meaning(code: str) -> str:
    """What is wrong with a bundle of that code."""
    words = {
        "SIGNATURE": _("it was altered on its way, or its signature is missing"),
        "UNKNOWN_KEY": _("no PC that has joined this province has signed it"),
        "REVOKED_KEY": _("it is signed by a key that was revoked"),
        "TRUNCATED": _("it is cut off"),
        "TOO_BIG": _("it is larger than a bundle may be"),
        "SCHEMA": _("it does not follow the format"),
        "ROWCOUNT": _("lines are missing in it"),
        "RANGE": _("it says counts or a day that cannot be"),
        "FUTURE_DAY": _("its day had not come yet; the clock of the PC is ahead"),
        "WRONG_SITE": _("a PC sent it under the name of another one"),
        "REVISION_CONFLICT": _("another bundle was here before it; perhaps the disk of a PC was copied"),
    }
    return words.get(code, code)


def advice(code: str) -> str:
    """What to do about a bundle of that code that can be read."""
    words = {
        "SIGNATURE": _("Have the site bring it once more. Release it only where you know that it is theirs."),
        "UNKNOWN_KEY": _("Let the PC join: kiosk province station code SITE STATION. What it then signs is taken; "
                         "release the rest, where you know that it is theirs."),
        "REVOKED_KEY": _("Look why the key was revoked: kiosk province station show SITE STATION. Release it only "
                         "where it was signed before that."),
        "FUTURE_DAY": _("Have the date of the PC set. Release it when its day has come and the site had visitors then; "
                        "else leave it here."),
        "RANGE": _("Have the date of the PC set. Leave it here: it tells of a day that cannot be."),
        "WRONG_SITE": _("The PC was given another name after it had joined. Let it join again by a new code; release "
                        "this where the place named in it is right."),
        "REVISION_CONFLICT": _("Ask the site which PC told the truth of that day. What came first counts; release this "
                               "one where it shall count instead."),
    }  # fmt: skip
    return words.get(code, words["SIGNATURE"])


def line_of(one: Held) -> str:
    """One of them as a line of the terminal."""
    sender = f"{one.site} {one.station}" if one.site else one.key
    decided = "" if one.decided is None else " · " + _("decided {at}", at=moment(one.decided))
    why = f"{one.code}: {meaning(one.code)} ({detail_said(one.detail)})"
    return f"{one.id}  {moment(one.received)}  {sender}  {why}{decided}"


def lines_of_all(found: list[Held], count: int) -> list[str]:
    """A terminal's worth of so many."""
    if not found:
        return [_("Nothing is put aside.")]
    lines = [line_of(one) for one in found]
    if count > len(found):
        lines.append(_("{n} more are not shown here; --json tells of all.", n=count - len(found)))
    return [*lines, _("More about one, and what to do: kiosk province quarantine show NUMBER")]


def lines_of(shown: Shown) -> list[str]:
    """Everything about one."""
    one = shown.one
    state = _("waits for a decision") if one.decided is None else _("decided {at}", at=moment(one.decided))
    return [
        _("Number {n}: {state}.", n=one.id, state=state),
        "  " + _("What: {what}", what=_what(shown)),
        "  " + _("From: {whom}", whom=_from(one)),
        "  " + _("Came: {at}, {way}", at=moment(one.received), way=_way(one.way)),
        "  " + _("Why: {code}: {meaning} ({detail})", code=one.code, meaning=meaning(one.code),
                 detail=detail_said(one.detail)),
        *_told(shown),
        "  " + _("{n} bytes, sha256 {sha256}; it begins:", n=one.size, sha256=one.sha256),
        *(f"    {line}" for line in shown.first_lines),
        *(_to_do(shown) if one.decided is None else ()),
    ]  # fmt: skip


def moment(at: str) -> str:
    """A time (UTC) as a clock in Vietnam shows it."""
    return f"{datetime.fromisoformat(at).astimezone(LOCAL):%d/%m/%Y %H:%M}"


def _what(shown: Shown) -> str:
    if shown.fault:
        return _("it cannot be read: {detail}", detail=detail_said(shown.fault))
    says = shown.says
    day = "/".join(reversed(says["day"].split("-")))
    what = _("PC {station} of {site}, day {day}, revision {revision}, {visits} visits",
             **{name: says[name] for name in ("site", "station", "revision", "visits")}, day=day)  # fmt: skip
    return what if shown.one.site else what + " " + _("(so it says itself; nobody has proved it)")


def _from(one: Held) -> str:
    if one.site:
        return _("PC {station} of {site}, key {key}", station=one.station, site=one.site, key=one.key)
    return _("unknown; it names the key {key}", key=one.key) if one.key.strip("0") else _("unknown")


def _way(way: str) -> str:
    known = {"https": _("over the network"), "stick": _("on a stick or from a folder")}
    return known.get(way, way)


def _told(shown: Shown) -> list[str]:
    if not shown.says:
        return []
    told = [_counts(one) for one in shown.counting] or [_("nothing")]
    return ["  " + _("For that day counts now: {what}", what="; ".join(told))]


def _counts(one: dict[str, Any]) -> str:
    return _("revision {revision} of {at}, {visits} visits", revision=one["revision"], at=moment(one["received"]),
             visits=one.get("visits", "?"))  # fmt: skip


def _to_do(shown: Shown) -> list[str]:
    if shown.fault and not shown.one.site:
        what = _("Nothing proves from whom it is, and it cannot be counted. Where a site brought it, have its PC write "
                 "the stick anew; else leave it here.")  # fmt: skip
        return [_("What to do: {what}", what=what)]
    if shown.fault:
        what = _("It cannot be counted. Have the site's PC write the day again; where that happens often, look after "
                 "its stick and its disk.")  # fmt: skip
        return [_("What to do: {what}", what=what)]
    if shown.one.sha256 in [one["sha256"] for one in shown.counting]:
        return [_("What to do: {what}", what=_("Nothing: the same bytes count already."))]
    command = f"  kiosk province quarantine release {shown.one.id} --reason “…”"
    return [_("What to do: {what}", what=advice(shown.one.code)), command]
