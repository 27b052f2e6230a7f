"""Feeds of the shape that Kiwix and calibre give, with facts of ours in them, and a small web server that has them.

The shapes were read in libkiwix (`static/templates/catalog_v2_entries.xml`) and calibre (`src/calibre/srv/opds.py`).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KIWIX = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/terms/"
      xmlns:opds="https://specs.opds.io/opds-1.2" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <id>urn:kho</id>
  <link rel="self" href="/catalog/v2/entries?lang=vie"
        type="application/atom+xml;profile=opds-catalog;kind=acquisition"/>
  <link rel="start" href="/catalog/v2/root.xml" type="application/atom+xml;profile=opds-catalog;kind=navigation"/>
  <title>Filtered Entries (lang=vie)</title>
  <updated>2026-11-01T00:00:00Z</updated>
  <totalResults>{total}</totalResults><startIndex>{start}</startIndex><itemsPerPage>{count}</itemsPerPage>
  {entries}
</feed>"""
KIWIX_ENTRY = """<entry>
    <id>urn:uuid:00000000-0000-0000-0000-{number:012}</id>
    <title>Bách khoa {number}</title>
    <updated>2026-10-01T00:00:00Z</updated>
    <summary>Bộ bài số {number}.</summary>
    <language>vie,eng</language>
    <name>bach_khoa_vi_{number}</name>
    <flavour>nopic</flavour>
    <category>wikipedia</category>
    <tags>wikipedia;_category:wikipedia;_pictures:no;_videos:no</tags>
    <articleCount>20</articleCount>
    <mediaCount>1</mediaCount>
    <link rel="http://opds-spec.org/image/thumbnail" href="/catalog/v2/illustration/{number}/?size=48"
          type="image/png;width=48;height=48;scale=1"/>
    <link type="text/html" href="/content/bach_khoa_vi_{number}"/>
    <author><name>Nhóm biên soạn</name></author>
    <publisher><name>Nhà làm kho</name></publisher>
    <dc:issued>2026-10-01T00:00:00Z</dc:issued>
    <link rel="http://opds-spec.org/acquisition/open-access" type="application/x-zim"
          href="{base}/zim/wikipedia/bach_khoa_vi_{number}.zim.meta4" length="{length}"/>
  </entry>"""
CALIBRE = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/terms/" xmlns:opds="http://opds-spec.org/2010/catalog">
  <title>calibre Library :: Theo Title</title>
  <author><name>calibre</name><uri>https://calibre-ebook.com</uri></author>
  <id>calibre-all:title</id>
  <icon>/favicon.png</icon>
  <updated>2026-11-01T00:00:00+00:00</updated>
  <link type="application/atom+xml" rel="search" title="Search" href="/opds/search/{{searchTerms}}?library_id=Kho"/>
  <link type="application/atom+xml;type=feed;profile=opds-catalog" rel="start" href="/opds?library_id=Kho"/>
  {links}{entries}
</feed>"""
NEXT = '<link type="application/atom+xml;type=feed;profile=opds-catalog" rel="next" title="Next" href="{}"/>'
CALIBRE_ENTRY = """<entry>
    <title>{title}</title>
    <author><name>{author}</name></author>
    <id>urn:uuid:1111-{number}</id>
    <updated>2026-10-02T00:00:00+00:00</updated>
    <dc:date>2020-01-01T00:00:00+00:00</dc:date>
    <dc:language>vi</dc:language>
    <content type="xhtml">
      <div xmlns="http://www.w3.org/1999/xhtml">TAGS: nông nghiệp<br/><p>Kể về {title}.</p></div>
    </content>
    {formats}
    <link type="image/jpeg" href="/get/cover/{number}/Kho" rel="http://opds-spec.org/cover"/>
    <link type="image/jpeg" href="/get/thumb/{number}/Kho" rel="http://opds-spec.org/thumbnail"/>
  </entry>"""
FORMATS = {"epub": "application/epub+zip", "pdf": "application/pdf", "mobi": "application/x-mobipocket-ebook"}
ROOT = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>calibre Library</title><id>urn:calibre:main</id>
<entry><title>Theo Newest</title><id>calibre-navcatalog:1</id><content type="text">Books sorted by Date</content>
<link type="application/atom+xml;type=feed;profile=opds-catalog"
  href="/opds/navcatalog/4f6e6577657374?library_id=Kho"/></entry>
<entry><title>Theo Title</title><id>calibre-navcatalog:2</id><content type="text">Books sorted by Title</content>
<link type="application/atom+xml;type=feed;profile=opds-catalog"
  href="/opds/navcatalog/4f7469746c65?library_id=Kho"/></entry>
</feed>"""


def kiwix(numbers: range, total: int, base: str, length: int = 0) -> bytes:
    """A page of Kiwix's catalogue with these entries."""
    entries = "".join(KIWIX_ENTRY.format(number=one, base=base, length=length) for one in numbers)
    return KIWIX.format(total=total, start=numbers.start, count=len(numbers), entries=entries).encode()


def calibre(books: dict[int, tuple[str, str, tuple[str, ...]]], following: str = "") -> bytes:
    """A page of calibre's catalogue: number -> title, author, formats."""
    entries = ""
    for number, (title, author, formats) in books.items():
        links = "".join(
            f'<link type="{FORMATS[one]}" href="/get/{one}/{number}/Kho" rel="http://opds-spec.org/acquisition"/>'
            for one in formats
        )
        entries += CALIBRE_ENTRY.format(title=title, author=author, number=number, formats=links)
    return CALIBRE.format(links=NEXT.format(following) if following else "", entries=entries).encode()


Answer = tuple[str, bytes]  # kind, bytes


@contextmanager
def web(answer: Callable[[str, dict[str, str]], Answer | str | None], cut: int = 0) -> Iterator[tuple[str, list[str]]]:
    """A web server: its address, and what was asked. `answer` says what is at a path: a str is an address to go to.

    Every first answer of more than `cut` bytes breaks off after so many; ranges are served.
    """
    asked: list[str] = []
    broken: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked.append(self.path + (" " + self.headers["Range"] if self.headers["Range"] else ""))
            found = answer(parts.path, {name: one[0] for name, one in parse_qs(parts.query).items()})
            if found is None or isinstance(found, str):
                self.send_response(404 if found is None else 302)
                if found:
                    self.send_header("Location", found)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            kind, data = found
            begin = int((self.headers["Range"] or "bytes=0-")[6:].partition("-")[0])
            self.send_response(206 if begin else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data) - begin))
            self.end_headers()
            if cut and len(data) > cut and self.path not in broken:
                broken.add(self.path)
                data = data[:cut]
            self.wfile.write(data[begin:])

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
