"""What Chromium is held to in a citizen's session: policies/browser.json, and what only this station knows.

It lies where the machine's own policies do, in the room of the session alone. Those of the machine's owner stay in
force: lists of addresses are joined, and elsewhere ours count. All is blocked that is not allowed: so no scheme that a
program brings along, such as mailto: or vscode:, leads anywhere.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from kiosk.shipped import shipped_dir
from kiosk.supervisor.asked import BrowserPolicy
from kiosk.supervisor.event_log import log
from kiosk.supervisor.session import browser
from kiosk.supervisor.session.programs import Programs
from kiosk.supervisor.session.room import MEDIA
from kiosk.supervisor.session.wishes import Wishes

# Where Chromium looks, as Debian and others build it, and Google's own; each with policies/managed below it.
CHROMIUM = ("/etc/chromium", "/etc/chromium-browser")
CHROME = ("/etc/opt/chrome",)
MANAGED = "policies/managed"
OURS = f"{MANAGED}/zz-kiosk.json"
LISTS = ("URLBlocklist", "URLAllowlist")
WEB = ("http://*", "https://*")
MOST_BYTES = 128 << 10  # of the owner's: all lies in memory, beside every session

Policies = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Of one session: the menu's address, its home, whether the web is open to it; `small`: see browser.py."""

    menu: str
    home: Path
    web: bool = True
    small: bool = False


def policies(rules: BrowserPolicy, place: Place) -> Policies:
    """All of ours for one session."""
    found: Policies = json.loads((shipped_dir("policies") / "browser.json").read_text(encoding="utf-8"))
    parts = urlsplit(place.menu)
    own = [f"{parts.scheme}://{parts.netloc}", f"{place.home.as_uri()}/", f"{Path(MEDIA).as_uri()}/"]
    web = WEB if place.web and not rules.only_allowed else ()
    found |= {
        "URLBlocklist": [*found["URLBlocklist"], *map(in_ascii, rules.block)],
        "URLAllowlist": [*found["URLAllowlist"], *own, *web, *map(in_ascii, rules.allow)],
        "HomepageLocation": place.menu,
        "NewTabPageLocation": place.menu,
        "DownloadDirectory": str(place.home / "Downloads"),
        "AudioCaptureAllowed": rules.camera,
        "VideoCaptureAllowed": rules.camera,
    }
    if not web:
        found["DefaultSearchProviderEnabled"] = False  # words in the address line would lead to a refusal
    if place.small:
        found |= {"HighEfficiencyModeEnabled": True, "MemorySaverModeSavings": 2}
    return found


def in_ascii(address: str) -> str:
    """An address of policy.toml as a filter: Chromium compares names and paths with letters of their own in ASCII."""
    scheme, separator, rest = address.partition("://") if "://" in address else ("", "", address)
    dot, name, path = re.fullmatch(r"(\.?)([^/?:\[]*)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    try:
        name = name.encode("idna").decode()
    except UnicodeError:
        log("the browser's policies: an address of policy.toml has no such name")
    return f"{scheme}{separator}{dot}{name}{quote(path, safe='/?:@&=+$,;!*()[]%~' + chr(39))}"


def of_session(programs: Programs, wishes: Wishes, menu: str, home: Path) -> dict[str, dict[str, str]]:
    """What lies in the room of a session; nothing where its browser is none that reads it."""
    if not browser.is_chromium(programs.browser):
        return {}
    web = wishes.web == "open" if wishes.web else programs.internet
    return laid(programs.browser, policies(programs.pages, Place(menu, home, web, browser.is_small())))


def laid(command: list[str], ours: Policies) -> dict[str, dict[str, str]]:
    """What lies in the room, as room.py takes it: the owner's files with ours among them."""
    return {folder: _joined(_texts(Path(folder)), ours) for folder in _folders(command)}


def _folders(command: list[str]) -> Iterator[str]:
    """Where this browser looks; a folder that is not there and cannot be made is left out."""
    first, *others = CHROME if "chrome" in Path(command[0]).name else CHROMIUM
    yield from (other for other in others if os.path.isdir(other))
    above = next(parent for parent in Path(first).parents if parent.exists())
    if os.path.isdir(first) or os.access(above, os.W_OK):
        yield first
    else:
        log(f"the browser's policies have no place: {first} cannot be made")


def _texts(folder: Path) -> dict[str, str]:
    """The owner's files, by their place below the folder."""
    found, left = {}, MOST_BYTES
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        left -= path.stat().st_size
        if left < 0:
            log(f"too much lies in {folder}: some of it counts for no session")
            break
        try:
            found[str(path.relative_to(folder))] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # Chromium could not read it either
    return found


def _joined(owners: dict[str, str], ours: Policies) -> dict[str, str]:
    """Theirs without what we decide, and ours with their lists. What is no JSON is left to Chromium, as it lies."""
    joined, found = dict(ours), dict(owners)
    for name, text in owners.items():
        if Path(name).parent != Path(MANAGED):
            continue
        try:
            theirs = json.loads(text)
        except ValueError:
            continue
        if not isinstance(theirs, dict):
            continue
        for listed in LISTS:
            further = theirs.get(listed)
            joined[listed] = [*joined[listed], *(further if isinstance(further, list) else ())]
        found[name] = json.dumps({key: value for key, value in theirs.items() if key not in ours}, ensure_ascii=False)
    return found | {OURS: json.dumps(joined, ensure_ascii=False, indent=1)}
