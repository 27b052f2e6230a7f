"""Tickets on paper: each code with its QR, drawn as SVG; and a sheet as a page of its own for the command line.

The QR holds the eight digits and nothing else: a bar code reader at the PC types them, as a keyboard would.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from kiosk.clock import LOCAL
from kiosk.rules.tickets import shown
from kiosk.translations import translate, web_ui_dir

STYLE = "panel_tickets.css"


@dataclass(frozen=True)
class Slip:
    """One ticket: its digits as they are read, and its QR."""

    code: str
    qr: Markup


def slips(codes: Sequence[str]) -> list[Slip]:
    """The tickets of a sheet."""
    return [Slip(shown(code), qr(code)) for code in codes]


def last_day(expires: float | None) -> str:
    """The last day on which a ticket is good; "" for one without an end."""
    if expires is None:
        return ""
    return f"{datetime.fromtimestamp(expires, LOCAL) - timedelta(seconds=1):%d/%m/%Y}"


def qr(digits: str) -> Markup:
    """The smallest QR with the most correction: it is read with a third of it torn or dirty. Four modules of margin."""
    import segno  # only who prints needs it

    drawn = segno.make(digits, error="h", micro=False).svg_inline(
        scale=1, border=4, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))


def page(codes: Sequence[str], lang: str, **words: Any) -> str:
    """A whole page that needs no other file, to be printed on A4: `site`, `station`, `minutes`, `until`."""
    from jinja2 import Environment, FileSystemLoader

    root = web_ui_dir()
    env = Environment(
        loader=FileSystemLoader(root / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    env.globals["_"] = lambda text, **values: translate(lang, "web", text, **values)
    style = Markup((root / "styles" / STYLE).read_text(encoding="utf-8"))
    template = env.get_template("panel/tickets_paper.html")
    return template.render(slips=slips(codes), style=style, lang=lang, **words)
