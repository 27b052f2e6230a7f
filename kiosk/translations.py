"""Vietnamese and English for every process, by gettext.

English sentences are the message ids, so a missing translation shows English, never a key. The catalogues are
compiled by the build into `web_ui/built/translations/<lang>/LC_MESSAGES/<domain>.mo`; the domains are `screens` (lock
and bar), `web` (panel and menu) and `cli` (commands and errors), so that a small process loads only its own.
"""

import gettext
import os
import unicodedata
from functools import cache
from pathlib import Path

from kiosk.shipped import shipped_dir

LANGUAGES = ("vi", "en")


def web_ui_dir() -> Path:
    """Templates, drawings and translations."""
    return shipped_dir("web_ui")


@cache
def catalogue(lang: str, domain: str) -> gettext.NullTranslations:
    """The catalogue of one language and domain. English needs none; an unknown language falls back to English."""
    if lang == "en":
        return gettext.NullTranslations()
    return gettext.translation(domain, web_ui_dir() / "built" / "translations", [lang], fallback=True)


def translate(lang: str, domain: str, text: str, **values: object) -> str:
    """`text` (English) in `lang`, with `{name}` fields filled, in NFC because Tk misplaces decomposed accents."""
    found = catalogue(lang, domain).gettext(text)
    return unicodedata.normalize("NFC", found.format(**values) if values else found)


def translate_plural(lang: str, domain: str, one: str, many: str, n: int, **values: object) -> str:
    """Like translate, choosing between `one` and `many` by `n`, which also fills `{n}`."""
    found = catalogue(lang, domain).ngettext(one, many, n)
    return unicodedata.normalize("NFC", found.format(n=n, **values))


def terminal_language() -> str:
    """The language of command lines and errors: English where the locale says so, else Vietnamese."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "vi" if locale.startswith("vi") else "en"


def _(text: str, **values: object) -> str:
    """A sentence of the command line or an error, in the terminal's language."""
    return translate(terminal_language(), "cli", text, **values)
