"""The keeping of processes: each that should live is started, and started again when it ends; what ends is reaped.

Also after our own death: what lives is written down in the run file, and a new supervisor takes it over from there.
"""

import os
from collections.abc import Callable

from kiosk.clock import boot_id
from kiosk.loop import Loop
from kiosk.supervisor import display, leftovers, linux
from kiosk.supervisor.children import Children
from kiosk.supervisor.event_log import log
from kiosk.supervisor.processes import SESSION_ROLES, Process, RunFile, adopt, read_run_file, write_run_file
from kiosk.supervisor.session.session import Session, SessionMaker
from kiosk.supervisor.session.staff import StaffSession

REOPEN_AFTER = 0.3  # a browser that was closed comes back to the menu: nobody should sit before an empty desktop

Done = Callable[[int | None], None]


class Keeper:
    """Our processes and the session's. `say` reports to the service: a verb and its fields."""

    def __init__(self, children: Children, maker: SessionMaker, loop: Loop, say: Callable[..., bool]) -> None:
        self.children, self.maker, self.loop, self._say = children, maker, loop, say
        self.session: Session | None = None
        self.stopping = False
        self._boot = boot_id()
        self._unwritten = False  # the run file: a full disk may have refused it
        self._retired: set[int] = set()
        self._fresh: set[int] = set()  # locks that were started without a session, and have seen none since
        self._done: dict[int, Done] = {}
        self.server: int | None = None  # the X server on which the newest lock was started, by its pid

    # -- which live

    def wanted(self, role: str) -> bool:
        """Whether this role should live now; all others do their work once and end."""
        if role in ("lock", "service"):
            return True
        session = self.session
        return session is not None and (session.bar if role == "bar" else role in session.kept())

    def ensure(self, role: str) -> None:
        """Start the role if it should live and does not."""
        if self.wanted(role) and not self.stopping and not self.children.of(role):
            self.start(role)

    def ensure_session(self) -> None:
        """Start what should live beside a citizen, in the order in which it should come up."""
        if self.session is not None:
            self._fresh.clear()
            for role in (*self.session.kept(), "bar"):
                self.ensure(role)

    def start(self, role: str, done: Done | None = None, *words: str) -> None:
        """Start a role, also a second one of it; what cannot be started is told, and tried again if it should live.

        `done` gets the exit status when it has ended, -1 when it did not start; `words`: with what it should begin.
        """
        session = self.session
        if role not in SESSION_ROLES:
            self._attempt(role, lambda: self._start_ours(role, *words), done)
        elif session is not None:
            self._attempt(role, lambda: self.children.add(session.start(role)), done)

    def _start_ours(self, role: str, *words: str) -> Process:
        if role == "lock":
            self.server = display.server(self.maker.display["DISPLAY"])
        process = self.children.start(role, *words)
        if role == "lock" and self.session is None:
            self._fresh.add(process.pid)
        return process

    def server_in_use(self) -> int | None:
        """Its pid; None where there is none. It may have come a moment after we started the lock that is on it."""
        if self.server is None:
            self.server = display.server(self.maker.display["DISPLAY"])
        return self.server

    def _attempt(self, role: str, make: Callable[[], Process], done: Done | None) -> None:
        try:
            process = make()
        except OSError as error:
            log(f"{role} cannot be started: {error.strerror}")
            self._say("trouble", code=f"{role}_not_started", detail=str(error.filename or ""))
            self.loop.after(1.0, lambda: self.ensure(role))
            if done is not None:
                self.loop.after(0.0, lambda: done(-1))
            return
        if done is not None:
            self._done[process.pid] = done
        self._watch(process)

    def take(self, process: Process, done: Done) -> None:
        """Look after a process that was started elsewhere; `done` gets its exit status when it has ended."""
        self._done[process.pid] = done
        self._watch(self.children.add(process))

    def retire(self, process: Process) -> None:
        """End one of ours for good."""
        self._retired.add(process.pid)
        process.kill()

    def wait_for(self, role: str, seconds: float) -> None:
        """Until all of a role have ended, at most some seconds; then they are killed: one that hangs holds nobody."""
        for process in self.children.of(role):
            if not process.wait(seconds):
                log(f"{role} takes too long, ended")
                process.kill()

    # -- what ends

    def _watch(self, process: Process) -> None:
        self.loop.watch(process.pidfd, lambda: self._ended(process))
        self._introduce(process)
        self.remember()

    def _ended(self, process: Process) -> None:
        self.loop.forget(process.pidfd)
        status = self.children.ended(process)
        retired = process.pid in self._retired
        self._retired.discard(process.pid)
        self._fresh.discard(process.pid)
        if process.role in ("lock", "bar"):
            self._say("gone", role=process.role, pid=process.pid)
            if not retired and self._display_went():
                # The session's programs lost their windows with the X server; the service ends it as a fault.
                self._say("display", up=False)
        if self.session is not None and process.role in self.session.once:
            log(f"{process.role} ended ({status}), and with it the turn of staff")
            self._say("left", session=self.session.id)
        elif self.wanted(process.role) and not retired and not self.stopping:
            log(f"{process.role} ended ({status})")
            self._restart(process.role)
        self.remember()
        if done := self._done.pop(process.pid, None):
            done(status)

    def _display_went(self) -> bool:
        """Whether the X server is gone, or another one by now: it may be back before we have heard of its end."""
        now = display.server(self.maker.display["DISPLAY"])
        return now is None or self.server not in (None, now)

    def _restart(self, role: str) -> None:
        delay = self.children.delay(role)
        if delay:
            self._say("trouble", code=f"{role}_keeps_ending", detail="")
        if role in SESSION_ROLES:
            delay += REOPEN_AFTER
        if delay:
            self.loop.after(delay, lambda: self.ensure(role))
        elif role == "lock":
            # Not "ensure": while a fresh lock replaces the standby there are two, and the fresh one is waited for.
            self.start(role)
        else:
            self.ensure(role)

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

    # -- what the service must know of them

    def _introduce(self, process: Process) -> None:
        if process.role in ("lock", "bar"):
            fresh = process.pid in self._fresh
            self._say("peer", role=process.role, pid=process.pid, uid=self.children.screen_uid, fresh=fresh)

    def introduce_all(self) -> None:
        """Name every screen to a service that does not know them yet."""
        for process in self.children.of("lock") + self.children.of("bar"):
            self._introduce(process)

    # -- from supervisor to supervisor

    def adopt(self) -> None:
        """Take over what an earlier supervisor left running in this boot; what it did not write down is ended."""
        paths = self.maker.paths
        found = read_run_file(paths.processes, self._boot)
        if found is None:
            leftovers.end_strays(paths, set())
            return
        for entry in found.processes:
            process = adopt(str(entry["role"]), int(entry["pid"]), int(entry["start"]))
            if process is not None:
                self.children.add(process)
        if strays := leftovers.end_strays(paths, set(self.children.by_pid)):
            log(f"{strays} processes were not in the run file")
            for process in self.children.of("lock"):
                # A stray lock has mapped the overlay that they share; only a fresh one knows how it stands.
                process.kill()
        if found.session and self.children.by_pid:
            theirs = [pid for pid, process in self.children.by_pid.items() if process.role in SESSION_ROLES]
            told = found.session, found.group, found.wishes, theirs
            if found.staff:
                self.session = self.maker.of_staff().adopted(StaffSession, *told)
            else:
                self.session = self.maker.adopted(Session, *told)
        else:
            self._fresh = set(found.fresh) & self.children.by_pid.keys()
        self.server = display.server(self.maker.display["DISPLAY"])
        for process in list(self.children.by_pid.values()):
            self._watch(process)
        if self.children.by_pid:
            log(f"adopted {len(self.children.by_pid)} processes")

    def remember(self) -> None:
        """Write the run file; where a full disk refuses it, `remember_again` tries later."""
        session = self.session
        content = RunFile(
            supervisor={"pid": os.getpid(), "start": linux.start_time(os.getpid())},
            processes=[{"role": p.role, "pid": p.pid, "start": p.start} for p in self.children.by_pid.values()],
            session=session.id if session else "",
            group=str(session.group or "") if session else "",
            wishes=vars(session.wishes) if session else {},
            staff=isinstance(session, StaffSession),
            fresh=sorted(self._fresh),
            boot=self._boot,
        )
        try:
            write_run_file(self.maker.paths.processes, content)
        except OSError as error:
            if not self._unwritten:
                log(f"run file cannot be written: {error.strerror}")
            self._unwritten = True
        else:
            self._unwritten = False

    def remember_again(self) -> None:
        """Write the run file if that failed the last time."""
        if self._unwritten:
            self.remember()
