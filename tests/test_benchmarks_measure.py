"""Every measurement of scripts/bench that needs no quiet machine, made small: one that cannot measure is found here."""

import http.client
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from desk_support import FakeDesk
from web_faces import People, in_use, served
from web_faces import Station as FakeStation

from kiosk.service.panel import create_panel
from scripts.benchmarks import (
    clicks,
    memory,
    poll,
    province_ingest,
    province_lake,
    province_loaders,
    province_month,
    province_night,
    random_kills,
    release_shares,
    report,
    sign_in,
    sign_in_meanwhile,
)
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import station
from scripts.benchmarks.watching import Panorama
from tests.running import LAST_KEY

# module -> what makes it small
SMALL: list[tuple[ModuleType, dict[str, object]]] = [
    (report, {"YEARS": 2, "VISITS": 2_000, "RUNS": 2, "YEAR_RUNS": 2}),
    (sign_in_meanwhile, {"YEARS": 1, "SIGN_INS": 4}),
    (release_shares, {"RUNS": 2}),
    (province_ingest, {"SITES": (2,) * 4, "DAYS": 6, "ROUNDS": 2}),
    (province_lake, {"SITES": (2,) * 4, "DAYS": 6, "RUNS": 1}),
    (province_loaders, {"SITES": (2,) * 4, "DAYS": 6, "RUNS": 1}),
    (province_night, {"SIZES": (2,) * 10, "OWN_LINES": 5, "DEMO_DAYS": 3}),
    (province_month, {"SIZES": (2,) * 5, "DAYS": 3}),
]


def sound(figures: list[Figure]) -> None:
    assert len({one.name for one in figures}) == len(figures) > 0
    assert [one.name for one in figures if not math.isfinite(one.value) or one.value < 0] == []


@pytest.mark.slow
@pytest.mark.parametrize(("module", "less"), SMALL, ids=lambda one: getattr(one, "__name__", ""))
def test_it_measures(
    module: ModuleType, less: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KIOSK_BENCH_CACHE", str(tmp_path))
    for name, value in less.items():
        assert hasattr(module, name)
        monkeypatch.setattr(module, name, value)
    sound(module.measure())


@pytest.mark.slow
def test_a_sign_in_is_counted_in_statements_and_timed_beside_a_bare_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "COMMITS", 4)
    sound([*sign_in._statements(), *sign_in._times()])


@pytest.mark.slow
@pytest.mark.root
def test_a_click_on_the_panel_is_timed_to_the_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clicks, "CLICKS", 4)
    sound(clicks.measure())


@pytest.mark.slow
@pytest.mark.root
def test_random_kills_are_watched_by_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random_kills, "TIMES", 3)
    sound(random_kills.measure())


class Screen:
    """A screen that shows the fake station's message and minutes, and nothing when its session is over."""

    width = 1366

    def __init__(self, face: FakeStation) -> None:
        self._face = face

    def pixels(self, _x: int, y: int, _width: int, _height: int) -> list[int]:
        state = self._face.state
        text = (state.get("told") or {}).get("text", "")
        return [hash(text)] if y > 64 else [hash((state["state"], state["seconds_left"]))]

    def status(self) -> dict[str, Any]:
        return self._face.state


class Desk(FakeDesk):
    """A desk that takes minutes back, too."""

    def take_back(self, who: str, session: str) -> None:
        super().take_back(who, session)
        self.station.state = in_use(42)


@pytest.mark.slow
def test_each_click_is_a_form_that_the_panel_obeys_and_a_change_on_the_screen() -> None:
    face = FakeStation(in_use(42))
    app = create_panel(face, People(pins={poll.NAME: poll.PIN}), desk=Desk(face))  # type: ignore[arg-type]
    screen = Screen(face)
    with served(app) as address:
        line = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
        cookie = poll._signed_in(line)
        for page, look in [
            *((page, look) for pages, look in clicks.PAIRS for page in pages),
            ("finish", clicks._words),
        ]:
            answered, shown = clicks._click(screen, screen, line, cookie, page, look)  # type: ignore[arg-type]
            assert 0 < answered <= shown, page
        line.close()
    assert face.state["state"] == "free"


@pytest.mark.slow
@pytest.mark.root
def test_memory_is_measured_on_the_third_question_and_nowhere_else() -> None:
    with station("1366x768") as running, Panorama(running.display) as eye:
        memory._to_the_third_question(running, eye)
        memory._press(running, eye, memory.TILE)
        assert running.status()["state"] == "asking", "one of several may be chosen"
        running.key(LAST_KEY)
        running.wait_state("open")
