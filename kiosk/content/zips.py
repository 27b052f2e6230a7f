"""A ZIP from a stranger, unpacked into an empty folder of ours or refused whole with a sentence.

Nothing is trusted that the archive says of itself: sizes are counted while bytes come out.
"""

import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from kiosk.content.files import CHUNK, Progress, no_room
from kiosk.errors import KioskError
from kiosk.translations import _

MAX_FILES = 9_999
MAX_BYTES = 64 * 1024**3
# A file that grows more than this from its packed size is a bomb; text seldom passes 20, an empty bitmap 1,000.
MAX_RATIO = 200
RATIO_FROM = 1 << 20  # bytes; below this nothing can explode
MAX_NAME = 240
# Names that Windows keeps for devices, or cannot store: whoever copies the pack there loses a file or opens a port.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def unpack(archive: Path, folder: Path, told: Progress = lambda _n: None) -> None:
    """All files of `archive` under `folder`. KioskError names what is wrong; then the folder is to be thrown away."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = checked(opened, archive)
            left = MAX_BYTES
            for entry, path in entries:
                left -= _write(opened, entry, folder / path, left, archive, told)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, RuntimeError):
        raise refused(archive, _("it is damaged or no ZIP file")) from None
    except OSError as error:
        raise no_room(folder, error) from error


def checked(opened: zipfile.ZipFile, archive: Path) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The archive's files with their places, after every name was looked at."""
    entries = opened.infolist()
    if len(entries) > MAX_FILES:
        raise refused(archive, _("it has more than {n} files", n=MAX_FILES))
    found: dict[str, tuple[zipfile.ZipInfo, PurePosixPath]] = {}
    for entry in entries:
        path = _place(entry, archive)
        if entry.is_dir():
            continue
        if entry.flag_bits & 1:
            raise refused(archive, _("{name} is encrypted", name=entry.filename))
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise refused(archive, _("{name} would grow more than {n} times", name=entry.filename, n=MAX_RATIO))
        if one_name(str(path)) in found:
            raise refused(archive, _("it has {name} twice", name=entry.filename))
        found[one_name(str(path))] = entry, path
    folders = {one_name(str(parent)) for _entry, path in found.values() for parent in path.parents}
    for name in folders & found.keys():
        raise refused(archive, _("it has {name} twice", name=name))
    _check_places([entry for entry, _path in found.values()], archive)
    if sum(entry.file_size for entry, _path in found.values()) > MAX_BYTES:
        raise refused(archive, _("it is larger than any library needs"))
    return list(found.values())


def one_name(place: str) -> str:
    """What a stick takes for the same name: capitals, and letters with their marks in one character or in several."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", place).casefold())


def cannot_be_stored(part: str) -> bool:
    """Whether a name, or a part of a path, is none on some systems."""
    return _DEVICE.match(part) is not None or part.endswith((".", " "))


def _check_places(entries: list[zipfile.ZipInfo], archive: Path) -> None:
    """Two files that share the same packed bytes: how a small archive becomes endless without any suspect file."""
    entries = sorted(entries, key=lambda entry: entry.header_offset)
    for entry, after in zip(entries, entries[1:], strict=False):
        if entry.header_offset + entry.compress_size >= after.header_offset:
            raise refused(archive, _("{name} lies over another file", name=entry.filename))


def _place(entry: zipfile.ZipInfo, archive: Path) -> PurePosixPath:
    name = unicodedata.normalize("NFC", entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refused(archive, _("{name} is a link or a device, not a file", name=name))
    parts = name.rstrip("/").split("/")
    if not name.isprintable() or len(name.encode()) > MAX_NAME:
        raise refused(archive, _("{name} is no proper name of a file", name=ascii(name[:60])))
    bad = name.startswith("/") or "\\" in name or ":" in parts[0]
    if bad or any(part in ("", ".", "..") for part in parts):
        raise refused(archive, _("{name} would lie outside the pack", name=ascii(name)))
    if any(cannot_be_stored(part) for part in parts):
        raise refused(archive, _("{name} is a name that not every computer can store", name=name))
    return PurePosixPath(*parts)


def _write(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, archive: Path, told: Progress
) -> int:
    """Unpack one file, as long as it keeps to the size it announced. Bytes written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with opened.open(entry) as source, open(target, "xb") as file:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > entry.file_size or size > left:
                raise refused(archive, _("{name} is larger than it says", name=entry.filename))
            file.write(chunk)
            told(len(chunk))
    if size < entry.file_size:
        raise refused(archive, _("{name} is smaller than it says", name=entry.filename))
    return size


def refused(archive: Path, why: str) -> KioskError:
    """The archive is not taken."""
    return KioskError(
        _("{path} was not taken: {why}.", path=archive.name, why=why), _("Ask whoever made it for a clean one.")
    )
