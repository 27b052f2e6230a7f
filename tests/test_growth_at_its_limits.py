"""Growth on bases of 29 and 30 users, 99 and 100 visits, at 2.96 %, at 80 % of the days: never a digit too kind.

And of sites that opened on the first day that is compared or the day after it, or closed on the last or before it.
"""

from datetime import date
from pathlib import Path

import pytest

from tests.figures_bundles import Script, site
from tests.figures_odd import JUNE, NOW, THEN, asked, changes, one_commune, said
from tests.plain_goals import GROWTHS
from tests.plain_use import RELEASED

pytestmark = pytest.mark.slow  # each builds a lake


def test_bases_and_digits_at_their_limits(tmp_path: Path) -> None:
    cases = {  # visits then and now -> what is said, the verdict
        "10001": ((0, 50), "small_base", ""),
        "10002": ((99, 150), "small_base", ""),
        "10003": ((100, 102), "2.0", "not_met"),
        "10004": ((100, 103), "3.0", "met"),
        "10005": ((1_014, 1_044), "2.96", "not_met"),  # 30/1014 = 2.9586: not 3.0
        "10006": ((1_008, 1_058), "4.96", "met"),  # 50/1008 = 4.9603: not 5.0
        "10007": ((1_000, 1_050), "5.0", "high"),
        "10008": ((100_000, 102_999), "2.999", "not_met"),  # two digits would read 3.00
        "10009": ((2_501, 2_500), "0.0", "not_met"),  # −0.04, and no −0.0
        "10010": ((200, 0), "-100.0", "not_met"),
        "10011": ((400, 401), "0.3", "not_met"),  # 0.25, halves up
        "10012": ((400, 399), "-0.3", "not_met"),  # away from nought
    }
    world = changes({name: counts for name, (counts, _said, _verdict) in cases.items()})
    found = asked(tmp_path, *world, JUNE, by="commune", codes=["VISITS_GROWTH"])
    for name, (counts, number, verdict) in cases.items():
        value = found.of(name)["VISITS_GROWTH"]
        assert (said(found.of(name), "VISITS_GROWTH"), value.verdict) == ([number], verdict), (counts, value)
        assert not value.known or (value.whole, value.part, value.sites) == (*counts, 2)


def test_bases_of_users_at_their_limits(tmp_path: Path) -> None:
    cases = {  # users then and now
        "10001": ((0, 9), "small_base", ""),
        "10002": ((29, 60), "small_base", ""),
        "10003": ((30, 30), "0.0", "not_met"),
        "10004": ((30, 31), "3.3", "met"),
        "10005": ((1_014, 1_044), "2.96", "not_met"),
        "10006": ((100, 103), "3.0", "met"),
        "10007": ((100, 200), "100.0", "met"),  # users are met, never high
    }
    world = changes({name: counts for name, (counts, _said, _verdict) in cases.items()})
    found = asked(tmp_path, *world, JUNE, by="commune", codes=["USERS_GROWTH", *RELEASED, "HELD_PICTURES", *GROWTHS])
    for name, (counts, number, verdict) in cases.items():
        values = found.of(name)
        assert (said(values, "USERS_GROWTH"), values["USERS_GROWTH"].verdict) == ([number], verdict), counts
        # HELD everywhere: nothing was released, so nothing is said of who came, and no goal is judged by it.
        assert said(values, *RELEASED) == ["not_released"] * len(RELEASED)
        assert not any(values[code].known for code in GROWTHS if code.startswith("TARGET"))
        assert said(values, "HELD_PICTURES") == [str(sum(counts))]


