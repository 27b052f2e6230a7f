"""Help: one sentence and one picture for every page of the panel, by its endpoint; and for what is no page of its own.

A page without its line here is found by tests/test_help.py. Drawings lie in web_ui/drawings/help.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.web.words import Sentence, says


@dataclass(frozen=True)
class Help:
    """What a page is called, what one does on it, its picture. `of`: the page it belongs to, where it is none."""

    title: Sentence
    words: Sentence
    drawing: str
    of: str = ""


NOW: Mapping[str, Help] = {
    "today": Help(says("Today"),
        says("Here you see what the computer does now, how long somebody still has, and what you can do; the"
             " page renews itself."), "today"),
    "sign_in_for": Help(says("Sign in on someone's behalf"),
        says("Press it for somebody who cannot do it alone: the computer opens at once, and the visit counts"
             " like any other."), "start"),
    "ask_finish": Help(says("Finish"),
        says("Finishing ends this person's time at once and clears their traces: first ask whether all is "
             "saved."), "finish"),
    "message": Help(says("Message to the person at the computer"),
        says("What you write appears on the bar of that computer and stays there until it has been read."), "message"),
    "class_begin": Help(says("Class"),
        says("In a class the computer stays open without signing in; when it ends, you type how many people "
             "came, and the journal has its line."), "class"),
    "class_end": Help(says("End the class"),
        says("Type how many people came: the class goes into the journal, and the computer is free again."),
        "class_end"),
    "class_write": Help(says("Write down a class"),
        says("A class has ended by itself: type how many people came, and the journal has its line."), "class_end"),
    "ask_out_of_order": Help(says("Report a fault"),
        says("Say in a few words what is wrong: the screen then asks people to use another computer, until "
             "you press Repaired."), "fault"),
    "date": Help(says("Confirm the date"),
        says("Compare with your own clock: if day and hour are right, confirm them."), "date"),
    "set_date": Help(says("Set date and time"),
        says("Type what your own clock shows: visits counted without a date then find their day."), "set_date"),
    "queue": Help(says("Waiting numbers"),
        says("Give a number to each person who waits: the screen shows whose turn it is, and nobody is "
             "offered more time meanwhile."), "queue"),
    "queue_slip": Help(says("A number on paper"),
        says("Print the number or write it down for the person who waits."), "queue_slip"),
    "power": Help(says("Restart or shut down"),
        says("The computer ends what runs and closes everything in order; it does less harm than pulling the"
             " plug."), "power"),
    "tickets": Help(says("Tickets"),
        says("A ticket is a code with minutes for one visit: make one or a sheet of 24, and the citizen "
             "types it on the first screen."), "tickets"),
    "tickets_sheet": Help(says("Print tickets"),
        says("Print the sheet, cut it along the lines, and keep it where nobody takes one: whoever has a "
             "code has the minutes."), "tickets_sheet"),
    "tickets_withdraw": Help(says("Make tickets worthless"),
        says("The codes of this sheet that nobody has used yet stop working; this cannot be taken back."),
        "tickets_withdraw"),
    "at_the_pc": Help(says("Panel at the computer itself"),
        says("On the first screen hold the emblem for three seconds, or press Ctrl+Alt+Q, and type your PIN: "
             "the panel opens there, and leaving it clears all traces."), "at_the_pc", "today"),
}  # fmt: skip

WRITTEN: Mapping[str, Help] = {
    "report": Help(says("Reports"),
        says("Choose a month, a quarter or a year: each number has that of last year beside it, and at the "
             "foot stands what it counts."), "report"),
    "report_print": Help(says("Print the report"),
        says("This is the report on A4 with lines to sign: print it from the browser."), "report_print"),
    "report_files": Help(says("Report as a file"),
        says("Take the workbook to go on calculating, or the table for other programs: the numbers are those"
             " of the page."), "file", "report_xlsx"),
    "locked": Help(says("Locked months"),
        says("From the third day of the next month on, a month is reported: what changes later needs a "
             "reason, and both numbers are shown."), "locked", "report"),
    "journal": Help(says("Journal"),
        says("Write a line for each thing that the computer does not count by itself: classes, talks, help, "
             "books, readers; it goes into the report."), "journal"),
    "journal_line": Help(says("Change a line"),
        says("Correct the line or strike it: the old one can still be seen, and a reported month asks you "
             "why."), "journal_line"),
    "journal_import": Help(says("Take in earlier months from a file"),
        says("Choose a table of earlier months: every mistake is named with its line, nothing is written"
             " before you say so, and then all or only the good rows."), "journal_import"),
}  # fmt: skip

THINGS: Mapping[str, Help] = {
    "equipment": Help(says("Equipment"),
        says("A light says how each thing does and what to do; the strokes are the last 30 days: tall it "
             "worked, short it did not, a ring means not known."), "equipment"),
    "equipment_fault": Help(says("Report equipment"),
        says("Say what does not work: its days count as failed until you say that it is repaired."), "fault"),
    "equipment_repaired": Help(says("Repaired"),
        says("Say that it works again, and if you like what was done: the journal keeps both days."), "repaired"),
    "province": Help(says("Sending to the province"),
        says("The strokes say which days the province has; send now, copy to a stick, or take a file, and read the "
             "province's receipts here."), "province"),
    "province_join": Help(says("Join the province"),
        says("Type the address and the code from the province's sheet, or scan its square; the code serves this "
             "computer alone, and once."), "province"),
    "library": Help(says("Library"),
        says("Put up to six items forward with a star: citizens see them first on the menu."), "library"),
}  # fmt: skip

SET: Mapping[str, Help] = {
    "settings": Help(says("Settings"),
        says("All that may be set here has a page: you see what will change before it counts, and one touch "
             "takes it back."), "settings"),
    "set_week": Help(says("Opening hours"),
        says("Type from when to when you are open on each day of the week; a day without times is closed."), "week"),
    "days": Help(says("Calendar"),
        says("Choose the day that has other hours than its week, such as a holiday."), "calendar"),
    "set_day": Help(says("One day"),
        says("Say whether that day is closed or has hours of its own, and why."), "calendar"),
    "set_minutes": Help(says("Minutes"),
        says("Type how long a visit takes and how much longer it may become: one stroke on the first screen "
             "is one minute."), "minutes"),
    "set_fee": Help(says("Fees"),
        says("What you write here stands on the first screen; leave it empty where the computer is free of "
             "charge."), "fee"),
    "settings_questions": Help(says("Questions at the start"),
        says("Choose which of the three questions are asked, and in which order; every citizen may skip "
             "each."), "questions"),
    "settings_programs": Help(says("Programs"),
        says("Choose which programs the menu offers on this computer."), "programs"),
    "settings_notice": Help(says("Notice on the first screen"),
        says("Write what everybody should know, with the days from when to when it is shown."), "notice"),
    "settings_name": Help(says("Name of the site"),
        says("The name stands on every screen and in every report."), "site"),
    "settings_tickets": Help(says("Tickets on or off"),
        says("Choose whether tickets open the computers here; the change is shown before it is saved."),
        "tickets"),
    "settings_print": Help(says("Printing"),
        says("Choose whether citizens may print: never, when staff let them, or by themselves."), "printing"),
    "settings_sticks": Help(says("USB sticks"),
        says("Choose whether a citizen's USB stick is opened, and whether it may be written to."), "stick"),
    "settings_people": Help(says("Managers"),
        says("Everybody signs in with a name and a PIN of their own, and may do what their role says."), "people"),
    "settings_person_add": Help(says("Add a person"),
        says("Type the name, choose the role, and let the person type the PIN."), "person_add"),
    "settings_person_pin": Help(says("A new PIN"),
        says("Whoever forgot the PIN gets a new one; the old one ends."), "pin"),
    "settings_person_role": Help(says("Another role"),
        says("A clerk serves and reports, a manager also sets, a technician mends."), "people"),
    "settings_person_remove": Help(says("Remove a person"),
        says("This person cannot sign in any more; what was written in their name stays."), "person_remove"),
    "settings_deeds": Help(says("Who did what"),
        says("Every change has its line: when, who and what; nobody can erase it."), "deeds"),
    "take_back": Help(says("Take back the last change"),
        says("The settings become again what they were before the last save; this can be taken back too."), "back"),
    "own_pin": Help(says("Your own PIN"), says("Type your PIN, then a new one twice; tell it nobody."), "pin"),
    "more": Help(says("More…"), says("On a phone the other pages stand here, and here you sign out."), "more"),
    "first_day": Help(says("First day"),
        says("Go through the steps from top to bottom; each may wait, and the station is in service all the "
             "same."), "steps"),
    "name_site": Help(says("Site and computer"),
        says("Type the code that the province gave your site, its name, and the number of this computer."), "site"),
    "begin": Help(says("The first manager"),
        says("Type the code from the computer's own console, your name, and a PIN that only you know."), "begin"),
    "sign_in": Help(says("Sign in"),
        says("Choose your name and type your PIN; after several wrong ones, wait a little."), "sign_in"),
}  # fmt: skip

# In the order of the tabs.
GROUPS: tuple[tuple[Sentence, Mapping[str, Help]], ...] = (
    (says("Today"), NOW),
    (says("Reports and journal"), WRITTEN),
    (says("Equipment and library"), THINGS),
    (says("Settings and people"), SET),
)
HELP: Mapping[str, Help] = {name: one for _words, group in GROUPS for name, one in group.items()}
