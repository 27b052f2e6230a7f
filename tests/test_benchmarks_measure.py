"""Every measurement of scripts/bench that needs no quiet machine, made small: one that cannot measure is found here."""

import math
from types import ModuleType

import pytest

from scripts.benchmarks import clicks, memory, release_shares, report, sign_in, sign_in_meanwhile
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import station
from scripts.benchmarks.watching import Panorama
from tests.running import LAST_KEY

# module -> what makes it small
SMALL: list[tuple[ModuleType, dict[str, object]]] = [
    (report, {"YEARS": 2, "VISITS": 2_000, "RUNS": 2, "YEAR_RUNS": 2}),
    (sign_in_meanwhile, {"YEARS": 1, "SIGN_INS": 4}),
    (release_shares, {"RUNS": 2}),
]


def sound(figures: list[Figure]) -> None:
    assert len({one.name for one in figures}) == len(figures) > 0
    assert [one.name for one in figures if not math.isfinite(one.value) or one.value < 0] == []


@pytest.mark.slow
@pytest.mark.parametrize(("module", "less"), SMALL, ids=lambda one: getattr(one, "__name__", ""))
def test_it_measures(module: ModuleType, less: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_memory_is_measured_on_the_third_question_and_nowhere_else() -> None:
    with station("1366x768") as running, Panorama(running.display) as eye:
        memory._to_the_third_question(running, eye)
        memory._press(running, eye, memory.TILE)
        assert running.status()["state"] == "asking", "one of several may be chosen"
        running.key(LAST_KEY)
        running.wait_state("open")
