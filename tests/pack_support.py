"""Packs, PDFs, EPUBs and whole libraries that the tests of content make, and the shared sample where it is."""

import gzip
import json
import random
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.content.extract.html_text import read_html
from kiosk.content.folding import fold, tidy
from kiosk.content.index_build import IndexWriter
from kiosk.content.items import Item, Part

ROOT = Path(__file__).resolve().parents[1]
STARTER = ROOT / "policies" / "starter"
# Real articles, where the checkout lies beside them; they only enlarge what is made here.
SHARED = ROOT.parent / "shared" / "data"
SAMPLE = SHARED / "vi-wikipedia-sample.jsonl.gz"
ONSETS = "b c d đ g h kh l m n ng nh ph s t th tr v x ch".split()
RIMES = (
    "a an ang ao ay ăn âm ân âu ây e em ên êu i im inh iên iêu o on ong oi ô ôn ông ơ ơm ơi u un ung ươn ương ưu uôn"
).split()
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def pack(folder: Path, manifest: str, files: Mapping[str, bytes | str]) -> Path:
    """A pack in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(manifest, encoding="utf-8")
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def pages(name: str, texts: Mapping[str, str], theme: str = "agri") -> tuple[str, dict[str, str]]:
    """Manifest and files of a pack of HTML pages: file name without its ending -> text; the title is the first line."""
    manifest = [f'id = "{name}"\ntitle = "Gói {name}"\ntheme = "{theme}"']
    manifest += [f'[[item]]\ntitle = "{text.splitlines()[0]}"\nfile = "{key}.html"' for key, text in texts.items()]
    return "\n".join(manifest), {f"{key}.html": f"<p>{text}</p>" for key, text in texts.items()}


def pdf(texts: Sequence[bytes], font: str = "Helvetica") -> bytes:
    """A PDF with one page for each text, its bytes shown through a font of that name in the Windows encoding."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(texts)))
    widths = "500 " * 256
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(texts)}/Kids[{kids}]>>".encode(),
        f"<</Type/Font/Subtype/TrueType/BaseFont/{font}/Encoding/WinAnsiEncoding/FirstChar 0/LastChar 255"
        f"/Widths[{widths}]>>".encode(),
    ]
    for place, text in enumerate(texts):
        escaped = text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        shown = b" ".join(b"(" + line + b") Tj T*" for line in escaped.split(b"\n"))
        stream = b"BT /F1 12 Tf 14 TL 50 700 Td " + shown + b" ET"
        resources = f"/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * place} 0 R"
        objects.append(f"<</Type/Page/Parent 2 0 R{resources}>>".encode())
        objects.append(b"<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream")
    made, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(made))
    return made + head + table + trailer


CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
OPF = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>
<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}</manifest>
<spine>{refs}</spine></package>"""
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{}</body></html>'


def epub(path: Path, chapters: Mapping[str, str], container: str = CONTAINER) -> Path:
    """An EPUB 3: title of a chapter -> its HTML."""
    names = [f"c{number}.xhtml" for number in range(1, len(chapters) + 1)]
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    refs = "".join(f'<itemref idref="{name}"/>' for name in names)
    links = "".join(f'<li><a href="{name}#top">{title}</a></li>' for name, title in zip(names, chapters, strict=True))
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", container)
        book.writestr("OEBPS/book.opf", OPF.format(items=items, refs=refs))
        book.writestr("OEBPS/nav.xhtml", XHTML.format(f"<nav><ol>{links}</ol></nav>"))
        for name, html in zip(names, chapters.values(), strict=True):
            book.writestr(f"OEBPS/{name}", XHTML.format(html))
    return path


@dataclass(frozen=True)
class Text:
    """A title and its text."""

    title: str
    text: str


def real_texts() -> list[Text]:
    """The shipped guides, and the shared sample of Wikipedia where it is."""
    found = [Text(path.stem, "\n".join(part.text for part in read_html(path.read_text(encoding="utf-8"))))
             for path in sorted(STARTER.glob("*.html"))]  # fmt: skip
    if SAMPLE.exists():
        with gzip.open(SAMPLE, "rt", encoding="utf-8") as file:
            found += [Text(one["title"], one["text"]) for one in map(json.loads, file)]
    return found


def corpus(count: int, seed: int) -> Iterator[Text]:
    """`count` texts, made of pieces of the real ones and of syllables; titles differ also without marks."""
    dice = random.Random(seed)
    real = real_texts()
    lines = [line for one in real for line in one.text.splitlines() if len(line) > 60]
    seen: set[str] = set()
    made = 0
    while made < count:
        if made < len(real) and SAMPLE.exists():
            one = real[made]
        else:
            title = _piece(dice, dice.choice(lines))
            if dice.random() < 0.5:
                title += " " + (_piece(dice, dice.choice(lines)) if dice.random() < 0.7 else syllable(dice))
            body = [dice.choice(lines) for _ in range(dice.randint(1, 8))]
            one = Text(title, "\n".join([*body, " ".join(syllable(dice) for _ in range(12))]))
        key = " ".join(fold(tidy(one.title)).split())
        if not key or key in seen:
            one = Text(f"{one.title} {syllable(dice)} {syllable(dice)}", one.text)
            key = fold(tidy(one.title))
            if key in seen:
                continue
        seen.add(key)
        made += 1
        yield one


def syllable(dice: random.Random) -> str:
    """Something that could be a Vietnamese syllable."""
    rime = dice.choice(RIMES)
    return tidy(dice.choice(ONSETS) + rime[0] + dice.choice(TONES) + rime[1:])


def _piece(dice: random.Random, line: str) -> str:
    words = line.split()
    start = dice.randrange(max(1, len(words) - 5))
    return " ".join(words[start : start + dice.randint(2, 5)]).strip('.,;:()[]"“”')


def index_of(path: Path, texts: Iterator[Text] | Sequence[Text]) -> list[str]:
    """An index of these texts at `path`; their titles, the item of title n being `p/n`."""
    titles = []
    with IndexWriter(path) as writer:
        for number, one in enumerate(texts):
            writer.add(Item(f"p/{number}", one.title, "edu", "vi", "html", "p"), [Part(one.text)])
            titles.append(one.title)
        writer.finish()
    return titles
