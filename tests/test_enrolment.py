"""A station joins its province by a one-time code, over a net that nobody has to trust, and loses nothing to a cut."""

import json
import os
import secrets
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fake_province import CODE, Province, province
from sending_station import Sender

from kiosk.errors import STAYS_BEHIND, DamagedError, KioskError, RefusedError, UsageError
from kiosk.export import asking, enrolment, joining, rotating
from kiosk.export.enrolment import Enrolled
from kiosk.export.enrolment_changes import take_card
from kiosk.export.handshake import CodeError, code_in, with_code
from kiosk.export.joining import Here
from kiosk.export.sealed import CARD, SealError, seal
from kiosk.export.signing import Key
from kiosk.service.enrolling_child import done
from kiosk.settings import Paths
from kiosk.store import facts

NOW = "2026-11-20T09:42:00+00:00"
UNNAMED = Here("SITE-000", "01", True, NOW)
NAMED = Here("TH-012", "03", False, NOW)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths(tmp_path / "home")
    found.enrolment.mkdir(parents=True, mode=0o700)
    return found


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path / "province") as found:
        yield found


def join(
    paths: Paths, url: str, code: str = CODE, here: Here = NAMED, take_over: bool = False, leave_behind: bool = False
) -> Enrolled:
    """Join, and the names that were taken stand in a file."""

    def rename(site: str, station: str) -> None:
        (paths.home / "named").write_text(f"{site} {station}", encoding="ascii")

    return joining.join(paths, url, code, here, take_over, rename, leave_behind)[0]


def left(paths: Paths) -> list[str]:
    """What lies in the folder, without keys that were only asked with."""
    return sorted(path.name for path in paths.enrolment.iterdir() if not path.name.startswith("asked-"))


def test_a_code_pins_key_and_card_though_the_certificate_ran_out(paths: Paths, theirs: Province) -> None:
    joined = join(paths, theirs.url)
    found = enrolment.load(paths)
    assert found == joined and found is not None
    assert (found.site, found.station, found.name, found.version) == ("TH-012", "03", "Thanh Hóa", 1)
    assert (found.urls, found.certificate, found.province) == ((theirs.url,), theirs.certificate, (theirs.key.public,))
    assert (found.at, found.way) == (NOW, "https")
    assert theirs.stations == {found.key: enrolment.station_key(paths, found).public.hex()}
    assert left(paths) == [enrolment.FILE, enrolment.KEY] == sorted(os.listdir(paths.enrolment))
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths.enrolment.iterdir()} == {0o600}
    secret = code_in(CODE).secret.encode()
    assert not any(secret in body for _path, body in theirs.asked), "the secret half of the code never travels"


@pytest.mark.parametrize(
    "typed",
    ["7k2m9qrt4xwb0c3d8fgh", " 7K2M 9QRT 4XWB OC3D 8FGH ", "7K2M-9QRT-4XWB-oC3D-8FGH", "7K2M–9QRT–4XWB–0C3D–8FGH"],
)
def test_what_people_type_is_forgiven(typed: str) -> None:
    assert code_in(typed).shown == CODE


@pytest.mark.parametrize("typed", ["", CODE[:-1], CODE + "0", CODE.replace("K", "U"), "ộ" * 20, "Ⅷ" * 20])
def test_what_is_no_code_is_said(typed: str) -> None:
    with pytest.raises(CodeError):
        code_in(typed)
    with pytest.raises(UsageError):
        asking.address_and_code("https://province.example.vn", typed)


def test_ones_and_noughts_are_read_as_what_they_look_like() -> None:
    generator = secrets.SystemRandom()
    for _round in range(200):
        plain = "".join(generator.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _sign in range(20))
        typed = "".join(generator.choice({"0": "0Oo", "1": "1IiLl"}.get(one, one + one.lower())) for one in plain)
        assert code_in(typed) == code_in(plain), (plain, typed)


