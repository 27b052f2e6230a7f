"""An X server that lacks what others have: the station covers and works all the same, and `kiosk check` says so."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from Xlib import protocol
from Xlib.display import Display

from tests.lock_stage import ENDING, OPEN, Stage, until
from tests.running import LONG, RunningStation
from tests.station_processes import slowness
from tests.typist import staff_opens

pytestmark = pytest.mark.slow

RED = 0xD01010
WINDOW = """
import tkinter
window = tkinter.Tk()
window.wm_overrideredirect(True)
window.geometry("1366x768+0+0")
window.configure(background="#D01010")
window.mainloop()
"""


@pytest.fixture(autouse=True)
def numbers_of_one_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-xlib keeps the numbers of events for the whole process; without an extension others have them."""
    monkeypatch.setattr(protocol.display.Display, "event_classes", protocol.event.event_class.copy())


@pytest.fixture(params=["Composite", "RANDR", "MIT-SCREEN-SAVER", "X-Resource", "RENDER"])
def lacking(request: pytest.FixtureRequest, xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    display = xvfb("1366x768", without=request.param)
    asked = Display(display)
    assert not asked.has_extension(request.param), "control: it is not there"
    asked.close()
    stage = Stage(display, home)
    yield stage
    stage.close()


def test_covered_heard_uncovered_and_covered_at_time_up(lacking: Stage) -> None:
    lacking.spawn(WINDOW)
    until(lambda: lacking.pixel(683, 384) == RED, "control: a window to cover")
    lock = lacking.start("lock")
    token = lacking.service.wait("covered")["marker"]
    until(lambda: lacking.covered(token), "covered")
    lacking.insist("Return", "begin")
    lacking.service.put(**OPEN)
    lacking.service.wait("uncovered")
    until(lambda: lacking.pixel(683, 384) == RED, "the session is seen")
    lacking.service.put(**ENDING)
    lacking.service.wait("covered")
    until(lambda: lacking.covered(token), "covered at its end")
    assert all(lacking.pixel(x, y) != RED for x in range(5, 1366, 90) for y in (5, 400, 760))
    time.sleep(1)  # what is looked at now and then asks for an extension too
    assert lock.poll() is None


@pytest.mark.root
@pytest.mark.parametrize(("without", "told"), [("Composite", True), ("XTEST", False)])
def test_a_whole_session(home: Path, xvfb: Callable[..., str], without: str, told: bool) -> None:
    with RunningStation(home, xvfb(without=without), LONG) as station:
        staff_opens(station)
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the browser's window")
        with station.watch() as watch:
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            station.wait(lambda: len(station.living("lock")) == 1, "the fresh lock alone")
        first = next(moment for moment, covered in watch.samples() if covered)
        gap = watch.longest_gap(first)
        print(f"\nwithout {without}: once covered, the longest gap was {1000 * gap:.0f} ms")
        # Without an overlay the fresh lock's page is a window before all for a moment, dark and without the marker.
        assert gap <= (0.25 * slowness() if without == "Composite" else 0.0)
        assert "the display is not as it was" not in station.log()
        said = station.kiosk("check").stdout
        assert (without in said) == told
        log = subprocess.run(["grep", "-c", "Traceback", "-"], input=station.log(), capture_output=True, text=True)
        assert log.stdout.strip() == "0"
