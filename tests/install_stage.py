"""A PC to install kiosk on, and the sticks to do it with: for the tests of the installer."""

import json
import os
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.thrown_root import ThrownRoot, thrown_root

ROOT = Path(__file__).resolve().parent.parent
# What other tests have on this machine, and a PC has not before kiosk comes.
NOT_ON_A_PC = {
    "xserver-xephyr", "xserver-xorg-video-dummy", "xserver-xorg-core", "libxcvt0", "nftables", "libnftables1",
    "libnftnl11",
}  # fmt: skip
# With KIOSK_TEST_ROOT, another Debian's root: a stick that was made there, and beside it, in `driver`, the package
# xserver-xorg-video-dummy.
MADE = os.environ.get("KIOSK_TEST_STICK", "")
ANSWERS = """
code = "TH-012"
name = "Bưu điện – Văn hóa xã Đồng Lúa"
station = "03"
kind = "post_office"
network = false
power_key = "ignore"
"""
OFFICE = "/etc/libreoffice/registry"
# One more step of the store, as any later version may have.
STEP = """

@migrations()
def {name}(db: Database) -> None:
    db.execute("CREATE TABLE {name} (one INTEGER) STRICT")
"""
# A version that takes over the store, and then falls over its first work.
ILL = ('log.info("ready")', 'sys.exit("this version is ill")')
# Everything that differs from the machine below, but for the books that Debian's own tools keep.
CHANGED = r"""
import hashlib, os, stat, sys
from pathlib import Path
BOOKS = ("var/lib/dpkg", "var/lib/apt", "var/cache", "var/log", "etc/ld.so.cache", "var/lib/systemd/deb-systemd",
         "etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-", "media", "root")
def state(path):
    try:
        info = os.lstat(path)
    except OSError:
        return "none"
    kind = stat.S_IFMT(info.st_mode)
    if kind == stat.S_IFREG:
        what = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    else:
        what = os.readlink(path) if kind == stat.S_IFLNK else ""
    return f"{info.st_mode:o} {info.st_uid} {info.st_gid} {what}"
def look(upper, name):
    for entry in sorted(os.scandir(f"{upper}/{name}"), key=lambda one: one.name):
        place = f"{name}/{entry.name}".lstrip("/")
        if place.startswith(BOOKS):
            continue
        now, below = state(f"/{place}"), state(f"/media/lower/{place}")
        if now != below:
            print(place, now)
        if entry.is_dir(follow_symlinks=False):
            look(upper, place)
look("/media/upper", "")
for top in ("/opt", "/var/tmp", "/srv", "/root", "/var/cache/kiosk"):
    for folder, folders, files in os.walk(top):
        for one in folders + files:
            print(f"{folder}/{one}", state(f"{folder}/{one}"))
"""


