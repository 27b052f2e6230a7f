"""The lake depends on what was received, not on its order nor on when it was built; and says what a model says."""

import random
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from kiosk.province.lake.edition import Edition
from kiosk.province.lake.editions import Editions
from kiosk.province.lake.lake import build_from
from kiosk.province.lake.tables import TABLES
from tests import lake_rows
from tests.lake_source import Told
from tests.province_model import Model
from tests.province_rounds import rounds
from tests.province_world import Made, Troubles, World, arrivals

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 1, tzinfo=timezone.utc)
OFTEN = Troubles(revised=0.2, off=0.03, restored=0.03, reimaged=0.03)


def edition_of(lake: Path) -> Edition:
    """What is published there."""
    edition = Editions(lake).current()
    assert edition is not None
    assert all(edition.is_whole(name, thoroughly=True) for name in edition.about.files)
    return edition


def built_at_once(lake: Path, model: Model, dice: random.Random) -> Edition:
    """All that counts or did, in another order, in one build."""
    source, rest = Told(), list(model.known.values())
    dice.shuffle(rest)
    for one in rest:
        assert isinstance(one, Made)
        source.take(one)
    build_from(lake, source, NOW)
    return edition_of(lake)


# Seed of the province, its sites and PCs, days, and how often the lake is built before all has come.
HISTORIES = (st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 2), st.integers(25, 45), st.integers(0, 4))
SLOWLY = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@pytest.mark.slow
@pytest.mark.timeout(300)
@settings(max_examples=4, **SLOWLY)  # type: ignore[arg-type]
@given(*HISTORIES)
def test_any_order_and_any_builds_give_the_same_files(seed: int, sites: int, pcs: int, days: int, builds: int) -> None:
    any_order_and_any_builds(seed, sites, pcs, days, builds)


@pytest.mark.faults
@pytest.mark.timeout(600)
@settings(max_examples=rounds(1, 40), **SLOWLY)  # type: ignore[arg-type]
@given(*HISTORIES)
def test_many_orders_and_builds_give_the_same_files(seed: int, sites: int, pcs: int, days: int, builds: int) -> None:
    any_order_and_any_builds(seed, sites, pcs, days, builds)


