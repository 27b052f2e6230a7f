"""The plan's goals in the same plain way: sites of the frozen list, active months, growth of matched sites."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kiosk.province.register.frozen_lists import list_for_year
from tests.plain_asked import Asked, month_end, months_until
from tests.plain_use import ANY, users_of
from tests.plain_want import EARLY, Want, maybe, none, tenth

GROWTHS = ("USERS_GROWTH", "VISITS_GROWTH", "TARGET_USERS_GROWTH", "TARGET_VISITS_GROWTH")
LISTED = ("EFFECTIVE_SITES", "PROJECT_SITES", "SITES_EFFECTIVE", "SITES_NOT_EFFECTIVE", "SITES_NO_REPORT")
ACTIVITY = ("ACTIVE_MONTHS", "EFFECTIVE")
BASE = {"VISITS": 100, "TARGET_VISITS": 100, "USERS": 30, "TARGET_USERS": 30}


def months_told(here: Asked, code: str) -> list[str]:
    """Of every counted month of a site: active, not, silent. A month without a planned day is not counted."""
    found, truth = list[str](), here.truth
    for month in here.months():
        days = truth.states(code, month.first, month.last, here.ask.starts_on)
        visits = truth.sums(code, month.first, month.last)["visits"]
        if days["planned"] and not days["reported"]:
            found.append("silent")
        elif days["planned"]:
            opened = days["open"] > 0 and 2 * days["open"] >= days["planned"]
            good = opened and 2 * days["working"] >= days["open"] and visits >= 10
            found.append("active" if good else "not")
    return found


def effect(months: list[str]) -> str:
    """Three states of a site."""
    if all(one == "silent" for one in months):
        return "no_report"
    return "effective" if 100 * months.count("active") >= 75 * len(months) else "not_effective"


def activity(here: Asked, code: str, living: list[str]) -> Want:
    """ACTIVE_MONTHS of any place, EFFECTIVE of a site."""
    if not here.months():
        return none(*EARLY)
    by_site = [months_told(here, one) for one in living]
    months = [one for some in by_site for one in some]
    silent = all(one == "silent" for one in months)
    if code == "ACTIVE_MONTHS":
        return maybe(months.count("active"), silent, "nothing_told", "no_base")
    if silent:
        return none("nothing_told", "no_base")
    good = effect(months) == "effective"
    return Want(int(good), verdict="met" if good else "not_met")


def of_the_list(here: Asked, code: str, sites: list[str]) -> Want:
    """The share of the frozen list, and what it is made of."""
    frozen = list_for_year(here.register.lists, here.last.year)
    if frozen is None:
        return none("no_list")
    listed = [one for one in sites if one in frozen.codes]
    if code == "PROJECT_SITES":
        return maybe(len(listed), not listed, "no_sites", "no_base")
    if not listed:
        why = ("no_sites", "no_base", *EARLY)
        return none(*why) if code == "EFFECTIVE_SITES" else maybe(0, True, *why)
    if not here.months():
        return none(*EARLY)
    states = Counter(effect(months_told(here, one)) for one in listed)
    if code != "EFFECTIVE_SITES":
        return Want(states[code.removeprefix("SITES_").lower()])
    good, told = states["effective"], len(listed) - states["no_report"]
    verdict = "not_met" if 100 * good < 80 * len(listed) else "high" if good == len(listed) else "met"
    return Want(tenth(Decimal(100 * good) / len(listed)), part=good, whole=len(listed), verdict=verdict,
                high=tenth(Decimal(100 * good) / told) if told else None)  # fmt: skip


def growth(here: Asked, code: str, sites: list[str], one_site: bool) -> Want:
    """Of the same sites on the same dates of two years, or why not."""
    what, before = code.removesuffix("_GROWTH"), here.before
    if before is None:
        return none("first_year", "no_matched")
    spans = [(here.first, here.last), (before.first, before.last)]
    alone = ("one_site",) if one_site else ()
    if what.endswith("USERS"):  # of the year, up to the last month that is over
        spans = [(date(last.year, 1, 1), month_end(last)) for _first, last in spans]
        if not (months_until(here.last) and months_until(before.last)):
            return none("first_year", "nothing_told", "no_sites", *EARLY, *alone)
    now_told, then_told = (any(here.truth.sums(one, *span)["days"] for one in sites) for span in spans)
    silent = () if now_told else ("nothing_told", "no_sites")
    if not then_told:
        return none("first_year", *alone, *silent)
    cut = 1 if what.endswith("USERS") else here.ask.starts_on
    matched = [one for one in sites if _matched(here, one, spans, cut)]
    if not matched:
        return none("no_matched", *alone, *silent)
    now, then = (_figure(here, what, matched, *span) for span in spans)
    if one_site or len(matched) == 1:  # a few percent cannot be judged at one site
        told = "same" if (now - then) ** 2 <= 4 * (now + then) else "up" if now > then else "down"
        return replace(none("one_site"), trend=told)
    if then < BASE[what]:
        unknown = ("not_released",) if what.startswith("TARGET") and not (now and then) else ()
        return none("small_base", *unknown)
    return percent_of(what, now, then, len(matched))


def percent_of(what: str, now: int, then: int, sites: int) -> Want:
    """The percentage with its verdict, and no digit that says otherwise."""
    exact = Decimal(100 * (now - then)) / then
    goals = (3,) if what.endswith("USERS") else (3, 5)
    reached = sum(100 * (now - then) >= goal * then for goal in goals)
    digits = 1
    while sum(tenth(exact, digits) >= goal for goal in goals) != reached:
        digits += 1
    return Want(tenth(exact, digits), part=now, whole=then, sites=sites, verdict=("not_met", "met", "high")[reached])


def _matched(here: Asked, code: str, spans: list[tuple[date, date]], cut: int) -> bool:
    """Whether a site was there from the first day to the last, and told 80 % of its planned days in both years."""
    site, (now, then) = here.register.sites[code], spans
    if site.opened is not None and site.opened > then[0] or site.last is not None and site.last < now[1]:
        return False
    for first, last in spans:
        states = here.truth.states(code, first, last, cut)
        if not states["planned"] or 100 * states["reported"] < 80 * states["planned"]:
            return False
    return True


def _figure(here: Asked, what: str, sites: list[str], first: date, last: date) -> int:
    truth = here.truth
    if what == "VISITS":
        return sum(truth.sums(one, first, last)["visits"] for one in sites)
    if what == "TARGET_VISITS":
        return sum(truth.released(one, first, last)[table, "yes"] for one in sites for table in ANY)
    if what == "USERS":
        return sum(users_of(here, one, months_until(last))[0] for one in sites)
    return sum(truth.released(one, first, last)["ANY_FIRST", "yes"] for one in sites)
