"""A whole station with a real CUPS: a citizen prints, staff release, paper comes out, at the end nothing is left."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from kiosk.supervisor.printing.furniture import NAMES
from tests.machine_cups import MachineCups, pdf
from tests.running import CITIZEN, LONG, RunningStation
from tests.web_faces import browser

pytestmark = [pytest.mark.root, pytest.mark.slow]

PIN = "428913"
CANARY = "Canary-Nguyen-Van-An"


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[MachineCups]:
    """The machine's CUPS, which the supervisor finds as libcups would."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-print-"))
    folder.chmod(0o755)
    cups = MachineCups(folder / "cups")
    cups.start()
    cups.add("real", default=True)
    yield cups
    cups.stop()
    shutil.rmtree(folder)


class PrintingStation(RunningStation):
    """A station whose policy lets citizens print, on that CUPS."""

    def __init__(self, home: Path, display: str, cups: MachineCups, printing: str) -> None:
        super().__init__(home, display, f"{LONG}\n[print]\n{printing}\n")
        self.cups, self.env["CUPS_SERVER"] = cups, str(cups.socket)
        self.door = str(self.paths.printing / "door" / "cups.sock")
        self.document = pdf(home.parent / "letter.pdf", 3, CANARY)

    def printing(self) -> dict[str, Any]:
        """What the state message says of it."""
        told = self.status()["print"]
        assert isinstance(told, dict)
        return told

    def ready(self) -> None:
        """Until the desk is open."""
        self.wait(self._answers, "the desk is open")

    def _answers(self) -> bool:
        return NAMES["vi"] in self.cups.tool("lpstat", "-d", user=CITIZEN, server=self.door).stdout

    def lp(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What a program of the citizen's does."""
        return self.cups.tool("lp", *words, str(self.document), user=CITIZEN, server=self.door)

    def print(self, *words: str) -> None:
        """Hand in the letter, and wait until it is known."""
        before = self.printing()["waiting"]
        done = self.lp("-t", CANARY, *words)
        assert done.returncode == 0, done.stderr
        self.wait(lambda: self.printing()["waiting"] != before, "the job waits")

    def release(self, *words: str) -> None:
        """What staff do from a terminal."""
        done = self.kiosk("session", "print", *words)
        assert done.returncode == 0, done.stderr

    def lies_about(self) -> list[str]:
        """Files of the station and of CUPS that hold the canary, store and logs too; what came out on paper may."""
        found = []
        for top in (self.home, self.cups.root):
            for path in top.rglob("*"):
                if path.is_file() and path.parent != self.cups.paper and CANARY.encode() in path.read_bytes():
                    found.append(str(path))
        return found


def test_staff_release_on_the_panel_what_a_citizen_printed(
    home: Path, xvfb: Callable[..., str], cups: MachineCups
) -> None:
    with PrintingStation(home, xvfb(), cups, 'mode = "staff"\npages_max = 5') as station, browser() as page:
        added = station.kiosk("manager", "add", "Chị Hoa", stdin=f"{PIN}\n")
        assert added.returncode == 0, added.stderr
        page.goto(f"http://127.0.0.1:{station.panel}")
        page.get_by_label("Mã PIN").fill(PIN)
        page.keyboard.press("Enter")
        station.sign_in()
        station.ready()

        station.print()
        station.print("-n", "2")
        station.print()
        jobs = station.printing()["jobs"]
        assert [(job["pages"], job["over"]) for job in jobs] == [(3, False), (6, True), (3, False)]
        assert station.lies_about() != [], "the control: the canary lies at the desk"

        card = page.locator("#printing")
        expect(card).to_contain_text("Đang chờ: 3", timeout=15_000)
        expect(card).to_contain_text("3 trang")
        assert CANARY not in page.content()
        if where := os.environ.get("KIOSK_SHOT"):
            page.screenshot(path=where, full_page=True)
        card.get_by_role("button", name=re.compile("^Cho in$")).first.click()
        station.wait(lambda: station.printing()["pages"] == 3, "three pages count")
        assert len(cups.papers(1)) == 1
        # Past the real printer's door, also while one may print: refused.
        assert cups.tool("lp", "-d", "real", str(station.document), user=CITIZEN).returncode != 0
        assert cups.tool("lp", "-U", "root", "-d", "real", str(station.document), user=CITIZEN).returncode != 0
        # All: not those that would pass the limit, which the staff release by hand.
        card.get_by_role("button", name="Cho in tất cả").click()
        time.sleep(1.5)
        assert (station.printing()["pages"], station.printing()["waiting"]) == (3, 2)
        card.get_by_role("button", name="Không in").first.click()
        page.get_by_role("button", name="Không in").click()
        station.wait(lambda: station.printing()["waiting"] == 1, "one waits")
        card.get_by_role("button", name=re.compile("^Cho in$")).first.click()
        station.wait(lambda: station.printing()["pages"] == 6, "six pages count")
        assert len(cups.papers(2)) == 2
        station.print()

        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        assert not any(station.paths.printing.iterdir())
        assert str(station.paths.printing) not in Path("/proc/mounts").read_text()
        station.wait(lambda: not station.pids("print"), "the helper has ended", 15)
        assert station.lies_about() == []
        assert not re.search("kiosk-[0-9a-f]{8}", cups.remembered()), "CUPS remembers a job of ours"
        assert not list((cups.root / "spool").glob("[cd]0*"))
        assert CANARY not in station.log()
    assert len(cups.papers(2)) == 2, "what waited was never printed"
    assert station.rows("SELECT pages FROM sessions") == [(6,)]
    assert station.rows("SELECT count FROM day_totals WHERE code = 'pages'") == [(6,)]
    assert not station.lies_about()
    notes = dict(station.rows("SELECT action, group_concat(detail) FROM audit WHERE action LIKE 'print%' GROUP BY 1"))
    assert notes.keys() == {"print_release", "print_cancel"}


def test_freely_until_the_limit_and_troubles_are_told(home: Path, xvfb: Callable[..., str], cups: MachineCups) -> None:
    with PrintingStation(home, xvfb(), cups, 'mode = "free"\nqueue = "real"\npages_max = 7') as station:
        station.sign_in()
        station.ready()
        for _ in range(2):
            assert station.lp().returncode == 0
        station.wait(lambda: station.printing()["pages"] == 6, "six pages")
        assert len(cups.papers(2)) == 2
        station.print()
        assert station.printing()["jobs"][0]["over"] is True
        # A helper that is killed is followed by another, which takes over the desk and the count.
        killed = station.kill("print")
        station.wait(lambda: station.pids("print") and killed not in station.pids("print"), "another one")
        station.ready()
        station.wait(lambda: (station.printing()["waiting"], station.printing()["pages"]) == (1, 6), "as before")
        cups.tool("cupsdisable", "real")
        station.wait(lambda: station.printing()["trouble"] == "stopped", "the printer's trouble is told")
        cups.tool("cupsenable", "real")
        station.wait(lambda: station.printing()["trouble"] is None, "and that it is over")
        cups.stop()
        station.wait(lambda: station.printing()["trouble"] == "no_cups", "no CUPS is told")
    assert station.rows("SELECT pages FROM sessions") == [(6,)]


def test_a_page_of_the_browser_comes_out_and_a_jam_keeps_nothing(
    home: Path, xvfb: Callable[..., str], cups: MachineCups
) -> None:
    with PrintingStation(home, xvfb(), cups, 'mode = "staff"') as station:
        station.sign_in()
        station.ready()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the browser is there")
        time.sleep(2.0)

        def printed_by_hand() -> bool:
            station.key("ctrl+p")
            time.sleep(4.0)
            if where := os.environ.get("KIOSK_SHOT"):
                subprocess.run(["import", "-window", "root", where], env=station.env, timeout=10)
            station.key("Return")
            time.sleep(3.0)
            return bool(station.printing()["waiting"])

        station.wait(printed_by_hand, "a page of the menu waits", 60)
        (job, *_others) = station.printing()["jobs"]
        assert job["pages"] >= 1
        station.release()
        station.wait(lambda: station.printing()["pages"] >= job["pages"], "its pages count")
        (page, *_) = cups.papers(1)
        assert "A4" in cups.tool("pdfinfo", str(page)).stdout
        before = station.printing()["pages"]

        (cups.paper / "jammed").touch()
        station.print()
        station.release()
        station.wait(lambda: station.printing()["pages"] == before + 3, "the printer took three pages")
        cups.tool("cancel", "-a")
        station.wait(lambda: station.printing()["pages"] == before, "cancelled at the printer, they count no more")
        station.print()
        station.release()
        station.wait(lambda: station.printing()["pages"] == before + 3, "three more")
        cups.tool("cupsdisable", "real")
        station.wait(lambda: station.printing()["trouble"] == "stopped", "the printer stands")
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        station.wait(lambda: not station.pids("print"), "the helper has ended", 15)
        assert not list((cups.root / "spool").glob("[cd]0*")), "the next citizen's paper would have shown it"
        (cups.paper / "jammed").unlink()
        cups.tool("cupsenable", "real")
        count = len(cups.papers(1))
        time.sleep(2.0)
        assert len(cups.papers(1)) == count and not station.lies_about()


def test_what_waits_outlives_the_supervisor_and_is_gone_after_the_session(
    home: Path, xvfb: Callable[..., str], cups: MachineCups
) -> None:
    with PrintingStation(home, xvfb(), cups, 'mode = "staff"') as station:
        station.sign_in()
        station.ready()
        station.print()
        station.release()
        station.wait(lambda: station.printing()["pages"] == 3, "three pages")
        station.print()
        killed, helper = station.kill("supervisor"), station.pids("print")
        station.start()
        station.wait(lambda: station.run_file()["supervisor"]["pid"] != killed, "another supervisor")
        station.wait(lambda: station.pids("print") and station.pids("print") != helper, "another helper")
        station.ready()
        station.wait(lambda: (station.printing()["waiting"], station.printing()["pages"]) == (1, 3), "as before")
        station.release()
        station.wait(lambda: station.printing()["pages"] == 6, "six pages")
        assert len(cups.papers(2)) == 2
        station.print()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        assert not any(station.paths.printing.iterdir()) and not station.lies_about()
    assert station.rows("SELECT pages FROM sessions") == [(6,)]


def test_with_printing_off_nothing_prints(home: Path, xvfb: Callable[..., str], cups: MachineCups) -> None:
    letter = str(pdf(home.parent / "control.pdf", 1))
    assert cups.tool("lp", "-d", "real", letter, user=CITIZEN).returncode == 0, "the control"
    cups.papers(1)
    with PrintingStation(home, xvfb(), cups, 'mode = "off"') as station:
        station.sign_in()
        assert station.status()["print"] is None
        station.wait(lambda: not station.pids("print"), "the queues are closed")
        assert station.lp().returncode != 0
        port = ("-h", f"localhost:{cups.port}")
        for words in ((), ("-U", "root"), port, (*port, "-U", "lp")):
            done = cups.tool("lp", *words, "-d", "real", str(station.document), user=CITIZEN)
            assert done.returncode != 0, words
        assert len(cups.papers(1)) == 1
