"""A value that changes on certain days, as a list of (day from which, value). Pure.

The first step begins at ALWAYS, so that there is a value on every day; no step repeats the value before it.
"""

from collections.abc import Callable
from datetime import date, timedelta

ALWAYS = date.min
ONE = timedelta(days=1)
Steps = tuple[tuple[date, str], ...]
# Whether a value that begins on a day says the same as the one before it.
Same = Callable[[str, str, date], bool]


def plain(before: str, after: str, _day: date) -> bool:
    """Most values say the same only when they are the same."""
    return before == after


def value_on(steps: Steps, day: date) -> str:
    """What holds on that day."""
    found = ""
    for begin, value in steps:
        if begin > day:
            break
        found = value
    return found


def put(steps: Steps, first: date, last: date | None, value: str, same: Same = plain) -> Steps:
    """`value` from `first` to `last`; with no `last`, until the next change that is known already."""
    if last is None:
        later = [one for one in steps if one[0] > first]
    else:
        later = [one for one in steps if one[0] > last + ONE]
        if last < date.max - ONE:
            later.insert(0, (last + ONE, value_on(steps, last + ONE)))
    earlier = [one for one in steps if one[0] < first]
    return merged((*earlier, (first, value), *later), same)


def merged(steps: Steps, same: Same = plain) -> Steps:
    """Without the steps that change nothing."""
    done: list[tuple[date, str]] = []
    for day, value in steps:
        if not done or not same(done[-1][1], value, day):
            done.append((day, value))
    return tuple(done)


def within(steps: Steps, first: date | None, last: date | None, same: Same = plain) -> Steps:
    """Only what changes inside a life: what held on its first day held always, what comes after its end is gone."""
    if len(steps) == 1:
        return ((ALWAYS, steps[0][1]),)
    begin = first or ALWAYS
    inside = [one for one in steps if one[0] > begin and (last is None or one[0] <= last)]
    return merged(((ALWAYS, value_on(steps, begin)), *inside), same)
