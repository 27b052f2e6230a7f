"""An officer sees of each bundle that was put aside what it is, from whom, why, how it begins, and what to do."""

import ast
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.export.batch import Signed, signed
from kiosk.export.details import detail_said
from kiosk.province.intake.judging import Spoiled
from kiosk.province.intake.quarantine import Held, count_held, held
from kiosk.province.intake.quarantine_look import first_lines
from kiosk.province.intake.quarantine_words import MOST
from tests.province_attacks import attacks, with_day, with_head
from tests.province_home import NOW, new_home, receiving
from tests.province_world import CALM, Made, World, key_of

ROOT = Path(__file__).resolve().parent.parent
STRANGER = key_of(7, "TH-900", "01", 1)


def kiosk(*words: str, home: Path, language: str) -> str:
    environment = {**os.environ, "KIOSK_PROVINCE": str(home), "LC_ALL": language, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "kiosk", "province", "quarantine", *words], env=environment, text=True,
                          capture_output=True, timeout=60, cwd=ROOT)  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout if done.returncode == 0 else done.stderr


@pytest.fixture
def world() -> World:
    return World(3, sites=2, stations=1, days=6, troubles=CALM)


def visits_of(made: Made) -> int:
    return int(next(line for line in made.lines if line["kind"] == "day")["visits"])


def told_in_sources() -> set[str]:
    """Every detail that stands in the sources, its fields filled with x."""
    found = set[str]()
    files = [*(ROOT / "kiosk" / "export").glob("*.py"), *(ROOT / "kiosk" / "province" / "intake").glob("*.py")]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = ("BundleError", "Verdict", "Spoiled")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                text = node.args[-2 if len(node.args) == 3 and node.func.id == "Verdict" else -1]
                if isinstance(text, ast.JoinedStr):
                    found.add(
                        "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in text.values)
                    )
                elif isinstance(text, ast.Constant) and text.value:
                    found.add(str(text.value))
    return found


