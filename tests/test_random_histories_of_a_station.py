"""Anything in any order: minutes, ends, closing, cover and wipe hold in every history (hypothesis' stateful machine).

A plain model keeps what a store, a supervisor and an honest clock would know, and judges every effect against it.
"""

import math
import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from station_play import WEEK, Play

from kiosk.clock import LOCAL
from kiosk.rules import events as ev
from kiosk.rules.effects import (
    Effect,
    EndSession,
    OpenSession,
    OpenStaff,
    RecordEnd,
    RecordExtension,
    RecordHeartbeat,
    RecordNote,
    RecordStart,
    RecordTakenBack,
)
from kiosk.rules.hours import seconds_to_closing
from kiosk.rules.session import LiveRow
from kiosk.rules.station import State, Station
from tests.tries import tries

REASONS = {"signed_out", "time_up", "idle", "closing", "manager", "power", "fault"}
POLICIES: tuple[dict[str, Any], ...] = (
    {},
    {"hours": WEEK},
    {"session": {"minutes": 0.5, "extension_minutes": 0.25, "warnings": [0.3, 0.1], "visit_min_seconds": 5}},
    {"session": {"minutes": 5, "visit_min_seconds": 0}, "hours": WEEK, "closing": {"no_start_minutes": 0}},
    {"idle": {"ask_after_minutes": 0.5, "answer_seconds": 10}, "entry": {"ways": ["citizen", "ticket", "staff"]}},
)
BORED = st.one_of(st.none(), st.just(0.0), st.floats(0, 2000))
STEPS = st.one_of(st.floats(0, 20), st.floats(0, 20), st.sampled_from([0.25, 1.0, 10.0, 20.0]), st.floats(0, 2000))
TEN_YEARS = 3650 * 86400

count: Counter[str] = Counter()


@dataclass
class Model:
    """What is known outside of the rules: the live row, the programs alive, the seconds an honest clock charged."""

    row: LiveRow | None = None
    alive: set[str] = field(default_factory=set)
    staff: set[str] = field(default_factory=set)  # turns of staff whose programs live
    charged: float = 0.0
    counting: bool = False
    last: float = 0.0
    closes_at: float | None = None
    started: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)


