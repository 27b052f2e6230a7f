"""The ways between the pages of the menu: where "back" leads, and where a reader returns who wished another look."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request

from kiosk.content.items import THEMES

# What an address of ours may carry along; anything else in it is dropped.
CARRIED = ("q", "language", "format", "audience", "page", "back", "chapter", "t", "of", "part")
_THEMES = frozenset(f"/themes/{theme.code}" for theme in THEMES)
_PAGES = _THEMES | {"/search", "/listen"}
_ITEM = re.compile(r"/items/[\w.%+~-]+(/[\w.%+~-]+)+")
LONGEST = 1_000


def inside(address: str) -> str:
    """A path of this menu with what it carries, or the first page: never a way to send the reader elsewhere."""
    if len(address) > LONGEST or "\\" in address or not address.startswith("/") or address.startswith("//"):
        return "/"
    parts = urlsplit(address)
    known = parts.path in _PAGES or (_ITEM.fullmatch(parts.path) and ".." not in parts.path)
    if not known:
        return "/"
    carried = [(name, value) for name, value in parse_qsl(parts.query, errors="replace") if name in CARRIED]
    return parts.path + ("?" + urlencode(carried) if carried else "")


def again(address: str) -> str:
    """`inside`, for the same text shown in another way: `again` tells not to count it twice."""
    found = inside(address)
    if not found.startswith(("/items/", "/search")):
        return found
    return found + ("&" if "?" in found else "?") + "again=1"


def here() -> str:
    """The address of this page, to come back to it."""
    return inside(request.full_path.rstrip("?"))


def back(usual: str) -> str:
    """Where the reader came from, if the address says so, else the usual place."""
    told = request.args.get("back", "")
    return inside(told) if told else usual


def leading(address: str, usual: str) -> str:
    """An item's address that also tells where to go back to, where that is not the usual place."""
    now = here() if request.path != "/" else "/"
    if now == usual:
        return address
    path, hash_, place = address.partition("#")
    return f"{path}?{urlencode({'back': now})}{hash_}{place}"
