"""Every page of the panel that a picture is taken of: its address, how the station stands, and what is prepared.

Written by hand, so that no page is missed and none is empty; test_pictures_of_the_panel.py holds it to the panel.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desk_support import teaching
from province_support import QUIET
from web_faces import free, in_use, queue_of

from kiosk.rules.policy import parse_policy
from kiosk.rules.questions import questions
from kiosk.rules.queue import Queue
from kiosk.rules.walls import NAMES
from kiosk.service.carrying import Carried
from kiosk.service.way_refusals import damaged
from kiosk.translations import together

if TYPE_CHECKING:
    from playwright.sync_api import Page

State = Mapping[str, Any]
S = "/s/03"
WAITING = queue_of(Queue(waiting=(14, 15, 16), called=13, last=16))
ASKED = [question.as_message() for question in questions(parse_policy({}))]
FREE = free(queue=WAITING, questions=ASKED)
USED = in_use(42, queue=WAITING, questions=ASKED)
STICK = Carried("done", written=18, confirmed=4, at="2026-11-20T02:30:00+00:00")
ALONE = QUIET | {"way": "none", "province": None, "waiting_days": 12, "last_sent": None, "confirmed_day": None}
DAMAGED = damaged(("2026-11-03",))
WEAKER = {
    "level": "full", "detail": "", "walls": {**dict.fromkeys(NAMES, True), "limits": "rlimit", "ports": False},
    "why": {"ports": "no_nft"},
}  # fmt: skip
UNCERTAIN = free(clock_trusted=False, clock={"offset": 1, "undated": {"visits": 3, "minutes": 90, "boots": 2}})


@dataclass(frozen=True)
class Shot:
    """`does`: what a hand does on the page before the picture is taken; `status`: with what the page is answered.

    `way` and `stick`: what is told of the way to the province otherwise than usual, and what became of a stick.
    `world`: "whole", "full" (its disk), "new" (before the first day), "begun" (in the middle of it) or "alone" (without
    a province).
    """

    name: str
    url: str
    state: State = field(default_factory=lambda: FREE)
    does: "Callable[[Page], object] | None" = None
    world: str = "whole"
    status: int = 200
    way: State = field(default_factory=dict)
    stick: Carried = STICK


def typed(**fields: str) -> "Callable[[Page], object]":
    """Fill these fields and press the page's main button."""

    def do(page: "Page") -> None:
        for name, text in fields.items():
            page.locator(f"main [name={name}]").first.fill(text)
        page.locator("main button.main").first.click()

    return do


def somebody_new(page: "Page") -> None:
    """Somebody whose two PINs differ."""
    page.locator("main [name=role]").nth(1).check()
    typed(name="Mai", pin="860342", again="860343")(page)


def taken_in(page: "Page") -> None:
    """A table of earlier months with mistakes in it."""
    table = "Loại,Ngày,Số người,Nội dung\nLớp hướng dẫn,31/02/2026,x,\nLớp hướng dẫn,05/11/2026,12,Tra cứu thủ tục\n"
    page.locator("#table").set_input_files(files=[{"name": "so.csv", "mimeType": "text/csv", "buffer": table.encode()}])
    page.locator("form.send button").click()


