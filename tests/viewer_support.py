"""A pack with an item of each format, made on the spot: nothing of it comes from elsewhere."""

import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tests.pack_support import CONTAINER, XHTML, pack, pdf

DOT = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 40' width='120' height='120'>"
    "<circle cx='20' cy='20' r='18' fill='#0b4a43'/></svg>"
)
CAPTIONS = (
    "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nRửa tay sạch\n\n00:00:35.000 --> 00:00:38.000\nLau khô bằng khăn sạch\n"
)
MANIFEST = """
id = "trial"
title = "Gói thử"
theme = "health"
source = "Bài thử."
[[item]]
title = "Rửa tay đúng cách"
summary = "Sáu bước, một phút."
file = "wash.html"
[[item]]
title = "Trò chơi đếm số"
file = "game/index.html"
[[item]]
title = "Sổ tay trồng lúa"
file = "rice.pdf"
[[item]]
title = "Chuyện làng Đồng Lúa"
author = "Nguyễn Thị Mai"
file = "village.epub"
[[item]]
title = "Phim rửa tay"
summary = "Phim ngắn, có phụ đề."
file = "film.webm"
poster = "dot.svg"
subtitles = "film.vtt"
[[item]]
title = "Nghe chuyện kể"
file = "tale.ogg"
subtitles = "tale.srt"
[[item]]
title = "Cổng dịch vụ công"
id = "portal"
url = "https://dichvucong.gov.vn/"
"""
WASH = (
    """<h2 id="why">Vì sao</h2><p>Tay bẩn mang mầm bệnh.</p><img src="dot.svg" alt="Một chấm tròn">
<img src="../secret.svg" alt="ngoài gói"><ol><li>Làm ướt tay</li><li>Xoa xà phòng</li></ol>"""
    + "<p>Xoa kỹ kẽ tay.</p>" * 40
)
GAME = """<!doctype html><html lang="vi"><head><title>Đếm số</title><link rel="stylesheet" href="game.css"></head>
<body><h1>Đếm số</h1><p id="out">0</p><button onclick="count()">Thêm một</button> <a href="more.html">Trang sau</a>
<a href="https://example.org/out">Ra ngoài</a><img id="dot" src="dot.svg" alt="">
<script src="game.js"></script></body></html>"""


def film(path: Path, seconds: int = 60) -> Path:
    """A film, or a recording, by the ending of `path`."""
    path.write_bytes(_filmed(path.suffix, seconds))
    return path


@cache
def _filmed(ending: str, seconds: int) -> bytes:
    pictures = ["-f", "lavfi", "-i", f"testsrc=size=320x180:rate=5:duration={seconds}"] if ending == ".webm" else []
    tone = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]
    codec = ["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "200k"] if pictures else []
    with tempfile.NamedTemporaryFile(suffix=ending) as made:
        subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-y", *pictures, *tone, *codec, "-c:a", "libvorbis", made.name],
            check=True,
            timeout=60,
        )
        return made.read()


def book(path: Path, chapters: Mapping[str, str], extra: Mapping[str, bytes]) -> Path:
    """An EPUB 3 with other files beside its chapters."""
    names = [f"text/c{number}.xhtml" for number in range(1, len(chapters) + 1)]
    items = "".join(f'<item id="i{number}" href="{name}"/>' for number, name in enumerate(names))
    refs = "".join(f'<itemref idref="i{number}"/>' for number in range(len(names)))
    links = "".join(f'<li><a href="{name}">{title}</a></li>' for name, title in zip(names, chapters, strict=True))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        made.writestr("META-INF/container.xml", CONTAINER)
        made.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
            f'<item id="nav" href="nav.xhtml" properties="nav"/>{items}</manifest><spine>{refs}</spine></package>',
        )
        made.writestr("OEBPS/nav.xhtml", XHTML.format(f"<nav><ol>{links}</ol></nav>"))
        for name, html in zip(names, chapters.values(), strict=True):
            made.writestr(f"OEBPS/{name}", XHTML.format(html))
        for name, data in extra.items():
            made.writestr(name, data)
    return path


