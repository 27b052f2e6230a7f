"""Some time after bundles came a serving province has them in its lake; what befalls a build never reaches the door."""

import logging
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest

from kiosk.province.door import lake_child
from kiosk.province.door.lake_child import LakeKeeper
from kiosk.province.home import Home
from kiosk.province.lake.lake import figures
from tests.collector_stage import serving, small_world
from tests.province_home import new_home, receiving

pytestmark = pytest.mark.slow


def until(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def visits(home: Home) -> dict[date, int]:
    """What the lake says of every day; nothing where there is none."""
    today = date.today()
    if not (home.lake / "current").exists():
        return {}
    return {row["day"]: row["visits"] for row in figures(home, today - timedelta(days=60), today)}


def test_a_serving_province_builds_its_lake_by_itself(tmp_path: Path) -> None:
    world = small_world(200, stations=2, days=5)
    told = {date.fromisoformat(made.day): 0 for made in world.bundles}
    for made in world.bundles:
        told[date.fromisoformat(made.day)] += made.lines[0]["visits"]
    with serving(tmp_path / "home", "--quiet", "0.3") as province:
        province.join_all(world)
        home = Home(tmp_path / "home")
        for made in world.bundles:
            assert province.put([made.signed]).status == 200
        until(lambda: visits(home) == told)
        until(lambda: "lake: edition" in province.said())


def test_a_build_has_the_lowest_priority_there_is_one_at_a_time_and_it_ends_with_the_keeper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_child, "CHILD", ("-P", "-c", "import time; time.sleep(600)"))
    keeper = LakeKeeper(Home(tmp_path), quiet=0.05)
    keeper.start()
    me = psutil.Process()
    try:
        until(lambda: any("600" in " ".join(one.cmdline()) for one in me.children()))
        (child,) = (one for one in me.children() if "600" in " ".join(one.cmdline()))
        until(lambda: child.nice() == 19)
        for _ in range(20):
            keeper.news()
            time.sleep(0.05)
        assert len([one for one in me.children() if "600" in " ".join(one.cmdline())]) == 1
    finally:
        begun = time.monotonic()
        keeper.close()
    assert time.monotonic() - begun < 5 and not child.is_running()


def test_a_build_that_fails_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lake_child, "FIRST_PAUSE", 0.5)
    world = small_world(201, days=2)
    home = new_home(tmp_path / "home", world.keys)
    with receiving(home) as receiver:
        receiver.send(world.bundles)
    home.lake.rmdir()
    home.lake.write_text("something else is in its place")
    with caplog.at_level(logging.INFO, "kiosk.province"):
        keeper = LakeKeeper(home, quiet=0.05)
        keeper._pause = 0.5
        keeper.start()
        try:
            until(lambda: len([one for one in caplog.messages if "could not be built" in one]) >= 2)
            home.lake.unlink()
            until(lambda: len(visits(home)) == 2)
        finally:
            keeper.close()
    assert all("Traceback" not in one for one in caplog.messages)


def test_whatever_a_build_says_when_it_dies_the_next_one_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A library may write anything; the thread that keeps the lake must not end by it."""
    monkeypatch.setattr(lake_child, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(lake_child, "CHILD", ("-c", "import os; os.write(2, b'\\xff\\xfe no memory'); os._exit(1)"))
    keeper = LakeKeeper(new_home(tmp_path / "home", []), quiet=0.01)
    keeper._pause = 0.1
    keeper.start()
    try:
        until(lambda: len([one for one in caplog.messages if "no memory" in one]) >= 2)
    finally:
        keeper.close()
