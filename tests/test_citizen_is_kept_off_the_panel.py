"""DESIGN.md 3: where the PC has nftables, the citizen's user reaches no port of the panel's, and everything else.

The station runs in a network of its own, so that a firewall's reload can flush all rules there are.
"""

import json
import os
import pwd
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings import INSTALLED_HOME
from kiosk.supervisor import port_wall
from tests import own_network, rules_under_way
from tests.conftest import servers
from tests.own_network import CUPS, DOOR, HERE, MENU, NEIGHBOUR, PANEL, PORTS, USB_PRINTER
from tests.running import CITIZEN, CODE, LONG, RunningStation, free_port
from tests.staff_turn import add_manager, come_in, out
from tests.station_processes import STAFF

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(280)]

ALONE = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
REACH = "import sys; from tests.own_network import connects; sys.exit(not connects(int(sys.argv[1])))"


def test_no_address_and_no_kind_of_connection_leads_there() -> None:
    command = ["unshare", "--net", sys.executable, own_network.__file__, str(pwd.getpwnam(CITIZEN).pw_uid)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": CODE}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    everything = sorted(PORTS)
    print("kinds of connection:", told["kinds"])
    assert told["before"] == dict.fromkeys((*HERE, *NEIGHBOUR), everything), "the control"
    assert not told["put"]["why"]
    assert told["citizen"] == dict.fromkeys(HERE, [MENU]) | dict.fromkeys(NEIGHBOUR, everything)
    assert told["others"] == told["before"], "nobody else is kept from anything"
    assert (told["again"]["back"], told["again"]["at"]) == (False, told["put"]["at"]), "nothing is changed twice"

    assert told["flushed"] == everything
    assert told["mended"]["back"] and told["after"] == [MENU]
    assert told["at_menu"] == sorted({PANEL, DOOR}), "another port, and the old rules went"
    assert CUPS not in told["at_menu"] and USB_PRINTER not in told["at_menu"]
    assert told["cut"], "a connection from before is cut too"
    assert told["theirs"], "the tables of others are as they were"
    assert (told["left"], told["open"]) == ("", everything), "taken away, also twice"


class Walled(RunningStation):
    """A station in a network of its own."""

    def inside(self, *command: str, user: str = "root") -> "subprocess.CompletedProcess[str]":
        """A program of this user's, in the station's network."""
        who = pwd.getpwnam(user)
        own = ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups"]
        words = ["nsenter", f"--net=/proc/{self.pids('service')[-1]}/ns/net", *own, *command]
        env = {**os.environ, "PYTHONPATH": CODE}
        return subprocess.run(words, env=env, cwd="/", capture_output=True, text=True, timeout=60)

    def reaches(self, port: int, user: str = CITIZEN) -> bool:
        """Whether a user gets a connection to a port of this PC."""
        return self.inside(sys.executable, "-c", REACH, str(port), user=user).returncode == 0

    def table(self) -> str:
        """Our rules as they stand."""
        return self.inside("nft", "list", "table", "inet", port_wall.table(self.home)).stdout

    def restart(self) -> None:
        """Another supervisor, in the same network."""
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.kill("supervisor")
        self.within = ["nsenter", f"--net=/proc/{self.pids('service')[-1]}/ns/net"]
        self.start()
        self.wait(lambda: self.status()["supervisor_here"] and self.stands(), "the next one", 40)

    def stands(self) -> bool:
        """As the station says."""
        told = self.status()["isolation"]
        assert told["walls"]["ports"] is not bool(told["why"].get("ports"))
        return bool(told["walls"]["ports"])


@pytest.fixture(scope="module")
def station() -> Iterator[Walled]:
    """One for all of it: each test leaves it as it was."""
    with servers() as start, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        made = Walled(Path(folder, "home"), start(), LONG)
        made.within = ALONE
        with made as running:
            running.wait(running.stands, "the rules stand")
            yield running


def test_the_citizen_reaches_the_menu_and_not_the_panel(station: Walled) -> None:
    assert station.reaches(station.menu) and not station.reaches(station.panel)
    for user in ("root", STAFF, "nobody"):
        assert station.reaches(station.panel, user) and station.reaches(station.menu, user), user
    [found] = [one for one in json.loads(station.kiosk("check", "--json").stdout) if one["name"] == "isolation_ports"]
    assert found["state"] == "good" and "reach neither this panel" in found["message"]


def test_without_a_supervisor_the_rules_stay_and_one_that_comes_puts_back_what_is_gone(station: Walled) -> None:
    station.kill("supervisor")
    assert not station.reaches(station.panel)
    station.inside("nft", "flush", "ruleset")
    assert station.reaches(station.panel), "the control"
    station.restart()
    station.wait(lambda: not station.reaches(station.panel), "put back", 30)


@pytest.mark.parametrize("gone", ["flush ruleset", "delete the chain's first rule"])
def test_what_a_firewall_flushes_is_put_back(station: Walled, gone: str) -> None:
    whole, told = station.table(), station.log().count("put back")
    assert "goto closed" in whole
    if gone == "flush ruleset":
        station.inside("nft", "flush", "ruleset")
    else:
        handles = station.inside("nft", "-a", "list", "chain", "inet", port_wall.table(station.home), "closed").stdout
        handle = re.findall(r"reject with tcp reset # handle (\d+)", handles)[0]
        name = port_wall.table(station.home)
        assert station.inside("nft", "delete", "rule", "inet", name, "closed", "handle", handle).returncode == 0
    station.wait(lambda: station.log().count("put back") > told, "noticed", 30)
    assert station.table() == whole and not station.reaches(station.panel)
    assert station.stands()


def test_another_port_is_closed_and_the_old_rules_go_with_the_next_start(station: Walled) -> None:
    before, old, new = station.paths.site_toml.read_text(encoding="utf-8"), station.panel, free_port()
    for port, former, text in ((new, old, before.replace(f":{old}", f":{new}")), (old, new, before)):
        station.paths.site_toml.write_text(text, encoding="utf-8")
        station.wait(lambda port=port: str(port) in station.table(), "the port is closed before anybody listens")
        assert str(former) in station.table() and not station.reaches(former), "where the panel still is"
        station.kill("service")
        station.wait(lambda port=port: station.reaches(port, "nobody"), "the service is at its port", 40)
        assert not station.reaches(port)
        station.restart()
        station.wait(lambda former=former: station.table() and str(former) not in station.table(), "the old one went")
        assert str(port) in station.table() and not station.reaches(port)


def test_staff_have_their_door_and_a_citizens_program_has_not(station: Walled) -> None:
    add_manager(station)
    come_in(station)
    kept = station.paths.staff_home / ".browser" / "Default" / "Preferences"
    [address] = json.loads(kept.read_text(encoding="utf-8"))["session"]["startup_urls"]
    door = int(address.split("/")[2].rpartition(":")[2])
    station.wait(lambda: str(door) in station.table(), "their door is closed to others")
    assert not station.reaches(door) and not station.reaches(station.panel)
    assert station.reaches(door, STAFF)
    station.inside("kill", str(station.pids("browser")[-1]))
    out(station)
    station.wait(lambda: str(door) not in station.table(), "the rule of the door went with it")


def test_at_the_stop_nothing_of_it_is_left(station: Walled) -> None:
    """The last one of this station."""
    holder = subprocess.Popen(["nsenter", f"--net=/proc/{station.pids('service')[-1]}/ns/net", "sleep", "60"])
    try:
        assert station.supervisor is not None and station.table()
        station.supervisor.terminate()
        station.supervisor.wait(30)
        net = ["nsenter", f"--net=/proc/{holder.pid}/ns/net", "nft", "list", "ruleset"]
        assert subprocess.run(net, capture_output=True, text=True, timeout=20).stdout == ""
    finally:
        holder.kill()
        holder.wait()


def test_rules_that_are_under_way_at_the_stop_do_not_come_back(tmp_path: Path) -> None:
    command = ["unshare", "--net", sys.executable, rules_under_way.__file__, str(tmp_path), CITIZEN]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": CODE}, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    unwaited, stopped = json.loads(done.stdout)
    assert "goto closed" in unwaited, "the control: they come back behind who does not wait for them"
    assert stopped == ""


def test_a_machine_that_refuses_rules_is_told_why() -> None:
    code = (
        "from kiosk.supervisor import port_wall as p; name = p.table(p.Path('/x'));"
        "told = p.keep(name, p.rules(name, 1, [2]), '');"
        "print(told['why']); assert not told['seen'] and told['at'] == -1"
    )
    command = ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", sys.executable, "-c", code]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": CODE}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "not permitted" in done.stdout, done.stdout + done.stderr


def test_the_uninstaller_takes_away_what_a_killed_supervisor_left() -> None:
    code = (
        "import sys; from pathlib import Path; from kiosk.supervisor import port_wall as p; home = Path(sys.argv[1]);"
        "p.nft('-f', '-', told=p.rules(p.table(home), 1, [2])); assert p.shown(p.table(home));"
        "sys.path.insert(0, sys.argv[2]); import removing; removing._remove_rules(); removing._remove_rules();"
        "assert not p.shown(p.table(home))"
    )
    words = [sys.executable, "-c", code, str(INSTALLED_HOME), str(Path(CODE, "scripts/install"))]
    done = subprocess.run(
        ["unshare", "--net", *words], env={**os.environ, "PYTHONPATH": CODE}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
