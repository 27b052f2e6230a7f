"""Keys of PCs and of the province change, are replaced, are revoked: against a province that really serves."""

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import RefusedError
from kiosk.export import joining, rotating
from kiosk.export.enrolment import load as load_enrolment
from kiosk.export.province_line import ProvinceLine
from kiosk.export.receipts import receipt_in
from kiosk.export.sealed import CARD, ROTATION, seal
from kiosk.export.signing import Key, key_id
from kiosk.settings import Paths
from tests.collector_stage import Collector, serving, small_world
from tests.joining_stage import HERE, kiosk, state_of, station_home

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with serving(tmp_path_factory.mktemp("joining") / "home") as collector:
        yield collector


@pytest.mark.slow
def test_a_re_imaged_pc_joins_anew_and_what_its_old_key_signed_still_counts(province: Collector) -> None:
    world, public = small_world(20, days=6), bytes.fromhex(json.loads(province.card()["payload"])["key"])
    old = world.bundles[0].key
    province.join("TH-001", "01", old)
    early, late = [made.signed for made in world.bundles[:3]], [made.signed for made in world.bundles[3:]]
    assert province.put(early).status == 200
    new = province.join("TH-001", "01")
    assert state_of(province, "TH-001", "01") == ["good", "good"], "until the new one is used, both are"
    other = small_world(21, days=2)
    again = [type(one)(new.id, new.sign(b"kiosk bundle 1\n", one.content), one.content)
             for one in (made.signed for made in other.bundles)]  # fmt: skip
    assert province.put(again).status == 200
    assert state_of(province, "TH-001", "01") == ["good", "retired"]
    said = province.put(late)
    (receipt,) = (receipt_in(public, one) for one in said.told["receipts"])
    assert not receipt.refused and set(receipt.stored) == {made.sha256 for made in world.bundles[3:]}
    assert state_of(province, "TH-001", "01") == ["good", "retired"], "a stick from before takes nothing back"


