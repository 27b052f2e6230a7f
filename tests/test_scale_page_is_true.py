"""The page "Scale" of the README: the lines that it shows are run as they stand there."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from kiosk.province.home import init
from tests.postgres_cluster import cluster
from tests.test_engine_files import lake_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Scale")[2].partition("\n## ")[0]
PYTHON = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
SHELL = re.findall(r"^```bash\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """The home of a province with a lake."""
    home = init(tmp_path / "home", "Tỉnh thử", ["https://127.0.0.1:8443"], datetime.now(timezone.utc))
    lake_of(home.lake, 3)
    return home.path


def test_the_page_is_one_page() -> None:
    assert 20 <= len(PAGE.splitlines()) <= 50
    assert len(PYTHON) == len(SHELL) == 1
    assert all(len([line for line in code.splitlines() if line]) == 3 for code in (*PYTHON, *SHELL))


def test_what_is_said_of_ten_years_follows_from_what_was_measured() -> None:
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| ")]
    said = {row[0]: [float(number.replace(",", "")) for number in re.findall(r"\d[\d,.]*\d|\d", " ".join(row[1:3]))]
            for row in cells}  # fmt: skip
    days, months = 12_000 * 3_652.5, 12_000 * 120
    archive, bundles, gigabytes = said["archive, a PC's day"][:3]
    assert round(days / 1e6, 1) == bundles and round(archive * days / 1e9, 1) == gigabytes
    assert round(said["ledger, a PC's day"][0] * days / 1e9, 1) == said["ledger, a PC's day"][1]
    lake = said["lake, a PC's month"]
    assert round(lake[0] * months / 1e9, 1) == lake[2] and f"{lake[1] * months / 1e9:.1f} GB to read" in PAGE
    anew = said["making the lake anew, a bundle"]
    assert round(anew[0] * days / 1e6 / 3_600, 1) == anew[1]


@pytest.mark.slow
@pytest.mark.engines
@pytest.mark.timeout(600)
def test_three_lines_point_spark_at_the_lake(province: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.environ["KIOSK_SPARK"]}
    code = PYTHON[0].replace("/var/lib/kiosk-province", str(province))
    assert str(province) in code
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    assert "TH-001" in done.stdout and "visits" in done.stdout, done.stdout


@pytest.mark.slow
@pytest.mark.engines
def test_three_lines_bring_the_lake_into_postgresql(province: Path) -> None:
    with cluster() as one:
        said = list(_run(SHELL[0].splitlines(), one.url(), province))
    assert "3" in said[2] and "TH-001" in said[2], said


def _run(lines: list[str], url: str, province: Path) -> Iterator[str]:
    """Each line with this database and home, by this Python; the installing is looked at, not done."""
    env = {**os.environ, "KIOSK_PROVINCE": str(province), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    assert re.fullmatch(r"pip install 'kiosk\[province,postgres\]'.*", lines[0])
    yield ""
    for line in lines[1:]:
        assert "postgresql://kiosk@db/kiosk" in line
        told = line.replace("postgresql://kiosk@db/kiosk", f"'{url}'")
        told = told.replace("kiosk province", f"{sys.executable} -m kiosk province")
        done = subprocess.run(["bash", "-c", told], env=env, capture_output=True, text=True, timeout=120, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        yield done.stdout
