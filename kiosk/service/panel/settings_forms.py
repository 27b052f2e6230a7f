"""What the settings' forms send, as what is set; every mistake with the name of its field. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.rules.intervals import Interval, clock_text, overlap, parse_interval
from kiosk.rules.policy import Policy
from kiosk.rules.policy_of_a_session import DAYS
from kiosk.web.words import Sentence, says

# Morning and afternoon.
STRETCHES = 2
LONGEST_NOTE = 200
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:\s?[:h.,]?\s?(?P<minute>[0-5]\d))?\s?h?", re.ASCII)

Form = Mapping[str, str]
Wrong = dict[str, Sentence]

# (section, key, the least, the most) of what the page of minutes sets.
MINUTES = (
    ("session", "minutes", 5, 480),
    ("session", "extension_minutes", 0, 240),
    ("session", "staff_extension_minutes", 0, 240),
    ("idle", "ask_after_minutes", 0, 120),
)


def week_form(policy: Policy) -> dict[str, str]:
    """The fields of the week as they stand: `monday_1_from`."""
    found = dict[str, str]()
    for day in DAYS:
        found |= stretches_form(getattr(policy.hours, day) if policy.hours else (), day)
    return found


def stretches_form(intervals: tuple[Interval, ...], name: str) -> dict[str, str]:
    """The fields of one day's stretches."""
    found = dict[str, str]()
    for number in range(max(STRETCHES, len(intervals))):
        one = intervals[number] if number < len(intervals) else None
        found[f"{name}_{number}_from"] = clock_text(one.start) if one else ""
        found[f"{name}_{number}_to"] = clock_text(one.end) if one else ""
    return found


def week_of(form: Form, policy: Policy) -> tuple[dict[str, Any], Wrong]:
    """The section [hours] that the form of the week asks for; exceptions stay."""
    wrong, week = Wrong(), dict[str, Any]()
    for day in DAYS:
        week[day] = stretches_of(form, day, wrong)
    if not wrong and not any(week.values()):
        wrong["monday_0_from"] = says("Please write the hours of at least one day.")
    return {**week, "exceptions": _exceptions(policy)}, wrong


def stretches_of(form: Form, name: str, wrong: Wrong) -> list[str]:
    """The stretches of one day, as the policy writes them; what is wrong goes into `wrong` by its field."""
    found, last = list[Interval](), ""
    for number in range(20):
        begin, end = (form.get(f"{name}_{number}_{side}", "").strip() for side in ("from", "to"))
        if not begin and not end:
            continue
        last = f"{name}_{number}_from"
        if not begin or not end:
            wrong[f"{name}_{number}_{'from' if not begin else 'to'}"] = says("One of the two times is missing.")
            continue
        try:
            found.append(parse_interval(f"{_time(begin)}-{'24:00' if _time(end) == '00:00' else _time(end)}"))
        except ValueError:
            wrong[f"{name}_{number}_to"] = says("It must end after it begins, as 07:30 to 11:30.")
    if overlap(found):
        wrong[last] = says("These hours overlap.")
    return [f"{clock_text(one.start)}-{clock_text(one.end)}" for one in sorted(found)]


def day_form(policy: Policy, day: date) -> dict[str, str]:
    """The fields of one date: as the week, closed, or hours of its own."""
    one = next((one for one in (policy.hours.exceptions if policy.hours else ()) if one.date == day), None)
    kind = "week" if one is None else "own" if one.hours else "closed"
    return {"kind": kind, "note": one.note if one else "", **stretches_form(one.hours if one else (), "day")}


def day_of(form: Form, policy: Policy, day: date) -> tuple[dict[str, Any], Wrong]:
    """The section [hours] with this date as the form asks for."""
    wrong, others = Wrong(), [one for one in _exceptions(policy) if one["date"] != day]
    kind, note = form.get("kind", ""), " ".join(form.get("note", "").split())[:LONGEST_NOTE]
    if kind == "own":
        hours = stretches_of(form, "day", wrong)
        if not hours and not wrong:
            wrong["day_0_from"] = says("Please write the hours of this day.")
        others.append({"date": day, "hours": hours, "note": note})
    elif kind == "closed":
        others.append({"date": day, "hours": [], "note": note})
    elif kind != "week":
        wrong["kind"] = says("Please choose one.")
    return {**_week(policy), "exceptions": sorted(others, key=lambda one: one["date"])}, wrong


def minutes_form(policy: Policy) -> dict[str, str]:
    """The minutes as they stand."""
    return {key: f"{getattr(getattr(policy, section), key):g}" for section, key, _least, _most in MINUTES}


def minutes_of(form: Form) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """The sections with these minutes."""
    wrong, found = Wrong(), dict[str, dict[str, Any]]()
    for section, key, least, most in MINUTES:
        text = form.get(key, "").strip().replace(",", ".")
        number = _number(text)
        if number is None or not least <= number <= most:
            wrong[key] = says("A number from {least} to {most}.", least=least, most=most)
        else:
            found.setdefault(section, {})[key] = int(number) if number == int(number) else number
    return found, wrong


def fee_form(policy: Policy) -> dict[str, str]:
    """The sentence about fees as it stands."""
    return {"vi": policy.fee.vi, "en": policy.fee.en}


def fee_of(form: Form) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """The section [fee]. A sentence in one language alone would be empty to half of its readers."""
    words = {lang: " ".join(form.get(lang, "").split()) for lang in ("vi", "en")}
    too_long = says("At most {n} letters.", n=LONGEST_NOTE)
    wrong = {lang: too_long for lang, text in words.items() if len(text) > LONGEST_NOTE}
    if words["en"] and not words["vi"]:
        wrong["vi"] = says("Please write it in Vietnamese too.")
    return {"fee": words}, wrong


def _time(text: str) -> str:
    """A time as people write it (7:30, 7h30, 7h, 730, 0730) as the policy does; anything else as it stands."""
    found = _TIME.fullmatch(text.lower())
    return f"{int(found['hour']):02d}:{found['minute'] or '00'}" if found else text


def _number(text: str) -> float | None:
    """A plain decimal number; Python would take more kinds."""
    plain = text.replace(".", "", 1)
    return float(text) if plain.isascii() and plain.isdecimal() and len(text) <= 6 else None


def _week(policy: Policy) -> dict[str, Any]:
    """The week as it stands. Where none is set the station is always open, and a day of its own must not close it."""
    if policy.hours is None:
        return {day: ["00:00-24:00"] for day in DAYS}
    return {day: _texts(getattr(policy.hours, day)) for day in DAYS}


def _exceptions(policy: Policy) -> list[dict[str, Any]]:
    if policy.hours is None:
        return []
    return [{"date": one.date, "hours": _texts(one.hours), "note": one.note} for one in policy.hours.exceptions]


def _texts(intervals: tuple[Interval, ...]) -> list[str]:
    return [f"{clock_text(one.start)}-{clock_text(one.end)}" for one in intervals]
