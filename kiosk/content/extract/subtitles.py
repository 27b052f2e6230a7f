"""What is said in a video or a recording: its subtitles (WebVTT, SRT) with their times, and its transcript.

A part's place is `t=SECONDS`. Lines are joined to stretches of about half a minute, so that words said one after the
other are found together.
"""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

from kiosk.content.extract import Extract
from kiosk.content.extract.html_text import MAX_BYTES, decode, flat, read_html
from kiosk.content.items import Item, Part

STRETCH_SECONDS = 30.0
MAX_SUBTITLES = 4 << 20  # a film of ten hours has a tenth of it; the browser takes them all at once
_TIME = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})\s*-->\s*\S+")
_TAG = re.compile(r"</?[a-zA-Z][^>]{0,200}>|<\d[\d:.]*>|\{\\[^}]{0,80}\}")
_NO_SPEECH = ("NOTE", "STYLE", "REGION", "WEBVTT")


def lines_of(text: str) -> list[tuple[float, str]]:
    """(second, words) of each line of WebVTT or SRT; whatever is no line is passed over."""
    found = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        rows = block.strip().split("\n")
        at = next((place for place, row in enumerate(rows) if _TIME.search(row)), None)
        if at is None or rows[0].startswith(_NO_SPEECH[:3]):
            continue
        hours, minutes, seconds, thousandths = (int(one or 0) for one in _TIME.search(rows[at]).groups())  # type: ignore[union-attr]
        words = flat(unescape(_TAG.sub("", " ".join(rows[at + 1 :]))))
        if words:
            found.append((hours * 3600 + minutes * 60 + seconds + thousandths / 1000, words))
    return found


def web_vtt(text: str) -> str:
    """SRT as WebVTT, which is all that a browser reads."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")):
        rows = block.strip().split("\n")
        at = next((place for place, row in enumerate(rows) if _TIME.search(row)), None)
        if at is not None:
            times = re.sub(r"(\d),(\d{3})", r"\1.\2", rows[at])
            blocks.append("\n".join([times, *(re.sub(r"\{\\[^}]{0,80}\}", "", row) for row in rows[at + 1 :])]))
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def parts_of_lines(lines: list[tuple[float, str]]) -> tuple[Part, ...]:
    """Stretches of STRETCH_SECONDS, each with the time of its first line."""
    parts: list[Part] = []
    begun, said = 0.0, list[str]()
    for second, words in lines:
        if said and second - begun >= STRETCH_SECONDS:
            parts.append(_part(begun, said))
            said = []
        if not said:
            begun = second
        if words not in said[-1:]:
            said.append(words)
    return (*parts, _part(begun, said)) if said else tuple(parts)


def _part(second: float, said: list[str]) -> Part:
    minutes, rest = divmod(int(second), 60)
    return Part("\n".join(said), f"t={second:g}", f"{minutes}:{rest:02}")


def parts_of_sound(item: Item, path_of: Callable[[str], Path]) -> Extract:
    """What is said in it, from the subtitles, else from the transcript."""
    for place in (item.subtitles, item.transcript):
        if not place:
            continue
        path = path_of(place)
        if path.stat().st_size > MAX_BYTES:
            return Extract(notes=("too_large",))
        text = decode(path.read_bytes())
        ending = Path(place).suffix.lower()
        if ending in (".vtt", ".srt"):
            parts = parts_of_lines(lines_of(text))
        else:
            parts = tuple(read_html(text)) if ending in (".html", ".htm") else (Part(flat(text)),)
        if parts:
            return Extract(parts)
    return Extract(notes=("no_subtitles",))
