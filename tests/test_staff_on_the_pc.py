"""Staff at the PC itself, on a whole station: in by gesture and PIN, to the panel alone, out without a trace."""

import http.server
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.clock import boot_id
from tests import canary
from tests.browser_stage import plain
from tests.canary_eyes import Eyes
from tests.citizens_browser import of_user, words_of
from tests.running import CITIZEN, LONG, RunningStation
from tests.staff_turn import (
    NAME,
    PIN,
    add_manager,
    browse,
    call,
    come_in,
    hold_emblem,
    out,
    type_pin,
    uid_of_staff,
)
from tests.station_processes import STAFF

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(280)]

SIGN_OUT = 1270, 36  # the panel's button on a screen of 1366 × 768


def cookie_and_token(station: RunningStation) -> str:
    """What the browser was given to come in with."""
    kept = station.paths.staff_home / ".browser" / "Default" / "Preferences"
    address: str = json.loads(kept.read_text(encoding="utf-8"))["session"]["startup_urls"][0]
    return address.partition("/here/")[2].partition("?")[0]


def test_staff_come_in_by_their_pin_and_leave_a_pc_as_clean_as_a_citizen_does(
    home: Path, xvfb: Callable[..., str]
) -> None:
    mark = f"canary{secrets.token_hex(8)}"
    with RunningStation(home, xvfb("1366x768"), LONG) as station:
        add_manager(station)
        start = station.middle()
        hold_emblem(station, 3.6)
        station.wait(lambda: station.middle() != start, "the page of staff")
        type_pin(station, "111333")
        type_pin(station)
        station.wait(lambda: station.status()["staff"] == "open", "the panel opens", 40)
        station.wait(lambda: any("Đồng Lúa" in title for title in station.titles()), "the panel is seen", 40)
        state = station.status()
        assert (state["state"], state["cover"], state["start_refused"]) == ("free", False, "staff")
        assert station.pids("bar") == [], "no minutes, no bar"

        # It is theirs and shut in, and the token is nobody's to read.
        browser, uid = station.pids("browser")[-1], uid_of_staff()
        assert browser in of_user(uid)
        assert os.readlink(f"/proc/{browser}/ns/mnt") != os.readlink("/proc/self/ns/mnt")
        group = Path(station.run_file()["group"]).name
        assert group in Path(f"/proc/{browser}/cgroup").read_text()
        token = cookie_and_token(station)
        assert len(token) == 43 and not [pid for pid in of_user(uid) if token in words_of(pid)]
        assert token not in json.dumps(station.run_file()) + station.paths.processes.read_text()
        script = f"cat {station.paths.staff_home}/.browser/Default/Preferences; ls {station.paths.staff_home}"
        read = subprocess.run(["sh", "-c", script], user=CITIZEN, group=CITIZEN, extra_groups=[], capture_output=True)
        assert read.stdout == b"" and read.stderr.count(b"Permission denied") == 2

        # No citizen begins meanwhile, from nowhere.
        assert station.kiosk("session", "start").returncode == 4

        source = Path(canary.__file__).read_text(encoding="utf-8")
        planter = station.as_citizen(sys.executable, "-c", source, mark, stdout=subprocess.PIPE, room=True, user=STAFF)
        assert planter.stdout is not None and json.loads(planter.stdout.readline()) == [], "planted everywhere"
        eyes = Eyes(station, mark, Path(f"/proc/{planter.pid}/root"), STAFF, station.paths.staff_home)
        found = eyes.look()
        assert sum(found.values()) >= 11, f"the control: {found}"

        station.tap(*SIGN_OUT)
        out(station)
        planter.wait(5)
        planter.stdout.close()
        after = Eyes(station, mark, None, STAFF, station.paths.staff_home)
        assert [place for place, there in after.look().items() if there] == []
        assert after.anywhere_else() == []
        assert station.status()["visits_today"] == 0
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    log = station.log()
    assert not [word for word in (PIN, "111333", token, mark, "Hoa") if word in log]
    assert [row[0] for row in station.rows("SELECT reason FROM sessions")] == ["manager"], "the citizen's alone"
    noted = station.rows("SELECT who, action, detail FROM audit WHERE action LIKE 'staff%' ORDER BY id")
    assert noted == [(NAME, "staff_in", ""), (NAME, "staff_out", "signed_out")]


