"""Packs that mean harm, each with a twin that is the same but for the harm: the twin is taken, the pack is not."""

import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.pack_support import CONTAINER, epub, pack, pdf
from tests.viewer_support import archive

Make = Callable[[Path], Path]
PAGE = '[[item]]\ntitle = "A"\nfile = "a.html"\n'
HEAD = 'id = "bad"\ntheme = "gov"\n'
TOML = HEAD + PAGE


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], manifest: str = TOML) -> Make:
    """A ZIP of a pack with these entries too."""

    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "bad.zip", "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("pack.toml", manifest)
            made.writestr("a.html", "<p>a</p>")
            for name, data in entries:
                made.writestr(name, data)
        return folder / "bad.zip"

    return make


def changed(make: Make, change: Callable[[bytearray], object]) -> Make:
    """The same file with some bytes other."""

    def build(folder: Path) -> Path:
        path = make(folder)
        data = bytearray(path.read_bytes())
        change(data)
        path.write_bytes(bytes(data))
        return path

    return build


def entry(kind: int) -> zipfile.ZipInfo:
    """An entry of some kind of file."""
    info = zipfile.ZipInfo("link.html")
    info.create_system = 3
    info.external_attr = (kind | 0o644) << 16
    return info


def sized(told: int) -> Callable[[bytearray], object]:
    """A change that lets the file of a million bytes say another size of itself."""

    def change(data: bytearray) -> None:
        for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            at = -1
            while (at := data.find(signature, at + 1)) >= 0:
                if data[at + place : at + place + 4] == struct.pack("<I", 1_000_000):
                    data[at + place : at + place + 4] = struct.pack("<I", told)

    return change


def encrypt(data: bytearray) -> None:
    data[data.rfind(b"PK\x01\x02") + 8] |= 1


def overlap(data: bytearray) -> None:
    """The last two files of the directory become one and the same packed bytes, as in a bomb without a suspect file."""
    last = data.rfind(b"PK\x01\x02")
    before = data.rfind(b"PK\x01\x02", 0, last)
    data[last + 42 : last + 46] = data[before + 42 : before + 46]


def folder_with(make: Callable[[Path], object], manifest: str = TOML) -> Make:
    """A folder to which something is done."""

    def build(folder: Path) -> Path:
        made = pack(folder / "bad", manifest, {"a.html": "<p>a</p>"})
        make(made)
        return made

    return build


def with_file(name: str, data: bytes, title: str = "") -> Make:
    """A pack with this file, which is an item where it has a title."""
    manifest = TOML + (f'[[item]]\ntitle = "{title}"\nid = "x"\nfile = "{name}"\n' if title else "")
    return folder_with(lambda made: (made / name).write_bytes(data), manifest)


def toml(text: str) -> Make:
    return lambda folder: pack(folder / "bad", text, {"a.html": "<p>a</p>"})


def hard_linked(owner: int) -> Make:
    """A pack in which a file is another name for that of some user. Only root can make one for somebody else."""

    def make(made: Path) -> None:
        secret = made.parent / "secret"
        secret.write_text("secret")
        os.link(secret, made / "secret.txt")
        if os.geteuid() == 0:
            os.chown(secret, owner, owner)

    return folder_with(make)


def sparse(hollow: bool) -> Make:
    """A film of 400 MB of which nothing is on the disk, or 2 MB that are."""

    def make(made: Path) -> None:
        with open(made / "film.mp4", "wb") as file:
            if hollow:
                file.truncate(400 << 20)
            else:
                file.write(os.urandom(2 << 20))

    return folder_with(make)


