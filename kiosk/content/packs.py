"""A folder with a `pack.toml`, read and checked. What cannot be offered is left out and told, the rest stays.

pack.toml: `id`, `title`, and for all its items `theme`, `language`, `audience`, `author`, `licence`; then `[[item]]`
with `title` and `file` (or `url` for a link), and where it has them `id`, `title_en`, `theme`, `language`, `audience`,
`summary`, `source`, `author`, `licence`, `featured`, `poster`, `subtitles`, `transcript`. The ending of `file`
decides the format; a `.zip` is a site, which is unpacked when the pack is imported. Every other file of the folder
belongs to the pack (pictures of a page, styles) and is kept with it.
"""

import mimetypes
import os
import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.content.items import AUDIENCES, ENDINGS, LANGUAGE, THEME_CODES, Item, Pack
from kiosk.content.zips import MAX_FILES, MAX_RATIO, RATIO_FROM, cannot_be_stored, one_name
from kiosk.translations import _

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_FOR_ALL = ("theme", "language", "audience", "author", "licence")
URL = re.compile(r"https?://[^\s\"'<>\\]+")
TYPES = {
    **{ending: kind for ending, (_format, kind) in ENDINGS.items()},
    ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".txt": "text/plain",
    ".vtt": "text/vtt", ".srt": "application/x-subrip", ".svg": "image/svg+xml", ".png": "image/png",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".gif": "image/gif", ".woff2": "font/woff2",
}  # fmt: skip
OpenZip = Callable[[Path, str], str]  # an item's ZIP and its place in the pack -> the place of its first page


def read_folder(folder: Path, open_zip: OpenZip | None = None) -> Pack:
    """The pack in `folder`. ValueError when it is none at all; its items' problems are in the pack.

    `open_zip` unpacks items that are ZIPs; without it these are problems.
    """
    try:
        data = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"pack.toml: {error}") from None
    pack = data.get("id")
    if not isinstance(pack, str) or not NAME.fullmatch(pack):
        raise ValueError(_("id must be small letters, digits, - and _"))
    home = folder.resolve()
    items: dict[str, Item] = {}
    problems: list[str] = []
    entries = data.get("item")
    for entry in entries if isinstance(entries, list) else []:
        try:
            item = _item(pack, data, entry, home, open_zip)
            if item.id in items:
                raise ValueError(_("item.id {id} is there twice", id=item.id))
            items[item.id] = item
        except ValueError as error:
            problems.append(f"{_called(entry)}: {error}")
    title = data.get("title")
    return Pack(pack, _nfc(title) if isinstance(title, str) else pack, tuple(items.values()), {}, home, tuple(problems))


def _called(entry: Any) -> str:
    """How a problem names an item."""
    names = [entry.get(name) for name in ("title", "file", "id")] if isinstance(entry, dict) else []
    return next((name for name in names if isinstance(name, str) and name), "item")


def files_of(folder: Path) -> list[tuple[str, Path]]:
    """Every file of a pack with its place in it. ValueError for links, devices, names that clash, too many files."""
    owner, names = folder.stat().st_uid, set[str]()
    found = []
    for path in sorted(folder.rglob("*")):
        place = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if path.is_symlink():
            raise ValueError(_("{name} is a link to another file", name=place))
        if path.is_dir() or any(part.startswith(".") for part in Path(place).parts):
            continue
        if not path.is_file():
            raise ValueError(_("{name} is no file", name=place))
        status = path.stat()
        if status.st_nlink > 1 and status.st_uid != owner:
            raise ValueError(_("{name} is the file of somebody else, by another name", name=place))
        if status.st_size > MAX_RATIO * max(RATIO_FROM, 512 * status.st_blocks) and _has_holes(path):
            raise ValueError(_("{name} would grow more than {n} times", name=place, n=MAX_RATIO))
        if any(cannot_be_stored(part) for part in Path(place).parts):
            raise ValueError(_("{name} is a name that not every computer can store", name=place))
        if one_name(place) in names:
            raise ValueError(_("it has {name} twice", name=place))
        names.add(one_name(place))
        found.append((place, path))
        if len(found) > MAX_FILES:
            raise ValueError(_("it has more than {n} files", n=MAX_FILES))
    return found


