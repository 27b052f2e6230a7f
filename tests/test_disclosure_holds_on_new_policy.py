"""A real service under another k: what was open before is HELD for good before anything more is counted."""

import os
import pwd
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_support import ROOT, ended, environment

from kiosk.rules.answers import Answers
from kiosk.rules.tallies import tally_rows
from kiosk.service import client
from kiosk.settings import Paths, load_site
from kiosk.store import Store, facts, sessions, windows
from kiosk.supervisor import layout
from kiosk.supervisor.users import resolve
from tests.station_processes import free_port

SITE = """
[site]
code = "{code}"
[panel]
listen = "127.0.0.1:{panel}"
[menu]
listen = "127.0.0.1:{menu}"
[users]
service = "OURSELVES"
screen = "OURSELVES"
citizen = "OURSELVES"
staff = "OURSELVES"
""".replace("OURSELVES", pwd.getpwuid(os.getuid()).pw_name)


def serve_once(paths: Paths, policy: str, code: str = "TH-017") -> None:
    """The service runs under these settings until it listens, and ends."""
    paths.policy_toml.write_text(policy, encoding="utf-8")
    site = SITE.format(code=code, panel=free_port(), menu=free_port())
    (paths.home / "site.toml").write_text(site, encoding="utf-8")
    layout.prepare(paths, resolve(load_site(paths).users))
    command = [sys.executable, "-m", "kiosk.service"]
    with subprocess.Popen(command, env=environment(), cwd=ROOT, stderr=subprocess.DEVNULL) as service:
        end = time.monotonic() + 20
        while not client.running(paths) and time.monotonic() < end:
            time.sleep(0.05)
        assert client.ask(paths, "privacy")["proof"]
        service.terminate()
        service.wait(10)


def three_women(db: Database) -> None:
    for _visit in range(3):
        sessions.record(db, ended("2026-03-10"), tally_rows(Answers(sex="SEX_F", age="AGE_60P"), "2026-03"))


def open_answers(db: Database) -> int:
    return sum(visits for (table, _side), visits in sessions.tallies(db, "SEX").items() if table != "FST")


@pytest.mark.slow
def test_the_same_settings_keep_what_is_open_another_k_or_another_site_holds_it(home: Path) -> None:
    paths = Paths(home)
    kept = []
    runs = (
        ("", "TH-017"),
        ("", "TH-017"),
        ("[disclosure]\nk = 6\nroot_tests = 24\nchild_tests = 12\n", "TH-017"),
        ("[disclosure]\nk = 6\nroot_tests = 24\nchild_tests = 12\n", "TH-018"),
    )
    for policy, code in runs:
        serve_once(paths, policy, code)
        with Store(paths.store) as store:
            kept.append(store.run(open_answers))
            store.run(three_women)
            store.run(facts.put, "month_closed", "2026-03")
            held = store.run(windows.held)
    assert kept == [0, 3, 0, 0]
    assert held["SEX"] == 6 + 3, "two times held for good, and still shown"
