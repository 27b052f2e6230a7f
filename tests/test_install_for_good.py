"""kiosk installed for good from a stick, in a whole Debian without a network: from the first time to the last.

One PC for all, so the order counts: install, again, attacked, upgraded, sent back, cut off, taken away.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.install_stage import ILL, OFFICE, PC, Sticks, new_pc

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(900)]

CUTS = int(os.environ.get("KIOSK_TEST_CUTS", "1"))
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.randrange(1 << 32)))
# What the running station writes by itself.
ITS_OWN = re.compile(r"var/lib/kiosk/(store|run|outbox|content|tls|settings|enrolment|desktop)\b")
# A package that the site installed since, and that needs one of those that we brought.
LATE_COMER = """mkdir -p /tmp/late/DEBIAN && cd /tmp && cat >late/DEBIAN/control <<END
Package: late-comer
Version: 1
Architecture: all
Maintainer: nobody <nobody@localhost>
Depends: libxcvt0
Description: needs what kiosk brought
END
dpkg-deb -b late && dpkg -i late.deb && rm -r late late.deb"""
USERS = ("kiosk", "kiosk-screen", "kiosk-citizen", "kiosk-staff")
# What closes the ways past the screen: a file of the owner's, read before ours; who reads both; what must be in force.
SHOW = ("systemd-analyze", "cat-config")
DROP_INS = {
    "/etc/systemd/logind.conf.d/10-owner.conf": ((*SHOW, "systemd/logind.conf"), {
        "NAutoVTs": "0", "ReserveVT": "0", "IdleAction": "ignore", "HandleLidSwitch": "ignore",
        "HandleLidSwitchExternalPower": "ignore", "HandleLidSwitchDocked": "ignore",
        **{f"Handle{key}Key{how}": "ignore" for key in ("Power", "Reboot", "Suspend", "Hibernate")
           for how in ("", "LongPress")},
    }),
    "/etc/systemd/system.conf.d/10-owner.conf": ((*SHOW, "systemd/system.conf"), {"CtrlAltDelBurstAction": "none"}),
    "/etc/sysctl.d/99-sysctl-owner.conf": (("/lib/systemd/systemd-sysctl", "--cat-config"), {
        "kernel.sysrq": "0", "kernel.yama.ptrace_scope": "2", "fs.suid_dumpable": "0",
    }),
}  # fmt: skip
XORG = {"DontVTSwitch": "true", "DontZap": "true", "DontZoom": "true", "BlankTime": "10", "OffTime": "10"}
# How often each colour is on the screen.
COLOURS = """
import json
from collections import Counter
from Xlib import X
from Xlib.display import Display
screen = Display(":0").screen()
data = screen.root.get_image(0, 0, screen.width_in_pixels, screen.height_in_pixels, X.ZPixmap, 0xFFFFFF).data
print(json.dumps(Counter(f"{pixel & 0xFFFFFF:06x}" for pixel in memoryview(data).cast("I"))))
"""


@pytest.fixture(scope="module")
def sticks(tmp_path_factory: pytest.TempPathFactory) -> Sticks:
    """What a technician carries."""
    return Sticks(tmp_path_factory.mktemp("sticks"))


@pytest.fixture(scope="module")
def pc(tmp_path_factory: pytest.TempPathFactory, sticks: Sticks) -> Iterator[PC]:
    """The PC."""
    with new_pc(tmp_path_factory.mktemp("pc") / "root", sticks) as made:
        yield made


@pytest.fixture(scope="module")
def before(pc: PC) -> list[str]:
    """All that differed from the machine below before anything was installed."""
    return pc.changed()


@pytest.fixture(scope="module")
def installed(pc: PC, sticks: Sticks, before: list[str]) -> PC:
    """The PC with the first version on it."""
    assert [line.split(":")[0].strip() for line in pc.root.good("tail", "-n", "+3", "/proc/net/dev").splitlines()] == [
        "lo"
    ]
    began = time.monotonic()
    status, said = pc.install(sticks.first)
    print(f"installed offline in {time.monotonic() - began:.0f} s")
    assert status == 0, f"{said}\n{pc.log()}"
    assert time.monotonic() - began < 300
    # A minute is too long for a visit here.
    policy = pc.root.path / "var/lib/kiosk/policy.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(re.sub("(?m)^visit_min_seconds = .*", "visit_min_seconds = 0", text), encoding="utf-8")
    for order in ("stop", "start"):
        pc.root.good("systemctl", order, "kiosk.service")
    pc.wait("the station with this policy", lambda: pc.status().get("state") == "free")
    return pc


def test_the_lock_covers_the_screen_and_both_pages_answer(installed: PC) -> None:
    state = installed.status()
    assert (state["state"], state["code"], state["station"]) == ("free", "TH-012", "03") and state["marker"]
    assert state["isolation"]["level"] == "full" and state["isolation"]["walls"]["ports"], state["isolation"]
    assert "goto closed" in installed.root.good("nft", "list", "ruleset"), "within all bounds of the unit"
    look = ("env", "XAUTHORITY=/run/kiosk-x/auth", "/opt/kiosk/current/bin/python", "-P", "-c", COLOURS)
    colours: dict[str, int] = json.loads(installed.root.good(*look))
    assert len(colours) > 20 and max(colours.values()) < 1024 * 768, "an empty screen has one"
    assert colours.get("000000", 0) < 1024 * 768 // 100, "nothing of the bare screen shows"
    fetch = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:%d/healthz').read())"
    for port in (8080, 8081):
        assert "ok" in installed.root.good("/usr/bin/python3", "-c", fetch % port)
    assert "not swept" not in installed.log(), "the supervisor reaches the screen too"


def test_the_processes_are_those_of_the_units_each_as_its_own_user(installed: PC) -> None:
    shown = installed.root.good("ps", "ax", "-o", "user:20,args").splitlines()
    users = {module: {line.split()[0] for line in shown if f"-m kiosk.{module}" in line and "/bin/python" in line}
             for module in ("supervisor", "service", "lockscreen")}  # fmt: skip
    assert users == {"supervisor": {"root"}, "service": {"kiosk"}, "lockscreen": {"kiosk-screen"}}
    assert installed.root.run("sh", "-c", "cat /proc/net/tcp /proc/net/tcp6 | grep ':1770 '")[0] == 1, "port 6000"
    assert (
        "closed"
        == installed.root.good("sh", "-c", "DISPLAY=:0 xset q >/dev/null 2>&1 && echo open || echo closed").strip()
    )


def test_what_reads_zim_archives_came_with_the_stick(installed: PC) -> None:
    ask = "from kiosk.content import zim; print(zim.available())"
    said = installed.root.good("/opt/kiosk/current/bin/python", "-P", "-c", ask)
    assert said == "True\n"
    away = f"import sys; sys.path[:] = [p for p in sys.path if p != '/opt/kiosk/zim']; {ask}"
    assert installed.root.good("/opt/kiosk/current/bin/python", "-P", "-c", away) == "False\n", "the control"


def test_the_units_are_sound_and_a_wrong_one_would_be_told(installed: PC) -> None:
    units = "/etc/systemd/system/kiosk.service /etc/systemd/system/kiosk-x.service"
    assert installed.root.good("sh", "-c", f"systemd-analyze verify {units}") == ""
    wrong = "mkdir /tmp/wrong; sed s/KillMode=process/KillMode=nobody/ /etc/systemd/system/kiosk.service "
    wrong += ">/tmp/wrong/kiosk.service; systemd-analyze verify /tmp/wrong/kiosk.service; rm -r /tmp/wrong"
    said = installed.root.run("sh", "-c", wrong)[1]
    assert "kill mode" in said, "the control"
    real = ["/usr/bin/systemctl", "--root=/", "is-enabled"]
    for name in (
        "getty@tty1.service",
        "autovt@.service",
        "ctrl-alt-del.target",
        "suspend.target",
        "debug-shell.service",
    ):
        assert installed.root.run(*real, name)[1].strip() == "masked", name
    assert installed.root.run(*real, "kiosk.service", "kiosk-x.service")[1].split() == ["enabled", "enabled"]
    assert "HandlePowerKey=ignore" in installed.root.good("cat", "/etc/systemd/logind.conf.d/50-kiosk.conf")


def test_each_drop_in_has_the_last_word_where_its_program_reads_it(installed: PC) -> None:
    for owners, (program, wanted) in DROP_INS.items():
        text = "".join(f"{key} = owners\n" for key in ("read", *wanted))
        (installed.root.path / owners.lstrip("/")).write_text(text)
        said = installed.in_force(*program)
        installed.root.good("rm", owners)
        assert said["read"] == "owners", "the control"
        assert {key: said[key] for key in wanted} == wanted
    known = set(re.findall(r"(?m)^#?(Handle\w+)=", installed.root.good(*SHOW, "systemd/logind.conf")))
    # That key only tells a greeter, which is not there.
    assert known - {"HandleSecureAttentionKey"} <= set(next(iter(DROP_INS.values()))[1]), "it hears no other key"
    log = installed.root.good("cat", "/run/kiosk-x/log")
    for name, value in XORG.items():
        assert f'(**) Option "{name}" "{value}"' in log, "the X server has read it"


def test_a_second_run_changes_no_file_and_restarts_nothing(installed: PC, sticks: Sticks) -> None:
    listing = "cd / && find etc opt usr var -xdev -newer /tmp/mark -not -type d -not -path 'var/lib/apt/*'"
    running = installed.pids("kiosk.")
    installed.root.good("sh", "-c", "sleep 1; touch /tmp/mark; sleep 1")
    status, said = installed.install(sticks.first)
    assert status == 0 and "nothing was changed" in said, said
    newer = installed.root.good("sh", "-c", f"{listing}; find opt -newer /tmp/mark || true").splitlines()
    assert [name for name in newer if not ITS_OWN.match(name)] == []
    assert installed.pids("kiosk.") == running


def test_a_killed_supervisor_comes_back_and_finds_the_others_alive(installed: PC) -> None:
    [supervisor], lock = installed.pids("kiosk.supervisor"), installed.pids("kiosk.lockscreen")
    fed = installed.root.path / "run/stand_in/kiosk.service.fed"
    installed.wait("the store feeds the watchdog", lambda: fed.exists() and fed.read_text())
    installed.root.good("kill", "-9", str(supervisor), *map(str, installed.pids("kiosk.service")))
    installed.wait("another supervisor", lambda: installed.pids("kiosk.supervisor") not in ([], [supervisor]))
    installed.wait("the service", lambda: installed.status().get("state") == "free")
    assert installed.pids("kiosk.lockscreen") == lock, "it was adopted, and never let go of the screen"
    installed.visit()
    installed.visit()


@pytest.mark.parametrize(
    ("case", "sentence", "code"),
    [
        ("exec setpriv --reuid=65534 --regid=65534 --clear-groups", "Run this as root", 4),
        ("mount -t tmpfs tmpfs /run; exec", "systemd does not run here", 4),
        (
            "echo 'ID=debian\nVERSION_ID=11' >/tmp/o; mount --bind /tmp/o /etc/os-release; exec",
            "on Debian 12 and 13",
            4,
        ),
        ("mount -t tmpfs -o size=200m tmpfs /opt; exec", "Make room and run this again", 1),
        ("echo 'code = \"th 12\"' >/tmp/a; mount --bind /tmp/a /root/answers.toml; exec", "is wrong in: code", 3),
    ],
)
def test_where_it_cannot_be_a_sentence_says_so(
    installed: PC, sticks: Sticks, case: str, sentence: str, code: int
) -> None:
    command = " ".join(f"'{word}'" for word in installed.command(sticks.first))
    status, said = installed.root.run("unshare", "--mount", "sh", "-c", f"{case} {command}")
    assert (status, sentence in said, "Traceback" in said) == (code, True, False), said
    assert re.search(r"[ăâđêôơưáàảãạ]", said), "in Vietnamese too"
    installed.wait("it serves on", lambda: installed.status().get("state") == "free")


def test_a_disk_that_fills_on_the_way_is_told_and_leaves_nothing_half_made(installed: PC, sticks: Sticks) -> None:
    stick = f"/media/USB kiosk/{sticks.first.name}"
    make = f"""import sys; sys.path.insert(0, "{stick}/scripts/install")
