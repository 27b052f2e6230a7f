"""Keeps alive what should live: ours always, a session's as long as it lasts. Whatever ends unasked starts again.

It tells the service who came and who went, and calls `changed` so that the run file stays true.
"""

import os
import sys
from collections.abc import Callable

from kiosk.loop import Loop
from kiosk.supervisor import display
from kiosk.supervisor.children import Children
from kiosk.supervisor.link import ServiceLink
from kiosk.supervisor.processes import Process
from kiosk.supervisor.session import Session

REOPEN_AFTER = 0.3  # a browser that was closed comes back to the menu: nobody should sit before an empty desktop


def log(event: str) -> None:
    """One line an event, no personal data."""
    print(f"supervisor: {event}", file=sys.stderr, flush=True)


class Keeper:
    """All processes, ours and the session's. `session` decides which roles are wanted; `stopping`: none any more."""

    def __init__(self, loop: Loop, children: Children, link: ServiceLink, changed: Callable[[], None]) -> None:
        self._loop, self.children, self._link, self._changed = loop, children, link, changed
        self.session: Session | None = None
        self.stopping = False
        self._retired: set[int] = set()

    def ensure(self, role: str) -> None:
        """Start the role if it should live and does not."""
        if self._wanted(role) and not self.stopping and not self.children.of(role):
            self.start(role)

    def _wanted(self, role: str) -> bool:
        """Whether this role should live now; "browse" (the menu again) and "sweep" do their work and end."""
        return role in ("lock", "service") or (role not in ("browse", "sweep") and self.session is not None)

    def start(self, role: str) -> None:
        """Start one process of a role; when the system refuses, it is said and tried again in a second."""
        try:
            if role in ("wm", "browser", "browse"):
                if self.session is not None:
                    self.watch(self.children.add(self.session.start(role)))
            else:
                self.watch(self.children.start(role))
        except OSError as error:
            log(f"{role} cannot be started: {error.strerror}")
            self._link.send("trouble", code=f"{role}_not_started", detail=str(error.filename or ""))
            self._loop.after(1.0, lambda: self.ensure(role))

    def watch(self, process: Process) -> None:
        """Hear of the end of a process, and tell the service who it is."""
        self._loop.watch(process.pidfd, lambda: self._ended(process))
        self.introduce(process)
        self._changed()

    def _ended(self, process: Process) -> None:
        self._loop.forget(process.pidfd)
        status = self.children.ended(process)
        retired = process.pid in self._retired
        self._retired.discard(process.pid)
        if process.role in ("lock", "bar"):
            self._link.send("gone", role=process.role, pid=process.pid)
            if not retired and not display.alive(self.children.display_name):
                # The session's programs lost their windows with the X server; the service ends it as a fault.
                self._link.send("display", up=False)
        if self._wanted(process.role) and not retired and not self.stopping:
            log(f"{process.role} ended ({status})")
            self._restart(process.role)
        self._changed()

    def _restart(self, role: str) -> None:
        delay = self.children.delay(role)
        if delay and role in ("browser", "wm"):
            self._link.send("trouble", code=f"{role}_keeps_ending", detail="")
        if role in ("browser", "wm"):
            delay += REOPEN_AFTER
        if delay:
            self._loop.after(delay, lambda: self.ensure(role))
        elif role == "lock":
            # Not "ensure": while a fresh lock replaces the standby there are two, and the fresh one is waited for.
            self.start(role)
        else:
            self.ensure(role)

    def retire(self, process: Process) -> None:
        """End a process that is not needed any more."""
        self._retired.add(process.pid)
        process.kill()

    def reap_orphans(self) -> None:
        """As subreaper we inherit a session's daemonised programs; our own are reaped by Process.close."""
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if found is None or found.si_pid in self.children.by_pid:
                return
            os.waitpid(found.si_pid, 0)

    def introduce(self, process: Process) -> None:
        """Tell the service what a process is, if it may speak to it."""
        if process.role in ("lock", "bar"):
            self._link.send("peer", role=process.role, pid=process.pid, uid=self.children.screen_uid)
