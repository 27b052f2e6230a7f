"""The service: it holds the rules, the clock, the store and the web faces. The supervisor starts it and restarts it."""

import logging
import os
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kiosk.clock import Clock
from kiosk.content.shipped import trouble_of
from kiosk.errors import KioskError
from kiosk.export.run import exporter_for
from kiosk.freed_memory import keep_giving_back
from kiosk.loop import Loop
from kiosk.machine_clock import Machine
from kiosk.rules.chosen import changed_keys
from kiosk.rules.disclosure import Limits
from kiosk.rules.policy import Policy
from kiosk.service import last_good, privacy
from kiosk.service.at_the_pc import AtThePC
from kiosk.service.by_hand import ByHand
from kiosk.service.carrying import Carrying
from kiosk.service.checked_settings import name_below, under_its_name
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.commands import Commands
from kiosk.service.dating import Dating
from kiosk.service.enrolling import Changed, Enrolling
from kiosk.service.equipment import Equipment
from kiosk.service.first_day import FirstDay
from kiosk.service.health import Health, clock_lost
from kiosk.service.hearing import Hearing
from kiosk.service.journal import Journal
from kiosk.service.keeping import Keeper
from kiosk.service.last_good import Loaded
from kiosk.service.memory import open_memory
from kiosk.service.menu import INTERNET_START, THREADS, create_menu
from kiosk.service.meter import count_boot, mark_clean_stop
from kiosk.service.missed_words import BRING_EVERY
from kiosk.service.month_locking import MonthLocks
from kiosk.service.nightly import Nightly
from kiosk.service.panel_door import LOOK_EVERY, PanelDoor
from kiosk.service.parts import deeds_of, managers_of, reports_of
from kiosk.service.peers import Peers
from kiosk.service.province_desk import ProvinceDesk
from kiosk.service.reconcile import Reconciler
from kiosk.service.recorder import Recorder
from kiosk.service.staff import Staff
from kiosk.service.stocking import stocked
from kiosk.service.taking_up import recover
from kiosk.service.updates import Updates
from kiosk.settings import Paths, home_dir
from kiosk.store import acknowledged, audit, windows
from kiosk.store.jobs import forgetting
from kiosk.web.late import LateApp
from kiosk.web.server import Server, serve
from kiosk.web.sign_in import WebSessions

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger("kiosk.service")