import os, version, words
from pathlib import Path
place = Path("{stick}")
try:
    version.make("0.3.0-full", place / "offline/wheels", place / "requirements.lock", place / "scripts")
except (words.Stop, OSError) as why:
    print("told:", why, os.listdir("/opt/kiosk"))
"""
    status, said = installed.root.run(
        "unshare", "--mount", "sh", "-c", f"mount -t tmpfs -o size=40m tmpfs /opt; python3 -B -c '{make}'"
    )
    assert status == 0 and "told:" in said and "is the disk full?" in said and said.endswith(" []\n"), said


def test_a_stick_that_was_changed_installs_nothing(installed: PC, sticks: Sticks) -> None:
    changed = sticks.place / "changed"
    shutil.copytree(sticks.first, changed)
    [wheel] = (changed / "offline/wheels").glob("flask-*.whl")
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"!")
    status, said = installed.install(changed)
    assert status == 1 and "damaged or was changed" in said, said


def test_an_upgrade_keeps_what_was_counted(installed: PC, sticks: Sticks) -> None:
    old, visits = installed.version(), installed.status()["visits_today"]
    installed.root.good("/usr/local/bin/kiosk", "session", "start")
    installed.wait("somebody is here", lambda: installed.status().get("state") == "open")
    # With the powers that the unit leaves it, the supervisor still makes the citizen's home, group and programs.
    of_citizen = ["ps", "-u", "kiosk-citizen", "-o", "args"]
    browser = installed.wait("a browser", lambda: "chromium" in (shown := installed.root.run(*of_citizen)[1]) and shown)
    assert "--no-sandbox" not in browser
    assert "/var/lib/kiosk/citizen tmpfs" in installed.root.good("cat", "/proc/mounts")
    assert (installed.root.path / OFFICE.lstrip("/") / "data").is_dir(), "made for a session, and not to be left"
    later = sticks.later("later")
    status, said = installed.install(later)
    assert status == 4 and "Somebody is using this PC" in said, said
    status, said = installed.install(later, "--now")
    assert status == 0, f"{said}\n{installed.log()}"
    assert (installed.version(), installed.status()["visits_today"]) == ("0.2.0-later", visits + 1)
    assert old in os.listdir(installed.root.path / "opt/kiosk"), "the way back"
    assert not (installed.root.path / "var/lib/kiosk/store/before_upgrade").exists(), "no copy holds answers"
    installed.visit()


def test_a_version_that_is_not_well_leaves_the_old_one_serving(installed: PC, sticks: Sticks) -> None:
    visits, version, steps = installed.status()["visits_today"], installed.version(), installed.steps()
    ill = sticks.later("ill", ("kiosk/service/__main__.py", *ILL), steps=("later", "ill"))
    status, said = installed.install(ill, "--healthy-within", "15")
    assert status == 1 and "serves again, with all its data" in said, said
    assert (installed.version(), installed.status()["visits_today"], installed.steps()) == (version, visits, steps)
    [aside] = (installed.root.path / "var/lib/kiosk/store/set_aside").iterdir()
    assert "ill" in installed.steps(aside.name), "the control: it had taken the data over, and that file is kept"
    installed.visit()


def test_an_upgrade_cut_off_anywhere_is_brought_to_its_end(installed: PC, sticks: Sticks) -> None:
    visits, dice = installed.status()["visits_today"], random.Random(SEED)
    print(f"seed {SEED}, {CUTS} cuts")
    for stick in [sticks.later(f"cut{number}") for number in range(CUTS)]:
        pause = cut_off(installed, stick, dice.uniform(0.5, 25))
        status, said = installed.install(stick)
        assert status == 0, f"cut off after {pause:.1f} s\n{said}\n{installed.log()}"
        assert (installed.version(), installed.status()["visits_today"]) == (f"0.2.0-{stick.name}", visits)
    left = set(os.listdir(installed.root.path / "opt/kiosk"))
    assert "upgrade" not in left and len(left - {"zim"}) == 3, "this version, the one before, and the link"


def test_taken_away_nothing_of_it_is_left(installed: PC, sticks: Sticks, before: list[str]) -> None:
    status, said = installed.root.run("/usr/local/sbin/kiosk-uninstall")
    assert status == 2 and "--keep-data or --delete-data" in said, said
    installed.root.good("sh", "-c", LATE_COMER)
    status, said = installed.root.run("/usr/local/sbin/kiosk-uninstall", "--keep-data")
    assert "stay with what they need, because they came later or from elsewhere: late-comer." in said
    assert installed.root.run("dpkg", "-s", "xserver-xorg-core")[0] == 1
    installed.root.good("dpkg", "--purge", "late-comer", "libxcvt0")
    assert status == 0 and (installed.root.path / "var/lib/kiosk/store/kiosk.db").exists(), said
    left = [user for user in USERS if installed.root.run("id", user)[0] == 0]
    assert left == ["kiosk"], "the owner of what stays"
    take_away(installed, sticks)
    assert sorted(set(installed.changed()) ^ set(before)) == []


def test_a_first_time_cut_off_anywhere_is_brought_to_its_end_too(pc: PC, sticks: Sticks, before: list[str]) -> None:
    dice = random.Random(SEED)
    pauses = [cut_off(pc, sticks.first, dice.uniform(0.5, 20)) for _cut in range(CUTS + 1)]
    print(f"seed {SEED}, cut off after {', '.join(f'{pause:.1f}' for pause in pauses)} s")
    status, said = pc.install(sticks.first)
    assert status == 0, f"{pauses}\n{said}\n{pc.log()}"
    assert pc.status()["state"] == "free"
    take_away(pc, sticks)
    assert sorted(set(pc.changed()) ^ set(before)) == []


def cut_off(pc: PC, stick: Path, pause: float) -> float:
    """An installation that is killed with all that works for it, after so many seconds."""
    process = pc.root.start(*pc.command(stick))
    time.sleep(pause)
    with suppress(ProcessLookupError):  # a fast PC was done by then
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return pause


def take_away(pc: PC, sticks: Sticks) -> None:
    """All of it, by the stick."""
    status, said = pc.root.run("bash", f"/media/USB kiosk/{sticks.first.name}/scripts/uninstall", "--delete-data")
    assert status == 0, said
    assert [user for user in USERS if pc.root.run("getent", "group", user)[0] == 0] == []
    # Without `ps`, which may have been one of ours.
    running = pc.root.good("sh", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; true")
    assert "cat" in running and "-m kiosk." not in running
    # By the machine's own, for that of the PC has gone.
    rules = ["nsenter", f"--target={pc.root.init}", "--net", "nft", "list", "ruleset"]
    assert subprocess.run(rules, capture_output=True, text=True, check=True).stdout == ""