def any_order_and_any_builds(seed: int, sites: int, pcs: int, days: int, builds: int) -> None:
    """Built now and then while bundles come, at once, and all anew."""
    dice = random.Random(seed)
    came = arrivals(World(seed, sites, pcs, days, troubles=OFTEN).bundles, dice)
    points = sorted(dice.sample(range(len(came)), builds))
    note(f"seed {seed}: {len(came)} bundles came, built after {points} and at the end")
    model, source = Model(), Told()
    with TemporaryDirectory() as folder:
        lake = Path(folder) / "lake"
        for number, one in enumerate(came):
            if model.take(one) == "stored":
                source.take(one)
            if number in points:
                build_from(lake, source, NOW)
        build_from(lake, source, NOW)
        at_once = built_at_once(Path(folder) / "at once", model, dice)
        assert edition_of(lake).about.files == at_once.about.files
        assert not build_from(lake, source, NOW).new
        again = build_from(lake, source, NOW, everything=True)
        assert again.new and edition_of(lake).about.files == at_once.about.files


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Edition]:
    """A troubled province of 70 days, told in any order, built in four steps."""
    dice = random.Random(11)
    model, source, lake = Model(), Told(), tmp_path_factory.mktemp("lake")
    came = arrivals(World(5, 3, 3, 70, troubles=OFTEN).bundles, dice)
    for number, one in enumerate(came):
        if model.take(one) == "stored":
            source.take(one)
        if number % (len(came) // 3) == 0:
            build_from(lake, source, NOW)
    build_from(lake, source, NOW)
    assert model.counts["replaced"] > 20 and model.counts["duplicates"] > 20
    assert any(len(lineages) > 1 for lineages in model.current.values()), "no PC with two lineages in a day"
    return model, edition_of(lake)


@pytest.mark.slow
@pytest.mark.parametrize("table", lake_rows.PLAIN)
def test_a_table_has_the_lines_that_count(small: tuple[Model, Edition], table: str) -> None:
    model, edition = small
    found = lake_rows.lake_rows(edition.path, table)
    expected = lake_rows.expected(model, table, [column.name for column in TABLES[table].columns])
    assert found and [row["day"] for row in found] == sorted(row["day"] for row in found)
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_every_release_is_there_once_also_when_a_later_revision_told_it_again(small: tuple[Model, Edition]) -> None:
    model, edition = small
    found = lake_rows.lake_rows(edition.path, "releases")
    told = [line for one in model.known.values() for line in one.lines if line["kind"] == "release"]
    assert len(told) > len(found) > 0, "no release was told again"
    assert sorted(row["release_id"] for row in found) == sorted({line["id"] for line in told})
    expected = lake_rows.releases(model, [column.name for column in TABLES["releases"].columns])
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_a_lock_has_a_row_for_each_figure(small: tuple[Model, Edition]) -> None:
    model, edition = small
    found = lake_rows.lake_rows(edition.path, "locks")
    names = ("day", "site", "station", "about_month", "code", "figure")
    assert found
    assert sorted(({name: row[name] for name in names} for row in found), key=repr) == lake_rows.locks(model)


def test_figures_by_site_are_those_of_the_model(small: tuple[Model, Edition]) -> None:
    model, edition = small
    days = {
        (row.pop("site"), row.pop("day").isoformat()): row for row in lake_rows.lake_rows(edition.path, "site_days")
    }
    months = {
        (row.pop("site"), f"{row.pop('month_first'):%Y-%m}"): row
        for row in lake_rows.lake_rows(edition.path, "site_months")
    }
    for found, expected in ((days, lake_rows.site_days(model)), (months, lake_rows.site_months(model))):
        assert found.keys() == expected.keys()
        for name, row in found.items():
            assert row == {column: expected[name][column] for column in row}, name
            assert +expected[name] == {column: count for column, count in row.items() if count}, name
    codes = {
        (row["site"], f"{row['month_first']:%Y-%m}", row["kind"], row["code"]): row["amount"]
        for row in lake_rows.lake_rows(edition.path, "site_month_codes")
    }
    assert codes == lake_rows.site_codes(model)


def test_arrivals_say_when_each_pc_first_told_of_a_day_and_how_often(tmp_path: Path) -> None:
    world = World(7, 1, 2, 12, troubles=Troubles(1, 0, 0, 0))
    source = Told()
    for one in world.bundles:
        source.take(one, f"{one.made_on}T18:30:00+00:00")
    build_from(tmp_path, source, NOW)
    found = lake_rows.lake_rows(edition_of(tmp_path).path, "arrivals")
    told: dict[tuple[str, str], list[Made]] = {}
    for one in world.bundles:
        told.setdefault((one.station, one.day), []).append(one)
    assert len(found) == len(told) == 24
    for row in found:
        made = told[row["station"], row["day"].isoformat()]
        newest = max(made, key=lambda one: one.revision)
        assert row["first_received"] == f"{made[0].made_on}T18:30:00+00:00"
        # At half past one in the morning of the next day, where the province is.
        assert (row["first_received_on"] - row["day"]).days == 1
        assert row["received"] == f"{newest.made_on}T18:30:00+00:00"
        assert (row["revisions"], row["revision"]) == (len(made), newest.revision)
        assert (row["bytes"], row["sequence"]) == (len(newest.content), newest.sequence)
    in_time = lake_rows.lake_rows(edition_of(tmp_path).path, "site_arrivals")
    assert [(row["pcs"], row["pcs_in_3_days"], row["pcs_by_third"]) for row in in_time] == [(2, 2, 2)] * 12
