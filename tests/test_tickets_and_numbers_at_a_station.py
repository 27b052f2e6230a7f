"""A clerk's morning at a whole station: a printed sheet, a number in somebody's hand, a call, and a slip being read."""

import re
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

PIN = "274916"
POLICY = LONG + '\n[entry]\nways = ["citizen", "ticket", "staff"]\n'


class Desk:
    """The panel without a browser."""

    def __init__(self, station: RunningStation) -> None:
        self.address = f"http://127.0.0.1:{station.panel}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def post(self, path: str, **form: object) -> str:
        """The page that follows."""
        headers = {"Origin": self.address, "Sec-Fetch-Site": "same-origin"}
        data = urllib.parse.urlencode(form).encode()
        with self._opener.open(urllib.request.Request(self.address + path, data, headers), timeout=20) as answer:
            return str(answer.read().decode())


def test_a_number_is_called_and_its_holder_s_slip_is_read(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), POLICY) as station:
        assert station.kiosk("manager", "add", "Hoa", stdin=f"{PIN}\n").returncode == 0
        desk, name = Desk(station), station.status()["station"]
        desk.post("/sign-in", pin=PIN)
        sheet = desk.post(f"/s/{name}/tickets", newest=0, minutes=25, days=1, count=24)
        codes = re.findall(r'class="slip-code">(\d{4}) (\d{4})<', sheet)
        assert len(set(codes)) == 24
        station.sign_in()
        for number in (1, 2):
            desk.post("/queue/give", number=number)
        assert station.status()["queue"]["numbers"] == [1, 2] and station.status()["waiting"]
        station.kill("service")
        station.wait(lambda: station.status()["state"] == "open", "the session goes on", 30)
        assert station.status()["queue"]["numbers"] == [1, 2], "numbers outlive the service"
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        station.wait(lambda: station.status()["queue"]["called"] == 1, "the free PC calls by itself", 40)
        station.wait(lambda: not station.status()["end_reason"], "the goodbye is over")
        assert station.status()["start_refused"] is None
        keys = [*"".join(codes[0]), "Return"]
        subprocess.run(["xdotool", "key", "--delay", "5", *keys], env={"DISPLAY": station.display}, check=True)
        station.wait_state("asking")
        assert station.status()["minutes"] == 25
        station.key("0", "0", "0")
        station.wait_open()
        queue = station.status()["queue"]
        assert queue["called"] is None and queue["numbers"] == [2] and station.status()["waiting"]
        paper = home / "sheet.html"
        done = station.kiosk("session", "ticket", "--count", "3", "--sheet", str(paper))
        assert done.returncode == 0, done.stderr
        assert paper.read_text(encoding="utf-8").count('class="slip-code"') == 3 == len(done.stdout.split("\n")) - 1
    assert station.rows("SELECT sum(used), sum(withdrawn), count(*), count(DISTINCT sheet) FROM tickets") == [
        (1, 0, 27, 2)
    ]
