"""Commands that also work while no kiosk runs: they ask the service, or open the store where there is none."""

import os
from pathlib import Path
from typing import Any

import click

from kiosk.clock import Clock, Reading
from kiosk.errors import RefusedError
from kiosk.export import enrolment
from kiosk.export.run import exporter_for
from kiosk.machine_clock import Machine
from kiosk.service import client, privacy
from kiosk.service.checked_settings import load_checked
from kiosk.service.dating import Dating
from kiosk.service.enrolling import about, facts_of
from kiosk.service.enrolling_child import done
from kiosk.service.first_run import write_settings
from kiosk.service.journal import Journal
from kiosk.service.journal_commands import journal_action
from kiosk.service.keeping import Keeper, words
from kiosk.service.memory import loss_facts, open_memory
from kiosk.service.nightly import Nightly
from kiosk.service.parts import manager_action, managers_of, report_action, reports_of
from kiosk.service.restoring import chosen, looked_at, restore
from kiosk.service.stocking import library_of
from kiosk.settings import Paths, load_site
from kiosk.store import Store, acknowledged
from kiosk.supervisor import layout
from kiosk.supervisor.users import resolve
from kiosk.translations import _


def ask_or_open(paths: Paths, verb: str, **fields: Any) -> Any:
    """The answer to `verb` (export, report, journal …), from the running service or straight from the store."""
    if client.running(paths):
        return client.ask(paths, verb, timeout=300.0, **fields)
    write_settings(paths)
    site, policy = load_checked(paths)
    become_service(paths)
    clock = Clock()
    now = clock.read()
    with open_memory(paths, site, now) as store:
        _tell_losses(store, now)
        if verb == "backup":
            return Keeper(store, site, policy, clock.read, lambda: True).backup(Path(fields["to"]), "cli")
        if verb == "privacy":
            return privacy.facts_of(store, policy)
        if verb == "manager":
            return manager_action(managers_of(store, policy, clock), **fields)
        Dating(store, clock, Machine())
        if verb == "journal":
            return journal_action(Journal(store, lambda: policy, clock.read), **fields)
        if verb == "report":
            return report_action(reports_of(store, site, policy, clock, library_of(paths)), **fields)
        return Nightly(exporter_for(store, paths, site, policy), clock).action(**fields)


def ask_or_enrol(paths: Paths, action: str, **fields: Any) -> Any:
    """The enrolment at a province, asked of the running service or done here."""
    if client.running(paths):
        return client.ask(paths, "enrol", timeout=300.0, action=action, **fields)
    write_settings(paths)
    site, _policy = load_checked(paths)
    become_service(paths)
    found: dict[str, Any] = {}
    if action != "status":
        now, days = Clock().read(), 0
        if action == "join":  # the only one that may leave something behind
            with open_memory(paths, site, now) as store:
                days = store.run(acknowledged.waiting_days, site.code, site.station)
        found = done(paths, {"action": action, **fields, **about(site, now, days)})
    return {**facts_of(enrolment.load(paths)), **found}


def _tell_losses(store: Store, now: Reading) -> None:
    """Say on standard error that the file was not as it should be, and what was done; later `kiosk check` tells it."""
    for loss in loss_facts(store):
        if loss["at"] == now.wall.isoformat():
            click.echo(
                _("This station's memory was damaged or gone, and was put back as far as it could be."), err=True
            )
            click.echo(f"  {words(loss)}", err=True)


def restore_from(paths: Paths, source: Path, sure: bool) -> dict[str, Any] | None:
    """Restores a backup; None, and nothing is changed, where it could be done and nobody is sure yet."""
    if client.running(paths):
        raise RefusedError(_("kiosk is running in {home}.", home=paths.home), _("Stop it first with kiosk stop."))
    write_settings(paths)
    site, _policy = load_checked(paths)
    become_service(paths)
    found = chosen(source)
    looked_at(found, site)
    return restore(paths, site, found, Clock().read(), "cli") if sure else None


def become_service(paths: Paths) -> None:
    """As root: prepare the folders, then go on as the service's user, so that its files stay its own."""
    identities = resolve(load_site(paths).users)
    layout.prepare(paths, identities)
    me = identities.service
    if me.uid is not None and me.gid is not None:
        os.setgroups([])
        os.setgid(me.gid)
        os.setuid(me.uid)
    if not os.access(Path(paths.store).parent, os.W_OK):
        raise RefusedError(
            _("You may not change this station's data."), _("Run the command as root or as the user kiosk.")
        )
