"""A station beside the province's end loads none of its large packages: they are here, and it does not see them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LARGE = "sorted({'pandas', 'numpy', 'pyarrow', 'duckdb'} & sys.modules.keys())"


def loaded(code: str) -> str:
    """Which of the large packages stand in memory after `code`."""
    done = subprocess.run([sys.executable, "-c", f"import sys\n{code}\nprint({LARGE})"], cwd=ROOT, capture_output=True,
                          text=True, timeout=60, check=True)  # fmt: skip
    return done.stdout.strip()


@pytest.mark.slow
def test_control_the_library_alone_loads_what_it_finds() -> None:
    assert "'pandas'" in loaded("import sqlite_utils")


@pytest.mark.slow
def test_the_service_loads_none_of_them() -> None:
    assert loaded("import kiosk.service.__main__, kiosk.cli.backup") == "[]"


@pytest.mark.slow
def test_they_can_still_be_loaded_afterwards() -> None:
    assert "'pandas'" in loaded("import kiosk.lean_sqlite\nimport pandas")
