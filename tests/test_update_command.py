"""The commands of publishing and updating in both languages, the child at night, check, and the rules sent along."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psutil
import pytest
from pack_support import ROOT, pack, pages
from tree_server import Served, served
from tree_stage import NOW, PAGE, reading

from kiosk.clock import Reading
from kiosk.content.imports import silent
from kiosk.content.updates import progress
from kiosk.content.updates.keys import Keys
from kiosk.content.updates.publishing import publish
from kiosk.errors import SettingsError
from kiosk.rules.fetch_times import Fetched, due, soonest
from kiosk.rules.policy import Policy, parse_policy
from kiosk.rules.policy_of_the_office import ContentPolicy
from kiosk.service import given_policy
from kiosk.service.checked_settings import load_checked
from kiosk.service.doctor.updates import updates
from kiosk.service.first_run import write_settings
from kiosk.service.panel.update_card import update_card
from kiosk.service.updates import Updates
from kiosk.settings import Paths

FARM = {"lua": "Trồng lúa nước\n" + PAGE.format(1, "lúa"), "ga": "Nuôi gà\n" + PAGE.format(2, "gà")}


def kiosk(*words: str, lang: str = "C", **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", "content", *words]
    env = {**os.environ, "LC_ALL": "vi_VN.UTF-8" if lang == "vi" else "C.UTF-8", "PYTHONUTF8": "1", **settings}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)


class Office:
    """The province's office: a folder of packs, keys and a tree, all by commands."""

    def __init__(self, folder: Path) -> None:
        self.packs, self.keys, self.tree = folder / "library", folder / "library.keys", folder / "tree"
        self.packs.mkdir()
        self.pack(FARM)

    def pack(self, texts: dict[str, str]) -> None:
        manifest, files = pages("farm", texts)
        pack(self.packs / "farm", manifest, files)

    def publish(self) -> None:
        """As the command does."""
        keys = Keys(self.keys)
        if not keys.there():
            keys.make(NOW)
        publish(self.packs, self.tree, keys, datetime.now(timezone.utc), silent)

    def fingerprint(self) -> str:
        from kiosk.content.updates.trust import fingerprint_of

        return fingerprint_of((self.keys / "root.json").read_bytes())

    def trusted(self) -> None:
        root = str(self.keys / "root.json")
        os.chmod(self.keys, 0o755)  # the service's user reads the root from a stick, not from here
        done = kiosk("trust", root, "--fingerprint", self.fingerprint())
        assert done.returncode == 0, done.stderr


@pytest.fixture
def office(home: Path) -> Office:
    return Office(home.parent)


@pytest.mark.slow
def test_from_keys_to_a_library(home: Path, office: Office) -> None:
    refused = kiosk("publish", str(office.packs), str(office.tree))
    assert refused.returncode == 1 and "kiosk content keys" in refused.stderr
    assert "no-such does not exist" in kiosk("publish", str(office.packs.with_name("no-such")), str(office.tree)).stderr
    made = kiosk("keys", str(office.keys))
    assert office.fingerprint() in made.stdout and "two safes" in made.stdout
    assert kiosk("keys", str(office.keys)).returncode == 4
    made = kiosk("publish", str(office.packs), str(office.tree), "--json")
    assert made.returncode == 0 and json.loads(made.stdout)["edition"] == 1, made.stderr
    stranger = kiosk("update", "--from", str(office.tree))
    assert stranger.returncode == 4 and "No province is trusted yet" in stranger.stderr
    root = str(office.keys / "root.json")
    os.chmod(office.keys, 0o755)
    asked = kiosk("trust", root)
    assert asked.returncode == 2 and office.fingerprint() in asked.stdout and "--fingerprint" in asked.stderr
    assert kiosk("trust", root, "--fingerprint", "0000 1111").returncode == 4
    assert not (home / "content" / "trust" / "root.json").exists()
    office.trusted()
    updated = kiosk("update", "--from", str(office.tree))
    assert updated.returncode == 0 and "Edition 1 of" in updated.stdout, updated.stderr
    assert "farm/lua" in kiosk("list").stdout
    office.pack({**FARM, "lua": "Trồng ngô\nĐất dốc."})
    office.publish()
    assert json.loads(kiosk("update", "--from", str(office.tree), "--json").stdout)["changed"] == ["farm"]
    back = kiosk("rollback")
    assert back.returncode == 0 and "It is edition 1" in back.stdout and "Trồng lúa nước" in kiosk("list").stdout
    held = kiosk("update", "--from", str(office.tree))
    assert held.returncode == 4 and "--again" in held.stderr
    assert kiosk("update", "--from", str(office.tree), "--again").returncode == 0
    assert "Trồng ngô" in kiosk("list").stdout


