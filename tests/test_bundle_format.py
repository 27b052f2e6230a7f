"""The bundle's format: what is written can be read, and nothing else is taken for one."""

import gzip
import itertools
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.export import bundle_lines, bundle_text, formats
from kiosk.export.formats import BundleError, Line, Manifest, read, write
from tests.tries import tries


def day(**counts: int) -> Line:
    return {"kind": "day"} | dict.fromkeys(formats.KINDS["day"][1], 0) | counts


def manifest(lines: list[Line], **changes: Any) -> Manifest:
    fields: dict[str, Any] = {
        "site": "TH-012",
        "station": "03",
        "epoch": "0123456789abcdef",
        "day": "2026-11-21",
        "revision": 1,
        "sequence": 7,
        "previous": "ab" * 32,
        "created": "2026-11-21T16:30:00+00:00",
        "software": "0.1.0",
        "policy": "cd" * 32,
        "rows": formats.rows_of(lines),
    }
    return Manifest(**fields | changes)


GOOD = [day(visits=2, too_short=1, seconds=7_200, minutes=120), {"kind": "end", "code": "time_up", "count": 3}]


def packed(*lines: object) -> bytes:
    return gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines), mtime=0)


def changed(change: dict[str, Any]) -> bytes:
    head = {"kind": "manifest"} | vars(manifest(GOOD)) | change
    return packed(head, *GOOD)


def test_the_name_says_site_station_day_and_revision() -> None:
    assert manifest(GOOD, revision=4).name == "TH-012_03_2026-11-21_r4.jsonl.gz"


def test_a_bundle_that_says_no_lineage_is_of_its_epochs_own() -> None:
    head = {name: value for name, value in vars(manifest(GOOD)).items() if name != "lineage"}
    assert read(packed({"kind": "manifest"} | head, *GOOD)).manifest.lineage == "0123456789abcdef"
    assert read(write(manifest(GOOD, lineage="fedcba9876543210"), GOOD)).manifest.lineage == "fedcba9876543210"


@pytest.mark.parametrize("lineage", [7, None, "0123", "0123456789ABCDEF", ["0123456789abcdef"]])
def test_a_lineage_that_is_none_is_refused(lineage: object) -> None:
    with pytest.raises(BundleError) as caught:
        read(changed({"lineage": lineage}))
    assert caught.value.code == "SCHEMA"


def test_the_first_line_is_the_manifest_and_every_line_is_an_object() -> None:
    lines = [json.loads(line) for line in gzip.decompress(write(manifest(GOOD), GOOD)).splitlines()]
    assert lines[0]["kind"] == "manifest" and lines[0]["spec"] == "kiosk-bundle/1"
    assert lines[0]["rows"] == {"day": 1, "end": 1}
    assert lines[1]["visits"] == 2 and lines[2] == {"kind": "end", "code": "time_up", "count": 3}


ENDS = st.dictionaries(st.sampled_from(["time_up", "idle", "power", "signed_out"]), st.integers(0, 400), max_size=4)
OPENS = st.dictionaries(st.text(min_size=1, max_size=30), st.integers(1, 10_000), max_size=8)


@settings(max_examples=tries(100), deadline=None)
@given(ENDS, OPENS, st.integers(1, 900), st.integers(1, 10**6))
def test_what_was_written_is_read_again_and_the_same_lines_are_the_same_bytes(
    ends: dict[str, int], opens: dict[str, int], revision: int, sequence: int
) -> None:
    lines = [day(visits=sum(ends.values()))]
    lines += [{"kind": "end", "code": code, "count": count} for code, count in ends.items()]
    lines += [{"kind": "open", "item": item, "count": count} for item, count in opens.items()]
    head = manifest(lines, revision=revision, sequence=sequence)
    content = write(head, lines)
    found = read(content)
    assert found.manifest == head and list(found.lines) == lines and found.day == lines[0]
    assert write(head, lines) == content


