"""Every figure of every place and period is what a plain model reckons from the raw lines, in made-up worlds."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.province.indicators.ask import LINES, Ask
from kiosk.province.indicators.content import most_opened
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.missed import most_missed
from kiosk.province.indicators.world import World
from kiosk.rules.periods import Period, days_period, months_period
from tests.figures_worlds import Small, worlds
from tests.plain_asked import Asked
from tests.plain_figures import CODES, most, wanted
from tests.plain_truth import Truth

WORLDS = {small.name: small for small in worlds()}
ASKS = 8  # questions to each world


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lakes")


def differences(world: World, truth: Truth, ask: Ask) -> Iterator[str]:
    """Whatever is told otherwise than the model says it."""
    here, told = Asked(truth, ask), figures(world, ask)
    for key, sites in here.places().items():
        one_site = bool(ask.site) or (ask.by == "site" and key != "")
        for code in CODES:
            if code == "EFFECTIVE" and not (one_site and set(sites) & set(here.living)):
                continue  # it is said of a site alone
            if wrong := wanted(here, code, sites, one_site).differs(told.of(key).get(code)):
                yield f"{ask.period.text} asked on {ask.today} {_others(ask)}: {key or 'all'} {code} {wrong}"


def _others(ask: Ask) -> str:
    named = {"by": ask.by, "within": ask.within, "line": ask.line, "site": ask.site, "starts_on": ask.starts_on}
    return " ".join(f"{name}={value}" for name, value in named.items() if value)


def periods(dice: random.Random, starts_on: int) -> Period:
    """Quarters, 6, 9 and 12 months, years, and any days."""
    year, month = dice.choice(((2024, 10), (2025, 1), (2025, 4), (2025, 7), (2025, 10), (2026, 1)))
    count = dice.choice((1, 3, 6, 9, 12))
    if dice.random() < 0.2:
        first = date(2024, 12, 1) + timedelta(days=dice.randrange(400))
        return days_period(first, first + timedelta(days=dice.randrange(70)))
    end = (year * 12 + month - 1 + count - 1) % 12 + 1, (year * 12 + month - 1 + count - 1) // 12
    return months_period((year, month), (end[1], end[0]), starts_on)


def asks(dice: random.Random, small: Small) -> Iterator[Ask]:
    """Questions of any kind."""
    sites = list(small.register.sites)
    for _number in range(ASKS):
        starts_on = dice.choice((1, 1, 1, 15))
        period = periods(dice, starts_on)
        over = period.last + timedelta(days=1)
        today = dice.choice((over, over, over, period.first + timedelta(days=dice.randrange(len(period) + 1))))
        yield Ask(
            period, today, dice.choice(("province", "district", "commune", "line", "site")),
            within=dice.choice(("", "", "", "38", "20001", "14003")), line=dice.choice(("", "", *LINES)),
            site=dice.choice(sites) if dice.random() < 0.15 else "", starts_on=starts_on,
        )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_every_figure_is_what_the_plain_model_reckons(name: str, lakes: Path) -> None:
    small, dice = WORLDS[name], random.Random(name)
    truth, wrong, asked = Truth(small.script, small.register), list[str](), 0
    with small.opened(lakes / name) as world:
        for ask in asks(dice, small):
            wrong += differences(world, truth, ask)
            asked += 1
    print(f"{name}: {asked} questions, {len(small.script.sent)} bundles, {len(wrong)} differences")
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_what_is_opened_and_missed_most_is_what_the_plain_model_counts(name: str, lakes: Path) -> None:
    small, dice, found = WORLDS[name], random.Random(f"most {name}"), 0
    truth = Truth(small.script, small.register)
    with small.opened(lakes / name) as world:
        all_days = Ask(months_period((2024, 1), (2026, 6)), date(2026, 7, 1))
        for ask in [all_days, *list(asks(dice, small))[:3]]:
            here = Asked(truth, ask)
            opened, missed = most(here, "open"), most(here, "missed")
            told = most_opened(world, ask, 2)
            assert [(one.item, one.times, one.sites) for one in told] == opened[:2], ask
            assert [one.guide for one in told] == [world.guides.get(item) for item, _times, _sites in opened[:2]]
            assert [(one.words, one.searches, one.sites) for one in most_missed(world, ask)] == missed, ask
            found += len(opened)
    assert found
