"""What the kernel says of the citizen's browser: whose it is, and how it is shut in."""

import html
import pwd
import re
import urllib.request
from pathlib import Path

from tests.running import CITIZEN, RunningStation


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return {name: value.strip() for name, _colon, value in (line.partition(":") for line in lines)}


def words_of(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ")


def of_user(uid: int) -> list[int]:
    """Living processes of a user, also those that forbid a look into them."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            status = _status(int(entry.name))
            if str(uid) in status["Uid"].split() and status["State"][0] not in "ZX":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def wait_for_menu(station: RunningStation, lang: str) -> None:
    """The browser's window shows the menu, in the citizen's language: its title is that of the menu's first page."""
    cookies = urllib.request.HTTPCookieProcessor()
    page = urllib.request.build_opener(cookies).open(f"http://127.0.0.1:{station.menu}/enter?lang={lang}", timeout=10)
    with page:
        found = re.search("<title>(.*?)</title>", page.read().decode(), re.DOTALL)
    assert found is not None
    title = f"{html.unescape(found[1].strip())} - Chromium"
    station.wait(lambda: title in station.titles(), f"a window with the title {title}")


def check_sandboxed(station: RunningStation) -> None:
    """The real browser runs as the citizen, with its sandbox: no switch turns it off, its pages run under seccomp."""
    uid = pwd.getpwnam(CITIZEN).pw_uid
    browser = station.pids("browser")[-1]
    assert set(_status(browser)["Uid"].split()) == {str(uid)}
    renderers: list[int] = []

    def drawn() -> bool:
        renderers[:] = [pid for pid in of_user(uid) if "--type=renderer" in words_of(pid)]
        return bool(renderers)

    station.wait(drawn, "a page of the browser")
    for pid in of_user(uid):
        words = words_of(pid)
        assert "no-sandbox" not in words and "disable-setuid-sandbox" not in words
    for pid in renderers:
        status = _status(pid)
        assert status["Seccomp"] == "2", "a filter of system calls"
        assert status["NoNewPrivs"] == "1"
        assert int(status["CapEff"], 16) == 0
