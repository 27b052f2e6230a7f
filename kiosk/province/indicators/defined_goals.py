"""The definitions of the plan's goals, and of how sites are counted for them."""

from kiosk.province.indicators.definition import Definition
from kiosk.rules.figures import MIN_MONTH_VISITS, MIN_REPORTED, MIN_USERS, MIN_VISITS
from kiosk.rules.indicator import MONTHS, NO_UNIT, PERCENT, label

SITES_UNIT = label("sites")
EFFECTIVE_MONTHS, EFFECTIVE_MET = 75, 80  # % of the months; % of the sites
VISITS_MET, VISITS_HIGH, USERS_MET = 3, 5, 3  # %

_LIST = "the register, site_months"

GOALS = (
    Definition("EFFECTIVE_SITES", label("Sites operating effectively"), PERCENT,
               label("100 × effective sites ÷ all sites of the list of project sites that was frozen for the year. "
                     "Sites that reported nothing count as not effective; the upper bound leaves them out. Under "
                     "{met} % not met, from {met} % met, 100 % high."),
               _LIST, values={"met": EFFECTIVE_MET}, group="goals"),
    Definition("USERS_GROWTH", label("Users: change on same period last year"), PERCENT,
               label("100 × (now − before) ÷ before, of the users from 1 January to the end of the last whole month in "
                     "both years. Of all sites of the register, project and potential, only those that were there on "
                     "all of these days, from the first of the year before to the last of this year, and reported at "
                     "least {reported} % of their planned days in both years: what opened or closed in between is no "
                     "growth. A percentage only from {base} users before. Met from {met} %. A second digit is shown "
                     "where one would read otherwise than the verdict. Of one site no percentage is said."),
               "months.FST, the register", values={"reported": MIN_REPORTED, "base": MIN_USERS, "met": USERS_MET},
               group="goals"),
    Definition("VISITS_GROWTH", label("Visits: change on same period last year"), PERCENT,
               label("100 × (now − before) ÷ before, of the visits of the same dates in both years. Of all sites of "
                     "the register, project and potential, only those that were there on all of these days, from the "
                     "first of the year before to the last of this year, and reported at least {reported} % of their "
                     "planned days in both years: what opened or closed in between is no growth. A percentage only "
                     "from {base} visits before. Under {met} % not met, from {met} % met, from {high} % high. A "
                     "second digit is shown where one would read otherwise than the verdict. Of one site only an "
                     "arrow is said, where the difference is more than 2√(now + before)."),
               "site_months.visits, site_days.visits, the register",
               values={"reported": MIN_REPORTED, "base": MIN_VISITS, "met": VISITS_MET, "high": VISITS_HIGH},
               group="goals"),
    Definition("TARGET_USERS_GROWTH", label("Target group users: change on same period last year"), PERCENT,
               label("As for all users and of the same sites, project and potential: first visits of the year by "
                     "people of the target groups, as far as released in each of both years."),
               "releases.ANY_FIRST", group="goals"),
    Definition("TARGET_VISITS_GROWTH", label("Target group visits: change on same period last year"), PERCENT,
               label("As for all visits and of the same sites, project and potential: visits by people of the target "
                     "groups, as far as released in each of both years."),
               "releases.ANY_FIRST, ANY_OTHER", group="goals"),
)  # fmt: skip

SITES = (
    Definition("PROJECT_SITES", label("Project sites on the list"), SITES_UNIT,
               label("Sites of the list that was frozen for the year: the one that holds on 1 January, else the first "
                     "of that year. A list never changes; a change is a new version."),
               "the register", group="sites"),
    Definition("SITES_EFFECTIVE", label("Effective project sites"), SITES_UNIT,
               label("Sites of the list with at least {share} % of their counted months active."),
               _LIST, values={"share": EFFECTIVE_MONTHS}, group="sites"),
    Definition("SITES_NOT_EFFECTIVE", label("Project sites that are not effective yet"), SITES_UNIT,
               label("Sites of the list that have reported, with fewer active months than that."),
               _LIST, group="sites"),
    Definition("SITES_NO_REPORT", label("Project sites without a report"), SITES_UNIT,
               label("Sites of the list with no report in any counted month, also those that were not open in this "
                     "time. They count as not effective."),
               _LIST, group="sites"),
    Definition("LIVING_SITES", label("Sites of this time"), SITES_UNIT,
               label("Sites of the register, of the project or potential, that were there on any of these days."),
               "the register", group="sites"),
    Definition("POTENTIAL_SITES", label("of which potential sites"), SITES_UNIT,
               label("Sites of this time that are no project sites on the last of these days; they are never counted "
                     "in the list."),
               "the register", group="sites"),
    Definition("REPORTING_SITES", label("of which with figures"), SITES_UNIT,
               label("Sites of this time of which at least one day came."),
               "the register, site_months, site_days", group="sites"),
    Definition("ACTIVE_MONTHS", label("Active months"), MONTHS,
               label("Whole months that are over: open on half the planned days, a computer in service on half the "
                     "open days, at least {visits} visits. A month without a planned day is not counted; one without "
                     "figures is not active."),
               "site_months", values={"visits": MIN_MONTH_VISITS}, group="sites"),
    Definition("EFFECTIVE", label("Works effectively this year"), NO_UNIT,
               label("At least {share} % of the counted months of these days were active; months without figures count "
                     "as not active."),
               "site_months", values={"share": EFFECTIVE_MONTHS}, group="sites"),
)  # fmt: skip
