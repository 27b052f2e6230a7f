"""The panel's certificate: made at the first run, right where the clock is not, renewed when needed, no obstacle."""

import os
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from store_support import reading

from kiosk.errors import KioskError, SettingsError
from kiosk.rules.trust import BUILT
from kiosk.service import panel_door
from kiosk.service.checked_settings import load_checked
from kiosk.service.doctor.door import door as findings
from kiosk.service.first_run import write_settings
from kiosk.service.panel_door import PanelDoor
from kiosk.settings import Paths, Site
from kiosk.web import addresses, certificate, making_certificates

NOW = reading()
LAN = Site(panel_listen="0.0.0.0:8080", panel_names=("May03.example.vn",))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path)
    paths.tls.mkdir(mode=0o700)
    return paths


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that this PC has, to be changed by the test."""
    found = ["192.0.2.7"]
    monkeypatch.setattr(addresses, "own_addresses", lambda: list(found))
    return found


def settled() -> None:
    """Wait for the door's threads."""
    for thread in threading.enumerate():
        if thread.name == "certificate":
            thread.join(60)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    yield
    settled()


def codes(door: PanelDoor) -> list[str]:
    return [one["code"] for one in door.troubles()]


def test_the_first_run_makes_one_for_every_name_and_address_that_nobody_else_may_read(
    paths: Paths, at: list[str]
) -> None:
    listen, spoken = PanelDoor(paths, LAN, lambda: NOW).open()
    assert listen == "0.0.0.0:8080" and isinstance(spoken["tls"], ssl.SSLContext)
    file = paths.tls / "panel.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and os.listdir(paths.tls) == ["panel.pem"]
    said, known = certificate.read(file), certificate.look_at(file)
    assert said is not None and set(said.names) == set(known.names) >= {"may03.example.vn", "192.0.2.7", "127.0.0.1"}
    assert (said.until, said.fingerprint) == (known.until, known.fingerprint)


@pytest.mark.parametrize(
    "wall", ["2010-01-01T00:00:00+00:00", "2044-05-01T00:00:00+00:00", "1970-01-01T00:00:09+00:00"]
)
def test_a_dead_clock_at_the_first_boot_makes_a_certificate_that_holds_all_the_same(
    paths: Paths, at: list[str], wall: str
) -> None:
    dead = replace(reading(wall), trusted=False)
    PanelDoor(paths, LAN, lambda: dead).open()
    pem = (paths.tls / "panel.pem").read_text()
    found = x509.load_pem_x509_certificate(pem.encode())
    assert found.not_valid_before_utc < BUILT
    assert found.not_valid_after_utc == BUILT + certificate.VALID


@pytest.mark.slow
def test_it_is_made_anew_only_for_a_reason(paths: Paths, at: list[str]) -> None:
    door = PanelDoor(paths, LAN, lambda: NOW)
    door.open()
    first = certificate.read(paths.tls / "panel.pem")
    assert first is not None
    for look in (NOW, replace(NOW, wall=first.until, trusted=False)):
        again = PanelDoor(paths, LAN, lambda look=look: look)  # type: ignore[misc]
        again.open()
        again.look()
        settled()
        assert certificate.read(paths.tls / "panel.pem") == first
    at.append("192.0.2.99")
    door.look()
    settled()
    second = certificate.read(paths.tls / "panel.pem")
    assert second is not None and "192.0.2.99" in second.names and second.fingerprint != first.fingerprint
    later = replace(NOW, wall=first.until - certificate.RENEWED_BEFORE + timedelta(days=1))
    old = PanelDoor(paths, LAN, lambda: later)
    old.open()
    old.look()
    settled()
    third = certificate.read(paths.tls / "panel.pem")
    assert third is not None and third.until > second.until


def test_the_key_stays_when_the_certificate_is_renewed(paths: Paths, at: list[str]) -> None:
    def key() -> str:
        return (paths.tls / "panel.pem").read_text().split("-----BEGIN PRIVATE KEY")[1]

    certificate.make(paths.tls / "panel.pem", ["one"], NOW)
    first = key()
    certificate.make(paths.tls / "panel.pem", ["two"], NOW)
    assert key() == first


@pytest.mark.parametrize("damage", [b"", b"# kiosk {}\n", b"\xff\xfe\0", None])
def test_a_damaged_file_is_replaced(paths: Paths, at: list[str], damage: bytes | None) -> None:
    file = paths.tls / "panel.pem"
    certificate.make(file, ["localhost"], NOW)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) - 120] if damage is None else damage)
    listen, spoken = PanelDoor(paths, LAN, lambda: NOW).open()
    assert listen == "0.0.0.0:8080" and spoken
    certificate.put_in(certificate.tls_context(), file)


