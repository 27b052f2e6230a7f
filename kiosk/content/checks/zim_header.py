"""ZIM archives that are cut, damaged or lie about where their parts are; read without any library.

The header (80 bytes) names where the lists of entries and clusters stand, and ends with the place of an MD5 over all
that comes before it (openZIM, "ZIM file format"). MD5 keeps nobody with bad intent away; it finds copies that broke.
"""

import hashlib
import struct
from pathlib import Path

from kiosk.content.files import CHUNK, Progress
from kiosk.translations import _

# magic, major, minor, uuid, entries, clusters, places of: paths, titles, clusters, types; main page, layout, checksum
HEADER = struct.Struct("<IHH16sIIQQQQIIQ")
MAGIC = 0x044D495A
VERSIONS = (5, 6)
DIGEST = 16
NO_LIST = 0xFFFFFFFFFFFFFFFF


def zim_trouble(path: Path, place: str, told: Progress = lambda _n: None) -> str:
    """Why the archive may not come in."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        head = file.read(HEADER.size)
        if len(head) < HEADER.size:
            return _("{name} is cut off", name=place)
        (magic, major, _minor, _uuid, entries, clusters, paths, titles, cluster_list, types, _main, _layout, checksum,
         ) = HEADER.unpack(head)  # fmt: skip
        if magic != MAGIC or major not in VERSIONS:
            return _("{name} is no ZIM archive of a known version", name=place)
        ends = [paths + 8 * entries, cluster_list + 8 * clusters, types + 1, checksum + DIGEST]
        if titles != NO_LIST:
            ends.append(titles + 4 * entries)
        if min(paths, cluster_list, types) < HEADER.size or checksum + DIGEST > size:
            return _("{name} is cut off", name=place)
        if max(ends) > size or checksum + DIGEST != size:
            return _("{name} says of its parts that they stand where they cannot be", name=place)
        if _outside(path, cluster_list, clusters, checksum):
            return _("{name} says of its parts that they stand where they cannot be", name=place)
        file.seek(0)
        digest, left = hashlib.md5(usedforsecurity=False), checksum
        while left and (chunk := file.read(min(CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
            told(len(chunk))
        if file.read(DIGEST) != digest.digest():
            return _("{name} is damaged: its checksum is another one", name=place)
    return ""


def _outside(path: Path, place: int, count: int, end: int) -> bool:
    """Whether one of the clusters would begin outside the archive."""
    with open(path, "rb") as file:
        file.seek(place)
        while count > 0:
            many = min(count, CHUNK // 8)
            found = struct.unpack(f"<{many}Q", file.read(8 * many))
            if min(found) < HEADER.size or max(found) >= end:
                return True
            count -= many
    return False