class Histories(RuleBasedStateMachine):
    """One station through sleeps, power cuts, restarts, wrong clocks, and people at every button."""

    @initialize(policy=st.sampled_from(POLICIES), hour=st.integers(6, 17), day=st.integers(16, 22))
    def switch_on(self, policy: dict[str, Any], hour: int, day: int) -> None:
        self.play = Play(policy, at=datetime(2026, 11, day, hour, tzinfo=LOCAL))
        self.model = Model(last=self.play.boot)
        self.fresh_id = 0
        self.restarted = False
        count["histories"] += 1

    def tell(self, event: ev.Event) -> tuple[Effect, ...]:
        """One event to the rules and to the model."""
        count["steps"] += 1
        play, model = self.play, self.model
        self.restarted = isinstance(event, ev.ServiceRestarted)
        was_open = play.state() is State.OPEN
        gap = play.boot - model.last
        model.last = play.boot
        if was_open and model.counting and model.row and gap <= 20:
            model.charged = min(model.row.granted, model.charged + gap)
        effects = play.do(event)
        for effect in effects:
            self.judge(effect)
        session = play.station.session
        if isinstance(event, ev.Opened) and play.state() is State.OPEN and session and session.id == event.session:
            model.counting = True
        return effects

    def judge(self, effect: Effect) -> None:
        play, model = self.play, self.model
        if isinstance(effect, RecordStart):
            assert model.row is None and not model.alive and not model.staff, "a second session"
            assert effect.session not in model.started
            model.started.append(effect.session)
            count["sessions"] += 1
            wall = play.wall.timestamp()
            model.row = LiveRow(effect.session, effect.by, 0, effect.granted, 0, play.boot_id, play.boot, wall)
            self.start_counting(0.0)
        elif isinstance(effect, RecordHeartbeat):
            assert model.row is not None and effect.session == model.row.session
            assert effect.charged >= model.row.charged, "charged time was given back"
            model.row = replace(
                model.row, charged=effect.charged, boot_id=play.boot_id, boot=play.boot, wall=play.wall.timestamp()
            )
        elif isinstance(effect, RecordExtension):
            assert model.row is not None and effect.session == model.row.session
            count["extensions"] += 1
            assert effect.extensions == model.row.extensions + 1 and effect.granted >= model.row.granted
            if model.closes_at is not None:
                assert play.boot + effect.granted - model.charged <= model.closes_at + 1e-6, "past closing"
            model.row = replace(
                model.row,
                granted=effect.granted,
                extensions=effect.extensions,
                staff_extended=effect.staff_extended,
            )
        elif isinstance(effect, RecordTakenBack):
            assert model.row is not None and effect.session == model.row.session
            count["taken back"] += 1
            assert effect.extensions == model.row.extensions - 1 and effect.granted < model.row.granted
            assert effect.granted - model.charged >= 60, "an undo ended a session"
            model.row = replace(
                model.row,
                granted=effect.granted,
                extensions=effect.extensions,
                staff_extended=effect.staff_extended,
            )
        elif isinstance(effect, RecordNote):
            assert model.row is not None and effect.session == model.row.session
            count["messages"] += effect.note is not None and not effect.note.seen
            model.row = replace(model.row, note=effect.note)
        elif isinstance(effect, RecordEnd):
            self.judge_end(effect)
        elif isinstance(effect, OpenSession):
            assert model.row is not None and effect.session == model.row.session, "opened unrecorded"
            model.alive.add(effect.session)
        elif isinstance(effect, OpenStaff):
            assert model.row is None and not model.alive and not model.staff, "staff beside somebody"
            model.staff.add(effect.session)
            count["staff"] += 1
        elif isinstance(effect, EndSession):
            assert play.station.covered or play.state() is State.OPEN

    def judge_end(self, effect: RecordEnd) -> None:
        model = self.model
        assert model.row is not None and effect.session == model.row.session, "an end without a start"
        assert effect.session not in model.ended and effect.reason in REASONS
        assert effect.charged == pytest.approx(model.charged, abs=1e-6), "not what an honest clock charged"
        assert effect.charged <= model.row.granted and effect.minutes <= math.ceil(model.row.granted / 60)
        assert effect.minutes * 60 >= effect.charged - 0.001
        long_enough = effect.charged >= self.play.policy.session.visit_min_seconds
        assert effect.visit is (long_enough and model.row.by != "class"), "a class is no visit"
        count["classes"] += model.row.by == "class"
        model.ended.append(effect.session)
        count[effect.reason] += 1
        model.row = None

    def start_counting(self, charged: float) -> None:
        to_closing = seconds_to_closing(self.play.policy, self.play.reading)
        if to_closing == 0 and self.model.row is not None and self.model.row.by == "class":
            to_closing = None
        self.model.closes_at = None if to_closing is None else self.play.boot + to_closing
        self.model.charged, self.model.counting = charged, False

    # Time and clocks

    @rule(seconds=STEPS, idle=BORED)
    def time_passes(self, seconds: float, idle: float | None) -> None:
        self.play.sleep(seconds)
        self.tell(ev.Tick(idle))

    @rule(until=st.sampled_from(["a while", "warned", "over"]), there=st.booleans())
    def much_time_passes(self, until: str, there: bool) -> None:
        """In steps that are no sleep, somebody there or nobody, until something happened or 90 minutes passed."""
        pause = 15.0 if self.play.policy.session.minutes > 1 else 2.0
        for step in range(40 if until == "a while" else 360):
            self.play.sleep(pause)
            self.tell(ev.Tick(0.0 if there else pause * (step + 1)))
            if self.play.state() is not State.OPEN or (until == "warned" and self.play.shown()["warning"]):
                return

    @rule(seconds=st.floats(0, 30))
    def time_passes_unseen(self, seconds: float) -> None:
        self.play.sleep(seconds)

    @rule(seconds=st.one_of(st.integers(-TEN_YEARS, TEN_YEARS), st.integers(-7200, 7200)))
    def the_wall_clock_is_set(self, seconds: int) -> None:
        self.play.wall += timedelta(seconds=seconds)
        if not datetime(1990, 1, 1, tzinfo=LOCAL) < self.play.wall < datetime(2060, 1, 1, tzinfo=LOCAL):
            self.play.wall = datetime(2026, 11, 20, 8, tzinfo=LOCAL)

    @rule(trusted=st.booleans())
    def the_date_is_trusted_or_not(self, trusted: bool) -> None:
        self.play.trusted = trusted

    # People

    @rule()
    def start_is_touched(self) -> None:
        self.tell(ev.Begin())

    @rule(by=st.sampled_from(["citizen", "citizen", "staff", "ticket"]), minutes=st.none() | st.floats(-1, 90))
    def somebody_signs_in(self, by: Any, minutes: float | None) -> None:
        self.fresh_id += 1
        self.tell(ev.SignIn(f"s{self.fresh_id}", by=by, minutes=minutes if by == "staff" else None))

    @rule()
    def a_class_begins(self) -> None:
        self.fresh_id += 1
        self.tell(ev.ClassMode(True, f"c{self.fresh_id}"))

    @rule()
    def staff_come_to_the_pc(self) -> None:
        self.fresh_id += 1
        self.tell(ev.StaffIn(f"t{self.fresh_id}"))

    @rule()
    def staff_go(self) -> None:
        self.tell(ev.StaffOut())

    @rule(note=st.sampled_from(["n1", "n2"]), text=st.sampled_from(["", "Mời Quý vị ở lại.", "x\u202e\n y" * 400]))
    def staff_write_to_whoever_is_there(self, note: str, text: str) -> None:
        session = self.model.row.session if self.model.row else "nobody"
        self.tell(ev.Tell(session, note, text))

    @rule(minutes=st.sampled_from([None, 1.0, 20.0]), seconds=st.floats(0, 40))
    def staff_add_minutes_and_think_better_of_it(self, minutes: float | None, seconds: float) -> None:
        self.tell(ev.Extend("staff", minutes))
        self.play.sleep(seconds)
        session = self.model.row.session if self.model.row else "nobody"
        before = self.play.station.session
        taken = any(isinstance(effect, RecordTakenBack) for effect in self.tell(ev.TakeBack(session)))
        assert not (taken and seconds > 30), "taken back long after"
        if taken and before is not None and self.play.station.session is not None:
            assert self.play.station.session.granted < before.granted

    @rule(again=st.integers(0, 2))
    def all_is_put_right_and_a_citizen_sits_down(self, again: int) -> None:
        for event in (ev.SupervisorHere(True), ev.ClassMode(False), ev.InService()):
            self.tell(event)
        if self.play.state() is not State.OPEN:
            self.the_supervisor_ended_it(clean=True, unasked=False)
            self.somebody_signs_in("citizen", None)
            self.play.sleep(again)
        self.programs_are_there()

    @rule(by=st.sampled_from(["citizen", "staff"]), minutes=st.none() | st.floats(allow_nan=True))
    def more_time_is_asked_for(self, by: Any, minutes: float | None) -> None:
        self.tell(ev.Extend(by, minutes))

    @rule(
        event=st.sampled_from(
            [
                ev.Touch(), ev.Cancel(), ev.StillHere(), ev.Finish(), ev.Finish("manager"), ev.Help(), ev.Helped(),
                ev.Wished("en", True, False), ev.Waiting(True), ev.Waiting(False),
                ev.ClassMode(False), ev.InService(), ev.Seen("n1"), ev.Seen("n2"),
                ev.OutOfOrder("dust"), ev.Fault("browser"), ev.ResumeAnswer(True), ev.ResumeAnswer(False),
            ]
        )
    )  # fmt: skip
    def a_button(self, event: ev.Event) -> None:
        if isinstance(event, ev.ResumeAnswer) and event.accept and self.play.station.resume and self.model.row:
            self.start_counting(self.model.row.charged)
            count["resumed"] += self.play.station.supervisor_here
        self.tell(event)

    # The other processes

    @rule()
    def the_lock_covers(self) -> None:
        self.tell(ev.Covered())

    @rule()
    def programs_are_there(self) -> None:
        for session in sorted(self.model.alive | self.model.staff):
            self.tell(ev.Opened(session))

    @rule(clean=st.sampled_from([True, True, False]), unasked=st.sampled_from([False] * 9 + [True]))
    def the_supervisor_ended_it(self, clean: bool, unasked: bool) -> None:
        self.tell(ev.Ended("nobody", clean))
        turn = self.play.station.staff
        for session in sorted(self.model.staff if turn is None or turn.stage != "open" or unasked else ()):
            if clean:
                self.model.staff.discard(session)
            self.tell(ev.Ended(session, clean))
        if self.play.state() is State.OPEN and not unasked:
            return
        for session in sorted(self.model.alive):
            if clean:
                self.model.alive.discard(session)
            self.tell(ev.Ended(session, clean))

    @rule(present=st.sampled_from([True, True, False]))
    def the_supervisor_comes_or_goes(self, present: bool) -> None:
        self.tell(ev.SupervisorHere(present))

    @rule(away=st.floats(0, 60))
    def the_service_starts_again(self, away: float) -> None:
        play, model, row = self.play, self.model, self.model.row
        if play.station.resume or play.station.reason:
            return
        play.sleep(away)
        play.station, model.last = Station(), play.boot
        self.tell(ev.SupervisorHere(True))
        for session in model.staff:
            self.tell(ev.Stray(session))
        if row is not None:
            self.start_counting(min(row.granted, row.charged + play.boot - row.boot))
            model.counting = True
            self.tell(ev.ServiceRestarted(row))
        self.programs_are_there()
        self.restarted = True

    @rule(away=st.one_of(st.floats(0, 1000), st.floats(0, 1e6)), boot=st.floats(5, 1000))
    def the_power_is_cut(self, away: float, boot: float) -> None:
        play, model, row = self.play, self.model, self.model.row
        play.wall += timedelta(seconds=away)
        play.boot, play.boot_id, play.station = boot, play.boot_id + "'", Station()
        model.last, model.counting = boot, False
        model.alive.clear()
        model.staff.clear()
        self.tell(ev.SupervisorHere(True))
        if row is not None:
            # A class goes on by itself where the cut was short and the date is certain.
            self.start_counting(row.charged)
            self.tell(ev.Recovered(row))
            count["classes resumed"] += play.station.is_class
            assert not play.station.is_class or (play.trusted and away <= 15 * 60)

    # What always holds

    @invariant()
    def covered_in_every_state_but_open(self) -> None:
        station, shown = self.play.station, self.play.shown()
        assert shown["cover"] is station.covered
        if not station.covered and station.staff is not None:
            assert station.staff.session in self.model.staff and shown["staff"] == "open"
            assert self.model.row is None and not self.model.alive and station.supervisor_here
        elif not station.covered:
            assert station.state is State.OPEN and self.model.counting
            assert self.model.row is not None and self.model.row.session == shown["session"]
            assert shown["session"] in self.model.alive

    @invariant()
    def a_message_lives_as_long_as_its_session_and_no_longer(self) -> None:
        station, row, shown = self.play.station, self.model.row, self.play.shown()
        if station.state is not State.OPEN or row is None:
            assert station.note is None and shown["message"] is None and shown["told"] is None
            return
        assert station.note == row.note
        if row.note is not None:
            assert (shown["message"] is None) is bool(row.note.seen)
            assert 0 < len(row.note.text) <= 160 and "\n" not in row.note.text

    @invariant()
    def a_class_is_nobodys_own(self) -> None:
        station, shown = self.play.station, self.play.shown()
        assert (shown["state"] == "class") is station.is_class
        if station.is_class:
            assert shown["idle"] is None and not shown["extension"]["offered"] and not station.accessible

    @invariant()
    def nobody_sits_past_the_time_granted_or_past_closing(self) -> None:
        station = self.play.station
        if station.state is State.OPEN and not self.restarted and station.session:
            assert station.session.left > 0
            assert station.session.at <= self.play.boot
            if self.model.closes_at is not None:
                assert station.session.at < self.model.closes_at

    @invariant()
    def free_only_when_nothing_is_left(self) -> None:
        if self.play.state() in (State.FREE, State.ASKING, State.CLOSED, State.CLASS):
            assert not self.model.alive

    @invariant()
    def as_many_ends_as_starts_but_for_the_one_running(self) -> None:
        station, model = self.play.station, self.model
        running = station.state is State.OPEN or station.resume is not None
        assert running is (model.row is not None)
        assert len(model.ended) + running == len(model.started)

    def teardown(self) -> None:
        if hasattr(self, "play"):
            self.tell(ev.Finish("manager"))
            self.tell(ev.ResumeAnswer(False))
            assert self.model.started == self.model.ended


