"""One citizen does all that the PC is there for: answers, types, downloads, saves to a stick, prints, finishes."""

import http.server
import pwd
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import stick_stage
from tests.citizens_browser import of_user, wait_for_menu, words_of
from tests.layout import places
from tests.machine_cups import MachineCups
from tests.running import CITIZEN
from tests.test_printing_in_a_session import CANARY, PrintingStation
from tests.typist import TELEX, WORD, go_to, served, type_word, wait_title

pytestmark = [pytest.mark.root, pytest.mark.slow]

FORM = "Đơn xin.pdf"
# The window's title tells what stands in the field; the door to the form is too large to miss.
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>ready</title></head><body>
<input autofocus oninput="document.title = 'typed:' + this.value + ':'">
<a href="/form" style="position:fixed;left:0;top:200px;width:400px;height:200px;background:#cde">form</a>"""
FORM_AT = (200, 455)


@pytest.fixture
def cups() -> Iterator[MachineCups]:
    """The machine's CUPS, with one printer."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-print-"))
    folder.chmod(0o755)
    cups = MachineCups(folder / "cups")
    try:
        cups.start()
        cups.add("real", default=True)
        yield cups
    finally:
        cups.stop()
        shutil.rmtree(folder)


@contextmanager
def office(form: bytes) -> Iterator[str]:
    """A site with a field and a form to download; yields its address."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            whole = self.path == "/form"
            body = form if whole else PAGE.encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/pdf" if whole else "text/html; charset=utf-8")
            if whole:
                self.send_header("Content-Disposition", "attachment; filename*=UTF-8''%C4%90%C6%A1n%20xin.pdf")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    with served(Page) as address:
        yield address


def test_from_start_to_a_saved_and_a_printed_page_and_nothing_is_left(
    home: Path, xvfb: Callable[..., str], cups: MachineCups
) -> None:
    owner, slots = pwd.getpwnam(CITIZEN), home.parent / "slots"
    slots.mkdir()
    kind = "vfat" if stick_stage.known("vfat") else "ext4"
    stick = stick_stage.image(home.parent / "stick.img", (owner.pw_uid, owner.pw_gid), 64, kind)
    station = PrintingStation(home, xvfb(), cups, 'mode = "free"')
    station.env["KIOSK_STICKS"] = f"{slots}/*"
    form = station.document.read_bytes()
    station.document.unlink()
    with station, office(form) as address:
        _answer_by_mouse(station)
        _type_and_download(station, address)
        with stick_stage.plugged(stick, slots / "a"):
            folder = _save_to_the_stick(station)
        _print_the_page(station)
        assert station.lies_about() != [], "control: the form lies in the citizen's home"
        _finish_by_mouse(station)

        assert list(station.paths.citizen_home.iterdir()) == []
        assert [words_of(pid) for pid in of_user(owner.pw_uid)] == []
        mounts = Path("/proc/mounts").read_text(encoding="utf-8")
        assert not [place for place in (station.paths.sticks, station.paths.printing) if str(place) in mounts]
        station.wait(lambda: not station.pids("print"), "the printing's helper has ended", 15)
        assert station.lies_about() == [] and not re.search("kiosk-[0-9a-f]{8}", cups.remembered())
    rows = station.rows("SELECT reason, pages, entry FROM sessions")
    assert rows == [("signed_out", 1, "citizen")] and station.rows("SELECT * FROM live") == []
    with stick_stage.opened(stick, home.parent / "at home") as root:
        found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert found == {f"{folder}/Downloads/{FORM}": form}, "what the bar named, and nothing else"
    assert len(cups.papers(1)) == 1 and CANARY.encode() in form


def _answer_by_mouse(station: PrintingStation) -> None:
    """START, "been here", a picture, a group, Continue."""
    state, display = station.status(), station.display
    start = places(display, state, "start")["start"]

    def begun() -> bool:
        if station.status()["state"] == "free":
            station.tap(*start)
        return bool(station.status()["state"] == "asking")

    station.wait(begun, "START answers to the mouse")
    for step, name in enumerate(("tile2", "tile3", "tile1")):
        station.tap(*places(display, state, "question", step)[name])
    station.tap(*places(display, state, "question", 2)["continue"])
    station.wait_open()


def _type_and_download(station: PrintingStation, address: str) -> None:
    """ "đường" by Telex into a page, after its address in plain letters into the line above; then the form."""
    wait_for_menu(station, "vi")
    station.wait(lambda: station.status()["typing"] == "vi", "one types Vietnamese")
    go_to(station, address)
    time.sleep(0.5)
    type_word(station, f"{TELEX} ")
    wait_title(station, f"typed:{WORD} :")
    station.tap(*FORM_AT)
    station.wait((station.paths.citizen_home / "Downloads" / FORM).exists, "the form is there")


def _save_to_the_stick(station: PrintingStation) -> str:
    """The sheet comes by itself; Save, then Eject. Returns the folder that it names."""

    def stick(state: str) -> bool:
        return [one["state"] for one in station.status()["sticks"]] == [state]

    for waited, name in (("ready", "save"), ("saved", "eject")):
        station.wait(lambda waited=waited: stick(waited), f"the stick is {waited}")  # type: ignore[misc]
        told = station.status()
        time.sleep(0.5)  # the sheet takes no touch in the moment in which it comes
        station.tap(*places(station.display, told, "sheet usb")[name])
    station.wait(lambda: stick("ejected"), "it may be pulled out")
    return str(told["sticks"][0]["detail"])


def _print_the_page(station: PrintingStation) -> None:
    """The browser's own dialog, whose button to print has the keyboard."""
    station.ready()
    station.key("ctrl+p")

    def printed() -> bool:
        time.sleep(1.5)
        station.key("Return")
        return bool(station.printing()["pages"] == 1)

    station.wait(printed, "one page is counted", 30)


def _finish_by_mouse(station: PrintingStation) -> None:
    """Finish, and yes."""
    station.tap(*places(station.display, station.status(), "bar")["finish"])
    station.tap(*places(station.display, station.status(), "sheet confirm")["finish_now"])
    station.wait_state("free")
    station.wait(station.covered, "the next START covers")
