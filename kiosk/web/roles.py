"""Who may do what on panel and board, in one place: tables from endpoint to roles. What is in none nobody may do.

A clerk serves citizens and reads the numbers; a manager also changes settings, content and people; a technician mends
what is broken, and needs for that neither the citizens' sessions nor the numbers.

On the province's board an officer also orders, writes tasks down and says who may sign in; a viewer only reads; a link
that was given to a department reads the same, of its own line where it is bound to one, and no names of staff.
"""

from collections.abc import Mapping

from kiosk.rules.roles import CLERK, MANAGER, TECHNICIAN

STRANGER = "stranger"

EVERYBODY = frozenset({STRANGER, CLERK, MANAGER, TECHNICIAN})
STAFF = frozenset({CLERK, MANAGER, TECHNICIAN})
MENDERS = frozenset({MANAGER, TECHNICIAN})
DESK = frozenset({CLERK, MANAGER})
CHARGE = frozenset({MANAGER})

OFFICER, VIEWER, LINK = "officer", "viewer", "link"
ANYBODY = frozenset({STRANGER, OFFICER, VIEWER, LINK})
READERS = frozenset({OFFICER, VIEWER, LINK})
OWN_PEOPLE = frozenset({OFFICER, VIEWER})
OFFICERS = frozenset({OFFICER})

Access = Mapping[str, frozenset[str]]

PANEL: Access = {
    "static": EVERYBODY,
    "healthz": EVERYBODY,
    "sign_in": EVERYBODY,
    "language": EVERYBODY,
    "begin": EVERYBODY,
    "here": EVERYBODY,
    "sign_out": STAFF,
    "stay": STAFF,
    "leaving": STAFF,
    "moved": STAFF,
    # What is now.
    "today": STAFF,
    "station_card": STAFF,
    "side": STAFF,
    "more": STAFF,
    "help": STAFF,
    "printing": STAFF,
    "waiting": DESK,
    "order_helped": STAFF,
    "sign_in_for": DESK,
    "message": DESK,
    "message_back": DESK,
    "take_back_minutes": DESK,
    "class_begin": DESK,
    "class_end": DESK,
    "class_write": DESK,
    "power": STAFF,
    "order_start": DESK,
    "order_extend": DESK,
    "ask_finish": DESK,
    "order_finish": DESK,
    "order_accessible": DESK,
    "order_not_accessible": DESK,
    "print_order": DESK,
    "ask_out_of_order": STAFF,
    "order_out_of_order": STAFF,
    "order_in_service": STAFF,
    "date": STAFF,
    "set_date": STAFF,
    "queue": DESK,
    "queue_order": DESK,
    "queue_slip": DESK,
    "tickets": DESK,
    "tickets_make": DESK,
    "tickets_sheet": DESK,
    "tickets_renew": DESK,
    "tickets_withdraw": DESK,
    # What was.
    "report": DESK,
    "report_print": DESK,
    "report_csv": DESK,
    "report_json": DESK,
    "report_xlsx": DESK,
    "journal": DESK,
    "journal_add": DESK,
    "journal_line": DESK,
    "journal_import": DESK,
    "journal_template": DESK,
    # What there is.
    "equipment": STAFF,
    "equipment_fault": STAFF,
    "equipment_repaired": STAFF,
    "province": STAFF,
    "province_state": STAFF,
    "province_send": STAFF,
    "province_stick": STAFF,
    "province_file": STAFF,
    "province_receipts": STAFF,
    "province_join": MENDERS,
    "library": STAFF,
    "updates": STAFF,
    "star": DESK,
    # What shall be.
    "settings": CHARGE,
    "set_week": CHARGE,
    "days": CHARGE,
    "set_day": CHARGE,
    "set_minutes": CHARGE,
    "set_fee": CHARGE,
    "settings_notice": CHARGE,
    "settings_questions": CHARGE,
    "settings_name": CHARGE,
    "settings_programs": CHARGE,
    "settings_sticks": CHARGE,
    "settings_tickets": CHARGE,
    "settings_print": CHARGE,
    "settings_people": CHARGE,
    "settings_person_add": CHARGE,
    "settings_person_role": CHARGE,
    "settings_person_pin": CHARGE,
    "settings_person_remove": CHARGE,
    "settings_deeds": CHARGE,
    "own_pin": STAFF,
    "take_back": CHARGE,
    "first_day": CHARGE,
    "name_site": CHARGE,
}

# The board's own; each of its pages says in PAGES (province/board/pages.py) which of these sets may open it.
BOARD: Access = {
    "static": ANYBODY,
    "healthz": ANYBODY,
    "language": ANYBODY,
    "sign_in": ANYBODY,
    "begin": ANYBODY,
    "by_link": ANYBODY,
    "sign_out": READERS,
}


def allowed(access: Access, endpoint: str | None, role: str) -> bool:
    """Whether `role` may use `endpoint`. An address that leads nowhere may be asked for: the answer is a 404."""
    return endpoint is None or role in access.get(endpoint, frozenset())
