"""Catalogues of others: OPDS 1.2 (Atom), as Kiwix and calibre give it, read into a pack.

Only what lies beside the feed is taken. Kiwix names its files by an address elsewhere: an entry is taken when a file of
that name (with or without `.meta4`) lies in the feed's folder; otherwise it is told as missing, with its address.
"""

import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from kiosk.content.folding import fold, tidy
from kiosk.content.items import ENDINGS, THEME_CODES, Item, Pack
from kiosk.content.safe_xml import UnsafeXml, parse

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/terms/}"
_ACQUISITION = "http://opds-spec.org/acquisition"
# ISO 639-3, which Kiwix writes, for the languages of our readers.
_LANGUAGES = {"vie": "vi", "eng": "en", "fra": "fr", "rus": "ru", "zho": "zh", "lao": "lo", "hmn": "hmn", "tha": "th"}


def read_feed(path: Path, pack_id: str, theme: str) -> Pack:
    """The pack that a feed makes with the files beside it, all of one theme. ValueError when it is no OPDS 1 feed."""
    try:
        root = parse(path.read_bytes())
    except UnsafeXml as error:
        raise ValueError(str(error)) from None
    if root.tag != f"{ATOM}feed":
        raise ValueError("no Atom feed")
    if theme not in THEME_CODES:
        raise ValueError(f"theme must be one of {', '.join(sorted(THEME_CODES))}")
    folder = path.parent.resolve()
    items: dict[str, Item] = {}
    problems: list[str] = []
    for entry in root.iter(f"{ATOM}entry"):
        title = _text(entry, f"{ATOM}title") or "?"
        try:
            item = _item(entry, title, pack_id, theme, folder)
        except ValueError as error:
            problems.append(f"{title}: {error}")
            continue
        items.setdefault(item.id, item)
    return Pack(pack_id, _text(root, f"{ATOM}title") or pack_id, tuple(items.values()), {}, folder, tuple(problems))


def _item(entry: Element, title: str, pack: str, theme: str, folder: Path) -> Item:
    links = [link for link in entry.iter(f"{ATOM}link") if link.get("rel", "").startswith(_ACQUISITION)]
    hrefs = [link.get("href", "") for link in links]
    found = next((place for href in hrefs if (place := _beside(folder, href))), None)
    if found is None:
        raise ValueError(f"its file is not beside the catalogue: {', '.join(hrefs) or 'no link'}")
    language = _text(entry, f"{DC}language") or _text(entry, f"{ATOM}language") or "vi"
    poster = next((link.get("href", "") for link in entry.iter(f"{ATOM}link") if "image" in link.get("rel", "")), "")
    return Item(
        id=f"{pack}/{_name(found)}", pack=pack, title=title, theme=theme,
        language=_LANGUAGES.get(language.split(",")[0], language.split(",")[0]),
        format=ENDINGS[Path(found).suffix.lower()][0], file=found,
        summary=_text(entry, f"{ATOM}summary") or _text(entry, f"{ATOM}content"),
        author=_text(entry, f"{ATOM}author/{ATOM}name"), source=_text(entry, f"{DC}publisher"),
        licence=_text(entry, f"{DC}rights") or _text(entry, f"{ATOM}rights"),
        poster=(_beside(folder, poster, any_file=True) or "") if poster else "",
    )  # fmt: skip


def _beside(folder: Path, href: str, any_file: bool = False) -> str:
    """The place of the file that a link means, "" when it is not here."""
    place = unquote(urlsplit(href).path)
    names = [place.lstrip("/"), Path(place).name, Path(place).name.removesuffix(".meta4")]
    for name in names:
        path = (folder / name).resolve() if name else folder
        if path.is_relative_to(folder) and path.is_file() and (any_file or path.suffix.lower() in ENDINGS):
            return path.relative_to(folder).as_posix()
    return ""


def _name(place: str) -> str:
    """A name for the item, from its file's."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(tidy(Path(place).stem))).strip("_")
    return plain[:64].strip("_") or "item"


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return unicodedata.normalize("NFC", " ".join("".join(found.itertext()).split())) if found is not None else ""
