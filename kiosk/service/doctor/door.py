"""`kiosk check`: under which addresses the panel is reached, and what its certificate says."""

import os
from collections.abc import Iterator
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.service.doctor.findings import Finding
from kiosk.settings import Paths, Site
from kiosk.translations import _
from kiosk.web import certificate
from kiosk.web.addresses import reached_at
from kiosk.web.hosts import is_loopback, only_this_pc


def door(paths: Paths, site: Site) -> Iterator[Finding]:
    """Nothing where the panel answers on this PC alone."""
    if only_this_pc(site.panel_listen):
        return
    port = site.panel_listen.rpartition(":")[2]
    others = [name for name in reached_at(site.panel_listen, site.panel_names) if not is_loopback(name)]
    places = ", ".join(f"https://{f'[{name}]' if ':' in name else name}:{port}" for name in others)
    yield Finding("door", "good", _("The panel is open to the network: {addresses}.", addresses=places))
    if site.panel_certificate:
        yield from _theirs(Path(site.panel_certificate), Path(site.panel_key or site.panel_certificate))
    elif os.access(paths.tls, os.R_OK | os.X_OK):
        yield from _own(paths.tls / "panel.pem")


def _own(path: Path) -> Iterator[Finding]:
    found = certificate.read(path)
    if found is None:
        hint = _("It is made when kiosk starts; until then the panel answers on this PC only.")
        yield Finding("certificate", "warn", _("The panel has no certificate yet."), hint)
        return
    text = _("The panel's own certificate has the fingerprint (SHA-256) {digits}.", digits=found.fingerprint)
    yield Finding("certificate", "good", text, _("Browsers warn of it: compare these digits once, then trust it."))


def _theirs(path: Path, key: Path) -> Iterator[Finding]:
    try:
        certificate.put_in(certificate.tls_context(), path, key)
        found = certificate.look_at(path)
    except KioskError as error:
        yield Finding("certificate", "bad", error.message, error.hint)
        return
    names = ", ".join(found.names)
    text = _("The province's certificate for {names} is valid until {day}.", names=names, day=f"{found.until:%d/%m/%Y}")
    yield Finding("certificate", "good", text)
