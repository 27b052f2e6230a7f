"""Every indicator of DOMAIN.md from raw lines and register, as slow and plain as it is written there.

for key, sites in (here := Asked(truth, ask)).places().items():
    wanted(here, "VISITS", sites, one_site=False).differs(told.of(key).get("VISITS"))
"""

from collections import Counter

from tests import plain_goals, plain_use
from tests.figures_worlds import JOINED
from tests.plain_asked import Asked
from tests.plain_want import EARLY, Want, maybe, none

COUNTS = ("LIVING_SITES", "POTENTIAL_SITES", "REPORTING_SITES", "PCS", "PCS_ENROLLED")
CODES = (*plain_goals.GROWTHS, *plain_goals.LISTED, *COUNTS, *plain_goals.ACTIVITY, "USERS", "TARGET_USERS",
         *plain_use.USE, *plain_use.ANSWERS)  # fmt: skip
NOT_BEGUN = ("nothing_told", "no_sites", "no_list", "first_year", "no_matched", "one_site", "not_released", *EARLY)


def wanted(here: Asked, code: str, sites: list[str], one_site: bool) -> Want:
    """What must be told of these sites of a place; `one_site`: the place is asked for as one site."""
    living = [one for one in sites if one in here.living]
    if here.last < here.first:
        return maybe(0, True, *NOT_BEGUN)
    if code in plain_goals.GROWTHS:
        return plain_goals.growth(here, code, sites, one_site)
    if code in plain_goals.LISTED:
        return plain_goals.of_the_list(here, code, sites)
    if code in ("USERS", "TARGET_USERS"):
        return plain_use.users(here, code, sites)
    if code in COUNTS:
        return _count(here, code, living)
    if not living:
        return none("no_sites", *EARLY)
    if code in plain_goals.ACTIVITY:
        return plain_goals.activity(here, code, living)
    return plain_use.use(here, code, living) if code in plain_use.USE else plain_use.answers(here, code, living)


def _count(here: Asked, code: str, living: list[str]) -> Want:
    sites = here.register.sites
    if code == "PCS":
        pcs = [sites[one].value("pcs", here.last) for one in living if sites[one].lives(here.last)]
        return maybe(sum(int(one) for one in pcs if one), not any(pcs), "nothing_told", "no_base", "no_sites")
    if code == "PCS_ENROLLED":
        return maybe(sum(JOINED.get(one, 0) for one in living), not living, "no_sites")
    if code == "REPORTING_SITES":
        living = [one for one in living if here.told([one])]
    if code == "POTENTIAL_SITES":
        living = [one for one in living if sites[one].value("status", here.last) == "potential"]
    return maybe(len(living), not living, "no_sites", "nothing_told")


def most(here: Asked, kind: str) -> list[tuple[str, int, int]]:
    """Of items ("open") or words ("missed"): name, how often and at how many sites; the most first."""
    times, sites = Counter[str](), Counter[str]()
    for site in here.asked:
        sums = here.truth.sums(site, here.first, here.last)
        found = {name.partition(" ")[2]: count for name, count in sums.items() if name.startswith(f"{kind} ")}
        times.update(found)
        sites.update(found.keys())
    return sorted(((name, count, sites[name]) for name, count in times.items()), key=lambda one: (-one[1], one[0]))
