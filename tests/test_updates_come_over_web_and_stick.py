"""The province's tree becomes the library: over HTTPS or from a stick, only what is missing, and back again."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tree_server import served
from tree_stage import PAGE, Province, Station, reading

from kiosk.content.imports import add, remove
from kiosk.content.library import Library
from kiosk.content.updates.fetching import Brake
from kiosk.content.updates.going_back import held_edition, roll_back, tree_of
from kiosk.content.updates.outcome import Wishes
from kiosk.content.updates.progress import alone
from kiosk.errors import KioskError, RefusedError, UsageError

FARM = {f"n{n}": PAGE.format(n, "lúa") for n in range(5)}
HEALTH = {"a": "Phòng bệnh\nRửa tay bằng xà phòng."}


@pytest.fixture
def province(tmp_path: Path) -> Province:
    made = Province(tmp_path / "province")
    made.pack("farm", FARM)
    made.pack("health", HEALTH)
    made.publish()
    return made


@pytest.fixture
def station(tmp_path: Path, province: Province) -> Station:
    return Station(tmp_path / "station", province)


def edited(province: Province, number: int = 2) -> None:
    """The next edition, with one page changed."""
    province.pack("farm", {**FARM, f"n{number}": PAGE.format(77, "ngô")})
    province.publish()


def test_over_the_web_only_what_changed_is_fetched(province: Province, station: Station) -> None:
    with served(province.out) as web:
        first = station.update(web.address)
        assert (first.edition, first.changed, first.items) == (1, ("farm", "health"), 6)
        assert station.found("rua tay") == ["health/a"] and station.faults() == [] and station.left() == []
        edited(province)
        web.asked.clear()
        second = station.update(web.address)
        assert (second.edition, second.changed, second.removed) == (2, ("farm",), ())
        assert len([path for path in web.asked if path.startswith("objects/")]) == 2  # the list and the page
        assert station.found("ngô")[0] == "farm/n2" and "Bài 2 về lúa" not in station.titles()
        web.asked.clear()
        third = station.update(web.address)
        assert third.unchanged and third.moved == 0 and not [path for path in web.asked if "objects/" in path]
    assert station.faults() == [] and station.left() == []


def test_from_a_stick_it_is_the_same(province: Province, station: Station) -> None:
    assert station.update(province.out).edition == 1
    edited(province)
    assert station.update(province.out).moved < 3_000
    assert station.found("ngô")[0] == "farm/n2" and station.faults() == []


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """For "localhost", signed by itself; and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return cert, secret


