"""What wrong tries cost: PINs and tickets at a station, passwords at the province. Pure.

It trusts no wall clock. A wait is counted by boot seconds: in the boot it began in, from then; in any later boot, from
that boot's start, which cannot have come sooner. Time with the power off is not credited, so neither a clock set
forward nor a reboot can shorten a wait; a reboot may only lengthen it.
"""

from dataclasses import dataclass
from math import ceil

from kiosk.clock import Reading

Row = tuple[int, int, str, float, float]  # tries, waits, boot id, boot second it counts from, wait


@dataclass(frozen=True)
class Limit:
    """After `tries` wrong ones `wait` seconds, twice as long each time up to `longest`."""

    tries: int
    wait: float
    longest: float


def judge(before: Row | None, now: Reading, limit: Limit) -> tuple[int, Row | None]:
    """(seconds to wait, what is to be kept of this try); None: it is not allowed, and nothing changes."""
    made, waits, boot_id, boot_from, waiting = before or (0, 0, now.boot_id, now.boot, 0.0)
    left = _left(now, boot_id, boot_from, waiting)
    if left:
        return left, None
    made, waiting = made + 1, 0.0
    if made >= limit.tries:
        made, waits, waiting = 0, min(waits + 1, 30), min(limit.wait * 2**waits, max(limit.wait, limit.longest))
    return ceil(waiting), (made, waits, now.boot_id, now.boot, waiting)


def _left(now: Reading, boot_id: str, boot_from: float, wait: float) -> int:
    passed = now.boot - boot_from if boot_id == now.boot_id else now.boot
    return max(0, ceil(wait - passed))