def test_every_cut_is_noticed() -> None:
    content = write(manifest(GOOD), GOOD)
    for length in range(len(content)):
        with pytest.raises(BundleError):
            read(content[:length])


def test_every_changed_byte_is_noticed_or_changes_nothing_that_is_said() -> None:
    content = write(manifest(GOOD), GOOD)
    told = read(content)
    noticed = 0
    for place in range(len(content)):
        spoiled = bytearray(content)
        spoiled[place] ^= 0x55
        try:
            assert read(bytes(spoiled)) == told  # only in gzip's own head (time, system)
        except BundleError:
            noticed += 1
    assert noticed > len(content) * 0.9


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "TRUNCATED"),
        (b"not gzip at all", "TRUNCATED"),
        (write(manifest(GOOD), GOOD) + b"more", "TRUNCATED"),
        (gzip.compress(b'{"kind":"manifest"}'), "TRUNCATED"),
        (bytes(formats.MAX_COMPRESSED + 1), "TOO_BIG"),
        (gzip.compress(b"\n" * 40_000_000), "TOO_BIG"),
        (gzip.compress(b"[" * 100_000 + b"\n"), "SCHEMA"),
        (gzip.compress(b'{"kind":"manifest","n":' + b"9" * 50_000 + b"}\n"), "SCHEMA"),
        (gzip.compress(b"\xff\xfe\n"), "SCHEMA"),
        (gzip.compress(b"\n"), "SCHEMA"),
        (packed([1, 2]), "SCHEMA"),
        (packed(*GOOD), "SCHEMA"),
        (packed({"kind": "manifest"}), "SCHEMA"),
        (changed({"spec": "kiosk-bundle/9"}), "SCHEMA"),
        (changed({"site": "../../etc"}), "SCHEMA"),
        (changed({"station": "a_b"}), "SCHEMA"),
        (changed({"site": 5}), "SCHEMA"),
        (changed({"epoch": "x"}), "SCHEMA"),
        (changed({"previous": "x"}), "SCHEMA"),
        (changed({"day": "20261121"}), "SCHEMA"),
        (changed({"day": "2026-02-30"}), "SCHEMA"),
        (changed({"created": "2026-11-21T16:30:00"}), "SCHEMA"),
        (changed({"rows": [1]}), "SCHEMA"),
        (changed({"rows": {"day": True}}), "SCHEMA"),
        (changed({"rows": {"day": 1}}), "ROWCOUNT"),
        (changed({"rows": {"day": 1, "end": 2}}), "ROWCOUNT"),
        (changed({"revision": 0}), "RANGE"),
        (changed({"sequence": -1}), "RANGE"),
        (changed({"revision": "1"}), "RANGE"),
    ],
    ids=itertools.count(),
)
def test_what_is_no_bundle_is_refused_with_its_code(content: bytes, code: str) -> None:
    with pytest.raises(BundleError) as caught:
        read(content)
    assert caught.value.code == code and caught.value.exit_code == 5


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([day(visits=-1)], "RANGE"),
        ([day(visits=10**9)], "RANGE"),
        ([day(seconds=10**6)], "RANGE"),
        ([day(open_minutes=1_441)], "RANGE"),
        ([day() | {"visits": 1.5}], "RANGE"),
        ([day() | {"visits": True}], "RANGE"),
        ([day(visits=1)], "RANGE"),
        ([], "SCHEMA"),
        ([day(), day()], "SCHEMA"),
        ([{"kind": "day", "visits": 0}], "SCHEMA"),
        ([day(), {"kind": "open", "item": 5, "count": 1}], "SCHEMA"),
        ([day(), *[{"kind": "open", "item": "a", "count": 1}] * 2], "SCHEMA"),
    ],
)
def test_lines_that_cannot_be_are_refused_with_their_code(lines: list[Line], code: str) -> None:
    with pytest.raises(BundleError) as caught:
        read(write(manifest(lines), lines))
    assert caught.value.code == code


