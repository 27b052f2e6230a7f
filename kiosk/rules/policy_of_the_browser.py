"""[browser] of policy.toml: which pages of the web a citizen may open.

Addresses are written as Chromium's own filters are
(https://support.google.com/chrome/a/answer/9942583): example.vn is that host with all below it, .example.vn that host
alone, example.vn/news what begins so. Chromium drops a filter that it does not understand without a word, so that
these are judged more strictly here.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from kiosk.rules.policy_fields import Flag, Section
from kiosk.translations import _

MOST = 800  # Chromium heeds the first thousand of a list, and some are ours
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = rf"(?:\.?{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])"
_ADDRESS = re.compile(rf"(?:https?://)?{_HOST}(?::(?P<port>\d{{1,5}}))?(?:[/?][^\s#*\\]*)?")


def address(value: str) -> str:
    """An address of the web as Chromium's filters write it, or what is allowed."""
    found = _ADDRESS.fullmatch(value)
    if found is None or not 0 < int(found["port"] or 1) < 65_536:
        text = _("an address such as example.vn, https://example.vn/news, or .example.vn for that host alone; no *")
        raise ValueError(text)
    return value


def once(value: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, or what is allowed."""
    if len(set(value)) < len(value):
        raise ValueError(_("each address once"))
    return value


def not_blocked(value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """None that `block` names too, or what is allowed."""
    if set(value) & set(info.data.get("block", ())):
        raise ValueError(_("addresses that block does not name too"))
    return value


Address = Annotated[str, Field(strict=True, max_length=500), AfterValidator(address)]
Addresses = Annotated[tuple[Address, ...], Field(max_length=MOST), AfterValidator(once)]


class BrowserPolicy(Section):
    """`allow`: exceptions from `block`, and with `only_allowed` all that opens beside the menu.

    `camera`: pages may ask the citizen for camera and microphone; otherwise they are refused without a question.
    """

    block: Addresses = ()
    allow: Annotated[Addresses, AfterValidator(not_blocked)] = ()
    only_allowed: Flag = False
    camera: Flag = False
