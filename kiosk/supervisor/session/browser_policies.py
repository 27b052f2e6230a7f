"""What Chromium is held to in a citizen's session: policies/browser.json, and what only this station knows.

It lies where the machine's own policies do, in the room of the session alone. Those of the machine's owner stay in
force: lists of addresses are joined, and elsewhere ours count. All is blocked that is not allowed: so no scheme that a
program brings along, such as mailto: or vscode:, leads anywhere.
"""

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
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
HERE = ("127.0.0.1", "localhost", "[::1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]")  # what every PC calls itself
MOST_BYTES, PAGE = 128 << 10, 4096  # of the owner's, and what each file takes: all lies in memory, beside every session

Policies = dict[str, Any]
_WORD = r'("(?:[^"\\]|\\.)*")'
_REMARK = re.compile(_WORD + r"|//[^\n\r]*|/\*.*?\*/", re.DOTALL)
_COMMA = re.compile(_WORD + r"|,(?=\s*[]}])", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """Of one session: the menu's address, its home, whether the web is open to it; `small`: see browser.py.

    `panel`: the panel's port on this PC, which the wall before the ports closes too where there is one.
    """

    menu: str
    home: Path
    web: bool = True
    small: bool = False
    panel: str = ""


def policies(rules: BrowserPolicy, place: Place) -> Policies:
    """All of ours for one session."""
    found: Policies = json.loads((shipped_dir("policies") / "browser.json").read_text(encoding="utf-8"))
    parts = urlsplit(place.menu)
    own = [f"{parts.scheme}://{parts.netloc}", f"{place.home.as_uri()}/", f"{Path(MEDIA).as_uri()}/"]
    web = WEB if place.web and not rules.only_allowed else ()
    panel = [f"{here}:{place.panel}" for here in HERE] if place.panel else []
    found |= {
        "URLBlocklist": [*found["URLBlocklist"], *panel, *map(in_ascii, rules.block)],
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
        log(f"policy.toml, [browser]: no site can be called {name!r}; its address holds nothing and lets nothing in")
    return f"{scheme}{separator}{dot}{name}{quote(path, safe='/?:@&=+$,;!*()[]%~' + chr(39))}"


def of_session(programs: Programs, wishes: Wishes, menu: str, home: Path, panel: str) -> dict[str, dict[str, str]]:
    """What lies in the room of a session; nothing where its browser is none that reads it."""
    if not browser.is_chromium(programs.browser):
        return {}
    web = wishes.web == "open" if wishes.web else programs.internet
    return laid(programs.browser, policies(programs.pages, Place(menu, home, web, browser.is_small(), panel)))


def laid(command: list[str], ours: Policies) -> dict[str, dict[str, str]]:
    """What lies in the room, as room.py takes it: the owner's files with ours among them."""
    return {folder: _joined(_texts(Path(folder)), ours) for folder in _folders(command)}


def _folders(command: list[str]) -> Iterator[str]:
    """Where this browser looks, past links; a folder that is not there and cannot be made is left out."""
    first, *others = map(os.path.realpath, CHROME if "chrome" in Path(command[0]).name else CHROMIUM)
    yield from (other for other in others if os.path.isdir(other))
    above = next(parent for parent in Path(first).parents if os.path.lexists(parent))
    if os.path.isdir(first) or (not os.path.lexists(first) and above.is_dir() and os.access(above, os.W_OK)):
        yield first
    else:
        log(f"nothing holds the citizens' browser: no folder can be made at {first}, where it looks for its policies")


def _texts(folder: Path) -> dict[str, str]:
    """The owner's files, by their place below the folder, the managed ones first. Folders may be links."""
    found, left = {}, MOST_BYTES
    for path in sorted(_files(folder), key=lambda one: (str(one.relative_to(folder).parent) != MANAGED, one)):
        with suppress(OSError, UnicodeDecodeError):  # Chromium could not read it either
            info = path.stat()
            left -= -(-info.st_size // PAGE) * PAGE
            if left < 0:
                log(f"too much lies in {folder}: from {path.name} on it counts for no session")
                break
            if info.st_mode & stat.S_IROTH:
                found[str(path.relative_to(folder))] = path.read_text(encoding="utf-8-sig")
    return found


def _files(folder: Path) -> Iterator[Path]:
    seen = set[str]()
    for above, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(above)
        if real in seen:
            folders.clear()  # links in a circle
            continue
        seen.add(real)
        yield from (path for name in names if (path := Path(above, name)).is_file())


def _joined(owners: dict[str, str], ours: Policies) -> dict[str, str]:
    """Theirs without what we decide, and ours with their lists. What Chromium cannot read lies as it lay."""
    joined, found = dict(ours), dict(owners)
    for name, text in owners.items():
        if Path(name).parent != Path(MANAGED):
            continue
        try:
            theirs = json.loads(_plain(text), strict=False)
        except ValueError as error:
            log(f"the owner's policies in {name} count for nobody, Chromium cannot read them: {error}")
            continue
        if not isinstance(theirs, dict):
            continue
        for listed in LISTS:
            further = theirs.get(listed)
            joined[listed] = [*joined[listed], *(further if isinstance(further, list) else ())]
        found[name] = json.dumps({key: value for key, value in theirs.items() if key not in ours}, ensure_ascii=False)
    return found | {OURS: json.dumps(joined, ensure_ascii=False, indent=1)}


def _plain(text: str) -> str:
    """JSON without what Chromium allows besides: remarks, and a comma behind the last of a list."""
    without = _REMARK.sub(lambda found: found[1] or " ", text)
    return _COMMA.sub(lambda found: found[1] or "", without)
