"""A real service whose wall clock is moved under it by libfaketime, ten years at a time; boot time stays the kernel's.

The test is its supervisor. Whether the kernel is synchronised and what the hardware clock says is taken out of play, so
that the same happens on every machine.
"""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.clock import LOCAL
from kiosk.messages import LineBuffer, Message, decode, encode
from kiosk.settings import Paths
from tests.station_processes import CITIZEN, CODE, LONG, SITE, free_port

pytestmark = pytest.mark.slow

SERVICE = """
import sys
from kiosk.machine_clock import Machine
Machine.synchronised = lambda self: False
Machine.hardware = lambda self: None
Machine.saved = lambda self: ()
from kiosk.service.__main__ import main
sys.exit(main())
"""


def faketime() -> str:
    """Where the library lies; Debian: package libfaketime."""
    found = sorted(Path("/usr/lib").glob("**/faketime/libfaketime.so.1"))
    assert found, "install the package libfaketime"
    return str(found[0])


class FakedService:
    """The service process, its clock file, and our end of its socket as supervisor."""

    def __init__(self, home: Path, days: int) -> None:
        self.paths, self.log, self.rc = Paths(home), home.parent / "log.txt", home.parent / "faketime"
        (home / "site.toml").write_text(SITE.format(panel=free_port(), menu=free_port(), citizen=CITIZEN))
        (home / "policy.toml").write_text(LONG)
        for folder in (self.paths.run, self.paths.processes.parent, self.paths.store.parent, self.paths.outbox):
            folder.mkdir(parents=True, exist_ok=True)
        self.paths.processes.write_text(json.dumps({"supervisor": {"pid": os.getpid()}}))
        self.env = os.environ | {"PYTHONPATH": CODE, "LC_ALL": "C.UTF-8", "KIOSK_HOME": str(home)}
        self.start(days)

    def start(self, days: int) -> None:
        self.move(days)
        preload = {"LD_PRELOAD": faketime(), "FAKETIME_TIMESTAMP_FILE": str(self.rc), "FAKETIME_NO_CACHE": "1"}
        preload |= {"DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        with self.log.open("ab") as log:
            command = [sys.executable, "-P", "-c", SERVICE]
            self.process = subprocess.Popen(command, env=self.env | preload, stdout=log, stderr=log)
        self.line = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + 20
        while self.line.connect_ex(str(self.paths.socket)) != 0:
            assert time.monotonic() < deadline and self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        self.line.settimeout(10)
        self.lines = LineBuffer()
        self.say("sync", session="")

    def move(self, days: int) -> None:
        """The wall clock is so many days off from now on."""
        new = self.rc.with_suffix(".new")
        new.write_text(f"{days:+d}d\n")
        new.replace(self.rc)

    def say(self, verb: str, **fields: Any) -> None:
        self.line.sendall(encode(verb, **fields))

    def order(self, verb: str) -> Message:
        """The next order of that kind."""
        while True:
            for text in self.lines.feed(self.line.recv(65_536)):
                message = decode(text)
                if message["verb"] == verb:
                    return message

    def kiosk(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, on the true clock."""
        command = [sys.executable, "-m", "kiosk", *words]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=60)

    def status(self) -> dict[str, Any]:
        answer = self.kiosk("status", "--json")
        assert answer.returncode == 0, answer.stderr
        found: dict[str, Any] = json.loads(answer.stdout)
        return found

    def begin(self) -> float:
        """A session, opened as a supervisor would; the second in which it began to count."""
        assert self.kiosk("session", "start").returncode == 0
        self.say("opened", session=self.order("open")["session"])
        return time.monotonic()

    def finish(self) -> float:
        """Its end; the second in which it was ordered."""
        assert self.kiosk("session", "finish").returncode == 0
        ended = time.monotonic()
        self.say("ended", session=self.order("end")["session"], clean=True)
        return ended

    def close(self) -> None:
        """Killed: libfaketime 0.9.10 breaks the sleep by which the web server would end."""
        self.process.kill()
        self.process.wait(20)
        self.line.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the store holds, after the end."""
        database = sqlite3.connect(self.paths.store)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def has_only_days(self, since: datetime) -> None:
        """No table of the store knows another day than those of the test."""
        really = {f"{since:%Y-%m-%d}", f"{datetime.now(LOCAL):%Y-%m-%d}"}
        for table in ("sessions", "day_totals", "opens", "bundles"):
            assert {row[0] for row in self.rows(f"SELECT DISTINCT day FROM {table}")} <= really


@pytest.fixture
def faked(home: Path) -> Iterator[list[FakedService]]:
    made: list[FakedService] = []
    yield made
    for service in made:
        service.close()
        assert "Traceback" not in service.log.read_text(), service.log.read_text()[-3000:]


def test_ten_years_forth_and_back_in_a_session_change_no_second_and_no_day(
    home: Path, faked: list[FakedService]
) -> None:
    service = FakedService(home, 0)
    faked.append(service)
    assert service.status()["clock"]["because"] == "hardware"
    today = datetime.now(LOCAL)
    began = service.begin()
    for days in (3650, -3650):
        service.move(days)
        time.sleep(1.5)
        state = service.status()
        assert (state["state"], state["clock"]["why_not"]) == ("open", "stepped")
        assert 3600 - (time.monotonic() - began) - 2 <= state["seconds_left"] <= 3600
        asked = service.kiosk("export", "run", "--day", f"{today + timedelta(days=days):%Y-%m-%d}")
        assert asked.returncode == 4, asked.stdout
    took = service.finish() - began
    service.close()
    service.has_only_days(today)
    [(seconds,)] = service.rows("SELECT seconds FROM sessions")
    assert abs(seconds - took) <= 2


def test_what_was_counted_on_a_wrong_clock_gets_its_day_when_the_clock_is_right_again(
    home: Path, faked: list[FakedService]
) -> None:
    service = FakedService(home, 0)
    faked.append(service)
    today = datetime.now(LOCAL)
    service.move(3650)
    time.sleep(1.5)
    began = service.begin()
    time.sleep(1.5)
    took = service.finish() - began
    assert service.status()["clock"]["undated"]["visits"] == 1
    service.move(0)
    time.sleep(2.5)
    state = service.status()
    assert (state["clock"]["undated"]["visits"], state["visits_today"], state["clock_trusted"]) == (0, 1, True)
    service.close()
    service.has_only_days(today)
    [(seconds,)] = service.rows("SELECT seconds FROM sessions")
    assert abs(seconds - took) <= 2


def test_a_boot_in_2010_serves_counts_and_says_that_it_has_no_date(home: Path, faked: list[FakedService]) -> None:
    service = FakedService(home, -6000)
    faked.append(service)
    state = service.status()
    assert (state["state"], state["clock_trusted"], state["clock"]["why_not"]) == ("free", False, "before_build")
    began = service.begin()
    time.sleep(2)
    took = service.finish() - began
    said = service.kiosk("status").stdout
    assert "The date is not trusted: the clock is older than this software." in said
    assert "Visits without a date: 1, 1 minutes." in said
    assert "The date is not trusted" in service.kiosk("check").stdout
    service.close()
    [(seconds,)] = service.rows("SELECT seconds FROM undated_sessions")
    assert abs(seconds - took) <= 2
    assert service.rows("SELECT day FROM day_totals") == service.rows("SELECT day FROM sessions") == []
    assert service.rows("SELECT day FROM bundles") == []