@pytest.mark.slow
def test_in_vietnamese(home: Path, office: Office) -> None:
    assert "vân tay" in kiosk("keys", str(office.keys), lang="vi").stdout
    assert "Đã phát hành" in kiosk("publish", str(office.packs), str(office.tree), lang="vi").stdout
    manifest = office.packs / "farm" / "pack.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"agri"', '"games"'), encoding="utf-8")
    wrong = kiosk("publish", str(office.packs), str(office.tree), lang="vi")
    assert "item.theme phải là một trong: agri" in wrong.stderr and wrong.returncode == 1
    refused = kiosk("update", "--from", str(office.tree), lang="vi")
    assert "Chưa tin cậy tỉnh nào" in refused.stderr and refused.returncode == 4
    assert "chưa rõ" in kiosk("update", lang="vi").stderr.lower()


@pytest.mark.slow
def test_what_rotted_is_told_when_it_is_fetched_again(home: Path, office: Office) -> None:
    office.publish()
    office.trusted()
    assert kiosk("update", "--from", str(office.tree)).returncode == 0
    rotten = next(path for path in (home / "content" / "objects").rglob("*") if path.is_file())
    rotten.chmod(0o644)
    rotten.write_bytes(bytes(rotten.stat().st_size))
    assert kiosk("verify").returncode == 5
    mended = kiosk("update", "--from", str(office.tree), "--mend")
    assert mended.returncode == 0 and "fetched again" in mended.stdout, mended.stderr
    assert kiosk("verify").returncode == 0
    assert "fetched again" not in kiosk("update", "--from", str(office.tree)).stdout


@pytest.mark.slow
def test_what_points_elsewhere_is_told_to_the_publisher(home: Path, office: Office) -> None:
    page = '<img src="https://pics.example/a.png"><a href="https://gov.example/">x</a>'
    (office.packs / "farm" / "lua.html").write_text(page, encoding="utf-8")
    assert kiosk("keys", str(office.keys)).returncode == 0
    told = kiosk("publish", str(office.packs), str(office.tree)).stdout
    assert "lua.html: https://pics.example/a.png" in told and "gov.example" in told


@pytest.fixture
def joined(home: Path, office: Office) -> Paths:
    """A station that takes its content from an address; set `from` before use."""
    office.publish()
    office.trusted()
    return Paths(home)


def comes_from(paths: Paths, address: str) -> None:
    text = paths.site_toml.read_text(encoding="utf-8").replace('from = ""', f'from = "{address}"')
    paths.site_toml.write_text(text, encoding="utf-8")


def watched(paths: Paths, address: str, seen: list[psutil.Popen | psutil.Process], now: Reading) -> int:
    """What the service does at night; the child is looked at while it runs."""
    made = Updates(paths, address, ContentPolicy(), lambda: now, "en")
    return made.fetch(now)


@pytest.mark.slow
def test_the_child_at_night_is_humble_and_small(joined: Paths) -> None:
    """While it fetches, it has the lowest priority; its whole memory stays below what a PC of 2 GB can spare."""
    facts: dict[str, float] = {}

    def look(_path: str, data: bytes) -> bytes:
        # Not those that other tests left to be reaped: they have no command line any more.
        for child in psutil.Process().children():
            if child.status() != psutil.STATUS_ZOMBIE and "update" in child.cmdline():
                facts["nice"], facts["io"] = child.nice(), child.ionice().ioclass
                facts["policy"] = os.sched_getscheduler(child.pid)
                status = Path(f"/proc/{child.pid}/status").read_text().splitlines()
                peak = next(line for line in status if line.startswith("VmHWM"))
                facts["mb"] = int(peak.split()[1]) / 1024
        return data

    web: Served
    with served(joined.home.parent / "tree") as web:
        comes_from(joined, web.address)
        web.twist = look
        assert watched(joined, web.address, [], reading()) == 0
    print(facts)
    assert facts["nice"] == 19 and facts["policy"] == os.SCHED_IDLE and facts["io"] == psutil.IOPRIO_CLASS_IDLE
    assert facts["mb"] < 150
    told = progress.read(joined.content)
    assert told["good"]["edition"] == 1 and told["run"] is None and told["tried"]["trouble"] == ""


