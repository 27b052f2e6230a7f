"""How much of what citizens answered may leave the PC, by DOMAIN.md's rule, beside the shares that DOMAIN.md expects.

Simulated: answers are drawn anew for each visit, and some skip. A share is visits released in a table by all visits of
its population, HELD ones and those that still wait for a parent's release among them.

DOMAIN.md gives its shares without the chances behind them. The chances below were chosen so that the shares come near
DOMAIN.md's: that they agree is no evidence for either. What the bench shows is how the shares grow with months and
visits under one plausible set of chances; a site with other people has other shares.
"""

import math
import statistics
from collections import Counter
from random import Random

from kiosk.rules.answers import Answers
from kiosk.rules.disclosure import EMPTY, Limits, month_end
from kiosk.rules.tallies import MONTHLY, tally_rows
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import say

SEED, RUNS, DAYS = 20260101, 100, 30
MONTHS = (3, 12, 36)
# What DOMAIN.md expects at one visit a day, in percent after 3, 12 and 36 months.
EXPECTED = {"SEX": (97, 99, 100), "POOR": (27, 82, 92), "ETHMIN": (57, 91, 97), "DISAB": (2, 65, 88)}
# Chances of a visit, chosen to match EXPECTED (see above); nobody counted them.
PICTURE, ANSWERED = 0.8, 0.75
FIRST, POOR, NEARPOOR = 0.3, 0.09, 0.11
GROUPS = {"GRP_ETHMIN": 0.18, "GRP_DISAB": 0.03, "GRP_OTHER": 0.06}
Shares = dict[tuple[str, int], float]


def measure() -> list[Figure]:
    """Mean shares of RUNS stations, at one and at five visits a day."""
    say(f"seed {SEED}, {RUNS} stations at 1 and at 5 visits a day, {max(MONTHS)} months")
    figures = []
    for mean in (1, 5):
        random = Random(SEED + mean)
        runs = [station(random, mean) for _run in range(RUNS)]
        for table, expected in EXPECTED.items():
            for after, percent in zip(MONTHS, expected, strict=True):
                known = f"DOMAIN.md {percent} %" if mean == 1 else "DOMAIN.md: almost all within three months"
                name = f"released of {table}, {mean} a day, {after} months"
                shares = [run[table, after] for run in runs]
                figures.append(Figure(name, statistics.mean(shares), "%", known=known, samples=shares))
    return figures


def station(random: Random, mean: float) -> Shares:
    """One station's shares in percent by (table, months)."""
    books, released, counted = EMPTY, Counter[str](), Counter[str]()
    shares: Shares = {}
    for number in range(max(MONTHS)):
        month = f"{2026 + number // 12}-{number % 12 + 1:02}"
        visits = [_visit(random) for _ in range(_poisson(random, mean * DAYS))]
        rows = Counter(row for visit in visits for row in tally_rows(visit, month))
        new = {
            (name.partition(":")[0], side): count
            for (name, side), count in rows.items()
            if name.partition(":")[0] not in MONTHLY
        }
        for (name, _side), count in new.items():
            counted[name.partition("@")[0]] += count
        books, issued = month_end(books, new, month, Limits())
        for one in issued:
            released[one.table] += one.yes + one.no
        if number + 1 in MONTHS:
            shares |= {(t, number + 1): 100 * released[t] / counted[t] if counted[t] else 0.0 for t in EXPECTED}
    return shares


def _visit(random: Random) -> Answers:
    first = "FST_Y" if random.random() < FIRST else "FST_N"
    sex, age, groups = Answers.sex, Answers.age, Answers.groups
    if random.random() < PICTURE:
        sex = random.choice(("SEX_F", "SEX_M"))
        age = random.choice(("AGE_U16", "AGE_16_30", "AGE_31_59", "AGE_60P"))
    if random.random() < ANSWERED:
        draw = random.random()
        poverty = {"GRP_POOR"} if draw < POOR else {"GRP_NEARPOOR"} if draw < POOR + NEARPOOR else set()
        groups = frozenset(poverty | {code for code, chance in GROUPS.items() if random.random() < chance})
    return Answers(first, sex, age, groups or frozenset({"GRP_NONE"}))


def _poisson(random: Random, mean: float) -> int:
    """Knuth, The Art of Computer Programming 2, 3.4.1; in slices, because exp(-mean) must not vanish."""
    count = 0
    for part in [50.0] * int(mean // 50) + [mean % 50]:
        limit, product = math.exp(-part), random.random()
        while product > limit:
            count, product = count + 1, product * random.random()
    return count