@pytest.mark.slow
def test_a_stick_is_taken_in_while_the_province_serves_and_is_the_first_use_of_a_key_too(
    province: Collector, tmp_path: Path
) -> None:
    world = small_world(24, days=4, sites=5)
    mine = [made for made in world.bundles if made.site == "TH-005"]
    first = province.join("TH-005", "01")
    assert province.order("station show", site="TH-005", station="01")["key"] == first.id
    province.join("TH-005", "01", mine[0].key)
    assert state_of(province, "TH-005", "01") == ["good", "retired"], "one that was never used gives way at once"
    for made in mine:
        (tmp_path / made.name).write_bytes(made.content)
        (tmp_path / f"{made.name}.sig").write_bytes(made.signed.line)
    done = kiosk("ingest", str(tmp_path), "--home", str(province.home), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stored"] == 4 and list((tmp_path / "receipts").iterdir())
    again = province.put([made.signed for made in mine])
    assert json.loads(json.loads(again.told["marks"])["payload"])["marks"] == {mine[0].epoch: 4}
    rows = province.order("station list", site="TH-005")
    assert [(row["last_day"], row["way"], row["new_key"]) for row in rows] == [(mine[-1].day, "stick", "")]


@pytest.mark.slow
def test_a_revoked_key_counts_no_more_and_the_place_may_join_again(province: Collector) -> None:
    world, public = small_world(22, days=6, sites=3), bytes.fromhex(json.loads(province.card()["payload"])["key"])
    mine = [made for made in world.bundles if made.site == "TH-003"]
    province.join("TH-003", "01", mine[0].key)
    assert province.put([made.signed for made in mine[:3]]).status == 200
    with pytest.raises(RefusedError):
        province.order("station revoke", site="TH-003", station="01", reason="  ")
    done = province.order("station revoke", site="TH-003", station="01", reason="stolen")
    assert done["keys"] == [mine[0].key.id]
    said = province.put([made.signed for made in mine[3:]])
    (receipt,) = (receipt_in(public, one) for one in said.told["receipts"])
    assert set(receipt.refused.values()) == {"REVOKED_KEY"} and not receipt.stored
    assert province.put([made.signed for made in mine[:3]]).told["receipts"][0].count(mine[0].sha256) == 1
    said = rotated(province, mine[0].key, Key.make(), "TH-003")
    assert (said.status, said.code) == (403, "REVOKED_KEY")
    assert province.enrol(province.code("TH-003", "01"), mine[0].key).code == "USED", "not by the same key"
    province.join("TH-003", "01")
    assert state_of(province, "TH-003", "01") == ["good", "revoked"]
    shown = province.order("station show", site="TH-003", station="01")
    assert ("revoke", "stolen") in [(one["deed"], one["why"]) for one in shown["deeds"]]


def rotated(province: Collector, old: Key, new: Key, site: str, station: str = "01", **changes: Any) -> Any:
    told = {"site": site, "station": station, "public": new.public.hex(), "at": "2026-11-20T00:00:00Z"} | changes
    return province.ask("POST", "/v1/rotate", seal(old, ROTATION, told).encode())


@pytest.mark.slow
def test_a_pc_changes_its_key_once_and_asking_again_is_harmless(province: Collector) -> None:
    old, new = province.join("C-1", "01"), Key.make()
    assert [rotated(province, old, new, "C-1").told for _time in range(2)] == [{"key": new.id}] * 2
    world = small_world(23, days=1)
    content = world.bundles[0].content
    assert state_of(province, "C-1", "01") == ["good", "good"]
    bundle = type(world.bundles[0].signed)(new.id, new.sign(b"kiosk bundle 1\n", content), content)
    province.put([bundle])  # of another site: put aside, so it is no first use
    assert state_of(province, "C-1", "01") == ["good", "good"]
    stranger = Key.make()
    assert rotated(province, stranger, Key.make(), "C-1").code == "UNKNOWN_KEY"
    assert rotated(province, old, Key.make(), "C-2").code == "WRONG_SITE"
    body = json.loads(seal(old, ROTATION, {"site": "C-1", "station": "01", "public": new.public.hex(), "at": ""}))
    body["payload"] = body["payload"].replace(new.public.hex(), stranger.public.hex())
    assert province.ask("POST", "/v1/rotate", json.dumps(body).encode()).code == "SIGNATURE"
    assert rotated(province, old, Key.make(), "C-1", public="00").code == "SCHEMA"


@pytest.mark.slow
def test_a_key_belongs_to_one_place(province: Collector) -> None:
    key = province.join("D-1", "01")
    assert province.enrol(province.code("D-2", "01"), key).code == "USED"
    assert rotated(province, province.join("D-3", "01"), key, "D-3").code == "REPLACED"


@pytest.mark.slow
def test_a_pc_that_slept_while_the_province_changed_its_key_twice_believes_it_again(tmp_path: Path) -> None:
    home, paths = tmp_path / "home", station_home(tmp_path / "station")
    with serving(home) as province:
        (home / "province.toml").write_text(
            (home / "province.toml").read_text().replace(":8443", f":{province.place[1]}")
        )
        province.stop()
        province.options = ("--listen", f"127.0.0.1:{province.place[1]}")
        province.start()
        code = province.code("H-1", "01")
        enrolled, _renamed = joining.join(paths, province.url, code.shown, HERE, True, lambda *_: None)
        for _change in range(2):
            for switch in (False, True):
                province.order("key rotate", switch=switch, hurry=True)
        public = bytes.fromhex(json.loads(province.card()["payload"])["key"])
        assert public not in enrolled.province, "the control: it knows none of the keys in force"
        line = ProvinceLine(paths, enrolled)
        assert line.renew() and public in line.enrolled.province
        stranger = Key.make()
        forged = seal(stranger, CARD, json.loads(province.card()["payload"]) | {"version": 2**40})
        assert not line._take(forged), "nobody else's card is taken on the way"
        line.close()
        assert public in enrolment_on_disk(paths)
        changed = rotating.rotate(paths, HERE.now)
        assert changed.key != enrolled.key and state_of(province, "H-1", "01") == ["good", "good"]
        assert province.order("station revoke", site="H-1", station="01", reason="lost")["keys"]
        with pytest.raises(RefusedError):
            rotating.rotate(paths, HERE.now)


def enrolment_on_disk(paths: Paths) -> tuple[bytes, ...]:
    """The province's keys as the station keeps them."""
    enrolled = load_enrolment(paths)
    assert enrolled is not None
    return enrolled.province


@pytest.mark.slow
def test_a_province_changes_its_key_and_nobody_is_left_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    at_home = ("--home", str(home))
    with serving(home) as province:
        world = small_world(30, days=4)
        province.join_all(world)
        first = json.loads(province.card()["payload"])
        assert kiosk("key", "rotate", "--switch", *at_home).returncode == 4, "nothing was announced"
        assert kiosk("key", "rotate", *at_home).returncode == 0
        assert kiosk("key", "rotate", *at_home).returncode == 4, "it is announced already"
        second = json.loads(province.card()["payload"])
        assert second["key"] == first["key"] and second["next_key"] and second["version"] > first["version"]
        said = province.put([world.bundles[0].signed])
        assert said.told["card"] == second["version"], "stations hear that there is another card"
        receipt_in(bytes.fromhex(first["key"]), said.told["receipts"][0])
        assert kiosk("key", "rotate", "--switch", *at_home).returncode == 4, "not yet: PCs may be away"
        assert kiosk("key", "rotate", "--switch", "--now", *at_home).returncode == 0
        third = json.loads(province.card()["payload"])
        assert third["key"] == second["next_key"] and third["next_key"] is None
        assert third["version"] > second["version"]
        said = province.put([made.signed for made in world.bundles])
        for one in said.told["receipts"]:
            receipt_in(bytes.fromhex(third["key"]), one)
        old = province.ask("GET", "/v1/card?by=" + key_id(bytes.fromhex(first["key"]))).told
        assert json.loads(old["payload"])["next_key"] == third["key"], "who missed the announcement finds it here"
        province.stop()
        province.start()
        assert json.loads(province.card()["payload"]) == third
