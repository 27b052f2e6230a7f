"""The command line in the reader's language: the help of every command, and what click says by itself.

Commands are written in English, as everything here; their help is looked up in the `cli` catalogue paragraph by
paragraph when a command line is read. click asks gettext for its own sentences, so it is shown the same catalogue.
"""

import gettext
from collections.abc import Iterator
from inspect import cleandoc

import click

from kiosk.translations import compiled_dir, terminal_language, translate

DOMAIN = "cli"
EXAMPLES = ("Examples:", "Example:")
# A paragraph that click shall not wrap begins so.
AS_IT_STANDS = "\b"
# The help as it was written, by command or option: a second language must not be looked up from the first.
_written: dict[int, str] = {}


def speak(command: click.Command) -> None:
    """Let a command and all below it speak the language of this terminal."""
    lang = terminal_language()
    gettext.bindtextdomain(DOMAIN, str(compiled_dir()))
    gettext.textdomain(DOMAIN if lang != "en" else "messages")
    for one in helpful(command):
        english = _written.setdefault(id(one), one.help or "")
        one.help = "\n\n".join(_said(lang, paragraph) for paragraph in _paragraphs(english)) or None


def tree(command: click.Command) -> Iterator[click.Command]:
    """A command and all below it."""
    yield command
    for child in getattr(command, "commands", {}).values():
        yield from tree(child)


def helpful(command: click.Command) -> Iterator[click.Command | click.Option]:
    """These, and their options: whatever has a help."""
    for one in tree(command):
        yield one
        yield from (param for param in one.params if isinstance(param, click.Option) and param.help)


def sentences(command: click.Command) -> set[str]:
    """Everything of them that is looked up in the catalogue."""
    found = set(EXAMPLES)
    for one in helpful(command):
        found |= {text for text in _paragraphs(_written.get(id(one), one.help or "")) if AS_IT_STANDS not in text}
    return found


def _paragraphs(text: str) -> list[str]:
    """Wrapped ones as one line each."""
    parts = [part for part in cleandoc(text).split("\n\n") if part]
    return [part if AS_IT_STANDS in part else " ".join(part.split()) for part in parts]


def _said(lang: str, paragraph: str) -> str:
    if AS_IT_STANDS not in paragraph:
        return translate(lang, DOMAIN, paragraph)
    mark, head, *lines = paragraph.split("\n")
    return "\n".join((mark, translate(lang, DOMAIN, head) if head in EXAMPLES else head, *lines))
