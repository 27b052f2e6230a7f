"""Started by the supervisor beside a session in which one may print: it may wait for CUPS, the supervisor must not.

It keeps the desk (desk.py) open, gives released jobs to the real printer (printer.py), counts the pages, and
says on its standard output how things stand; orders come on its standard input, one JSON object a line. With the word
`close` instead it only closes the machine's CUPS to the citizen's user and purges what an earlier helper left there.

At the end of a session the supervisor wipes the desk itself. What the printer has already been given may come out for
LAST_PAPER seconds; then it is cancelled, and CUPS forgets it.
"""

import contextlib
import json
import os
import pwd
import select
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.settings import Paths, home_dir, load_site
from kiosk.supervisor.printing import desk as print_desk
from kiosk.supervisor.printing.desk import Desk, address
from kiosk.supervisor.printing.furniture import furnish
from kiosk.supervisor.printing.ipp import Cups, IppError
from kiosk.supervisor.printing.jobs import Jobs
from kiosk.supervisor.printing.printer import RealPrinter
from kiosk.supervisor.users import Identity, resolve

LOOK_EVERY = 0.5  # the inbox: a directory read
ASK_EVERY = 3.0  # the printer: is there paper?
CLOSE_EVERY = 30.0  # queues that came since
LAST_PAPER = 60.0


@dataclass(frozen=True)
class Task:
    """What the supervisor wants: the words of the command line as JSON."""

    mark: str
    mode: str
    queue: str
    pages_max: int
    lang: str


def say(**report: Any) -> None:
    """One line to the supervisor; without one there is nobody to work for."""
    try:
        os.write(1, json.dumps(report, separators=(",", ":")).encode() + b"\n")
    except OSError:
        sys.exit(0)


class Helper:
    """The desk, the jobs and the printer of one session."""

    def __init__(self, task: Task, desk: Desk, citizen: Identity) -> None:
        self._task, self._desk, self._citizen = task, desk, citizen
        self._printer = RealPrinter(Cups(address(os.environ)), task.queue, task.mark)
        self._jobs = Jobs(desk.inbox, self._printer, task.pages_max, freely=task.mode == "free")
        self._cups: Any = None
        self._said: dict[str, Any] = {}
        self._trouble, self._asked, self._closed_at, self._closed = "", 0.0, 0.0, False
        self._rest = b""
        # What an earlier session's helper still lets come out is its own affair; then it is over, or the helper dead.
        self._strays_at = time.monotonic() + LAST_PAPER + ASK_EVERY

    def run(self) -> None:
        """Work until the session is over or the supervisor gone."""
        while True:
            self._step()
            for order in self._orders():
                if order.get("do") == "end":
                    self._last_paper()
                    return
                self._obey(order)

    def _step(self) -> None:
        now = time.monotonic()
        if not self._closed or now - self._closed_at > CLOSE_EVERY:
            self._closed, self._closed_at = self._close_queues(), now
        self._keep_open()
        self._jobs.look(may_print=self._closed)
        if now - self._asked > ASK_EVERY:
            self._asked, self._trouble = now, self._printer.trouble()
        if now > self._strays_at:
            self._purge_strays()
        self._report()

    def _close_queues(self) -> bool:
        if self._citizen.uid is None:
            return True  # one user for all: nobody can be kept from anything
        try:
            self._printer.close_to(pwd.getpwuid(self._citizen.uid).pw_name)
        except IppError:
            return False
        return True

    def _purge_strays(self) -> None:
        with contextlib.suppress(IppError):
            self._printer.purge_strays(mine=False)
            self._strays_at = float("inf")

    def _keep_open(self) -> None:
        """The desk's CUPS lives; it may end only because somebody killed it."""
        if self._cups is not None and self._cups.poll() is None:
            return
        if self._cups is not None and select.select([0], [], [], 0)[0]:
            return  # the end of the session kills it, and is told before: nothing is set up again then
        try:
            furnish(self._desk, self._citizen, self._task.lang)
            self._cups = print_desk.start(self._desk)
        except OSError:
            self._cups = None

    def _report(self) -> None:
        trouble = self._jobs.trouble or self._trouble
        if not self._closed and trouble not in ("no_cups", "no_printer"):
            trouble = "open"
        if self._cups is None:
            trouble = "desk"
        report = {**self._jobs.report(), "trouble": trouble}
        if report != self._said:
            self._said = report
            say(**report)

    def _obey(self, order: dict[str, Any]) -> None:
        number = order.get("job")
        if order.get("do") == "release":
            self._jobs.release(number if isinstance(number, int) else None)
        elif order.get("do") == "cancel":
            self._jobs.cancel(number if isinstance(number, int) else None)
        self._asked, self._said = 0.0, {}  # whoever ordered it hears how it went

    def _orders(self) -> list[dict[str, Any]]:
        """What came in within LOOK_EVERY seconds."""
        if not select.select([0], [], [], LOOK_EVERY)[0]:
            return []
        data = os.read(0, 65_536)
        if not data:
            sys.exit(0)  # the supervisor is gone; the next one starts a helper that takes over the desk
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [order for line in lines if isinstance(order := json.loads(line), dict)]

    def _last_paper(self) -> None:
        """The session is over and its desk wiped. What the printer has may come out, and is forgotten."""
        until = time.monotonic() + LAST_PAPER
        while time.monotonic() < until and self._jobs.still_printing() and not self._printer.trouble():
            time.sleep(1.0)
        with contextlib.suppress(IppError):
            self._printer.purge_strays(mine=True)


def close(queue: str, citizen: Identity) -> None:
    """Close every queue of the machine to the citizen, and purge what an earlier session left in them."""
    printer = RealPrinter(Cups(address(os.environ)), queue, "")
    with contextlib.suppress(IppError):
        printer.purge_strays(mine=True)
    if citizen.uid is not None:
        try:
            printer.close_to(pwd.getpwuid(citizen.uid).pw_name)
        except IppError:
            say(trouble="open")


def main(words: list[str]) -> int:
    """`close`, or a task as JSON."""
    paths = Paths(home_dir())
    citizen = resolve(load_site(paths).users).citizen
    if words == ["close"]:
        close("", citizen)
        return 0
    Helper(Task(**json.loads(words[0])), Desk(Path(paths.printing)), citizen).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
