"""What the programs of a session are told by their environment: where they are at home, in which language and zone."""

from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.settings import SESSION_PATH
from kiosk.supervisor import linux, marked
from kiosk.supervisor.cookies import lend
from kiosk.supervisor.printing.desk import Desk
from kiosk.supervisor.session import input_method

if TYPE_CHECKING:
    from kiosk.supervisor.session.session import Session

# Where the machine has no zones, the same by rule: seven hours before UTC, no summer time (kiosk/clock.py).
TIME_ZONE = "Asia/Ho_Chi_Minh" if Path("/usr/share/zoneinfo/Asia/Ho_Chi_Minh").exists() else "<+07>-7"


def language(lang: str) -> str:
    """The locale of a session: the citizen's where this PC has it, else one that knows all letters of both."""
    wanted = "vi_VN.UTF-8" if lang == "vi" else "en_US.UTF-8"
    return wanted if linux.has_locale(wanted) else "C.UTF-8"


def environment(session: "Session") -> dict[str, str]:
    """What each program of this session finds in its environment."""
    station = session.station
    where = station.where
    return {
        **lend(station.display, where / ".Xauthority", station.citizen),
        "PATH": SESSION_PATH,
        "HOME": str(where),
        "TMPDIR": str(where / "tmp"),
        "XDG_RUNTIME_DIR": str(where / ".run"),
        "XDG_DOWNLOAD_DIR": str(where / "Downloads"),
        "XDG_CURRENT_DESKTOP": "Openbox",
        "LANG": language(session.wishes.lang),
        "LANGUAGE": session.wishes.lang,
        "TZ": TIME_ZONE,
        # Nothing looks after settings on this bus, and no screen reader listens: nobody shall wait for either.
        "GSETTINGS_BACKEND": "memory",
        "NO_AT_BRIDGE": "1",
        # Without a bus of the session's own nobody starts another, which would start whatever the machine offers.
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        # Files are opened by the machine's entries that this session knows (known.py), without helpers and guesses.
        "GIO_USE_VFS": "local",
        "GIO_USE_VOLUME_MONITOR": "unix",
        "BROWSER": "false",
        # The desk for printing; where there is none, programs find no printer.
        "CUPS_SERVER": str(Desk(station.paths.printing).socket),
        **(input_method.environment(where) if station.programs.input_method else {}),
        marked.VARIABLE: session.id,
    }
