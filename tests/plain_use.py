"""Use, days, answers, content, journal and equipment, as plain as DOMAIN.md says them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kiosk.rules.periods import Period, months_in
from tests.plain_asked import Asked, month_end, months_until
from tests.plain_want import EARLY, Want, maybe, none, share, tenth

ENDS = ("signed_out", "time_up", "idle", "closing", "manager", "power", "fault", "other")
SUMS = {
    "VISITS": "visits", "TOO_SHORT": "too_short", "ASSISTED": "assisted", "EXTENSIONS": "extensions",
    "PAGES": "pages", "UNCLEAN": "unclean", "OPENS": "open", "MISSED": "missed",
    **{f"END_{one}": f"end_{one}" for one in ENDS},
}  # fmt: skip
# By what worlds() tells the province of its guides.
SUMS |= {"OPENS_agri": "open agri/tomato", "OPENS_health": "open health/fever", "OPENS_OTHER": "open nobody/knows"}
SUMS |= {"OPENS_gov": "open nothing"}
DAYS = {"PLANNED_DAYS": "planned", "REPORTED_DAYS": "reported", "OPEN_DAYS": "open", "WORKING_DAYS": "working"}
HOURS = {"PC_HOURS": ("seconds", 3_600), "NET_HOURS": ("internet_minutes", 60), "OPEN_HOURS": ("open_minutes", 60)}
LATE = {"TIMELINESS": "in_3", "TIMELINESS_MONTH": "by_third"}
HEALTH = ("LOOKS", "LOOKS_DISK", "LOOKS_MEMORY", "LOOKS_CLOCK", "LOOKS_PRINTING", "LOOKS_PRINTER", "COMMITS",
          "COMMIT_MS", "CLOCK_LOST")  # fmt: skip
JOURNAL = ("classes", "class_people", "service_help", "books_read")
LEVELS = ("books_on_hand",)
ANY = ("ANY_FIRST", "ANY_OTHER")
RELEASED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "SEX_F": (("SEX",), "yes"), "SEX_M": (("SEX",), "no"), "AGE_U16": (("AGEU16",), "yes"),
    "AGE_16_30": (("AGE16",), "yes"), "AGE_31_59": (("AGE31",), "yes"), "AGE_60P": (("AGEU16",), "no"),
    "ANYTARGET": (ANY, "yes"), "GRP_POOR": (("POOR",), "yes"), "GRP_NEARPOOR": (("POOR",), "no"),
    "GRP_ETHMIN": (("ETHMIN",), "yes"), "GRP_DISAB": (("DISAB",), "yes"),
}  # fmt: skip
SIDES = {"FST": ("FST_Y",), "NO_PICTURE": ("visits",), "GRP_U": ("first", "not_first")}
MONTHLY = {"FIRST": "FST", "NO_PICTURE": "NO_PICTURE", "NO_GROUPS": "GRP_U"}
HELD = {"HELD_PICTURES": (("SEX",), "NO_PICTURE"), "HELD_GROUPS": (ANY, "GRP_U")}
USE = (*SUMS, *DAYS, *HOURS, *LATE, "USE_RATE", "COMPLETENESS", "PCS_WORKING_RATE", *HEALTH, *JOURNAL, *LEVELS)
ANSWERS = (*RELEASED, *MONTHLY, *HELD)


def use(here: Asked, code: str, living: list[str]) -> Want:
    """Any code of USE, of sites that lived."""
    sums, states, told = Counter[str](), Counter[str](), here.told(living)
    for one in living:
        sums.update(here.truth.sums(one, here.first, here.last))
        states.update(here.truth.states(one, here.first, here.last, here.ask.starts_on))
    if code in DAYS:
        return maybe(states[DAYS[code]], not told and code != "PLANNED_DAYS", "nothing_told")
    if code == "COMPLETENESS":
        return share(states["reported"], states["planned"])
    if not told:
        return none("nothing_told")
    if code in SUMS:
        return Want(sums[SUMS[code]])
    if code in HOURS:
        name, hour = HOURS[code]
        return Want(tenth(Decimal(sums[name]) / hour))
    if code in LATE:
        return share(sums[LATE[code]], sums["told"])
    if code == "USE_RATE":
        minutes = sums["open_minutes"]
        return Want(tenth(Decimal(100 * sums["seconds"]) / (60 * minutes))) if minutes else none("no_base")
    if code == "PCS_WORKING_RATE":
        return share(min(sums["pc_working"], sums["pc_planned"]), sums["pc_planned"])
    if code in HEALTH:
        return maybe(sums[code.lower()], not sums["health"], "nothing_told")
    if code in LEVELS:
        return Want(sum(here.truth.level(one, code, here.first, here.last) for one in living))
    return Want(sums[code])


def answers(here: Asked, code: str, living: list[str]) -> Want:
    """Any code of ANSWERS, of sites that lived."""
    if code in HELD:
        return _held(here, code, living)
    if code in RELEASED:
        tables, side = RELEASED[code]
        released = here.released(living, here.first, here.last)
        count = sum(released[table, side] for table in tables)
        why = ["not_released", *(() if here.told(living) else ("nothing_told",))]
        why += EARLY if month_end(here.last) < here.first else ()
        return Want(count) if count else none(*why)
    months = months_in(Period("range", "", here.first, here.last))
    exact = here.exact(living, [one.text for one in months])
    count = sum(exact[MONTHLY[code], side] for side in SIDES[MONTHLY[code]])
    if exact[MONTHLY[code], "told"]:
        return Want(count)
    # A PC says nothing of a month in which nobody came: told days without a word are noughts, silence is not.
    days = months and any(here.truth.sums(one, months[0].first, months[-1].last)["days"] for one in living)
    return maybe(0, True, "nothing_told") if days else none("nothing_told", *(() if months else EARLY))


def _held(here: Asked, code: str, living: list[str]) -> Want:
    """Of each site what was recorded since the beginning, less what was released; up to the last month that is over.

    By whole months in which the site lived on any day: what is told exactly of a month does not tell its days apart.
    """
    end, held, begun = month_end(here.last), 0, False
    tables, skipped = HELD[code]
    months = {name[3] for name in here.truth.months if name[3] <= f"{end:%Y-%m}"}
    for one in living:
        visits = here.truth.visits_of_months(one, end)
        begun = begun or visits is not None
        exact, released = here.exact([one], months), here.released([one], date.min, end)
        recorded = (visits or 0) - sum(exact[skipped, side] for side in SIDES[skipped])
        held += max(0, recorded - sum(released[table, side] for table in tables for side in ("yes", "no")))
    return Want(held) if begun else none("nothing_told", *EARLY)


def users(here: Asked, code: str, sites: list[str]) -> Want:
    """USERS and TARGET_USERS: of the year so far, of all sites that lived in it."""
    begin, months = date(here.last.year, 1, 1), months_until(here.last)
    lived = [one for one in sites if here.lived(one, begin, here.last)]
    if not lived:
        return none("no_sites", *EARLY)
    late = () if any(here.lived(one, begin, month_end(here.last)) for one in lived) else ("no_sites",)
    if code == "TARGET_USERS":
        count = here.released(lived, begin, here.last)["ANY_FIRST", "yes"]
        return Want(count) if count else none("not_released", "nothing_told", *EARLY, *late)
    if not months:
        return none(*EARLY)
    if not here.exact(lived, months)["FST", "told"]:
        told = [here.truth.sums(one, begin, month_end(here.last)) for one in lived]
        nobody = any(one["days"] and not one["visits"] for one in told)  # who came is known where nobody did
        return maybe(0, True, "nothing_told", *late) if nobody else none("nothing_told", *late)
    counts = [users_of(here, one, months) for one in lived]
    value, low, high = (sum(one[place] for one in counts) for place in range(3))
    return Want(value, low=low, high=high)


def users_of(here: Asked, site: str, months: list[str]) -> tuple[int, int, int]:
    """F + U·F/(F+R) of a site where F+R is at least 20, else F; and the range."""
    exact = here.truth.exact(site, months)
    first, been, unknown = (exact["FST", side] for side in ("FST_Y", "FST_N", "FST_U"))
    more = Decimal(unknown * first) / (first + been) if first + been >= 20 else Decimal(0)
    return first + int(more.quantize(Decimal(1), ROUND_HALF_UP)), first, first + unknown
