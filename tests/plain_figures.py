"""Every indicator of DOMAIN.md from raw lines and register, as slow and plain as it is written there.

for key, sites in (here := Asked(truth, ask)).places().items():
    wanted(here, "VISITS", sites, one_site=False).differs(told.of(key).get("VISITS"))
"""

from tests import plain_goals, plain_use
from tests.plain_asked import Asked
from tests.plain_want import EARLY, Want, maybe, none

COUNTS = ("LIVING_SITES", "POTENTIAL_SITES", "REPORTING_SITES", "PCS")
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
    if code == "REPORTING_SITES":
        living = [one for one in living if here.told([one])]
    if code == "POTENTIAL_SITES":
        living = [one for one in living if sites[one].value("status", here.last) == "potential"]
    return maybe(len(living), not living, "no_sites", "nothing_told")
