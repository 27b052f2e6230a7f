"""Plausible visits for a demonstration, drawn from a seeded generator. Nothing in them is from a real site.

Shapes follow DOMAIN.md, The programme: pupils the largest group, few disabled or minority users, about five visits a
day, long stays; more in the school holidays, fewer in the harvest weeks and on wet days, nearly none at Tết.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from kiosk.clock import LOCAL
from kiosk.rules.answers import Answers
from kiosk.rules.hours import intervals_on
from kiosk.rules.policy import Policy

# Visits a day at one PC of a commune site, before weekday and season.
MEAN_VISITS = 5.0
# Monday to Sunday.
WEEKDAYS = (0.9, 0.9, 0.95, 0.9, 1.05, 1.35, 1.2)
# January to December: Tết, exams, the summer holidays, two harvests.
MONTHS = (0.9, 0.7, 1.0, 1.05, 0.95, 1.2, 1.4, 1.3, 1.05, 0.9, 1.0, 0.95)
# By hour: people come when the morning's work is done and when school is out.
HOURS = {7: 0.6, 8: 1.3, 9: 1.5, 10: 1.2, 11: 0.6, 13: 0.7, 14: 1.2, 15: 1.4, 16: 1.7, 17: 0.8, 18: 0.7, 19: 0.8}

SEXES = {"SEX_F": 52, "SEX_M": 48}
AGES = {"AGE_U16": 38, "AGE_16_30": 27, "AGE_31_59": 27, "AGE_60P": 8}
ENDS = {"signed_out": 52, "time_up": 33, "idle": 10, "manager": 3, "fault": 1, "power": 1}


@dataclass(frozen=True)
class Visit:
    """One visit: local start, seconds charged, how it went and what was answered."""

    start: datetime
    seconds: int
    granted: int
    extensions: int
    reason: str
    entry: str
    answers: Answers


@dataclass(frozen=True)
class Day:
    """One day of a station: its visits in order, none overlapping, and what the PC counted."""

    day: date
    visits: tuple[Visit, ...]
    open_seconds: int
    internet_seconds: int
    boots: int
    unclean: int


def make_day(random: Random, policy: Policy, day: date) -> Day:
    """One day by the policy's opening hours. A closed day is empty."""
    spans = [
        (datetime.combine(day, time(0), LOCAL) + timedelta(minutes=one.start), one.end - one.start)
        for one in intervals_on(policy, day)
    ]
    planned = sum(minutes for _start, minutes in spans)
    if not planned:
        return Day(day, (), 0, 0, 0, 0)
    power_cut = random.random() < 0.02
    late = random.randint(0, 20) if random.random() < 0.9 else planned // 2  # one person, two jobs: afternoons closed
    open_seconds = max(0, planned - late) * 60
    internet = open_seconds if random.random() < 0.9 else round(open_seconds * random.random())
    visits = _visits(random, policy, day, spans)
    if power_cut and visits:
        cut = random.randrange(len(visits))
        visits[cut] = _cut_short(random, visits[cut])
    return Day(day, tuple(visits), open_seconds, internet, 1 + power_cut, int(power_cut))


def _visits(random: Random, policy: Policy, day: date, spans: list[tuple[datetime, int]]) -> list[Visit]:
    wet = 0.6 if random.random() < 0.15 else 1.0
    mean = MEAN_VISITS * WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * wet
    wanted = sorted(_arrival(random, spans) for _ in range(_poisson(random, mean)))
    visits: list[Visit] = []
    free_from = datetime.combine(day, time(0), LOCAL)
    for arrival in wanted:
        start = max(arrival, free_from)
        left = max((end - start).total_seconds() for end in _ends(spans, start)) if _ends(spans, start) else 0.0
        if left < policy.closing.no_start_minutes * 60 or left < 60:
            continue
        visit = _visit(random, policy, start, int(left))
        visits.append(visit)
        free_from = start + timedelta(seconds=visit.seconds + 30)
    return visits


def _ends(spans: list[tuple[datetime, int]], moment: datetime) -> list[datetime]:
    ends = [(start, start + timedelta(minutes=minutes)) for start, minutes in spans]
    return [end for start, end in ends if start <= moment < end]


def _arrival(random: Random, spans: list[tuple[datetime, int]]) -> datetime:
    minutes = [start + timedelta(minutes=minute) for start, length in spans for minute in range(length)]
    chosen = random.choices(minutes, [HOURS.get(minute.hour, 0.3) for minute in minutes])[0]
    return chosen + timedelta(seconds=random.randrange(60))


def _visit(random: Random, policy: Policy, start: datetime, left: int) -> Visit:
    granted = min(left, round(policy.session.minutes * 60))
    extension = round(policy.session.extension_minutes * 60)
    reason = _pick(random, ENDS)
    extensions = 0
    if reason == "time_up" and extension and random.random() < 0.35 and left > granted + 60:
        extensions, granted = 1, min(left, granted + extension)
    if reason == "time_up":
        seconds = granted
        reason = "closing" if granted == left else reason
    else:
        seconds = min(granted, max(8, round(random.lognormvariate(math.log(granted * 0.45), 0.7))))
    if reason == "signed_out" and random.random() < 0.05:  # looked in and left: too short to be a visit
        seconds = random.randint(5, 50)
    entry = "staff" if "staff" in policy.entry.ways and random.random() < 0.12 else "citizen"
    return Visit(start, seconds, granted, extensions, reason, entry, _answers(random, policy, start.date()))


def _cut_short(random: Random, visit: Visit) -> Visit:
    seconds = random.randint(min(30, visit.seconds), visit.seconds)
    return Visit(visit.start, seconds, visit.granted, 0, "power", visit.entry, visit.answers)


def _answers(random: Random, policy: Policy, day: date) -> Answers:
    asked = policy.questions
    first, sex, age, groups = Answers.first, Answers.sex, Answers.age, frozenset({"GRP_U"})
    if random.random() < 0.12:  # straight in
        return Answers()
    if asked.first and random.random() < 0.93:
        first = "FST_Y" if random.random() < 0.15 + 0.5 * math.exp(-day.timetuple().tm_yday / 60) else "FST_N"
    if asked.person and random.random() < 0.92:
        sex, age = _pick(random, SEXES), _pick(random, AGES)
    if asked.groups and random.random() < 0.85:
        groups = _groups(random)
    return Answers(first, sex, age, groups)


def _groups(random: Random) -> frozenset[str]:
    found = set()
    draw = random.random()
    if draw < 0.2:
        found.add("GRP_POOR" if draw < 0.09 else "GRP_NEARPOOR")
    for code, chance in (("GRP_ETHMIN", 0.18), ("GRP_DISAB", 0.02), ("GRP_OTHER", 0.06)):
        if random.random() < chance:
            found.add(code)
    return frozenset(found or {"GRP_NONE"})


def _pick(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def _poisson(random: Random, mean: float) -> int:
    """Knuth, The Art of Computer Programming 2, 3.4.1: fine for means below some hundred."""
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count, product = count + 1, product * random.random()
    return count
