"""Vietnamese and English for every process, by gettext.

English sentences are the message ids, so a missing translation shows English, never a key. The catalogues are
compiled by the build into `web_ui/built/translations/<lang>/LC_MESSAGES/<domain>.mo`; the domains are `screens` (lock
and bar), `web` (panel and menu) and `cli` (commands and errors), so that a small process loads only its own.
"""

import errno
import gettext
import os
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.shipped import shipped_dir

LANGUAGES = ("vi", "en")


def web_ui_dir() -> Path:
    """Templates, drawings and translations."""
    return shipped_dir("web_ui")


def compiled_dir() -> Path:
    """The catalogues as gettext reads them."""
    return web_ui_dir() / "built" / "translations"


@cache
def catalogue(lang: str, domain: str) -> gettext.NullTranslations:
    """The catalogue of one language and domain. English needs none; an unknown language falls back to English."""
    if lang == "en":
        return gettext.NullTranslations()
    return gettext.translation(domain, compiled_dir(), [lang], fallback=True)


def translate(lang: str, domain: str, text: str, **values: object) -> str:
    """`text` (English) in `lang`, with `{name}` fields filled, in NFC because Tk misplaces decomposed accents."""
    found = catalogue(lang, domain).gettext(text)
    return unicodedata.normalize("NFC", found.format(**values) if values else found)


def translate_plural(lang: str, domain: str, one: str, many: str, n: int, **values: object) -> str:
    """Like translate, choosing between `one` and `many` by `n`, which also fills `{n}`."""
    found = catalogue(lang, domain).ngettext(one, many, n)
    return unicodedata.normalize("NFC", found.format(n=n, **values))


def terminal_language() -> str:
    """The language of command lines and errors: Vietnamese where the locale says so, else English (as with C)."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "vi" if locale.startswith("vi") else "en"


class Said(str):
    """A sentence as this process says it, which can still be said to somebody else in their language.

    The service speaks for readers of two languages, and its errors are made before it is known who reads them.
    """

    text: str
    values: dict[str, object]

    def __new__(cls, shown: str, text: str = "", values: dict[str, object] | None = None) -> "Said":
        """`shown` is the sentence here; `text` its message id and `values` its fields."""
        said = super().__new__(cls, shown)
        said.text, said.values = text or shown, values or {}
        return said

    def in_language(self, lang: str) -> str:
        """The sentence for a reader of `lang`, with the sentences among its fields."""
        return translate(lang, "cli", self.text, **{name: said_in(lang, one) for name, one in self.values.items()})


def said_in(lang: str, data: Any) -> Any:
    """`data` with every Said in it, at any depth of lists and dicts, in `lang`."""
    if isinstance(data, Said):
        return data.in_language(lang)
    if isinstance(data, dict):
        return {name: said_in(lang, one) for name, one in data.items()}
    if isinstance(data, (list, tuple)):
        return [said_in(lang, one) for one in data]
    return data


def together(*sentences: str) -> Said:
    """Several sentences as one, each kept with what it takes to say it in another language."""
    fields: dict[str, object] = {f"s{n}": one for n, one in enumerate(sentences) if one}
    return Said(" ".join(one for one in sentences if one), " ".join(f"{{{name}}}" for name in fields), fields)


def said_by(error: Exception) -> str:
    """What an error says, still a Said where it was made of one."""
    said = error.args[0] if len(error.args) == 1 else None
    return said if isinstance(said, str) else str(error)


def kept(text: str) -> Any:
    """A sentence as JSON keeps it, so that who reads it later can have it in their language."""
    if not isinstance(text, Said):
        return text
    plain = {name: one if isinstance(one, (str, int, float)) else str(one) for name, one in text.values.items()}
    values = {name: kept(one) if isinstance(one, str) else one for name, one in plain.items()}
    return {"text": text.text, "values": values}


def said_again(data: Any) -> str:
    """The sentence that `kept` kept, said in this process's language; "" for what is none."""
    if not isinstance(data, dict):
        return data if isinstance(data, str) else ""
    try:
        values = {name: said_again(one) if isinstance(one, dict) else one for name, one in data["values"].items()}
        return _(str(data["text"]), **values)
    except (KeyError, ValueError, IndexError, AttributeError, TypeError):
        return ""  # a torn file, or one of another version


def reason(error: OSError) -> str:
    """Why the system refused something, for inside a sentence; the system itself speaks English only."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return _("it is not there")
        case errno.EACCES | errno.EPERM:
            return _("this user may not")
        case errno.EROFS:
            return _("nothing can be written there")
        case errno.ENOSPC | errno.EDQUOT:
            return _("the disk is full")
        case errno.EIO:
            return _("the disk has a fault")
        case errno.EISDIR:
            return _("it is a folder")
        case errno.ENAMETOOLONG:
            return _("the name is too long")
        case errno.EADDRINUSE:
            return _("another program uses it")
        case errno.EADDRNOTAVAIL:
            return _("this PC has no such address")
    return error.strerror or str(error)


def _(text: str, **values: object) -> str:
    """A sentence of the command line or an error, in the terminal's language; a Said, for readers of others."""
    return Said(translate(terminal_language(), "cli", text, **values), text, values)
