"""Which isolation is in force is told by `kiosk status`, `kiosk check` and the panel: what stands, what does not, and

what to do about that. The last part is a real station whose machine has no nftables: there the PIN carries it.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from health_support import health_of
from panel_shots import WEAKER
from small_world import small_world
from store_support import reading
from web_faces import NOON, OWN_PAGE, People, Station, free

from kiosk.clock import Reading
from kiosk.rules.walls import NAMES, walls
from kiosk.service.doctor.isolation import isolation
from kiosk.service.equipment import Equipment
from kiosk.service.panel import create_panel
from kiosk.service.panel.day import wrong
from kiosk.supervisor.walls import Walls
from kiosk.translations import said_in
from tests.conftest import servers
from tests.running import CITIZEN, LONG
from tests.staff_turn import NAME, PIN, add_manager
from tests.test_citizen_is_kept_off_the_panel import Walled

WHOLE = {"level": "full", "detail": "", "walls": dict.fromkeys(NAMES, True), "why": {}}


def test_every_wall_has_words_in_both_languages_for_both_ways() -> None:
    assert sorted([*vars(Walls()), "ports"]) == sorted(NAMES)
    lacking = {"walls": dict.fromkeys(NAMES, False), "why": dict.fromkeys(NAMES, "no_nft")}
    for told in (WHOLE, lacking):
        found = walls(told)
        assert [one.name for one in found] == list(NAMES)
        for one in found:
            assert one.stands == (told is WHOLE) and bool(one.todo) != one.stands
            for text in filter(None, (one.words, one.todo)):
                assert said_in("vi", text) != said_in("en", text), text
    assert walls({"level": "none", "detail": ""}) == []


@pytest.mark.parametrize("why", ["no_nft", "not_root", "not_yet", "Operation not permitted"])
def test_what_to_do_about_the_ports_follows_from_why_they_are_open(why: str) -> None:
    told = {"walls": {"ports": False}, "why": {"ports": why}}
    words = {"no_nft": "install nftables", "not_root": "as root", "not_yet": "in a moment"}
    assert words.get(why, why) in walls(told)[0].todo


def test_kiosk_check_has_a_line_for_each() -> None:
    good = list(isolation(WHOLE))
    assert {one.state for one in good} == {"good"} and len(good) == len(NAMES) - 1, "users and group are one line"
    weaker = {one.name: one for one in isolation(WEAKER)}
    assert {name for name, one in weaker.items() if one.state == "warn"} == {"isolation_limits", "isolation_ports"}
    assert all(one.hint for one in weaker.values() if one.state == "warn")
    [nothing] = isolation({"level": "none", "detail": "", "walls": dict.fromkeys(NAMES, False), "why": {}})
    assert nothing.state == "warn" and "Nothing is isolated" in nothing.message and nothing.hint


def test_the_first_page_says_only_what_a_clerk_should_know() -> None:
    assert [one.words.text for one in wrong(free())] == []
    [line] = wrong(free(isolation=WEAKER))
    assert "only the PIN" in line.words.text and (line.to, line.more) == ("equipment", "ports · no_nft")
    assert wrong(free(isolation={**WHOLE, "walls": {"ports": False}, "why": {"ports": "not_yet"}})) == []
    for level in ("users", "none"):
        [line] = wrong(free(isolation={**WEAKER, "level": level}))
        assert "kept apart" in line.words.text, "one line, and the heavier one"


def now_of_the_pc() -> Reading:
    return reading(NOON.isoformat())


@pytest.fixture
def page(tmp_path: Path) -> Iterator[tuple[FlaskClient, Station]]:
    with small_world(tmp_path) as store:
        station = Station()
        equipment = Equipment(health_of(store, read=now_of_the_pc), station, store, now_of_the_pc)
        client = create_panel(station, People(), equipment=equipment, now=lambda: NOON).test_client()
        client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
        yield client, station


def test_the_page_of_equipment_shows_which_isolation_is_in_force(page: tuple[FlaskClient, Station]) -> None:
    client, station = page

    def section() -> str:
        shown = unescape(client.get("/s/03/equipment").text)
        return shown.partition('id="walls"')[2].partition("</section>")[0]

    assert section().count('class="met"') == len(NAMES) and "Tất cả các lớp bảo vệ đều đang hoạt động." in section()
    station.state = free(isolation=WEAKER)
    assert (section().count('class="met"'), section().count('class="soon"')) == (len(NAMES) - 2, 2)
    assert f"{len(NAMES) - 2} trên {len(NAMES)} lớp" in section() and "apt install nftables" in section()
    station.state = free(isolation={"level": "none", "detail": "", "walls": dict.fromkeys(NAMES, False), "why": {}})
    assert 'class="line fault"' in section() and "quyền root" in section()
    station.state = free(isolation={"level": "none", "detail": "", "walls": {}, "why": {}})
    assert section() == "", "before the supervisor has spoken nothing is claimed"


# -- a real station without nftables

HIDDEN = ["unshare", "--mount", "sh", "-c", 'mount --bind /dev/null /usr/sbin/nft && exec "$@"', "sh"]
GUESS = """
import http.client, json, sys
port, pins = int(sys.argv[1]), sys.argv[2:]
for pin in pins:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("POST", "/sign-in", f"pin={pin}", {"Content-Type": "application/x-www-form-urlencoded",
                 "Sec-Fetch-Site": "same-origin", "Origin": f"http://127.0.0.1:{port}"})
    answer = line.getresponse()
    print(json.dumps([answer.status, int(answer.headers.get("Retry-After") or 0)]))
    line.close()
