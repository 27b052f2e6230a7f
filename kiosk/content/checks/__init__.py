"""Whether a file may come into a library: what it is must fit its ending, and it must not be able to do harm.

One file a format that can carry harm; `trouble` asks them. What passes is still served under a policy that lets nothing
run (service/menu/viewers/policies.py): this is the first wall, which speaks to whoever brings the pack.
"""

from pathlib import Path

from kiosk.content.checks.book_parts import book_trouble
from kiosk.content.checks.pdf_actions import pdf_trouble
from kiosk.content.checks.zim_header import zim_trouble
from kiosk.content.extract.subtitles import MAX_SUBTITLES
from kiosk.content.file_kinds import HEAD, OF_ENDING, drawing_is_active, kind_of, size_of, too_large
from kiosk.content.files import Progress
from kiosk.translations import _

# A picture's size may stand behind a megabyte of what its camera had to say.
PICTURE_HEAD = 2 << 20
# Formats that always begin in the same way: nothing else may bear their endings.
_CERTAIN = frozenset({".pdf", ".epub", ".zim", ".png", ".jpg", ".jpeg", ".gif", ".webp"})


def trouble(path: Path, place: str, told: Progress = lambda _n: None) -> str:
    """Why the file may not come in; "" when it may. `told` hears how many bytes were read for it."""
    ending = Path(place).suffix.lower()
    with open(path, "rb") as file:
        head = file.read(HEAD)
        if kind_of(head).startswith("image/"):
            head += file.read(PICTURE_HEAD - len(head))
    kind = kind_of(head)
    if kind == "program" and (ending in OF_ENDING or head[:2] != b"#!"):
        return _("{name} is a program", name=place)
    if not _fits(ending, kind) and not (ending == ".pdf" and b"%PDF-" in head[:1024]):
        return _("{name} is not what its ending says", name=place)
    if ending == ".svg" and drawing_is_active(path):
        return _("{name} is a drawing with a script or a link to elsewhere", name=place)
    width, height = size_of(head, kind)
    if too_large(width, height):
        return _("{name} is a picture of {width} by {height} points, too large", name=place, width=width, height=height)
    match ending:
        case ".vtt" | ".srt":
            large = path.stat().st_size > MAX_SUBTITLES
            return _("{name} is larger than any subtitles", name=place) if large else ""
        case ".pdf":
            return pdf_trouble(path, place)
        case ".epub":
            return book_trouble(path, place)
        case ".zim":
            return zim_trouble(path, place, told)
    return ""


def _fits(ending: str, kind: str) -> bool:
    allowed = OF_ENDING.get(ending)
    if allowed is None or (ending == ".svg" and kind == "text/html"):
        return True
    return kind in allowed if kind else ending not in _CERTAIN
