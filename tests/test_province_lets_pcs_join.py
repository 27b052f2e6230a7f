"""PCs join by one-time codes, change keys, come back re-imaged, are revoked: against a province that really serves."""

import http.client
import json
import re
import secrets
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import RefusedError, UsageError
from kiosk.export import joining
from kiosk.export.enrolment import load as load_enrolment
from kiosk.export.handshake import ALPHABET, Code, code_in
from kiosk.export.joining import Here
from kiosk.export.province_line import ProvinceLine
from kiosk.export.receipts import receipt_in
from kiosk.export.sealed import CARD, ROTATION, seal
from kiosk.export.signing import Key, key_id
from kiosk.province import enrolment
from kiosk.province.enrol_codes import MOST_WRONG, make_code
from kiosk.province.home import init
from kiosk.province.ledger import Ledger
from kiosk.province.ledger_rows import seconds
from kiosk.province.refusals import Refusal
from kiosk.settings import Paths
from tests.collector_stage import ROOT, Collector, nobody, serving, small_world, welcomed
from tests.collector_stage import enrolment as asked

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with serving(tmp_path_factory.mktemp("joining") / "home") as collector:
        yield collector


def state_of(province: Collector, site: str, station: str) -> list[str]:
    """The states of all keys that a place has had, in the order of the alphabet."""
    return sorted(key["state"] for key in province.order("station show", site=site, station=station)["keys"])


@pytest.mark.slow
def test_a_code_binds_place_and_key_and_the_province_proves_that_it_knows_it(province: Collector) -> None:
    code, key = province.code("A-1", "01"), Key.make()
    body = asked(code, key)
    said = province.ask("POST", "/v1/enrol", body)
    assert said.status == 200 and welcomed(code, key, body, said)
    told = json.loads(said.told["answer"])
    assert (told["site"], told["station"], told["key"]) == ("A-1", "01", key.id)
    assert json.loads(told["card"]) == province.card()
    assert code.secret not in said.body.decode() and code.secret not in body.decode(), "it never travels"


@pytest.mark.slow
def test_a_lost_answer_is_given_again_to_the_same_key_and_to_no_other(province: Collector) -> None:
    code, key = province.code("A-2", "01"), Key.make()
    body = asked(code, key)
    first, again = (province.ask("POST", "/v1/enrol", body) for _time in range(2))
    assert first.body == again.body
    assert province.enrol(code, key).status == 200, "also with another nonce, as after a restart of the PC"
    said = province.enrol(code, Key.make())
    assert (said.status, said.code) == (403, "USED")
    assert state_of(province, "A-2", "01") == ["good"]


@pytest.mark.slow
def test_ten_wrong_proofs_lock_a_code_also_for_who_knows_it(province: Collector) -> None:
    code, key = province.code("A-3", "01"), Key.make()
    guesses = [Code(code.find, "".join(secrets.choice(ALPHABET) for _ in range(16))) for _ in range(MOST_WRONG)]
    for guess in guesses:
        said = province.enrol(guess, key)
        assert (said.status, said.code) == (403, "WRONG_CODE")
    said = province.enrol(code, key)
    assert (said.status, said.code) == (403, "LOCKED")
    (alarm,) = province.order("station show", site="A-3", station="01")["alarms"]
    assert alarm["code"] == "CODE_LOCKED"
    assert "! its code was tried wrongly" in kiosk("station", "list", "A-3", "--home", str(province.home)).stdout
    fresh = province.code("A-3", "01")
    assert province.enrol(fresh, key).status == 200, "a new code is a new beginning"


