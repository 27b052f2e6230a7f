"""A killed process counts as dead only when none of its threads runs: until then it may still make files."""

import subprocess
import sys
import time
from collections.abc import Callable

from kiosk.supervisor.linux import is_zombie

# The first thread ends by itself (exit, not exit_group: syscall 60 or 93), the second goes on until its input ends.
ONE_THREAD_LEFT = """
import ctypes, platform, sys, threading
threading.Thread(target=sys.stdin.read).start()
print("begun", flush=True)
ctypes.CDLL(None).syscall(60 if platform.machine() == "x86_64" else 93, 0)
"""


def _soon(found: Callable[[], bool]) -> bool:
    for _time in range(500):
        if found():
            return True
        time.sleep(0.01)
    return False


def test_a_process_lives_as_long_as_one_of_its_threads() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ONE_THREAD_LEFT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert not is_zombie(process.pid)
        assert process.stdout.readline() == b"begun\n"
        assert _soon(lambda: _state(process.pid) == "Z"), "the first thread ended"
        assert not is_zombie(process.pid)
        process.stdin.close()
        assert _soon(lambda: is_zombie(process.pid))
        process.wait()
        assert is_zombie(process.pid), "gone"


def _state(pid: int) -> str:
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
        return stat.read().rpartition(")")[2].split()[0]
