"""The citizen's Chromium opens what the policies allow and nothing else, in a real session, as the citizen's user.

The control: a plain Chromium of the same user does all of it.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser_stage import Browser, held, plain, web
from tests.citizens_browser import check_sandboxed, wait_for_menu
from tests.conftest import servers
from tests.running import LONG, RunningStation
from tests.station_processes import slowness
from tests.typist import staff_opens

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]

# What the machine's owner decided before us: a list of their own, and a home page that ours gives way to no other; as
# Chromium reads it, with a remark and one comma more, behind a link.
OWNERS = """mount -t tmpfs owners /etc/chromium && mkdir -p /etc/chromium/theirs/managed &&
ln -s theirs /etc/chromium/policies &&
echo '{"URLBlocklist": ["127.0.0.1:PORT/owners",], "HomepageLocation": "http://127.0.0.1:PORT/owners_home"} // ours' \\
> /etc/chromium/policies/managed/zzz.json && exec "$@" """
POLICY = """
[input]
method = "none"
[browser]
block = ["127.0.0.1:PORT/blocked", "localhost"]
allow = ["127.0.0.1:PORT/blocked/allowed"]
"""
MENU = "Quý vị muốn làm gì?"


@dataclass
class Stage:
    """A session, a plain Chromium beside it, and the web that both see."""

    station: RunningStation
    session: Browser
    plain: Browser
    port: int

    @property
    def web(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with servers() as start, web() as port, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        station = RunningStation(Path(folder, "home"), start(), LONG + POLICY.replace("PORT", str(port)))
        station.within = ["unshare", "-m", "sh", "-c", OWNERS.replace("PORT", str(port)), "sh"]
        with station, plain(start(), station) as other:
            staff_opens(station)
            wait_for_menu(station, "vi")
            yield Stage(station, held(station), other, port)


def test_what_is_not_allowed_does_not_open(stage: Stage) -> None:
    port = stage.port
    # What is typed, how the page is called that a plain Chromium shows, and how the refusal is called.
    tries = [
        ("file:///etc/passwd", "passwd", "file:///etc/passwd"),
        ("file:///", "Index of /", "file:/// "),
        (f"view-source:{stage.web}/", f"view-source:127.0.0.1:{port}", "127.0.0.1"),
        ("chrome://version", "About Version", "chrome://version"),
        ("chrome://settings/passwords", "Settings", "chrome://settings/passwords"),
        (f"{stage.web}/blocked/page", "page /blocked/page", "127.0.0.1"),
        ("chrome://extensions", "Extensions", "chrome://extensions"),
        ("chrome://flags", "Experiments", "chrome://flags"),
        (f"http://localhost:{port}/page", "page /page", "localhost"),
        ("devtools://devtools/bundled/inspector.html", "DevTools", "devtools://"),
        ("chrome://inspect", "Inspect with", "chrome://inspect"),
        (f"{stage.web}/owners/page", "page /owners/page", "127.0.0.1"),
        ("chrome://history", "History", "chrome://history"),
    ]
    for address, shown, refused in tries:
        stage.plain.go(address, shown)
        stage.session.go(address, refused)
        assert not any(one.startswith(shown) for one in stage.session.titles()), address
    check_sandboxed(stage.station)


def test_what_is_the_citizens_own_opens_and_a_new_page_is_the_menu(stage: Stage) -> None:
    assert stage.station.supervisor is not None
    supervisor, session = stage.station.supervisor.pid, stage.session
    home = stage.station.paths.citizen_home
    seen = Path(f"/proc/{supervisor}/root{home}")  # the station has mounts of its own here
    own = home / "Documents" / "own.html"
    laid = seen / "Documents" / "own.html"
    laid.write_text("<title>my letter</title>", encoding="utf-8")
    os.chown(laid, laid.parent.stat().st_uid, laid.parent.stat().st_gid)
    stick = stage.station.paths.sticks / "one"
    script = f"mkdir {stick} && mount -t tmpfs stick {stick} && echo '<title>on the stick</title>' > {stick}/own.html"
    within = ["nsenter", "-m", "-t", str(supervisor), "sh", "-c"]
    subprocess.run([*within, script], check=True, timeout=20)
    for address, shown in (
        (own.as_uri(), "my letter"),
        ("file:///media/one/own.html", "on the stick"),
        (f"{stage.web}/blocked/allowed", "page /blocked/allowed"),
        (f"{home.as_uri()}/Documents/%2e%2e/%2e%2e/%2e%2e/", "file:///"),
        ("chrome://downloads", "Nhật ký tải xuống"),
        (f"{stage.web}/page", "page /page"),
    ):
        session.go(address, shown)
    session.key("alt+Home")
    session.wait(MENU)
    session.go(f"{stage.web}/page", "page /page")
    session.key("ctrl+t")
    session.wait(MENU)
    session.type(f"{stage.web}/file.bin")
    saved = seen / "Downloads" / "file.bin"
    stage.station.wait(lambda: saved.read_bytes() == b"downloaded", "the file is saved without a question")
    subprocess.run([*within, f"umount -l {stick}"], check=True, timeout=20)


def test_tools_other_windows_and_other_programs_are_not_to_be_had(stage: Stage) -> None:
    there, here = stage.plain, stage.session
    there.go(f"{stage.web}/tools", "page /tools")
    for key in ("F12", "ctrl+shift+i"):
        there.key(key)
        there.wait("smaller")
        there.key(key)
        there.go(f"{stage.web}/tools", "page /tools")
    there.type("javascript:void(document.title='owned')")
    there.wait("owned")
    there.go("mailto:a@b.vn", "")
    stage.station.wait(lambda: _lets_it_open(there), "the control: mailto: starts a program")
    there.key("ctrl+shift+n")
    there.wait("New Incognito")

    here.go(f"{stage.web}/tools", "page /tools")
    before = here.titles()
    here.key("F12", "ctrl+shift+i", "ctrl+shift+j", "ctrl+shift+c", "ctrl+shift+n", "ctrl+u")
    here.type("javascript:void(document.title='owned')")
    time.sleep(3 * slowness())
    assert here.titles() == before
    here.go("mailto:a@b.vn", "mailto:a@b.vn")


def _lets_it_open(browser: Browser) -> bool:
    browser.key("Tab", "Return")
    time.sleep(0.5)
    opened = browser.home / "opened"
    return opened.exists() and "mailto:a@b.vn" in opened.read_text(encoding="utf-8")


def test_where_there_is_no_internet_only_the_menu_and_what_is_allowed_opens(stage: Stage) -> None:
    station, session = stage.station, stage.session
    session.go(f"{stage.web}/page", "page /page")
    assert station.kiosk("session", "finish").returncode == 0
    station.wait_state("free")
    written = station.paths.policy_toml
    written.write_text(written.read_text(encoding="utf-8") + "[programs]\ninternet = false\n", encoding="utf-8")
    killed = station.kill("service")
    station.wait(lambda: station.pids("service") != [killed] and bool(station.token()), "a service that read it")
    station.wait(lambda: station.status()["start_refused"] is None, "START")
    staff_opens(station)
    wait_for_menu(station, "vi")
    session.go(f"{stage.web}/page", "127.0.0.1")
    session.go(f"{stage.web}/blocked/allowed", "page /blocked/allowed")
    session.key("ctrl+t")
    session.wait(MENU)
