"""The only privileged process: it starts, stops, isolates and wipes. No HTTP, no SQL, no Tk.

One thread, one loop: it wakes when a process ends (pidfd), when the service gives an order, or when a timer is due.
Start reading at `run`.
"""

import os
import signal
import time
from collections.abc import Callable, Mapping

from kiosk.freed_memory import keep_giving_back
from kiosk.loop import Loop
from kiosk.messages import Message
from kiosk.settings import Paths
from kiosk.supervisor import leftovers, linux, power, wall_clock
from kiosk.supervisor.asked import Allowed
from kiosk.supervisor.beside import Beside
from kiosk.supervisor.children import Children
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.ending import NO_ROOM, Ending
from kiosk.supervisor.event_log import log
from kiosk.supervisor.isolation import Isolation
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.link import ServiceLink
from kiosk.supervisor.notify import Notifier
from kiosk.supervisor.port_wall import PortWall
from kiosk.supervisor.session.room import NoRoomError
from kiosk.supervisor.session.session import Session, SessionMaker
from kiosk.supervisor.session.staff import StaffSession
from kiosk.supervisor.session.wishes import Wishes

SERVICE_SILENT = 10.0  # a service that says nothing for so long hangs: it is killed and started again
SERVICE_AWAY = 60.0  # DESIGN.md 3: then the supervisor ends the session itself
LOOK_EVERY, CONNECT_EVERY = 1.0, 0.1
STOP_WITHIN = 5.0


def service_away(environ: Mapping[str, str]) -> float:
    """Seconds without a word of the service after which a session is ended without it.

    KIOSK_SERVICE_AWAY can only shorten it, and comes from whoever starts the supervisor: systemd, or a test.
    """
    try:
        return max(1.0, min(SERVICE_AWAY, float(environ.get("KIOSK_SERVICE_AWAY", SERVICE_AWAY))))
    except ValueError:
        return SERVICE_AWAY


