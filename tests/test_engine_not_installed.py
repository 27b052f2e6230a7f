"""What an engine is made of may not be installed: a sentence says what to install, and nothing else fails."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_engine_files import lake_of

ROOT = Path(__file__).resolve().parent.parent
# As where it is not installed: importing it fails.
CHILD = """
import sys
from pathlib import Path
sys.modules[sys.argv[2]] = None
from kiosk.errors import KioskError
from kiosk.province.indicators.engine import opened
from tests.figures_worlds import reading
try:
    with reading(Path(sys.argv[1])) as lake, opened(lake, sys.argv[3], sys.argv[4]) as engine:
        print(len(engine.rows(engine.table("site_days"))), "rows")
except KioskError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "engine", "said"),
    [
        ("nothing_of_ours", "duckdb", "1 rows"),
        ("duckdb", "duckdb", "pip install 'kiosk[province]'"),
        ("ibis", "duckdb", "pip install 'kiosk[province]'"),
        ("psycopg", "postgres", "pip install 'kiosk[postgres]'"),
        ("pyspark", "spark", "pip install 'kiosk[spark]'"),
    ],
)
def test_what_is_not_installed_is_named(missing: str, engine: str, said: str, tmp_path: Path) -> None:
    folder = lake_of(tmp_path / "lake", 3)
    address = "" if engine == "duckdb" else "postgresql:///x"
    done = subprocess.run([sys.executable, "-c", CHILD, str(folder), missing, engine, address], cwd=ROOT,
                          capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert said in done.stdout and done.stdout.count("\n") == 1, done.stdout