class Sticks:
    """The folder that scripts/bundle_offline made of this checkout, and later versions made of it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        if MADE:
            self.first = place / "first"
            shutil.copytree(MADE, self.first)
        else:
            self._make(place)
        place.chmod(0o755)  # as a stick is

    def _make(self, place: Path) -> None:
        # The scripts as they are, whoever works in this environment; its Python must not reach theirs.
        env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        known = place.with_name("status")
        stanzas = Path("/var/lib/dpkg/status").read_text().split("\n\n")
        known.write_text("\n\n".join(one for one in stanzas if _name(one) not in NOT_ON_A_PC))
        as_a_pc = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /var/lib/dpkg/status && exec "$@"', known]
        done = subprocess.run(
            [*as_a_pc, ROOT / "scripts/bundle_offline", place, "--for-this-pc", "--with-zim"], env=env,
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=280,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        [self.first] = place.iterdir()

    def later(self, name: str, *changes: tuple[str, str, str], steps: tuple[str, ...] = ("later",)) -> Path:
        """A later version with more steps of the store, and these changes: a file, what stands there, what shall."""
        stick = self.place / name
        shutil.copytree(self.first, stick)
        [wheel] = (stick / "offline/wheels").glob("kiosk-*.whl")
        with zipfile.ZipFile(wheel) as old:
            parts = {info.filename: old.read(info) for info in old.infolist()}
        parts["kiosk/store/schema.py"] += "".join(STEP.format(name=step) for step in steps).encode()
        for file, before, after in changes:
            assert parts[file].count(before.encode()) == 1, f"{file}: {before}"
            parts[file] = parts[file].replace(before.encode(), after.encode())
        with zipfile.ZipFile(wheel, "w") as new:
            for file, content in parts.items():
                new.writestr(file, content)
        about = stick / "offline/about"
        about.write_text(re.sub("(?m)^version=.*", f"version=0.2.0-{name}", about.read_text()))
        sums(stick)
        return stick


def _name(stanza: str) -> str:
    return stanza.partition("Package: ")[2].partition("\n")[0]


def sums(stick: Path) -> None:
    """The list of what lies on a stick, made anew."""
    command = "find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS"
    subprocess.run(["sh", "-c", command], cwd=stick, check=True)


class PC:
    """A PC in a throw-away root."""

    def __init__(self, root: ThrownRoot) -> None:
        self.root = root

    def install(self, stick: Path, *words: str) -> tuple[int, str]:
        """Install from a stick; with the answers that a first time needs."""
        return self.root.run(*self.command(stick), *words)

    def command(self, stick: Path) -> list[str]:
        """What is typed."""
        script = f"/media/USB kiosk/{stick.name}/scripts/install_linux.sh"
        return ["bash", script, "--answers", "/root/answers.toml", "--healthy-within", "60"]

    def status(self) -> dict[str, Any]:
        """What the station says of itself; nothing where none runs."""
        code, said = self.root.run("/usr/local/bin/kiosk", "status", "--json")
        found = json.loads(said) if code == 0 else {}
        assert isinstance(found, dict)
        return found

    def wait(self, what: str, condition: Any, seconds: float = 40) -> Any:
        """Until something holds; what it was."""
        until = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < until, f"{what}\n{self.log()}"
            time.sleep(0.3)
        return found

    def in_force(self, *command: str) -> dict[str, str]:
        """Of the files that a program of systemd reads, in its order, the last word on each key."""
        lines = [line.partition("=") for line in self.root.good(*command).splitlines() if line[:1] not in "#;-"]
        return {key.strip(): value.strip() for key, equals, value in lines if equals}

    def log(self) -> str:
        """The last words of both units."""
        return self.root.run("sh", "-c", "tail -n 40 /run/stand_in/*.log")[1]

    def pids(self, module: str) -> list[int]:
        """The station's processes of a kind, by their numbers in the root."""
        return [int(line) for line in self.root.run("pgrep", "-f", "--", f"-m {module}")[1].split()]

    def version(self) -> str:
        """The version in force."""
        return os.readlink(self.root.path / "opt/kiosk/current")

    def steps(self, aside: str = "") -> list[str]:
        """The steps that the store, or one that was set aside, has taken; read in a copy."""
        place = f"/var/lib/kiosk/store/{f'set_aside/{aside}/' if aside else ''}kiosk.db"
        look = "import sqlite3; d = sqlite3.connect('/tmp/look/kiosk.db'); "
        look += "print(*[name for (name,) in d.execute('SELECT name FROM _sqlite_migrations ORDER BY id')])"
        copy = f'rm -rf /tmp/look; mkdir /tmp/look; cp {place}* /tmp/look; python3 -c "{look}"; rm -rf /tmp/look'
        return self.root.good("sh", "-c", copy).split()

    def visit(self) -> None:
        """One whole visit, counted."""
        before = self.wait("nobody is here", lambda: self.status().get("state") == "free" and self.status())
        self.root.good("/usr/local/bin/kiosk", "session", "start")
        self.wait("a visit has begun", lambda: self.status().get("state") == "open")
        self.root.good("/usr/local/bin/kiosk", "session", "finish")
        self.wait("a visit was counted", lambda: self.status().get("visits_today") == before["visits_today"] + 1)

    def changed(self) -> list[str]:
        """Every file and folder that is not as the machine has it."""
        return self.root.good("/usr/bin/python3", "-c", CHANGED).splitlines()


@contextmanager
def new_pc(folder: Path, sticks: Sticks) -> Iterator[PC]:
    """A PC with a graphics card that needs no hardware, as new as Debian's packages on the stick."""
    with thrown_root(folder, sticks.place) as root:
        (root.path / "root/answers.toml").write_text(ANSWERS)
        driver = folder.with_name("driver")
        if MADE:
            driver = Path(MADE).with_name("driver")
        else:
            driver.mkdir(exist_ok=True)
            fetch = ["apt-get", "-qq", "download", "xserver-xorg-video-dummy"]
            subprocess.run(fetch, cwd=driver, check=True, capture_output=True)
        [package] = driver.glob("*.deb")
        installed = root.good("dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n").splitlines()
        if more := [line.split()[0] for line in installed if line.endswith("ii ") and line.split()[0] in NOT_ON_A_PC]:
            root.good("dpkg", "--purge", *more)
        shutil.copy(package, root.path / "root/driver.deb")
        root.good("dpkg-deb", "-x", "/root/driver.deb", "/")
        # What a PC has of an older release than the stick is renewed first: renewing is not installing. All have udev.
        known = f'cd "/media/USB kiosk/{sticks.first.name}/offline/debs" && for deb in *.deb; do '
        known += 'name=$(dpkg-deb -f "$deb" Package); if [ "$name" = udev ] || '
        known += 'dpkg -s "$name" 2>/dev/null | grep -q "ok installed"; then echo "$PWD/$deb"; fi; done'
        if renewed := root.good("sh", "-c", known).splitlines():
            root.good("dpkg", "-i", *renewed)
        # As where LibreOffice is, and no station has been.
        root.good("sh", "-c", f"mkdir -p {OFFICE} && cd {OFFICE} && ! [ -d data ] || rmdir data")
        yield PC(root)
