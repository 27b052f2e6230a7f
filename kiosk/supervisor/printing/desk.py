"""The desk where the citizen hands in what is to be printed: a private CUPS of the session, that can print nothing.

Its one queue ends in a folder: the filters of CUPS (user lp) make each job a PDF, with copies and pages as they will
lie on paper, and count its pages. It has no network port, keeps no log and no history, writes no title anywhere, and
lies in memory (tmpfs) that is given back when the session ends. A hold, a release or a move of the citizen's own moves
nothing but a job of this queue into that folder.
"""

import grp
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.supervisor import home, linux, marked
from kiosk.supervisor.users import Identity

MACHINES = "/run/cups/cups.sock"  # where Debian's CUPS listens
# Chromium shows the name of a queue and not its description. CUPS takes any letters there, and no plain space.
NAMES = {"vi": "Máy\u00a0in\u00a0của\u00a0điểm", "en": "Printer\u00a0of\u00a0this\u00a0site"}
# All that waits, in memory: a handful of documents with pictures. One job may take half of it.
SPOOL_MB, JOB_MB, MOST_JOBS = 96, 40, 40
START_WITHIN = 5.0
SERVER_BIN = Path("/usr/lib/cups")

FILES_CONF = """ServerRoot {root}/conf
ServerBin {root}/bin
RequestRoot {root}/spool
TempDir {root}/tmp
CacheDir {root}/cache
StateDir {root}/state
AccessLog /dev/null
ErrorLog /dev/null
PageLog /dev/null
User {user}
Group {group}
SystemGroup root
FatalErrors none
"""

CUPSD_CONF = """LogLevel none
AccessLogLevel none
Listen {socket}
Browsing No
DefaultShared No
WebInterface No
DefaultPaperSize A4
PreserveJobHistory No
PreserveJobFiles No
JobPrivateValues all
MaxJobs {jobs}
MaxJobTime 120
LimitRequestBody {bytes}
IdleExitTimeout 0
DefaultPolicy desk
<Location />
  Order deny,allow
</Location>
<Location /admin>
  Order allow,deny
</Location>
<Policy desk>
  JobPrivateAccess default
  JobPrivateValues all
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues all
  <Limit Create-Job Print-Job Print-URI Validate-Job Send-Document Send-URI Close-Job Cancel-Job Cancel-My-Jobs>
    Order deny,allow
  </Limit>
  <Limit CUPS-Get-Default CUPS-Get-Printers CUPS-Get-Classes CUPS-Get-PPD Get-Printer-Attributes>
    Order deny,allow
  </Limit>
  <Limit Get-Jobs Get-Job-Attributes Get-Printer-Supported-Values>
    Order deny,allow
  </Limit>
  <Limit All>
    AuthType Default
    Require user @SYSTEM
    Order deny,allow
  </Limit>
</Policy>
"""

PRINTERS_CONF = """<DefaultPrinter {queue}>
Info {info}
MakeModel kiosk
DeviceURI kiosk:/
State Idle
Accepting Yes
Shared No
JobSheets none none
OpPolicy desk
ErrorPolicy abort-job
</DefaultPrinter>
"""

