"""Sentences that wait for their reader's language."""

from dataclasses import dataclass, field
from typing import Any

from kiosk.translations import Said, catalogue, translate


@dataclass(frozen=True)
class Sentence:
    """An English sentence of the `web` catalogue with the values of its `{fields}`."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def in_language(self, lang: str) -> str:
        """The sentence as the reader sees it."""
        return translate(lang, "web", self.text, **self.values)


def says(text: str, **values: Any) -> Sentence:
    """Short for a Sentence; the catalogue's tools look for this name."""
    return Sentence(text, values)


def known(lang: str, text: str) -> str:
    """A sentence of another room (an error's message), in `lang` where some catalogue has it."""
    if not text:
        return ""  # gettext answers nothing with the head of the catalogue
    if isinstance(text, Said):
        return text.in_language(lang)
    for domain in ("web", "cli"):
        found = catalogue(lang, domain).gettext(text)
        if found != text:
            return found
    return text
