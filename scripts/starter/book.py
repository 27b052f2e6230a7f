"""The book: five small stories for children, an EPUB 3 that comes out the same byte for byte each time."""

import re
import zipfile
from html import escape
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "book"
NAME = "na_va_chiec_may"
TITLE = "Na và chiếc máy không hỏi tên"
IDENTIFIER = "urn:uuid:5f1c7f0e-6a0b-4b52-9a58-6d0d3f6f2a11"
CHANGED = "2026-11-22T00:00:00Z"  # when the stories were last changed, told by hand so that the file stays the same
LONG_AGO = (1980, 1, 1, 0, 0, 0)

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="vi" xml:lang="vi">
<head><title>{title}</title><link rel="stylesheet" href="style.css"/></head>
<body>
{body}
</body>
</html>
"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="vi">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>vi</dc:language>
<meta property="dcterms:modified">{changed}</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
STYLE = "body { font-family: sans-serif; line-height: 1.5; } img { display: block; max-width: 100%; }\n"


def chapters() -> list[tuple[str, str]]:
    """(title, body as XHTML) of each story, in order."""
    found = []
    for path in sorted(SOURCE.glob("[0-9].html")):
        text = path.read_text(encoding="utf-8").strip()
        title = re.search(r"<h2>(.*?)</h2>", text)
        if title is None:
            raise ValueError(f"{path.name} has no title")
        found.append((title[1], re.sub(r"(<img [^>]*[^/])>", r"\1/>", text)))
    return found


def make(folder: Path) -> list[Path]:
    """Write the book and its cover into `folder`."""
    stories = chapters()
    files = {"META-INF/container.xml": CONTAINER, "EPUB/style.css": STYLE}
    items = ['<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
             '<item id="style" href="style.css" media-type="text/css"/>',
             '<item id="cover" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>']  # fmt: skip
    for number, (title, body) in enumerate(stories, 1):
        files[f"EPUB/{number}.xhtml"] = PAGE.format(title=escape(title), body=body)
        files[f"EPUB/{number}.svg"] = (SOURCE / f"{number}.svg").read_text(encoding="utf-8")
        items.append(f'<item id="c{number}" href="{number}.xhtml" media-type="application/xhtml+xml"/>')
        items.append(f'<item id="p{number}" href="{number}.svg" media-type="image/svg+xml"/>')
    entries = "".join(f'<li><a href="{n}.xhtml">{escape(title)}</a></li>' for n, (title, _) in enumerate(stories, 1))
    nav = f'<nav epub:type="toc"><h1>{TITLE}</h1><ol>{entries}</ol></nav>'
    files["EPUB/nav.xhtml"] = PAGE.format(title=TITLE, body=nav)
    files["EPUB/cover.svg"] = cover = (SOURCE / "cover.svg").read_text(encoding="utf-8")
    spine = "\n".join(f'<itemref idref="c{number}"/>' for number in range(1, len(stories) + 1))
    files["EPUB/package.opf"] = PACKAGE.format(
        identifier=IDENTIFIER, title=TITLE, changed=CHANGED, manifest="\n".join(items), spine=spine
    )
    target, picture = folder / f"{NAME}.epub", folder / f"{NAME}.svg"
    with zipfile.ZipFile(target, "w") as archive:
        _put(archive, "mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name in sorted(files):
            _put(archive, name, files[name], zipfile.ZIP_DEFLATED)
    picture.write_text(cover, encoding="utf-8")
    return [target, picture]


def _put(archive: zipfile.ZipFile, name: str, text: str, way: int) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.external_attr, entry.compress_type = 0o644 << 16, way
    archive.writestr(entry, text.encode())