@pytest.mark.parametrize(
    ("url", "code", "address"),
    [("https://t.vn:8443/#" + CODE, "", "https://t.vn:8443"), ("https://t.vn:8443/ " + CODE, "", "https://t.vn:8443"),
     ("t.vn:8443", CODE, "https://t.vn:8443"), ("https://t.vn/kiosk/", CODE, "https://t.vn/kiosk"),
     ("http://127.0.0.1:1", CODE, "http://127.0.0.1:1"), ("https://[::1]:8443", CODE, "https://[::1]:8443")],
)  # fmt: skip
def test_a_scanner_types_address_and_code_in_one(url: str, code: str, address: str) -> None:
    found, wanted = asking.address_and_code(url, code)
    assert (found, wanted.shown) == (address, CODE)
    assert asking.address_and_code(with_code(found, wanted)) == (found, wanted)


@pytest.mark.parametrize("url", ["", "https://", "http://t.vn", "ftp://t.vn", "https://t.vn:x", "file:///etc/passwd",
                                 "https://a b", "https://t.vn/?x=1", "https://user@t.vn", "https://t.vn:99999",
                                 "http://0.0.0.0", "http://127.0.0.1.evil.vn"])  # fmt: skip
def test_what_is_no_address_is_refused_before_anything_is_sent(paths: Paths, url: str) -> None:
    with pytest.raises(UsageError):
        join(paths, url)
    assert list(paths.enrolment.iterdir()) == []


def test_a_station_without_a_name_takes_that_of_the_code(paths: Paths, theirs: Province) -> None:
    found = join(paths, theirs.url, here=UNNAMED)
    assert (paths.home / "named").read_text() == "TH-012 03" and found.site == "TH-012"


def test_a_code_of_another_place_is_refused_in_both_names_and_taken_over_when_asked(
    paths: Paths, theirs: Province
) -> None:
    here = Here("TH-044", "01", False, NOW)
    with pytest.raises(RefusedError) as refused:
        join(paths, theirs.url, here=here)
    assert all(name in str(refused.value) for name in ("TH-012", "03", "TH-044", "01", "--take-over"))
    assert left(paths) == [] and enrolment.load(paths) is None
    found = join(paths, theirs.url, here=here, take_over=True)
    assert (found.site, found.station) == ("TH-012", "03"), "the code is asked with again by the same key"
    assert (paths.home / "named").read_text() == "TH-012 03"


def test_days_that_wait_under_the_old_name_are_counted_before_a_move_and_left_only_when_asked(
    paths: Paths, theirs: Province
) -> None:
    here = Here("TH-044", "01", False, NOW, waiting_days=7)
    with pytest.raises(RefusedError, match="--take-over"):
        join(paths, theirs.url, here=here)
    with pytest.raises(RefusedError, match="TH-044.*: 7.*--leave-behind") as refused:
        join(paths, theirs.url, here=here, take_over=True)
    assert refused.value.code == STAYS_BEHIND and enrolment.load(paths) is None
    assert not (paths.home / "named").exists() and left(paths) == []
    found = join(paths, theirs.url, here=here, take_over=True, leave_behind=True)
    assert found.site == "TH-012" and (paths.home / "named").read_text() == "TH-012 03"


@pytest.mark.parametrize(
    ("here", "take_over"),
    [
        (Here("TH-012", "03", False, NOW, waiting_days=7), False),
        (Here("SITE-000", "01", True, NOW, waiting_days=7), False),
        (Here("TH-044", "01", False, NOW), True),
    ],
)
def test_what_waits_under_the_same_name_or_none_goes_along(
    paths: Paths, theirs: Province, here: Here, take_over: bool
) -> None:
    assert join(paths, theirs.url, here=here, take_over=take_over).site == "TH-012"


@pytest.mark.parametrize("code", ["WRONG_CODE", "USED", "EXPIRED", "LOCKED", "SOMETHING_NEW"])
def test_what_the_province_refuses_is_said_and_nothing_is_changed(paths: Paths, theirs: Province, code: str) -> None:
    theirs.refuse = code
    with pytest.raises(RefusedError) as refused:
        join(paths, theirs.url)
    assert refused.value.message and refused.value.hint and left(paths) == []
    said = {"USED": "another computer", "EXPIRED": "too old", "SOMETHING_NEW": "SOMETHING_NEW"}
    assert said.get(code, "code") in refused.value.message


