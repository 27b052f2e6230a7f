"""Printing, as far as the supervisor does it: it starts the helper beside a session, passes orders on, and wipes.

The helper (printing/helper.py) talks to CUPS, which may let it wait; nothing here ever does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from kiosk.messages import LineBuffer, Malformed
from kiosk.settings import SYSTEM_PATH, Paths
from kiosk.supervisor import linux
from kiosk.supervisor.asked import Allowed
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.printing import desk as print_desk
from kiosk.supervisor.printing.desk import Desk
from kiosk.supervisor.processes import Process

AGAIN_AFTER = 1.0
HELPER = "kiosk.supervisor.printing.helper"


class Printing:
    """One helper at a time for the session. `say` reports to the service: a verb and its fields."""

    def __init__(self, paths: Paths, allowed: Allowed, keeper: Keeper, say: Callable[..., bool]) -> None:
        self._allowed, self._keeper, self._say = allowed, keeper, say
        self._paths, self._desk = paths, Desk(paths.printing)
        self._orders: int | None = None  # where the helper hears
        self._last: dict[str, Any] | None = None

    def begin(self) -> None:
        """A session is open: nobody prints past us, and where the policy lets them print, a desk is there."""
        session = self._keeper.session
        if session is None:
            return
        policy = self._allowed.printing_in(session.wishes.paper, session.wishes.pages)
        if policy.mode not in ("staff", "free"):
            if print_desk.is_there(os.environ):
                self._spawn(["close"], lambda _line: None, lambda: None)
            return
        lacking = print_desk.missing()
        if lacking:
            self._hear({"waiting": 0, "pages": 0, "jobs": [], "trouble": "not_installed"})
            log(f"printing needs {lacking}")
            return
        try:
            print_desk.lay(self._desk, self._keeper.maker.citizen)
        except OSError as error:
            log(f"no place for the desk: {error.strerror}")
        task = {"mark": session.id[:8], "lang": session.wishes.lang, **asdict(policy)}
        self._orders = self._spawn([json.dumps(task)], self._hear, lambda: self._again(session.id))

    def tidy(self) -> None:
        """At the start without a session: purge what a killed helper may have left with the printer."""
        if print_desk.is_there(os.environ):
            self._spawn(["close"], lambda _line: None, lambda: None)

    def order(self, action: str, job: int | None) -> None:
        """`release` or `cancel` one job, or None for all that wait."""
        self._tell(do=action, job=job)

    def end(self) -> None:
        """The session is over and its desk is wiped next; what the printer has gets its last seconds by the helper."""
        self._tell(do="end")
        if self._orders is not None:
            os.close(self._orders)
        self._orders, self._last = None, None

    def tell_anew(self) -> None:
        """To a service that has just come."""
        if self._last is not None:
            self._hear(self._last)

    # -- the helper

    def _spawn(self, words: list[str], hear: Callable[[dict[str, Any]], None], gone: Callable[[], None]) -> int | None:
        """Start the helper as ourselves; the descriptor that it hears orders on."""
        env = {name: os.environ[name] for name in ("PYTHONPATH", "CUPS_SERVER") if os.environ.get(name)}
        env |= {"PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "KIOSK_HOME": str(self._paths.home)}
        try:
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", HELPER, *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd="/",
                env=env,
                start_new_session=True,
            )
        except OSError as error:
            log(f"print helper cannot be started: {error.strerror}")
            self._say("trouble", code="print_not_started", detail="")
            return None
        child.returncode = 0  # reaped by pidfd, as all of ours
        assert child.stdin is not None and child.stdout is not None
        orders, reports = os.dup(child.stdin.fileno()), os.dup(child.stdout.fileno())
        child.stdin.close()
        child.stdout.close()
        os.set_blocking(orders, False)
        self._listen(reports, hear)
        process = Process("print", child.pid, linux.start_time(child.pid), os.pidfd_open(child.pid))
        self._keeper.take(process, lambda _status: self._gone(orders, gone))
        return orders

    def _listen(self, reports: int, hear: Callable[[dict[str, Any]], None]) -> None:
        lines, loop = LineBuffer(), self._keeper.loop

        def read() -> None:
            data = os.read(reports, 65_536)
            if not data:
                loop.forget(reports)
                os.close(reports)
                return
            try:
                for line in lines.feed(data):
                    hear(json.loads(line))
            except (Malformed, ValueError):
                log("print helper does not make sense")

        loop.watch(reports, read)

    def _hear(self, report: dict[str, Any]) -> None:
        session = self._keeper.session
        if session is None:
            return  # its last words after the end
        self._last = report
        self._say("print", session=session.id, **report)

    def _gone(self, orders: int, again: Callable[[], None]) -> None:
        if self._orders == orders:
            os.close(orders)
            self._orders = None
            self._keeper.loop.after(AGAIN_AFTER, again)

    def _again(self, session: str) -> None:
        """The helper ended under a session that lives: another takes over its desk."""
        living = self._keeper.session
        if living is not None and living.id == session and self._orders is None and not self._keeper.stopping:
            self.begin()

    def _tell(self, **order: Any) -> None:
        if self._orders is None:
            return
        try:
            os.write(self._orders, json.dumps(order).encode() + b"\n")
        except OSError:
            log("print helper does not listen")
