"""What the province's door answers: every endpoint, over real TLS, by a real process; and every way to ask wrongly."""

import json
import signal
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from kiosk.export.batch import MAX_BODY, pack, signed
from kiosk.export.receipts import marks_in, receipt_in
from kiosk.export.sealed import CARD, opened
from kiosk.export.signing import Key, key_id
from tests.collector_stage import Collector, ask, serving, shaken, small_world
from tests.province_attacks import attacks, zip_bomb

pytestmark = pytest.mark.slow
SITE, STATION = "TH-001", "01"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with serving(tmp_path_factory.mktemp("province") / "home") as collector:
        yield collector


def public_of(province: Collector) -> bytes:
    return bytes.fromhex(json.loads(province.card()["payload"])["key"])


def test_a_night_is_taken_and_answered_by_a_receipt_marks_and_the_cards_version(province: Collector) -> None:
    world = small_world(1)
    province.join_all(world)
    said = province.put([made.signed for made in world.bundles])
    assert said.status == 200, said.body
    receipts = [receipt_in(public_of(province), one) for one in said.told["receipts"]]
    assert {name for one in receipts for name in one.stored} == {made.sha256 for made in world.bundles}
    assert all((one.site, one.station, dict(one.refused)) == (SITE, STATION, {}) for one in receipts)
    marks = marks_in(public_of(province), said.told["marks"])
    assert (marks.site, marks.station) == (SITE, STATION)
    assert dict(marks.marks) == {world.bundles[0].epoch: len(world.bundles)}
    assert said.told["card"] == json.loads(province.card()["payload"])["version"]


def test_the_same_body_again_has_the_same_receipts_to_the_byte(province: Collector) -> None:
    world = small_world(2, sites=2)
    province.join_all(world)
    bundles = [made.signed for made in world.bundles if made.site == "TH-002"]
    first, again = province.put(bundles), province.put(bundles)
    assert first.status == 200 and first.told["receipts"] == again.told["receipts"]
    one_by_one = [province.put([one]).told["receipts"] for one in bundles]
    assert {text for texts in one_by_one for text in texts} == set(first.told["receipts"])


def test_several_stations_in_one_body_are_all_answered_without_marks(province: Collector) -> None:
    world = small_world(3, sites=3)
    province.join_all(world)
    said = province.put([made.signed for made in world.bundles])
    assert said.status == 200 and said.told["marks"] is None
    found = [receipt_in(public_of(province), one) for one in said.told["receipts"]]
    assert {one.site for one in found} >= {"TH-002", "TH-003"}
    named = [name for one in found for name in (*one.stored, *one.refused)]
    assert set(named) >= {made.sha256 for made in world.bundles}


def test_the_card_is_sealed_and_needs_no_trust(province: Collector) -> None:
    sealed = json.dumps(province.card())
    told = opened(public_of(province), CARD, sealed)
    assert told["name"] == "Tỉnh thử" and told["urls"] == ["https://127.0.0.1:8443"] and told["next_key"] is None
    assert "BEGIN CERTIFICATE" in told["certificate"] and "PRIVATE" not in sealed
    assert key_id(public_of(province)) == province.ready["key"]


def test_what_a_rightly_signed_bundle_hides_is_found_and_named(province: Collector) -> None:
    """All attacks on one connection each: the codes of the quarantine, in a receipt, and the server lives on."""
    world = small_world(4, sites=4)
    province.join_all(world)
    honest = next(made for made in world.bundles if made.site == "TH-004")
    tried = 0
    for what, content, code in attacks(honest):
        if len(content) > MAX_BODY - 1_000 or what == "the day after tomorrow":  # of the stage's own clock
            continue
        bundle = signed(honest.key, content)
        said = province.put([bundle])
        assert said.status == 200, (what, said.body)
        (receipt,) = (receipt_in(public_of(province), one) for one in said.told["receipts"])
        assert dict(receipt.refused) == {bundle.sha256: code}, what
        tried += 1
    print(f"{tried} attacks")
    assert tried > 30
    assert province.put([honest.signed]).status == 200


def test_unknown_keys_and_wrong_signatures_are_put_aside(province: Collector) -> None:
    world = small_world(5, sites=5)
    province.join_all(world)
    honest = next(made for made in world.bundles if made.site == "TH-005")
    stranger = signed(Key.make(), honest.content)
    forged = signed(Key.make(), honest.content)
    forged = type(forged)(honest.key.id, forged.signature, forged.content)
    for bundle, code in ((stranger, "UNKNOWN_KEY"), (forged, "SIGNATURE")):
        said = province.put([bundle])
        assert [code in one for one in said.told["receipts"]] == [True], said.body


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("wrong hash", 400, "HASH"),
        ("no hash", 400, "HASH"),
        ("nothing in it", 400, "EMPTY"),
        ("no bundles", 400, "TRUNCATED"),
        ("cut off", 400, "TRUNCATED"),
    ],
)
def test_a_body_that_is_none_is_refused(province: Collector, what: str, status: int, code: str) -> None:
    good = pack([small_world(6).bundles[0].signed])
    body = {"nothing in it": b"", "no bundles": b"hello", "cut off": good[:-1]}.get(what, good)
    name = {"wrong hash": sha256(b"other").hexdigest(), "no hash": "x" * 64}.get(what, sha256(body).hexdigest())
    said = province.ask("PUT", f"/v1/batches/{name}", body)
    assert (said.status, said.code) == (status, code)


