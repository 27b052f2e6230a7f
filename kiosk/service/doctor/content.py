"""What `kiosk check` says of the library: whether its files and its index are there, whether ZIM archives can be read,
and whether the browser is new enough to shut packs in.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kiosk.content import zim
from kiosk.content.checking import missing, verify
from kiosk.content.items import Pack
from kiosk.content.shelf_making import index_in_use
from kiosk.content.shelves import Shelves
from kiosk.content.shipped import trouble_of
from kiosk.errors import DamagedError
from kiosk.rules.policy import Policy
from kiosk.service.doctor.findings import Finding
from kiosk.settings import Paths
from kiosk.translations import _

# Up to so many bytes every file is read, which takes about a second; of a larger library only that they are there.
READ = 300 << 20
NAMED = 3
# The first Chromium with Connection-Allowlist (service/menu/viewers/policies.py).
SHUTS_IN = 152


def content(paths: Paths, policy: Policy | None = None) -> Iterator[Finding]:
    """All that can be seen without asking a running station."""
    if policy is not None:
        yield from _browser(policy)
    if not paths.content.exists():
        text = _("There is no library yet: the menu offers the guides that come with the program.")
        yield Finding("content", "good", text)
        return
    if not os.access(paths.content, os.R_OK | os.X_OK):
        yield Finding("content", "warn", _("The library cannot be looked into by this user."), _("Run it as root."))
        return
    shelves = Shelves(paths.content)
    try:
        packs = shelves.packs()
    except DamagedError as error:
        yield Finding("content", "bad", error.message, error.hint)
        return
    if wrong := trouble_of(paths.content):
        hint = _("The library stays as it was. Install kiosk again.")
        yield Finding("content", "warn", wrong, hint)
    yield _files(shelves, packs)
    if shelves.current() is not None and index_in_use(shelves) is None:
        text = _("The search index of the library cannot be read.")
        yield Finding("content", "bad", text, _("Start kiosk again; it makes the index anew."))
    yield _archives(packs)


def _files(shelves: Shelves, packs: list[Pack]) -> Finding:
    sizes = {file.sha256: file.size for pack in packs for file in pack.files.values()}
    items, whole = sum(len(pack.items) for pack in packs), sum(sizes.values())
    read = whole <= READ
    faults = verify(shelves)[1] if read else missing(shelves, packs)
    if faults:
        names = [name for fault in faults for name in (fault.items or (fault.what,))]
        text = _("{n} files of the library are missing or damaged: {names}.", n=len(faults), names=_some(names))
        hint = _(
            "Add their packs again; what came from the province is mended by kiosk content update --mend, "
            "kiosk's own guides by kiosk content starter."
        )
        return Finding("content", "bad", text, hint)
    facts = {"items": items, "packs": len(packs), "files": len(sizes), "mb": whole // 1_000_000}
    if read:
        return Finding(
            "content", "good", _("{items} items in {packs} packs; all {files} files ({mb} MB) are whole.", **facts)
        )
    text = _("{items} items in {packs} packs; all {files} files ({mb} MB) are there.", **facts)
    return Finding("content", "good", text, _("kiosk content verify reads every byte of them."))


def _archives(packs: list[Pack]) -> Finding:
    names = [item.title for pack in packs for item in pack.items if item.format == "zim"]
    if zim.available():
        return Finding("zim", "good", _("ZIM archives can be read; there are {n} in the library.", n=len(names)))
    if not names:
        return Finding("zim", "good", _("There are no ZIM archives, so their reader (libzim) is not needed."))
    text = _("{n} ZIM archives cannot be read, because libzim is missing: {names}. Whoever touches one is told so.",
             n=len(names), names=_some(names))  # fmt: skip
    hint = _("scripts/zim fetches it; a stick of scripts/bundle_offline --with-zim brings it without a network.")
    return Finding("zim", "warn", text, hint)


def _browser(policy: Policy) -> Iterator[Finding]:
    command = shlex.split(policy.programs.browser)[0]
    if "chrom" not in Path(command).name:
        return
    try:
        told = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        return  # that it is missing is told elsewhere
    found = re.search(r"\b(\d{2,4})\.\d", told)
    if found is not None and int(found[1]) < SHUTS_IN:
        text = _("The browser is of version {n}; before {wanted} a pack can reach the network by WebRTC.",
                 n=found[1], wanted=SHUTS_IN)  # fmt: skip
        yield Finding("browser", "warn", text, _("Update it: sudo apt update && sudo apt install chromium"))


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