class Twins(RuleBasedStateMachine):
    """Two stations without opening hours live the same life; one has its wall clock set. They stay equal."""

    def __init__(self) -> None:
        super().__init__()
        self.honest, self.fooled, self.fresh_id = Play(), Play(), 0
        count["histories"] += 1

    def both(self, act: Callable[[Play], object]) -> None:
        count["steps"] += 1
        act(self.honest)
        act(self.fooled)

    @rule(seconds=st.integers(-TEN_YEARS, TEN_YEARS))
    def one_wall_clock_is_set(self, seconds: int) -> None:
        self.fooled.wall = datetime(2026, 11, 20, 8, tzinfo=LOCAL) + timedelta(seconds=seconds)

    @rule(trusted=st.booleans())
    def one_date_is_trusted_or_not(self, trusted: bool) -> None:
        self.fooled.trusted = trusted

    @rule(seconds=STEPS, idle=BORED)
    def time_passes(self, seconds: float, idle: float | None) -> None:
        self.both(lambda play: play.run(seconds, idle, every=seconds or 1))

    @rule()
    def an_hour_passes(self) -> None:
        self.both(lambda play: play.run(3600, every=15))

    @rule()
    def somebody_signs_in(self) -> None:
        self.fresh_id += 1
        self.both(lambda play: (play.do(ev.SignIn(f"s{self.fresh_id}")), play.do(ev.Opened(f"s{self.fresh_id}"))))

    @rule()
    def it_ends(self) -> None:
        session = self.honest.station.wiping
        if session:
            self.both(lambda play: (play.do(ev.Covered()), play.do(ev.Ended(session, True))))

    @rule(event=st.sampled_from([ev.Extend(), ev.Extend("staff"), ev.Finish(), ev.StillHere(), ev.Waiting(True)]))
    def a_button(self, event: ev.Event) -> None:
        self.both(lambda play: play.do(event))

    @invariant()
    def equal(self) -> None:
        assert self.honest.station == self.fooled.station
        assert self.honest.all == self.fooled.all


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Histories, Twins])
def test_all_histories_hold(machine: type[RuleBasedStateMachine], capsys: pytest.CaptureFixture[str]) -> None:
    number = int(os.environ.get("KIOSK_TEST_SEED", random.randrange(2**32)))
    examples = int(os.environ.get("KIOSK_TEST_HISTORIES", tries(200)))
    count.clear()
    chosen = settings(max_examples=examples, stateful_step_count=40, deadline=None, database=None, print_blob=True)
    try:
        run_state_machine_as_test(seed(number)(machine), settings=chosen)
    finally:
        with capsys.disabled():
            print(f"\n{machine.__name__}: KIOSK_TEST_SEED={number} " + " ".join(f"{k}={v}" for k, v in count.items()))
