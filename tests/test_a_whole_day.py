"""A day of a commune post office: a clerk at the panel in a real browser, citizens at a real screen, and at its end the
night's bundle, number by number as it was reckoned beforehand.
"""

import gzip
import json
import re
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from web_faces import browser, look

from tests.power_cut import PoweredStation, boot_id_of
from tests.visits import today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(400)]

PIN = "274916"
POLICY = """
[session]
minutes = 60
visit_min_seconds = 0
[entry]
ways = ["citizen", "ticket", "staff"]
[idle]
ask_after_minutes = 0.5
answer_seconds = 5
[hours]
monday = ["00:00-24:00"]
tuesday = ["00:00-24:00"]
wednesday = ["00:00-24:00"]
thursday = ["00:00-24:00"]
friday = ["00:00-24:00"]
saturday = ["00:00-24:00"]
sunday = ["00:00-24:00"]
"""
TICKET, MORE, PEOPLE = 20, 30, 7

# What the province must be told of this day, reckoned by hand:
# the first citizen is given 30 minutes more and signs out; the second comes with a ticket and goes away without a word;
# the class counts no visit; the third has the power cut under them, goes on with the same visit, and is ended by staff.
DAY = {
    "visits": 3,
    "too_short": 0,
    "extensions": 1,
    "assisted": 0,
    "planned_minutes": 1440,
    "boots": 2,
    "unclean": 1,
}
ENDS = {"idle": 1, "manager": 1, "signed_out": 1}
JOURNAL = {"classes": 1, "class_people": PEOPLE}
# By the clock, so within bounds: time at the PC, also the class's; minutes in service and with a network.
MEASURED = {"seconds", "minutes", "open_minutes", "internet_minutes"}


class Clerk:
    """Somebody at the panel, by mouse and keyboard of a browser."""

    def __init__(self, page: "Page", station: PoweredStation) -> None:
        self.page, self.station = page, station
        self.address = f"http://127.0.0.1:{station.panel}"
        self.complaints = look(page, self.address)

    def sign_in(self) -> None:
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("Mã PIN").fill(PIN)
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(f"{self.address}/")

    def sees(self, words: str) -> None:
        """On the page that is open, which renews itself."""
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=20_000)

    def confirm_the_date(self) -> None:
        """After so short a cut the hardware clock may as well have stood still: the panel asks, but where the kernel
        follows a time server.
        """
        if not self.station.status()["clock_trusted"]:
            self.page.locator("#date").click()
            self.page.locator("#right").click()
            self.station.wait(lambda: self.station.status()["clock_trusted"], "the date is confirmed")
            self.page.goto(self.address)

    def ticket(self) -> str:
        """One ticket; its digits, read from the screen."""
        self.page.goto(f"{self.address}/s/03/tickets")
        self.page.locator("#minutes").fill(str(TICKET))
        self.page.locator("#make-one").click()
        code = self.page.locator("#code").inner_text()
        self.page.goto(f"{self.address}/")
        assert re.fullmatch(r"\d{4}\s\d{4}", code), code
        return re.sub(r"\D", "", code)


class Watch:
    """How long citizens and learners had the PC, by our own clock."""

    def __init__(self) -> None:
        self.least = self.most = 0.0

    @contextmanager
    def visit(self, station: PoweredStation, state: str = "open") -> "Iterator[None]":
        """From before the desktop to after the end; what was surely charged is between the two."""
        begun = time.monotonic()
        station.wait_state(state)
        station.wait(lambda: not station.covered(), "the lock uncovers")
        opened = time.monotonic()
        yield
        ended = time.monotonic()
        station.wait_state("free")
        self.least += ended - opened
        self.most += time.monotonic() - begun


def test_a_day_of_a_station_is_told_to_the_province_as_it_was(home: Path, xvfb: Callable[..., str]) -> None:
    station, watch, begun = PoweredStation(home, xvfb("1366x768"), POLICY), Watch(), time.monotonic()
    day = today()
    with station, browser() as page:
        assert station.kiosk("manager", "add", "Chị Hoa", stdin=f"{PIN}\n").returncode == 0
        clerk = Clerk(page, station)
        clerk.sign_in()
        _first_signs_out(station, clerk, watch)
        _second_has_a_ticket_and_goes_away(station, clerk, watch)
        _a_class(station, clerk, watch)
        _third_and_the_power_cut(station, clerk, watch)
        clerk.sees("Máy trống")
        station.wait(lambda: station.status()["visits_today"] == DAY["visits"], "all visits have a date")
        clerk.page.goto(clerk.address)
        assert page.locator(".numbers dd").first.inner_text() == str(DAY["visits"])
        assert clerk.complaints == []
        lines = _night(station, day)
    assert day == today(), "midnight passed: run it again"
    _compare(lines, watch, time.monotonic() - begun)


def _first_signs_out(station: PoweredStation, clerk: Clerk, watch: Watch) -> None:
    """By keyboard, with an answer to every question; more time from the clerk; then the bar's own way out."""
    station.begin()
    station.key("1", "Return", "3", "1", "3", "Return")
    with watch.visit(station):
        clerk.sees("còn 60 phút")
        station.key("shift")
        clerk.page.get_by_role("button", name=f"Thêm {MORE} phút").click()
        station.wait(lambda: station.status()["granted"] == 5400, "the minutes are given")
        clerk.sees("còn 90 phút")
        station.key("super+9", "super+Return")
        station.wait(lambda: station.status()["state"] != "open", "signed out")