# A PDF in, a PDF out, on A4; pdftopdf of cups-filters lays out copies, ranges and several pages a sheet.
PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "KIOSK.PPD"
*Manufacturer: "kiosk"
*Product: "(kiosk)"
*ModelName: "kiosk"
*ShortNickName: "kiosk"
*NickName: "kiosk"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*DefaultColorSpace: RGB
*FileSystem: False
*cupsVersion: 2.4
*cupsManualCopies: True
*cupsFilter2: "application/vnd.cups-pdf application/pdf 0 -"
"""
PAPERS = {"A4": (595, 842), "A5": (420, 595)}

# The last step, as user lp. pdftopdf once more: a job that went past the filters ("raw", or already in their inner
# format) is laid out anew, and what pdfinfo then counts are the very pages of the file that goes to the printer.
BACKEND = """#!/bin/sh
[ $# -eq 0 ] && {{ echo 'direct kiosk "Unknown" "kiosk"'; exit 0; }}
umask 077
export LC_ALL=C
ulimit -t 60 -f {blocks} 2>/dev/null
job={inbox}/$1-$$
trap 'rm -f "$job.in" "$job.out"' EXIT
if [ $# -ge 6 ]; then cat -- "$6" > "$job.in"; else cat > "$job.in"; fi || exit 1
{bin}/filter/pdftopdf "$1" citizen kiosk 1 '' "$job.in" > "$job.out" 2> /dev/null || exit 1
pages=$(pdfinfo "$job.out" 2> /dev/null | sed -n 's/^Pages: *//p')
[ "$pages" -gt 0 ] 2> /dev/null || exit 1
mv "$job.out" "$job.$pages.pdf"
"""


def address(environ: Mapping[str, str]) -> str:
    """Where the machine's CUPS listens: CUPS_SERVER where it names a socket, else Debian's place."""
    named = environ.get("CUPS_SERVER", "")
    return named if named.startswith("/") else MACHINES


def is_there(environ: Mapping[str, str]) -> bool:
    """Whether a CUPS is on this machine."""
    return Path(address(environ)).exists()


@dataclass(frozen=True)
class Desk:
    """Where the desk lies: in `root` the session's door to it, and the desk itself, in memory."""

    root: Path

    @property
    def inner(self) -> Path:
        """All but the door. The citizen's programs live in a room of their own and need not see it."""
        return self.root / "desk"

    @property
    def socket(self) -> Path:
        """What the citizen's programs know as CUPS_SERVER."""
        return self.root / "door" / "cups.sock"

    @property
    def inbox(self) -> Path:
        """Finished jobs: <name>.<pages>.pdf"""
        return self.inner / "inbox"

    def finder(self) -> Callable[[], list[int]]:
        """Living processes of the desk: its CUPS, filters and back-ends."""
        return marked.carriers(f"TMPDIR={self.inner}/tmp")


def missing() -> str:
    """The program that printing needs and this machine lacks; empty when all are there."""
    wanted = ("cupsd", "pdfinfo")
    lacking = [name for name in wanted if shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") is None]
    if not (SERVER_BIN / "filter" / "pdftopdf").exists():
        lacking.append("cups-filters")
    return " ".join(lacking)


def lay(desk: Desk, citizen: Identity) -> None:
    """Make the place for a desk, and the door to it; OSError when it fails.

    By the supervisor alone, which also wipes it: a helper that comes late finds no place, and makes none.
    """
    as_root = citizen.uid is not None
    desk.inner.mkdir(mode=0o711, parents=True, exist_ok=True)
    desk.root.chmod(0o711)
    if as_root and not os.path.ismount(desk.inner):
        linux.mount_tmpfs(str(desk.inner), f"size={SPOOL_MB}m,mode=0711")
    # Nobody but the citizen and root comes through the door.
    _folder(desk.socket.parent, 0o710, 0, citizen.gid if citizen.gid is not None else -1, as_root)


def furnish(desk: Desk, citizen: Identity, lang: str) -> None:
    """Make the desk's folders and settings, or put them right around the jobs that lie there; OSError when it fails."""
    as_root = citizen.uid is not None
    if as_root and not os.path.ismount(desk.inner):
        raise FileNotFoundError(str(desk.inner))
    user = pwd.getpwnam("lp") if as_root else pwd.getpwuid(os.getuid())
    for name, mode in (("conf", 0o755), ("conf/ppd", 0o755), ("bin", 0o755), ("bin/backend", 0o755), ("cache", 0o770)):
        _folder(desk.inner / name, mode, 0, user.pw_gid, as_root)
    for name, mode in (("spool", 0o710), ("tmp", 0o1770), ("state", 0o755)):
        _folder(desk.inner / name, mode, 0, user.pw_gid, as_root)
    _folder(desk.inbox, 0o700, user.pw_uid, user.pw_gid, as_root)
    for name in ("filter", "daemon", "monitor", "notifier", "cgi-bin", "driver"):
        link = desk.inner / "bin" / name
        if not link.is_symlink():
            link.symlink_to(SERVER_BIN / name)
    group = grp.getgrgid(user.pw_gid).gr_name
    _write(desk.inner / "conf/cups-files.conf", FILES_CONF.format(root=desk.inner, user=user.pw_name, group=group))
    queue = NAMES.get(lang, NAMES["vi"])
    conf = CUPSD_CONF.format(socket=desk.socket, jobs=MOST_JOBS, bytes=JOB_MB << 20)
    _write(desk.inner / "conf/cupsd.conf", conf)
    _write(desk.inner / "conf/printers.conf", PRINTERS_CONF.format(queue=queue, info=queue))
    _write(desk.inner / f"conf/ppd/{queue}.ppd", PPD + _papers())
    backend = BACKEND.format(inbox=desk.inbox, bin=desk.inner / "bin", blocks=JOB_MB << 11)
    _write(desk.inner / "bin/backend/kiosk", backend, 0o755)


def _folder(path: Path, mode: int, uid: int, gid: int, as_root: bool) -> None:
    path.mkdir(exist_ok=True)
    if as_root:
        os.chown(path, uid, gid)
    path.chmod(mode)


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _papers() -> str:
    lines = []
    for name in ("PageSize", "PageRegion"):
        lines += [f"*OpenUI *{name}/Paper: PickOne", f"*Default{name}: A4"]
        for paper, (wide, high) in PAPERS.items():
            lines.append(f'*{name} {paper}/{paper}: "<</PageSize[{wide} {high}]>>setpagedevice"')
        lines.append(f"*CloseUI: *{name}")
    lines += ["*DefaultImageableArea: A4", "*DefaultPaperDimension: A4"]
    for paper, (wide, high) in PAPERS.items():
        lines.append(f'*ImageableArea {paper}/{paper}: "12 12 {wide - 12} {high - 12}"')
        lines.append(f'*PaperDimension {paper}/{paper}: "{wide} {high}"')
    return "\n".join(lines) + "\n"


def start(desk: Desk) -> subprocess.Popen[bytes]:
    """Start the desk's CUPS; OSError when it does not come up. It ends when this process does."""
    # That of an earlier helper would take the new socket with it.
    marked.kill_all(desk.finder(), wait=1.0)
    desk.socket.unlink(missing_ok=True)
    conf = desk.inner / "conf"
    cups = subprocess.Popen(
        ["/usr/sbin/cupsd", "-f", "-c", str(conf / "cupsd.conf"), "-s", str(conf / "cups-files.conf")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TMPDIR": f"{desk.inner}/tmp"},
        start_new_session=True,
        preexec_fn=linux.end_with_parent,
    )
    deadline = time.monotonic() + START_WITHIN
    while not desk.socket.exists():
        if cups.poll() is not None or time.monotonic() > deadline:
            stop(cups)
            raise OSError(0, "the desk's CUPS does not start")
        time.sleep(0.02)
    return cups


def stop(cups: subprocess.Popen[bytes]) -> None:
    """End the desk's CUPS; it ends its filters when asked kindly."""
    if cups.poll() is None:
        cups.send_signal(signal.SIGTERM)
        try:
            cups.wait(1.0)
        except subprocess.TimeoutExpired:
            cups.kill()
            cups.wait()


def wipe(desk: Desk) -> list[str]:
    """End what works at the desk and remove every job, where there is a desk; what could not be removed is returned."""
    if not desk.root.exists() or not any(desk.root.iterdir()):
        return []
    gone = marked.kill_all(desk.finder(), wait=0.5)
    if os.geteuid() == 0:
        home.detach(desk.inner)
    left = home.empty(desk.root)
    return left if gone else [*left, "print"]
