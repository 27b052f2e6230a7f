"""The station's state as lines for a terminal."""

from typing import Any

from kiosk.translations import _


def status_lines(state: dict[str, Any]) -> list[str]:
    """A few lines that answer: what does it do, since when, what is wrong."""
    states = {
        "free": _("Free"),
        "asking": _("Somebody is signing in"),
        "open": _("In use"),
        "ending": _("A session is ending"),
        "closed": _("Closed"),
        "out_of_order": _("Out of order"),
        "class": _("A training class"),
    }
    lines = [f"{state['site']} · {state['station']}: {states[state['state']]}"]
    if state.get("seconds_left") is not None:
        lines.append(_("{n} minutes left", n=-(-state["seconds_left"] // 60)))
    if state.get("reason"):
        lines.append(str(state["reason"]))
    lines.append(_("Visits today: {n}; this month: {m}", n=state["visits_today"], m=state["visits_month"]))
    lines += export_lines(state["export"])
    lines += [_("Trouble: {what}", what=f"{one['code']} {one['detail']}".strip()) for one in state["troubles"]]
    return lines


def export_lines(state: dict[str, Any]) -> list[str]:
    """How far the export is."""
    last = state.get("last_day")
    lines = [_("Last bundle: {day}", day=last) if last else _("No bundle yet: the first is made tonight.")]
    if state.get("waiting_days"):
        lines.append(_("{n} days wait to be brought to the province.", n=state["waiting_days"]))
    if state.get("trouble"):
        lines.append(str(state["trouble"]))
    return lines