def test_one_wrong_sign_of_the_secret_is_a_wrong_code(paths: Paths, theirs: Province) -> None:
    with pytest.raises(RefusedError, match="does not know this code"):
        join(paths, theirs.url, CODE[:-1] + "J")
    assert left(paths) == [] and theirs.stations == {}


def test_a_used_code_serves_no_second_station(paths: Paths, theirs: Province, tmp_path: Path) -> None:
    join(paths, theirs.url)
    other = Paths(tmp_path / "other")
    other.enrolment.mkdir(parents=True)
    with pytest.raises(RefusedError, match="used already"):
        join(other, theirs.url)


def test_nobody_there_no_network_and_no_province_are_told_apart(paths: Paths, theirs: Province) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    with pytest.raises(KioskError, match="Nobody answers"):
        join(paths, f"https://127.0.0.1:{nobody}")
    with pytest.raises(KioskError, match="cannot be found"):
        join(paths, "https://province.invalid:8443")
    for status, page in ((200, b"<html>Please sign in</html>"), (302, b""), (404, b"{}"), (200, b'{"answer": 1}'),
                         (200, b"[" * 100_000), (403, b"no"), (200, b"x" * (2 << 20))):  # fmt: skip
        theirs.status, theirs.page = status, page
        with pytest.raises(KioskError, match="not a province's server"):
            join(paths, theirs.url)
    theirs.status, theirs.page = 503, b""
    with pytest.raises(KioskError, match="busy"):
        join(paths, theirs.url)
    plain = theirs.url.replace("https://", "http://")
    with pytest.raises(KioskError, match=r"not a province's server|cut off"):
        join(paths, plain)
    assert left(paths) == []


def _other_card(told: dict[str, Any]) -> dict[str, Any]:
    answer = json.loads(told["answer"])
    evil = Key.make()
    payload = {"name": "Thanh Hóa", "version": 1, "key": evil.public.hex(), "next_key": None,
               "urls": ["https://evil.example"], "certificate": ""}  # fmt: skip
    return {**told, "answer": json.dumps({**answer, "card": seal(evil, CARD, payload)})}