def _second_has_a_ticket_and_goes_away(station: PoweredStation, clerk: Clerk, watch: Watch) -> None:
    """The clerk makes a ticket; the citizen types it on START, skips the questions, and leaves without a word."""
    code = clerk.ticket()
    station.wait(lambda: station.covered() and station.status()["end_reason"] is None, "the goodbye is over")

    def typed() -> bool:
        if station.status()["state"] == "free":
            station.key("Escape", "2")  # the page of tickets
            time.sleep(1.0)
            station.key(*code, "Return")
            time.sleep(1.0)
        return bool(station.status()["state"] == "asking")

    station.wait(typed, "the ticket is taken")
    station.key("0", "0", "0")
    with watch.visit(station):
        assert station.status()["granted"] == TICKET * 60
        clerk.sees(f"còn {TICKET} phút")
        station.wait(lambda: station.status()["idle"] is not None, "asked whether they are there", 60)
        station.wait(lambda: station.status()["state"] != "open", "nobody answered", 30)


def _a_class(station: PoweredStation, clerk: Clerk, watch: Watch) -> None:
    """Begun and ended on the panel, which asks how many came."""
    clerk.sees("Máy trống")
    clerk.page.locator("#class_begin-03").click()
    clerk.page.locator("#title").fill("Gõ văn bản")
    clerk.page.locator("main button.main").click()
    with watch.visit(station, "class"):
        clerk.page.locator("#class_end-03").click()
        clerk.page.locator("#people").fill(str(PEOPLE))
        clerk.page.locator("#begin").fill("08:00")
        clerk.page.locator("#end").fill("09:30")
        clerk.page.locator("#write").click()
        station.wait_state("free")


def _third_and_the_power_cut(station: PoweredStation, clerk: Clerk, watch: Watch) -> None:
    """Straight in; the power fails; the PC offers to go on; the clerk ends the visit."""
    station.wait(station.covered, "START is back")
    station.begin()
    station.key("0", "0", "0")
    with watch.visit(station):
        clerk.sees("còn 60 phút")
        # A heartbeat every 10 s is what a power cut leaves of a visit.
        station.wait(lambda: station.status()["seconds_left"] < 3585, "a heartbeat", 60)
        before = boot_id_of(station.living("service")[0])
        assert clerk.complaints == []
        station.cut()
        clerk.sees("Trang này mất liên lạc với máy.")
        clerk.page.goto("about:blank")
        clerk.complaints.clear()
        station.boot()
        station.wait(lambda: station.status()["resume"] is not None, "the PC offers to go on", 40)
        assert boot_id_of(station.living("service")[0]) != before, "the control: it is another boot"
        station.wait(station.covered, "covered until they take it")

        def goes_on() -> bool:
            if station.status()["state"] == "free":
                station.key("Return")
                time.sleep(0.5)
            return bool(station.status()["state"] == "open")

        station.wait(goes_on, "the same visit goes on")
        clerk.sign_in()
        clerk.confirm_the_date()
        clerk.sees("còn 60 phút")
        clerk.page.get_by_role("link", name="Kết thúc").click()
        clerk.page.get_by_role("button", name="Kết thúc lượt này").click()


def _night(station: PoweredStation, day: str) -> list[dict[str, Any]]:
    """The lines of the bundle of the day."""
    answer = station.kiosk("export", "run", "--day", day, "--json")
    assert answer.returncode == 0, answer.stderr
    name = json.loads(answer.stdout)[-1]["file"]
    return [json.loads(line) for line in gzip.decompress((station.paths.outbox / name).read_bytes()).splitlines()]


def _compare(lines: list[dict[str, Any]], watch: Watch, lasted: float) -> None:
    manifest, *body = lines
    assert (manifest["site"], manifest["station"], manifest["revision"]) == ("TH-012", "03", 1)
    assert manifest["rows"] == {kind: sum(line["kind"] == kind for line in body) for kind in manifest["rows"]}
    (told,) = [line for line in body if line["kind"] == "day"]
    assert {name: told[name] for name in told if name not in MEASURED | {"kind"}} == DAY
    assert watch.least - 30 <= told["seconds"] <= watch.most, "the cut takes at most what the PC was dark for"
    # A minute begun is a minute, for each of three visits and a class.
    assert told["seconds"] / 60 <= told["minutes"] <= told["seconds"] / 60 + 4
    assert 0 < told["open_minutes"] <= lasted / 60 + 1 and told["internet_minutes"] <= told["open_minutes"]
    assert {line["code"]: line["count"] for line in body if line["kind"] == "end"} == ENDS
    assert {line["code"]: line["count"] for line in body if line["kind"] == "journal"} == JOURNAL
    # Its boot had no date until the clerk confirmed it, where no time server did.
    assert [line for line in body if line["kind"] == "reason"] in (
        [],
        [{"kind": "reason", "code": "redated", "count": 1}],
    )
    assert {line["kind"] for line in body} <= {"day", "end", "journal", "health", "reason"}
    written = json.dumps(lines)
    assert not [code for code in ("SEX", "AGE", "GRP", "FST", "ETHMIN", "POOR", "Hoa", "Gõ") if code in written]
