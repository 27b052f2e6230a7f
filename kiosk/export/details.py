"""What exactly is wrong with a bundle, in the language of who reads it: programs and the ledger keep it in English.

Every detail that a reader of bundles or the province may give stands here; a test holds them to it.
"""

import re
from functools import cache

from kiosk.translations import Said, _


def detail_said(detail: str) -> str:
    """`detail` as a part of a sentence; as it is where nobody knows it (of another version)."""
    for pattern, template in _known():
        if found := pattern.fullmatch(detail):
            return _(template, **found.groupdict())
    return detail


@cache
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_as_pattern(one.text)), one.text) for one in _details() if isinstance(one, Said))


def _as_pattern(template: str) -> str:
    """`{name}` stands for any words."""
    parts = re.split(r"\{(\w+)\}", template)
    return "".join(f"(?P<{part}>.+)" if number % 2 else re.escape(part) for number, part in enumerate(parts))


def _details() -> tuple[str, ...]:
    kind, day, name = {"kind": ""}, {"day": ""}, {"name": ""}
    return (
        _("no station has this key"),
        _("the key was revoked"),
        _("the signature is not that of the key"),
        _("no signature lies beside it"),
        _("cut off, or the file beside it is another one's"),
        _("only its beginning was kept"),
        _("not gzip"),
        _("cut off, or more behind its end"),
        _("more bytes than a bundle may have"),
        _("more values than a bundle may have"),
        _("a line that is not JSON"),
        _("a line without a kind"),
        _("no manifest"),
        _("a field is missing in the manifest"),
        _("not a manifest of this specification"),
        _("no such site or station can be"),
        _("previous, epoch or lineage is not a hash"),
        _("rows are not counts"),
        _("revision and sequence begin at 1"),
        _("a date that is none"),
        _("other lines than the manifest says"),
        _("a line is missing or stands there twice"),
        _("visits and ends do not agree"),
        _("a field is missing or wrong in a line of kind {kind}", **kind),
        _("a figure is no text in a line of kind {kind}", **kind),
        _("of {day}, received before that", **day),
        _("of {day}, before there was any", **day),
        _("of {place}, by the key of {owner}", place="", owner=""),
        _("two PCs tell the same series"),
        _("another bundle has this day and revision"),
        _("{name} cannot be that", **name),
    )
