"""Waiting numbers: given, called, skipped, put back, undone; nobody is lost, and nobody is called twice."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from station_play import Play

from kiosk.rules import events as ev
from kiosk.rules.calling import CALL_SECONDS
from kiosk.rules.effects import Refuse
from kiosk.rules.queue import ACTS, MOST, Act, Queue, of_fact
from kiosk.rules.station import State

STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.none() | st.integers(1, MOST)), max_size=80)


def played(steps: list[tuple[Act, int | None]]) -> Queue:
    """The queue after these; what is refused changes nothing."""
    queue = Queue("2026-11-20")
    for act, number in steps:
        queue = queue.step(act, number) or queue
    return queue


@given(STEPS)
def test_numbers_are_whole_and_nobody_stands_in_the_queue_twice(steps: list[tuple[Act, int | None]]) -> None:
    queue = played(steps)
    people = [*queue.waiting, *([queue.called] if queue.called else [])]
    assert len(set(people)) == len(people) and all(1 <= one <= MOST for one in people)
    assert queue.anybody == bool(people)
    assert queue.new_number not in people


@given(STEPS)
def test_what_is_kept_comes_back(steps: list[tuple[Act, int | None]]) -> None:
    queue = played(steps)
    assert of_fact(json.loads(json.dumps(queue.as_fact()))) == queue


ANYTHING = st.none() | st.integers() | st.text() | st.booleans() | st.lists(st.integers() | st.text())


@given(st.dictionaries(st.sampled_from(["day", "last", "waiting", "called", "held", "before"]), ANYTHING))
def test_whatever_was_kept_is_a_queue(kept: dict[str, object]) -> None:
    if isinstance(kept.get("waiting"), list | None):
        queue = of_fact(kept)
        assert all(1 <= one <= MOST for one in queue.waiting) and queue.before is None


@given(STEPS, st.sampled_from([act for act in ACTS if act != "undo"]))
def test_each_step_can_be_undone_once(steps: list[tuple[Act, int | None]], act: Act) -> None:
    queue = played(steps)
    after = queue.step(act, None)
    if after is None:
        return
    back = after.step("undo", None)
    assert back is not None and back.step("undo", None) is None
    assert (back.waiting, back.called, back.last) == (queue.waiting, queue.called, queue.last)


def test_numbers_run_to_99_and_begin_anew_and_none_in_somebodys_hand_is_given_again() -> None:
    queue = Queue("d").step("give", 1)
    assert queue is not None and queue.last == 1
    for _ in range(98):
        queue = queue.step("give", None)
        assert queue is not None
    assert queue.last == 99 and queue.new_number is None and queue.step("give", None) is None
    gone = queue.step("take_off", 5)
    assert gone is not None and gone.new_number == 5


def test_what_another_hand_has_changed_is_not_done_again() -> None:
    queue = played([("give", None), ("give", None)])
    once = queue.step("call", 1)
    assert once is not None and once.called == 1
    assert once.step("call", 1) is None, "the second touch of the same button"
    assert queue.step("give", 2) is None and queue.step("skip", 1) is None
    skipped = once.step("skip", 1)
    assert skipped is not None and (skipped.called, skipped.waiting) == (2, ())


def waiting_room(policy: dict[str, object] | None = None) -> Play:
    """Somebody at the PC, two numbers in people's hands."""
    play = Play(policy)
    play.sign_in(by="staff")
    for _ in range(2):
        play.do(ev.Numbers("give"))
    return play


def leave(play: Play) -> None:
    """The one at the PC goes."""
    play.do(ev.Finish())
    play.close()
    assert play.state() is State.FREE


def test_who_holds_a_number_waits_so_nobody_is_offered_more_time() -> None:
    play = waiting_room()
    play.run(51 * 60)
    shown = play.shown()
    assert shown["waiting"] and shown["extension"]["why_not"] == "waiting"
    assert shown["queue"]["waiting"] == 2 and shown["queue"]["next"] == 1
    play.do(ev.Numbers("clear"))
    assert play.shown()["extension"]["offered"] and not play.shown()["waiting"]


def test_a_free_pc_calls_the_next_and_start_is_theirs() -> None:
    play = waiting_room()
    leave(play)
    assert play.shown()["queue"]["called"] is None and play.shown()["start_refused"] == "waiting"
    play.run(CALL_SECONDS + 1)
    shown = play.shown()
    assert shown["queue"]["called"] == 1 and shown["start_refused"] is None
    play.do(ev.Begin())
    play.do(ev.SignIn("s2"))
    assert play.shown()["queue"] | {"numbers": [2], "called": None, "undo": False} == play.shown()["queue"]
    assert play.shown()["waiting"], "number 2 still waits"


def test_staff_call_at_once_put_back_and_then_nobody_is_called_by_itself() -> None:
    play = waiting_room()
    leave(play)
    play.do(ev.Numbers("call", 1))
    assert play.shown()["queue"]["called"] == 1
    play.do(ev.Numbers("back", 1))
    play.run(600)
    assert (play.shown()["queue"]["called"], play.shown()["queue"]["next"]) == (None, 1)
    assert Refuse("numbers_changed") in play.do(ev.Numbers("skip", 1))
    play.do(ev.Numbers("call"))
    assert play.shown()["queue"]["called"] == 1


def test_where_the_policy_says_so_only_staff_call() -> None:
    play = waiting_room({"queue": {"by_itself": False}})
    leave(play)
    play.run(600)
    assert play.shown()["queue"]["called"] is None and play.shown()["queue"]["next"] == 1


def test_nobody_is_called_to_a_pc_that_takes_nobody() -> None:
    play = waiting_room({"hours": {"friday": ["07:30-08:09"]}, "closing": {"no_start_minutes": 5}})
    play.run(5 * 60)
    leave(play)
    play.run(60)
    assert play.shown()["start_refused"] and play.shown()["queue"]["called"] is None
    broken = waiting_room()
    leave(broken)
    broken.do(ev.OutOfOrder("x"))
    broken.run(600)
    assert broken.shown()["queue"]["called"] is None


def test_numbers_are_forgotten_at_the_end_of_their_day() -> None:
    play = waiting_room()
    assert play.station.queue.day == "2026-11-20"
    play.wall += timedelta(days=1)
    play.trusted = False
    play.do(ev.Tick())
    assert play.shown()["queue"]["waiting"] == 2, "an uncertain date ends no day"
    play.trusted = True
    play.do(ev.Tick())
    assert play.shown()["queue"]["waiting"] == 0 and play.shown()["queue"]["new"] == 1 and not play.shown()["waiting"]
