"""`kiosk check`: what this station needs, what it has, and what to do about the rest. Reads only, changes nothing."""

import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError, SettingsError
from kiosk.machine_clock import Machine
from kiosk.rules.policy import Policy
from kiosk.service import client
from kiosk.service.checked_settings import load_checked
from kiosk.service.doctor.clock import clock
from kiosk.service.doctor.content import content
from kiosk.service.doctor.door import door
from kiosk.service.doctor.export import export
from kiosk.service.doctor.findings import Finding
from kiosk.service.doctor.health import health
from kiosk.service.doctor.isolation import isolation
from kiosk.service.doctor.machine import browser_words, taken
from kiosk.service.doctor.printing import printing
from kiosk.service.doctor.session import citizens_browser, session_programs, staff_at_the_pc
from kiosk.service.doctor.updates import updates
from kiosk.service.doctor.voice import voice
from kiosk.service.keeping import words
from kiosk.service.memory import set_aside_facts
from kiosk.settings import Paths, Site
from kiosk.shipped import shipped_dir
from kiosk.store import copies
from kiosk.translations import _, reason


def examine(paths: Paths) -> list[Finding]:
    """All findings, in the order in which a technician would mend them."""
    settings, site, policy = _settings(paths)
    found = [*settings, *_display(paths), *_fonts(), *_disk(paths), *_assets()]
    if site is not None and policy is not None:
        found += [*_programs(policy), *browser_words(policy, site), *session_programs(policy), *_ports(paths, site)]
        found += [*citizens_browser(policy), *staff_at_the_pc(policy)]
        found += door(paths, site)
        found += printing(policy)
        found += updates(paths, site, policy)
    found += content(paths, policy)
    found += voice(paths)
    found += export(paths)
    found += [*health(paths), *taken(paths), *_memory(paths), *clock(paths, Machine())]
    return [*found, *_isolation(paths)]


def _settings(paths: Paths) -> tuple[list[Finding], Site | None, Policy | None]:
    if not paths.policy_toml.exists():
        text = _("No settings yet in {path}.", path=paths.home)
        return [Finding("settings", "warn", text, _("Run kiosk run once; it writes them."))], None, None
    try:
        site, policy = load_checked(paths)
    except SettingsError as error:
        return [Finding("settings", "bad", "\n".join((error.message, *error.problems)), error.hint)], None, None
    findings = [Finding("settings", "good", _("site.toml and policy.toml are right."))]
    if policy.hours is None:
        text = _("No opening hours are set: the station is always open.")
        findings.append(Finding("hours", "warn", text, _("Set [hours] in policy.toml.")))
    return findings, site, policy


def _display(paths: Paths) -> Iterator[Finding]:
    name = os.environ.get("DISPLAY")
    if not name and client.running(paths):
        yield Finding("display", "good", _("kiosk is running on a display of its own."))
        return
    if not name:
        hint = _("Start kiosk inside an X session, or use scripts/run, which starts a virtual screen.")
        yield Finding("display", "warn", _("There is no display: DISPLAY is not set."), hint)
        return
    try:
        from Xlib import display, error
    except ImportError:
        yield Finding("display", "bad", _("python-xlib is missing."), _("Install kiosk with the extra station."))
        return
    try:
        connection = display.Display(name)
    except (error.DisplayError, OSError):
        hint = _("Start the X server, or correct DISPLAY and XAUTHORITY.")
        yield Finding("display", "bad", _("The display {name} cannot be opened.", name=name), hint)
        return
    missing = [one for one in ("Composite", "MIT-SCREEN-SAVER", "X-Resource") if not connection.has_extension(one)]
    connection.close()
    if missing:
        text = _("The display lacks {extensions}.", extensions=", ".join(missing))
        yield Finding("display", "warn", text, _("Use Xorg or Xvfb as Debian ships them."))
    else:
        yield Finding("display", "good", _("The display {name} can be used.", name=name))


