"""What the menu calls the formats, languages and audiences of its items: a sign and a word for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import request

from kiosk.content.items import FACETS, Facets
from kiosk.web.words import Sentence, says

# format -> (sign, word)
FORMATS: Mapping[str, tuple[str, Sentence]] = {
    "html": ("signs/page", says("Article")),
    "pdf": ("signs/pdf", says("PDF document")),
    "epub": ("signs/book", says("Book")),
    "video": ("signs/play", says("Video")),
    "audio": ("signs/listen", says("Sound")),
    "zim": ("signs/shelf", says("Collection")),
    "link": ("signs/globe", says("Website")),
}
LANGUAGES = {"vi": says("Vietnamese"), "en": says("English")}
OTHER_LANGUAGE = says("Another language")
AUDIENCES = {
    "everyone": says("Everyone"),
    "children": says("Children"),
    "young": says("Young people"),
    "grown": says("Grown-ups"),
    "older": says("Older people"),
}
GROUPS = {"language": says("Language"), "format": says("Kind"), "audience": says("For whom")}
EVERYTHING = says("All")


@dataclass(frozen=True)
class Choice:
    """One way to narrow a list: a link that sets it, or takes it off."""

    word: Sentence
    address: str
    chosen: bool
    sign: str = ""


@dataclass(frozen=True)
class Group:
    """The choices of one facet, "all" first."""

    name: Sentence
    choices: tuple[Choice, ...]


def wanted() -> Facets:
    """What the address narrows the list to."""
    return Facets(*(request.args.get(name, "")[:20] for name in FACETS))


def groups(values: Mapping[str, Sequence[str]], now: Facets) -> list[Group]:
    """The filters of a list with these values: those in which there is something to choose."""
    return [_group(name, values[name], now) for name in FACETS if len(values[name]) > 1 or getattr(now, name)]


def _group(name: str, values: Sequence[str], now: Facets) -> Group:
    chosen = getattr(now, name)
    choices = [Choice(EVERYTHING, _address(replace(now, **{name: ""})), not chosen)]
    for value in values:
        sign = FORMATS[value][0] if name == "format" and value in FORMATS else ""
        choices.append(Choice(word(name, value), _address(replace(now, **{name: value})), value == chosen, sign))
    return Group(GROUPS[name], tuple(choices))


def word(name: str, value: str) -> Sentence:
    """What a value of a facet is called."""
    if name == "format":
        return FORMATS[value][1] if value in FORMATS else says("Article")
    if name == "audience":
        return AUDIENCES.get(value, AUDIENCES["everyone"])
    return LANGUAGES.get(value, OTHER_LANGUAGE)


def _address(facets: Facets) -> str:
    kept = [("q", request.args["q"])] if request.args.get("q") else []
    return request.path + ("?" + urlencode(kept + facets.chosen()) if kept or facets.chosen() else "")


def turned(page: int) -> str:
    """The address of another page of the present list."""
    kept = [(name, request.args[name]) for name in ("q", *FACETS) if request.args.get(name)]
    return request.path + "?" + urlencode([*kept, ("page", str(page))])


def page_number() -> int:
    """Which page of a list is asked for, from 1."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
