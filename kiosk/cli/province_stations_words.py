"""A PC of the province in words: whether it has joined, when it was heard, what an officer should look at."""

from typing import Any

from kiosk.translations import _


def line(one: dict[str, Any]) -> str:
    """One PC in words."""
    parts = [state_said(one["state"])]
    if one["last_heard"]:
        parts.append(
            _("last heard {day}, last day {last}", day=day_said(one["last_heard"]), last=_local(one["last_day"]))
        )
    elif one["state"] != "none":
        parts.append(_("joined {day}, nothing sent yet", day=day_said(one["since"])))
    if one["waiting"]:
        parts.append(_("{n} days wait for one that is missing before them", n=one["waiting"]))
    if one["code_until"]:
        parts.append(_("has a code until {day}", day=day_said(one["code_until"])))
    parts += [alarm_said(alarm) for alarm in one["alarms"]]
    return f"{one['site']} {one['station']}: " + "; ".join(parts)


def who_said(who: str) -> str:
    """Who did it."""
    return _("the PC itself") if who == "the station" else who


def deed_said(one: dict[str, Any]) -> str:
    """What somebody did, and why; the keys of a PC stand above it."""
    known = {
        "code": _("gave a code"), "enrol": _("joined"), "rotate": _("changed the key"), "revoke": _("revoked it"),
        "seen": _("looked after its alarms"),
    }  # fmt: skip
    what = known.get(one["deed"], one["deed"])
    return what if one["deed"] in ("enrol", "rotate") or not one["why"] else f"{what} ({one['why']})"


def alarm_said(alarm: dict[str, Any]) -> str:
    """What should be looked at."""
    known = {
        "CLONED": _("two PCs seem to send as this one, with copies of one disk ({detail})", detail=alarm["detail"]),
        "REPLACED": _(
            "a PC whose place another one has taken still counts under this name (day {detail}): "
            "give one of the two a code of its own",
            detail=_local(alarm["detail"]),
        ),
        "CODE_LOCKED": _("its code was tried wrongly too often and is locked; make a new one"),
    }
    return "! " + known.get(alarm["code"], f"{alarm['code']} {alarm['detail']}")


def state_said(state: str) -> str:
    """The state of a key, or of a place without one."""
    known = {
        "good": _("joined"), "retired": _("replaced"), "revoked": _("revoked"), "none": _("not joined"),
    }  # fmt: skip
    return known.get(state, state)


def day_said(at: str) -> str:
    """A moment (UTC) as its day in Vietnam."""
    from datetime import datetime

    from kiosk.clock import LOCAL

    return f"{datetime.fromisoformat(at).astimezone(LOCAL):%d/%m/%Y}"


def _local(day: str) -> str:
    return "/".join(reversed(day.split("-"))) if day else "–"
