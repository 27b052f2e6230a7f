"""The sign by which tests know our cover from a picture of it: 24 blocks whose colours follow from a random token.

Each block differs from the ground by -3 to +3 in each channel: nobody sees it, a program reads it exactly. The blocks
stand in the bottom left corner of every screen of the lock, painted by the X server itself as a window's ground.
"""

import os
import zlib

BLOCKS, SIDE = 24, 4
WIDTH, HEIGHT = BLOCKS * SIDE, SIDE


def token() -> str:
    """A new random token for one process."""
    return os.urandom(8).hex()


def colours(marker: str, ground: int) -> list[int]:
    """The blocks' colours (0xRRGGBB) for a token on a ground; the same token gives other blocks on another ground."""
    # Not hashlib: it brings 4 MB of OpenSSL into a process that needs nothing else of it.
    noise = [zlib.crc32(f"{marker} {place}".encode()) for place in range(BLOCKS)]
    blocks = []
    for place in range(BLOCKS):
        pixel = 0
        for channel, shift in enumerate((16, 8, 0)):
            level = ground >> shift & 0xFF
            middle = min(max(level, 3), 252)
            pixel |= (middle + (noise[place] >> 8 * channel) % 7 - 3) << shift
        blocks.append(pixel)
    return blocks


def matches(marker: str, grounds: "tuple[int, ...]", row: list[int]) -> bool:
    """Whether one row of WIDTH pixels (0xRRGGBB) is this token's row on any of the grounds, every pixel exactly."""
    for ground in grounds:
        if all(
            row[x] == pixel
            for place, pixel in enumerate(colours(marker, ground))
            for x in range(place * SIDE, (place + 1) * SIDE)
        ):
            return True
    return False
