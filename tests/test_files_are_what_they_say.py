"""A file comes into the library only as what it is: no program, no drawing that acts, no huge picture."""

import struct
import zlib
from pathlib import Path

import pytest

from kiosk.content.checks import trouble
from kiosk.content.file_kinds import picture_kind, size_of
from kiosk.content.imports import add
from kiosk.content.shelves import Shelves
from kiosk.errors import KioskError
from tests.pack_support import pack, pdf
from tests.viewer_support import DOT


def png(width: int, height: int) -> bytes:
    """A PNG that says this size and is nearly empty."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def jpeg(width: int, height: int) -> bytes:
    """The beginning of a JPEG, with a comment before its size."""
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\x01\x11\x00" * 3
    return b"\xff\xd8\xff\xfe\x00\x06abcd" + frame


def webp(width: int, height: int) -> bytes:
    """The beginning of a WebP of the extended kind."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + size


GIF = b"GIF89a" + struct.pack("<HH", 30_000, 2)
SVG = "<svg xmlns='http://www.w3.org/2000/svg'>{}</svg>"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.png", png(30_000, 3_000), "30000"), ("a.jpg", jpeg(9_000, 9_000), "9000"),
        ("a.webp", webp(1, 25_000), "25000"),
        ("a.gif", GIF, "30000"), ("a.png", jpeg(10, 10), "not what"),
        ("a.jpg", b"<!doctype html><script>x</script>", "not what"),
        ("a.pdf", b"<html><body>x</body></html>", "not what"), ("a.mp4", pdf([b"x"]), "not what"),
        ("a.html", pdf([b"x"]), "not what"), ("a.vtt", b"PK\x03\x04zip", "not what"),
        ("a.png", b"\x7fELF\x02", "program"),
        ("tool.exe", b"MZ\x90\x00", "program"), ("data.bin", b"\x7fELF\x02", "program"),
        ("a.html", b"#!/bin/sh\nrm", "program"),
        ("a.svg", SVG.format("<script>alert(1)</script>"), "script"),
        ("a.svg", SVG.format("<rect onload='x()'/>"), "script"),
        ("a.svg", SVG.format("<a href='javascript:x'/>"), "script"),
        ("a.svg", SVG.format("<image href='http://203.0.113.9/x.png'/>"), "script"),
        ("a.svg", SVG.format("<style>@import '//203.0.113.9/x'</style>"), "script"),
        ("a.svg", SVG.format("<foreignObject/>"), "script"),
        ("a.svg", '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "script"),
    ],
)  # fmt: skip
def test_what_must_not_come_in_is_refused_and_nothing_is_kept(
    name: str, data: bytes | str, why: str, tmp_path: Path
) -> None:
    manifest = 'id = "p"\n[[item]]\ntitle = "A"\nfile = "text.html"\ntheme = "gov"\n'
    source = pack(tmp_path / "p", manifest, {"text.html": "<p>x</p>", name: data})
    shelves = Shelves(tmp_path / "content")
    with pytest.raises(KioskError, match=why) as error:
        add(shelves, source, "2026-11-20")
    assert name in str(error.value)
    assert shelves.packs() == []
    (source / name).unlink()
    assert add(shelves, source, "2026-11-20").items == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", png(6_000, 6_000)), ("a.jpg", jpeg(4_000, 3_000)), ("a.webp", webp(4_000, 3_000)),
        ("a.svg", DOT.encode()),
        ("a.pdf", pdf([b"x"])), ("a.html", b"<p>x"), ("a.html", b"\xef\xbb\xbf<!-- a --><html>"),
        ("a.txt", b"#!/usr/bin/x"),
        ("a.mp4", b"unreadable, yet no lie"), ("a.vtt", b"WEBVTT\n"), ("a.bin", b"PK\x03\x04"),
        ("a.svg", b"<?xml version='1.0'?>\n" + DOT.encode()),
    ],
)  # fmt: skip
def test_what_is_what_it_says_comes_in(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert trouble(tmp_path / name, name) == ""


def test_sizes_are_read_from_the_beginning() -> None:
    assert size_of(png(7, 9), "image/png") == (7, 9)
    assert size_of(jpeg(7, 9), "image/jpeg") == (7, 9)
    assert size_of(webp(7, 9), "image/webp") == (7, 9)
    assert size_of(GIF, "image/gif") == (30_000, 2)
    for cut in range(20):
        assert size_of(png(7, 9)[:cut], "image/png") == (0, 0)
        size_of(jpeg(7, 9)[:cut], "image/jpeg")
        size_of(webp(7, 9)[:cut], "image/webp")


def test_a_picture_in_a_book_is_one() -> None:
    assert picture_kind(png(1, 1)) == "image/png"
    assert picture_kind(DOT.encode()) == "image/svg+xml"
    for other in (b"<html>", b"", SVG.format("<script/>").encode(), pdf([b"x"])):
        assert picture_kind(other) == ""