def test_more_than_may_be_sent_is_refused_before_it_is_sent_and_heard_while_it_is(province: Collector) -> None:
    body = bytes(MAX_BODY + 1)
    with shaken(province.place, b"PUT /v1/batches/" + b"0" * 64 + b" HTTP/1.1\r\nHost: x\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body)) as line:  # fmt: skip
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")
    said = province.ask("PUT", f"/v1/batches/{sha256(body).hexdigest()}", body)
    assert (said.status, said.code) == (413, "TOO_BIG"), "also by who sends all of it before listening"
    said = province.ask("POST", "/v1/enrol", bytes(20_000))
    assert (said.status, said.code) == (413, "TOO_BIG")


def test_a_body_without_a_length_or_in_chunks_is_refused(province: Collector) -> None:
    head = b"PUT /v1/batches/" + b"0" * 64 + b" HTTP/1.1\r\nHost: x\r\n"
    with shaken(province.place, head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n") as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 411 ")
    with shaken(province.place, head + b"\r\n") as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("length", [b"-5", b"5, 6", b"0x10", b"99999999999999999999"])
def test_a_length_that_is_none_is_refused(province: Collector, length: bytes) -> None:
    head = b"PUT /v1/batches/" + b"0" * 64 + b" HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + b"\r\n\r\n"
    with shaken(province.place, head + b"hello") as line:
        answer = line.recv(4096)
    assert answer.split()[1] in (b"400", b"413"), answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 15_000, b'"x"', b"{}", b'{"code":1}', b'{"code":null,"public":[]}'])
def test_nonsense_instead_of_json_is_refused(province: Collector, body: bytes) -> None:
    for path in ("/v1/enrol", "/v1/rotate"):
        said = province.ask("POST", path, body)
        assert (said.status, said.code) in ((400, "SCHEMA"), (403, "UNKNOWN_KEY")), (path, said.body)


def test_other_addresses_and_ways_are_refused(province: Collector) -> None:
    for method, path, status, code in (
        ("GET", "/", 404, "NOT_HERE"), ("GET", "/v1/batches/" + "0" * 64, 405, "METHOD"),
        ("DELETE", "/v1/card", 405, "METHOD"), ("PUT", "/v1/batches/a/b", 404, "NOT_HERE"),
        ("GET", "/v1/../../etc/passwd", 404, "NOT_HERE"),
    ):  # fmt: skip
        said = province.ask(method, path)
        assert (said.status, said.code) == (status, code), (method, path)


def test_plain_http_is_answered_on_this_machine_alone(province: Collector) -> None:
    assert ask(province.place, "GET", "/healthz").told["ok"] is True


def test_the_log_says_a_line_for_each_request_and_nothing_of_who(province: Collector) -> None:
    world = small_world(7, sites=7)
    province.join_all(world)
    made = [one for one in world.bundles if one.site == "TH-007"]
    province.put([one.signed for one in made])
    log = province.said()
    assert f"PUT /v1/batches/ 200 {len(made)} stored" in log
    for hidden in ("127.0.0.1", made[0].key.id, made[0].sha256, "TH-007"):
        assert hidden not in log, hidden


def test_ended_by_a_signal_it_leaves_with_a_word_and_begins_again_with_all_it_had(tmp_path: Path) -> None:
    world = small_world(8)
    with serving(tmp_path / "home") as province:
        province.join_all(world)
        first = province.put([made.signed for made in world.bundles])
        card = province.card()
        assert province.stop(signal.SIGINT) == 0
        assert "ending" in (tmp_path / "home.log").read_text()
        assert not (tmp_path / "home" / "serve.sock").exists()
        province.start()
        assert province.card() == card, "the card is the same one"
        again = province.put([made.signed for made in world.bundles])
        assert again.told["receipts"] == first.told["receipts"]
        assert json.loads(json.loads(again.told["marks"])["payload"])["marks"] == {world.bundles[0].epoch: 10}


def test_an_address_that_is_taken_is_told_with_where_to_change_it(province: Collector, tmp_path: Path) -> None:
    second = Collector(tmp_path / "second", options=("--listen", f"127.0.0.1:{province.place[1]}"))
    with pytest.raises(AssertionError):
        second.start()
    assert second.process.wait(30) == 1
    assert "in use" in second.said() and "province.toml" in second.said() and "Traceback" not in second.said()
    assert second.process.stdout is not None
    second.process.stdout.close()
    second.log.close()


def test_zeros_that_unpack_to_hundreds_of_megabytes_cost_nothing(province: Collector) -> None:
    world = small_world(9, sites=9)
    province.join_all(world)
    key = next(made.key for made in world.bundles if made.site == "TH-009")
    bombs = [signed(key, zip_bomb(size << 20)) for size in (40, 41, 42, 43)]
    before = peak(province.process.pid)
    said = province.put(bombs)
    (receipt,) = (receipt_in(public_of(province), one) for one in said.told["receipts"])
    assert set(receipt.refused.values()) == {"TOO_BIG"} and len(receipt.refused) == 4
    assert peak(province.process.pid) - before < 40_000


def peak(pid: int) -> int:
    """The most memory that a process has had, in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
