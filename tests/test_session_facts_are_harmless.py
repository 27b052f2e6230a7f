"""Sticks, home and typing: whatever a stick is called hurts no screen, and orders are obeyed only in place."""

import tomllib
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.messages import LARGEST, ORDERS, VERBS, Malformed, check
from kiosk.rules.policy import parse_policy
from kiosk.rules.station import State
from kiosk.service.reconcile import Reconciler
from kiosk.service.session_facts import MOST_STICKS, STICK_STATES, SessionFacts

STICK = {"id": "sdb1", "label": "KINGSTON", "free_mb": 3400, "state": "ready", "detail": ""}


class FakeStation:
    """What SessionFacts needs of the reconciler, with an open session; `sent` is what the supervisor was told."""

    def __init__(self, state: State = State.OPEN) -> None:
        self.sent: list[dict[str, Any]] = []
        self.station = SimpleNamespace(state=state, session=SimpleNamespace(id="a1"))
        self.peers, self.clock = self, SimpleNamespace(read=lambda: None)
        self.pushed = 0

    def push(self, _now: object) -> None:
        self.pushed += 1

    def send(self, role: str, verb: str, **fields: Any) -> bool:
        self.sent.append(check({"verb": verb, **fields}, ORDERS))
        return role == "supervisor"


def facts(state: State = State.OPEN) -> tuple[FakeStation, SessionFacts]:
    station = FakeStation(state)
    return station, SessionFacts(cast(Any, station))


def test_a_stick_is_shown_and_may_be_saved_to_and_ejected() -> None:
    station, known = facts()
    known.sticks({"verb": "sticks", "sticks": [STICK]})
    assert known.shown["sticks"] == [STICK] and station.pushed == 1
    known.save({"verb": "save", "stick": "sdb1"})
    known.eject({"verb": "eject", "stick": "sdb1"})
    assert station.sent == [
        {"verb": "save", "session": "a1", "stick": "sdb1"}, {"verb": "eject", "session": "a1", "stick": "sdb1"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "stick"), [("ready", "sdc1"), ("ready", "../../dev/sda"), ("saving", "sdb1"), ("ejected", "sdb1")]
)
def test_no_order_for_a_stick_that_is_not_there_or_is_busy(state: str, stick: str) -> None:
    station, known = facts()
    known.sticks({"verb": "sticks", "sticks": [{**STICK, "state": state}]})
    known.save({"verb": "save", "stick": stick})
    known.eject({"verb": "eject", "stick": stick})
    assert station.sent == []


def test_nothing_is_ordered_while_the_session_ends() -> None:
    station, known = facts(State.ENDING)
    known.sticks({"verb": "sticks", "sticks": [STICK]})
    known.save({"verb": "save", "stick": "sdb1"})
    assert station.sent == []


def test_typing_is_a_choice_only_where_the_session_has_it() -> None:
    station, known = facts()
    known.choose_typing({"verb": "typing", "lang": "vi"})
    assert station.sent == []
    known.typing({"verb": "typing", "lang": "en"})
    known.choose_typing({"verb": "typing", "lang": "fr"})
    known.choose_typing({"verb": "typing", "lang": "vi"})
    assert station.sent == [{"verb": "typing", "session": "a1", "lang": "vi"}]
    known.typing({"verb": "typing", "lang": "\x00"})
    assert known.shown["typing"] is None


def test_all_is_forgotten_with_the_session_and_nothing_is_learnt_without_one() -> None:
    station, known = facts()
    known.sticks({"verb": "sticks", "sticks": [STICK]})
    known.home({"verb": "home", "free_mb": 3, "full": True})
    assert known.shown["home"] == {"free_mb": 3, "full": True, "files": 0, "unsaved": 0, "closed": 0}
    known.forget()
    assert known.shown == {"sticks": [], "home": None, "typing": None, "browser": True}
    station.station.session = None
    known.sticks({"verb": "sticks", "sticks": [STICK]})
    assert known.shown["sticks"] == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {"id": st.just("sdb1") | ANYTHING, "label": st.text() | ANYTHING, "free_mb": st.integers() | ANYTHING,
     "state": st.sampled_from(STICK_STATES), "detail": st.text() | ANYTHING},
    optional={"more": ANYTHING},
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(NEARLY | ANYTHING, max_size=20))
def test_whatever_is_told_of_sticks_is_made_harmless(told: list[Any]) -> None:
    _station, known = facts()
    known.sticks({"verb": "sticks", "sticks": told})
    shown = known.shown["sticks"]
    assert len(shown) <= MOST_STICKS and len({stick["id"] for stick in shown}) == len(shown)
    for stick in shown:
        assert set(stick) == set(STICK) and stick["state"] in STICK_STATES
        assert 0 <= stick["free_mb"] <= 2**31 and isinstance(stick["free_mb"], int)
        assert len(stick["label"]) <= 40 and len(stick["detail"]) <= 60
        assert (stick["label"] + stick["detail"]).isprintable()


def test_each_role_says_only_its_own() -> None:
    for verb, fields in (("save", {"stick": "a"}), ("eject", {"stick": "a"})):
        assert check({"verb": verb, **fields}, VERBS["bar"])
        for role in ("lock", "supervisor", "cli"):
            with pytest.raises(Malformed):
                check({"verb": verb, **fields}, VERBS[role])
    wrong: tuple[dict[str, object], ...] = ({"stick": 1}, {"stick": "a", "to": "/etc"}, {}, {"stick": None})
    for hostile in wrong:
        with pytest.raises(Malformed):
            check({"verb": "save", **hostile}, VERBS["bar"])
    wrong = ({"free_mb": LARGEST + 1, "full": True}, {"free_mb": 1, "full": 1}, {"free_mb": True, "full": True})
    for hostile in wrong:
        with pytest.raises(Malformed):
            check({"verb": "home", **hostile}, VERBS["supervisor"])


@pytest.mark.parametrize(
    ("policy", "level", "offered"),
    [
        ("", "full", True), ("", "users", True), ("", "none", False), ("", None, False),
        ("[sticks]\nallowed = false", "full", False), ("[sticks]\nread_only = true", "full", False),
    ],
)  # fmt: skip
def test_a_stick_is_offered_only_where_files_can_be_saved_to_it(policy: str, level: str | None, offered: bool) -> None:
    known = parse_policy(tomllib.loads(policy))
    site = {} if level is None else {"isolation": {"level": level, "detail": ""}}
    nobody = SimpleNamespace(session=None)
    station = SimpleNamespace(policy=known, site_facts=site, station=nobody)
    assert Reconciler._sticks_offered(cast(Any, station)) is offered