def _has_holes(path: Path) -> bool:
    """Whether parts of the file are not on the disk; not every file system says how many blocks it uses."""
    with open(path, "rb") as file:
        return os.lseek(file.fileno(), 0, os.SEEK_HOLE) < path.stat().st_size


def media_type(path: str) -> str:
    """What a file is, by its ending alone; bytes that nobody knows are only bytes."""
    ending = Path(path).suffix.lower()
    return TYPES.get(ending) or mimetypes.types_map.get(ending, "application/octet-stream")


def _item(pack: str, data: dict[str, Any], entry: Any, folder: Path, open_zip: OpenZip | None) -> Item:
    if not isinstance(entry, dict):
        raise ValueError(_("item must be a table"))
    merged = {**{name: data[name] for name in _FOR_ALL if name in data}, **entry}
    item = Item(
        id="", pack=pack, title=_words(merged, "title"), theme="", language="", format="",
        title_en=_words(merged, "title_en", ""), summary=_words(merged, "summary", ""),
        source=_words(merged, "source", ""), author=_words(merged, "author", ""),
        licence=_words(merged, "licence", ""), featured=merged.get("featured") is True,
    )  # fmt: skip
    item = _with_file(item, merged, folder, open_zip) if "url" not in merged else _with_link(item, merged)
    theme, audience = merged.get("theme"), merged.get("audience", AUDIENCES[0])
    if theme not in THEME_CODES:
        raise ValueError(_("{name} must be one of {known}", name="item.theme", known=", ".join(sorted(THEME_CODES))))
    if audience not in AUDIENCES:
        raise ValueError(_("{name} must be one of {known}", name="item.audience", known=", ".join(AUDIENCES)))
    language = str(merged.get("language", "vi"))
    if not LANGUAGE.fullmatch(language):
        raise ValueError(_("item.language must be a language code such as vi"))
    poster, subtitles, transcript = (
        _beside(folder, merged, name) if merged.get(name) else "" for name in ("poster", "subtitles", "transcript")
    )
    return replace(item, theme=theme, audience=audience, language=language,
                   poster=poster, subtitles=subtitles, transcript=transcript)  # fmt: skip


def _with_file(item: Item, merged: dict[str, Any], folder: Path, open_zip: OpenZip | None) -> Item:
    place = _beside(folder, merged, "file")
    if place.endswith(".zip") and open_zip is not None:
        place = open_zip(_there(folder, place), place)
    path = folder / place
    name = merged.get("id", path.parent.name if path.name == "index.html" and path.parent != folder else path.stem)
    if path.suffix not in ENDINGS:
        raise ValueError(_("item.file must end in {known}", known=", ".join(ENDINGS)))
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(_("item.file must be named in small letters, or item.id be given"))
    return replace(item, id=f"{item.pack}/{name}", file=place, format=ENDINGS[path.suffix][0])


def _with_link(item: Item, merged: dict[str, Any]) -> Item:
    url, name = _words(merged, "url"), merged.get("id")
    if not URL.fullmatch(url):
        raise ValueError(_("item.url must begin with https:// or http://"))
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(_("item.id must be given for a link, in small letters"))
    return replace(item, id=f"{item.pack}/{name}", url=url, format="link")


def _beside(folder: Path, entry: dict[str, Any], key: str) -> str:
    """A file's place in the pack; ValueError when it lies elsewhere, or is a link to elsewhere."""
    path = _there(folder, _words(entry, key)).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise ValueError(_("{name} must be a file inside the pack", name=f"item.{key}"))
    return _nfc(path.relative_to(folder).as_posix())


def _there(folder: Path, place: str) -> Path:
    """The file of that name, also where it was written with its marks as characters of their own."""
    path = folder / place
    apart = folder / unicodedata.normalize("NFD", place)
    return apart if not path.exists() and apart.exists() else path


def _words(entry: dict[str, Any], key: str, default: str | None = None) -> str:
    """A text field in NFC; ValueError when it is missing or no text."""
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise ValueError(_("{name} must be text", name=f"item.{key}"))
    return _nfc(value)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())