def library(folder: Path, zim: bool = True) -> Path:
    """The pack with everything in it."""
    home = pack(folder, MANIFEST + ('[[item]]\ntitle = "Bách khoa nhỏ"\nfile = "small.zim"\n' if zim else ""), {
        "wash.html": WASH, "dot.svg": DOT, "game/index.html": GAME, "game/game.css": "h1 { color: rgb(11, 74, 67); }",
        "game/game.js": "let n = 0; function count() { document.getElementById('out').textContent = ++n; }",
        "game/more.html": "<h1 id=two>Trang hai</h1><a href=index.html>Về</a>", "game/dot.svg": DOT,
        "rice.pdf": pdf([b"Trang mot", b"Trang hai", b"Trang ba"]), "film.vtt": CAPTIONS,
        "tale.srt": "1\n00:00:01,000 --> 00:00:03,000\nNgày xưa\n",
    })  # fmt: skip
    book(
        home / "village.epub",
        {
            "Chương một": "<h1>Chương một</h1><p>Làng ở ven sông.</p><img src='../img/dot.svg' alt='chấm'/>"
            "<p><a href='c2.xhtml#mai'>Sang chương hai</a></p><script>document.title='owned'</script>",
            "Chương hai": "<h1>Chương hai</h1>" + "<p>Đồng lúa chín vàng.</p>" * 60 + "<p id='mai'>Cô Mai về làng.</p>",
            "Chương ba": "<h1>Chương ba</h1><p>Hết.</p>",
        },
        {"OEBPS/img/dot.svg": DOT.encode(), "OEBPS/secret.txt": b"secret"},
    )
    film(home / "film.webm")
    film(home / "tale.ogg", 20)
    if zim:
        archive(home / "small.zim")
    return home


def archive(
    path: Path, pages: int = 20, fillers: Sequence[str] = (), cluster: int = 128 * 1024,
    extra: Mapping[str, tuple[str, bytes]] = MappingProxyType({}),
) -> Path:  # fmt: skip
    """A ZIM whose pages link to one another, with a picture, a redirect and a name that needs quoting.

    `extra`: place -> media type and bytes of more that is in it.
    """
    from libzim.writer import Creator, Hint, Item, StringProvider

    class Made(Item):  # type: ignore[misc]
        def __init__(self, place: str, title: str, kind: str, data: str | bytes) -> None:
            super().__init__()
            self.place, self.title, self.kind, self.data = place, title, kind, data

        def get_path(self) -> str:
            return self.place

        def get_title(self) -> str:
            return self.title

        def get_mimetype(self) -> str:
            return self.kind

        def get_contentprovider(self) -> StringProvider:
            return StringProvider(self.data)

        def get_hints(self) -> dict[Hint, int]:
            return {Hint.FRONT_ARTICLE: int(self.kind == "text/html")}

    with Creator(path).config_clustersize(cluster).config_indexing(True, "vi") as made:
        made.set_mainpath("A/first")
        made.add_item(Made("I/dot.svg", "", "image/svg+xml", DOT))
        for place, (kind, data) in extra.items():
            made.add_item(Made(place, "", kind, data))
        for number in range(pages):
            after = f"A/page_{number + 1}" if number + 1 < pages else "A/first"
            place = f"A/page_{number}" if number else "A/first"
            filler = fillers[number] if fillers else ""
            html = (
                f"<html><head><title>Bài {number}</title></head><body><h1>Bài {number}</h1>"
                f"<img src='../I/dot.svg' alt=''>"
                f"<p>Lúa và ngô số {number}. {filler}</p><a href='../{after}'>Bài sau</a> <a href='old'>Đường cũ</a>"
                f"<a href='https://example.org/'>Ra ngoài</a></body></html>"
            )
            made.add_item(Made(place, f"Bài {number}", "text/html", html))
        made.add_item(Made("A/Đất (nông nghiệp)?", "Đất", "text/html", "<h1>Đất</h1><a href='first'>Đầu</a>"))
        made.add_redirection("A/old", "Đường cũ", "A/page_2", {})
    return path
