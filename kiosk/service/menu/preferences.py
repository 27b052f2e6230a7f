"""How a citizen wants to read: language, large text, high contrast.

While somebody is at this PC the session knows it, so that bar and menu always agree; else cookies do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, request
from werkzeug.wrappers import Response

from kiosk.messages import LIVE
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


def follow(state: Mapping[str, Any]) -> None:
    """While somebody is at this PC, what they chose holds, wherever they did: at START, on the bar, or here."""
    here = request.remote_addr in ("127.0.0.1", "::1") and state.get("state") in LIVE
    g.session_prefs = state.get("prefs") if here else None


def followed() -> bool:
    """Whether these preferences are those of the session, and may change while a page is read."""
    return bool(g.get("session_prefs"))


def read() -> Preferences:
    """The preferences of this request: the session's, else the cookies'; `?lang=` in the address wins over both."""
    told = g.get("session_prefs") or {
        "lang": request.cookies.get("lang", ""),
        **{name: request.cookies.get(name) == "1" for name in ("large", "contrast")},
    }
    lang = request.args.get("lang") or told.get("lang")
    return Preferences(lang if lang in LANGUAGES else "vi", bool(told.get("large")), bool(told.get("contrast")))


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