"""


@pytest.fixture(scope="module")
def open_station() -> Iterator[Walled]:
    with servers() as start, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        made = Walled(Path(folder, "home"), start(), LONG)
        made.within = HIDDEN
        with made as running:
            add_manager(running)
            running.wait(lambda: running.status()["isolation"]["why"], "told")
            yield running


def _guesses(station: Walled, *pins: str) -> list[list[int]]:
    done = station.inside(sys.executable, "-c", GUESS, str(station.panel), *pins, user=CITIZEN)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.root
def test_without_nftables_the_station_works_and_says_so(open_station: Walled) -> None:
    assert open_station.status()["state"] == "free"
    told = json.loads(open_station.kiosk("status", "--json").stdout)["isolation"]
    assert (told["level"], told["walls"]["ports"], told["why"]) == ("full", False, {"ports": "no_nft"})
    found = {one["name"]: one for one in json.loads(open_station.kiosk("check", "--json").stdout)}
    assert found["isolation"]["state"] == "good" and found["isolation_ports"]["state"] == "warn"
    assert "only the PIN" in found["isolation_ports"]["message"] and "nftables" in found["isolation_ports"]["hint"]
    told_walls = {one["name"] for one in found.values() if one["name"].startswith("isolation_")}
    assert told_walls == {f"isolation_{name}" for name in NAMES if name not in ("users", "group")}


@pytest.mark.slow
@pytest.mark.root
def test_there_the_throttle_carries_it_and_the_manager_is_not_shut_out_for_ever(open_station: Walled) -> None:
    assert _guesses(open_station, PIN) == [[303, 0]], "the control: the port is open, the PIN is all there is"
    guessed = _guesses(open_station, *(f"10000{n}" for n in range(7)), PIN)
    tried = [one for one in guessed if one[0] == 403]
    waits = [seconds for status, seconds in guessed if status == 429]
    # The fifth wrong one costs the wait, and then not even the right one is looked at.
    assert len(tried) == 4 and len(waits) == 4, guessed
    assert 290 < max(waits) <= 300, "minutes, and not hours"
    # Nobody waits for a citizen: whoever has the PC gives a new PIN, which ends the wait at once.
    given = open_station.kiosk("manager", "passwd", NAME, stdin="861530\n")
    assert given.returncode == 0, given.stderr
    assert _guesses(open_station, "861530") == [[303, 0]]
