"""A CUPS as a machine has it, of our own: Debian's policies, its own socket and port, queues that print into a folder.

Nothing of the system is touched. Its first queue, `real`, takes PDF; what arrives lies in `paper`.
"""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from tests.station_processes import free_port

CONF = """LogLevel warn
MaxLogSize 0
PageLogFormat
Listen {socket}
Listen localhost:{port}
Browsing No
DefaultAuthType Basic
WebInterface Yes
IdleExitTimeout 0
<Location />
  Order allow,deny
</Location>
<Location /admin>
  Order allow,deny
</Location>
"""

FILES = """ServerRoot {root}/conf
ServerBin {root}/bin
RequestRoot {root}/spool
TempDir {root}/tmp
CacheDir {root}/cache
StateDir {root}/state
AccessLog {root}/log/access_log
ErrorLog {root}/log/error_log
PageLog {root}/log/page_log
User lp
Group lp
SystemGroup root
FatalErrors none
"""

BACKEND = """#!/bin/sh
[ $# -eq 0 ] && {{ echo 'direct paper "Unknown" "paper"'; exit 0; }}
while [ -e {root}/paper/jammed ]; do sleep 0.1; done
if [ $# -ge 6 ]; then cat -- "$6"; else cat; fi > {root}/paper/$1-$$.pdf
"""


class MachineCups:
    """Start it, make queues, stop it."""

    def __init__(self, root: Path) -> None:
        self.root, self.socket, self.port = root, root / "cups.sock", free_port()
        self.paper = root / "paper"
        for name in ("conf/ppd", "bin/backend", "spool", "tmp", "cache", "state", "log", "paper"):
            (root / name).mkdir(parents=True)
        for folder in (root, *root.parents):
            if folder != Path("/") and folder.stat().st_uid == os.getuid():
                folder.chmod(folder.stat().st_mode | 0o011)
        shutil.chown(self.paper, "lp", "lp")
        shutil.chown(root / "tmp", "root", "lp")
        (root / "tmp").chmod(0o1770)
        for name in ("filter", "daemon", "monitor", "notifier", "cgi-bin", "driver"):
            (root / "bin" / name).symlink_to(f"/usr/lib/cups/{name}")
        backend = root / "bin/backend/paper"
        backend.write_text(BACKEND.format(root=root))
        backend.chmod(0o755)
        debians = Path("/usr/share/cups/cupsd.conf.default").read_text()
        policies = debians[debians.index("<Policy default>") :]
        (root / "conf/cupsd.conf").write_text(CONF.format(socket=self.socket, port=self.port) + policies)
        (root / "conf/cups-files.conf").write_text(FILES.format(root=root))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        conf = self.root / "conf"
        self.process = subprocess.Popen(
            ["/usr/sbin/cupsd", "-f", "-c", str(conf / "cupsd.conf"), "-s", str(conf / "cups-files.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 10
        while self.tool("lpstat", "-r").returncode or "is running" not in self.tool("lpstat", "-r").stdout:
            assert time.monotonic() < deadline, "CUPS does not start"
            time.sleep(0.05)

    def add(self, queue: str, *options: str, default: bool = False) -> None:
        """A queue that prints any PDF into `paper`."""
        done = self.tool("lpadmin", "-p", queue, "-E", "-v", "paper:/", "-m", "raw", *options)
        assert done.returncode == 0, done.stderr
        if default:
            self.tool("lpadmin", "-d", queue)

    def tool(self, *command: str, user: str = "", server: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """A tool of CUPS, as root or another user, asking this server."""
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "CUPS_SERVER": server or str(self.socket)}
        return subprocess.run(
            command, env={**env, **more}, user=user or None, group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None, capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def papers(self, count: int, within: float = 15.0, all_over: bool = True) -> list[Path]:
        """What came out, once `count` jobs are printed and, with `all_over`, none is left."""
        deadline = time.monotonic() + within
        while True:
            found = sorted(self.paper.glob("*.pdf"))
            if len(found) >= count and not (all_over and self.busy()):
                return found
            assert time.monotonic() < deadline, (found, self.tool("lpstat", "-o", "-p").stdout)
            time.sleep(0.1)

    def busy(self) -> bool:
        """Whether a job is not over yet."""
        return bool(self.tool("lpstat", "-o").stdout.strip())

    def remembered(self) -> str:
        """Every file in which CUPS could remember a job, as one text."""
        places = [self.root / "spool", self.root / "log", self.root / "cache"]
        files = [path for place in places for path in place.rglob("*") if path.is_file()]
        return "\n".join(path.read_bytes().decode("latin-1") for path in files)

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)


def pdf(path: Path, pages: int, words: str = "") -> Path:
    """A PDF of blank A4 pages, with `words` as its title."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * pages
    objects.append(f"<</Title({words})>>")
    text, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj{one}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer<</Root 1 0 R/Info {len(objects)} 0 R/Size {len(objects) + 1}>>\nstartxref\n{len(text)}\n%%EOF\n"
    path.write_text(text + head + tail)
    path.chmod(0o644)
    return path