def _other(**changes: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda told: {**told, "answer": json.dumps({**json.loads(told["answer"]), **changes})}


@pytest.mark.parametrize(
    "tamper",
    [_other_card, _other(site="TH-999"), _other(station="99"), _other(key="0" * 16), lambda told: {**told, "mac": ""},
     lambda told: {**told, "mac": "0" * 64}, lambda told: {**told, "mac": None},
     lambda told: {"answer": told["answer"]}],
    ids=["card", "site", "station", "key", "empty", "zero", "none", "missing"],
)  # fmt: skip
def test_whoever_stands_in_between_changes_nothing(
    paths: Paths, theirs: Province, tamper: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    theirs.tamper = tamper
    with pytest.raises(RefusedError, match="somebody may stand in between"):
        join(paths, theirs.url)
    assert left(paths) == [] and enrolment.load(paths) is None
    theirs.tamper = lambda told: told
    assert join(paths, theirs.url).province == (theirs.key.public,), "on an honest line the same code still serves"


def test_a_swapped_public_key_is_a_wrong_code(paths: Paths, theirs: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    evil, sent = Key.make().public.hex(), asking.post

    def between(url: str, path: str, body: bytes, *rest: Any) -> Any:
        return sent(url, path, json.dumps({**json.loads(body), "public": evil}).encode(), *rest)

    monkeypatch.setattr(asking, "post", between)
    with pytest.raises(RefusedError, match="does not know this code"):
        join(paths, theirs.url)
    assert left(paths) == [] and theirs.stations == {}


def test_a_lost_answer_is_asked_for_again_with_the_same_key(paths: Paths, theirs: Province) -> None:
    theirs.lose = 2
    for _time in range(2):
        with pytest.raises(KioskError, match="cut off"):
            join(paths, theirs.url)
    found = join(paths, theirs.url)
    assert list(theirs.stations) == [found.key] and len(theirs.asked) == 3


def test_after_a_re_image_a_new_code_brings_a_new_key(paths: Paths, theirs: Province) -> None:
    first = join(paths, theirs.url)
    theirs.code, theirs.bound = "ABCD" + CODE[4:], ""
    second = join(paths, theirs.url, theirs.code)
    assert second.key != first.key and len(theirs.stations) == 2
    assert sorted(os.listdir(paths.enrolment)) == [enrolment.FILE, enrolment.KEY]


def test_a_new_key_is_asked_with_the_old_and_a_lost_answer_changes_nothing(paths: Paths, theirs: Province) -> None:
    old = join(paths, theirs.url)
    theirs.lose = 1
    with pytest.raises(KioskError):
        rotating.rotate(paths, NOW)
    assert enrolment.load(paths) == old and enrolment.station_key(paths, old).id == old.key
    new = rotating.rotate(paths, NOW)
    assert new.key != old.key and enrolment.load(paths) == new and set(theirs.stations) == {old.key, new.key}
    assert enrolment.station_key(paths, new).id == new.key
    assert sorted(os.listdir(paths.enrolment)) == [enrolment.FILE, enrolment.KEY]


def test_a_key_whose_answer_was_lost_is_asked_for_again_by_whoever_next_sends(paths: Paths, theirs: Province) -> None:
    old = join(paths, theirs.url)
    rotating.finish(paths)
    assert enrolment.load(paths) == old, "nobody has asked"
    theirs.lose = 1
    with pytest.raises(KioskError):
        rotating.rotate(paths, NOW)
    theirs.status = 503
    rotating.finish(paths)
    assert enrolment.load(paths) == old, "the old one counts, and it is no error"
    theirs.status = 0
    rotating.finish(paths)
    found = enrolment.load(paths)
    assert found is not None and set(theirs.stations) == {old.key, found.key} and found.key != old.key
    assert sorted(os.listdir(paths.enrolment)) == [enrolment.FILE, enrolment.KEY]


@pytest.mark.slow
def test_a_new_key_is_told_to_a_province_that_has_another_certificate_by_now(
    paths: Paths, theirs: Province, tmp_path: Path
) -> None:
    old = join(paths, theirs.url)
    with province(tmp_path / "moved", key=theirs.key, stations=theirs.stations, version=2) as moved:
        theirs.url = moved.url
        card = enrolment.card_in([theirs.key.public], theirs.card())
        enrolment.put(paths, replace(old, card=card))
        new = rotating.rotate(paths, NOW)
        assert (new.version, new.certificate) == (2, moved.certificate) and new.key != old.key
        assert enrolment.load(paths) == new


def test_a_newer_card_that_comes_late_undoes_no_new_key_and_no_leaving(paths: Paths, theirs: Province) -> None:
    """A courier read the enrolment, then somebody changed the key; then the courier brought a card."""
    before = join(paths, theirs.url)
    new = rotating.rotate(paths, NOW)
    theirs.version = 2
    assert take_card(paths, before, theirs.card()).version == 2
    found = enrolment.load(paths)
    assert found is not None and (found.key, found.version) == (new.key, 2)
    assert enrolment.station_key(paths, found).id == new.key
    joining.forget(paths)
    theirs.version = 3
    take_card(paths, found, theirs.card())
    assert enrolment.load(paths) is None


def test_its_own_code_typed_again_after_a_new_key_is_not_called_another_computer_s(
    paths: Paths, theirs: Province, tmp_path: Path
) -> None:
    join(paths, theirs.url)
    rotated = rotating.rotate(paths, NOW)
    assert join(paths, theirs.url) == rotated == enrolment.load(paths)
    (tmp_path / "other").mkdir()
    with pytest.raises(RefusedError, match="by another computer"):  # the control
        join(Paths(tmp_path / "other"), theirs.url)


def test_a_province_that_names_another_key_does_not_rotate(paths: Paths, theirs: Province) -> None:
    old = join(paths, theirs.url)
    theirs.tamper = lambda told: {"key": "0" * 16}
    with pytest.raises(RefusedError, match="did not take the new key"):
        rotating.rotate(paths, NOW)
    assert enrolment.load(paths) == old


def test_a_server_with_another_certificate_gets_no_rotation(paths: Paths, theirs: Province, tmp_path: Path) -> None:
    found = join(paths, theirs.url)
    with province(tmp_path / "evil", key=theirs.key) as evil:
        evil.stations = dict(theirs.stations)
        theirs.url = evil.url
        enrolment.put(paths, Enrolled(**{**vars(found), "card": enrolment.card_in([theirs.key.public], theirs.card())}))
        with pytest.raises(RefusedError, match="not the province's server that this computer knows"):
            rotating.rotate(paths, NOW)
        assert evil.asked == []


def test_leaving_erases_the_key(paths: Paths, theirs: Province) -> None:
    found = join(paths, theirs.url)
    assert joining.forget(paths) == found and list(paths.enrolment.iterdir()) == []
    assert enrolment.load(paths) is None and joining.forget(paths) is None
    with pytest.raises(RefusedError, match="not joined"):
        rotating.rotate(paths, NOW)


def test_a_newer_card_counts_only_by_a_pinned_key(paths: Paths, theirs: Province) -> None:
    found = join(paths, theirs.url)
    theirs.version = 2
    newer = take_card(paths, found, theirs.card())
    assert newer.version == 2 and enrolment.load(paths) == newer
    theirs.version = 1
    assert take_card(paths, newer, theirs.card()) == newer, "an older one is left alone"
    theirs.key, theirs.version = Key.make(), 9
    with pytest.raises(SealError):
        take_card(paths, newer, theirs.card())
    assert enrolment.load(paths) == newer


def test_damaged_files_are_said_and_joining_again_mends_them(paths: Paths, theirs: Province) -> None:
    join(paths, theirs.url)
    file = paths.enrolment / enrolment.FILE
    whole = file.read_bytes()
    for broken in (b"", b"{}", b"\xff", whole[:-20], whole.replace(b"payload", b"pay"), b"[" * 99_999, b'{"site": 1}'):
        file.write_bytes(broken)
        with pytest.raises(DamagedError) as told:
            enrolment.load(paths)
        assert "new code" in told.value.hint
    theirs.code, theirs.bound = "ABCD" + CODE[4:], ""
    found = join(paths, theirs.url, theirs.code)
    (paths.enrolment / enrolment.KEY).write_text("no key")
    with pytest.raises(DamagedError, match="key of this station"):
        enrolment.station_key(paths, found)


STEPS = ("replace", "unlink", "fsync")


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do `work` in a child that dies by SIGKILL before its n-th write of any kind; False where it came to its end."""
    child = os.fork()
    if child == 0:
        done_so_far = 0

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def one(*words: Any, **named: Any) -> Any:
                nonlocal done_so_far
                done_so_far += 1
                if done_so_far == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*words, **named)

            return one

        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        asking.post = counted(asking.post)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) < 0


def ordered(what: str, home: Paths, theirs: Province) -> None:
    """What is being done when the power is cut."""
    if what == "rotate":
        rotating.rotate(home, NOW)
    elif what == "forget":
        joining.forget(home)
    else:
        join(home, theirs.url, theirs.code)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["join", "join again", "rotate", "forget"])
def test_a_kill_between_any_two_steps_leaves_the_old_or_the_new_and_asking_again_works(
    paths: Paths, theirs: Province, tmp_path: Path, what: str
) -> None:
    steps = 0
    for step in range(1, 60):
        home = Paths(tmp_path / f"home-{step}")
        home.enrolment.mkdir(parents=True, mode=0o700)
        theirs.bound, theirs.stations, theirs.code = "", {}, CODE
        before = None if what == "join" else join(home, theirs.url)
        if what == "join again":
            theirs.code, theirs.bound = "ABCD" + CODE[4:], ""
        work = partial(ordered, what, home, theirs)
        was_killed = killed_at(step, work)
        found = enrolment.load(home)
        if found is not None:
            assert enrolment.station_key(home, found).id == found.key and found.key in theirs.stations
        assert found is not None or before is None or what == "forget"
        work()
        found = enrolment.load(home)
        assert (found is None) == (what == "forget")
        assert sorted(os.listdir(home.enrolment)) == ([] if found is None else [enrolment.FILE, enrolment.KEY])
        if found is not None:
            assert enrolment.station_key(home, found).id == found.key and found.key in theirs.stations
        if not was_killed:
            break
        steps += 1
    print(f"{what}: killed at {steps} steps")
    assert steps >= 3 and not was_killed


def test_the_child_writes_names_that_the_next_start_goes_by(paths: Paths, theirs: Province) -> None:
    from kiosk.service.chosen_settings import read

    paths.chosen.parent.mkdir()
    asked = {"action": "join", "url": with_code(theirs.url, code_in(CODE)), "code": "", "site": "SITE-000",
             "station": "01", "name": "Thư viện", "unnamed": True, "now": NOW}  # fmt: skip
    assert done(paths, asked) == {"renamed": True}
    told = read(paths.chosen_site)
    assert (told["site"], told["station"]) == ({"code": "TH-012", "name": "Thư viện"}, {"name": "03"})


def test_a_site_that_no_computer_here_can_bear_is_refused(paths: Paths, theirs: Province) -> None:
    theirs.site = "th.012"
    asked = {"action": "join", "url": theirs.url, "code": CODE, "site": "SITE-000", "station": "01", "name": "x",
             "unnamed": True, "now": NOW}  # fmt: skip
    with pytest.raises(RefusedError, match=r"th\.012"):
        done(paths, asked)
    assert left(paths) == [] and not paths.chosen_site.exists()


def days_of(paths: Paths) -> dict[str, set[str]]:
    """The days of the outbox by whose they are."""
    found: dict[str, set[str]] = {}
    for path in sorted(paths.outbox.glob("*.jsonl.gz")):
        site, station, day, _revision = path.name.removesuffix(".jsonl.gz").split("_")
        found.setdefault(f"{site} {station}", set()).add(day)
    return found


def test_what_was_counted_without_a_name_is_told_under_it_and_what_was_told_elsewhere_stays_there(
    tmp_path: Path,
) -> None:
    with Sender(tmp_path / "home") as station:

        def named(site: str, number: str) -> dict[str, set[str]]:
            exporter = station.nightly._exporter
            station.nightly.adopt(replace(exporter, identity=replace(exporter.identity, site=site, station=number)))
            station.nightly.run()
            return days_of(station.paths)

        for back in range(40):
            station.visit(f"{date(2026, 11, 21) - timedelta(days=back)}")
        station.store.run(facts.keep_first_use, f"{date(2026, 11, 21) - timedelta(days=39)}")
        unnamed = named("SITE-000", "01")["SITE-000 01"]
        assert len(unnamed) == 40
        assert named("TH-012", "03") == {"SITE-000 01": unnamed, "TH-012 03": unnamed}, "all of it, also old days"
        assert station.shown()["waiting_days"] == 40, "and it is what waits"
        made = len(list(station.paths.outbox.iterdir()))
        named("TH-012", "03")
        assert len(list(station.paths.outbox.iterdir())) == made, "once"
        assert "TH-099 05" not in named("TH-099", "05"), "days of another site are not this one's"
        station.visit(max(unnamed), 2)
        assert "TH-099 05" not in named("TH-099", "05"), "nor when they change"
        station.clock.passes(days=1)
        assert named("TH-099", "05")["TH-099 05"] == {"2026-11-22"}
        assert station.shown()["waiting_days"] == 1, "and only its own waits"
