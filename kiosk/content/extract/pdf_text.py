"""The words of a PDF, page by page, read by PDFium (as the citizen's browser does) in a process of its own.

PDFs come from anywhere and PDFium is not written in Python, so it runs in a child without privileges of its own, with
bounded memory and time; a child that dies costs the words of one item. A part's place is `page=N`.
pypdfium2 was taken for the names of fonts (legacy_fonts.py), its licence (Apache-2.0 or BSD-3-Clause) and its wheels.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

from kiosk.content.extract import Extract
from kiosk.content.extract.legacy_fonts import encoding_of, reads_well, to_unicode
from kiosk.content.items import Part

MAX_MEMORY = 1 << 30
MAX_SECONDS = 600
MAX_PAGES = 5_000
MAX_PAGE_CHARS = 200_000
# A page with fewer characters than this has no text worth the name; a scan has many such pages.
EMPTY_PAGE = 20
SCANNED_SHARE = 0.1


def parts_of_pdf(path: Path) -> Extract:
    """The pages' words; a note where there are none to be had."""
    command = [sys.executable, "-m", __name__, str(path.absolute())]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=MAX_SECONDS, preexec_fn=_bounded
        )
    except subprocess.TimeoutExpired:
        return Extract(notes=("unreadable",))
    pages: list[tuple[str, tuple[str, ...]]] = []
    for line in done.stdout.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            break
        if "why" in found:
            return Extract(notes=(found["why"],))
        pages.append((found["text"], tuple(found["fonts"])))
    if done.returncode or not pages:
        return Extract(pages=len(pages), notes=("unreadable",))
    return judged(pages)


def judged(pages: list[tuple[str, tuple[str, ...]]]) -> Extract:
    """What of the pages' (text, fonts) may be indexed: no scan's dust, no signs that stand for other letters."""
    with_text = [text for text, _fonts in pages if len(text.strip()) >= EMPTY_PAGE]
    if len(with_text) < max(1, SCANNED_SHARE * len(pages)):
        return Extract(pages=len(pages), notes=("scanned",))
    notes: list[str] = []
    fonts = tuple({font for _text, named in pages for font in named})
    encoding = encoding_of("\n".join(with_text[:50]), fonts)
    texts = [text for text, _fonts in pages]
    if encoding:
        texts = [to_unicode(text, encoding) for text in texts]
        if not reads_well("\n".join(texts)):
            return Extract(pages=len(pages), notes=("legacy_font",))
        notes.append("converted")
    if len(with_text) < 0.8 * len(pages):
        notes.append("partly_scanned")
    parts = [Part(text, f"page={number}", str(number)) for number, text in enumerate(texts, 1) if text.strip()]
    return Extract(tuple(parts), len(pages), tuple(notes))


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """In the child: one JSON line a page, or one that says why not."""
    try:
        import pypdfium2
        from pypdfium2 import PdfiumError
    except ImportError:
        print(json.dumps({"why": "no_reader"}))
        return 0
    try:
        document = pypdfium2.PdfDocument(sys.argv[1])
    except PdfiumError as error:
        print(json.dumps({"why": "encrypted" if "password" in str(error).lower() else "unreadable"}))
        return 0
    for number in range(min(len(document), MAX_PAGES)):
        print(json.dumps(_page(document, number)), flush=True)
    return 0


def _page(document: "object", number: int) -> dict[str, "object"]:
    from ctypes import c_int, create_string_buffer

    from pypdfium2 import PdfiumError, raw

    try:
        page = document[number]  # type: ignore[index]
        reading = page.get_textpage()
    except PdfiumError:
        return {"text": "", "fonts": []}
    text = reading.get_text_range(0, min(reading.count_chars(), MAX_PAGE_CHARS)) if reading.count_chars() else ""
    fonts: set[str] = set()
    # Every seventh letter tells the fonts of a page well enough.
    for place in range(0, min(reading.count_chars(), 2_000), 7):
        name = create_string_buffer(128)
        if raw.FPDFText_GetFontInfo(reading.raw, place, name, 128, c_int()):
            fonts.add(name.value.decode("utf-8", "replace"))
    reading.close()
    page.close()
    # PDFium writes a hyphen at the end of a line as U+FFFE or U+0002: the word goes on.
    text = text.replace("\ufffe\r\n", "").replace("\x02\r\n", "").replace("\ufffe", "").replace("\x02", "")
    return {"text": text.replace("\r\n", "\n").replace("\0", ""), "fonts": sorted(fonts)}


if __name__ == "__main__":
    sys.exit(main())
