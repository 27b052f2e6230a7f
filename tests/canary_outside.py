"""What is planted past a session's walls, on behalf of its citizen: with cron and at, as if those let it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import CITIZEN, RunningStation

ASLEEP = "import time; time.sleep(800)"
PLANS = {"crontab": ["crontab", "-"], "at": ["at", "now + 2 hours"]}


def plan_from_within(station: RunningStation, mark: str) -> dict[str, bool]:
    """Whether a program of the session can plan something for later, by the tools that Debian gives everybody."""
    told = {}
    for name, command in PLANS.items():
        script = f'echo "{_line(name, mark)}" | {" ".join(command)}'
        told[name] = station.as_citizen("sh", "-c", script, room=True).wait(30) == 0
    return told


@contextmanager
def planned(mark: str) -> Iterator[None]:
    """The same by the citizen's user without the walls; and a process as cron would start it: in no group of ours."""
    for name, command in PLANS.items():
        _tool(command, _line(name, mark))
    started = subprocess.Popen(
        [sys.executable, "-c", ASLEEP, mark], user=CITIZEN, group=CITIZEN, extra_groups=[], start_new_session=True,
        env={"CANARY": mark}, cwd="/",
    )  # fmt: skip
    try:
        yield
        started.wait(5)  # not by us: the session ended
    finally:
        started.kill()
        started.wait(10)
        subprocess.run(["crontab", "-u", CITIZEN, "-r"], capture_output=True, timeout=10)
        for job in Path("/var/spool/cron/atjobs").glob("a*"):
            if job.owner() == CITIZEN:
                job.unlink()


def _line(name: str, mark: str) -> str:
    return f"* * * * * true {mark}" if name == "crontab" else f"true {mark}"


def _tool(command: list[str], line: str) -> None:
    done = subprocess.run(
        command, input=f"{line}\n", text=True, user=CITIZEN, group=CITIZEN, extra_groups=[], capture_output=True,
        timeout=10, cwd="/", env={"PATH": os.environ["PATH"], "LOGNAME": CITIZEN, "USER": CITIZEN},
    )  # fmt: skip
    assert done.returncode == 0, f"the control: {command[0]} takes it without the walls: {done.stderr}"
