"""The one directory of a province: its settings, its keys, its ledger, archive and lake; and who may write there."""

import errno
import fcntl
import os
import pwd
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.errors import KioskError, RefusedError
from kiosk.export.files import trouble, write_whole
from kiosk.export.signing import Key
from kiosk.province.settings import Settings, read_settings, toml_of
from kiosk.translations import _, reason

DEFAULT = Path("/var/lib/kiosk-province")


@dataclass(frozen=True)
class Home:
    """Every place under one directory. Nothing is written anywhere else."""

    path: Path

    @property
    def settings(self) -> Path:
        """province.toml: made once with safe defaults, then the officer's."""
        return self.path / "province.toml"

    @property
    def keys(self) -> Path:
        """What proves who the province is; closed to all others. Files of serve (its CA) lie here too."""
        return self.path / "keys"

    @property
    def key(self) -> Path:
        """The key that signs receipts, marks and the card."""
        return self.keys / "province.key"

    @property
    def ledger(self) -> Path:
        """The SQLite file that says what every record of the archive is."""
        return self.path / "ledger.db"

    @property
    def archive(self) -> Path:
        """The segments."""
        return self.path / "archive"

    @property
    def lake(self) -> Path:
        """Parquet files, made of ledger and archive at any time."""
        return self.path / "lake"

    @property
    def backups(self) -> Path:
        """Copies."""
        return self.path / "backups"

    @property
    def lock(self) -> Path:
        """Held by the process that writes."""
        return self.path / "province.lock"


def home_dir(given: Path | None = None) -> Path:
    """What `--home` says, else KIOSK_PROVINCE, else /var/lib/kiosk-province."""
    return (given or Path(os.environ.get("KIOSK_PROVINCE") or DEFAULT)).absolute()


def init(path: Path, name: str, urls: Sequence[str], now: datetime) -> Home:
    """Makes what is missing of a home: folders, the key, province.toml, an empty ledger. What is there stays.

    province.toml comes last: before it there is no home, and a command that was cut off is given again.
    SettingsError when name or addresses cannot be, KioskError where nothing can be written.
    """
    from kiosk.province.memory.archive import Archive
    from kiosk.province.memory.ledger import Ledger, lost
    from kiosk.province.memory.rows import seconds, utc

    home = Home(path)
    text = toml_of(name, urls)
    try:
        for folder in (home.path, home.keys, home.archive, home.lake, home.backups):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _not_made(path, error) from error
    with the_one(home):
        if not home.key.exists():
            if home.ledger.exists():
                raise key_is_lost(home)
            try:
                Key.make().save(home.key)
            except OSError as error:
                raise trouble(home.keys, error) from error
        if not home.ledger.exists() and (home.settings.exists() or Archive(home).segments()):
            raise lost(home.ledger)
        ledger = Ledger(home, make=True)
        with ledger.writing() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES ('began', ?)", (utc(seconds(now)),))
        ledger.close()
        try:
            if not home.settings.exists():
                write_whole(home.settings, text.encode())
        except OSError as error:
            raise trouble(path, error) from error
    return home


def load(path: Path) -> Settings:
    """The settings of the home at `path`. SettingsError names every wrong field, KioskError says it is no home."""
    must_be_home(path)
    return read_settings(Home(path).settings)


def must_be_home(path: Path) -> Home:
    """The home at `path`; KioskError when there is none."""
    if not is_home(path):
        raise KioskError(
            _("{path} is no home of a province.", path=path),
            _("Make one: kiosk province init {path} --name NAME --url https://…", path=path),
        )
    return Home(path)


def is_home(path: Path) -> bool:
    """Whether a home is there. KioskError for whom it is none of their business."""
    try:
        return Home(path).settings.exists()
    except OSError as error:
        raise KioskError(
            _("{path} cannot be opened: {reason}.", path=path, reason=reason(error)),
            _("Work as the user to whom it belongs: sudo -u USER kiosk province …, or as root while it serves."),
        ) from error


@contextmanager
def the_one(home: Home) -> Iterator[None]:
    """While it lasts this process alone writes in the home. RefusedError when another one does; as must_be_ours."""
    try:
        must_be_ours(home)
        handle = os.open(home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise trouble(home.path, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RefusedError(
                _("Another command is working on the province at {path}.", path=home.path),
                _("Wait until it is done, or stop kiosk province serve, and try again."),
            ) from None
        yield
    finally:
        os.close(handle)


def must_be_ours(home: Home) -> None:
    """KioskError for root in a home of somebody else: what root makes there its owner could not write any more."""
    owner = home.path.stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        user = _name_of(owner)
        raise KioskError(
            _("{path} belongs to the user {user}; files that root makes there would lock that user out.",
              path=home.path, user=user),
            _("Work as that user: sudo -u {user} kiosk province …", user=user),
        )  # fmt: skip


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"#{user}"


def _not_made(path: Path, error: OSError) -> KioskError:
    """`trouble` speaks of sticks; where a home shall be there is none."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return KioskError(
            _("The folder {path} cannot be made there.", path=path), _("Correct the path, or make its folder first.")
        )
    return trouble(path, error)


def key_is_lost(home: Home) -> KioskError:
    return KioskError(
        _("The key of this province, {path}, is not there.", path=home.key),
        _("Put it back from a copy: stations believe only receipts that are signed by it."),
    )