def png(width: int, height: int) -> bytes:
    """The beginning of a picture of that size: all that anybody needs to believe it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def jpeg(width: int, height: int, before: int = 0) -> bytes:
    """The same of a JPEG, behind so many blocks of what a camera says."""
    blocks = (b"\xff\xe1\xff\xff" + b"\0" * 65_533) * before
    return b"\xff\xd8" + blocks + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9


def svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/2000/svg">{inside}</svg>'.encode()


def acting(action: str, packed: bool = False) -> bytes:
    """A PDF whose first page carries out this action as soon as it is opened."""
    made = pdf([b"Trang mot co mot it chu de doc"])
    added = f"<</Type/Action{action}>>".encode()
    if packed:
        stream = zlib.compress(b"9 0 " + added)
        added = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
            len(stream),
            stream,
        )
    opened = made.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction 9 0 R")
    return opened.replace(b"xref\n", b"9 0 obj" + added + b"endobj\nxref\n", 1)


def book(container: str = CONTAINER, bomb: int = 0) -> Make:
    """A pack with an EPUB."""

    def make(made: Path) -> None:
        epub(made / "b.epub", {"Một": "<p>Chương một.</p>"}, container)
        if bomb:
            with zipfile.ZipFile(made / "b.epub", "a", zipfile.ZIP_DEFLATED) as opened:
                opened.writestr("OEBPS/more.xhtml", b"0" * bomb)

    return folder_with(make, TOML + '[[item]]\ntitle = "B"\nfile = "b.epub"\n')


def zim(change: Callable[[bytearray], object] = lambda _data: None) -> Make:
    """A pack with an archive, changed."""

    def make(made: Path) -> None:
        archive(made / "z.zim", 3)
        data = bytearray((made / "z.zim").read_bytes())
        change(data)
        (made / "z.zim").write_bytes(bytes(data))

    return folder_with(make, TOML + '[[item]]\ntitle = "Z"\nfile = "z.zim"\n')


def lie(place: int, value: int) -> Callable[[bytearray], object]:
    """A change of one of the header's places."""

    def change(data: bytearray) -> None:
        data[place : place + 8] = struct.pack("<Q", value)

    return change


