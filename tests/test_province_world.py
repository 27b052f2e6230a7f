"""The made-up province that the tests of the receiving end stand on: its bundles are honest, its model is plain."""

import ast
import random
from collections import Counter
from pathlib import Path

import pytest

from kiosk.export import formats
from kiosk.export.batch import pack, unpack
from kiosk.export.signing import BUNDLE, verify
from tests import province_nation
from tests.province_model import Model
from tests.province_world import Made, Troubles, World, arrivals

SEED = 20261121
ROUGH = Troubles(revised=0.1, off=0.02, restored=0.02, reimaged=0.02)


@pytest.fixture(scope="module")
def world() -> World:
    return World(SEED, sites=4, stations=[1, 2, 1, 2], days=75, troubles=ROUGH)


@pytest.mark.slow
def test_every_bundle_is_read_as_it_was_meant_and_rightly_signed(world: World) -> None:
    public = {key.id: (site, station, key.public) for site, station, key in world.keys}
    assert len(world.bundles) > 400
    for made in world.bundles:
        bundle = formats.read(made.content)
        for name in ("site", "station", "lineage", "epoch", "day", "revision", "sequence", "previous", "name"):
            assert getattr(bundle.manifest, name) == getattr(made, name)
        assert list(bundle.lines) == list(made.lines)
        site, station, key = public[made.signed.key]
        assert (site, station) == (made.site, made.station)
        assert verify(key, BUNDLE, made.content, made.signed.signature)
    sent = [made.signed for made in world.bundles[:400]]
    assert unpack(pack(sent)) == sent


def test_all_that_happens_to_stations_happens_in_it(world: World) -> None:
    kinds = Counter(line["kind"] for made in world.bundles for line in made.lines)
    print(f"seed {SEED}: {len(world.bundles)} bundles, lines {dict(kinds)}")
    assert set(kinds) == set(formats.KINDS), "every kind of line"
    lineages = {(made.site, made.station): set[str]() for made in world.bundles}
    for made in world.bundles:
        lineages[made.site, made.station].add(made.lineage)
    assert max(map(len, lineages.values())) > 1, "a PC was re-imaged"
    assert any(made.epoch != made.lineage for made in world.bundles), "one was restored"
    assert any(made.revision > 100 for made in world.bundles), "and left revisions free"
    assert any(made.made_on != made.day and made.revision == 1 for made in world.bundles), "one was off"
    model = Model()
    assert {model.take(made) for made in world.bundles} == {"stored"}
    assert any(len(of_day) > 1 for of_day in model.current.values()), "a day of two memories"


def test_series_have_no_gap_but_after_a_restore_and_each_number_is_given_once(world: World) -> None:
    by_epoch: dict[str, list[Made]] = {}
    for made in world.bundles:
        by_epoch.setdefault(made.epoch, []).append(made)
    for series in by_epoch.values():
        first = series[0].sequence
        assert [made.sequence for made in series] == list(range(first, first + len(series)))
        assert [made.previous for made in series[1:]] == [made.sha256 for made in series[:-1]]


def test_the_same_seed_is_the_same_world_and_another_is_another() -> None:
    def made(seed: int) -> list[str]:
        return [one.sha256 for one in World(seed, sites=2, stations=1, days=12).bundles]

    assert made(1) == made(1) != made(2)


def test_the_model_knows_no_order_and_counts_no_replay(world: World) -> None:
    straight, mixed = Model(), Model()
    for made in world.bundles:
        straight.take(made)
    order = arrivals(world.bundles, random.Random(SEED))
    for made in order:
        mixed.take(made)
    assert len(order) > len(world.bundles)
    for kind in formats.KINDS:
        assert straight.rows(kind) == mixed.rows(kind)
    for site, station, _key in world.keys:
        assert straight.marks(site, station) == mixed.marks(site, station)
    assert mixed.counts["inputs"] == mixed.counts["stored"] + mixed.counts["duplicates"]
    assert mixed.counts["duplicates"] == len(order) - len(world.bundles)


def test_the_model_uses_nothing_of_the_product() -> None:
    for name in ("province_model.py", "province_day.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text())
        found = [getattr(node, "module", None) or node.names[0].name for node in ast.walk(tree)
                 if isinstance(node, ast.Import | ast.ImportFrom)]  # fmt: skip
        assert not [one for one in found if one.startswith("kiosk")], found


def test_a_day_is_small(world: World) -> None:
    sizes = [len(made.content) for made in world.bundles]
    print(f"bytes of a bundle: mean {sum(sizes) / len(sizes):.0f}, largest {max(sizes)}")
    assert sum(sizes) / len(sizes) <= 2_000


def test_a_nation_is_the_same_bundles_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_BENCH_CACHE", str(tmp_path))
    folder = province_nation.nation(days=4, sites=(2, 1))
    assert province_nation.nation(days=4, sites=(2, 1)) == folder and len(list(tmp_path.iterdir())) == 1
    senders = list(province_nation.stations(folder))
    assert [(one.site, one.station) for one in senders] == [("TH-001", "01"), ("TH-001", "02"), ("TH-002", "01")]
    for one in senders:
        sent = unpack(one.body(folder))
        assert unpack(one.last_night(folder)) == sent[-1:]
        assert all(verify(bytes.fromhex(one.public), BUNDLE, got.content, got.signature) for got in sent)
        bundles = [formats.read(got.content) for got in sent]
        assert [bundle.day["visits"] for bundle in bundles] == list(one.visits)
        assert {(bundle.manifest.site, bundle.manifest.station) for bundle in bundles} == {(one.site, one.station)}
    assert (sum(province_nation.SITES), len(province_nation.SITES)) == (12_000, 1_900)
