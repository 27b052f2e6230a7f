"""README's page on the bundle is enough to write another receiver: here is one, written after it alone."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.export import batch, formats, receipts
from kiosk.export.signing import key_id
from tests.province_world import World

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
PAGE = README.partition("## A bundle on one page")[2].partition("\n## ")[0]
LINE = re.compile(rb"kiosk-bundle/1 ([0-9a-f]{16}) ([0-9a-f]{128}) (\d+)\n")


class OtherReceiver:
    """Nothing of kiosk's: what the page says, the standard library, and Ed25519."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self.keys, self.secret = keys, Ed25519PrivateKey.generate()
        self.days: dict[tuple[str, str, str, str], tuple[int, dict[str, Any]]] = {}

    def take(self, body: bytes) -> list[str]:
        """Reads a body, counts what is in it, gives the names of the files."""
        names = []
        while body:
            found = LINE.match(body)
            assert found is not None
            key, signature, length = found[1].decode(), bytes.fromhex(found[2].decode()), int(found[3])
            content, body = body[found.end() : found.end() + length], body[found.end() + length :]
            digest = hashlib.sha256(content)
            public = self.keys[key]
            assert hashlib.sha256(public).hexdigest()[:16] == key
            Ed25519PublicKey.from_public_bytes(public).verify(signature, b"kiosk bundle 1\n" + digest.digest())
            self._count([json.loads(line) for line in gzip.decompress(content).decode().splitlines()])
            names.append(digest.hexdigest())
        return names

    def _count(self, lines: list[dict[str, Any]]) -> None:
        first = lines[0]
        whose = (first["site"], first["station"], first["day"], first.get("lineage", first["epoch"]))
        day = next(line for line in lines if line["kind"] == "day")
        assert sum(line["count"] for line in lines if line["kind"] == "end") == day["visits"] + day["too_short"]
        if whose not in self.days or self.days[whose][0] < first["revision"]:
            self.days[whose] = (first["revision"], day)

    def receipt(self, site: str, station: str, names: list[str]) -> str:
        """The answer to one PC."""
        text = json.dumps({"spec": "kiosk-receipt/1", "site": site, "station": station, "at": "2026-11-23T00:00:00Z",
                           "stored": names, "refused": {}})  # fmt: skip
        public = self.secret.public_key().public_bytes_raw()
        signature = self.secret.sign(b"kiosk-receipt/1\n" + hashlib.sha256(text.encode()).digest())
        key = hashlib.sha256(public).hexdigest()[:16]
        return json.dumps({"payload": text, "key": key, "signature": signature.hex()})


def test_a_receiver_written_after_the_page_reads_what_stations_send_and_stations_believe_its_receipt() -> None:
    world = World(seed=3, sites=1, stations=2, days=40)
    other = OtherReceiver({key.id: key.public for _site, _station, key in world.keys})
    names = other.take(batch.pack(made.signed for made in world.bundles))
    assert names == [made.sha256 for made in world.bundles]
    best: dict[tuple[str, str, str, str], Any] = {}
    for made in sorted(world.bundles, key=lambda one: one.revision):
        best[made.site, made.station, made.day, made.lineage] = formats.read(made.content).day["visits"]
    assert {whose: day["visits"] for whose, (_revision, day) in other.days.items()} == best
    believed = receipts.receipt_in(other.secret.public_key().public_bytes_raw(), other.receipt("A", "01", names))
    assert believed.stored == tuple(names)
    assert key_id(other.secret.public_key().public_bytes_raw()) in other.receipt("A", "01", [])


def test_the_page_names_every_kind_and_every_field() -> None:
    rows = {}
    for row in re.findall(r"^\| (`.*?) \|(.*?)\|(.*?)\|$", PAGE, re.MULTILINE):
        for kind in re.findall(r"`([a-z_]+)`", row[0]):
            rows[kind] = row[1] + row[2]
    del rows["kind"]  # the head of the table
    assert rows.keys() == {"manifest", *formats.KINDS}
    for kind, (names, counts) in formats.KINDS.items():
        fields = () if kind == "health" else (*names, *counts, *formats.TEXTS.get(kind, ()))
        assert {name for name in fields if name not in rows[kind]} == set(), kind
    assert {name for name in formats.Manifest.__dataclass_fields__ if f"`{name}`" not in rows["manifest"]} == set()


def test_the_page_says_the_limits_as_they_are() -> None:
    for number in (f"{formats.MAX_COMPRESSED // 1024} KiB", f"{formats.MAX_PLAIN // 1024**2} MiB",
                   f"{batch.MAX_BODY:,}", f"{batch.MAX_BUNDLES:,}"):  # fmt: skip
        assert number in PAGE.replace("\n  ", " ")