def test_where_none_can_be_made_the_panel_opens_on_this_pc_alone_and_says_so(
    paths: Paths, at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise KioskError("The certificate of the panel could not be made.", "No space left on device")

    monkeypatch.setattr(panel_door.certificate, "make", full)
    door = PanelDoor(paths, LAN, lambda: NOW)
    assert door.open() == ("127.0.0.1:8080", {})
    assert codes(door) == ["certificate_not_made"]


def test_a_child_that_cannot_write_says_why(tmp_path: Path) -> None:
    with pytest.raises(KioskError) as caught:
        certificate.make(tmp_path / "none" / "panel.pem", ["localhost"], NOW)
    assert "FileNotFoundError" in caught.value.hint


def test_on_this_pc_alone_no_certificate_is_made_and_nothing_is_encrypted(paths: Paths) -> None:
    door = PanelDoor(paths, Site(), lambda: NOW)
    assert door.open() == ("127.0.0.1:8080", {})
    door.look()
    assert os.listdir(paths.tls) == [] and codes(door) == []


def of_the_province(folder: Path, until: timedelta = timedelta(days=400)) -> tuple[str, str]:
    """Certificate and key as a province would give them: two files."""
    both = folder / "both.pem"
    both.unlink(missing_ok=True)
    making_certificates.make(both, ["panel.example.vn"], BUILT, NOW.wall + until)
    text = both.read_text()
    cut = text.index("-----BEGIN PRIVATE")
    (folder / "province.crt").write_text(text[text.index("-----BEGIN") : cut])
    (folder / "province.key").write_text(text[cut:])
    return str(folder / "province.crt"), str(folder / "province.key")


def test_the_province_s_own_certificate_comes_first_and_its_end_is_told(paths: Paths, at: list[str]) -> None:
    crt, key = of_the_province(paths.home, timedelta(days=20))
    site = replace(LAN, panel_certificate=crt, panel_key=key)
    clock = [NOW]
    door = PanelDoor(paths, site, lambda: clock[0])
    assert door.open()[0] == "0.0.0.0:8080" and os.listdir(paths.tls) == []
    settled()
    assert codes(door) == ["certificate_ends"]
    of_the_province(paths.home, timedelta(days=900))
    os.utime(crt, (1, 1))
    door.look()
    settled()
    settled()
    assert codes(door) == []


def test_a_certificate_of_the_province_that_does_not_fit_its_key_is_told_and_ours_serves(
    paths: Paths, at: list[str]
) -> None:
    crt, key = of_the_province(paths.home)
    certificate.make(paths.home / "other.pem", ["x"], NOW)
    site = replace(LAN, panel_certificate=crt, panel_key=str(paths.home / "other.pem"))
    door = PanelDoor(paths, site, lambda: NOW)
    assert door.open()[0] == "0.0.0.0:8080"
    assert codes(door) == ["certificate_wrong"] and os.listdir(paths.tls) == ["panel.pem"]


def test_a_locked_key_asks_no_terminal(tmp_path: Path) -> None:
    crt, _key = of_the_province(tmp_path)
    locked = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
    )
    (tmp_path / "locked.key").write_bytes(locked)
    with pytest.raises(KioskError):
        certificate.put_in(certificate.tls_context(), Path(crt), tmp_path / "locked.key")


@pytest.mark.slow
def test_the_service_never_loads_the_large_library() -> None:
    code = "import sys, kiosk.service.__main__; print('cryptography' in sys.modules, 'ssl' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "True"]


def test_settings_of_the_door_are_checked(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    write_settings(paths)
    text = paths.site_toml.read_text(encoding="utf-8")
    for right, wrong in (
        ('names = []', 'names = ["a b"]'),
        ('names = []', 'names = ["https://x"]'),
        ('key = ""', 'key = "relative.pem"'),
        ('listen = "127.0.0.1:8081"', 'listen = "0.0.0.0:8081"'),
    ):  # fmt: skip
        paths.site_toml.write_text(text.replace(right, wrong), encoding="utf-8")
        with pytest.raises(SettingsError):
            load_checked(paths)
    paths.site_toml.write_text(
        text.replace('listen = "127.0.0.1:8080"', 'listen = "0.0.0.0:8080"').replace("names = []", 'names = ["a.vn"]'),
        encoding="utf-8",
    )
    assert load_checked(paths)[0].panel_names == ("a.vn",)


def test_the_addresses_of_this_pc_are_found() -> None:
    assert "127.0.0.1" not in addresses.own_addresses()
    assert addresses.reached_at("192.0.2.4:8080")[-4:] == ["192.0.2.4", "localhost", "127.0.0.1", "::1"]
    assert all(not one.startswith("fe80") for one in addresses.own_addresses())


def test_check_tells_where_the_panel_is_and_how_its_certificate_is_known(paths: Paths, at: list[str]) -> None:
    assert list(findings(paths, Site())) == []
    before = [one.state for one in findings(paths, LAN)]
    assert before == ["good", "warn"]
    PanelDoor(paths, LAN, lambda: NOW).open()
    made = certificate.read(paths.tls / "panel.pem")
    where, what = findings(paths, LAN)
    assert made is not None and made.fingerprint in what.message and "https://192.0.2.7:8080" in where.message
    assert "127.0.0.1" not in where.message and "https://may03.example.vn:8080" in where.message
    crt, key = of_the_province(paths.home)
    theirs = replace(LAN, panel_certificate=crt, panel_key=key)
    assert "panel.example.vn" in list(findings(paths, theirs))[1].message
    assert list(findings(paths, replace(theirs, panel_key=str(paths.tls / "panel.pem"))))[1].state == "bad"