@contextmanager
def elsewhere() -> Iterator[str]:
    """Another host, as far as a browser can tell: another port."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>OUTSIDE elsewhere</title>")

        def log_message(self, *_words: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


KEYS = (
    "ctrl+o", "ctrl+s", "ctrl+u", "ctrl+n", "ctrl+t", "ctrl+shift+n", "ctrl+shift+i", "ctrl+shift+j", "F12", "ctrl+l",
    "alt+d", "F6", "ctrl+j", "ctrl+h", "shift+Escape", "alt+e", "alt+f", "F10", "F11", "ctrl+shift+o", "ctrl+p",
    "ctrl+shift+p", "Menu", "alt+F1", "alt+F2", "alt+space", "ctrl+alt+t", "super+r", "super+d", "alt+Tab", "ctrl+w",
    "ctrl+shift+w", "ctrl+k", "ctrl+e", "alt+Home", "F1", "shift+F10", "alt+shift+i",
)  # fmt: skip


def test_the_browser_of_staff_leads_nowhere_else(home: Path, xvfb: Callable[..., str]) -> None:
    page = home / "outside.html"
    page.write_text("<title>OUTSIDE file</title>")
    page.chmod(0o644)
    with RunningStation(home, xvfb("1366x768"), LONG) as station, elsewhere() as other:
        add_manager(station)
        menu = f"http://127.0.0.1:{station.menu}/enter?lang=vi"
        tries = {other: "OUTSIDE elsewhere", f"file://{page}": "OUTSIDE file", menu: "Quý vị muốn"}

        with plain(xvfb(), station) as control:  # a Chromium without policies shows each of them
            for address, word in tries.items():
                control.go(address, word)

        come_in(station)
        before = station.titles()
        for key in KEYS:
            station.key(key)
        assert station.status()["staff"] == "open", "no key of these ends it"
        windows = [title for title in station.titles() if not title.endswith("Chromium")]
        assert windows == [], "no dialog for files, no tools, no other window"
        assert [title for title in station.titles() if title not in before] == []
        for address, word in tries.items():
            browse(station, address)
            # A page that is refused has no title but where it was to come from; each other time another one.
            place = "127.0.0.1" if address.startswith("http") else "file:"
            station.wait(
                lambda place=place: any(one.startswith(place) for one in station.titles()), f"{address} refused"
            )  # type: ignore[misc]
            assert not [title for title in station.titles() if word.lower() in title.lower()], address
        browse(station, f"http://127.0.0.1:{station.panel}/sign-in")
        assert station.status()["staff"] == "open"
        station.key("ctrl+alt+q")
        out(station)


def test_whatever_is_killed_meanwhile_the_screen_is_covered_and_the_pc_wiped(
    home: Path, xvfb: Callable[..., str]
) -> None:
    with RunningStation(home, xvfb("1366x768"), LONG) as station:
        add_manager(station)
        for role in ("browser", "service", "supervisor", "lock"):
            come_in(station)
            if role == "lock":
                # A lock that comes back covers first; the panel is seen again, and left as ever.
                station.kill("lock")
                station.wait(lambda: station.status()["staff"] == "open" and not station.covered(), "seen again")
                station.key("ctrl+alt+q")
            elif role == "supervisor":
                station.kill("supervisor")
                station.wait(station.covered, "covered without a supervisor")
                station.start()
            else:
                station.kill(role)
                station.wait(station.covered, f"covered when the {role} is killed")
            station.wait(lambda: bool(station.token()), "the service answers", 30)
            out(station)
        come_in(station)
        for pid in (*station.living(), *of_user(uid_of_staff())):
            os.kill(pid, signal.SIGKILL)
        assert station.supervisor is not None
        station.supervisor.wait(20)
        kept = station.paths.processes
        kept.write_text(kept.read_text().replace(boot_id(), "an-earlier-boot"))
        assert list(station.paths.staff_home.iterdir()), "the control: more than a power cut would leave"
        station.start()
        station.wait(lambda: bool(station.token()), "the service answers", 30)
        out(station)


def test_a_pin_is_not_asked_for_beside_a_session_and_wrong_ones_are_told(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb("1366x768"), LONG) as station:
        add_manager(station)
        station.begin()
        before = station.middle()
        station.key("ctrl+alt+q")
        assert station.middle() == before, "not at the questions"
        station.key("Escape")
        station.wait_state("free")
        station.wait(station.covered, "START")
        call(station)
        for number in range(5):
            type_pin(station, f"90817{number}")
            station.wait(lambda: station.status()["staff"] is None, "nobody comes in")
        type_pin(station)
        assert station.status()["staff"] is None, "the right PIN waits too"
        assert station.covered()
