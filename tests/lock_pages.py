"""Every screen of the lock, drawn by the real code in this process, for tests to measure and people to look at."""

import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from kiosk.lockscreen.app import Prefs
from kiosk.lockscreen.cover import Cover
from kiosk.lockscreen.lock import Lock
from kiosk.lockscreen.ticket_entry import TicketEntry
from kiosk.lockscreen.x11 import X11
from kiosk.rules.policy import Policy
from kiosk.rules.policy_of_a_session import QuestionsPolicy
from kiosk.rules.questions import SHORT_NOTE, questions
from tests.lock_stage import OPEN, STATE

LONG_SITE = "Trung tâm Văn hóa, Thể thao và Du lịch xã Thiệu Hóa – phòng đọc Internet cộng đồng"
FEE = {"vi": "Giá sử dụng: xem bảng giá tại quầy", "en": "Fees: see the price list at the desk"}
NOTICE = {"vi": "Thứ Sáu 27/11 điểm nghỉ buổi chiều để kiểm kê sách. Mời Quý vị đến vào thứ Hai.",
          "en": "On Friday afternoon, 27 November, we are closed to count our books."}  # fmt: skip
LONG_NOTICE = {lang: (text + " " + text)[:140] for lang, text in NOTICE.items()}
OTHER_ORDER = [one.as_message() for one in questions(Policy(questions=QuestionsPolicy(order=("person", "groups"))))]
NO_FIRST = [{**OTHER_ORDER[1], "note": SHORT_NOTE}, OTHER_ORDER[0]]
SIZES = ("1024x768", "1366x768", "1920x1080")

# name -> (changes of the state, question in front, tiles chosen there)
PAGES: dict[str, tuple[dict[str, Any], int, tuple[int, ...]]] = {
    "start": ({}, 0, ()),
    "start_fee_long_name_help": ({"site": LONG_SITE, "fee": FEE, "help_asked": True, "minutes": 90}, 0, ()),
    "start_notice": ({"notice": NOTICE}, 0, ()),
    "start_notice_long": ({"notice": LONG_NOTICE, "fee": FEE, "ticket_refused": None, "site": LONG_SITE}, 0, ()),
    "start_notice_refused": ({"notice": LONG_NOTICE, "start_refused": "waiting", "help_asked": True}, 0, ()),
    "question2_first": ({"state": "asking", "questions": OTHER_ORDER}, 0, ()),
    "question3_first": ({"state": "asking", "questions": NO_FIRST}, 0, (1, 2)),
    "start_closing_soon": ({"start_refused": "closing_soon", "closes_at": "11:30"}, 0, ()),
    "start_closing_no_date": ({"start_refused": "closing_soon", "closes_at": None}, 0, ()),
    "start_staff_only": ({"start_refused": "entry"}, 0, ()),
    "start_waiting": ({"start_refused": "waiting", "site": LONG_SITE, "help_asked": True}, 0, ()),
    "start_not_ready": ({"start_refused": "no_supervisor"}, 0, ()),
    "start_called": ({"queue": {"next": 13, "called": 12, "waiting": 1}}, 0, ()),
    "start_called_fee": ({"queue": {"called": 99}, "fee": FEE, "ticket_refused": None, "site": LONG_SITE}, 0, ()),
    "start_next": ({"queue": {"next": 12, "called": None}, "start_refused": "waiting"}, 0, ()),
    "question1": ({"state": "asking"}, 0, ()),
    "question2": ({"state": "asking"}, 1, ()),
    "question3": ({"state": "asking"}, 2, (1, 2)),
    "start_ticket_too": ({"ticket_refused": None}, 0, ()),
    "start_ticket_only": ({"start_refused": "entry", "ticket_refused": None, "fee": FEE}, 0, ()),
    "rules": ({"state": "asking", "minutes": 90}, 0, (0,)),
    "rules_from_start": ({}, 0, ()),
    "ticket": ({"ticket_refused": None}, 0, ()),
    "ticket_whole": ({"ticket_refused": None}, 0, ()),
    "ticket_unknown": ({"ticket_refused": None, "ticket": {"why_not": "unknown", "number": 1}}, 0, ()),
    "ticket_wait": ({"ticket_refused": None, "ticket": {"why_not": "wait", "wait_seconds": 480}}, 0, ()),
    "ticket_mistyped": ({"ticket_refused": None, "ticket": {"why_not": "mistyped", "number": 1}}, 0, ()),
    "ticket_used": ({"ticket_refused": None, "ticket": {"why_not": "used", "number": 1}}, 0, ()),
    "ticket_withdrawn": ({"ticket_refused": None, "ticket": {"why_not": "withdrawn", "number": 1}}, 0, ()),
    "ticket_expired": ({"ticket_refused": None, "ticket": {"why_not": "expired", "number": 1}}, 0, ()),
    "ticket_trouble": ({"ticket_refused": None, "ticket": {"why_not": "trouble", "number": 1}}, 0, ()),
    "ticket_wait_seconds": ({"ticket_refused": None, "ticket": {"why_not": "wait", "wait_seconds": 119}}, 0, ()),
    "help": ({"state": "asking", "help_asked": True}, 0, ()),
    "help_on_its_way": ({"state": "asking"}, 0, ()),
    "still": ({"state": "asking"}, 1, ()),
    "opening": ({**OPEN, "cover": True}, 0, ()),
    "goodbye": ({"state": "ending", "end_reason": "time_up", "wiping": True}, 0, ()),
    "goodbye_idle": ({"end_reason": "idle"}, 0, ()),
    "goodbye_closing": ({"state": "ending", "end_reason": "closing"}, 0, ()),
    "goodbye_signed_out": ({"end_reason": "signed_out"}, 0, ()),
    "closed": ({"state": "closed"}, 0, ()),
    "closed_no_date": ({"state": "closed", "hours": "", "clock_trusted": False}, 0, ()),
    "out_of_order": ({"state": "out_of_order", "reason": "secret words for the manager"}, 0, ()),
    "class": ({"state": "class"}, 0, ()),
    "resume": ({"resume": {"minutes": 23}}, 0, ()),
    "connecting": ({"state": None}, 0, ()),
    "start_speaking": ({"site": LONG_SITE}, 0, ()),
    "question3_speaking": ({"state": "asking"}, 2, ()),
    "closed_speaking": ({"state": "closed", "site": LONG_SITE}, 0, ()),
    "staff_asked": ({}, 0, ()),
    "staff_names": ({"state": "closed"}, 0, ()),
    "staff_many": ({}, 0, ()),
    "staff_pin": ({"state": "out_of_order"}, 0, ()),
    "staff_wrong": ({}, 0, ()),
    "staff_locked": ({}, 0, ()),
    "staff_nobody": ({}, 0, ()),
}
CHOICES = tuple(product(("vi", "en"), (False, True), (False, True)))