def test_a_later_kiosk_may_add_kinds_and_fields() -> None:
    lines = [day() | {"pages_printed": 4}, {"kind": "weather", "id": "x", "yes": 7, "no": 9}]
    head = {"kind": "manifest", "signed_by": "k1"} | vars(manifest(lines))
    found = read(packed(head, *lines))
    assert list(found.lines) == lines and found.manifest == manifest(lines)


@pytest.mark.slow
def test_unpacking_stops_at_the_limit() -> None:
    """A gzip bomb of 1 GB in a few hundred kB must not be unpacked before it is refused."""
    squeeze = zlib.compressobj(9, wbits=31)
    bomb = b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(250)) + squeeze.flush()
    assert len(bomb) < formats.MAX_COMPRESSED
    with pytest.raises(BundleError) as caught:
        read(bomb)
    assert caught.value.code == "TOO_BIG"


SPOILERS = st.sampled_from([0, -1, 10**7, True, None, "x", 1.5, [], "gone"])
KIND_NAMES = st.sampled_from(["day", "end", "open", "release", "lock", "revision", "print", "weather"])


def a_line(kind: str) -> Line:
    names, counts = formats.KINDS.get(kind, ((), ()))
    texts = dict.fromkeys((*names, *formats.TEXTS.get(kind, ())), "a")
    return {"kind": kind} | texts | dict.fromkeys(counts, 0)


@settings(max_examples=tries(300), deadline=None)
@given(st.lists(KIND_NAMES, max_size=5), st.data())
def test_the_quick_look_finds_lines_good_where_the_whole_check_does(kinds: list[str], data: st.DataObject) -> None:
    lines = [a_line(kind) for kind in ["day", *kinds]]
    rows = formats.rows_of(lines)
    for line in lines:
        if len(line) > 1 and data.draw(st.booleans()):
            name, value = data.draw(st.sampled_from(sorted(set(line) - {"kind"}))), data.draw(SPOILERS)
            line[name] = value
            if value == "gone":
                del line[name]
    if data.draw(st.integers(0, 5)) == 0:
        rows["day"] += 1
    try:
        bundle_lines.find_fault(rows, tuple(lines))
        fault = None
    except BundleError as error:
        fault = error.code
    assert bundle_lines.good(rows, tuple(lines)) == (fault is None)


PIECES = st.sampled_from([b'{"kind":"a"}', b"\n", b"\r", b"{", b"}", b",", b'{"kind":"a","b":[{"kind":"c"}', b"]}",
                          b" ", b"[1]", b'"', b"\xff", b"\xef\xbb\xbf", b'{"kind":"\xed\xa0\x80"}', b"7"])  # fmt: skip


@settings(max_examples=tries(500), deadline=None)
@given(st.lists(PIECES, max_size=9))
def test_lines_read_in_one_go_are_those_read_one_by_one(pieces: list[bytes]) -> None:
    plain = b"".join(pieces) + b"\n"

    def told(read_lines: Callable[[], list[Line]]) -> object:
        try:
            return read_lines()
        except BundleError as error:
            return error.code

    assert told(lambda: bundle_text.objects(plain)) == told(
        lambda: [bundle_text.parsed(one) for one in plain.splitlines()]
    )


@pytest.mark.parametrize("space", [" ", "\t", "\r"])
def test_a_name_that_stands_twice_is_refused_however_its_colon_stands(space: str) -> None:
    head = json.dumps({"kind": "manifest"} | vars(manifest(GOOD)), separators=(",", ":"))
    first, second = (json.dumps(line, separators=(",", ":")) for line in GOOD)
    twice = first[:-1] + f',"visits"{space}:2}}'
    assert read(gzip.compress(f"{head}\n{first}\n{second}\n".encode())).day["visits"] == 2, "the control"
    for spoiled in (twice, twice[:-1] + ',"more":{"a":1}}'):
        with pytest.raises(BundleError) as caught:
            read(gzip.compress(f"{head}\n{spoiled}\n{second}\n".encode()))
        assert caught.value.code == "SCHEMA"
