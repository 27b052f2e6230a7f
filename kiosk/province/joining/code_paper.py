"""The page that is printed of a site's codes: eight cards on A4, one for each PC, with the QR of address and code."""

from datetime import datetime
from typing import Any

from markupsafe import Markup

from kiosk.clock import LOCAL
from kiosk.translations import translate, web_ui_dir

TEMPLATE, STYLE = "province/codes.html", "province_codes.css"


def page(found: dict[str, Any], lang: str = "vi") -> str:
    """A whole page that needs no other file; `found` as code_sheet.give returns it."""
    from jinja2 import Environment, FileSystemLoader

    root = web_ui_dir()
    env = Environment(
        loader=FileSystemLoader(root / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    env.globals["_"] = lambda text, **values: translate(lang, "web", text, **values)
    cards = [one | {"groups": one["code"].split("-"), "drawn": qr(one["qr"])} for one in found["codes"]]
    until = f"{datetime.fromisoformat(found['expires']).astimezone(LOCAL):%d/%m/%Y}"
    style = Markup((root / "styles" / STYLE).read_text(encoding="utf-8"))
    return env.get_template(TEMPLATE).render(found=found, cards=cards, until=until, style=style, lang=lang)


def qr(text: str) -> Markup:
    """A QR that is read with a quarter of it dirty; drawn, so that it is sharp on every printer."""
    import segno

    drawn = segno.make(text, error="q", micro=False).svg_inline(
        scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))