# Pages that the citizen opens beside the one that is due, and the digits typed on a ticket's.
ASIDE = {
    "rules_from_start": "rules", "help": "help", "help_on_its_way": "help",
    **dict.fromkeys((name for name in PAGES if name.startswith("ticket")), "ticket"),
}  # fmt: skip
REFUSED = ("ticket_unknown", "ticket_mistyped", "ticket_used", "ticket_expired", "ticket_trouble", "ticket_withdrawn")
# What the service has answered at the staff's page, in order; then the digits typed.
FEW = ["Nguyễn Thị Thanh Huyền", "Lan", "Kỹ thuật viên tỉnh – ca chiều"]
ONE = {"names": FEW[:1]}
STAFF: dict[str, tuple[list[dict[str, Any]], str]] = {
    "staff_asked": ([], ""),
    "staff_names": ([{"names": FEW}], ""),
    "staff_many": ([{"names": [f"{name} {number}" for number in range(1, 5) for name in FEW]}], ""),
    "staff_pin": ([ONE], "482915"),
    "staff_wrong": ([ONE, {"why": "wrong", "left": 3}], ""),
    "staff_locked": ([ONE, {"why": "locked", "wait": 300}], ""),
    "staff_nobody": ([{"why": "nobody"}], ""),
}
TYPED = {"ticket": "493", "ticket_whole": "49308264", **dict.fromkeys(REFUSED, "49308264")}


class UpConnection:
    """Stands in for the line to the service, which no drawing needs."""

    def __init__(self) -> None:
        self.up = True

    def send(self, _verb: str, **_fields: object) -> bool:
        return True


class QuietReader:
    """Stands in for the reader: Listen is offered, and reads for ever on the pages that say so."""

    offered = True
    speaking = False

    def listen(self) -> None: ...
    def follow(self) -> None: ...


class Pages:
    """A lock on the display, without a service: `show` draws one page."""

    def __init__(self) -> None:
        self.lock = Lock(Cover(X11()), Path("/nonexistent"))
        self.line = UpConnection()
        self.lock.connection = self.line  # type: ignore[assignment]
        self.reader = QuietReader()
        self.lock.reader = self.reader  # type: ignore[assignment]
        self.lock.wall = lambda: 1_795_171_320.0  # Friday 20 November 2026, 17:42 in Vietnam

    def show(self, name: str, lang: str = "vi", large: bool = False, contrast: bool = False) -> Lock:
        """Draw a page of PAGES."""
        changes, step, chosen = PAGES[name]
        lock = self.lock
        prefs = {"lang": lang, "large": large, "contrast": contrast}
        lock.state = {**STATE, "prefs": prefs, **changes}
        lock.choice = Prefs(lang, large, contrast)
        self.line.up = name != "connecting"
        self.reader.speaking = name.endswith("_speaking")
        lock.visit.begin()
        lock.visit.step = step
        for number in chosen:
            lock.visit.choose(lock.state["questions"], number)
        lock.visit.step = step
        lock.aside = ASIDE.get(name, "")
        lock.ticket = TicketEntry()
        for digit in TYPED.get(name, ""):
            lock.ticket.digit(int(digit))
        lock.ticket.sent = name in REFUSED
        lock.ticket.hear(lock.state.get("ticket"))
        lock.staff.close()
        if name in STAFF:
            answers, digits = STAFF[name]
            lock.staff.begin()
            for answer in answers:
                lock.staff.hear(answer)
            for digit in digits:
                lock.staff.digit(int(digit))
        lock.patience.last_touch = time.monotonic() - (163.5 if name == "still" else 0)
        lock._drawn = None  # also where only the state behind the page is another
        lock.redraw()
        lock.tk.update()
        return lock

    def every(self) -> Iterator[tuple[str, Lock]]:
        """Every page in every choice."""
        for name in PAGES:
            for lang, large, contrast in CHOICES:
                label = f"{name} {lang}{' large' if large else ''}{' contrast' if contrast else ''}"
                yield label, self.show(name, lang, large, contrast)