SHOTS = (
    Shot("today-free", "/"),
    Shot("today-used", "/", USED),
    Shot("today-class", "/", teaching(queue=WAITING)),
    Shot("today-out-of-order", "/", free(state="out_of_order", reason="Màn hình chập chờn", queue=WAITING)),
    Shot("today-date-uncertain", "/", UNCERTAIN),
    Shot("today-help-asked", "/", {**USED, "help_asked": True, "waiting": True}),
    Shot("more", "/more"),
    Shot("help", "/help"),
    Shot("queue", "/queue"),
    Shot("queue-slip", "/queue/slip/1"),
    Shot("finish", f"{S}/finish", USED),
    Shot("out-of-order", f"{S}/out_of_order"),
    Shot("date", f"{S}/date", UNCERTAIN),
    Shot("date-set", f"{S}/date/set", UNCERTAIN),
    Shot("sign-in-for", f"{S}/sign-in-for"),
    Shot("message", f"{S}/message", USED),
    Shot("power", f"{S}/power"),
    Shot("class-begin", f"{S}/class"),
    Shot("class-end", f"{S}/class/end", teaching()),
    Shot("class-write", f"{S}/class/write", teaching("09:40")),
    Shot("tickets", f"{S}/tickets"),
    Shot("tickets-mistake", f"{S}/tickets", does=typed(minutes="9999")),
    Shot("tickets-sheet", f"{S}/tickets/1"),
    Shot("tickets-one", f"{S}/tickets/2"),
    Shot("tickets-withdraw", f"{S}/tickets/1/withdraw"),
    Shot("journal", "/journal"),
    Shot("journal-mistake", "/journal", does=typed(people="x")),
    Shot("journal-line", "/journal/lines/1"),
    Shot("journal-import", "/journal/import"),
    Shot("journal-import-mistakes", "/journal/import", does=taken_in),
    Shot("report", f"{S}/report"),
    Shot("report-month", f"{S}/report?period=2026-10"),
    Shot("report-days-wrong", f"{S}/report?from=2026-10-20&to=2026-10-01", status=400),
    Shot("report-print", f"{S}/report/print?period=2026-10"),
    Shot("equipment", f"{S}/equipment"),
    Shot("equipment-walls", f"{S}/equipment", free(isolation=WEAKER)),
    Shot("equipment-fault", f"{S}/equipment/printer/fault"),
    Shot("equipment-repaired", f"{S}/equipment/internet/repaired"),
    Shot("province", f"{S}/province"),
    Shot("province-well", f"{S}/province", way=QUIET, stick=Carried()),
    Shot(
        "province-damaged",
        f"{S}/province",
        way=QUIET
        | {
            "waiting_days": 1,
            "waiting_bundles": 1,
            "damaged_days": 1,
            "trouble": together(DAMAGED.message, DAMAGED.hint),
        },
        stick=Carried(),
    ),
    Shot("province-sending", f"{S}/province", way=QUIET | {"sending": {"done": 3, "of": 9}}, stick=Carried()),
    Shot("province-stick-in", f"{S}/province", stick=Carried("writing")),
    Shot("province-stick-full", f"{S}/province", stick=Carried("trouble", "full")),
    Shot("province-not-joined", f"{S}/province", world="alone", way=ALONE),
    Shot("province-join", f"{S}/province/join"),
    Shot("province-join-mistake", f"{S}/province/join", does=typed(url="so-lieu.example.vn", code="7K2M-9QRT")),
    Shot("library", f"{S}/library"),
    Shot("settings", f"{S}/settings"),
    Shot("settings-saved", f"{S}/settings?done=1"),
    Shot("settings-back", f"{S}/settings/back"),
    Shot("settings-week", f"{S}/settings/week"),
    Shot("settings-week-mistake", f"{S}/settings/week", does=typed(monday_0_from="13h")),
    Shot("settings-days", f"{S}/settings/days"),
    Shot("settings-day", f"{S}/settings/days/2026-12-24"),
    Shot("settings-minutes", f"{S}/settings/minutes"),
    Shot("settings-sure", f"{S}/settings/minutes", does=typed(minutes="45")),
    Shot("settings-fee", f"{S}/settings/fee"),
    Shot("settings-notice", f"{S}/settings/notice"),
    Shot("settings-questions", f"{S}/settings/questions"),
    Shot("settings-name", f"{S}/settings/name"),
    Shot("settings-programs", f"{S}/settings/programs"),
    Shot("settings-sticks", f"{S}/settings/sticks"),
    Shot("settings-print", f"{S}/settings/print"),
    Shot("settings-tickets", f"{S}/settings/tickets"),
    Shot("people", "/people"),
    Shot("person-add", "/people/add"),
    Shot("person-add-mistake", "/people/add", does=somebody_new),
    Shot("person-role", "/people/role?who=Hạnh"),
    Shot("person-pin", "/people/pin?who=Hạnh"),
    Shot("person-remove", "/people/remove?who=Hạnh"),
    Shot("own-pin", "/own-pin"),
    Shot("deeds", "/deeds"),
    Shot("trouble", f"{S}/report", world="full", status=503),
    Shot("begin", "/begin", world="new"),
    Shot("first-day", "/first-day", world="begun"),
    Shot("name-site", "/first-day/site", world="begun"),
)
# Files, parts of pages that only scripts ask for, and what leads elsewhere.
NO_PAGE = {"static", "moved", "language", "healthz", "leaving", "here", "side", "station_card", "printing",
           "updates", "province_state", "province_file", "sign_in", "journal_template", "report_csv",
           "report_json", "report_xlsx"}  # fmt: skip
