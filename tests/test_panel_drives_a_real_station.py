"""The panel in a real browser against a whole running station and a real PIN: what staff click is what happens."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from web_faces import browser, look

from kiosk.translations import translate
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

PIN = "274916"
SHORT_PIN, TAKEN = "A PIN has at least {n} digits, and nothing else.", "There is already a manager named {name}."
NOT_YET = "{day} has not come yet."


def test_a_clerk_runs_the_station_from_the_panel(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station, browser() as page:
        added = station.kiosk("manager", "add", "Chị Hoa", stdin=f"{PIN}\n")
        assert added.returncode == 0, added.stderr

        station.env["LANG"] = "vi_VN.UTF-8"  # of the terminal; the service's own stays C.UTF-8
        for words, stdin, said in (
            (("manager", "add", "Lan"), "12\n", translate("vi", "cli", SHORT_PIN, n=6)),
            (("manager", "add", "Chị Hoa"), f"{PIN}\n", translate("vi", "cli", TAKEN, name="Chị Hoa")),
            (("export", "run", "--day", "2999-01-01"), "", translate("vi", "cli", NOT_YET, day="2999-01-01")),
            (("session", "finish"), "", translate("vi", "web", "Nobody is using this computer.")),
        ):
            refused = station.kiosk(*words, stdin=stdin)
            assert refused.returncode != 0 and said in refused.stderr, refused.stderr
        assert station.status()["export"]["trouble"] is None

        def becomes(field: str, value: Any) -> None:
            station.wait(lambda: station.status()[field] == value, f"{field} is {value}")

        address = f"http://127.0.0.1:{station.panel}"
        complaints = look(page, address)
        page.goto(address)
        page.get_by_label("Mã PIN").fill("111222")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Mã PIN").fill(PIN)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{address}/")

        station.sign_in()
        session = station.status()["session"]
        expect(page.get_by_text("còn 60 phút").first).to_be_visible(timeout=15_000)
        page.get_by_role("button", name=re.compile(r"^Thêm \d+ phút$")).click()
        becomes("granted", 5400)
        expect(page.get_by_text("còn 90 phút").first).to_be_visible()

        page.locator("#waiting").click()
        becomes("waiting", True)
        page.locator("#waiting").click()
        becomes("waiting", False)

        page.get_by_role("link", name="Kết thúc").click()
        page.get_by_role("button", name="Kết thúc lượt này").click()
        becomes("state", "free")
        station.wait(station.covered, "the lock covers")
        becomes("visits_today", 1)

        expect(page.get_by_text("Máy trống")).to_be_visible(timeout=15_000)
        page.get_by_role("link", name="Báo máy hỏng").click()
        page.get_by_label("Hỏng bàn phím hoặc chuột").check()
        page.get_by_role("button", name="Báo máy hỏng").click()
        becomes("state", "out_of_order")
        assert station.status()["reason"] == "Hỏng bàn phím hoặc chuột"
        page.get_by_role("button", name="Đã sửa xong").click()
        becomes("state", "free")
        expect(page.get_by_text("Máy trống")).to_be_visible()
        assert complaints == []
    log = station.log()
    assert "session started" in log, "the control"
    personal = (PIN, "111222", "Hoa", "Lan", "Hỏng", session, "FST_", "SEX_", "AGE_", "GRP_")
    assert [word for word in personal if word in log] == []
    ends = station.rows("SELECT reason, visit, extensions FROM sessions")
    assert [(reason, extensions) for reason, _visit, extensions in ends] == [("manager", 1)]
    assert {who for (who,) in station.rows("SELECT DISTINCT who FROM audit")} >= {"Chị Hoa"}
