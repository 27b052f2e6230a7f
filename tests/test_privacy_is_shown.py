"""`kiosk check --privacy`: what is kept, what has left, and the proof; each claim can fail."""

import json
import os
import pwd
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_support import ROOT, ended, environment, live, python, reading

from kiosk.messages import MAX_LINE, encode
from kiosk.rules.answers import Answers
from kiosk.rules.disclosure import Limits, Release
from kiosk.rules.policy import parse_policy
from kiosk.rules.tallies import tally_rows
from kiosk.service import client, privacy
from kiosk.service.demo import fill
from kiosk.settings import Paths, load_site
from kiosk.store import Store, facts, inventory, sessions, windows
from kiosk.supervisor import layout
from kiosk.supervisor.users import resolve
from tests.station_processes import free_port

# Users that no machine has: everything runs as whoever runs this test.
SITE = """
[site]
code = "TH-017"
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

WOMAN = Answers("FST_Y", "SEX_F", "AGE_60P", frozenset({"GRP_ETHMIN", "GRP_POOR"}))
MAN = Answers("FST_N", "SEX_M", "AGE_31_59", frozenset({"GRP_NONE"}))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store" / "kiosk.db") as opened:
        opened.run(facts.put, "first_use", "2026-03-05")
        yield opened


def visit(db: Database, answers: Answers, day: str = "2026-03-10") -> None:
    sessions.record(db, ended(day), tally_rows(answers, day[:7]))


def broken(store: Store) -> list[str]:
    return [claim for claim, holds in store.run(lambda db: list(inventory.proof(db))) if not holds]


def test_a_busy_store_keeps_every_claim_and_every_table_has_words(store: Store) -> None:
    for answers in [WOMAN] * 20 + [MAN] * 20:
        store.run(visit, answers)
    store.run(windows.month_ends, reading("2026-04-02T08:00:00+07:00"), Limits(), "TH-000")
    store.run(sessions.start, live(answers={"codes": list(WOMAN.codes())}))
    store.run(visit, WOMAN, "2026-04-02")
    assert broken(store) == []
    found = privacy.facts_of(store, parse_policy({}))
    assert {one["name"] for one in found["kept"]} == set(inventory.DESCRIBED) == set(privacy._tables(found["policy"]))
    assert {one["claim"] for one in found["proof"]} == set(privacy._claims())
    assert [one["table"] for one in found["left"]["releases"]] == ["AGE31", "SEX"]
    assert json.loads(json.dumps(found)) is not None


def test_the_releases_of_decades_fit_into_one_line_of_the_socket(store: Store) -> None:
    def release(number: int) -> Release:
        return Release(f"{number:016x}", "ANY_OTHER", "2026-01-01", "2026-12-31", 10**6, 10**6, "GRP-1 ND351-2025")

    store.run(lambda db: [windows.adopt(db, release(number)) for number in range(5_000)])
    found = privacy.facts_of(store, parse_policy({}))
    assert len(encode("reply", ok=True, data=found)) < MAX_LINE
    assert len(found["left"]["releases"]) + found["left"]["older_releases"] == 5_000
    found["left"]["bundles"] = 1
    assert "  and 4800 older ones" in privacy.lines(found)


@pytest.mark.parametrize(
    ("claim", "sql"),
    [
        ("described", "CREATE TABLE visitors (name TEXT)"),
        ("no_column", "ALTER TABLE tallies ADD COLUMN day TEXT"),
        ("no_key", "CREATE TABLE opens_by (id INTEGER REFERENCES sessions (id))"),
        ("no_view", "CREATE VIEW joined AS SELECT * FROM sessions, tallies"),
        ("no_order", "DROP TABLE held; CREATE TABLE held (table_name TEXT, month TEXT, cause TEXT, visits INTEGER)"),
        ("no_more", "INSERT INTO tallies VALUES ('SEX:2026-03:09h', 'yes', 1)"),
        ("no_more", "INSERT INTO tallies VALUES ('SEX:2026-03-10', 'yes', 1)"),
        ("only_live", "ALTER TABLE sessions ADD COLUMN answers TEXT"),
        ("forgetting", "PRAGMA secure_delete = OFF"),
    ],
)
def test_the_control_a_store_that_breaks_a_promise_is_found_out(store: Store, claim: str, sql: str) -> None:
    store.run(lambda db: [db.execute(one) for one in sql.split(";")])
    assert claim in broken(store)


def test_one_visit_more_or_less_is_not_seen_in_what_is_told_of_answers(store: Store) -> None:
    """Somebody who looks before and after a visit must not learn an answer: the same for every answer there is."""
    told = []
    for number, answers in enumerate([WOMAN, MAN, Answers()]):
        with Store(store.path.parent.parent / f"other{number}" / "kiosk.db") as other:
            other.run(facts.put, "epoch", "0" * 16)
            other.run(visit, answers)
            told.append(privacy.facts_of(other, parse_policy({})))
    assert told[0] == told[1] == told[2]


def kiosk(*words: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "kiosk", *words, cwd=ROOT)


@pytest.fixture
def station(home: Path) -> Paths:
    (home / "site.toml").write_text(SITE.format(panel=free_port(), menu=free_port()), encoding="utf-8")
    fill(home, 40, 3, date(2026, 11, 1))
    return Paths(home)


def check(json_text: str) -> None:
    found = json.loads(json_text)
    assert all(one["holds"] for one in found["proof"]) and len(found["proof"]) == 9
    assert found["left"]["bundles"] == 40 and found["policy"]["k"] == 5
    assert {one["name"] for one in found["kept"]} == set(inventory.DESCRIBED)


@pytest.mark.slow
def test_the_command_tells_it_without_a_running_kiosk_and_fails_where_a_claim_does(station: Paths) -> None:
    check(kiosk("check", "--privacy", "--json").stdout)
    plain = kiosk("check", "--privacy")
    assert plain.returncode == 0 and "visits: day, hour, length" in plain.stdout and "✗" not in plain.stdout
    assert "kept 13 months" in plain.stdout and "Prepared for the province: 40 bundles" in plain.stdout
    with Store(station.store) as store:
        store.run(lambda db: db.execute("CREATE VIEW joined AS SELECT * FROM sessions, tallies"))
    broken_one = kiosk("check", "--privacy")
    assert broken_one.returncode == 1 and "✗ there is no view and no trigger" in broken_one.stdout


@pytest.mark.slow
def test_the_command_asks_the_service_that_runs(station: Paths) -> None:
    layout.prepare(station, resolve(load_site(station).users))
    command = [sys.executable, "-m", "kiosk.service"]
    with subprocess.Popen(command, env=environment(), cwd=ROOT, stderr=subprocess.DEVNULL) as service:
        try:
            end = time.monotonic() + 20
            while not client.running(station) and time.monotonic() < end:
                time.sleep(0.05)
            done = kiosk("check", "--privacy", "--json")
            assert done.returncode == 0, done.stderr
            check(done.stdout)
            assert service.poll() is None
        finally:
            service.terminate()
            service.wait(10)
