"""What every engine is asked, so that their answers can be compared: all figures of many days, places and worlds.

`python -m tests.engines_asked FOLDER` answers with Spark in a process of its own, as one line of JSON for each world.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.content import most_opened
from kiosk.province.indicators.engine import Engine, opened
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.missed import most_missed
from kiosk.province.indicators.trend import trend
from kiosk.province.indicators.world import World
from kiosk.rules.periods import days_period, months_period, week_period
from tests.figures_worlds import Small, reading, worlds

TODAY = date(2026, 7, 2)
YEAR = Ask(months_period((2025, 1), (2025, 12)), TODAY, by="site")
# What has been of 2026, ends in the middle of a month; days cut months at both ends.
PERIODS: Mapping[str, Ask] = {
    "year": YEAR,
    "year so far": replace(YEAR, period=months_period((2026, 1), (2026, 12)), today=date(2026, 2, 19)),
    "quarter": replace(YEAR, period=months_period((2025, 10), (2025, 12)), by="line"),
    "half a year": replace(YEAR, period=months_period((2025, 7), (2025, 12)), by="commune"),
    "nine months": replace(YEAR, period=months_period((2025, 1), (2025, 9)), by="district"),
    "days": replace(YEAR, period=days_period(date(2025, 3, 10), date(2025, 8, 20))),
    "a week": replace(YEAR, period=week_period(2025, 47)),
    "all years": replace(YEAR, period=months_period((2024, 1), (2026, 12))),
}
PLACES: Mapping[str, Ask] = {
    **{f"by {by}": replace(YEAR, by=by) for by in ("province", "district", "commune", "line")},
    "a unit": replace(YEAR, within="20001", by="commune"),
    "a line": replace(YEAR, line="post", by="commune"),
    "a site": replace(YEAR, site="TH-002"),
}
ASKS = {**PERIODS, **PLACES}
# One world is asked everything, the others what cuts their months.
ASKED = {small.name: tuple(ASKS) if small.name == "golden" else ("year so far", "days")
         for small in worlds()}  # fmt: skip
# Spark takes seconds for what the others do in a hundredth, so of few worlds; every `by` is among it.
SPARK = {"golden": ("year so far", "quarter", "nine months", "days", "by province", "a unit", "a site"),
         "seed 1": ("days",)}  # fmt: skip
# Of a few rows it would be busy with compiling its questions.
SPARK_DEFAULTS = "spark.sql.codegen.wholeStage false\n"
Answers = dict[str, dict[str, dict[str, str]]]


def answers(world: World, names: tuple[str, ...] = tuple(ASKS)) -> Answers:
    """Ask -> place -> code -> the whole value in words; the lists beside the figures, and the trend of some."""
    found: Answers = {}
    for name in names:
        told = figures(world, ASKS[name])
        found[name] = {place: {code: repr(value) for code, value in values.items()}
                       for place, values in told.places.items()}  # fmt: skip
    lists = {"opened": most_opened(world, YEAR, 10), "missed": most_missed(world, YEAR, 10),
             "trend": trend(world, replace(YEAR, by="province"), ("VISITS", "MISSED"))}  # fmt: skip
    found["beside"] = {"": {name: repr(value) for name, value in lists.items()}}
    return found


def of_engine(small: Small, engine: Engine) -> World:
    """A world reckoned by an engine."""
    return World(engine, small.register, "Tỉnh thử", 1, "2026-07-01")


def by_spark(folder: Path) -> Iterator[tuple[str, Answers]]:
    """The answers of Spark, world by world."""
    for small in worlds():
        if small.name in SPARK:
            with reading(folder / small.name) as lake, opened(lake, "spark", "local[2]") as engine:
                yield small.name, answers(of_engine(small, engine), SPARK[small.name])


if __name__ == "__main__":
    for world_name, told_of_it in by_spark(Path(sys.argv[1])):
        print(json.dumps([world_name, told_of_it]), flush=True)
