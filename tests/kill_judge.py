"""What a screen showed under a storm of kills, against when no session was open; told in figures, and judged."""

from tests.kill_storm import Blow
from tests.screen_watch import COVER, Sample, Span, first_cover, gaps, kind_at, pauses, unseen
from tests.station_processes import slowness

# Blows so near to each other count as one: what the first has ended is not back yet.
TOGETHER = 1.0
WORST = 6
# Several at once, a supervisor that comes back later, programs that start anew on a slow machine: seconds.
RETURNS_WITHIN = 3.0
LOOKS_EVERY = 0.010
AWAY_AT_MOST = 0.1  # of the time in which a cover must be there; or a second, where that is short


def judge_cover(samples: list[Sample], shut: list[Span], blows: list[Blow]) -> None:
    """The cover always returned, and came when a service died under a session; `shut`: when no session was open.

    While nobody looked there was neither a cover nor a gap: how long that was is told, and may not be much.
    """
    (middle, most), away = pauses(samples), unseen(samples, shut)
    closed = sum(end - begin for begin, end in shut)
    print(
        f"looked {len(samples)} times, each {middle * 1000:.1f} ms, 99 of 100 within {most * 1000:.1f} ms; "
        f"no session was open for {closed:.0f} s in {len(shut)} stretches, and nobody looked for {away:.1f} s of it"
    )
    found = sorted(((_seen(samples, gap), gap) for gap in gaps(samples, shut)), reverse=True)
    alone = [one for one in found if len(_under(one[1], blows)) <= 1]
    for length, gap in found[:WORST]:
        names = ", ".join(f"{name} at {moment - gap[0]:+.2f} s" for moment, name in _under(gap, blows))
        print(
            f"  without a cover for {length * 1000:.0f} ms"
            f" ({(gap[1] - gap[0] - length) * 1000:.0f} ms more not looked at): {names or 'nothing was killed'}"
        )
    longest, single = (max((length for length, _gap in some), default=0.0) for some in (found, alone))
    print(
        f"longest uncovered gap while no session was open: {longest * 1000:.0f} ms "
        f"({len(found)} gaps); after one kill alone: {single * 1000:.0f} ms"
    )
    services = [moment for moment, name in blows if name == "service" and kind_at(samples, moment) != COVER]
    came = sorted(_seen(samples, (moment, moment + first_cover(samples, moment))) for moment in services)
    if came:
        print(
            f"a service was killed under an open session {len(came)} times: covered after "
            f"{came[len(came) // 2] * 1000:.0f} ms in the middle, {came[-1] * 1000:.0f} ms at most"
        )
    assert middle <= LOOKS_EVERY * slowness(), "the eye is too slow to know"
    assert away <= max(1.0, AWAY_AT_MOST * closed), "nobody looked for too long to know"
    assert len(shut) > 1 and samples[-1][1] == COVER
    assert max(longest, *came, 0.0) <= RETURNS_WITHIN * slowness()


def _seen(samples: list[Sample], span: Span) -> float:
    """How long a stretch was as far as somebody looked."""
    length = span[1] - span[0]
    return length if length == float("inf") else length - unseen(samples, [span])


def _under(gap: Span, blows: list[Blow]) -> list[Blow]:
    """What was killed during a gap or just before it."""
    return [blow for blow in blows if gap[0] - TOGETHER <= blow[0] <= gap[1]]
