"""What a sign-in costs on the disk: counted by strace and by SQLite itself, not estimated."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from store_support import environment, live

from kiosk.store import Store, sessions

SCRIPT = """
import os, sys
from pathlib import Path
from kiosk.store import Store, sessions
from store_support import ended, live, reading
store = Store(Path(sys.argv[1]))
for number in range(3):
    store.run(sessions.start, live(f"warm{number}"))
    store.run(sessions.end, f"warm{number}", ended(), [("SEX", "yes")])
store.run(sessions.live)
os.write(2, b"SIGN-IN BEGINS")
store.run(sessions.start, live("s1", {"codes": ["FST_Y", "SEX_F", "AGE_16_30", "GRP_POOR"]}))
os.write(2, b"SIGN-IN ENDS")
store.run(sessions.heartbeat, "s1", 10.0, "boot-1", 1010.0, reading().wall)
os.write(2, b"HEARTBEAT ENDS")
for _ in range(100):
    store.run(sessions.live)
    store.run(sessions.counts, "2026-11-21")
os.write(2, b"READING ENDS")
store.close()
"""
FSYNC = re.compile(r"\b(fsync|fdatasync|sync_file_range|msync|sync|syncfs)\(")


def _syncs(trace: str, begin: str, end: str) -> int:
    return len(FSYNC.findall(trace[trace.index(begin) : trace.index(end)]))


@pytest.mark.slow
def test_a_sign_in_is_exactly_one_fsync_and_reading_is_none(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,sync_file_range,msync,sync,syncfs,write"
    command = ["strace", "-f", "-s", "40", "-e", calls, "-o", str(trace)]
    subprocess.run(
        [*command, sys.executable, "-c", SCRIPT, str(tmp_path / "store" / "kiosk.db")],
        env=environment(),
        check=True,
        timeout=60,
        capture_output=True,
    )
    seen = trace.read_text()
    assert len(FSYNC.findall(seen)) > 5, "the control: strace sees the syncs of the warm-up"
    assert _syncs(seen, "SIGN-IN BEGINS", "SIGN-IN ENDS") == 1
    assert _syncs(seen, "SIGN-IN ENDS", "HEARTBEAT ENDS") == 1
    assert _syncs(seen, "HEARTBEAT ENDS", "READING ENDS") == 0


def test_a_sign_in_is_at_most_ten_statements(tmp_path: Path) -> None:
    statements: list[str] = []
    with Store(tmp_path / "kiosk.db") as store:
        store.run(lambda db: db.conn.set_trace_callback(statements.append))
        statements.clear()
        store.run(sessions.start, live("s1", {"codes": ["FST_Y"]}))
        seen = list(statements)
    assert 3 <= len(seen) <= 10, seen
    assert any("INSERT INTO live" in statement for statement in seen)