def _fonts() -> Iterator[Finding]:
    try:
        answer = subprocess.run(
            ["fc-match", "-f", "%{family}", "Noto Sans:lang=vi"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        answer = ""
    if "Noto Sans" in answer:
        yield Finding("fonts", "good", _("Noto Sans is installed."))
    else:
        text = _("The font Noto Sans is missing; Vietnamese may look uneven.")
        yield Finding("fonts", "warn", text, _("Install the package {name}.", name="fonts-noto-core"))


def _disk(paths: Paths) -> Iterator[Finding]:
    place = next(parent for parent in (paths.home, *paths.home.parents) if parent.exists())
    if not os.access(place, os.W_OK):
        text = _("{path} cannot be written.", path=place)
        yield Finding("disk", "bad", text, _("Make it writable, or choose another place with KIOSK_HOME."))


def _memory(paths: Paths) -> Iterator[Finding]:
    """Copies of the store, what lies set aside, and what was lost, as far as can be seen without opening the file."""
    if not paths.store.exists() or not os.access(paths.store.parent, os.X_OK):
        return
    have = copies.listed(copies.folder_of(paths.store))
    if not have:
        yield Finding("store", "warn", _("There is no copy of the memory yet."), _("One is made while kiosk runs."))
    elif copies.passes(have[0].path) is None:
        text = _("The newest copy of the memory is damaged: {name}.", name=have[0].path.name)
        yield Finding("store", "bad", text, _("Check the disk; the next copy is made within an hour."))
    else:
        yield Finding("store", "good", _("{n} copies of the memory, newest {day}.", n=len(have), day=have[0].day))
    aside = set_aside_facts(paths.store)
    if aside["count"]:
        text = _("{n} replaced files of {mb} MB lie set aside, with all that was in them.",
                 n=aside["count"], mb=-(-aside["bytes"] // 1_000_000))  # fmt: skip
        yield Finding("set_aside", "warn", text, _("When nobody needs store/set_aside any more, delete it."))


def _losses(state: dict[str, Any]) -> Iterator[Finding]:
    for loss in (state.get("memory") or {}).get("losses") or []:
        begins = _("The bundles began a new series.") if loss["new_epoch"] else ""
        yield Finding("losses", "warn", words(loss), begins)


def _assets() -> Iterator[Finding]:
    built = shipped_dir("web_ui") / "built"
    missing = [name for name in ("pictures", "translations", "packages") if not (built / name).is_dir()]
    if missing:
        text = _("Parts of the screens were not built: {names}.", names=", ".join(missing))
        yield Finding("assets", "bad", text, _("Run scripts/run again, or reinstall the package."))
    else:
        yield Finding("assets", "good", _("Drawings, translations and scripts are built."))


def _programs(policy: Policy) -> Iterator[Finding]:
    for command in (policy.programs.browser, policy.programs.window_manager):
        name = shlex.split(command)[0]
        if shutil.which(name):
            yield Finding("programs", "good", _("{name} is installed.", name=name))
        else:
            text = _("{name} is missing: a session would be empty.", name=name)
            yield Finding("programs", "bad", text, _("Install the package {name}.", name=Path(name).name))


def _ports(paths: Paths, site: Site) -> Iterator[Finding]:
    if client.running(paths):
        yield Finding("ports", "good", _("kiosk is running and answers on {address}.", address=site.panel_listen))
        return
    for address in (site.panel_listen, site.menu_listen):
        host, _colon, port = address.rpartition(":")
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host.strip("[]"), int(port)))
            except OSError as error:
                text = _("{address} cannot be used: {reason}.", address=address, reason=reason(error))
                hint = _("Stop the program that uses it, or change listen in site.toml.")
                yield Finding("ports", "bad", text, hint)
            else:
                yield Finding("ports", "good", _("{address} is free.", address=address))


def _isolation(paths: Paths) -> Iterator[Finding]:
    if not client.running(paths):
        text = _("kiosk is not running, so its isolation cannot be seen.")
        yield Finding("isolation", "warn", text, _("Start it with kiosk run (or scripts/run)."))
        return
    try:
        state = client.ask(paths, "status")
    except KioskError as error:
        yield Finding("isolation", "warn", error.message, error.hint)
        return
    yield from _losses(state)
    yield from isolation(state["isolation"])
