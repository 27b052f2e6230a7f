"""What a broken or hostile station may send, rightly signed, and the code that it must be put aside with."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from kiosk.export import formats
from tests.province_home import NOW
from tests.province_world import Made

Lines = list[dict[str, Any]]


def packed(lines: Lines, dumps: Callable[..., str] = json.dumps) -> bytes:
    """A bundle of any lines."""
    return gzip.compress(b"".join(dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines), 6, mtime=0)


def opened(made: Made) -> Lines:
    """All lines of an honest bundle, the manifest first."""
    return [json.loads(line) for line in gzip.decompress(made.content).splitlines()]


def with_head(made: Made, **changes: Any) -> bytes:
    """The same bundle, its manifest changed."""
    head, *body = opened(made)
    return packed([{**head, **changes}, *body])


def with_day(made: Made, **changes: Any) -> bytes:
    """The same bundle, its totals changed."""
    head, day, *rest = opened(made)
    return packed([head, {**day, **changes}, *rest])


def with_lines(made: Made, *more: dict[str, Any]) -> bytes:
    """The same bundle with more lines, rightly counted in its manifest."""
    head, *body = opened(made)
    body += more
    return packed([{**head, "rows": formats.rows_of(body)}, *body])


def zip_bomb(size: int) -> bytes:
    """So many zeros."""
    pack = zlib.compressobj(9, wbits=31)
    parts = [pack.compress(bytes(1 << 20)) for _part in range(size >> 20)]
    return b"".join([*parts, pack.flush()])


def attacks(made: Made) -> Iterator[tuple[str, bytes, str]]:
    """(what it is, the bytes to be signed by their right owner, the code)."""
    body = made.content
    head, day, *_rest = opened(made)
    tomorrow = NOW.date() + timedelta(days=1)
    yield "empty", b"", "TRUNCATED"
    yield "no gzip", b"hello", "TRUNCATED"
    yield "cut in half", body[: len(body) // 2], "TRUNCATED"
    yield "cut by a byte", body[:-1], "TRUNCATED"
    yield "more behind it", body + b"\0", "TRUNCATED"
    yield "two in one", body + body, "TRUNCATED"
    yield "too many bytes", body + bytes(formats.MAX_COMPRESSED), "TOO_BIG"
    yield "gzip bomb", zip_bomb(200 << 20), "TOO_BIG"
    yield "gzip bomb in a gzip bomb", gzip.compress(zip_bomb(8 << 20)), "TRUNCATED"
    yield "deep lists", gzip.compress(b"[" * 3_000_000 + b"\n"), "SCHEMA"
    yield "deep objects", gzip.compress(b'{"kind":' * 400_000 + b"1" + b"}" * 400_000 + b"\n"), "SCHEMA"
    yield (
        "deep inside a line",
        gzip.compress(json.dumps(head).encode()[:-1] + b',"x":' + b"[" * 90_000 + b"]" * 90_000 + b"}\n"),
        "SCHEMA",
    )
    yield (
        "a very long number",
        gzip.compress(json.dumps(head).encode()[:-1] + b',"x":' + b"9" * 5_000 + b"}\n"),
        "SCHEMA",
    )
    yield (
        "a name twice in the totals",
        gzip.compress(json.dumps(head).encode() + b"\n" + json.dumps(day).encode()[:-1] + b',"visits":1}\n'),
        "SCHEMA",
    )
    yield (
        "a name twice in the manifest",
        gzip.compress(json.dumps(head).encode()[:-1] + f',"day":"{made.day}"}}\n'.encode() + packed_body(made)),
        "SCHEMA",
    )
    yield "a line twice", with_lines(made, {**day}), "SCHEMA"
    yield "no totals", packed([{**head, "rows": {}}]), "SCHEMA"
    yield "no manifest", packed([day]), "SCHEMA"
    yield "half a surrogate", with_lines(made, {"kind": "open", "item": "\ud800", "count": 1}), "SCHEMA"
    yield "half a surrogate in the manifest", with_head(made, software="\udfff"), "SCHEMA"
    yield "figures of a lock that are none", with_lines(made, lock(figures=5)), "SCHEMA"
    yield "figures of a lock that are lists", with_lines(made, lock(figures={"VISITS": [1]})), "SCHEMA"
    yield "a lock without versions", with_lines(made, lock(versions=None)), "SCHEMA"
    yield "a revision from a number", with_lines(made, revision(before=7)), "SCHEMA"
    yield "a revision to an object", with_lines(made, revision(after={"x": 1})), "SCHEMA"
    yield "a spec of the future", with_head(made, spec="kiosk-bundle/2"), "SCHEMA"
    yield "rows that lie", with_head(made, rows={**head["rows"], "day": 2}), "ROWCOUNT"
    yield "rows that count what is not there", with_head(made, rows={**head["rows"], "open": 9_999}), "ROWCOUNT"
    yield "fewer than no visits", with_day(made, visits=-1), "RANGE"
    yield "absurdly many visits", with_day(made, visits=10**12), "RANGE"
    yield "more than 64 bits", with_day(made, boots=2**70), "RANGE"
    yield "half a visit", with_day(made, visits=0.5), "RANGE"
    yield "endless seconds", with_day(made, seconds=1e400), "RANGE"
    yield "seconds that are no number", with_day(made, seconds=float("nan")), "RANGE"
    yield "a day of more than a day", with_day(made, open_minutes=1_441), "RANGE"
    yield "visits without an end", with_day(made, visits=day["visits"] + 1), "RANGE"
    yield "revision nought", with_head(made, revision=0), "RANGE"
    yield "a sequence below nought", with_head(made, sequence=-5), "RANGE"
    yield "a revision of 70 bits", with_head(made, revision=2**70), "RANGE"
    yield "a sequence of 70 bits", with_head(made, sequence=2**70), "RANGE"
    yield "the year 2010", with_head(made, day="2010-05-01"), "RANGE"
    yield "the day before all days", with_head(made, day="2019-12-31"), "RANGE"
    yield "the year 2090", with_head(made, day="2090-05-01"), "FUTURE_DAY"
    yield "the day after tomorrow", with_head(made, day=str(tomorrow + timedelta(days=1))), "FUTURE_DAY"
    yield "another site", with_head(made, site="TH-777"), "WRONG_SITE"
    yield "another station", with_head(made, station="77"), "WRONG_SITE"


def packed_body(made: Made) -> bytes:
    """The lines after the manifest, as they were."""
    return gzip.decompress(made.content).split(b"\n", 1)[1]


def lock(**changes: Any) -> dict[str, Any]:
    """A line that locks a month."""
    fields = {"kind": "lock", "month": "2026-09", "first_day": "2026-09-01", "last_day": "2026-09-30",
              "at": "2026-10-03T00:00:00+00:00", "figures": {"VISITS": "1"}, "versions": {"VISITS": "1"}}  # fmt: skip
    return {**fields, **changes}


def revision(**changes: Any) -> dict[str, Any]:
    """A line that tells of a changed figure."""
    fields = {"kind": "revision", "month": "2026-09", "code": "VISITS", "at": "2026-10-09T00:00:00+00:00",
              "before": "1", "after": None, "cause": "late", "reason": ""}  # fmt: skip
    return {**fields, **changes}


EVIL: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**31, 2**63, 2**64, 10**30, 1.5, float("inf"), "", "0", "x" * 5_000, "\0", "\ud800",
    "\u202e", "2010-01-01", "2090-01-01", str(date.max), [], {}, [[]], {"": None}, {"x": 10**30}, "../..", "'; DROP",
)  # fmt: skip
