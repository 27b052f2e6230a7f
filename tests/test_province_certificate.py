"""The province's certificates: its own CA and what it signs, renewed by itself; or the files that it was given."""

import json
import ssl
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509

from kiosk.errors import DamagedError, KioskError, RefusedError, SettingsError
from kiosk.export.asking import trusting
from kiosk.export.sealed import CARD, opened
from kiosk.export.signing import Key
from kiosk.province.door.authority import CA_YEARS, RENEWED_BEFORE, authority, is_due, issue
from kiosk.province.door.card import Card, card_now, kept_card
from kiosk.province.door.desk import Desk
from kiosk.province.door.key_change import finish, go_over, rotate
from kiosk.province.door.serving import _chores
from kiosk.province.door.tls import Tls
from kiosk.province.home import Home, init, load
from kiosk.province.joining.enrol_codes import make_code
from kiosk.province.orders import Office
from tests.collector_stage import ask, serving
from tests.province_home import receiving

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)
URL = "https://counts.example.vn:8443"
LISTEN = "127.0.0.1:0"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return init(tmp_path / "home", "Tỉnh thử", [URL, "https://192.0.2.7:8443"], NOW)


def shown(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def strictly(ca: str) -> ssl.SSLContext:
    """As a station trusts, and as strictly as newer Pythons read certificates."""
    context = trusting(ca)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def shake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    """A handshake without a network; SSLError where the client refuses."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=name)
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    done = set()
    while len(done) < 2:
        for one in (ours, theirs):
            try:
                one.do_handshake()
                done.add(one)
            except ssl.SSLWantReadError:
                pass


def test_the_authority_lives_thirty_years_and_its_files_are_the_owner_s_alone(home: Home) -> None:
    Tls(home, load(home.path), LISTEN, NOW)
    ca, server = home.keys / "authority.pem", home.keys / "server.pem"
    assert shown(ca).not_valid_after_utc - NOW >= timedelta(days=365 * CA_YEARS)
    assert shown(ca).extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not shown(server).extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert [stat.S_IMODE(path.stat().st_mode) for path in (ca, server)] == [0o600, 0o600]


def test_stations_shake_hands_under_every_name_and_no_other_and_whatever_their_date(home: Home) -> None:
    tls = Tls(home, load(home.path), LISTEN, NOW)
    for name in ("counts.example.vn", "192.0.2.7", "127.0.0.1", "localhost"):
        shake(tls.context, strictly(tls.certificate), name)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(tls.context, strictly(tls.certificate), "evil.example.vn")
    other = authority(home.path / "other.pem", "Tỉnh khác", NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(tls.context, strictly(other.pem), "localhost")
    long_ago = Tls(home, load(home.path), LISTEN, NOW + timedelta(days=365 * 20))
    shake(long_ago.context, trusting(long_ago.certificate), "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):  # the control: the dates are wrong today
        careful = ssl.create_default_context(cadata=long_ago.certificate)
        shake(long_ago.context, careful, "localhost")


def test_the_server_s_certificate_is_renewed_by_itself_and_nobody_need_be_told(home: Home) -> None:
    tls = Tls(home, load(home.path), LISTEN, NOW)
    first, ca = shown(home.keys / "server.pem"), tls.certificate
    assert not tls.renew(NOW + timedelta(days=30))
    assert tls.renew(first.not_valid_after_utc - RENEWED_BEFORE + timedelta(hours=1))
    second = shown(home.keys / "server.pem")
    assert second.serial_number != first.serial_number and tls.certificate == ca
    shake(tls.context, strictly(ca), "localhost")
    (home.keys / "server.pem").write_bytes((home.keys / "server.pem").read_bytes()[:300])
    again = Tls(home, load(home.path), LISTEN, NOW)
    shake(again.context, strictly(ca), "localhost")


def test_what_makes_a_certificate_due(home: Home) -> None:
    path, by = home.path / "server.pem", authority(home.path / "ca.pem", "Tỉnh", NOW)
    assert is_due(path, ["a.example"], by, NOW)
    issue(path, ["a.example", "192.0.2.1"], by, NOW)
    assert not is_due(path, ["a.example"], by, NOW) and not is_due(path, ["192.0.2.1"], by, NOW)
    assert is_due(path, ["b.example"], by, NOW)
    assert is_due(path, ["a.example"], authority(home.path / "other.pem", "Tỉnh", NOW), NOW)
    path.write_text("nonsense")
    assert is_due(path, ["a.example"], by, NOW)


def test_a_damaged_authority_is_told_and_never_replaced_in_silence(home: Home) -> None:
    Tls(home, load(home.path), LISTEN, NOW)
    (home.keys / "authority.pem").write_text("torn")
    with pytest.raises(DamagedError):
        Tls(home, load(home.path), LISTEN, NOW)
    assert (home.keys / "authority.pem").read_text() == "torn"


def given(home: Home, lines: str) -> None:
    text = home.settings.read_text()
    home.settings.write_text(text.replace("[quarantine]", f"{lines}\n[quarantine]"))


def test_a_province_may_bring_its_own_certificate_and_renew_it_under_our_feet(home: Home) -> None:
    ca = authority(home.path / "ca.pem", "Sở", NOW)
    own = home.path / "own.pem"
    issue(own, ["counts.example.vn"], ca, NOW)
    given(home, f'certificate = "{own}"')
    tls = Tls(home, load(home.path), LISTEN, NOW)
    assert tls.certificate == "", "stations trust what their system trusts"
    assert not (home.keys / "authority.pem").exists()
    shake(tls.context, strictly(ca.pem), "counts.example.vn")
    before = tls.fingerprint
    issue(own, ["counts.example.vn"], ca, NOW)
    assert tls.renew(NOW) and tls.fingerprint != before
    own.write_text("torn while it is written")
    with pytest.raises(KioskError):
        tls.renew(NOW)
    shake(tls.context, strictly(ca.pem), "counts.example.vn")


def test_its_own_certificate_may_be_of_an_authority_of_its_own(home: Home) -> None:
    ca = authority(home.path / "ca.pem", "Sở", NOW)
    own, told = home.path / "own.pem", home.path / "told.pem"
    issue(own, ["counts.example.vn"], ca, NOW)
    told.write_text(ca.pem)
    given(home, f'certificate = "{own}"\nauthority = "{told}"')
    assert Tls(home, load(home.path), LISTEN, NOW).certificate == ca.pem
    told.write_text("nothing")
    with pytest.raises(KioskError):
        Tls(home, load(home.path), LISTEN, NOW)
    told.unlink()
    with pytest.raises(KioskError):
        Tls(home, load(home.path), LISTEN, NOW)
    given(home, "authoritee = 1")
    with pytest.raises(SettingsError):
        load(home.path)


def test_the_card_has_a_new_version_when_it_says_something_else_and_only_then(home: Home) -> None:
    key, settings = Key.load(home.key), load(home.path)
    first = card_now(home, settings, key, "", NOW)
    assert card_now(home, settings, key, "", NOW + timedelta(days=9)) == first == kept_card(home)
    moved = settings.model_copy(update={"province": settings.province.model_copy(update={"urls": (URL,)})})
    second = card_now(home, moved, key, "", NOW)
    assert second.version > first.version and opened(key.public, CARD, second.sealed)["urls"] == [URL]
    (home.keys / "card.json").unlink()
    third = card_now(home, moved, key, "", NOW + timedelta(days=1))
    assert third.version > second.version, "also where a restore has forgotten it"
    (home.keys / "card.json").write_text("{")
    with pytest.raises(DamagedError):
        kept_card(home)


def test_a_power_cut_while_the_key_is_changed_leaves_one_that_the_card_names(home: Home) -> None:
    old, following, settings = Key.load(home.key), Key.make(), load(home.path)
    card_now(home, settings, old, "", NOW, following)
    following.save(home.keys / "next.key")
    finish(home)
    assert Key.load(home.key).id == old.id, "announced, not gone over"
    card_now(home, settings, following, "", NOW)  # here the power goes
    finish(home)
    assert Key.load(home.key).id == following.id and not (home.keys / "next.key").exists()
    go_over(home, settings, Key.load(home.key), NOW)
    card = kept_card(home)
    assert card is not None and card.by == following.id and set(card.earlier) == {old.id}


@pytest.mark.parametrize("cut", ["deed", "_save", "card_now"])
def test_a_next_key_that_no_card_has_told_is_announced_again_and_never_gone_over_to(
    home: Home, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    """The power goes while a key is announced: behind the deed, or before the card."""
    with receiving(home) as receiver:
        office = Office(home, load(home.path), receiver.intake, "Lan", lambda: NOW)
        with monkeypatch.context() as patched:
            patched.setattr(f"kiosk.province.door.key_change.{cut}", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                rotate(office)
        with pytest.raises(RefusedError):
            rotate(office, switch=True)
        told = rotate(office)
        card = kept_card(home)
        assert card is not None and opened(receiver.intake.key.public, CARD, card.sealed)["next_key"] is not None
        assert Key.load(home.keys / "next.key").id == told["next_key"]
        with pytest.raises(RefusedError, match="announced already"):
            rotate(office)
        with pytest.raises(RefusedError, match="0 days ago"):
            rotate(office, switch=True)


def test_a_certificate_that_cannot_be_read_is_told_by_its_name(home: Home) -> None:
    own = home.path / "gone.pem"
    given(home, f'certificate = "{own}"')
    for _look in range(2):
        with pytest.raises(KioskError, match=r"gone\.pem.*\[serve\]"):
            Tls(home, load(home.path), LISTEN, NOW)
        own.write_text("no certificate")


def test_a_chore_that_fails_keeps_no_other_from_being_done(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The certificate is gone: codes that are over are erased all the same, whatever went wrong, and it serves on."""
    own = home.path / "own.pem"
    issue(own, ["counts.example.vn"], authority(home.path / "ca.pem", "Sở", NOW), NOW)
    given(home, f'certificate = "{own}"')
    tls = Tls(home, load(home.path), LISTEN, NOW)
    with receiving(home) as receiver:
        ledger = receiver.intake.ledger
        desk = Desk(receiver.intake, Card(1, "{}", ""), lambda: NOW, NOW)
        for trouble in (own.unlink, lambda: monkeypatch.setattr(Tls, "renew", None)):
            with ledger.writing() as db:
                make_code(db, "A-1", "01", 0, "Lan", "")
            trouble()
            _chores(desk, tls)
            with ledger.reading() as db:
                assert db.execute("SELECT count(*) FROM enrol_codes WHERE secret IS NOT NULL").fetchone() == (0,)
    assert "own.pem" in caplog.text and "a chore failed" in caplog.text


@pytest.mark.slow
def test_a_serving_province_shows_what_its_card_promises(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as province:
        ca = json.loads(province.card()["payload"])["certificate"]
        assert ask(province.place, "GET", "/healthz", context=strictly(ca)).status == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            ask(province.place, "GET", "/healthz", context=ssl.create_default_context())