class Supervisor:
    """What the loop serves: the keeper of the processes, the session, the line to the service."""

    def __init__(
        self,
        paths: Paths,
        children: Children,
        maker: SessionMaker,
        allowed: Allowed,
        isolation: Isolation,
    ) -> None:
        self.paths, self.children, self.maker, self.isolation = paths, children, maker, isolation
        self.loop = Loop()
        self.link = ServiceLink(paths.socket, self.loop, self._obey)
        self.keeper = Keeper(children, maker, self.loop, self.link.send)
        self.chores = Chores(self.keeper)
        self.ending = Ending(self.keeper, self.chores, maker, self.link.send, isolation.why_no_room)
        self.beside = Beside(paths, self.keeper, self.chores, self.ending, allowed, self.link.send)
        self.ports = PortWall(paths, maker.citizen.uid, self.chores, self._tell_isolation)
        self.notifier = Notifier(os.environ)
        self._away = service_away(os.environ)
        self._looked = time.monotonic()
        # What the service may order: messages.ORDERS. Those of a session are for the one that lives, and no other.
        self._orders: dict[str, Callable[[Message], None]] = {
            "open": lambda order: self._open(order, self._citizens),
            "open_staff": lambda order: self._open(order, self._staffs),
            "end": lambda order: self.ending.end(order["session"]),
            "retire": lambda order: self._retire_lock(order["pid"]),
            "set_time": lambda order: self._set_time(order["seconds"]),
            "power": lambda order: self._power(order["action"]),
            "carry": lambda order: self.beside.carrying.order(order["action"]),
            "beat": lambda order: self.notifier.beat(order.get("store") is True),
            "stop": lambda _order: self._finish(),
        }

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
        self.keeper.adopt()
        self.keeper.ensure("lock")
        self._take_up_session()
        self.keeper.ensure("service")
        if self.keeper.session is None:
            # While the service loads: no session can be opened before we take its orders.
            self.ending.begin(self._begin)
        else:
            self._begin()
        keep_giving_back(self.loop.after)
        self.loop.run(after_each=self.keeper.reap_orphans)

    def _begin(self) -> None:
        """Nothing is left of an earlier session, or it is known what."""
        if self.keeper.session is None:
            self.beside.tidy()
        self.notifier.started()
        self._look_after_service()

    # -- the session

    def _citizens(self, order: Message) -> Session:
        wishes = Wishes(**{name: order[name] for name in vars(Wishes()) if order.get(name) is not None})
        return self.maker.make(order["session"], wishes)

    def _staffs(self, order: Message) -> Session:
        return StaffSession.open(self.maker.of_staff(), order)

    def _open(self, order: Message, make: Callable[[Message], Session]) -> None:
        """A new session as ordered; the same order twice opens one."""
        self.ending.look()
        if self.ending.busy:
            # A new service may know nothing of the end that an earlier one ordered.
            self.loop.after(CONNECT_EVERY, lambda: self._open(order, make))
            return
        if self.ending.left and self.keeper.session is None:
            self.link.send("ended", session=order["session"], clean=False, detail=self.ending.left)
            self.ending.note(self.ending.left, order["session"])
            return
        if self.keeper.session is None:
            session = make(order)
            if session.bar:
                self.beside.carrying.make_way()
            self.keeper.session = session
            try:
                session.prepare()
                self.isolation.require(session.walls)
            except OSError as error:
                self._refuse(session, error)
                return
            self.beside.begin(session)
            self.keeper.ensure_session()
            self.beside.take_up()
            log("session opened")
        if self.keeper.session.id == order["session"]:
            self.link.send("opened", session=order["session"])

    def _refuse(self, session: Session, error: OSError) -> None:
        """It has not begun, and ends. Where walls lack nobody else begins: the PC is out of order until they stand."""
        log(f"session cannot be prepared: {error.strerror or error}")
        if isinstance(error, NoRoomError):
            self.ending.end(session.id, f"{NO_ROOM} {error}")
            return
        self.link.send("trouble", code="session_home", detail=error.strerror or "")
        self.ending.end(session.id)

    def _take_up_session(self) -> None:
        """The session that lived on; where its room went with its programs, in a new one or not at all."""
        session = self.keeper.session
        try:
            if session is not None and session.room is None:
                session.furnish()
        except OSError as error:
            log(f"session cannot go on: {error.strerror or error}")
            session, self.keeper.session = None, None
            for process in self.children.of("bar"):
                self.keeper.retire(process)
        self.keeper.ensure_session()
        self.beside.take_up()

    def _let_go_of_sticks(self) -> None:
        if not leftovers.let_go_of_sticks(self.maker):
            log("a stick was not synced in time")

    # -- the service

    def _look_after_service(self) -> None:
        self.keeper.remember_again()
        self.link.excuse(time.monotonic() - self._looked - LOOK_EVERY)
        self._looked = time.monotonic()
        if not self.link.connected() and self.link.connect():
            self._introduce_all()
        self.beside.look()
        self.ending.look()
        self.ports.look(getattr(self.keeper.session, "port", 0))
        silent = time.monotonic() - self.link.heard
        if time.monotonic() - self.link.spoke > self._away and self.keeper.session is not None:
            log("service away, ending the session")
            self.ending.end(self.keeper.session.id)
        if silent > SERVICE_SILENT and self.link.connected():
            log("service is silent, restarting it")
            for process in self.children.of("service"):
                process.kill()
        self.loop.after(LOOK_EVERY if self.link.connected() else CONNECT_EVERY, self._look_after_service)

    def _introduce_all(self) -> None:
        self._tell_isolation()
        self.keeper.introduce_all()
        known = {} if self.ending.busy else {"left": self.ending.left}  # else its end will tell
        self.link.send("sync", session=self.keeper.session.id if self.keeper.session else "", **known)
        self.beside.tell_anew()
        for missing in self.maker.programs.missing():
            self.link.send("trouble", code="program_missing", detail=missing)

    def _tell_isolation(self) -> None:
        if self.link.connected():
            self.link.send("isolation", **self.isolation.told(self.ports.why_not))

    def _obey(self, order: Message) -> None:
        verb, session = order["verb"], self.keeper.session
        if verb in self._orders:
            self._orders[verb](order)
        elif session is not None and session.bar and session.id == order["session"]:
            self.beside.orders[verb](session, order)

    def _retire_lock(self, pid: int) -> None:
        process = self.children.by_pid.get(pid)
        if process is not None and process.role == "lock" and len(self.children.of("lock")) > 1:
            self.keeper.retire(process)

    def _set_time(self, seconds: float) -> None:
        trouble = wall_clock.set_time(seconds)
        log(f"clock {'not set: ' + trouble if trouble else 'set'}")
        self.link.send("time_set", ok=not trouble, detail=trouble)

    def _power(self, action: str) -> None:
        """Never while somebody is here: the service ended them first, or it is not its word."""
        if self.keeper.session is not None or self.ending.busy:
            self.link.send("power_done", ok=False, detail="busy")
            return

        def told(trouble: object) -> None:
            detail = trouble if isinstance(trouble, str) else "no_answer"
            log(f"{action} {'not done: ' + detail if detail else 'ordered'}")
            self.link.send("power_done", ok=not detail, detail=detail)

        environ, root = dict(os.environ), os.geteuid() == 0
        self.chores.do("power", lambda: power.order(action, environ, root), told, power.WITHIN + 5)

    # -- the end

    def _stop(self) -> None:
        """Asked to stop: the service first closes what is open; if it does not answer, we go on without it."""
        if self.keeper.stopping:
            return
        self.keeper.stopping = True
        self.notifier.stopping()
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
            self.keeper.session.leave_room()
        elif self.ending.busy:
            leftovers.end_all(self.maker.all_kinds())
        for process in list(self.children.by_pid.values()):
            # The service gets a moment to close its files; what shows on the screen ends at once.
            if process.role == "service":
                signal.pidfd_send_signal(process.pidfd, signal.SIGTERM)
            else:
                process.kill()
        if self.keeper.session is not None or self.ending.busy:
            self._let_go_of_sticks()
            leftovers.wipe_within(self.maker.all_kinds())
        self.beside.carrying.tidy()
        self.ports.take_away()
        self.paths.processes.unlink(missing_ok=True)
        self.loop.stop()
