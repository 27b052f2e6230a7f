"""Where a pack comes from, whatever it is: a folder, a ZIP of one, a catalogue of OPDS 1, a single book or film."""

from pathlib import Path
from urllib.parse import urlsplit

from kiosk.content.files import Progress
from kiosk.content.items import ENDINGS, Pack
from kiosk.content.naming import slug
from kiosk.content.packs import files_of, read_folder
from kiosk.content.shelf_making import Told
from kiosk.content.zip_items import Sites
from kiosk.content.zips import unpack
from kiosk.errors import KioskError
from kiosk.translations import _

FEEDS = (".xml", ".opds", ".atom")


def is_address(source: str) -> bool:
    """Whether it is an address of the web and no path."""
    return urlsplit(source).scheme in ("http", "https")


def needs_theme(source: str) -> bool:
    """Whether nobody wrote down there of which theme the items are, as far as can be seen from outside."""
    if is_address(source):
        return True
    path = Path(source)
    if path.is_dir():
        return not (path / "pack.toml").exists()
    return path.suffix.lower() in (*FEEDS, *ENDINGS)


def incoming(source: str, staging: Path, theme: str, told: Told) -> Pack:
    """The pack with its files (`sources`), unpacked under `staging` where it has to be.

    KioskError, or ValueError in words, when it cannot be taken.
    """
    if is_address(source):
        from kiosk.content.opds1.fetch import fetch_feed

        return fetch_feed(source, staging, theme, told)
    path = Path(source)
    if path.is_dir():
        return _of_folder(path, slug(path.resolve().name, "pack"), staging, theme, told)
    if not path.exists():
        raise KioskError(_("{path} does not exist.", path=path), _("Correct the path."))
    ending = path.suffix.lower()
    if ending in FEEDS:
        from kiosk.content.opds1.folder import feed_beside

        return feed_beside(path, theme)
    if ending in ENDINGS:
        from kiosk.content.guessing import guess_file

        return guess_file(path.resolve(), theme)
    (staging / "pack").mkdir(parents=True)
    unpack(path, staging / "pack", _counted(told, path.name, path.stat().st_size))
    return _of_folder(_only_folder(staging / "pack"), path.stem, staging, theme, told)


def _of_folder(folder: Path, name: str, staging: Path, theme: str, told: Told) -> Pack:
    if not (folder / "pack.toml").exists():
        from kiosk.content.guessing import guess_folder

        return guess_folder(folder, name, theme)
    sites = Sites(staging / "sites", _counted(told, folder.name, 0))
    pack = read_folder(folder, sites.open)
    own = [(place, path) for place, path in files_of(folder) if place not in sites.archives]
    clash = {place for place, _path in own} & sites.files.keys()
    if clash:
        raise ValueError(_("it has {name} twice", name=min(clash)))
    return pack.with_sources([*own, *sites.files.items()])


def _only_folder(folder: Path) -> Path:
    """The one folder in a ZIP of a folder, else the ZIP's own."""
    inside = [path for path in folder.iterdir() if path.is_dir() and path.name != "__MACOSX"]
    return folder if (folder / "pack.toml").exists() or len(inside) != 1 or _has_files(folder) else inside[0]


def _has_files(folder: Path) -> bool:
    return any(path.is_file() and not path.name.startswith(".") for path in folder.iterdir())


def _counted(told: Told, name: str, size: int) -> Progress:
    """Progress in bytes as Told wants it. How much there will be is not known while it is packed."""
    done = 0

    def unpacked(count: int) -> None:
        nonlocal done
        done += count
        told("unpack", name, done, max(size, done) if size else 0)

    return unpacked
