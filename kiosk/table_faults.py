"""Cells of a workbook that show a fault: readers of workbooks give them as empty, and empty they are not."""

import io
import re
import zipfile
from collections.abc import Iterator

# A cell of a sheet as Excel writes it: its attributes, and what is in it.
_CELL = re.compile(r"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)


def faults(content: bytes, name: str) -> Iterator[tuple[int, int, str]]:
    """(row, column, text) of cells that show a fault, and of formulas that nobody worked out: both read as empty."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = _part_of(archive, name)
        xml = archive.read(part).decode("utf-8", "replace") if part else ""
    if 't="e"' not in xml and "<f" not in xml:
        return
    for found in _CELL.finditer(xml):
        attributes, inside = found[1], found[2] or ""
        value = re.search(r"<v>(.*?)</v>", inside, re.DOTALL)
        place = re.search(r'\br="([A-Z]{1,3})(\d{1,7})"', attributes)
        if place and 't="e"' in attributes:
            yield int(place[2]) - 1, _column(place[1]), value[1] if value else "#ERROR"
        elif place and "<f" in inside and value is None and "<is>" not in inside:
            yield int(place[2]) - 1, _column(place[1]), "=…"


def _part_of(archive: zipfile.ZipFile, name: str) -> str:
    """The file of a sheet inside an .xlsx; "" in a file of another kind."""
    from xml.etree import ElementTree

    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return ""
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for one in book.iter():
        if one.tag.endswith("}sheet") and one.get("name") == name:
            number = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
            target = targets.get(number, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return path if path in archive.namelist() else ""
    return ""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
