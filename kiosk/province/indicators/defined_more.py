"""The definitions of who came, what was read and looked for, what staff wrote down, and how the computers do."""

from kiosk.province.indicators.definition import Definition, as_the_station
from kiosk.rules.indicator import PERCENT, TIMES, VISITS_UNIT, label
from kiosk.rules.indicators import ANSWERS
from kiosk.rules.journal import CODES as JOURNAL_CODES
from kiosk.rules.journal import LEVELS
from kiosk.rules.journal_figures import JOURNAL_FIGURES
from kiosk.rules.themes import THEMES

COMPUTERS, MINUTES, MILLISECONDS = label("computers"), label("minutes"), label("milliseconds")

_PICTURE = label("Of the visits with a picture, as far as released. A release belongs to the time in which its last "
                 "day lies, and may reach back before it.")  # fmt: skip
_GROUP = label("Of the visits that answered on groups, as far as released. A visit may belong to several groups, so "
               "they do not add up to all target groups. A release belongs to the time in which its last day lies, and "
               "may reach back before it.")  # fmt: skip

WHO_CAME = (
    *(
        Definition(one.code, one.label, VISITS_UNIT, _GROUP if section == "GROUPS" else _PICTURE,
                   f"releases.{', '.join(one.tables)}.{one.side}", group="answers")
        for section, answers in ANSWERS.items()
        for one in answers
    ),
    Definition("HELD_PICTURES", label("Withheld visits with a picture"), VISITS_UNIT,
               label("Visits with a picture recorded since the beginning up to the end of the last whole month, less "
                     "those released up to then. They are told when there are enough of them."),
               "site_months.visits, months.NO_PICTURE, releases.SEX", group="answers"),
    Definition("HELD_GROUPS", label("Withheld visits with groups"), VISITS_UNIT,
               label("Visits with an answer on groups recorded since the beginning up to the end of the last whole "
                     "month, less those released up to then. They are told when there are enough of them."),
               "site_months.visits, months.GRP_U, releases.ANY_FIRST, ANY_OTHER", group="answers"),
    Definition("NO_PICTURE", label("Visits without a picture"), VISITS_UNIT,
               label("Visits that skipped the picture, by whole calendar months that are over."),
               "months.NO_PICTURE", group="answers"),
    Definition("NO_GROUPS", label("Visits without an answer on groups"), VISITS_UNIT,
               label("Visits that skipped the question on groups, by whole calendar months that are over."),
               "months.GRP_U", group="answers"),
)  # fmt: skip

_OPENED = label("Openings of the guides of this theme, by the province's list of guides as it is now.")
CONTENT = (
    Definition("OPENS", label("Guides opened"), TIMES,
               label("Openings of a guide of the menu, counted by day and guide, never by visit."),
               "site_months.content_opens", group="content"),
    *(
        Definition(f"OPENS_{theme.code}", theme.label, TIMES, _OPENED, "site_month_codes.open", group="content")
        for theme in THEMES
    ),
    Definition("OPENS_OTHER", label("Guides that the province does not know"), TIMES,
               label("Openings of guides that are not in the province's list of guides."), "site_month_codes.open",
               group="content"),
    Definition("MISSED", label("Searches that found nothing"), TIMES,
               label("Visits that looked for the same words in vain, once enough visits had asked for them."),
               "site_months.missed_searches", group="content"),
)  # fmt: skip

_LAST = label("As it stood at the last word of each computer in these days, all computers together.")
JOURNAL = tuple(
    Definition(one.code, one.label, one.unit, _LAST, one.source, group="journal")
    if one.code in LEVELS
    else as_the_station(one.code, "journal")
    for one in JOURNAL_FIGURES
)
assert {one.code for one in JOURNAL} == set(JOURNAL_CODES)

_MINUTES = label("Of the minutes in which the computers looked after themselves, those with this trouble.")
EQUIPMENT = (
    Definition("PCS", label("Computers by the register"), COMPUTERS,
               label("Computers that the sites should have on the last of these days, by the register; sites of which "
                     "nobody told are left out."), "the register", group="equipment"),
    Definition("PCS_ENROLLED", label("Computers that have joined"), COMPUTERS,
               label("Computers of these sites that have ever joined the province."), "the ledger", group="equipment"),
    Definition("PCS_WORKING_RATE", label("Computers in service"), PERCENT,
               label("100 × days of computers in service for a minute or more, also beyond the plan, ÷ days of "
                     "computers that were to be open; at most 100 %."),
               "site_months.pcs_working, pcs_planned", group="equipment"),
    Definition("LOOKS", label("Minutes of self-checks"), MINUTES,
               label("Minutes in which the computers looked after themselves."), "health.looks", group="equipment"),
    *(
        Definition(code, name, MINUTES, _MINUTES, f"health.{code.lower()}", group="equipment")
        for code, name in (
            ("LOOKS_DISK", label("of which with trouble of the disk")),
            ("LOOKS_MEMORY", label("of which with too little memory")),
            ("LOOKS_CLOCK", label("of which with trouble of the clock")),
            ("LOOKS_PRINTER", label("of which with trouble of the printer")),
        )
    ),
    Definition("LOOKS_PRINTING", label("Minutes with a printer"), MINUTES,
               label("Of the minutes in which the computers looked after themselves, those with a printer known."),
               "health.looks_printing", group="equipment"),
    Definition("COMMITS", label("Times that something was kept on the disk"), TIMES,
               label("Writes of the computers' own records."), "health.commits", group="equipment"),
    Definition("COMMIT_MS", label("Time that the disks took for it"), MILLISECONDS,
               label("All of those writes together."), "health.commit_ms", group="equipment"),
    Definition("CLOCK_LOST", label("Starts with a lost clock"), TIMES,
               label("Starts at which the clock of the computer had lost its time: its battery is empty."),
               "health.clock_lost", group="equipment"),
)  # fmt: skip
