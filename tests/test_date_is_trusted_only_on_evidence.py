"""DESIGN.md 5: a date is trusted on evidence of this boot only, and a clock that is set afterwards loses it."""

import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.rules import trust
from kiosk.rules.trust import BUILT, Belief, Evidence, Look, after, at_boot, confirmed, may_be
from kiosk.supervisor import wall_clock

GOOD = datetime(2027, 3, 1, 17, 0, tzinfo=timezone.utc)  # when this PC last had a trusted date
MORNING = GOOD + timedelta(hours=14)


def look(at: datetime = MORNING, boot: float = 30.0, **says: object) -> Look:
    """The machine `boot` seconds after it was switched on at `at`; its hardware clock agrees unless told otherwise."""
    wall = at + timedelta(seconds=boot)
    return Look(boot, wall, **({"hardware": wall} | says))  # type: ignore[arg-type]


CASES = [
    ("a night off", MORNING, {}, None),
    ("a year off", GOOD + timedelta(days=365), {}, None),
    ("400 days off and more", GOOD + timedelta(days=401), {}, "too_far"),
    ("ten years ahead", GOOD + timedelta(days=3653), {}, "too_far"),
    ("set back by an hour", GOOD - timedelta(hours=1), {}, "before_last_good"),
    ("battery dead, the board's first day", datetime(2010, 1, 1, tzinfo=timezone.utc), {}, "before_build"),
    ("no clock, 1970", datetime(1970, 1, 1, tzinfo=timezone.utc), {"hardware": None}, "before_build"),
    ("battery dead, stood still", GOOD + timedelta(seconds=40), {}, "saved"),
    ("saved by timesyncd", MORNING, {"saved": (MORNING - timedelta(seconds=3),)}, "saved"),
    ("set by fake-hwclock", MORNING, {"hardware": None, "saved": (MORNING + timedelta(seconds=12),)}, "saved"),
    ("saved long ago", MORNING, {"saved": (MORNING - timedelta(hours=9),)}, None),
    ("saved in this boot", MORNING, {"saved": (MORNING + timedelta(seconds=600),)}, None),
    ("set by hand before we started", MORNING, {"hardware": MORNING + timedelta(hours=5)}, "stepped"),
    ("no hardware clock shown, a believable start", MORNING, {"hardware": None}, None),
]  # fmt: skip