def test_bases_of_target_groups_at_their_limits(tmp_path: Path) -> None:
    cases = {  # released then and now -> users, visits, and their verdicts
        "10001": ((28, 60), ["small_base", "small_base"], ["", ""]),
        "10002": ((30, 30), ["0.0", "small_base"], ["not_met", ""]),
        "10003": ((98, 150), ["53.1", "small_base"], ["met", ""]),
        "10004": ((100, 103), ["3.0", "3.0"], ["met", "met"]),
        "10005": ((100, 106), ["6.0", "6.0"], ["met", "high"]),
        "10006": ((1_014, 1_044), ["2.96", "2.96"], ["not_met", "not_met"]),
    }
    world = changes({name: counts for name, (counts, _said, _verdicts) in cases.items()}, released=True)
    codes = ["TARGET_USERS_GROWTH", "TARGET_VISITS_GROWTH"]
    found = asked(tmp_path, *world, JUNE, by="commune", codes=codes)
    for name, (counts, numbers, verdicts) in cases.items():
        values = found.of(name)
        assert (said(values, *codes), [values[code].verdict for code in codes]) == (numbers, verdicts), counts


def test_80_percent_of_the_days_are_compared_and_less_are_not(tmp_path: Path) -> None:
    script = Script()
    days = {year: [date(year, 6, day) for day in range(2, 28) if date(year, 6, day).weekday() < 5][:5]
            for year in (2024, 2025)}  # fmt: skip
    planned = "; ".join(f"{day}: 08:00-12:00" for some in days.values() for day in some)
    sites = [site(code, "14001", week="8", exceptions=planned) for code in ("TH-001", "TH-002", "TH-003")]
    for one, reported in zip(sites, (4, 5, 3), strict=True):
        for day in days[2024] + days[2025][:reported]:
            script.day(one.code, "01", day, visits=40)
    found = asked(tmp_path, script, one_commune(*sites), JUNE, by="site", codes=["VISITS_GROWTH"])
    whole = found.of()["VISITS_GROWTH"]
    assert (whole.part, whole.whole, whole.sites, str(whole.number)) == (360, 400, 2, "-10.0")
    assert said(found.of("TH-003"), "VISITS_GROWTH") == ["no_matched"]


LIVES = {  # opened, last -> whether compared by the visits of June; by the users of January to June
    "TH-001": ("", "", True, True),  # nobody knows when it opened
    "TH-002": ("2024-01-01", "2025-06-30", True, True),
    "TH-003": ("2024-01-02", "2025-06-30", True, False),
    "TH-004": ("2024-06-01", "", True, False),
    "TH-005": ("2024-06-02", "", False, False),
    "TH-006": ("2023-05-01", "2025-06-29", False, False),
}


def test_what_opened_or_closed_in_between_is_no_growth(tmp_path: Path) -> None:
    """All planned one day of June in both years, and told of it and of the month; the sites differ by their lives."""
    script, planned = Script(), f"{THEN}: 08:00-12:00; {NOW}: 08:00-12:00"
    for number, code in enumerate(LIVES):
        for day, visits in ((THEN, 100), (NOW, 110 + number)):
            script.day(code, "01", day, visits=visits, open_minutes=240)
            month = {"kind": "month", "month": f"{day:%Y-%m}", "table": "FST", "side": "FST_Y", "count": visits}
            script.day(code, "01", day.replace(month=7, day=1), month, planned_minutes=0)
    sites = [site(code, "14001", week="8", exceptions=planned, opened=opened, last=last)
             for code, (opened, last, *_compared) in LIVES.items()]  # fmt: skip
    codes = ["VISITS_GROWTH", "USERS_GROWTH"]
    found = asked(tmp_path, script, one_commune(*sites), JUNE, by="site", codes=codes)
    known = {True: "one_site", False: "no_matched"}
    for code, (_opened, _last, *compared) in LIVES.items():
        assert [found.of(code)[one].reason for one in codes] == [known[one] for one in compared], code
    visits, users = (found.of()[one] for one in codes)
    assert (visits.part, visits.whole, visits.sites, said(found.of(), *codes)) == (446, 400, 4, ["11.5", "10.5"])
    assert (users.part, users.whole, users.sites) == (221, 200, 2)
