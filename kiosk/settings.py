"""Who this station is and where its files lie: site.toml as frozen dataclasses, standard library only.

The small processes read these without pydantic; the service and the cli check the same file in depth
(service/checked_settings.py) before anything starts.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.errors import SettingsError
from kiosk.translations import _

INSTALLED_HOME = Path("/var/lib/kiosk")
# Where root's commands are looked for, whatever the caller's own says; and the citizen's programs.
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
SESSION_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/games"


@dataclass(frozen=True)
class Users:
    """The four system users of DESIGN.md 3; empty names mean: everything as the user who started us."""

    service: str = "kiosk"
    screen: str = "kiosk-screen"
    citizen: str = "kiosk-citizen"
    staff: str = "kiosk-staff"


@dataclass(frozen=True)
class Paths:
    """Every place under one home. Nothing is written anywhere else except the session's own home."""

    home: Path

    @property
    def site_toml(self) -> Path:
        """The station's settings: the home's own, else the machine's."""
        own, machine = self.home / "site.toml", Path("/etc/kiosk/site.toml")
        return own if own.exists() or not machine.exists() else machine

    @property
    def policy_toml(self) -> Path:
        """The policy in force."""
        return self.home / "policy.toml"

    @property
    def chosen(self) -> Path:
        """What managers set on the panel, over policy.toml; the service's own."""
        return self.home / "settings" / "panel.toml"

    @property
    def chosen_site(self) -> Path:
        """Code, name and number that the first manager gave on the panel, over site.toml; the service's own."""
        return self.home / "settings" / "site.toml"

    @property
    def run(self) -> Path:
        """Socket and run files; closed to the citizen."""
        return self.home / "run"

    @property
    def socket(self) -> Path:
        """Where the service listens for the other processes."""
        return self.run / "service.sock"

    @property
    def processes(self) -> Path:
        """The supervisor's run file: pid and start time of each child, for adoption."""
        return self.run / "supervisor" / "processes.json"

    @property
    def display_memory(self) -> Path:
        """How the X server stood before the first session; written by the screen's user alone."""
        return self.run / "screen" / "display.json"

    @property
    def store(self) -> Path:
        """The one SQLite file."""
        return self.home / "store" / "kiosk.db"

    @property
    def outbox(self) -> Path:
        """Bundles that wait for the province."""
        return self.home / "outbox"

    @property
    def enrolment(self) -> Path:
        """The station's key and what it knows of its province; the service's alone."""
        return self.home / "enrolment"

    @property
    def audio(self) -> Path:
        """The site's recordings of what the screens say: <lang>/<name>.ogg."""
        return self.home / "audio"

    @property
    def tls(self) -> Path:
        """The panel's certificate and key; the service's alone."""
        return self.home / "tls"

    @property
    def content(self) -> Path:
        """The library: objects, and the catalogue and index in use (content/shelves.py)."""
        return self.home / "content"

    @property
    def citizen_home(self) -> Path:
        """The throw-away home of a session: a tmpfs where we are root, a plain folder else."""
        return self.home / "citizen"

    @property
    def staff_home(self) -> Path:
        """The throw-away home of staff at the panel on the PC itself, as the citizen's is one."""
        return self.home / "staff"

    @property
    def sticks(self) -> Path:
        """Where USB sticks are mounted during a session; root's."""
        return self.home / "sticks"

    @property
    def carry(self) -> Path:
        """Where a stick of staff's is open to the service, for the province's bundles."""
        return self.home / "carry"

    @property
    def printing(self) -> Path:
        """The desk of a session's printing: in memory, and gone when the session ends."""
        return self.home / "print"


@dataclass(frozen=True)
class Site:
    """site.toml. `listen` addresses are host:port; `panel_names` further names of this PC on the network; certificate
    and key are files of the province's; `export_to` a folder, or an fsspec URL, for the nightly bundles; `content_from`
    where the province's content comes from: a web address, or a folder.
    """

    code: str = "SITE-000"
    name: str = "Điểm truy nhập Internet công cộng"
    station: str = "01"
    language: str = "vi"
    panel_listen: str = "127.0.0.1:8080"
    menu_listen: str = "127.0.0.1:8081"
    panel_names: tuple[str, ...] = ()
    panel_certificate: str = ""
    panel_key: str = ""
    export_to: str = ""
    content_from: str = ""
    users: Users = field(default_factory=Users)


# Under these codes a station counts until somebody has said which site it is: no province knows them.
NOBODYS = (Site.code, "TH-000")


def home_dir() -> Path:
    """KIOSK_HOME, else ./var in a checkout, else /var/lib/kiosk."""
    chosen = os.environ.get("KIOSK_HOME")
    if chosen:
        return Path(chosen).absolute()
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").exists():
        return checkout / "var"
    return INSTALLED_HOME


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict; SettingsError names the file and line when it cannot be read."""
    import tomllib  # late: the lock and the bar need the places of files alone

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            _("{path} does not exist.", path=path),
            _("Correct the path; kiosk run writes site.toml and policy.toml where they are missing."),
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            _("{path} cannot be read.", path=path), _("Correct it and try again."), (str(error),)
        ) from None


def load_site(paths: Paths) -> Site:
    """site.toml as it stands; wrong types are left to the deep check of the service."""
    data = read_toml(paths.site_toml)
    site, station, panel = data.get("site", {}), data.get("station", {}), data.get("panel", {})
    return Site(
        code=str(site.get("code", Site.code)),
        name=str(site.get("name", Site.name)),
        station=str(station.get("name", Site.station)),
        language=str(station.get("language", Site.language)),
        panel_listen=str(panel.get("listen", Site.panel_listen)),
        panel_names=tuple(str(name) for name in panel.get("names", ())),
        panel_certificate=str(panel.get("certificate", "")),
        panel_key=str(panel.get("key", "")),
        menu_listen=str(data.get("menu", {}).get("listen", Site.menu_listen)),
        export_to=str(data.get("export", {}).get("to", "")),
        content_from=str(data.get("content", {}).get("from", "")),
        users=Users(**{key: str(value) for key, value in data.get("users", {}).items() if hasattr(Users, key)}),
    )
