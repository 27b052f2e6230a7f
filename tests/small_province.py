"""A small province for a test: its server and its PCs as processes, their command line, and what must come of it all.

`Plan` is the plain model: what was done at each PC, in dicts, without the product's code.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from kiosk.service.first_run import write_settings
from kiosk.settings import Paths

ROOT = Path(__file__).resolve().parent.parent
ENDS = 120.0  # seconds that any one order may take on a busy machine


def kiosk(*words: str | Path, home: Path | None = None, good: tuple[int, ...] = (0,)) -> Any:
    """The command line, its answer in JSON."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en", **({"KIOSK_HOME": str(home)} if home else {})}
    done = subprocess.run([sys.executable, "-m", "kiosk", *map(str, words), "--json"], env=env, cwd=ROOT,
                          capture_output=True, text=True, timeout=ENDS, stdin=subprocess.DEVNULL)  # fmt: skip
    assert done.returncode in good, f"kiosk {words}: {done.returncode} {done.stdout} {done.stderr}"
    return json.loads(done.stdout) if done.stdout.strip() else None


def start(*words: str, errors: IO[Any] | int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
    """A Python process that reads and writes lines."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en"}
    return subprocess.Popen([sys.executable, *words], env=env, cwd=ROOT, text=True, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=errors, start_new_session=True)  # fmt: skip


class Server:
    """`kiosk province serve` on one home and port; killed and started again as often as one likes."""

    def __init__(self, home: Path) -> None:
        self.home, self.killed = home, 0
        self.process: subprocess.Popen[str] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.listen = f"127.0.0.1:{free.getsockname()[1]}"
        self.url = f"https://{self.listen}"
        self.log = tempfile.TemporaryFile(mode="w+")
        self._one = threading.Lock()
        kiosk("province", "init", home, "--name", "Tỉnh thử", "--url", self.url)

    def start(self) -> None:
        """Serve; returns when it is ready."""
        self.process = start("-m", "kiosk", "province", "serve", "--home", str(self.home), "--listen", self.listen,
                             "--quiet", "0.5", "--json", errors=self.log)  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line and json.loads(line)["ready"], self.says()

    def kill(self) -> None:
        """As a power cut would; then serve again."""
        with self._one:
            self.end(signal.SIGKILL)
            self.killed += 1
            self.start()

    @contextmanager
    def safe(self) -> Iterator[None]:
        """Nobody kills it meanwhile."""
        with self._one:
            yield

    def end(self, how: signal.Signals) -> int:
        """It serves no more; its exit code."""
        process, self.process = self.process, None
        return 0 if process is None else end(process, how)

    def close(self) -> None:
        """The test is over."""
        self.end(signal.SIGTERM)
        self.log.close()

    def says(self) -> str:
        """Its log."""
        self.log.seek(0)
        return self.log.read()


def end(process: "subprocess.Popen[str]", how: signal.Signals) -> int:
    """End a process, and for a kill whatever it had started."""
    if how is signal.SIGKILL:
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            pass
    else:
        process.send_signal(how)
    process.communicate(timeout=60)
    assert process.stdin is not None
    process.stdin.close()
    return process.returncode


class PC:
    """A PC of the province, told day by day what happens at it (small_province_pc.py)."""

    def __init__(self, home: Path, site: str, station: str, now: str) -> None:
        self.home, self.site, self.station, self.now = home, site, station, now
        self.killed = 0
        self.process: subprocess.Popen[str] | None = None
        write_settings(Paths(home))
        text = (home / "site.toml").read_text(encoding="utf-8")
        text = text.replace("SITE-000", site).replace('name = "01"', f'name = "{station}"')
        (home / "site.toml").write_text(text, encoding="utf-8")

    def tell(self, do: str, at: str, kill_after: float | None = None, **order: Any) -> Any:
        """Have it do something; with `kill_after` it is killed after so many seconds, started anew, and told again."""
        if kill_after is not None:
            self._send(do, at, order)
            time.sleep(kill_after)
            self.switch_off(signal.SIGKILL)
            self.killed += 1
        process = self._send(do, at, order)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"{self.site} {self.station} ended at {do} {at}"
        answer = json.loads(line)
        self.now = at
        return answer

    def _send(self, do: str, at: str, order: dict[str, Any]) -> "subprocess.Popen[str]":
        if self.process is None:
            log = (self.home / "log.txt").open("a")
            self.process = start("-m", "tests.small_province_pc", str(self.home), self.now, errors=log)
            log.close()
            assert self.process.stdout is not None
            assert self.process.stdout.readline(), (self.home / "log.txt").read_text()
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, "at": at, **order}) + "\n")
        self.process.stdin.flush()
        return self.process

    def switch_off(self, how: signal.Signals = signal.SIGTERM) -> None:
        """No process of it is left; its home stays."""
        if self.process is not None:
            end(self.process, how)
            self.process = None


class Plan:
    """What people did, by (site, station, day): plain counts to compare with. Every draw comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.days: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        # (site, station, month) -> answer to question 1 -> visits
        self.first: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)

    def visits(self, site: str, station: str, day: date) -> list[dict[str, Any]]:
        """The visits of a day, as orders, and counted. One in five is too short to be one."""
        found = []
        counts = self.days[site, station, day.isoformat()]
        for number in range(self.draw.choice((0, 1, 2, 2, 3))):
            seconds = self.draw.choice((30, 90, 120, 150, 200))
            answers = {"first": self.draw.choice(("FST_Y", "FST_N", "FST_N", "FST_U")),
                       "sex": self.draw.choice(("SEX_F", "SEX_M")), "age": "AGE_31_59"}  # fmt: skip
            found.append({"do": "visit", "at": f"{day} {8 + 2 * number:02}:10", "seconds": seconds, "answers": answers})
            counts["visits" if seconds >= 60 else "too_short"] += 1
            counts["seconds"] += seconds
            if seconds >= 60:
                self.first[site, station, f"{day:%Y-%m}"][answers["first"]] += 1
        return found

    def wrote_down(self, site: str, station: str, day: date, people: int) -> None:
        """Staff wrote down an event of outreach."""
        self.days[site, station, day.isoformat()]["people"] += people

    def forget_answers(self, site: str, station: str, day: date) -> None:
        """The PC's disk is new on that day: answers of months that were not told are gone with the old one."""
        for month in [month for _site, _station, month in self.first if (_site, _station) == (site, station)]:
            told_on = (date.fromisoformat(f"{month}-28") + timedelta(days=4)).replace(day=1)
            if told_on >= day:
                del self.first[site, station, month]


def days_before(today: date, count: int) -> list[date]:
    """So many days, the last is yesterday."""
    return [today - timedelta(days=back) for back in range(count, 0, -1)]
