"""A province's directory: made once, never overwritten, settings refused with all faults, one writer at a time."""

import errno
import json
import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import DamagedError, KioskError, RefusedError, SettingsError
from kiosk.export.signing import Key
from kiosk.province.home import Home, home_dir, init, load, the_one
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import add_key, station_number
from kiosk.province.orders import Office, carry_out
from kiosk.province.orders_door import OrdersDoor
from tests.province_home import NOW, new_home, receiving
from tests.province_world import CALM, World

ROOT = Path(__file__).resolve().parent.parent
URL = "https://counts.example.vn"


def kiosk(*words: str, home: Path, language: str = "C.UTF-8") -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "KIOSK_PROVINCE": str(home), "LC_ALL": language, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "province", *words],
        env=environment, text=True, capture_output=True, timeout=60, cwd=ROOT,
    )  # fmt: skip


def told(*words: str, home: Path) -> Any:
    done = kiosk(*words, "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_init_makes_what_is_missing_and_leaves_what_is_there(tmp_path: Path) -> None:
    home = init(tmp_path / "p", 'Thanh Hóa "miền núi"', [URL, "https://b.example.vn/"], NOW)
    settings = load(home.path)
    assert settings.province.name == 'Thanh Hóa "miền núi"'
    assert settings.province.urls == (URL, "https://b.example.vn")
    assert home.key.stat().st_mode & 0o777 == 0o600 and home.path.stat().st_mode & 0o777 == 0o700
    assert home.ledger.stat().st_mode & 0o777 == 0o600
    ledger = Ledger(home)
    identity = ledger.id
    assert ledger.meta("began") == "2026-11-22T01:00:00+00:00"
    ledger.close()
    assert len(identity) == 16
    home.settings.write_text(home.settings.read_text("utf-8").replace("junk_mb = 256", "junk_mb = 7"), "utf-8")
    before = {path: path.read_bytes() for path in (home.settings, home.key)}
    init(home.path, "Another", ["https://other.example.vn"], NOW.replace(year=2027))
    assert {path: path.read_bytes() for path in before} == before
    assert load(home.path).quarantine.junk_mb == 7
    ledger = Ledger(home)
    assert (ledger.id, ledger.meta("began")) == (identity, "2026-11-22T01:00:00+00:00")
    ledger.close()


def test_a_lost_key_is_not_made_anew(tmp_path: Path) -> None:
    home = init(tmp_path / "p", "Thanh Hóa", [URL], NOW)
    home.key.unlink()
    for once in (lambda: init(home.path, "Thanh Hóa", [URL], NOW), lambda: carry_out(home.path, "station list")):
        with pytest.raises(KioskError, match=r"province\.key.*Put it back"):
            once()
    assert not home.key.exists()


@pytest.mark.parametrize("begun", [True, False])
def test_a_lost_ledger_is_told_and_never_made_anew(tmp_path: Path, begun: bool) -> None:
    """An empty one would know no PC, and put aside whatever lies in the archive."""
    world = World(9, sites=1, stations=1, days=2, troubles=CALM)
    home = new_home(tmp_path / "p", world.keys)
    with receiving(home) as receiver:
        assert receiver.send(world.bundles) == ["stored"] * len(world.bundles)
    home.ledger.rename(tmp_path / "ledger.db")
    if not begun:
        home.settings.unlink()
    again = (lambda: init(home.path, "Thanh Hóa", [URL], NOW), lambda: carry_out(home.path, "station list"))
    for once in again[: 1 + begun]:
        with pytest.raises(DamagedError, match=r"ledger\.db.*restore"):
            once()
        assert not home.ledger.exists()
    (tmp_path / "ledger.db").rename(home.ledger)
    init(home.path, "Thanh Hóa", [URL], NOW)
    assert len(carry_out(home.path, "station list")) == 1


def test_an_init_that_was_cut_off_left_no_home_and_is_done_again(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kiosk.province.home.write_whole", failing)
        with pytest.raises(KioskError):
            init(tmp_path / "p", "Thanh Hóa", [URL], NOW)
    with pytest.raises(KioskError, match="no home"):
        load(tmp_path / "p")
    key = Home(tmp_path / "p").key.read_bytes()
    home = init(tmp_path / "p", "Thanh Hóa", [URL], NOW)
    assert load(home.path).province.name == "Thanh Hóa" and home.key.read_bytes() == key


def failing(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, "full")


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.parametrize("order", [("ingest", "/tmp"), ("rebuild",), ("backup",), ("serve",)])
def test_root_leaves_no_file_of_its_own_in_the_home_of_another_user(tmp_path: Path, order: tuple[str, ...]) -> None:
    home = new_home(tmp_path / "p", [])
    for path in (home.path, *home.path.rglob("*")):
        os.chown(path, 65534, 65534)
    done = kiosk(*order, home=home.path)
    assert done.returncode == 1 and "sudo -u nobody" in done.stderr, done.stderr
    assert {path.stat().st_uid for path in (home.path, *home.path.rglob("*"))} == {65534}


@pytest.mark.slow
@pytest.mark.root
def test_who_may_not_enter_the_home_is_told_how(tmp_path: Path) -> None:
    """The most usual first word of an officer: without sudo. By --home click says it; else we do."""
    home = new_home(tmp_path / "p", [])
    program = "import os; os.setgid(65534); os.setuid(65534); from kiosk.cli import main; main()"
    environment = {**os.environ, "KIOSK_PROVINCE": str(home.path), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    for words in (["quarantine", "list"], ["station", "list"], ["serve"], ["backup"]):
        done = subprocess.run([sys.executable, "-c", program, "province", *words], env=environment, cwd="/",
                              text=True, capture_output=True, timeout=60)  # fmt: skip
        assert done.returncode == 1 and "sudo" in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_the_settings_have_both_languages_and_every_fault_is_named(tmp_path: Path) -> None:
    home = init(tmp_path / "p", "Thanh Hóa", [URL], NOW)
    text = home.settings.read_text(encoding="utf-8")
    assert "Máy chủ" in text and "province" in text and tomllib.loads(text)["serve"]["listen"]
    home.settings.write_text(
        '[province]\nname = ""\nurls = ["http://x.vn", "ftp://y"]\n[quarantine]\njunk_mb = "many"\nmore = 1\n'
    )
    with pytest.raises(SettingsError) as caught:
        load(home.path)
    faults = "\n".join(caught.value.problems)
    for place in ("province.name", "province.urls[1]", "province.urls[2]", "quarantine.junk_mb", "quarantine.more"):
        assert place in faults
    assert "province.urls =" not in faults, "of the list itself nothing is wrong"
    for urls in ("[]", json.dumps([URL] * 9)):
        home.settings.write_text(f'[province]\nname = "A"\nurls = {urls}\n')
        with pytest.raises(SettingsError, match="one to 8 addresses"):
            load(home.path)


@pytest.mark.parametrize("url", ["http://counts.example.vn", "counts.example.vn", "https://", "https://x.vn/?a=1"])
def test_an_address_that_is_none_is_refused_before_anything_is_made(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError):
        init(tmp_path / "p", "Thanh Hóa", [url], NOW)
    assert not (tmp_path / "p").exists()


def test_where_the_home_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIOSK_PROVINCE", raising=False)
    assert home_dir() == Path("/var/lib/kiosk-province")
    monkeypatch.setenv("KIOSK_PROVINCE", str(tmp_path))
    assert home_dir() == tmp_path and home_dir(Path("/x")) == Path("/x")
    with pytest.raises(KioskError, match="init"):
        load(tmp_path)


@pytest.mark.slow
def test_of_two_processes_the_second_is_refused_with_a_sentence(tmp_path: Path) -> None:
    home = init(tmp_path / "p", "Thanh Hóa", [URL], NOW)
    (tmp_path / "stick").mkdir()
    with the_one(home):
        with pytest.raises(RefusedError, match="Another command is working"), the_one(home):
            pass
        done = kiosk("ingest", str(tmp_path / "stick"), home=home.path, language="vi_VN.UTF-8")
        assert done.returncode == 4 and "Một lệnh khác" in done.stderr and "Traceback" not in done.stderr
    assert kiosk("ingest", str(tmp_path / "stick"), home=home.path).returncode == 0


def test_orders_are_heard_again_when_the_system_had_no_file_to_spare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, real, failed = new_home(tmp_path / "p", []), socket.socket.accept, list[int]()

    def accept(self: socket.socket) -> Any:
        if len(failed) < 2:
            failed.append(1)
            raise OSError(errno.EMFILE, "Too many open files")
        return real(self)

    monkeypatch.setattr(socket.socket, "accept", accept)
    with receiving(home) as receiver:
        door = OrdersDoor(Office(home, load(home.path), receiver.intake, "", lambda: NOW))
        try:
            assert carry_out(home.path, "clock")["wrong"] is False and len(failed) == 2
        finally:
            door.close()


@pytest.mark.slow
def test_from_init_to_release_on_the_terminal(tmp_path: Path) -> None:
    """The whole of an officer's work with a stick, as they type it."""
    home = Home(tmp_path / "p")
    made = told("init", str(home.path), "--name", "Thanh Hóa", "--url", URL, home=home.path)
    assert made["key"] == Key.load(home.key).id
    world = World(3, sites=1, stations=1, days=5, troubles=CALM)
    ledger = Ledger(home)
    [(site, station, key)] = world.keys
    with ledger.writing() as db:
        add_key(db, key.id, key.public, station_number(db, site, station, 0), 0)
    ledger.close()
    stick = tmp_path / "stick"
    stick.mkdir()
    for one in world.bundles:
        (stick / one.name).write_bytes(one.content)
        (stick / f"{one.name}.sig").write_bytes(one.signed.line)
    alien = world.bundles[0]
    (stick / f"{alien.name}.sig").write_bytes(alien.signed.line.replace(key.id.encode(), b"0" * 16))
    counts = told("ingest", str(stick), home=home.path)
    assert {name: counts[name] for name in ("stored", "duplicates", "replaced", "quarantined")} == {
        "stored": 4, "duplicates": 0, "replaced": 0, "quarantined": 1,
    }  # fmt: skip
    [one] = told("quarantine", "list", home=home.path)
    assert one["code"] == "UNKNOWN_KEY" and one["sha256"] == alien.sha256
    assert "UNKNOWN_KEY: no PC" in kiosk("quarantine", "list", home=home.path).stdout
    released = told(
        "quarantine", "release", str(one["id"]), "--reason", "asked the site", "--who", "Lan", home=home.path
    )
    assert released["outcome"] == "stored"
    assert told("quarantine", "list", home=home.path) == []
    counts = told("ingest", str(stick), home=home.path)
    assert (counts["stored"], counts["duplicates"], counts["quarantined"]) == (0, 5, 0)
    refused = kiosk("quarantine", "release", "99", "--reason", "x", home=home.path)
    assert refused.returncode == 4 and "99" in refused.stderr


def test_the_command_line_stays_light() -> None:
    code = "import sys, kiosk.cli; print(*sys.modules, sep='\\n')"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT, check=True)
        .stdout.split()
    )  # fmt: skip
    heavy = {"duckdb", "ibis", "pyarrow", "pandas", "cryptography", "fsspec", "sqlite3", "pydantic", "flask"}
    assert not loaded & heavy
    assert not {name for name in loaded if name.startswith("kiosk.province.")}