def test_over_tls_with_a_certificate_that_is_known(
    province: Province, station: Station, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(province.out, certificate) as web:
        with pytest.raises(KioskError, match="certificate|chứng chỉ"):
            station.update(web.address)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert station.update(web.address).edition == 1


def test_a_library_that_is_open_sees_the_change_and_a_pack_that_is_gone(province: Province, station: Station) -> None:
    station.update(province.out)
    library = Library(station.shelves.root)
    assert library.item("health/a") is not None
    for path in (province.folder / "health").iterdir():
        path.unlink()
    (province.folder / "health").rmdir()
    edited(province)
    assert station.update(province.out).removed == ("health",)
    assert library.item("health/a") is None and len(library.items()) == 5
    library.close()


def test_packs_of_the_site_itself_stay(province: Province, station: Station, tmp_path: Path) -> None:
    own = Province(tmp_path / "own")
    own.pack("village", {"v": "Làng ta\nChuyện của làng."})
    add(station.shelves, own.folder / "village", "2026-11-20")
    station.update(province.out)
    edited(province)
    station.update(province.out)
    assert "Làng ta" in station.titles() and len(station.titles()) == 7 and station.faults() == []


def test_what_staff_took_out_stays_out_until_they_want_it_again(province: Province, station: Station) -> None:
    station.update(province.out)
    remove(station.shelves, "health")
    edited(province)
    assert station.update(province.out).declined == ("health",)
    assert station.found("rua tay") == []
    assert station.update(province.out, Wishes(take=("health",))).changed == ("health",)
    assert station.found("rua tay") == ["health/a"] and station.update(province.out).declined == ()


def test_a_pack_that_the_province_does_not_have_is_told_and_nothing_is_changed(
    province: Province, station: Station
) -> None:
    with pytest.raises(UsageError, match=r"no pack wrong.*publishes: farm, health"):
        station.update(province.out, Wishes(take=("farm", "wrong")))
    assert station.shelves.current() is None
    assert station.update(province.out, Wishes(take=("farm",))).changed == ("farm", "health")


def test_a_new_title_of_a_pack_comes_too(province: Province, station: Station) -> None:
    station.update(province.out)
    manifest = province.folder / "health" / "pack.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("Gói health", "Sức khỏe"), encoding="utf-8")
    province.publish()
    assert station.update(province.out).changed == ("health",)
    assert {pack.title for pack in station.shelves.packs()} == {"Gói farm", "Sức khỏe"}


def test_a_file_that_rotted_is_fetched_again(province: Province, station: Station) -> None:
    station.update(province.out)
    victim = next(path for path in station.shelves.objects.all() if "xà phòng" in path.read_text(encoding="utf-8"))
    victim.write_bytes(b"x" * victim.stat().st_size)
    assert len(station.faults()) == 1
    assert station.update(province.out).moved == 0 and len(station.faults()) == 1
    assert station.update(province.out, Wishes(mend=True)).moved == victim.stat().st_size
    assert station.faults() == [] and station.found("rua tay") == ["health/a"] and station.left() == []
    shelf = station.shelves.current()
    assert station.update(province.out, Wishes(mend=True)).moved == 0 and station.shelves.current() == shelf


def test_staff_go_back_and_the_edition_does_not_come_again_by_itself(province: Province, station: Station) -> None:
    station.update(province.out)
    edited(province)
    station.update(province.out)
    now = roll_back(station.shelves)
    assert now is not None and now.edition == 1 and held_edition(station.shelves) == 2
    assert "Bài 2 về lúa" in station.titles() and station.faults() == []
    with pytest.raises(RefusedError, match="--again"):
        station.update(province.out)
    edited(province, 3)
    assert station.update(province.out).edition == 3  # a newer one is welcome
    roll_back(station.shelves)
    assert station.update(province.out, Wishes(again=True)).edition == 3


def test_going_back_twice_is_going_forward(province: Province, station: Station) -> None:
    station.update(province.out)
    with pytest.raises(RefusedError):
        roll_back(station.shelves)
    edited(province)
    station.update(province.out)
    before = station.titles()
    roll_back(station.shelves)
    assert station.titles() != before
    again = roll_back(station.shelves)
    assert station.titles() == before and again is not None and again.edition == 2
    assert held_edition(station.shelves) == 0 and station.update(province.out).unchanged


@pytest.mark.slow
def test_five_percent_changed_moves_little_more_than_what_changed(tmp_path: Path) -> None:
    province = Province(tmp_path / "province")
    texts = {f"n{n}": f"Bài số {n}\n" + f"chữ {n} " * 900 for n in range(200)}
    province.pack("large", texts)
    province.publish()
    station = Station(tmp_path / "station", province)
    with served(province.out) as web:
        station.update(web.address)
        changed = {f"n{n}": f"Bài số {n}\n" + f"mới {n} " * 900 for n in range(0, 200, 20)}
        province.pack("large", texts | changed)
        province.publish()
        web.sent = 0
        station.update(web.address)
        bytes_changed = sum((province.folder / "large" / f"{name}.html").stat().st_size for name in changed)
        print(f"{web.sent} bytes moved for {bytes_changed} changed: {web.sent / bytes_changed:.2f}")
        assert bytes_changed < web.sent <= 1.3 * bytes_changed
    assert station.faults() == []


def test_the_policy_and_the_list_of_sites_come_along(tmp_path: Path, province: Province, station: Station) -> None:
    (province.folder / "policies").mkdir()
    (province.folder / "policies" / "library.toml").write_text("[session]\nminutes = 45\n", encoding="utf-8")
    (province.folder / "policies" / "TH-007.toml").write_text("[session]\nminutes = 90\n", encoding="utf-8")
    sites = (
        "code,name,policy,commune\nTH-001,Thư viện xã A,library,A\nTH-002,Bưu điện B,,B\nTH-007,Thư viện C,library,C\n"
    )
    (province.folder / "sites.csv").write_text(sites, encoding="utf-8")
    province.publish()
    given = station.shelves.root / "given"

    def minutes(site: str) -> str:
        station.update(province.out, Wishes(site=site))
        path = given / "policy.toml"
        return path.read_text(encoding="utf-8").split()[-1] if path.exists() else ""

    assert [minutes(site) for site in ("TH-001", "TH-002", "TH-007", "TH-999")] == ["45", "", "90", ""]
    assert (given / "sites.csv").read_text(encoding="utf-8") == sites
    assert station.faults() == [] and station.left() == []


def test_old_content_and_a_dead_clock_are_told_and_keep_nothing_away(province: Province, station: Station) -> None:
    assert station.update(province.out, days=10).warnings == ()
    edited(province)
    late = station.update(province.out, days=100)
    assert (late.edition, late.warnings) == (2, ("stale",))
    assert station.update(province.out, days=4_000).warnings == ("expired",)
    edited(province, 3)
    dead = station.update(province.out, days=-6_000, trusted=False)
    assert (dead.edition, dead.warnings) == (3, ("undated",))


def test_two_updates_at_once_are_refused(province: Province, station: Station) -> None:
    with alone(station.shelves.root), pytest.raises(RefusedError, match="running already|đang chạy"):
        station.update(province.out)
    assert station.update(province.out).edition == 1


def test_the_library_can_be_changed_while_an_update_comes_in(
    province: Province, station: Station, tmp_path: Path
) -> None:
    own = Province(tmp_path / "own")
    own.pack("village", {"v": "Làng ta\nChuyện của làng."})
    with served(province.out) as web:

        def meanwhile(path: str, data: bytes) -> bytes:
            if path.startswith("objects/") and "village" not in {pack.id for pack in station.shelves.packs()}:
                add(station.shelves, own.folder / "village", "2026-11-20")
            return data

        web.twist = meanwhile
        station.update(web.address)
    assert len(station.titles()) == 7 and station.faults() == []


def test_nobody_is_believed_before_somebody_said_so(tmp_path: Path, province: Province) -> None:
    stranger = Station(tmp_path / "stranger")
    with pytest.raises(RefusedError, match="trust"):
        stranger.update(province.out)
    assert stranger.shelves.current() is None


def test_the_brake_holds_the_rate() -> None:
    slept: list[float] = []
    clock = [100.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    brake = Brake(100_000, lambda: clock[0], sleep)
    for _chunk in range(100):
        brake.passed(10_000)
    assert 9.8 <= sum(slept) <= 10.2
    Brake(0, lambda: clock[0], sleep).passed(10**9)
    assert sum(slept) <= 10.2


def test_no_room_is_told_before_anything_is_fetched(
    province: Province, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.content.files.SPARE", 1 << 60)
    with served(province.out) as web, pytest.raises(KioskError, match="no room|không đủ chỗ|Không đủ chỗ"):
        station.update(web.address)
    assert station.shelves.current() is None and tree_of(station.shelves) is None


def test_items_come_with_their_day_and_keep_it(province: Province, station: Station) -> None:
    station.update(province.out)
    edited(province)
    station.update(province.out, days=30)
    days = {item.id: item.added for pack in station.shelves.packs() for item in pack.items}
    assert set(days.values()) == {reading().local.date().isoformat()}
