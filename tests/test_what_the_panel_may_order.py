"""What the order to open a session may say of sticks and paper: the privileged process judges it by policy.toml."""

from itertools import product

import pytest

from kiosk.messages import ORDERS, Malformed, check
from kiosk.rules.chosen import parse_with
from kiosk.supervisor.asked import Allowed
from kiosk.supervisor.session.wishes import Wishes

WORDS = ("write", "read", "none", "", "WRITE", "../etc", "write ")
# (allowed, read_only) from the most to the least that a citizen may do.
ORDER = [(True, False), (True, True), (False, False), (False, True)]


@pytest.mark.parametrize(("allowed", "read_only", "word"), [*product((True, False), (True, False), WORDS)])
def test_sticks_are_never_opened_wider_than_policy_toml_opens_them(allowed: bool, read_only: bool, word: str) -> None:
    found = Allowed.by({"sticks": {"allowed": allowed, "read_only": read_only}}).sticks_in(word)
    assert found.allowed <= allowed and found.read_only >= read_only
    if word == "none":
        assert not found.allowed
    if word == "read":
        assert found.read_only
    if word in ("write", "", "WRITE", "../etc", "write "):
        assert (found.allowed, found.read_only) == (allowed, read_only), "an unknown word changes nothing"


def test_the_panel_says_who_lets_citizens_print_and_never_on_which_printer() -> None:
    rules = Allowed.by({"print": {"mode": "off", "queue": "tầng-1", "pages_max": 20}})
    assert rules.printing_in("free", 5) == type(rules.printing)("free", "tầng-1", 5)
    for mode, pages in (("", -1), ("lp -d other", 10**6), ("FREE", -5)):
        assert rules.printing_in(mode, pages) == rules.printing, (mode, pages)


@pytest.mark.parametrize(
    ("fixed", "closed", "mode", "pages"),
    [
        ([], False, "free", 3),
        (["sticks", "print"], True, "off", 20),
        (["sticks.allowed", "print.mode"], True, "off", 3),
        (["print.pages_max"], False, "free", 20),
        ("print", False, "free", 3),
        ([1, None, "print"], False, "off", 20),
    ],
)
def test_what_policy_toml_fixes_the_order_does_not_change(fixed: object, closed: bool, mode: str, pages: int) -> None:
    rules = Allowed.by({"panel": {"fixed": fixed}})
    assert rules.sticks_in("none").allowed is closed
    assert (rules.printing_in("free", 3).mode, rules.printing_in("free", 3).pages_max) == (mode, pages)


def test_an_order_says_it_in_its_own_fields_and_an_older_service_says_nothing_of_it() -> None:
    order = {"verb": "open", "session": "a", "lang": "vi", "large": False, "contrast": False, "top": 64, "voice": False}
    check(order, ORDERS)
    check({**order, "sticks": "none", "paper": "staff", "pages": 0, "web": "closed"}, ORDERS)
    for wrong in ({"sticks": True}, {"paper": 1}, {"pages": "all"}, {"web": True}, {"program": "sh"}):
        with pytest.raises(Malformed):
            check({**order, **wrong}, ORDERS)
    assert (Wishes().sticks, Wishes().paper, Wishes().pages, Wishes().web) == ("", "", -1, "")


def test_a_tile_is_no_way_to_a_command() -> None:
    below = {"program": [{"name": {"vi": "Viết", "en": "Write"}, "command": "writer"}]}
    tiles = [{"command": "sh -c id", "vi": "a", "en": "a", "shown": True},
             {"command": "writer", "vi": "Thư", "en": "Letter", "shown": False}]  # fmt: skip
    [program] = parse_with(below, {"programs": {"tiles": tiles}}).program
    assert (program.command, program.name.vi, program.shown) == ("writer", "Thư", False)