def rot(data: bytearray) -> None:
    data[len(data) // 2] ^= 0xFF


def site(*entries: tuple[str, bytes]) -> Make:
    """A pack with an item that is a ZIP of pages."""

    def make(made: Path) -> None:
        with zipfile.ZipFile(made / "site.zip", "w", zipfile.ZIP_DEFLATED) as opened:
            for name, data in entries:
                opened.writestr(name, data)

    return folder_with(make, TOML + '[[item]]\ntitle = "S"\nfile = "site.zip"\n')


FEED = """<?xml version="1.0"?>{type}<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>{links}
<entry><title>Sách</title><link rel="http://opds-spec.org/acquisition" type="{kind}" href="{href}"/></entry></feed>"""


def feed(
    kind: str = "application/pdf", href: str = "s.pdf", links: str = "", title: str = "Kho", doctype: str = ""
) -> Make:
    """A catalogue with one document beside it, and a second page."""

    def make(folder: Path) -> Path:
        text = FEED.format(type=doctype, title=title, links=links, kind=kind, href=href)
        (folder / "bad.xml").write_text(text, encoding="utf-8")
        more = FEED.format(type="", title="", links=links.replace("two.xml", "bad.xml"), kind=kind, href="t.pdf")
        (folder / "two.xml").write_text(more.replace("Sách", "Sách hai"), encoding="utf-8")
        for name in ("s.pdf", "t.pdf"):
            (folder / name).write_bytes(pdf([f"Trang cua {name} co nhieu chu de doc".encode()]))
        return folder / "bad.xml"

    return make


LAUGHS = '<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
DECOMPOSED = unicodedata.normalize("NFD", "đẹp.html")
GOOD_SITE = (("index.html", b"<h1>S</h1>"), ("b.html", b"b"))
JUST_A_ZIP = zipped(("b.html", b"b"))

# what it is -> (the pack that means harm, its twin that does not)
HOSTILE: dict[str, tuple[Make, Make]] = {
    "zip slip": (zipped(("../evil.html", b"x")), zipped(("up/evil.html", b"x"))),
    "zip slip deep": (zipped(("a/../../evil.html", b"x")), zipped(("b/c/evil.html", b"x"))),
    "absolute path": (zipped(("/etc/evil", b"x")), zipped(("etc/evil", b"x"))),
    "backslash": (zipped((zipfile.ZipInfo("a\\..\\evil"), b"x")), zipped(("b/evil", b"x"))),
    "drive letter": (zipped(("c:/evil", b"x")), zipped(("c/evil", b"x"))),
    "device of Windows": (zipped(("nul.html", b"x")), zipped(("null.html", b"x"))),
    "device as a folder": (zipped(("a/COM1/x.html", b"x")), zipped(("b/COM11/x.html", b"x"))),
    "dot at the end": (zipped(("b.html.", b"x")), zipped(("b.html", b"x"))),
    "newline in a name": (zipped(("a\nb.html", b"x")), zipped(("a b.html", b"x"))),
    "endless name": (zipped(("a" * 300 + ".html", b"x")), zipped(("a" * 200 + ".html", b"x"))),
    "symlink": (zipped((entry(stat.S_IFLNK), b"/etc/passwd")), zipped((entry(stat.S_IFREG), b"/etc/passwd"))),
    "device": (zipped((entry(stat.S_IFCHR), b"")), zipped((entry(stat.S_IFREG), b""))),
    "fifo": (zipped((entry(stat.S_IFIFO), b"")), zipped((entry(stat.S_IFREG), b""))),
    "one name twice": (zipped(("b.html", b"x"), ("b.html", b"y")), zipped(("b.html", b"x"), ("c.html", b"y"))),
    "capitals": (zipped(("A.html", b"x")), zipped(("B.html", b"x"))),
    "marks apart": (zipped(("đẹp.html", b"x"), (DECOMPOSED, b"y")), zipped((DECOMPOSED, b"y"))),
    "file and folder": (zipped(("a.html/b.html", b"x")), zipped(("a/b.html", b"x"))),
    "bomb": (zipped(("bomb.txt", b"0" * 80_000_000)), zipped(("text.txt", os.urandom(4_000) * 100))),
    "files over one another": (
        changed(zipped(("b.txt", b"same" * 9), ("c.txt", b"same" * 9)), overlap),
        zipped(("b.txt", b"same" * 9), ("c.txt", b"same" * 9)),
    ),
    "says it is small": (
        changed(zipped(("big.txt", b"0123456789" * 100_000)), sized(10)),
        zipped(("big.txt", b"0123456789" * 100_000)),
    ),
    "says it is large": (
        changed(zipped(("big.txt", os.urandom(1_000_000))), sized(1_100_000)),
        zipped(("big.txt", b"0")),
    ),
    "encrypted": (changed(JUST_A_ZIP, encrypt), JUST_A_ZIP),
    "cut": (changed(JUST_A_ZIP, lambda data: data.__delitem__(slice(150, None))), JUST_A_ZIP),
    "rotten": (changed(zipped(("r.txt", os.urandom(4_000))), lambda data: rot(data)), zipped(("r.txt", b"r" * 4_000))),
    "ten thousand files": (
        zipped(*((f"f{n}", b"") for n in range(9_998))),
        zipped(*((f"f{n}", b"") for n in range(300))),
    ),
    "ZIP in a ZIP: bomb": (site(*GOOD_SITE, ("b.txt", b"0" * 80_000_000)), site(*GOOD_SITE)),
    "ZIP in a ZIP: slip": (site(*GOOD_SITE, ("../../evil.html", b"x")), site(*GOOD_SITE, ("evil.html", b"x"))),
    "link in a folder": (
        folder_with(lambda made: (made / "l.txt").symlink_to("/etc/passwd")),
        folder_with(lambda made: (made / "l.txt").write_text("/etc/passwd")),
    ),
    "link to a folder": (
        folder_with(lambda made: (made / "sub").symlink_to("/etc")),
        folder_with(lambda made: (made / "sub").mkdir()),
    ),
    "pipe in a folder": (
        folder_with(lambda made: os.mkfifo(made / "p")),
        folder_with(lambda made: (made / "p").write_text("")),
    ),
    "hollow file": (sparse(True), sparse(False)),
    "file outside": (toml(HEAD + '[[item]]\ntitle = "A"\nfile = "../../../etc/passwd"'), toml(TOML)),
    "bad toml": (toml("id = ["), toml(TOML)),
    "deep toml": (toml("a = " + "[" * 5_000), toml("a = [[[]]]\n" + TOML)),
    "script as a link": (
        toml(HEAD + '[[item]]\nid = "a"\ntitle = "A"\nurl = "javascript:alert(1)"'),
        toml(HEAD + '[[item]]\nid = "a"\ntitle = "A"\nurl = "https://example.org/"'),
    ),
    "huge picture": (with_file("p.png", png(60_000, 60_000)), with_file("p.png", png(600, 600))),
    "huge picture behind much": (
        with_file("p.jpg", jpeg(30_000, 30_000, 9)),
        with_file("p.jpg", jpeg(3_000, 3_000, 9)),
    ),
    "script in a drawing": (
        with_file("d.svg", svg("<script>fetch('//x')</script>")),
        with_file("d.svg", svg("<title>script</title>")),
    ),
    "script by another name": (
        with_file("d.svg", svg("<x:script>fetch('//x')</x:script>")),
        with_file("d.svg", svg("<x:circle r='1'/>")),
    ),
    "drawing that asks elsewhere": (
        with_file("d.svg", svg('<image href="https://x.example/t.png"/>')),
        with_file("d.svg", svg('<image href="t.png"/>')),
    ),
    "page as a picture": (with_file("p.png", b"<html><script>1</script>"), with_file("p.html", b"<html><p>1</p>")),
    "page as a PDF": (
        with_file("p.pdf", b"<!doctype html><script>1</script>", "P"),
        with_file("p.pdf", pdf([b"Mot trang co du chu de doc"]), "P"),
    ),
    "nothing known as a book": (with_file("b.epub", b"Rar!" * 99, "B"), book()),
    "program as a film": (with_file("f.mp4", b"MZ" + b"\0" * 99, "F"), with_file("f.mp4", b"\0\0\0\x18ftypmp42", "F")),
    "program": (with_file("setup.exe", b"MZ" + b"\0" * 99), with_file("setup.txt", b"Mo dau")),
    "PDF with JavaScript": (
        with_file("p.pdf", acting("/S/JavaScript/JS(app.launchURL('http://x'))"), "P"),
        with_file("p.pdf", acting("/S/GoTo/D[4 0 R/Fit]"), "P"),
    ),
    "PDF with JavaScript by #": (
        with_file("p.pdf", acting("/S/Java#53cript/#4aS(1)"), "P"),
        with_file("p.pdf", acting("/S/GoT#6f/D[4 0 R/Fit]"), "P"),
    ),
    "PDF with JavaScript packed": (
        with_file("p.pdf", acting("/S/JavaScript/JS(1)", packed=True), "P"),
        with_file("p.pdf", acting("/S/GoTo/D[4 0 R/Fit]", packed=True), "P"),
    ),
    "PDF that starts programs": (
        with_file("p.pdf", acting("/S/Launch/F(/bin/sh)"), "P"),
        with_file("p.pdf", acting("/S/Named/N/NextPage"), "P"),
    ),
    "PDF that sends": (
        with_file("p.pdf", acting("/S/SubmitForm/F(http://x.example)"), "P"),
        with_file("p.pdf", acting("/S/URI/URI(http://x.example)"), "P"),
    ),
    "endless subtitles": (
        with_file("f.vtt", b"WEBVTT\n" + b"\n00:01.000 --> 00:02.000\nx\n" * 200_000),
        with_file("f.vtt", b"WEBVTT\n" + b"\n00:01.000 --> 00:02.000\nx\n" * 20_000),
    ),
    "book that laughs": (book(CONTAINER.replace("?>", "?>" + LAUGHS.replace("feed", "container"), 1)), book()),
    "book that reads our files": (
        book(
            CONTAINER.replace("?>", "?>" + OUTSIDE.replace("feed", "container"), 1).replace("book.opf", "&a;book.opf")
        ),
        book(CONTAINER.replace("?>", "?><!DOCTYPE container>", 1)),
    ),
    "book that is a bomb": (book(bomb=80_000_000), book(bomb=1_000)),
    "archive with another checksum": (zim(rot), zim()),
    "archive cut": (zim(lambda data: data.__delitem__(slice(len(data) // 2, None))), zim()),
    "archive whose entries lie": (zim(lie(32, 1 << 40)), zim()),
    "archive whose clusters lie": (zim(lie(48, 90)), zim()),
    "archive of no entries": (zim(lambda data: data.__setitem__(slice(24, 28), b"\xff\xff\xff\xff")), zim()),
    "no archive": (with_file("z.zim", b"ZIM\x04" + b"\xff" * 200, "Z"), zim()),
    "catalogue that laughs": (feed(doctype=LAUGHS, title="&b;"), feed(title="b")),
    "catalogue that reads our files": (feed(doctype=OUTSIDE, title="&a;"), feed(doctype="<!DOCTYPE feed>")),
    "catalogue in a circle": (
        feed(links='<link rel="next" href="two.xml"/>'),
        feed(links='<link rel="previous" href="two.xml"/>'),
    ),
    "catalogue with files outside": (feed(href="../../../../etc/passwd"), feed(href="./s.pdf")),
    "catalogue of programs": (feed(kind="application/x-msdownload"), feed()),
    "no catalogue": (
        changed(feed(), lambda data: data.__setitem__(slice(None), b"<html/>")),
        feed(),
    ),
}
# Who is not root cannot make a file of somebody else.
if os.geteuid() == 0:
    HOSTILE["another's file"] = hard_linked(65_534), hard_linked(os.getuid())
