"""What a file is by its first bytes: endings can lie. Whether it may come into a library is asked in checks/."""

import re
import struct
from pathlib import Path

HEAD = 64 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
MAX_SVG = 4 << 20
# (offset, bytes, kind); the first that fits.
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"), (0, b"%PDF-", "application/pdf"), (0, b"PK\x03\x04", "zip"),
    (4, b"ftyp", "mp4"), (0, b"\x1a\x45\xdf\xa3", "video/webm"), (0, b"OggS", "audio/ogg"), (0, b"ID3", "audio/mpeg"),
    (0, b"ZIM\x04", "application/x-zim"), (0, b"\x7fELF", "program"), (0, b"MZ", "program"), (0, b"#!", "program"),
)  # fmt: skip
_HTML = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|script|head|body)\b", re.IGNORECASE | re.DOTALL)
_SVG = re.compile(rb"^\xef?\xbb?\xbf?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]", re.DOTALL)
# What each ending may be; an ending that is not here may be anything that is no program.
OF_ENDING = {
    ".png": {"image/png"}, ".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".gif": {"image/gif"},
    ".webp": {"image/webp"}, ".svg": {"image/svg+xml"}, ".pdf": {"application/pdf"}, ".epub": {"zip"},
    ".mp4": {"mp4"}, ".m4a": {"mp4"}, ".webm": {"video/webm"}, ".ogg": {"audio/ogg"}, ".mp3": {"audio/mpeg"},
    ".zim": {"application/x-zim"}, ".html": {"text/html"}, ".htm": {"text/html"},
    ".vtt": set[str](), ".srt": set[str](),
}  # fmt: skip
_ACTIVE = re.compile(
    rb"<\s*([\w-]+:)?script|<\s*foreignobject|<\s*(iframe|object|embed)\b|\son[a-z]+\s*=|javascript:|<!entity"
    rb"|(href|src)\s*=\s*[\"']?\s*(https?:)?//|url\(\s*[\"']?\s*(https?:)?//|@import",
    re.IGNORECASE,
)


def kind_of(head: bytes) -> str:
    """What these first bytes begin; "" when they say nothing."""
    for offset, mark, kind in _MARKS:
        if head[offset : offset + len(mark)] == mark:
            return kind
    if _SVG.match(head[:2048]):
        return "image/svg+xml"
    return "text/html" if _HTML.match(head[:2048]) else ""


def picture_kind(data: bytes) -> str:
    """The media type of a picture that may be shown, "" for whatever is none, or too large to be unpacked."""
    kind = kind_of(data[:HEAD])
    if not kind.startswith("image/") or (kind == "image/svg+xml" and _ACTIVE.search(data)):
        return ""
    return "" if too_large(*size_of(data, kind)) else kind


def too_large(width: int, height: int) -> bool:
    """Whether a picture of so many points would take more memory than a small PC has."""
    return width * height > MAX_PIXELS or max(width, height) > MAX_SIDE


def drawing_is_active(path: Path) -> bool:
    """Whether a drawing could run something or ask elsewhere, or is no text that can be looked through."""
    with open(path, "rb") as file:
        data = file.read(MAX_SVG + 1)
    return len(data) > MAX_SVG or b"\0" in data or _ACTIVE.search(data) is not None


def size_of(head: bytes, kind: str) -> tuple[int, int]:
    """Width and height of a picture in points; (0, 0) where its beginning does not tell."""
    try:
        match kind:
            case "image/png":
                return struct.unpack(">II", head[16:24])
            case "image/gif":
                return struct.unpack("<HH", head[6:10])
            case "image/webp":
                return _webp(head)
            case "image/jpeg":
                return _jpeg(head)
    except struct.error:
        pass
    return 0, 0


def _webp(head: bytes) -> tuple[int, int]:
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _jpeg(head: bytes) -> tuple[int, int]:
    """From the first frame header, passing over what stands before it."""
    place = 2
    while place + 9 < len(head) and head[place] == 0xFF:
        mark = head[place + 1]
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[place + 5 : place + 9])
            return width, height
        place += 2 + struct.unpack(">H", head[place + 2 : place + 4])[0]
    return 0, 0
