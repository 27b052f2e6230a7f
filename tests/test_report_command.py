"""`kiosk report`: straight from the store while nothing runs, and through the socket while the service does."""

import csv
import io
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
from spreadsheet import opened
from store_support import ROOT

from kiosk.service import client
from kiosk.service.demo import fill
from kiosk.settings import Paths, load_site
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


def kiosk(*words: str, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "LANG": lang, "LC_ALL": lang},
    )


@pytest.fixture
def station(home: Path) -> Path:
    """A demo of forty days, everything run as the user of this test."""
    (home / "site.toml").write_text(SITE.format(panel=free_port(), menu=free_port()), encoding="utf-8")
    fill(home, 40, 3, date(2026, 11, 1))
    return home


@pytest.fixture
def service(station: Path) -> Iterator[Path]:
    """The service alone; its supervisor is this test."""
    paths = Paths(station)
    layout.prepare(paths, resolve(load_site(paths).users))
    paths.processes.write_text(json.dumps({"supervisor": {"pid": os.getpid()}}), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk.service"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 30
        while not client.running(paths):
            assert process.poll() is None and time.monotonic() < deadline, "the service did not start"
            time.sleep(0.05)
        yield station
        process.terminate()


@pytest.mark.slow
def test_without_a_service_it_reads_the_store(station: Path) -> None:
    made = kiosk("report", "--period", "2026-10", "--format", "json")
    assert made.returncode == 0, made.stderr
    data = json.loads(made.stdout)
    assert data["period"]["text"] == "2026-10" and data["lines"]["VISITS"]["now"]["value"] > 50
    rows = list(csv.DictReader(io.StringIO(kiosk("report", "--period", "2026-10", "--format", "csv").stdout[1:])))
    visits = next(row for row in rows if row["section"] == "figures" and row["code"] == "VISITS")
    assert int(visits["value"]) == data["lines"]["VISITS"]["now"]["value"]


@pytest.mark.slow
def test_months_of_a_quarter_sum_to_the_quarter_and_days_to_the_month(station: Path) -> None:
    def visits(period: str) -> int:
        data = json.loads(kiosk("report", "--period", period, "--format", "json").stdout)
        return int(data["lines"]["VISITS"]["now"]["value"] or 0)

    assert visits("2026-09..2026-10") == visits("2026-09") + visits("2026-10") > 0
    halves = visits("2026-10-01..2026-10-15") + visits("2026-10-16..2026-10-31")
    assert halves == visits("2026-10") > 0


@pytest.mark.slow
def test_a_running_service_answers_the_same(service: Path) -> None:
    through = kiosk("report", "--period", "2026-10", "--format", "json")
    assert through.returncode == 0, through.stderr
    assert json.loads(through.stdout)["lines"]["VISITS"]["now"]["value"] > 50
    assert "Tháng 10/2026" in kiosk("report", "--period", "2026-10", lang="vi_VN.UTF-8").stdout


@pytest.mark.slow
@pytest.mark.parametrize("period", ["2026-13", "yesterday", "2026-11..2026-10"])
def test_what_is_no_period_is_wrong_usage_in_the_language_of_the_terminal(station: Path, period: str) -> None:
    wrong = kiosk("report", "--period", period)
    assert wrong.returncode == 2 and wrong.stdout == ""
    assert "Traceback" not in wrong.stderr and wrong.stderr.count("\n") == 1
    assert "Xin" in kiosk("report", "--period", period, lang="vi_VN.UTF-8").stderr


@pytest.mark.slow
def test_a_workbook_goes_to_a_file_with_and_without_a_service(service: Path, tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    book.write_bytes(b"old " * 50_000)
    done = kiosk("report", "--period", "2026-10", "--format", "xlsx", "--out", str(book))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    visits = json.loads(kiosk("report", "--period", "2026-10", "--format", "json").stdout)["lines"]["VISITS"]["now"]
    [row] = [row for row in opened(book, tmp_path / "read")["Figures"] if "VISITS" in row]
    assert int(row[1]) == visits["value"]
    text = tmp_path / "report.csv"
    assert kiosk("report", "--period", "2026-10", "--format", "csv", "--out", str(text)).returncode == 0
    assert text.read_bytes()[:3] == b"\xef\xbb\xbf"
    for words in (["--format", "xlsx"], ["--format", "xlsx", "--out", str(tmp_path / "no" / "such.xlsx")]):
        refused = kiosk("report", *words)
        assert refused.returncode != 0 and "--out" in refused.stderr and "Traceback" not in refused.stderr