@pytest.mark.slow
def test_a_station_that_stops_stops_its_child_and_the_next_goes_on(joined: Paths, office: Office) -> None:
    (office.packs / "farm" / "film.bin").write_bytes(os.urandom(600_000))
    office.publish()
    with served(office.tree) as web:
        comes_from(joined, web.address)
        made = Updates(joined, web.address, ContentPolicy(), reading, "en")

        def stop(path: str, data: bytes) -> bytes:
            if len(data) > 400_000:
                shown = made.shown()
                assert shown["run"] and shown["run"]["from"] == web.address
                made.stop()
            return data

        web.twist = stop
        assert made.fetch(reading()) != 0
        shown = made.shown()
        assert shown["run"] is None and "stopped" in shown["tried"]["trouble"]
        web.twist = lambda _path, data: data
        assert Updates(joined, web.address, ContentPolicy(), reading, "en").fetch(reading()) == 0
    assert progress.read(joined.content)["good"]["edition"] == 2


@pytest.mark.slow
def test_trouble_is_kept_for_the_panel_and_check_in_words(joined: Paths) -> None:
    comes_from(joined, "http://127.0.0.1:1/tree")
    assert Updates(joined, "http://127.0.0.1:1/tree", ContentPolicy(), reading, "vi").fetch(reading()) == 1
    site, policy = load_checked(joined)
    found = list(updates(joined, site, policy))
    assert [one.state for one in found] == ["warn"] and "127.0.0.1:1" in found[0].message
    shown = Updates(joined, site.content_from, policy.content, reading).shown()
    assert "không kết nối được" in shown["tried"]["trouble"].in_language("vi") and shown["good"] is None
    assert "there is no connection" in shown["tried"]["trouble"].in_language("en")
    card = update_card(shown)
    assert card is not None and any("127.0.0.1:1" in line.plain for line in card.lines)


@pytest.mark.slow
def test_check_tells_the_edition_its_age_and_what_is_next(joined: Paths, office: Office) -> None:
    assert kiosk("update", "--from", str(office.tree)).returncode == 0
    comes_from(joined, "https://tree.example/x")
    site, policy = load_checked(joined)
    found = {one.state: one.message for one in updates(joined, site, policy)}
    assert "edition 1 of" in found["good"] or "phiên bản 1" in found["good"].lower()
    alone = list(updates(Paths(joined.home / "nowhere"), site.__class__(), policy))
    assert alone == []  # a site that makes its library itself hears nothing of provinces


# The rules that the province sends along


@pytest.mark.slow
def test_rules_that_came_along_are_told_and_wrong_ones_too(home: Path, office: Office) -> None:
    (office.packs / "policies").mkdir()
    policy = office.packs / "policies" / "TH-000.toml"
    policy.write_text("[session]\nminutes = 45\n", encoding="utf-8")
    office.publish()
    office.trusted()
    told = kiosk("update", "--from", str(office.tree)).stdout
    assert "it counts from the next start" in told
    policy.write_text("[session]\nminutes = -3\n", encoding="utf-8")
    office.publish()  # by a hand that does not look, unlike the command
    told = kiosk("update", "--from", str(office.tree)).stdout
    assert "is wrong and is not taken" in told and "session.minutes" in told and "edition 2" in told
    refused = kiosk("publish", str(office.packs), str(office.tree))
    assert refused.returncode == 3 and "session.minutes" in refused.stderr


@pytest.fixture
def given(home: Path) -> Callable[[str], Paths]:
    paths = Paths(home)
    write_settings(paths)
    (paths.content / "given").mkdir(parents=True)

    def give(text: str) -> Paths:
        (paths.content / "given" / "policy.toml").write_text(text, encoding="utf-8")
        return paths

    return give


def minutes(paths: Paths) -> float:
    return parse_policy(tomllib.loads(paths.policy_toml.read_text(encoding="utf-8"))).session.minutes


def test_a_policy_that_came_along_is_in_force_from_the_next_start_on(given: Callable[[str], Paths]) -> None:
    paths = given("[session]\nminutes = 45\n")
    assert given_policy.waiting(paths) and minutes(paths) == 60
    assert given_policy.apply(paths) and minutes(paths) == 45
    assert not given_policy.waiting(paths) and not given_policy.apply(paths)
    assert "minutes = 60" in (paths.home / "policy.before.toml").read_text(encoding="utf-8")
    # What is edited here afterwards stays, until the province sends another.
    paths.policy_toml.write_text("[session]\nminutes = 50\n", encoding="utf-8")
    assert not given_policy.apply(paths) and minutes(paths) == 50
    given("[session]\nminutes = 30\n")
    assert given_policy.apply(paths) and minutes(paths) == 30