@pytest.mark.parametrize(("at", "says", "refusal"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_hardware_clock_is_believed_only_where_nothing_speaks_against_it(
    at: datetime, says: dict[str, object], refusal: str | None
) -> None:
    belief = at_boot(look(at, **says), GOOD)
    assert belief.refusal == refusal
    assert (belief.evidence is None) == (refusal is not None)


def test_without_a_last_good_time_the_software_s_own_date_is_the_measure() -> None:
    assert at_boot(look(BUILT + timedelta(days=399)), None).evidence is not None
    assert at_boot(look(BUILT + timedelta(days=401)), None).refusal == "too_far"
    assert at_boot(look(BUILT - timedelta(days=1)), None).refusal == "before_build"


def test_the_software_may_be_newer_than_the_boot_it_was_installed_in() -> None:
    assert at_boot(look(BUILT - timedelta(hours=1), boot=7200), None).refusal is None


@pytest.mark.parametrize("way", ["synchronised", "station", "manager"])
def test_each_other_way_brings_trust_to_a_boot_that_had_none(way: str) -> None:
    dead = look(datetime(2010, 1, 1, tzinfo=timezone.utc))
    none = at_boot(dead, GOOD)
    right = look()
    belief = {
        "synchronised": lambda: after(none, look(synchronised=True)),
        "station": lambda: after(none, look(station=True)),
        "manager": lambda: confirmed(none, right.offset),
    }[way]()
    assert not none.trusts(dead.offset) and not none.trusts(right.offset)
    assert belief.trusts(right.offset) and belief.evidence is not None and belief.evidence.because == way
    assert not belief.trusts(dead.offset), "the trust is in the clock as it stood then"


def test_a_step_loses_trust_and_only_a_synchronised_one_brings_it_back() -> None:
    belief = at_boot(look(), GOOD)
    stepped = look(MORNING + timedelta(days=30), hardware=None)
    assert not after(belief, stepped).trusts(stepped.offset)
    again = after(belief, look(MORNING + timedelta(days=30), synchronised=True))
    assert again.trusts(stepped.offset) and not again.trusts(look().offset)
    assert belief.trusts(look().offset), "a clock that was set back right is the clock that was trusted"


moments = st.datetimes(datetime(2000, 1, 1), datetime(2047, 1, 1)).map(lambda at: at.replace(tzinfo=timezone.utc))
seconds = st.floats(0, 40 * 86_400)


@given(
    at=moments, boot=seconds, synchronised=st.booleans(), station=st.booleans(), good=st.none() | moments,
    off=st.none() | st.sampled_from([0, 60, -60, 3600, 86_400]), saved=st.lists(moments, max_size=2),
    near=st.none() | st.integers(-200, 200), confirm=st.booleans(),
)  # fmt: skip
def test_every_combination_of_what_the_machine_says(
    at: datetime, boot: float, synchronised: bool, station: bool, good: datetime | None, off: int | None,
    saved: list[datetime], near: int | None, confirm: bool,
) -> None:  # fmt: skip
    """The verdict against the sentences of DESIGN.md 5, said once more and otherwise."""
    wall = at + timedelta(seconds=boot)
    hardware = None if off is None else wall + timedelta(seconds=off)
    source = hardware or wall
    switched_on = source - timedelta(seconds=boot)
    if near is not None:
        saved = [*saved, switched_on + timedelta(seconds=near)]
    seen = Look(boot, wall, synchronised, hardware, tuple(saved), station)
    belief = at_boot(seen, good)
    if confirm:
        belief = confirmed(belief, seen.offset)
    stood_still = any(-60 <= (switched_on - one).total_seconds() <= 120 for one in [*saved, *([good] if good else [])])
    believable = (
        source >= BUILT
        and (good is None or switched_on >= good)
        and source - max(BUILT, good or BUILT) <= timedelta(days=400)
        and not stood_still
        and (off is None or abs(off) <= 300)
    )
    assert belief.trusts(seen.offset) == (synchronised or station or confirm or believable)
    if not (synchronised or station or confirm) and belief.evidence is not None:
        assert not after(belief, Look(boot + 1, wall + timedelta(days=1))).trusts(seen.offset + 86_399)


@given(offset=st.floats(-1e9, 4e9), moved=st.floats(-4e8, 4e8))
def test_evidence_holds_for_the_clock_as_it_stood(offset: float, moved: float) -> None:
    for because in ("synchronised", "hardware", "station", "manager"):
        belief = Belief(Evidence(because, offset))  # type: ignore[arg-type]
        assert belief.trusts(offset + moved) == (abs(offset + moved - offset) <= 300)
    assert not Belief().trusts(offset)


def test_a_manager_can_neither_set_nor_confirm_a_date_that_cannot_be() -> None:
    assert may_be(BUILT) and may_be(MORNING)
    assert not may_be(BUILT - timedelta(seconds=1)) and not may_be(BUILT + timedelta(days=20 * 365 + 1))


def test_the_supervisor_has_the_same_bounds() -> None:
    bounds = BUILT.timestamp(), (BUILT + timedelta(days=20 * 365)).timestamp()
    assert (wall_clock.EARLIEST, wall_clock.LATEST) == bounds


def test_the_date_of_the_software_is_neither_in_its_future_nor_left_behind() -> None:
    """Moved on with a release; where there is no history it must at least not lie ahead of the machine that tests."""
    done = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=Path(trust.__file__).parent, capture_output=True, text=True
    )
    committed = int(done.stdout) if done.returncode == 0 and done.stdout.strip() else None
    if committed is None:
        assert datetime.now(timezone.utc) >= BUILT
    else:
        made = datetime.fromtimestamp(committed, timezone.utc)
        assert BUILT <= made <= BUILT + timedelta(days=300), "set rules/trust.py BUILT and wall_clock.EARLIEST anew"
