"""The only privileged process: it starts, stops, isolates and wipes. No HTTP, no SQL, no Tk.

One thread, one loop: it wakes when a process ends (pidfd), when the service gives an order, or when a timer is due.
Start reading at `run`.
"""

import os
import signal
import sys
import time
from collections.abc import Mapping

from kiosk.clock import boot_id
from kiosk.loop import Loop
from kiosk.messages import Message
from kiosk.settings import Paths
from kiosk.supervisor import display, leftovers, linux, wall_clock
from kiosk.supervisor.children import Children
from kiosk.supervisor.link import ServiceLink
from kiosk.supervisor.processes import Process, RunFile, adopt, read_run_file, write_run_file
from kiosk.supervisor.session import Session, SessionMaker, Wishes

SERVICE_SILENT = 10.0  # a service that says nothing for so long hangs: it is killed and started again
SERVICE_AWAY = 60.0  # DESIGN.md 3: then the supervisor ends the session itself
LOOK_EVERY, CONNECT_EVERY = 1.0, 0.1
STOP_WITHIN = 5.0
SWEEP_WITHIN = 1.0
REOPEN_AFTER = 0.3  # a browser that was closed comes back to the menu: nobody should sit before an empty desktop


def service_away(environ: Mapping[str, str]) -> float:
    """Seconds without a word of the service after which a session is ended without it.

    KIOSK_SERVICE_AWAY can only shorten it, and comes from whoever starts the supervisor: systemd, or a test.
    """
    try:
        return max(1.0, min(SERVICE_AWAY, float(environ.get("KIOSK_SERVICE_AWAY", SERVICE_AWAY))))
    except ValueError:
        return SERVICE_AWAY


def log(event: str) -> None:
    """One line an event, no personal data."""
    print(f"supervisor: {event}", file=sys.stderr, flush=True)


