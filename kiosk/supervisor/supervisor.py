"""The only privileged process: it starts, stops, isolates and wipes. No HTTP, no SQL, no Tk.

One thread, one loop: it wakes when a process ends (pidfd), when the service gives an order, or when a timer is due.
Start reading at `run`.
"""

import os
import signal
import time

from kiosk.clock import boot_id
from kiosk.loop import Loop
from kiosk.messages import Message
from kiosk.settings import Paths
from kiosk.supervisor import cgroup, home, linux
from kiosk.supervisor.children import Children
from kiosk.supervisor.keeper import Keeper, log
from kiosk.supervisor.link import ServiceLink
from kiosk.supervisor.processes import RunFile, adopt, read_run_file, write_run_file
from kiosk.supervisor.session import SessionMaker, Wishes

SERVICE_SILENT = 10.0  # a service that says nothing for so long hangs: it is killed and started again
SERVICE_AWAY = 60.0  # DESIGN.md 3: then the supervisor ends the session itself
LOOK_EVERY, CONNECT_EVERY = 1.0, 0.1
STOP_WITHIN = 5.0


class Supervisor:
    """What the loop knows: the keeper of all processes and the session, and the line to the service."""

    def __init__(self, paths: Paths, children: Children, maker: SessionMaker, isolation: tuple[str, str]) -> None:
        self.paths, self.maker, self.isolation = paths, maker, isolation
        self.loop = Loop()
        self.link = ServiceLink(paths.socket, self.loop, self._obey)
        self.keeper = Keeper(self.loop, children, self.link, self._remember)
        self._boot = boot_id()

    def run(self) -> None:
        """Cover, clean up, start the service, and then watch until told to stop."""
        linux.become_subreaper()
        # On SIGHUP we go alone: the others live on, and the next supervisor adopts them.
        self.loop.on_signals({signal.SIGTERM: self._stop, signal.SIGINT: self._stop, signal.SIGHUP: self.loop.stop})
        adopted = self._adopt()
        self.keeper.ensure("lock")
        if not adopted:
            self._kill_leftovers()
        self.keeper.ensure("service")
        if not adopted:
            # While the service loads: no session can be opened before we take its orders.
            self._wipe_leftovers()
        self._look_after_service()
        self.loop.run(after_each=self.keeper.reap_orphans)

    # -- the session

    def _open_session(self, order: Message) -> None:
        """A new session as ordered; the same order twice opens one."""
        if self.keeper.session is None:
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
            self.keeper.session = session
            for role in ("wm", "browser", "bar"):
                self.keeper.start(role)
            log("session opened")
        if self.keeper.session.id == order["session"]:
            self.link.send("opened", session=self.keeper.session.id)

    def _end_session(self, session_id: str) -> None:
        """Kill, wipe, bring a fresh lock, and report. Also when nothing is known of that session."""
        session, self.keeper.session = self.keeper.session, None
        for process in self.keeper.children.of("bar"):
            self.keeper.retire(process)
        killed, left = True, list[str]()
        if session is not None:
            killed = session.kill()
        # Nothing of the citizen's has lived beside the fresh lock, which starts while we wipe.
        self.keeper.start("lock")
        if session is not None:
            left = session.wipe()
            log(f"session ended, {'clean' if killed and not left else 'NOT clean'}")
        detail = "files" if left else "" if killed else "processes"
        self.link.send("ended", session=session_id, clean=not detail, detail=detail)
        self.keeper.start("sweep")
        self._remember()

    def _kill_leftovers(self) -> None:
        for group in cgroup.leftovers(self.paths.home):
            cgroup.kill(group)
            cgroup.remove(group)

    def _wipe_leftovers(self) -> None:
        left = home.wipe(self.paths.citizen_home, self.maker.citizen)
        if left:
            log(f"{len(left)} leftovers of an earlier session could not be removed")

    # -- the service

    def _look_after_service(self) -> None:
        if not self.link.connected() and self.link.connect():
            self._introduce_all()
        silent = time.monotonic() - self.link.heard
        if silent > SERVICE_AWAY and self.keeper.session is not None:
            log("service away, ending the session")
            self._end_session(self.keeper.session.id)
        if silent > SERVICE_SILENT and self.link.connected():
            log("service is silent, restarting it")
            for process in self.keeper.children.of("service"):
                process.kill()
        self.loop.after(LOOK_EVERY if self.link.connected() else CONNECT_EVERY, self._look_after_service)

    def _introduce_all(self) -> None:
        level, detail = self.isolation
        self.link.send("isolation", level=level, detail=detail)
        for process in self.keeper.children.of("lock") + self.keeper.children.of("bar"):
            self.keeper.introduce(process)
        self.link.send("sync", session=self.keeper.session.id if self.keeper.session else "")
        for missing in self.maker.programs.missing():
            self.link.send("trouble", code="program_missing", detail=missing)

    def _obey(self, order: Message) -> None:
        verb = order["verb"]
        if verb == "open":
            self._open_session(order)
        elif verb == "end":
            self._end_session(order["session"])
        elif verb == "browse" and self.keeper.session is not None and self.keeper.session.id == order["session"]:
            self.keeper.start("browse")
        elif verb == "retire":
            process = self.keeper.children.by_pid.get(order["pid"])
            if process is not None and process.role == "lock" and len(self.keeper.children.of("lock")) > 1:
                self.keeper.retire(process)
        elif verb == "stop":
            self._finish()

    # -- beginning and end

    def _adopt(self) -> bool:
        """Take over what an earlier supervisor left running in this boot; True when there was something."""
        found = read_run_file(self.paths.processes, self._boot)
        if found is None:
            return False
        for entry in found.processes:
            process = adopt(str(entry["role"]), int(entry["pid"]), int(entry["start"]))
            if process is not None:
                self.keeper.children.add(process)
        if found.session and self.keeper.children.by_pid:
            self.keeper.session = self.maker.adopted(found.session, found.group, found.wishes)
        for process in list(self.keeper.children.by_pid.values()):
            self.keeper.watch(process)
        for role in ("bar", "wm", "browser"):
            self.keeper.ensure(role)
        if self.keeper.children.by_pid:
            log(f"adopted {len(self.keeper.children.by_pid)} processes")
        return bool(self.keeper.children.by_pid)

    def _remember(self) -> None:
        session = self.keeper.session
        content = RunFile(
            supervisor={"pid": os.getpid(), "start": linux.start_time(os.getpid())},
            processes=[{"role": p.role, "pid": p.pid, "start": p.start} for p in self.keeper.children.by_pid.values()],
            session=session.id if session else "",
            group=str(session.group or "") if session else "",
            wishes=vars(session.wishes) if session else {},
            boot=self._boot,
        )
        try:
            write_run_file(self.paths.processes, content)
        except OSError as error:
            log(f"run file cannot be written: {error.strerror}")

    def _stop(self) -> None:
        """Asked to stop: the service first closes what is open; if it does not answer, we go on without it."""
        if self.keeper.stopping:
            return
        self.keeper.stopping = True
        log("stopping")
        if self.link.send("stopping"):
            self.loop.after(STOP_WITHIN, self._finish)
        else:
            self._finish()

    def _finish(self) -> None:
        if not self.keeper.stopping:
            log("stopping")
        self.keeper.stopping = True
        if self.keeper.session is not None:
            self.keeper.session.kill()
            self.keeper.session.wipe()
        for process in list(self.keeper.children.by_pid.values()):
            # The service gets a moment to close its files; what shows on the screen ends at once.
            if process.role == "service":
                signal.pidfd_send_signal(process.pidfd, signal.SIGTERM)
            else:
                process.kill()
        self.paths.processes.unlink(missing_ok=True)
        self.loop.stop()