@pytest.mark.slow
def test_who_guesses_codes_is_slowed_down_and_others_are_not_refused(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as province:
        code = province.code("A-4", "01")
        seen = [province.enrol(Code(f"{number:04}", "0" * 16), Key.make()).code for number in range(60)]
        assert seen[:5] == ["WRONG_CODE"] * 5 and seen[-1] == "TOO_MUCH"
        assert province.put([small_world(1).bundles[0].signed]).status == 200, "what PCs send is taken meanwhile"
        assert province.enrol(code, Key.make()).code == "TOO_MUCH"


@pytest.mark.slow
@pytest.mark.parametrize("field", ["code", "public", "nonce", "mac"])
def test_no_part_of_an_enrolment_can_be_exchanged(province: Collector, field: str) -> None:
    code, key = province.code("A-5", field), Key.make()
    other = {"code": "ZZZZ", "public": Key.make().public.hex(), "nonce": "0" * 64, "mac": "0" * 64}[field]
    said = province.enrol(code, key, {field: other})
    assert (said.status, said.code) == (403, "WRONG_CODE")
    assert province.order("station show", site="A-5", station=field)["state"] == "none"


def test_a_code_expires_is_withdrawn_by_the_next_and_its_secret_is_erased_when_it_is_over(tmp_path: Path) -> None:
    home = init(tmp_path / "home", "Tỉnh thử", ["https://127.0.0.1:8443"], NOW)
    ledger = Ledger(home)

    def given(days: int = 30) -> Code:
        with ledger.writing() as db:
            return make_code(db, "B-1", "01", seconds(NOW), "an officer", "a new PC", days)

    def tried(code: Code, key: Key, later: timedelta = timedelta(0)) -> str:
        try:
            enrolment.enrol(ledger, json.loads(asked(code, key)), "{}", NOW + later)
            return "joined"
        except Refusal as refusal:
            return refusal.code

    def secrets_kept() -> list[str]:
        with ledger.reading() as db:
            return [row[0] for row in db.execute("SELECT secret FROM enrol_codes WHERE secret IS NOT NULL")]

    withdrawn, code, key = given(), given(days=3), Key.make()
    assert tried(withdrawn, key) == "WRONG_CODE" and secrets_kept() == [code.secret]
    assert tried(code, key, timedelta(days=3)) == "EXPIRED"
    assert tried(code, key, timedelta(days=2.9)) == "joined"
    assert secrets_kept() == [code.secret], "the answer may be lost"
    enrolment.first_use(ledger, {key.id}, NOW)
    given()
    assert code.secret not in secrets_kept(), "the PC has sent something, so it has the answer"
    assert tried(code, key) == "USED" and tried(code, Key.make()) == "USED"
    ledger.close()
    with sqlite3.connect(home.ledger) as db:
        deeds = db.execute("SELECT who, deed, subject, why FROM deeds").fetchall()
    assert deeds.count(("an officer", "code", "B-1 01", "a new PC")) == 3
    assert [one for one in deeds if one[1] == "enrol"] == [("the station", "enrol", "B-1 01", f"{code.find} {key.id}")]


@pytest.mark.slow
def test_a_re_imaged_pc_joins_anew_and_what_its_old_key_signed_still_counts(province: Collector) -> None:
    world, public = small_world(20, days=6), bytes.fromhex(json.loads(province.card()["payload"])["key"])
    old = world.bundles[0].key
    province.join("TH-001", "01", old)
    early, late = [made.signed for made in world.bundles[:3]], [made.signed for made in world.bundles[3:]]
    assert province.put(early).status == 200
    new = province.join("TH-001", "01")
    assert state_of(province, "TH-001", "01") == ["good", "good"], "until the new one is used, both are"
    other = small_world(21, days=2)
    again = [type(one)(new.id, new.sign(b"kiosk bundle 1\n", one.content), one.content)
             for one in (made.signed for made in other.bundles)]  # fmt: skip
    assert province.put(again).status == 200
    assert state_of(province, "TH-001", "01") == ["good", "retired"]
    said = province.put(late)
    (receipt,) = (receipt_in(public, one) for one in said.told["receipts"])
    assert not receipt.refused and set(receipt.stored) == {made.sha256 for made in world.bundles[3:]}
    assert state_of(province, "TH-001", "01") == ["good", "retired"], "a stick from before takes nothing back"


@pytest.mark.slow
def test_a_stick_is_taken_in_while_the_province_serves_and_is_the_first_use_of_a_key_too(
    province: Collector, tmp_path: Path
) -> None:
    world = small_world(24, days=4, sites=5)
    mine = [made for made in world.bundles if made.site == "TH-005"]
    first = province.join("TH-005", "01")
    assert province.order("station show", site="TH-005", station="01")["key"] == first.id
    province.join("TH-005", "01", mine[0].key)
    assert state_of(province, "TH-005", "01") == ["good", "retired"], "one that was never used gives way at once"
    for made in mine:
        (tmp_path / made.name).write_bytes(made.content)
        (tmp_path / f"{made.name}.sig").write_bytes(made.signed.line)
    done = kiosk("ingest", str(tmp_path), "--home", str(province.home), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stored"] == 4 and list((tmp_path / "receipts").iterdir())
    again = province.put([made.signed for made in mine])
    assert json.loads(json.loads(again.told["marks"])["payload"])["marks"] == {mine[0].epoch: 4}
    rows = province.order("station list", site="TH-005")
    assert [(row["last_day"], row["way"], row["new_key"]) for row in rows] == [(mine[-1].day, "stick", "")]


@pytest.mark.slow
def test_a_revoked_key_counts_no_more_and_the_place_may_join_again(province: Collector) -> None:
    world, public = small_world(22, days=6, sites=3), bytes.fromhex(json.loads(province.card()["payload"])["key"])
    mine = [made for made in world.bundles if made.site == "TH-003"]
    province.join("TH-003", "01", mine[0].key)
    assert province.put([made.signed for made in mine[:3]]).status == 200
    with pytest.raises(RefusedError):
        province.order("station revoke", site="TH-003", station="01", reason="  ")
    done = province.order("station revoke", site="TH-003", station="01", reason="stolen")
    assert done["keys"] == [mine[0].key.id]
    said = province.put([made.signed for made in mine[3:]])
    (receipt,) = (receipt_in(public, one) for one in said.told["receipts"])
    assert set(receipt.refused.values()) == {"REVOKED_KEY"} and not receipt.stored
    assert province.put([made.signed for made in mine[:3]]).told["receipts"][0].count(mine[0].sha256) == 1
    said = rotated(province, mine[0].key, Key.make(), "TH-003")
    assert (said.status, said.code) == (403, "REVOKED_KEY")
    assert province.enrol(province.code("TH-003", "01"), mine[0].key).code == "USED", "not by the same key"
    province.join("TH-003", "01")
    assert state_of(province, "TH-003", "01") == ["good", "revoked"]
    shown = province.order("station show", site="TH-003", station="01")
    assert ("revoke", "stolen") in [(one["deed"], one["why"]) for one in shown["deeds"]]


def rotated(province: Collector, old: Key, new: Key, site: str, station: str = "01", **changes: Any) -> Any:
    told = {"site": site, "station": station, "public": new.public.hex(), "at": "2026-11-20T00:00:00Z"} | changes
    return province.ask("POST", "/v1/rotate", seal(old, ROTATION, told).encode())


@pytest.mark.slow
def test_a_pc_changes_its_key_once_and_asking_again_is_harmless(province: Collector) -> None:
    old, new = province.join("C-1", "01"), Key.make()
    assert [rotated(province, old, new, "C-1").told for _time in range(2)] == [{"key": new.id}] * 2
    world = small_world(23, days=1)
    content = world.bundles[0].content
    assert state_of(province, "C-1", "01") == ["good", "good"]
    bundle = type(world.bundles[0].signed)(new.id, new.sign(b"kiosk bundle 1\n", content), content)
    province.put([bundle])  # of another site: put aside, so it is no first use
    assert state_of(province, "C-1", "01") == ["good", "good"]
    stranger = Key.make()
    assert rotated(province, stranger, Key.make(), "C-1").code == "UNKNOWN_KEY"
    assert rotated(province, old, Key.make(), "C-2").code == "WRONG_SITE"
    body = json.loads(seal(old, ROTATION, {"site": "C-1", "station": "01", "public": new.public.hex(), "at": ""}))
    body["payload"] = body["payload"].replace(new.public.hex(), stranger.public.hex())
    assert province.ask("POST", "/v1/rotate", json.dumps(body).encode()).code == "SIGNATURE"
    assert rotated(province, old, Key.make(), "C-1", public="00").code == "SCHEMA"


@pytest.mark.slow
def test_a_key_belongs_to_one_place(province: Collector) -> None:
    key = province.join("D-1", "01")
    assert province.enrol(province.code("D-2", "01"), key).code == "USED"
    assert rotated(province, province.join("D-3", "01"), key, "D-3").code == "REPLACED"


def station_home(path: Path) -> Paths:
    paths = Paths(path)
    paths.enrolment.mkdir(parents=True)
    return paths


HERE = Here("here", "01", True, "2026-11-20T00:00:00+00:00")


@pytest.mark.slow
def test_the_station_s_own_client_joins_rotates_and_is_revoked(province: Collector, tmp_path: Path) -> None:
    paths, code = station_home(tmp_path / "station"), province.code("E-1", "07")
    enrolled, renamed = joining.join(paths, province.url, code.shown, HERE, False, lambda *_: None)
    assert renamed and (enrolled.site, enrolled.station) == ("E-1", "07")
    again, _renamed = joining.join(paths, province.url, code.shown, HERE, True, lambda *_: None)
    assert again.key == enrolled.key
    with pytest.raises(RefusedError):
        joining.join(station_home(tmp_path / "other"), province.url, code.shown, HERE, True, lambda *_: None)
    with pytest.raises(UsageError):
        joining.join(paths, province.url, "XXXX-XXXX", HERE, True, lambda *_: None)


class Between(threading.Thread):
    """Somebody else's server on the way, with a certificate of its own: hands on what is asked, as it likes."""

    def __init__(self, pem: Path, place: tuple[str, int], change: Any) -> None:
        super().__init__(daemon=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context, self._real, self._change = context, place, change
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.heard: list[bytes] = []

    def run(self) -> None:
        while True:
            try:
                line, _peer = self._listener.accept()
            except OSError:
                return
            with line, self._context.wrap_socket(line, server_side=True) as tls:
                file = tls.makefile("rb")
                first = file.readline()
                request = http.client.parse_headers(file)
                body = file.read(int(request["Content-Length"]))
                self.heard.append(first + body)
                asked, answer = self._change(body)
                if answer is None:
                    real = http.client.HTTPSConnection(*self._real, context=nobody(), timeout=20)
                    real.request("POST", first.split()[1].decode(), asked)
                    got = real.getresponse()
                    answer = (got.status, got.read())
                tls.sendall(b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n" % (answer[0], len(answer[1])) + answer[1])

    def close(self) -> None:
        self._listener.close()


@contextmanager
def between(pem: Path, province: Collector, change: Any) -> Iterator[Between]:
    thread = Between(pem, province.place, change)
    thread.start()
    try:
        yield thread
    finally:
        thread.close()


@pytest.mark.slow
def test_somebody_in_between_learns_no_code_and_joins_nothing(province: Collector, tmp_path: Path) -> None:
    pem, mallory = tmp_path / "mallory.pem", Key.make()
    made = "from pathlib import Path; from datetime import *; from kiosk.web.making_certificates import make;" \
           "make(Path({!r}), ['127.0.0.1'], datetime(2026,11,1), datetime(2030,1,1))"  # fmt: skip
    subprocess.run([sys.executable, "-c", made.format(str(pem))], check=True, cwd=ROOT, timeout=60)

    def own_key(body: bytes) -> tuple[bytes, Any]:
        return json.dumps(json.loads(body) | {"public": mallory.public.hex()}).encode(), None

    def own_welcome(body: bytes) -> tuple[bytes, Any]:
        told = json.loads(body)
        answer = json.dumps({"site": "evil", "station": "01", "key": "", "card": json.dumps(province.card())})
        return body, (200, json.dumps({"answer": answer, "mac": told["mac"]}).encode())

    def own_card(body: bytes) -> tuple[bytes, Any]:
        real = province.ask("POST", "/v1/enrol", body)
        answer = json.dumps(json.loads(real.told["answer"]) | {"site": "evil"})
        return body, (200, json.dumps(real.told | {"answer": answer}).encode())

    for number, change in enumerate((own_key, own_welcome, own_card)):
        code = province.code("F-1", f"{number}")
        paths = station_home(tmp_path / f"station{number}")
        with between(pem, province, change) as evil:
            with pytest.raises(RefusedError):
                joining.join(paths, evil.url, code.shown, HERE, True, lambda *_: None)
        heard = b"".join(evil.heard)
        assert heard and code.secret.encode() not in heard and code.shown.encode() not in heard
        assert not (paths.enrolment / "enrolment.json").exists()
        keys = [key["key"] for key in province.order("station show", site="F-1", station=f"{number}")["keys"]]
        assert mallory.id not in keys
    honest = province.code("F-1", "9")
    with between(pem, province, lambda body: (body, None)) as relay:  # the control: handed on as it is, it works
        joined, _ = joining.join(
            station_home(tmp_path / "honest"), relay.url, honest.shown, HERE, True, lambda *_: None
        )
    assert joined.site == "F-1" and honest.secret.encode() not in b"".join(relay.heard)


def kiosk(*words: str, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "LANG": lang, "PYTHONPATH": str(ROOT), "SUDO_USER": "lan"}
    return subprocess.run(
        [sys.executable, "-P", "-m", "kiosk", "province", *words], env=env, capture_output=True, text=True, timeout=60
    )


@pytest.mark.slow
def test_officers_make_codes_list_and_revoke_from_a_terminal_while_it_serves_and_while_it_does_not(
    tmp_path: Path,
) -> None:
    home, sheet = tmp_path / "home", tmp_path / "codes.html"
    at_home = ("--home", str(home))
    with serving(home) as province:
        made = kiosk("station", "code", "G-1", "01", "--count", "3", "--sheet", str(sheet), *at_home)
        assert made.returncode == 0, made.stderr
        codes = re.findall(r"PC (0\d): (\S+)", made.stdout)
        assert [station for station, _code in codes] == ["01", "02", "03"]
        key = Key.make()
        assert province.enrol(code_in(codes[0][1]), key).status == 200
        listed = kiosk("station", "list", *at_home).stdout
        assert "G-1 01: joined; joined" in listed and "G-1 03: not joined; has a code until" in listed
    shown = json.loads(kiosk("station", "show", "G-1", "01", "--json", *at_home).stdout)
    assert [one["key"] for one in shown["keys"]] == [key.id]
    assert [(one["who"], one["deed"]) for one in shown["deeds"]] == [("lan", "code"), ("the station", "enrol")]
    gone = kiosk("station", "revoke", "G-1", "01", "--reason", "hỏng", *at_home, lang="vi_VN.UTF-8")
    assert gone.returncode == 0 and "G-1" in gone.stdout, gone.stderr
    assert kiosk("station", "show", "G-9", "01", *at_home).returncode == 4
    assert kiosk("station", "code", "G 9", "01", *at_home).returncode == 2
    page = sheet.read_text()
    for station, code in codes:
        assert page.count(f"kiosk enrol https://127.0.0.1:8443 <span>{code}</span>") == 1, station
        assert re.sub(r"<[^>]+>", "", page).count(code) == 2, "large, and in the command"


@pytest.mark.slow
def test_a_pc_that_slept_while_the_province_changed_its_key_twice_believes_it_again(tmp_path: Path) -> None:
    home, paths = tmp_path / "home", station_home(tmp_path / "station")
    with serving(home) as province:
        (home / "province.toml").write_text(
            (home / "province.toml").read_text().replace(":8443", f":{province.place[1]}")
        )
        province.stop()
        province.options = ("--listen", f"127.0.0.1:{province.place[1]}")
        province.start()
        code = province.code("H-1", "01")
        enrolled, _renamed = joining.join(paths, province.url, code.shown, HERE, True, lambda *_: None)
        for _change in range(2):
            for switch in (False, True):
                province.order("key rotate", switch=switch, hurry=True)
        public = bytes.fromhex(json.loads(province.card()["payload"])["key"])
        assert public not in enrolled.province, "the control: it knows none of the keys in force"
        line = ProvinceLine(paths, enrolled)
        assert line.renew() and public in line.enrolled.province
        stranger = Key.make()
        forged = seal(stranger, CARD, json.loads(province.card()["payload"]) | {"version": 2**40})
        assert not line._take(forged), "nobody else's card is taken on the way"
        line.close()
        assert public in enrolment_on_disk(paths)


def enrolment_on_disk(paths: Paths) -> tuple[bytes, ...]:
    """The province's keys as the station keeps them."""
    enrolled = load_enrolment(paths)
    assert enrolled is not None
    return enrolled.province


@pytest.mark.slow
def test_a_province_changes_its_key_and_nobody_is_left_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    at_home = ("--home", str(home))
    with serving(home) as province:
        world = small_world(30, days=4)
        province.join_all(world)
        first = json.loads(province.card()["payload"])
        assert kiosk("key", "rotate", "--switch", *at_home).returncode == 4, "nothing was announced"
        assert kiosk("key", "rotate", *at_home).returncode == 0
        assert kiosk("key", "rotate", *at_home).returncode == 4, "it is announced already"
        second = json.loads(province.card()["payload"])
        assert second["key"] == first["key"] and second["next_key"] and second["version"] > first["version"]
        said = province.put([world.bundles[0].signed])
        assert said.told["card"] == second["version"], "stations hear that there is another card"
        receipt_in(bytes.fromhex(first["key"]), said.told["receipts"][0])
        assert kiosk("key", "rotate", "--switch", *at_home).returncode == 4, "not yet: PCs may be away"
        assert kiosk("key", "rotate", "--switch", "--now", *at_home).returncode == 0
        third = json.loads(province.card()["payload"])
        assert third["key"] == second["next_key"] and third["next_key"] is None
        assert third["version"] > second["version"]
        said = province.put([made.signed for made in world.bundles])
        for one in said.told["receipts"]:
            receipt_in(bytes.fromhex(third["key"]), one)
        old = province.ask("GET", "/v1/card?by=" + key_id(bytes.fromhex(first["key"]))).told
        assert json.loads(old["payload"])["next_key"] == third["key"], "who missed the announcement finds it here"
        province.stop()
        province.start()
        assert json.loads(province.card()["payload"]) == third
