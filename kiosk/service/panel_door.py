"""How the panel is reached: on this PC alone in plain, on the local network by TLS only, and with which certificate.

The province's own certificate comes first, then the one that this PC makes for itself. Nothing about certificates may
keep the panel shut on the PC itself: what is wrong is told, and the panel goes on with what there is.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import KioskError
from kiosk.settings import Paths, Site
from kiosk.web import certificate
from kiosk.web.addresses import own_names, reached_at
from kiosk.web.certificate import Certificate
from kiosk.web.hosts import Hosts, only_this_pc
from kiosk.web.server import parse_address

log = logging.getLogger(__name__)

LOOK_EVERY = 60.0
TOLD_BEFORE = timedelta(days=30)


class PanelDoor:
    """`troubles` are those of the state message; `open` says where to listen; `look` keeps the certificate fit."""

    def __init__(self, paths: Paths, site: Site, read: Callable[[], Reading]) -> None:
        self._site, self._read, self._own = site, read, paths.tls / "panel.pem"
        self.hosts = Hosts([*site.panel_names, *own_names()])
        self.context = None if only_this_pc(site.panel_listen) else certificate.tls_context()
        self._theirs: tuple[Path, Path] | None = None
        self._seen: tuple[float, ...] = ()
        self._until: Certificate | None = None
        self._wrong: dict[str, str] = {}
        self._at_work = threading.Lock()

    def open(self) -> tuple[str, dict[str, Any]]:
        """Where the panel listens, and what its server is told: on this PC alone where there is no certificate."""
        if self.context is None:
            return self._site.panel_listen, {}
        if not self._take_theirs():
            try:
                self._take_own()
            except KioskError as error:
                log.error("%s", error)
                self._wrong["certificate_not_made"] = ""
                self.context = None
                return f"127.0.0.1:{parse_address(self._site.panel_listen)[1]}", {}
        return self._site.panel_listen, {"tls": self.context, "knows_host": self.hosts.knows}

    def troubles(self) -> list[dict[str, str]]:
        """What the manager should hear of."""
        found, now = dict(self._wrong), self._read()
        if self._until is not None and now.trusted and now.wall > self._until.until - TOLD_BEFORE:
            found["certificate_ends"] = f"{self._until.until:%d/%m/%Y}"
        return [{"code": code, "detail": detail} for code, detail in found.items()]

    def look(self) -> None:
        """Cheap, now and then: new files of the province, a new address, a certificate that runs out."""
        if self.context is not None and (self._changed() or (self._theirs is None and self._is_due())):
            threading.Thread(target=self.renew, name="certificate", daemon=True).start()

    def renew(self) -> None:
        """Take what is right now, in a thread of its own: a child may have to make it."""
        with self._at_work:
            if self.context is None or self._take_theirs():
                return
            try:
                if self._is_due():
                    self._make()
                certificate.put_in(self.context, self._own)
            except KioskError as error:
                log.warning("%s", error)

    def _take_own(self) -> None:
        assert self.context is not None
        if certificate.read(self._own) is None:
            self._make()
        try:
            certificate.put_in(self.context, self._own)
        except KioskError:
            self._own.unlink(missing_ok=True)
            self._make()
            certificate.put_in(self.context, self._own)

    def _make(self) -> None:
        certificate.make(self._own, self._names(), self._read())
        made = certificate.read(self._own)
        log.info("made a certificate, fingerprint %s", made.fingerprint if made else "unknown")

    def _is_due(self) -> bool:
        return certificate.is_due(certificate.read(self._own), self._names(), self._read())

    def _names(self) -> list[str]:
        return reached_at(self._site.panel_listen, self._site.panel_names)

    def _take_theirs(self) -> bool:
        """Whether the province's certificate is there and fit; the last fit one of this run stays in use."""
        if not self._site.panel_certificate or self.context is None:
            return False
        pair = Path(self._site.panel_certificate), Path(self._site.panel_key or self._site.panel_certificate)
        self._seen = _times(pair)
        try:
            # Tried on a context of its own: one that is half loaded would serve nobody.
            certificate.put_in(certificate.tls_context(), *pair)
            certificate.put_in(self.context, *pair)
        except KioskError as error:
            log.error("%s", error)
            self._wrong["certificate_wrong"] = pair[0].name
            return self._theirs is not None
        self._theirs = pair
        self._wrong.pop("certificate_wrong", None)
        threading.Thread(target=self._note_end, args=pair[:1], name="certificate", daemon=True).start()
        return True

    def _note_end(self, path: Path) -> None:
        try:
            self._until = certificate.look_at(path)
        except KioskError as error:
            log.warning("%s", error)

    def _changed(self) -> bool:
        if not self._site.panel_certificate:
            return False
        pair = Path(self._site.panel_certificate), Path(self._site.panel_key or self._site.panel_certificate)
        return _times(pair) != self._seen


def _times(pair: tuple[Path, Path]) -> tuple[float, ...]:
    """When each file was last changed; 0 for one that is not there."""
    return tuple(path.stat().st_mtime if path.is_file() else 0.0 for path in pair)