class Supervisor:
    """What the loop knows: our processes, the session, the line to the service."""

    def __init__(self, paths: Paths, children: Children, maker: SessionMaker, isolation: tuple[str, str]) -> None:
        self.paths, self.children, self.maker, self.isolation = paths, children, maker, isolation
        self.loop = Loop()
        self.link = ServiceLink(paths.socket, self.loop, self._obey)
        self.session: Session | None = None
        self._boot = boot_id()
        self._away = service_away(os.environ)
        self._looked = time.monotonic()
        self._unwritten = False  # the run file: a full disk may have refused it
        self._retired: set[int] = set()
        self._stopping = False

    def run(self) -> None:
        """Cover, clean up, start the service, and then watch until told to stop."""
        linux.become_subreaper()
        self.loop.on_signals(
            {
                signal.SIGTERM: self._stop,
                signal.SIGINT: self._stop,
                signal.SIGHUP: self.loop.stop,
            }  # HUP: leave all alive
        )
        self._adopt()
        self._ensure("lock")
        if self.session is None:
            leftovers.end_programs(self.maker)
        self._ensure("service")
        if self.session is None:
            # While the service loads: no session can be opened before we take its orders.
            self._start("first")
            self._wipe_leftovers()
            self._wait_for("first")
        self._look_after_service()
        self.loop.run(after_each=self._reap_orphans)

    # -- processes

    def _ensure(self, role: str) -> None:
        """Start the role if it should live and does not."""
        if self._wanted(role) and not self._stopping and not self.children.of(role):
            self._start(role)

    def _wanted(self, role: str) -> bool:
        """Whether this role should live now; "browse" (the menu again), "sweep" and "first" do their work and end."""
        return role in ("lock", "service") or (role not in ("browse", "sweep", "first") and self.session is not None)

    def _start(self, role: str) -> None:
        try:
            if role in ("wm", "browser", "browse"):
                if self.session is not None:
                    self._watch(self.children.add(self.session.start(role)))
            else:
                self._watch(self.children.start(role))
        except OSError as error:
            log(f"{role} cannot be started: {error.strerror}")
            self.link.send("trouble", code=f"{role}_not_started", detail=str(error.filename or ""))
            self.loop.after(1.0, lambda: self._ensure(role))

    def _watch(self, process: Process) -> None:
        self.loop.watch(process.pidfd, lambda: self._ended(process))
        self._introduce(process)
        self._remember()

    def _ended(self, process: Process) -> None:
        self.loop.forget(process.pidfd)
        status = self.children.ended(process)
        retired = process.pid in self._retired
        self._retired.discard(process.pid)
        if process.role in ("lock", "bar"):
            self.link.send("gone", role=process.role, pid=process.pid)
            if not retired and not display.alive(self.maker.display["DISPLAY"]):
                # The session's programs lost their windows with the X server; the service ends it as a fault.
                self.link.send("display", up=False)
        if self._wanted(process.role) and not retired and not self._stopping:
            log(f"{process.role} ended ({status})")
            self._restart(process.role)
        self._remember()

    def _restart(self, role: str) -> None:
        delay = self.children.delay(role)
        if delay:
            self.link.send("trouble", code=f"{role}_keeps_ending", detail="")
        if role in ("browser", "wm"):
            delay += REOPEN_AFTER
        if delay:
            self.loop.after(delay, lambda: self._ensure(role))
        elif role == "lock":
            # Not "ensure": while a fresh lock replaces the standby there are two, and the fresh one is waited for.
            self._start(role)
        else:
            self._ensure(role)

    def _retire(self, process: Process) -> None:
        self._retired.add(process.pid)
        process.kill()

    def _reap_orphans(self) -> None:
        # As subreaper we inherit a session's daemonised programs; our own are reaped by Process.close.
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if found is None or found.si_pid in self.children.by_pid:
                return
            os.waitpid(found.si_pid, 0)

    # -- the session

    def _open_session(self, order: Message) -> None:
        """A new session as ordered; the same order twice opens one."""
        if self.session is None:
            session = self.maker.make(
                order["session"], Wishes(order["lang"], order["large"], order["contrast"], order["top"])
            )
            try:
                session.prepare()
            except OSError as error:
                log(f"session cannot be prepared: {error.strerror}")
                self.link.send("trouble", code="session_home", detail=error.strerror or "")
                session.kill()
                left = session.wipe()
                self.link.send("ended", session=session.id, clean=not left, detail="session_home")
                return
            self.session = session
            for role in ("wm", "browser", "bar"):
                self._start(role)
            log("session opened")
        if self.session.id == order["session"]:
            self.link.send("opened", session=self.session.id)

    def _end_session(self, session_id: str) -> None:
        """Kill, wipe, bring a fresh lock, and report. Also when nothing is known of that session."""
        session, self.session = self.session, None
        for process in self.children.of("bar"):
            self._retire(process)
        # An earlier supervisor may have died in the middle of this: then nothing is known, and may still be there.
        killed = session.kill() if session is not None else leftovers.end_programs(self.maker)
        # Nothing of the citizen's has lived beside the fresh lock, which starts while we wipe.
        self._start("lock")
        self._start("sweep")
        left = leftovers.wipe(self.maker)
        log(f"session ended, {'clean' if killed and not left else 'NOT clean'}")
        detail = "files" if left else "" if killed else "processes"
        self._wait_for("sweep")
        self.link.send("ended", session=session_id, clean=not detail, detail=detail)
        self._remember()

    def _wait_for(self, role: str) -> None:
        """Nobody begins before the display is as it was, at most a second: a hanging X server keeps us from nothing."""
        for process in self.children.of(role):
            if not process.wait(SWEEP_WITHIN):
                log(f"{role} takes too long, ended")
                process.kill()

    def _wipe_leftovers(self) -> None:
        left = leftovers.wipe(self.maker)
        if left:
            log(f"{len(left)} leftovers of an earlier session could not be removed")

    # -- the service

    def _look_after_service(self) -> None:
        self.link.excuse(time.monotonic() - self._looked - LOOK_EVERY)
        self._looked = time.monotonic()
        if self._unwritten:
            self._remember()
        if not self.link.connected() and self.link.connect():
            self._introduce_all()
        silent = time.monotonic() - self.link.heard
        if time.monotonic() - self.link.spoke > self._away and self.session is not None:
            log("service away, ending the session")
            self._end_session(self.session.id)
        if silent > SERVICE_SILENT and self.link.connected():
            log("service is silent, restarting it")
            for process in self.children.of("service"):
                process.kill()
        self.loop.after(LOOK_EVERY if self.link.connected() else CONNECT_EVERY, self._look_after_service)

    def _introduce(self, process: Process) -> None:
        if process.role in ("lock", "bar"):
            self.link.send("peer", role=process.role, pid=process.pid, uid=self.children.screen_uid)

    def _introduce_all(self) -> None:
        level, detail = self.isolation
        self.link.send("isolation", level=level, detail=detail)
        for process in self.children.of("lock") + self.children.of("bar"):
            self._introduce(process)
        self.link.send("sync", session=self.session.id if self.session else "")
        for missing in self.maker.programs.missing():
            self.link.send("trouble", code="program_missing", detail=missing)

    def _obey(self, order: Message) -> None:
        verb = order["verb"]
        if verb == "open":
            self._open_session(order)
        elif verb == "end":
            self._end_session(order["session"])
        elif verb == "browse" and self.session is not None and self.session.id == order["session"]:
            self._start("browse")
        elif verb == "set_time":
            trouble = wall_clock.set_time(order["seconds"])
            log(f"clock {'not set: ' + trouble if trouble else 'set'}")
            self.link.send("time_set", ok=not trouble, detail=trouble)
        elif verb == "retire":
            process = self.children.by_pid.get(order["pid"])
            if process is not None and process.role == "lock" and len(self.children.of("lock")) > 1:
                self._retire(process)
        elif verb == "stop":
            self._finish()

    # -- beginning and end

    def _adopt(self) -> None:
        """Take over what an earlier supervisor left running in this boot; what it did not write down is ended."""
        found = read_run_file(self.paths.processes, self._boot)
        if found is None:
            leftovers.end_strays(self.paths, set())
            return
        for entry in found.processes:
            process = adopt(str(entry["role"]), int(entry["pid"]), int(entry["start"]))
            if process is not None:
                self.children.add(process)
        if strays := leftovers.end_strays(self.paths, set(self.children.by_pid)):
            log(f"{strays} processes were not in the run file")
            for process in self.children.of("lock"):
                # A stray lock has mapped the overlay that they share; only a fresh one knows how it stands.
                process.kill()
        if found.session and self.children.by_pid:
            self.session = self.maker.adopted(found.session, found.group, found.wishes)
        for process in list(self.children.by_pid.values()):
            self._watch(process)
        for role in ("bar", "wm", "browser"):
            self._ensure(role)
        if self.children.by_pid:
            log(f"adopted {len(self.children.by_pid)} processes")

    def _remember(self) -> None:
        session = self.session
        content = RunFile(
            supervisor={"pid": os.getpid(), "start": linux.start_time(os.getpid())},
            processes=[{"role": p.role, "pid": p.pid, "start": p.start} for p in self.children.by_pid.values()],
            session=session.id if session else "",
            group=str(session.group or "") if session else "",
            wishes=vars(session.wishes) if session else {},
            boot=self._boot,
        )
        try:
            write_run_file(self.paths.processes, content)
        except OSError as error:
            if not self._unwritten:
                log(f"run file cannot be written: {error.strerror}")
            self._unwritten = True
        else:
            self._unwritten = False

    def _stop(self) -> None:
        """Asked to stop: the service first closes what is open; if it does not answer, we go on without it."""
        if self._stopping:
            return
        self._stopping = True
        log("stopping")
        if self.link.send("stopping"):
            self.loop.after(STOP_WITHIN, self._finish)
        else:
            self._finish()

    def _finish(self) -> None:
        if not self._stopping:
            log("stopping")
        self._stopping = True
        if self.session is not None:
            self.session.kill()
            self.session.wipe()
        for process in list(self.children.by_pid.values()):
            # The service gets a moment to close its files; what shows on the screen ends at once.
            if process.role == "service":
                signal.pidfd_send_signal(process.pidfd, signal.SIGTERM)
            else:
                process.kill()
        self.paths.processes.unlink(missing_ok=True)
        self.loop.stop()
