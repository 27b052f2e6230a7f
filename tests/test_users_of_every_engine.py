"""The engine's users are those of the rules, to the last one, also where a division would round."""

import random
from collections.abc import Iterator

import pytest

from kiosk.province.indicators.engine_duckdb import DuckDB, open_duckdb
from kiosk.province.indicators.users import estimated
from kiosk.rules import figures
from tests.figures_bundles import Script
from tests.figures_worlds import reading


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDB]:
    folder = tmp_path_factory.mktemp("lake")
    Script().build(folder)
    with reading(folder) as lake, open_duckdb(lake) as engine:
        yield engine


def answers(seed: int) -> list[tuple[int, int, int]]:
    """F, R and U: all small ones that meet the limit of 20, halves among them, and very many at random."""
    dice = random.Random(seed)
    small = [(first, been, unknown) for first in range(12) for been in range(12) for unknown in (0, 1, 5, 12, 33)]
    return small + [tuple(dice.randrange(10 ** dice.randrange(1, 8)) for _n in range(3)) for _m in range(5_000)]  # type: ignore[misc]


def test_users_are_those_of_the_rules(engine: DuckDB) -> None:
    import pyarrow as pa

    seed = random.randrange(10**6)
    told = answers(seed)
    print(f"seed {seed}, {len(told)} triples")
    columns = dict(zip(("first", "been", "unknown"), map(list, zip(*told, strict=True)), strict=True))
    table = engine.given("answers", pa.table(columns))
    rows = {(row["first"], row["been"], row["unknown"]): row["users"] for row in engine.rows(estimated(table))}
    assert rows == {one: figures.users(*one).value for one in told}
    assert any(figures.users(*one).estimated for one in told)
