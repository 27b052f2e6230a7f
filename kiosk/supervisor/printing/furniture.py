"""What the desk (desk.py) is set up with: its CUPS, its one queue, and the back-end that ends in a folder."""

import grp
import os
import pwd
from pathlib import Path

from kiosk.supervisor.printing.desk import SERVER_BIN, Desk, place
from kiosk.supervisor.users import Identity

# Chromium shows the name of a queue and not its description. CUPS takes any letters there, and no plain space.
NAMES = {"vi": "Máy\u00a0in\u00a0của\u00a0điểm", "en": "Printer\u00a0of\u00a0this\u00a0site"}
# One job may take nearly half of what the desk holds.
JOB_MB, MOST_JOBS = 40, 40

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


def furnish(desk: Desk, citizen: Identity, lang: str) -> None:
    """Make the desk's folders and settings, or put them right around the jobs that lie there; OSError when it fails."""
    as_root = citizen.uid is not None
    if as_root and not os.path.ismount(desk.inner):
        raise FileNotFoundError(str(desk.inner))
    user = pwd.getpwnam("lp") if as_root else pwd.getpwuid(os.getuid())
    for name, mode in (("conf", 0o755), ("conf/ppd", 0o755), ("bin", 0o755), ("bin/backend", 0o755), ("cache", 0o770)):
        place(desk.inner / name, mode, 0, user.pw_gid, as_root)
    for name, mode in (("spool", 0o710), ("tmp", 0o1770), ("state", 0o755)):
        place(desk.inner / name, mode, 0, user.pw_gid, as_root)
    place(desk.inbox, 0o700, user.pw_uid, user.pw_gid, as_root)
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
