"""Files that nobody wrote a pack.toml for: pages, documents, films. Titles and languages are found in them, and told.

A folder that begins at an `index.html` is one small site; else every file that the menu can show is an item, its
subtitles and its poster being the files of the same name.
"""

import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.content.extract.epub_text import Epub
from kiosk.content.extract.html_text import decode
from kiosk.content.items import ENDINGS, THEME_CODES, THEMES, Item, Pack
from kiosk.content.naming import readable, slug
from kiosk.content.packs import files_of
from kiosk.content.page_facts import language_of, page_facts
from kiosk.content.start_page import FIRST, start_page
from kiosk.content.zip_items import files_of_site
from kiosk.translations import _

SUBTITLES, POSTERS, TRANSCRIPTS = (".vtt", ".srt"), (".jpg", ".jpeg", ".png", ".webp", ".svg"), (".txt",)
LOOKED_AT = 256 * 1024  # of a page, for its title and language
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError)


@dataclass
class _Guess:
    pack: str
    theme: str
    items: list[Item] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)

    def add(self, name: str, path: Path, place: str, **more: str) -> None:
        """An item for the file at `path`, which lies at `place`."""
        title, from_where, language = facts_of(path)
        known = {item.id for item in self.items}
        found, number = f"{self.pack}/{name}", 2
        while found in known:
            found, number = f"{self.pack}/{name}_{number}", number + 1
        item = Item(found, title, self.theme, language, ENDINGS[path.suffix.lower()][0], self.pack, place)
        self.items.append(replace(item, **more))  # type: ignore[arg-type]
        self.assumed.append(_("{id}: “{title}” ({where}), language {language}",
                              id=found, title=title, where=from_where, language=language))  # fmt: skip


def guess_folder(folder: Path, name: str, theme: str) -> Pack:
    """The pack that a folder without a pack.toml makes. ValueError, in words, when it makes none."""
    guess = _Guess(slug(name, "pack"), _theme(theme))
    root, first = start_page(folder)
    if first is not None and (first.name.lower() in FIRST or _only_pages(root)):
        sources = files_of_site(root, first)
        guess.add(guess.pack, first, "index.html")
        guess.assumed.append(_("It begins at {page}.", page=first.name))
    else:
        sources = dict(files_of(root))
        _add_files(guess, sources)
    if not guess.items:
        raise ValueError(_("it has no pack.toml, no index.html and no file that the menu can show ({endings})",
                           endings=", ".join(ENDINGS)))  # fmt: skip
    title = guess.items[0].title if len(guess.items) == 1 else readable(name)
    return Pack(guess.pack, title, tuple(guess.items), {}, root, (), tuple(sources.items()), tuple(guess.assumed))


def guess_file(path: Path, theme: str) -> Pack:
    """The pack that a single file makes, a book or a film. ValueError as above."""
    guess = _Guess(slug(path.stem, "pack"), _theme(theme))
    beside = {one.name: one for one in path.parent.iterdir() if one.stem == path.stem and one.is_file()}
    more = {key: place for key, place in _belonging(path.name, set(beside)).items() if place}
    guess.add(guess.pack, path, path.name, **more)
    sources = ((path.name, path), *((place, beside[place]) for place in more.values()))
    return Pack(
        guess.pack, guess.items[0].title, tuple(guess.items), {}, path.parent, (), sources, tuple(guess.assumed)
    )


def _add_files(guess: _Guess, sources: dict[str, Path]) -> None:
    taken = {one for place in sources for one in _belonging(place, set(sources)).values()}
    for place, path in sources.items():
        if Path(place).suffix.lower() in ENDINGS and place not in taken:
            guess.add(slug(Path(place).stem), path, place, **_belonging(place, set(sources)))


def _belonging(place: str, places: set[str]) -> dict[str, str]:
    """Subtitles, poster and transcript of a film or recording: the files of its name."""
    path = Path(place)
    if ENDINGS.get(path.suffix.lower(), ("",))[0] not in ("video", "audio"):
        return {}
    found = {}
    for key, endings in (("subtitles", SUBTITLES), ("poster", POSTERS), ("transcript", TRANSCRIPTS)):
        names = [path.with_suffix(ending).as_posix() for ending in endings]
        found[key] = next((name for name in names if name in places), "")
    return found


def _only_pages(folder: Path) -> bool:
    """Whether nothing in the folder is an item by itself but pages."""
    endings = {path.suffix.lower() for path in folder.rglob("*") if path.is_file()}
    return not any(ENDINGS[ending][0] != "html" for ending in endings if ending in ENDINGS)


def _theme(theme: str) -> str:
    if theme in THEME_CODES:
        return theme
    known = ", ".join(one.code for one in THEMES)
    raise ValueError(_("it has no pack.toml; say its theme with --theme: {themes}", themes=known))


def facts_of(path: Path) -> tuple[str, str, str]:
    """Title, where it is from in words, language."""
    match path.suffix.lower():
        case ".html" | ".htm":
            with open(path, "rb") as file:
                title, language, text = page_facts(decode(file.read(LOOKED_AT)))
            return title or readable(path.stem), _told(title), language or language_of(text)
        case ".epub":
            title, language = _of_book(path)
            return title or readable(path.stem), _told(title), language or "vi"
    title = unicodedata.normalize("NFC", readable(path.stem))
    return title, _told(""), "vi"


def _told(title: str) -> str:
    return _("as the file says") if title else _("after the file's name")


def _of_book(path: Path) -> tuple[str, str]:
    try:
        book = Epub(path)
    except _BROKEN:
        return "", ""
    try:
        return book.title, book.language
    finally:
        book.close()
