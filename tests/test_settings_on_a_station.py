"""What a manager sets on the panel of a whole running station counts at once, outlives a kill, and goes back."""

import http.client
import os
import re
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from kiosk.clock import LOCAL
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

PIN = "274916"


class Manager:
    """Hands at the panel, without a browser."""

    def __init__(self, station: RunningStation) -> None:
        self.station, self.cookie = station, ""
        said = self.send("POST", "/sign-in", {"name": "Lan", "pin": PIN})
        self.cookie = str(said.getheader("Set-Cookie")).partition(";")[0]

    def send(self, method: str, path: str, fields: dict[str, str] | None = None) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.station.panel, timeout=30)
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, urlencode(fields or {}), headers)
        answer = line.getresponse()
        self.text = answer.read().decode()
        line.close()
        return answer

    def change(self, path: str, **fields: str) -> None:
        """Fill in a form of the settings and say yes."""
        address = f"/s/03/settings/{path}"
        assert self.send("GET", address).status == 200
        shown = dict(re.findall(r'<input[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?', self.text))
        assert self.send("POST", address, {**shown, **fields, "sure": "1"}).status == 303, self.text


def test_a_change_counts_at_once_outlives_a_kill_and_goes_back(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        assert station.kiosk("manager", "add", "Lan", stdin=f"{PIN}\n").returncode == 0
        manager = Manager(station)
        policy = station.paths.policy_toml.read_bytes()
        manager.change("minutes", minutes="45")
        station.wait(lambda: station.status()["minutes"] == 45, "START promises 45 minutes")

        offset = str(station.status()["clock"]["offset"])
        assert manager.send("POST", "/s/03/date", {"offset": offset}).status == 303
        station.wait(lambda: station.status()["clock_trusted"], "the date is trusted")
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        stretches = {f"{day}_{number}_{side}": "" for day in days for number in (0, 1) for side in ("from", "to")}
        far = days[(datetime.now(LOCAL).weekday() + 3) % 7]  # open for one minute of the week, which is not now
        minute = {f"{far}_0_from": "03:00", f"{far}_0_to": "03:01"}
        manager.change("week", **{**stretches, **minute})
        station.wait_state("closed")

        [service] = station.living("service")
        os.kill(service, signal.SIGKILL)
        station.wait(lambda: station.living("service") not in ([], [service]), "the service comes back")
        station.wait(lambda: station.status()["minutes"] == 45, "it knows what was set")
        station.wait_state("closed")

        manager = Manager(station)  # a restart signs everybody out
        assert manager.send("GET", "/s/03/settings/back").status == 200
        version = re.search(r'name="version" value="(\w+)"', manager.text)
        assert version and manager.send("POST", "/s/03/settings/back", {"version": version[1]}).status == 303
        station.wait_state("free")
        assert station.status()["minutes"] == 45, "only the last change went back"
        assert station.paths.policy_toml.read_bytes() == policy
        assert station.paths.chosen.stat().st_mode & 0o007 == 0
