"""How much memory and how many processes a session may have, by policy or by what the PC has."""

import os

import pytest

from kiosk.errors import SettingsError
from kiosk.rules.policy import parse_policy
from kiosk.supervisor import limits
from kiosk.supervisor.asked import SessionPolicy, asked
from kiosk.supervisor.limits import Limits


@pytest.mark.parametrize(("there", "share"), [(512, 512), (1024, 512), (2048, 1536), (4096, 3072), (8192, 6144)])
def test_the_station_keeps_a_quarter_and_half_a_gigabyte_at_least(there: int, share: int) -> None:
    assert limits.computed(there) == share


def test_the_policy_says_so_or_the_pc_does() -> None:
    here = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    assert Limits().memory >> 20 == limits.computed(here)
    assert Limits(memory_mb=900).memory == 900 << 20 and Limits(memory_mb=900).swap == 450 << 20
    # A browser could not start with less, nor in one program with less than this.
    assert Limits(memory_mb=1).memory >> 20 == limits.LEAST_MB
    assert Limits(memory_mb=900).each >> 20 == limits.LEAST_EACH_MB


def test_both_readers_of_the_policy_have_the_same_defaults() -> None:
    checked, raw = parse_policy({}).session, asked({}, "session", SessionPolicy)
    assert (checked.processes, checked.memory_mb) == (raw.processes, raw.memory_mb) == (limits.PROCESSES, 0)
    wanted = {"session": {"processes": 400, "memory_mb": 700}}
    assert parse_policy(wanted).session.processes == asked(wanted, "session", SessionPolicy).processes == 400
    for wrong in ({"processes": 10}, {"processes": 1500.0}, {"memory_mb": -1}, {"memory_mb": True}):
        with pytest.raises(SettingsError, match="policy"):
            parse_policy({"session": wrong})
