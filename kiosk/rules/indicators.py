"""The definition of every figure a station reports: code, label, unit, formula in words, source and version.

One place for panel, report, bundle and province. Labels and formulas are English sentences of the `web` catalogue;
`source` names lines of a bundle (export/formats.py) and is for machines. `figures.py` computes them. Whoever changes
what a figure means gives it a new version; the report prints it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.rules.figures import MIN_ANSWERS, MIN_MONTH_VISITS, MIN_REPORTED, MIN_USERS, MIN_VISITS
from kiosk.rules.indicator import (
    DAYS,
    HOURS,
    MONTHS,
    NO_UNIT,
    PAGES,
    PEOPLE,
    PERCENT,
    TIMES,
    VISITS_UNIT,
    Indicator,
    label,
)
from kiosk.rules.journal_figures import JOURNAL_FIGURES

__all__ = ["ANSWERS", "ENDS", "INDICATORS", "NO_ANSWER", "Answer", "Indicator", "label"]


_ALL = (
    Indicator("VISITS", label("Visits"), VISITS_UNIT,
              label("Sessions long enough to count by the site's policy (60 seconds by default). More time, or going "
                    "on after a power cut, is no new visit."), "day.visits"),
    Indicator("TOO_SHORT", label("Sessions too short to be a visit"), VISITS_UNIT,
              label("Sessions shorter than that; their answers are dropped."), "day.too_short"),
    Indicator("USERS", label("Users (estimate)"), PEOPLE,
              label("Since 1 January: F + U × F ÷ (F + R) where F + R is at least {answers}, else F; F first visits of "
                    "the year, R repeated visits, U visits without that answer. The range is from F to F + U."),
              "month.FST", values={"answers": MIN_ANSWERS}),
    Indicator("TARGET_USERS", label("of which target groups"), PEOPLE,
              label("Since 1 January: first visits of the year by people of the target groups, as far as released. "
                    "The true number is not smaller."), "release.ANY_FIRST"),
    Indicator("FIRST", label("First visits of the year"), VISITS_UNIT,
              label("Visits that answered “first time since 1 January”, by whole calendar months that are over."),
              "month.FST"),
    Indicator("PC_HOURS", label("Computer hours used"), HOURS,
              label("Time charged to all sessions, and the time of training classes."), "day.seconds", version="1.1"),
    Indicator("NET_HOURS", label("Internet-connected hours"), HOURS,
              label("Time in service with a network."), "day.internet_minutes"),
    Indicator("OPEN_HOURS", label("Hours in service"), HOURS,
              label("Time the computer was on, inside opening hours and not out of order."), "day.open_minutes"),
    Indicator("USE_RATE", label("Use rate of the computer"), PERCENT,
              label("Time used ÷ time in service."), "day.seconds, day.open_minutes"),
    Indicator("OPEN_DAYS", label("Days open"), DAYS,
              label("Planned days on which the computer was on."), "day.*"),
    Indicator("PLANNED_DAYS", label("Days planned to be open"), DAYS,
              label("Days with opening hours in the policy of that day."), "day.planned_minutes"),
    Indicator("REPORTED_DAYS", label("Planned days with figures"), DAYS,
              label("Planned days that the store knows, also those with the computer off."), "day"),
    Indicator("ACTIVE_MONTHS", label("Active months"), MONTHS,
              label("Months that are over, open on half the planned days, in service on half the open days, with at "
                    "least {visits} visits."), "day.*", values={"visits": MIN_MONTH_VISITS}),
    Indicator("EFFECTIVE", label("Works effectively this year"), NO_UNIT,
              label("Three quarters of the months that are over were active; months without figures count as not "
                    "active."),
              "day.*"),
    Indicator("ASSISTED", label("Visits signed in by staff"), VISITS_UNIT,
              label("Visits that staff opened on someone's behalf."), "day.assisted"),
    Indicator("EXTENSIONS", label("Times that more time was given"), TIMES,
              label("Extensions of all visits, by citizens and staff."), "day.extensions"),
    Indicator("PAGES", label("Pages printed"), PAGES,
              label("Pages of the jobs that the printer took, copies counted; less those cancelled or failed there "
                    "before their session ended."), "print.pages"),
    Indicator("UNCLEAN", label("Power cuts and other sudden stops"), TIMES,
              label("Starts of the computer after a stop that was not orderly."), "day.unclean"),
    Indicator("ENDS", label("How sessions ended"), VISITS_UNIT,
              label("All sessions, also those too short to be a visit, by their last reason."), "end"),
    Indicator("OPENS", label("Guides opened, by theme"), TIMES,
              label("Openings of a guide of the menu, counted by day and guide, never by visit."), "open"),
    Indicator("VISITS_GROWTH", label("Visits: change on same period last year"), PERCENT,
              label("100 × (L1 − L0) ÷ L0 for the same dates. An arrow only when the difference is more than 2√(L1 + "
                    "L0), a percentage only with an arrow and from {base} visits last year on. Both years need figures "
                    "for {reported} % of the planned days."), "day.visits",
              values={"base": MIN_VISITS, "reported": MIN_REPORTED}),
    Indicator("USERS_GROWTH", label("Users: change on same period last year"), PERCENT,
              label("As for visits, from {base} users last year on."), "month.FST", values={"base": MIN_USERS}),
    Indicator("SEX", label("Visits by sex"), VISITS_UNIT,
              label("Of the visits with a picture, as far as released."), "release.SEX"),
    Indicator("AGE", label("Visits by age"), VISITS_UNIT,
              label("Of the visits with a picture, as far as released."), "release.AGE31, AGE16, AGEU16"),
    Indicator("GROUPS", label("Visits by group"), VISITS_UNIT,
              label("A visit may belong to several groups; the groups do not add up to all target groups."),
              "release.ANY_FIRST, ANY_OTHER, POV, POOR, ETHMIN, DISAB"),
    Indicator("NO_ANSWER", label("Visits without an answer"), VISITS_UNIT,
              label("Visits that skipped the picture, or the groups; by whole calendar months that are over."),
              "month.NO_PICTURE, month.GRP_U"),
)  # fmt: skip

INDICATORS: Mapping[str, Indicator] = {one.code: one for one in (*_ALL, *JOURNAL_FIGURES)}

# How a session ended, as reported.
ENDS: Mapping[str, str] = {
    "signed_out": label("Ended by the citizen"),
    "time_up": label("Time was up"),
    "idle": label("Nobody was there any more"),
    "closing": label("Closing time"),
    "manager": label("Ended by staff"),
    "power": label("Power cut"),
    "fault": label("Fault of the computer"),
}


@dataclass(frozen=True)
class Answer:
    """One line about who came: the `side` of the released `tables` (rules/tallies.py) is its number."""

    code: str
    label: str
    tables: tuple[str, ...]
    side: str


NO_ANSWER = label("Unknown (no answer)")
ANY = ("ANY_FIRST", "ANY_OTHER")
# OTHER is a real answer and never a line; neither is NONE, which is the rest of the target groups.
ANSWERS: Mapping[str, tuple[Answer, ...]] = {
    "SEX": (Answer("SEX_F", label("Women"), ("SEX",), "yes"), Answer("SEX_M", label("Men"), ("SEX",), "no")),
    "AGE": (
        Answer("AGE_U16", label("Under 16"), ("AGEU16",), "yes"),
        Answer("AGE_16_30", label("16 to 30"), ("AGE16",), "yes"),
        Answer("AGE_31_59", label("31 to 59"), ("AGE31",), "yes"),
        Answer("AGE_60P", label("60 and over"), ("AGEU16",), "no"),
    ),
    "GROUPS": (
        Answer("ANYTARGET", label("Target groups together"), ANY, "yes"),
        Answer("GRP_POOR", label("Poor household"), ("POOR",), "yes"),
        Answer("GRP_NEARPOOR", label("Near-poor household"), ("POOR",), "no"),
        Answer("GRP_ETHMIN", label("Ethnic minority"), ("ETHMIN",), "yes"),
        Answer("GRP_DISAB", label("Disability"), ("DISAB",), "yes"),
    ),
}
