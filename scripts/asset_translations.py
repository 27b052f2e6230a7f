"""The .po files of web_ui/translations, compiled to built/translations/<lang>/LC_MESSAGES/<domain>.mo."""

import io
import shutil
import string
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def inputs(source: Path) -> list[Path]:
    """What the outcome depends on, besides this file."""
    return sorted((source / "translations").glob("*/*.po"))


def compiled(po: Path) -> bytes:
    """One catalogue as .mo. RuntimeError names every entry whose {fields} differ from the English ones."""
    with po.open("rb") as file:
        catalog = read_po(file, locale=po.parent.name, abort_invalid=True)
    wrong = mistakes(catalog)
    if wrong:
        raise RuntimeError(f"{po} has mistakes:\n" + "\n".join(wrong))
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def mistakes(catalog: Catalog) -> list[str]:
    """Entries whose translation asks for fields that the English does not have: they would raise on a screen."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        english = forms(message.id)
        allowed = set().union(*map(fields, english))
        for text in forms(message.string):
            if not fields(text) <= allowed:
                found.append(f"  line {message.lineno}: {english[0]!r} has other fields than {text!r}")
    return found


def forms(text: object) -> tuple[str, ...]:
    """A sentence, or the singular and plural of one."""
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def fields(text: str) -> set[str]:
    """The {names} in a sentence; a brace out of place counts as a field of that text alone."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}


def build(source: Path, out: Path) -> None:
    """Fill out/translations."""
    target = out / "translations"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for po in inputs(source):
        folder = target / po.parent.name / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{po.stem}.mo").write_bytes(compiled(po))
