"""A stick, a folder or an FTP server goes the same way as HTTPS; what else lies there does no harm."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import KioskError, RefusedError
from kiosk.export.batch import SUFFIX, signed
from kiosk.export.receipts import Marks, marks_in, receipt_in
from kiosk.province.intake.ingest import Counts, ingest
from kiosk.province.intake.ingest_places import Folder
from kiosk.province.intake.looks import EACH
from kiosk.province.intake.marks import marks_of
from kiosk.province.intake.quarantine import content_of, held
from tests.ftp_server import ftp_server
from tests.province_attacks import with_head
from tests.province_home import NOW, Receiver, agrees, new_home, receiving
from tests.province_model import Model
from tests.province_world import CALM, Made, World, key_of

STRANGER = key_of(7, "TH-900", "01", 1)


@pytest.fixture
def world() -> World:
    return World(3, sites=2, stations=2, days=9, troubles=CALM)


@pytest.fixture
def receiver(tmp_path: Path, world: World) -> Iterator[Receiver]:
    with receiving(new_home(tmp_path / "home", world.keys)) as made:
        yield made


def put(folder: Path, name: str, content: bytes, line: bytes | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    if line is not None:
        (folder / (name + SUFFIX)).write_bytes(line)


def put_all(folder: Path, bundles: list[Made]) -> None:
    for made in bundles:
        put(folder, made.name, made.content, made.signed.line)


def model_of(world: World) -> Model:
    model = Model()
    for made in world.bundles:
        model.take(made)
    return model


def receipts(receiver: Receiver, folder: Path) -> dict[str, set[str]]:
    """Station -> what its receipts on the stick say is stored."""
    found: dict[str, set[str]] = {}
    for path in sorted((folder / "receipts").glob("*[!s].json")):
        told = receipt_in(receiver.intake.key.public, path.read_text(encoding="utf-8"))
        assert path.name.startswith(f"{told.site}_{told.station}_2026112")
        found.setdefault(f"{told.site} {told.station}", set()).update(told.stored)
    return found


def marks(receiver: Receiver, folder: Path) -> dict[str, Marks]:
    """Station -> its marks on the stick."""
    key = receiver.intake.key.public
    told = [marks_in(key, path.read_bytes()) for path in sorted((folder / "receipts").glob("*_marks.json"))]
    return {f"{one.site} {one.station}": one for one in told}


def test_a_stick_is_taken_and_given_its_receipts(receiver: Receiver, world: World, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    for made in world.bundles:
        put(stick / made.site / made.station, made.name, made.content, made.signed.line)
    first = ingest(receiver.intake, str(stick), NOW)
    assert (first.stored, first.duplicates, first.quarantined, first.unwritten) == (len(world.bundles), 0, 0, "")
    agrees(receiver, model_of(world))
    told = receipts(receiver, stick)
    assert sorted(told) == ["TH-001 01", "TH-001 02", "TH-002 01", "TH-002 02"]
    assert set().union(*told.values()) == {made.sha256 for made in world.bundles}
    ledger = receiver.intake.ledger
    wanted = {name: marks_of(ledger, *name.split(), NOW) for name in told}
    assert marks(receiver, stick) == wanted and all(one.ledger == ledger.id and one.at for one in wanted.values())
    names = sorted((stick / "receipts").iterdir())
    again = ingest(receiver.intake, str(stick), NOW)
    assert (again.stored, again.duplicates, again.quarantined) == (0, len(world.bundles), 0)
    assert sorted((stick / "receipts").iterdir()) == names, "the same receipts, not one more"


def test_rubbish_on_a_stick_is_put_aside_or_left_alone(receiver: Receiver, world: World, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    good, other, *rest = world.bundles
    put_all(stick, rest)
    put(stick, good.name, good.content, None)
    put(stick, "cut.jsonl.gz", other.content[:100], other.signed.line)
    put(stick, "empty.jsonl.gz", b"", b"")
    put(stick, "line.jsonl.gz", other.content, b"no line at all\n")
    put(stick, "stranger.jsonl.gz", b"x", signed(STRANGER, b"x").line)
    put(stick, "huge.jsonl.gz", bytes(3_000_000), other.signed.line)
    put(stick, "large.jsonl.gz", bytes(400_000), other.signed.line)
    future = signed(good.key, with_head(good, day="2090-01-01"))
    put(stick, "future.jsonl.gz", future.content, future.line)
    inputs = len(rest) + 8
    put(stick, "photo.jpg", b"\xff\xd8", None)
    put(stick / ".Trash", "old.jsonl.gz", b"x", None)
    put(stick / "receipts", "x.jsonl.gz", b"x", None)
    (stick / "folder.jsonl.gz").mkdir()
    os.symlink("/dev/zero", stick / "link.jsonl.gz")
    os.symlink(stick, stick / "loop")
    os.mkfifo(stick / "pipe.jsonl.gz")
    counts = ingest(receiver.intake, str(stick), NOW)
    assert (counts.stored, counts.duplicates, counts.quarantined) == (len(rest), 0, 8)
    assert counts.stored + counts.duplicates + counts.quarantined == inputs
    codes = sorted(one.code for one in held(receiver.intake.ledger))
    assert codes == [
        "FUTURE_DAY",
        "SIGNATURE",
        "TOO_BIG",
        "TOO_BIG",
        "TRUNCATED",
        "TRUNCATED",
        "TRUNCATED",
        "UNKNOWN_KEY",
    ]
    kept = {len(content_of(receiver.intake, one.id)) for one in held(receiver.intake.ledger)}
    assert {0, 1, 100, 900_000, 400_000} <= kept
    again = ingest(receiver.intake, str(stick), NOW)
    assert (again.stored, again.duplicates, again.quarantined) == (0, inputs, 0)
    assert all("__" not in path.name for path in (stick / "receipts").glob("*.json")), "none for nobody"


def test_a_revision_on_a_stick_is_counted_as_one_that_replaces(receiver: Receiver, tmp_path: Path) -> None:
    made = receiver_bundles(receiver)[0]
    revised = signed(made.key, with_head(made, revision=2, sequence=2, previous=made.sha256))
    put_all(tmp_path / "stick", [made])
    put(tmp_path / "stick", "z.jsonl.gz", revised.content, revised.line)
    assert ingest(receiver.intake, str(tmp_path / "stick"), NOW) == Counts(stored=2, replaced=1, receipts=1)


def receiver_bundles(receiver: Receiver) -> list[Made]:
    return [made for made in World(3, sites=2, stations=2, days=9, troubles=CALM).bundles if made.sequence == 1]


def test_a_stick_that_takes_no_file_is_read_all_the_same(receiver: Receiver, world: World, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    put_all(stick, world.bundles)
    (stick / "receipts").write_bytes(b"in the way")
    counts = ingest(receiver.intake, str(stick), NOW)
    assert counts.stored == len(world.bundles) and counts.receipts == 0 and counts.unwritten


def test_a_place_that_is_not_there_is_told(receiver: Receiver, tmp_path: Path) -> None:
    with pytest.raises(KioskError, match="nowhere"):
        ingest(receiver.intake, str(tmp_path / "nowhere"), NOW)
    with pytest.raises(KioskError):
        ingest(receiver.intake, "ftp://127.0.0.1:1/x", NOW)
    with pytest.raises(KioskError, match="correct the address"):
        ingest(receiver.intake, "gopher://127.0.0.1/x", NOW)


def test_too_much_junk_on_a_stick_keeps_no_honest_bundle_out(
    receiver: Receiver, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.province.intake.ingest.AT_ONCE", 5)
    receiver.intake._junk_bytes = 1_000 + EACH
    stick = tmp_path / "stick"
    for number in range(12):
        put(stick / "a", f"{number}.jsonl.gz", bytes([number]) * 900, signed(STRANGER, b"").line)
    put_all(stick / "b", world.bundles)
    with pytest.raises(RefusedError):
        ingest(receiver.intake, str(stick), NOW)
    agrees(receiver, model_of(world))


def test_a_folder_on_an_ftp_server_is_taken_and_given_its_receipts(
    receiver: Receiver, world: World, tmp_path: Path
) -> None:
    served = tmp_path / "served"
    put_all(served / "up", world.bundles[:7])
    put(served / "up", "zz.jsonl.gz", b"no signature", None)
    with ftp_server(served) as url:
        counts = ingest(receiver.intake, f"{url}up", NOW)
        assert (counts.stored, counts.quarantined, counts.unreadable, counts.unwritten) == (7, 1, 0, "")
        again = ingest(receiver.intake, f"{url}up", NOW)
        assert (again.stored, again.duplicates) == (0, 8)
    assert set().union(*receipts(receiver, served / "up").values()) == {made.sha256 for made in world.bundles[:7]}
    assert json.loads(next((served / "up" / "receipts").glob("*.json")).read_text())["payload"]


def test_what_a_bad_stick_does_not_give_is_told_and_the_rest_is_taken(
    receiver: Receiver, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    put_all(stick, world.bundles)
    bad = world.bundles[3].name
    real = Folder.read

    def read(folder: Folder, name: str, most: int) -> bytes | None:
        if name == bad:
            raise OSError(5, "Input/output error")
        return real(folder, name, most)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "read", read)
        counts = ingest(receiver.intake, str(stick), NOW)
    assert (counts.stored, counts.unreadable) == (len(world.bundles) - 1, 1)
    assert ingest(receiver.intake, str(stick), NOW).stored == 1
    agrees(receiver, model_of(world))