class Service:
    """All parts of the running station, put together."""

    def __init__(self, paths: Paths, loaded: Loaded) -> None:
        site, policy = loaded.site, loaded.policy
        self.paths, self.site, self.policy, self.wrong = paths, site, policy, loaded.wrong
        self.clock, self.loop = Clock(), Loop()
        self.store = open_memory(paths, site, self.clock.read())
        self.dating = Dating(self.store, self.clock, Machine())
        self.recorder = Recorder(self.store, site.station)
        self.station = Reconciler(self.loop, self.clock, policy, self.store, self.recorder, self.dating)
        self.station.site_facts = {
            "site": site.name,
            "code": site.code,
            "station": site.station,
            "lang": site.language,
            "marker": None,
            "isolation": {"level": "none", "detail": "", "walls": {}, "why": {}},
            "troubles": [],
        }
        self.staff = Staff(self.station)
        self.managers = managers_of(self.store, policy, self.clock)
        self.signed_in = WebSessions(idle=policy.staff.sign_out_minutes * 60)
        self.managers.changed = self.signed_in.forget
        self.at_the_pc = AtThePC(self.station, self.managers, self.signed_in)
        self.signed_in.here_left = self.at_the_pc.sign_out
        self.nightly = Nightly(exporter_for(self.store, paths, site, policy), self.clock)
        self.station.export_facts = lambda: self.nightly.shown
        self.keeper = Keeper(self.store, site, policy, self.clock.read, self.station.in_service)
        self.station.memory_facts = lambda: self.keeper.shown
        self.door = PanelDoor(paths, site, self.clock.read)
        self.station.memory_troubles = lambda now: (
            self.keeper.troubles(now.wall) + self.door.troubles() + self.health.troubles()
        )
        self.library = stocked(paths, self.clock.read(), site.language)
        self.journal = Journal(self.store, lambda: self.policy, self.clock.read)
        self.reports = reports_of(self.store, site, policy, self.clock, self.library)
        self.nightly.then = MonthLocks(self.store, self.reports).look
        self.chosen = ChosenSettings(paths, policy, self._adopt, name_below(paths, site))
        self.chosen.held = lambda: self.store.run(windows.held)
        self.first_day = FirstDay(self.store, self.managers, paths, site, self.clock.read, self._restart)
        waiting_days = lambda: self.store.run(acknowledged.waiting_days, self.site.code, self.site.station)  # noqa: E731
        self.enrolling = Enrolling(paths, lambda: self.site, self.clock.read, self._enrolled, waiting_days)
        self.carrying = Carrying(self.station, lambda place: self.nightly.write_to(place))
        names = lambda: (self.site.code, self.site.station)  # noqa: E731
        by_hand = ByHand(paths.enrolment, self.nightly.by_folder, names)
        self.province = ProvinceDesk(
            self.enrolling, self.nightly, self.carrying, by_hand, self.store, names, self.clock.read
        )
        self.updates = Updates(paths, site.content_from, policy.content, self.clock.read, site.language)
        wrong = loaded.wrong is not None
        self.health = Health(self.station, lambda: self.nightly.about, self.updates.shown, wrong)
        self.station.health_counts = self.health.look
        self.web: list[Server] = []

    def run(self) -> None:
        """Serve until told to stop."""
        now = self.clock.read()
        lost = clock_lost(self.dating.belief.refusal)
        self.recorder.keep(lambda db: count_boot(db, now, lost))  # a full disk keeps no station from starting
        limits = Limits.of(self.policy.disclosure)
        # Before anything more is counted: under other rules it must not join what is open.
        self.recorder.keep(forgetting(lambda db: windows.agree(db, limits, self.site.code)))
        peers = Peers(self.paths, self.loop, lambda role, peer, message: hearing.hear(role, peer, message))
        hearing = Hearing(self.station, peers, self.staff, self.close_session_and_stop)
        hearing.commands(self._commands().handlers())
        hearing.at_the_pc(self.at_the_pc)
        hearing.carry = self.carrying.told
        self.station.peers = peers
        self.loop.on_signals({signal.SIGTERM: self.loop.stop, signal.SIGINT: self.loop.stop})
        if self.wrong is not None:
            hearing.note_trouble("settings_wrong", self.wrong.problems[0] if self.wrong.problems else "")
        if wrong := trouble_of(self.paths.content):
            hearing.note_trouble("guides_refused", wrong)
        recover(self.station)
        self.station.start()
        self._start_web(hearing)
        self.nightly.start()
        self.keeper.start()
        self.updates.start()
        self._bring_missed()
        self._look_at_door()
        keep_giving_back(self.loop.after)
        log.info("ready")
        self.first_day.tell()
        self.loop.run(after_each=lambda: None)
        self._close()

    def _commands(self) -> Commands:
        return Commands(
            self.staff,
            self.managers,
            self.nightly,
            self.keeper,
            self.reports,
            lambda: privacy.facts_of(self.store, self.policy),
            self.close_session_and_stop,
            self.updates.shown,
            self.first_day,
            self.health.shown,
            self.journal,
            self.enrolling,
        )

    def _start_web(self, hearing: Hearing) -> None:
        for problem in self.library.problems:
            log.warning("content: %s", problem)
        menu = create_menu(self.staff, self.library, INTERNET_START, policy=lambda: self.policy)
        self.at_the_pc.app = panel = LateApp(self._panel)
        faces: tuple[tuple[WSGIApplication, str, dict[str, Any], str, int], ...] = (
            (panel, *self.door.open(), "panel", 3),
            (menu, self.site.menu_listen, {}, "menu", THREADS),
        )
        for app, listen, spoken, name, threads in faces:
            server = serve(app, listen, name, threads, **spoken)
            try:
                server.start()
            except KioskError as error:
                # Sessions go on without it; the trouble is shown wherever it can be.
                log.error("%s", error)
                hearing.note_trouble("port_in_use", listen)
                continue
            self.web.append(server)

    def _panel(self) -> "WSGIApplication":
        from kiosk.service.panel import create_panel  # no sooner than somebody asks for it

        return create_panel(
            self.staff,
            self.managers,
            reports=self.reports,
            library=self.library,
            updates=self.updates.shown,
            hosts=self.door.hosts,
            sessions=self.signed_in,
            settings=self.chosen,
            first_day=self.first_day,
            people=self.managers,
            deeds=deeds_of(self.store, self.clock.read),
            ticket_desk=self.staff.ticket_desk,
            province=self.province,
            desk=self.staff.desk,
            journal=self.journal,
            equipment=Equipment(self.health, self.staff, self.store, self.clock.read),
        )

    def _restart(self) -> None:
        """The supervisor starts the next service; who asked has the answer by then."""
        self.loop.call_soon(lambda: self.loop.after(1.0, self.loop.stop))

    def _enrolled(self, action: str, who: str, changed: Changed) -> None:
        """The station joined or left a province, or has another key: written down; under other names it starts anew."""
        now, name = self.clock.read(), changed.enrolled.name if changed.enrolled else ""
        self.station.ask(lambda: self.recorder.keep(lambda db: audit.note(db, now.wall, who, f"enrol_{action}", name)))
        self.nightly.look_soon()
        if changed.renamed:
            self._restart()

    def _adopt(self, policy: Policy, who: str) -> None:
        """A manager changed a setting on the panel: everybody here goes by it at once."""
        changed = ",".join(changed_keys(self.policy, policy))
        self.policy = self.reports.policy = policy
        site = under_its_name(replace(self.site, name=self.chosen.site_name), policy)
        self.site = self.reports.site = self.first_day.site = site
        self.nightly.adopt(exporter_for(self.store, self.paths, self.site, policy))
        now = self.clock.read()

        def adopt() -> None:
            self.recorder.keep(lambda db: audit.note(db, now.wall, who, "settings", changed))
            self.station.site_facts["site"] = self.site.name
            self.station.adopt(policy)

        self.station.ask(adopt)

    def close_session_and_stop(self) -> None:
        """A regular stop: an open session is closed and counted, then the supervisor is told to stop everything."""
        try:
            self.staff.do("finish", "stop")
        except KioskError:
            pass  # nobody is using this PC

        def stop() -> None:
            if self.station.peers is not None:
                self.station.peers.send("supervisor", "stop")

        # The end of a session takes a moment: cover, kill, wipe.
        self.loop.after(0.5, stop)

    def _look_at_door(self) -> None:
        self.door.look()
        self.loop.after(LOOK_EVERY, self._look_at_door)

    def _bring_missed(self) -> None:
        self.staff.missed.bring(self.clock.read())
        self.loop.after(BRING_EVERY, self._bring_missed)

    def _close(self) -> None:
        self.staff.missed.bring(self.clock.read(), all_of_it=True)
        self.nightly.stop()
        self.keeper.stop()
        self.updates.stop()
        for server in self.web:
            server.stop()
        try:
            self.store.run(mark_clean_stop)
        except KioskError as error:
            log.error("%s", error.message)
        self.store.close()


def main() -> int:
    """Run until stopped; errors as a sentence, with the exit code of their kind."""
    logging.basicConfig(level=logging.INFO, format="service: %(message)s", stream=sys.stderr)
    os.umask(0o027)
    try:
        paths = Paths(home_dir())
        loaded = last_good.load(paths)
        try:
            service = Service(paths, loaded)
        except KioskError as error:
            from kiosk.service.standing_in import stand_in

            stand_in(paths, loaded.site, error)
            raise
        service.run()
    except KioskError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
