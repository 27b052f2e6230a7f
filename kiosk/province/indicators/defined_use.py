"""The definitions of how much the sites were used, and on how many days they were open and told of it."""

from kiosk.province.indicators.definition import Definition, as_the_station
from kiosk.rules.figures import MIN_ANSWERS
from kiosk.rules.indicator import PEOPLE, PERCENT, VISITS_UNIT, label
from kiosk.rules.indicators import ENDS, INDICATORS

SITE_DAYS = label("site days")
ENDED_OTHERWISE = "other"

USE = (
    as_the_station("VISITS", "use"),
    as_the_station("TOO_SHORT", "use"),
    Definition("USERS", label("Users (estimate)"), PEOPLE,
               label("By site, from 1 January of the year to the end of the last whole month: F + U × F ÷ (F + R) "
                     "where F + R is at least {answers}, else F; F first visits of the year, R repeated visits, U "
                     "visits without that answer. Then the sum of all sites that were there in that time: somebody "
                     "at two sites counts twice. The range is from F to F + U. For days that are no year: users of "
                     "the year so far."),
               "months.FST", values={"answers": MIN_ANSWERS}, group="use"),
    Definition("TARGET_USERS", label("of which target groups"), PEOPLE,
               label("First visits by people of the target groups as far as released, from 1 January on. The true "
                     "number is not smaller."),
               "releases.ANY_FIRST", group="use"),
    Definition("FIRST", INDICATORS["FIRST"].label, VISITS_UNIT, INDICATORS["FIRST"].formula, "months.FST",
               group="use"),
    as_the_station("PC_HOURS", "use"),
    as_the_station("NET_HOURS", "use"),
    as_the_station("OPEN_HOURS", "use"),
    as_the_station("USE_RATE", "use"),
    as_the_station("ASSISTED", "use"),
    as_the_station("EXTENSIONS", "use"),
    as_the_station("PAGES", "use"),
    as_the_station("UNCLEAN", "use"),
    *(
        Definition(f"END_{reason}", name, VISITS_UNIT, INDICATORS["ENDS"].formula, f"site_months.end_{reason}",
                   group="use")
        for reason, name in {**ENDS, ENDED_OTHERWISE: label("Ended in another way")}.items()
    ),
)  # fmt: skip

DAYS_TOLD = (
    Definition("PLANNED_DAYS", INDICATORS["PLANNED_DAYS"].label, SITE_DAYS,
               label("Days on which the sites were to be open by the register: its week and its other days, within "
                     "the life of each site."),
               "the register", group="days"),
    Definition("REPORTED_DAYS", INDICATORS["REPORTED_DAYS"].label, SITE_DAYS,
               label("Days of which a computer told that it was to be open; of each month at most the planned days."),
               "site_months.days_planned", group="days"),
    Definition("OPEN_DAYS", INDICATORS["OPEN_DAYS"].label, SITE_DAYS,
               label("Of those, days on which a computer of the site was on."), "site_months.days_on", group="days"),
    Definition("WORKING_DAYS", label("Days in service"), SITE_DAYS,
               label("Of those, days on which a computer was open to citizens for a minute or more."),
               "site_months.days_working", group="days"),
    Definition("COMPLETENESS", label("Completeness of the reports"), PERCENT,
               label("100 × planned days with figures ÷ planned days."), "site_months.days_planned, the register",
               group="days"),
    Definition("TIMELINESS", label("Reports within three days"), PERCENT,
               label("100 × days of computers of which the first word came at most 3 days later ÷ days of computers of "
                     "which anything came."), "site_arrivals.pcs_in_3_days", group="days"),
    Definition("TIMELINESS_MONTH", label("Reports by the third of the next month"), PERCENT,
               label("100 × days of computers of which the first word came by the third of the next month ÷ days of "
                     "computers of which anything came."), "site_arrivals.pcs_by_third", group="days"),
)  # fmt: skip
