"""Days before a site opened and after it closed count in no figure, however many such months there are."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.lives import FEW, edges, lives_of, widened
from kiosk.province.indicators.spans import segments_of
from kiosk.province.indicators.world import World
from kiosk.province.register.planned_days import planned_days
from kiosk.province.register.site_history import SiteHistory
from kiosk.province.register.state import Register
from kiosk.province.register.units import Units
from kiosk.rules.periods import months_period
from tests.figures_bundles import Script, site
from tests.figures_worlds import Small

pytestmark = pytest.mark.slow
YEARS = months_period((2024, 1), (2025, 12))
MANY = FEW + 6
CODES = ("VISITS", "REPORTED_DAYS", "PLANNED_DAYS", "PC_HOURS", "USERS", "TIMELINESS", "OPENS")


def sites(many: int) -> dict[str, SiteHistory]:
    """Each opened in another month; every third one told days before, every fifth closed in June 2025."""
    return {
        code: site(code, "", week="1234567", opened=f"{2024 + n // 12}-{n % 12 + 1:02}-{10 + n % 3}",
                   last="2025-06-20" if n % 5 == 4 and n < 12 else "")
        for n, code in ((n, f"TH-{n:03}") for n in range(many))
    }  # fmt: skip


def told(known: dict[str, SiteHistory]) -> Script:
    """Of every site every fourth day, from five days before it opened for every third one, to five after it closed."""
    script = Script()
    for n, (code, one) in enumerate(known.items()):
        assert one.opened is not None
        first = one.opened - timedelta(5 if n % 3 == 0 else 0)
        last = one.last + timedelta(5) if one.last else date(2025, 12, 31)
        for number in range(0, (last - first).days + 1, 4):
            day = first + timedelta(number)
            script.day(code, "01", day, {"kind": "open", "item": "x", "count": 1}, visits=1 + n % 4, seconds=3_600,
                       open_minutes=60, late=number % 6)  # fmt: skip
    return script


@pytest.fixture(scope="module", params=[5, MANY], ids=["few", "many"])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Script, World]]:
    known = sites(request.param)
    script = told(known)
    register = Register(known, Units({}))
    with Small("edges", script, register).opened(tmp_path_factory.mktemp("lake")) as world:
        yield script, world


def inside(script: Script, known: SiteHistory) -> list[dict[str, int]]:
    """The day lines of a site's life."""
    return [one.lines[0] for one in script.sent if one.site == known.code and known.lives(one.day)]


def test_only_days_of_the_life_are_added_up(small: tuple[Script, World]) -> None:
    script, world = small
    found = figures(world, Ask(YEARS, date(2026, 1, 1), "site"), CODES)
    for code, known in world.register.sites.items():
        lines, values = inside(script, known), found.of(code)
        assert values["VISITS"].number == sum(line["visits"] for line in lines)
        assert values["REPORTED_DAYS"].number == len(lines)
        assert values["OPENS"].number == len(lines)
        assert values["PC_HOURS"].number == len(lines)
        assert values["TIMELINESS"].whole == len(lines)
        assert values["PLANNED_DAYS"].number == planned_days(known, YEARS.first, YEARS.last)
    control = sum(line["visits"] for one in script.sent for line in one.lines[:1])
    assert sum(one["VISITS"].number or 0 for key, one in found.places.items() if key) < control


def test_a_life_is_widened_only_where_nothing_came_from_the_rest_of_its_month(small: tuple[Script, World]) -> None:
    script, world = small
    lives = lives_of(world.register.sites)
    wide = widened(world.engine, lives, segments_of(YEARS))
    if len(edges(lives)) <= FEW:
        assert wide == lives
        return
    for code, (first, last) in wide.items():
        known = world.register.sites[code]
        beyond = [one.day for one in script.sent if one.site == code and not known.lives(one.day)]
        assert not any(first <= day <= last for day in beyond)
        assert first <= lives[code][0] and last >= lives[code][1]
    assert sum(wide[code] != lives[code] for code in lives) > len(lives) // 2
