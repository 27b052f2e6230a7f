"""What a station that waits for somebody takes from the processor."""

import time

from scripts.benchmarks import proc
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import say, station

SECONDS = 60
SETTLE = 5
BUDGET = 0.3
KNOWN = "timekpr-next 0.07 %; Libki's minute job 2.3 %"


def measure() -> list[Figure]:
    """Percent of one core over a minute at START, for all three processes and for each."""
    with station() as running:
        pids = running.own("service", "lock")
        say(f"watching a locked station for {SECONDS} s")
        time.sleep(SETTLE)
        before, asleep, start = _spent(pids), _woken(pids), time.monotonic()
        time.sleep(SECONDS)
        after, passed = _spent(pids), time.monotonic() - start
        woken = {role: (times - asleep[role]) / passed for role, times in _woken(pids).items()}
    if running.log().count("ended ("):
        raise RuntimeError("a process ended while it was watched")
    each = {role: 100 * (after[role] - before[role]) / passed for role in pids}
    note = ", ".join(f"{role} {share:.3f} % ({woken[role]:.1f} wake-ups/s)" for role, share in each.items())
    return [Figure("locked: processor", sum(each.values()), "% of a core", BUDGET, KNOWN, note)]


def _spent(pids: dict[str, int]) -> dict[str, float]:
    return {role: proc.cpu_seconds(pid) for role, pid in pids.items()}


def _woken(pids: dict[str, int]) -> dict[str, int]:
    return {role: proc.wake_ups(pid) for role, pid in pids.items()}
