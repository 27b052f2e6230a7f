"""How a citizen wants to read: language, large text, high contrast. Cookies of the session's throw-away browser."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from kiosk.translations import LANGUAGES


@dataclass(frozen=True)
class Preferences:
    """What the cookies say."""

    lang: str = "vi"
    large: bool = False
    contrast: bool = False

    def link(self, back: str, **change: str | bool) -> str:
        """The address that sets the changed preferences and comes back to `back`, a path of the menu."""
        values = {"lang": self.lang, "large": self.large, "contrast": self.contrast, **change}
        flat = {name: value if isinstance(value, str) else int(value) for name, value in values.items()}
        return "/enter?" + urlencode({**flat, "to": back})


def read() -> Preferences:
    """The preferences of this request; `?lang=` in the address wins over the cookie."""
    lang = request.args.get("lang") or request.cookies.get("lang", "")
    return Preferences(
        lang if lang in LANGUAGES else "vi",
        request.cookies.get("large") == "1",
        request.cookies.get("contrast") == "1",
    )


def from_query() -> Preferences:
    """The preferences that the address asks for; what it leaves out stays as it was."""
    now = read()
    large, contrast = request.args.get("large"), request.args.get("contrast")
    return Preferences(
        now.lang,
        now.large if large is None else large == "1",
        now.contrast if contrast is None else contrast == "1",
    )


def keep(response: Response, chosen: Preferences) -> Response:
    """Write the cookies; they end with the browser."""
    for name, value in (("lang", chosen.lang), ("large", chosen.large), ("contrast", chosen.contrast)):
        text = value if isinstance(value, str) else str(int(value))
        response.set_cookie(name, text, httponly=True, samesite="Strict")
    return response
