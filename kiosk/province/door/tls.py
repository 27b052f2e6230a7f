"""With which certificate the province's server shakes hands: its own, made here and renewed by itself, or one given.

A certificate that is given (province.toml) is looked at again and again, because whoever renews it tells nobody.
"""

import ssl
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.errors import KioskError
from kiosk.export.files import trouble
from kiosk.province.door.authority import Authority, authority, is_due, issue
from kiosk.province.home import Home
from kiosk.province.settings import Settings
from kiosk.translations import _, reason
from kiosk.web.addresses import reached_at
from kiosk.web.certificate import fingerprint, put_in, tls_context

AUTHORITY, SERVER = "authority.pem", "server.pem"


class Tls:
    """The server's TLS: `context` to shake hands with, `certificate` for the card, `fingerprint` for comparing."""

    def __init__(self, home: Home, settings: Settings, listen: str, now: datetime) -> None:
        """Makes what is missing. KioskError when a file cannot be used."""
        self._home, self._given = home, settings.serve
        self._names = names_of(settings, listen)
        self._seen: tuple[float, ...] = ()
        self.certificate = certificate_for_card(home, settings, now)
        self.context = tls_context()
        self._authority: Authority | None = None
        if not self._given.certificate:
            self._authority = authority(home.keys / AUTHORITY, settings.province.name, now)
        self.renew(now)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what is shown to callers."""
        return fingerprint(self._path.read_text(encoding="ascii"))

    def renew(self, now: datetime) -> bool:
        """Make or read anew what is due; whether there was anything. KioskError: the old one is shown on."""
        if self._authority is not None and is_due(self._path, self._names, self._authority, now):
            issue(self._path, self._names, self._authority, now)
        seen = tuple(self._last_written(path) for path in self._files)
        if seen == self._seen:
            return False
        try:
            put_in(self.context, *self._files)
        except KioskError as error:
            raise KioskError(error.message, _correct()) from error
        self._seen = seen
        return True

    def _last_written(self, path: Path) -> float:
        try:
            return path.stat().st_mtime
        except OSError as error:
            why = reason(error)
            raise KioskError(_("{path} cannot be read: {reason}.", path=path, reason=why), _correct()) from error

    @property
    def _path(self) -> Path:
        return Path(self._given.certificate) if self._given.certificate else self._home.keys / SERVER

    @property
    def _files(self) -> list[Path]:
        return [self._path, Path(self._given.key)] if self._given.certificate and self._given.key else [self._path]


def names_of(settings: Settings, listen: str) -> list[str]:
    """The names and addresses under which stations reach the server: those of its urls first."""
    named = tuple(urlsplit(url).hostname or "" for url in settings.province.urls)
    return reached_at(listen, tuple(name for name in named if name))


def certificate_for_card(home: Home, settings: Settings, now: datetime) -> str:
    """The CA that stations shall trust, PEM; empty: those that their system trusts."""
    given = settings.serve
    if not given.certificate:
        return authority(home.keys / AUTHORITY, settings.province.name, now).pem
    if not given.authority:
        return ""
    try:
        text = Path(given.authority).read_text(encoding="ascii")
        ssl.create_default_context(cadata=text)
    except OSError as error:
        raise trouble(Path(given.authority), error) from error
    except ValueError:
        raise KioskError(
            _("{path} holds no certificate.", path=given.authority), _("Correct [serve] in province.toml.")
        ) from None
    return text


def _correct() -> str:
    return _(
        "Correct certificate and key in [serve] of province.toml, and let the user of this server read both files."
    )
