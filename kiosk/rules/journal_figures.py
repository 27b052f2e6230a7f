"""The definitions of what staff write down by hand: one for each sum of the journal (rules/journal.py)."""

from kiosk.rules.indicator import DAYS, PEOPLE, TIMES, VISITS_UNIT, Indicator, label

COPIES, TITLES, CLASSES, EVENTS = label("copies"), label("titles"), label("classes"), label("events")
FAULTS, SERVICES = label("faults"), label("services")

# Code in sums and bundles, label, unit, how it is counted. The order is that of the report.
_ALL = (
    ("classes", label("Training classes held"), CLASSES, label("Classes written in the journal.")),
    ("class_people", label("People in training classes"), PEOPLE,
     label("People of every class together; somebody in two classes counts twice.")),
    ("outreach_events", label("Outreach events"), EVENTS, label("Outreach activities written in the journal.")),
    ("outreach_people", label("People reached by outreach"), PEOPLE,
     label("People of every event together, as counted or estimated by staff.")),
    ("service_help", label("Help with public services"), TIMES,
     label("Times that staff helped somebody with a public service.")),
    ("services_offered", label("Services on offer"), SERVICES, label("Services on offer on the last day.")),
    ("reader_visits", label("Visits of readers"), VISITS_UNIT,
     label("Visits of readers to the books, as written in the journal; no visit to the computer.")),
    ("books_read", label("Books read here"), COPIES, label("Copies read in the room.")),
    ("books_lent", label("Books lent"), COPIES, label("Copies lent to take home.")),
    ("titles_in", label("Titles received"), TITLES, label("Titles in the boxes that came.")),
    ("books_in", label("Copies received"), COPIES, label("Copies in the boxes that came.")),
    ("titles_out", label("Titles sent back"), TITLES, label("Titles in the boxes that were sent back.")),
    ("books_out", label("Copies sent back"), COPIES, label("Copies in the boxes that were sent back.")),
    ("books_on_hand", label("Copies here on the last day"), COPIES,
     label("Copies received less those sent back, since the first box.")),
    ("faults_opened", label("Faults reported"), FAULTS, label("Faults of equipment reported in the period.")),
    ("faults_closed", label("Faults repaired"), FAULTS, label("Faults of equipment repaired in the period.")),
    ("pc_days_down", label("Days the computer did not work"), DAYS,
     label("Days at whose end a fault of the computer was not repaired.")),
)  # fmt: skip

JOURNAL_FIGURES = tuple(Indicator(code, name, unit, formula, f"journal.{code}") for code, name, unit, formula in _ALL)