@pytest.mark.parametrize("text", ["[session]\nminutes = -1\n", "[session\n", "[secret]\nkey = 1\n", "\0"])
def test_a_wrong_policy_leaves_the_good_one(given: Callable[[str], Paths], text: str) -> None:
    paths = given(text)
    before = paths.policy_toml.read_bytes()
    with pytest.raises(SettingsError) as told:
        given_policy.apply(paths)
    assert told.value.problems and paths.policy_toml.read_bytes() == before and given_policy.waiting(paths)


def test_a_policy_of_ours_that_is_broken_is_left_to_the_start_to_tell(given: Callable[[str], Paths]) -> None:
    paths = given("[session]\nminutes = 45\n")
    paths.policy_toml.write_text("[session\n", encoding="utf-8")
    with pytest.raises(SettingsError):
        given_policy.apply(paths)
    assert paths.policy_toml.read_text(encoding="utf-8") == "[session\n"


def test_a_site_may_keep_its_own_policy(given: Callable[[str], Paths]) -> None:
    paths = given("[session]\nminutes = 45\n")
    paths.policy_toml.write_text("[content]\ntake_policy = false\n", encoding="utf-8")
    assert not given_policy.apply(paths) and minutes(paths) == 60


def test_no_link_leads_the_start_to_other_files(given: Callable[[str], Paths], tmp_path: Path) -> None:
    paths = given("[session]\nminutes = 45\n")
    elsewhere = tmp_path / "secret.toml"
    elsewhere.write_text("[session]\nminutes = 5\n", encoding="utf-8")
    (paths.content / "given" / "policy.toml").unlink()
    (paths.content / "given" / "policy.toml").symlink_to(elsewhere)
    assert not given_policy.apply(paths) and minutes(paths) == 60


# When it is fetched


NIGHT = ContentPolicy.model_validate({"fetch_hours": ["17:00-24:00", "00:00-07:30"], "late_days": 2})


def at(hours: float, boot: float = 10_000, trusted: bool = True) -> Reading:
    """So many hours after 17:00 of 22 November, in Vietnam."""
    return Reading(boot, "boot", NOW + timedelta(hours=hours), trusted)


def test_fetching_keeps_to_its_hours_and_gets_late_only_where_it_must() -> None:
    good = Fetched(NOW, NOW)
    assert not due(NIGHT, at(1), good) and not due(NIGHT, at(16), good)  # 18:00 too soon; 09:00 outside
    assert due(NIGHT, at(24.5), good) and due(NIGHT, at(34), good)  # the next evening, the night after
    assert not due(NIGHT, at(41), good)  # the next day but one, 10:00: outside, not late yet
    assert due(NIGHT, at(50, boot=400), good)  # switched off every night: after two days at any hour
    assert not due(NIGHT, at(50, boot=100), good)  # but not while the station starts
    never = NIGHT.model_copy(update={"late_days": 0})
    assert not due(never, at(16 + 24 * 30), good)


def test_after_a_failure_it_is_tried_again_after_an_hour_not_sooner() -> None:
    failed = Fetched(NOW + timedelta(hours=25), NOW)
    assert not due(NIGHT, at(25.5), failed) and due(NIGHT, at(26.1), failed)


def test_the_next_time_is_told_as_it_will_be() -> None:
    good = Fetched(NOW, NOW)
    assert soonest(NIGHT, at(1), good) == NOW + timedelta(hours=24)  # 13:00 is in no hours: 17:00
    assert soonest(NIGHT, at(1), Fetched()) == NOW + timedelta(hours=1)
    always = ContentPolicy.model_validate({"fetch_hours": []})
    assert soonest(always, at(1), good) == NOW + timedelta(hours=20)


def test_without_a_date_it_is_tried_once_a_boot_and_once_a_day() -> None:
    assert due(NIGHT, at(16, trusted=False), Fetched())
    assert not due(NIGHT, at(16, trusted=False), Fetched(tried_boot=5_000))
    assert due(NIGHT, at(16, boot=5_000 + 73_000, trusted=False), Fetched(tried_boot=5_000))


@pytest.mark.slow
def test_the_idle_service_loads_nothing_of_it() -> None:
    code = "import sys, kiosk.service.__main__; print([m for m in sys.modules if m.split('.')[0] in ('tuf', 'urllib3', 'cryptography', 'securesystemslib')])"  # noqa: E501
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
    assert Policy().content.speed_kb == 256
