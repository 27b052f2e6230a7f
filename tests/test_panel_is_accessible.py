"""Every page of the panel by axe-core in a real Chromium: WCAG 2.0 to 2.2, levels A and AA, and what axe calls good."""

from pathlib import Path

import pytest
from menu_shelf import grown_library
from province_support import WAITING, FakeCarrying, FakeNightly, days_told, desk_of, join
from small_world import SITE, reports_of, small_world
from store_support import ended
from test_first_day import PIN, Empty
from test_menu_is_accessible import axe, faults
from web_faces import NOON, People, Station, browser, free, in_use, served, settings_of

from kiosk.service.carrying import Carried
from kiosk.service.month_locking import MonthLocks
from kiosk.service.panel import create_panel
from kiosk.settings import Paths
from kiosk.store import sessions
from kiosk.web.sign_in import WebSessions

pytestmark = pytest.mark.slow

__all__ = ["axe"]
PAGES = ("/", "/s/03/finish", "/s/03/out_of_order", "/s/03/date", "/s/03/date/set", "/s/03/settings",
         "/s/03/settings/week", "/s/03/settings/days", "/s/03/settings/days/2026-12-02", "/s/03/settings/minutes",
         "/s/03/settings/fee", "/s/03/library", "/more",
         "/sign-in?left=1")  # fmt: skip


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1366, 768)])
def test_axe_finds_nothing_on_the_panel(axe: str, tmp_path: Path, width: int, height: int) -> None:
    station = Station(in_use(42, help_asked=True), starred={"made/i0": True}, wanted=[("hộ chiếu", 7)])
    settings = settings_of(tmp_path, '[hours]\nmonday = ["07:30-11:30"]\n')
    app = create_panel(station, People(), sessions=WebSessions(idle=100), settings=settings, now=lambda: NOON,
                       library=grown_library())  # fmt: skip
    with served(app) as address, browser(width, height, bypass_csp=True) as page:
        page.goto(f"{address}/sign-in")
        assert faults(page, axe) == []
        page.get_by_label("Mã PIN").fill(PIN)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        for state in (station.state, free(waiting=True, clock_trusted=False)):
            station.state = state
            for path in PAGES:
                page.goto(address + path)
                assert faults(page, axe) == [], path
                # Only what asks for somebody at the computer, or for a date in doubt, may lead elsewhere.
                assert page.url == address + path or path.startswith(("/s/03/finish", "/s/03/out", "/sign-in"))
        page.goto(f"{address}/s/03/settings/week")
        page.locator("[name=monday_0_from]").fill("13h")
        page.locator("main button.main").click()
        assert faults(page, axe) == [], "a mistake"
        page.locator("[name=monday_0_from]").fill("8h")
        page.locator("main button.main").click()
        assert faults(page, axe) == [], "what will change"
        page.locator("[name=sure]").click()
        page.goto(f"{address}/s/03/settings/back")
        assert faults(page, axe) == [], "back"


@pytest.mark.parametrize(("width", "lang"), [(360, "vi"), (1366, "en")])
def test_axe_finds_nothing_on_the_report_and_its_paper(axe: str, tmp_path: Path, width: int, lang: str) -> None:
    with small_world(tmp_path) as store:
        MonthLocks(store, reports_of(store)).look()
        store.run(sessions.record, ended("2026-10-20", 1_800), ())
        app = create_panel(Station(), People(), reports=reports_of(store), now=lambda: NOON)
        with served(app) as address, browser(width, 768, bypass_csp=True) as page:
            page.goto(f"{address}/sign-in")
            page.get_by_label("Mã PIN").fill(PIN)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/")
            page.goto(f"{address}/language/{lang}")
            for path in ("?period=2026-10", "?period=2026", "/print?period=2026-10"):
                page.goto(f"{address}/s/03/report{path}")
                assert faults(page, axe) == [], path


@pytest.mark.parametrize(("width", "lang"), [(360, "vi"), (1366, "en")])
def test_axe_finds_nothing_on_the_way_to_the_province(axe: str, tmp_path: Path, width: int, lang: str) -> None:
    nightly, stick = FakeNightly(dict(WAITING)), FakeCarrying()
    with small_world(tmp_path) as store:
        store.run(days_told, refused=("2026-11-02",))
        join(Paths(tmp_path))
        app = create_panel(
            Station(), People(), province=desk_of(store, tmp_path, SITE, nightly, stick), now=lambda: NOON
        )
        with served(app) as address, browser(width, 768, bypass_csp=True) as page:
            page.goto(f"{address}/sign-in")
            page.get_by_label("Mã PIN").fill(PIN)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/")
            page.goto(f"{address}/language/{lang}")
            for stick.shown in (
                Carried(),
                Carried("writing"),
                Carried("done", written=9),
                Carried("trouble", word="full"),
            ):
                page.goto(f"{address}/s/03/province")
                assert faults(page, axe) == [], stick.shown
            page.goto(f"{address}/s/03/province/join")
            assert faults(page, axe) == []
            page.locator("#url").fill("x")
            page.locator("main button.main").click()
            assert page.locator("[role=alert].fault").is_visible() and faults(page, axe) == [], "a mistake"


def test_axe_finds_nothing_on_the_first_day(axe: str, tmp_path: Path) -> None:
    new = Empty(tmp_path)
    with served(new.client.application) as address, browser(360, 740, bypass_csp=True) as page:
        page.goto(f"{address}/begin")
        assert faults(page, axe) == []
        new.begin()
        page.goto(f"{address}/sign-in")
        page.get_by_label("Mã PIN").fill(PIN)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        for path in ("/first-day", "/first-day/site"):
            page.goto(address + path)
            assert faults(page, axe) == [], path
    new.store.close()