@pytest.mark.slow
def test_every_fault_that_is_told_has_its_vietnamese(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, other = (next(one for one in world.bundles if one.site == site) for site in ("TH-001", "TH-002"))
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        receiver.send([signed(made.key, content) for _what, content, _code in attacks(made)])
        same_day = with_head(other, software="8", sequence=500, previous="cd" * 32)
        receiver.send([other, signed(other.key, with_head(other, software="9")), signed(other.key, same_day)])
        receiver.send([signed(other.key, made.content), signed(STRANGER, b"x"),
                       replace(other.signed, signature=bytes(64))])  # fmt: skip
        kept = {one.detail for one in held(receiver.intake.ledger)}
    told = told_in_sources() | kept
    assert (
        len(told_in_sources()) > 20
        and {"another bundle has this day and revision", "two PCs tell the same series"} < kept
    )
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    assert {detail for detail in told if detail_said(detail) == detail} == set()
    assert detail_said("visits cannot be that").startswith("visits ")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert {detail for detail in told if detail_said(detail) != detail} == set(), "and in English it stays as it is"


@pytest.mark.slow
def test_one_is_shown_with_all_an_officer_needs_to_decide(world: World, tmp_path: Path) -> None:
    first = next(one for one in world.bundles if one.site == "TH-001" and visits_of(one) > 1)
    visits = visits_of(first)
    conflict = signed(first.key, with_day(first, boots=97))
    stranger = signed(STRANGER, first.content)
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        before = [one for one in world.bundles if (one.site, one.sequence) < ("TH-002", first.sequence)]
        assert receiver.send([*(one for one in before if one.site == "TH-001"), first, conflict, stranger])[-2:] == [
            "REVISION_CONFLICT", "UNKNOWN_KEY"]  # fmt: skip
        home = receiver.home
    told = kiosk("show", "1", home=home.path, language="C.UTF-8")
    day = "/".join(reversed(first.day.split("-")))
    for words in (
        "Number 1: waits for a decision.", f"What: PC 01 of TH-001, day {day}, revision 1, {visits} visits",
        f"From: PC 01 of TH-001, key {first.key.id}", "Came: 22/11/2026 08:00, over the network",
        "Why: REVISION_CONFLICT: another bundle was here before it",
        f"For that day counts now: revision 1 of 22/11/2026 08:00, {visits} visits",
        f"sha256 {conflict.sha256}", '"kind":"manifest"', "Ask the site which PC told the truth", "release 1 --reason",
    ):  # fmt: skip
        assert words in told, told
    unproved = kiosk("show", "2", home=home.path, language="C.UTF-8")
    assert f"From: unknown; it names the key {STRANGER.id}" in unproved and "nobody has proved it" in unproved
    vietnamese = kiosk("show", "1", home=home.path, language="vi_VN.UTF-8")
    assert "Việc nên làm:" in vietnamese and "another" not in vietnamese.replace("kiosk province", "")
    data = json.loads(kiosk("show", "1", "--json", home=home.path, language="C.UTF-8"))
    assert data["says"]["day"] == first.day and [one["sha256"] for one in data["counting"]] == [first.sha256]
    kiosk("show", "1", "--save", str(tmp_path / "one"), home=home.path, language="C.UTF-8")
    assert (tmp_path / "one").read_bytes() == conflict.content
    for number in ("3", "0", "99999999999999999999"):
        assert "no number" in kiosk("show", number, home=home.path, language="C.UTF-8")
        assert "no number" in kiosk("release", number, "--reason", "x", home=home.path, language="C.UTF-8")


def test_what_is_shown_commands_no_terminal_and_is_bounded(world: World, tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e".encode() + b"\xff" * 3
    for content in (evil, evil * 100_000, b""):
        shown = first_lines(content)
        assert all(line.isprintable() and len(line) <= 200 for line in shown) and len(shown) <= 5
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        receiver.intake.take([Spoiled(evil, "SIGNATURE", "no signature lies beside it")], NOW, "stick")
        home = receiver.home
    told = kiosk("show", "1", home=home.path, language="C.UTF-8")
    assert "\x1b" not in told and "it cannot be read: not gzip" in told and "From: unknown\n" in told
    assert "Nothing proves from whom it is" in told and "--reason" not in told and "on a stick" in told


@pytest.mark.slow
def test_the_list_hides_no_pc_of_ours_behind_what_anybody_may_send(world: World, tmp_path: Path) -> None:
    made = next(one for one in world.bundles if one.site == "TH-001")
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        receiver.send([signed(made.key, b"a fault")])
        receiver.send([Signed(f"{number:016x}", bytes(64), b"") for number in range(300)], many=300)
        home, ledger = receiver.home, receiver.intake.ledger
        assert len(held(ledger)) == count_held(ledger) == 301 and len(held(ledger, most=10)) == 10
    lines = kiosk("list", home=home.path, language="C.UTF-8").splitlines()
    assert len(lines) == MOST + 2 and lines[0].startswith("1  22/11/2026 08:00  TH-001 01  TRUNCATED")
    assert lines[-2].startswith("101 more") and "quarantine show" in lines[-1]
    assert len(json.loads(kiosk("list", "--json", home=home.path, language="C.UTF-8"))) == 301


@pytest.mark.slow
def test_a_release_that_a_later_revision_outdoes_says_so(tmp_path: Path) -> None:
    world = World(11, sites=1, stations=1, days=3, troubles=CALM)
    made: Made = world.bundles[0]
    later = signed(made.key, with_head(made, revision=2, sequence=2, previous=made.sha256))
    other = signed(made.key, with_head(made, software="9", sequence=3, previous=later.sha256))
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        assert receiver.send([made, later, other]) == ["stored", "stored", "REVISION_CONFLICT"]
        home = receiver.home
    told = kiosk("release", "1", "--reason", "x", "--who", "Lan", home=home.path, language="C.UTF-8")
    assert "is kept; a later revision" in told
    assert [one.decided is None for one in _all(home)] == [False]


def _all(home: object) -> list[Held]:
    from kiosk.province.home import Home
    from kiosk.province.memory.ledger import Ledger

    assert isinstance(home, Home)
    ledger = Ledger.read_only(home)
    try:
        with ledger.reading() as db:
            [(who,)] = db.execute("SELECT who FROM deeds WHERE deed = 'release'")
        assert who.startswith("Lan ("), "the name that was given, and who was signed in"
        return held(ledger, everything=True)
    finally:
        ledger.close()


@pytest.mark.slow
def test_a_signed_nothing_is_shown_too(world: World, tmp_path: Path) -> None:
    with receiving(new_home(tmp_path / "home", world.keys)) as receiver:
        receiver.intake.take([Signed("ab" * 8, bytes(64), b"")], NOW)
        home = receiver.home
    assert "cut off" in kiosk("show", "1", home=home.path, language="C.UTF-8")
