"""PCs join by one-time codes: against a province that really serves."""

import json
import re
import secrets
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kiosk.errors import RefusedError, UsageError
from kiosk.export import joining
from kiosk.export.handshake import ALPHABET, Code, code_in
from kiosk.export.signing import Key
from kiosk.province.door.refusals import Refusal
from kiosk.province.home import init
from kiosk.province.joining import enrolment
from kiosk.province.joining.enrol_codes import MOST_WRONG, make_code
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import seconds
from tests.collector_stage import Collector, serving, small_world, welcomed
from tests.collector_stage import enrolment as asked
from tests.joining_stage import HERE, kiosk, state_of, station_home

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with serving(tmp_path_factory.mktemp("joining") / "home") as collector:
        yield collector


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
def test_the_station_s_own_client_joins_and_may_ask_again(province: Collector, tmp_path: Path) -> None:
    paths, code = station_home(tmp_path / "station"), province.code("E-1", "07")
    enrolled, renamed = joining.join(paths, province.url, code.shown, HERE, False, lambda *_: None)
    assert renamed and (enrolled.site, enrolled.station) == ("E-1", "07")
    again, _renamed = joining.join(paths, province.url, code.shown, HERE, True, lambda *_: None)
    assert again.key == enrolled.key
    with pytest.raises(RefusedError):
        joining.join(station_home(tmp_path / "other"), province.url, code.shown, HERE, True, lambda *_: None)
    with pytest.raises(UsageError):
        joining.join(paths, province.url, "XXXX-XXXX", HERE, True, lambda *_: None)


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
        again = kiosk("station", "code", "G-1", "01", "--count", "2", *at_home).stdout
        assert re.findall(r"! PC (\S+) has joined already, on \d\d/", again) == ["01"] and "register" not in again
        lost = kiosk("station", "code", "G-7", "01", "--sheet", str(tmp_path / "no" / "codes.html"), *at_home)
        assert lost.returncode == 1 and not kiosk("station", "list", "G-7", "--json", *at_home).stdout.strip("[]\n")
        listed = kiosk("station", "list", *at_home).stdout
        assert "G-1 01: joined; joined" in listed and "G-1 03: not joined; has a code until" in listed
    shown = json.loads(kiosk("station", "show", "G-1", "01", "--json", *at_home).stdout)
    assert [one["key"] for one in shown["keys"]] == [key.id]
    assert [(one["who"], one["deed"]) for one in shown["deeds"]] == [
        ("lan", "code"), ("the station", "enrol"), ("lan", "code")]  # fmt: skip
    gone = kiosk("station", "revoke", "G-1", "01", "--reason", "hỏng", *at_home, lang="vi_VN.UTF-8")
    assert gone.returncode == 0 and "G-1" in gone.stdout, gone.stderr
    assert kiosk("station", "show", "G-9", "01", *at_home).returncode == 4
    said = kiosk("station", "show", "G-1", "01", *at_home).stdout
    assert "gave a code" in said and "the PC itself: joined" in said
    again = kiosk("station", "revoke", "G-1", "01", "--reason", "stolen", *at_home)
    assert again.returncode == 4 and "no key and no code that still counts" in again.stderr, "it is known, and was"
    assert "revoked it (hỏng)" in kiosk("station", "show", "G-1", "01", *at_home).stdout
    assert kiosk("station", "code", "G 9", "01", *at_home).returncode == 2
    page = sheet.read_text()
    for station, code in codes:
        assert page.count(f"kiosk enrol https://127.0.0.1:8443 <span>{code}</span>") == 1, station
        assert re.sub(r"<[^>]+>", "", page).count(code) == 2, "large, and in the command"
