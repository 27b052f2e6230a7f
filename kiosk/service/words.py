"""The station's state as lines for a terminal."""

from datetime import date, datetime
from typing import Any

from kiosk.clock import LOCAL
from kiosk.rules.trust_words import because_words, why_not_words
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
    if state.get("staff"):
        lines.append(_("Staff are at the panel on this computer."))
    if state.get("seconds_left") is not None:
        lines.append(_("{n} minutes left", n=-(-state["seconds_left"] // 60)))
    if state.get("reason"):
        lines.append(str(state["reason"]))
    lines.append(_("Visits today: {n}; this month: {m}", n=state["visits_today"], m=state["visits_month"]))
    lines += clock_lines(state["clock"])
    lines += export_lines(state["export"])
    lines += memory_lines(state.get("memory") or {})
    lines += update_lines(state.get("updates") or {})
    lines += health_lines(state.get("health") or {})
    lines += [_("Trouble: {what}", what=f"{one['code']} {one['detail']}".strip()) for one in state["troubles"]]
    return lines


def health_lines(health: dict[str, Any]) -> list[str]:
    """Of the equipment, only what is not as it should be."""
    wrong = [lamp for lamp in health.get("lamps") or [] if lamp["light"] in ("look", "bad")]
    return [f"{lamp['reason']} {lamp['todo']}".strip() for lamp in wrong]


def update_lines(updates: dict[str, Any]) -> list[str]:
    """The province's content: what runs, what is in use, what went wrong; nothing where there is no province."""
    lines, good, tried = [], updates.get("good"), updates.get("tried")
    if updates.get("run"):
        lines.append(_("An update of the library is running."))
    if good:
        lines.append(
            _("The library is edition {n} of {date}, last compared on {when}.", n=good["edition"],
              date=day_of(good["published"]), when=minute_of(good["at"]))
        )  # fmt: skip
    if tried and tried["trouble"] and not updates.get("run"):
        lines.append(trouble_line(tried))
    return lines


def trouble_line(tried: dict[str, Any]) -> str:
    """Why the last update did not succeed."""
    return _("The last update of the library, on {when}, did not succeed: {why}", when=minute_of(tried["at"]),
             why=tried["trouble"])  # fmt: skip


def day_of(moment: str) -> str:
    """A moment in ISO 8601 as a day here."""
    return f"{datetime.fromisoformat(moment).astimezone(LOCAL):%d/%m/%Y}"


def date_words(day: str) -> str:
    """2026-11-19 as it is written here."""
    return f"{date.fromisoformat(day):%d/%m/%Y}"


def minute_of(moment: str) -> str:
    """The same with its hour."""
    return f"{datetime.fromisoformat(moment).astimezone(LOCAL):%d/%m/%Y %H:%M}"


def memory_lines(memory: dict[str, Any]) -> list[str]:
    """The newest copy of the store, and what lies set aside."""
    lines = [_("Last copy of the memory: {when}", when=str(memory["copy"])[:16])] if memory.get("copy") else []
    if (memory.get("set_aside") or {}).get("count"):
        lines.append(_("{n} damaged or replaced files lie in store/set_aside.", n=memory["set_aside"]["count"]))
    return lines


def clock_lines(clock: dict[str, Any]) -> list[str]:
    """Whether the date can be trusted, why or why not, and what has no date."""
    if clock["trusted"]:
        lines = [because_words(clock["because"])]
    else:
        reason = why_not_words(clock["why_not"] or "")
        lines = [_("The date is not trusted: {reason}. Confirm it on the panel.", reason=reason)]
    waiting = clock["undated"]
    if waiting["visits"]:
        lines.append(_("Visits without a date: {n}, {m} minutes.", n=waiting["visits"], m=waiting["minutes"]))
    return lines


def export_lines(state: dict[str, Any]) -> list[str]:
    """How far the export is: what was made, what the province has, what waits and what it refused, and why."""
    last = state.get("last_day")
    lines = [_("Last bundle: {day}", day=date_words(last)) if last else _("No bundle yet: the first is made tonight.")]
    lines += _sent(state)
    if state.get("waiting_days"):
        lines.append(_("{n} days wait to be brought to the province.", n=state["waiting_days"]))
    if state.get("carried_days") and state.get("province"):
        lines.append(
            _("{n} of them were carried to a folder or on a stick; its receipts are still to come back.",
              n=state["carried_days"])
        )  # fmt: skip
    lines += [
        _("The province has put {day} aside: {reason}.", day=date_words(one["day"]), reason=one["sentence"])
        for one in state.get("refused") or []
    ]
    if state.get("sending"):
        lines.append(_("Sending now: {done} of {of}.", done=state["sending"]["done"], of=state["sending"]["of"]))
    elif state.get("next") and state.get("waiting_days"):
        lines.append(_("It is sent by itself at {when}, or now by: kiosk export send", when=minute_of(state["next"])))
    if state.get("trouble"):
        lines.append(str(state["trouble"]))
    return lines


def unsigned_line() -> str:
    """That what this station writes helps nobody yet."""
    return _("This computer has not joined a province: bundles that it writes bear no signature, and none takes them.")


def _sent(state: dict[str, Any]) -> list[str]:
    """Where it goes, and what is known to be there."""
    if state.get("unsigned"):
        return [unsigned_line()]
    if not state.get("province"):
        return []
    if not state.get("last_sent"):
        return [_("Numbers go to {name}, which has confirmed none of them yet.", name=state["province"])]
    if not state.get("confirmed_day"):
        when = minute_of(state["last_sent"])
        return [_("Numbers go to {name}; it received some last on {when}.", name=state["province"], when=when)]
    return [
        _("Numbers go to {name}, which has confirmed days up to {day}, last on {when}.", name=state["province"],
          day=date_words(state["confirmed_day"]), when=minute_of(state["last_sent"]))
    ]  # fmt: skip
