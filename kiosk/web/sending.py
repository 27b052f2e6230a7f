"""Sending a file of any size: one Range at a time, in small pieces, and never with all the threads of the server.

A film is asked for by ranges. What a player asks for "to the end" is answered with a stretch of STRETCH bytes, after
which it asks for the next: so no player holds a thread while somebody watches (RFC 9110, 15.3.7: a server may send
less than was asked). What must go out whole takes one of a few places, and is told to come again when none is free.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from flask import Response, request
from werkzeug.http import parse_range_header, quote_etag

PIECE = 128 * 1024
STRETCH = 2 << 20
SMALL = 512 * 1024  # up to here an answer fits the buffers of a connection and asks for no place
PLACES = 5
WAIT_SECONDS = 2


class Readable(Protocol):
    """What bytes can be taken from."""

    def seek(self, place: int, /) -> int: ...

    def read(self, count: int, /) -> bytes: ...

    def close(self) -> None: ...


class _Memory:
    """A view of bytes, read piece by piece without a second copy of it all."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._place = data, 0

    def seek(self, place: int) -> int:
        self._place = place
        return place

    def read(self, count: int) -> bytes:
        piece = bytes(self._data[self._place : self._place + count])
        self._place += len(piece)
        return piece

    def close(self) -> None:
        self._data = memoryview(b"")


class _Window:
    """A stretch of a file as if it were one."""

    def __init__(self, path: Path, first: int, length: int) -> None:
        self._file, self._first, self._left = open(path, "rb"), first, length
        self._file.seek(first)
        self._end = first + length

    def seek(self, place: int) -> int:
        self._left = max(0, self._end - self._first - place)
        return self._file.seek(self._first + place) - self._first

    def read(self, count: int) -> bytes:
        piece = self._file.read(min(count, self._left))
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._file.close()


class Sending:
    """The places of one server for long answers; fewer than its threads, so that a page always finds one."""

    def __init__(self, places: int = PLACES) -> None:
        self._free = threading.BoundedSemaphore(places)

    def file(self, path: Path, kind: str, etag: str) -> Response:
        """The answer to the present request for this file; FileNotFoundError where it is not.

        `etag` names the bytes: the same etag, the same bytes.
        """
        size = path.stat().st_size
        return self._answer(lambda: open(path, "rb"), size, kind, etag)

    def memory(self, data: memoryview, kind: str, etag: str) -> Response:
        """The same for bytes that are in memory anyway."""
        return self._answer(lambda: _Memory(data), len(data), kind, etag)

    def window(self, path: Path, first: int, length: int, kind: str, etag: str) -> Response:
        """The same for a stretch of a file."""
        return self._answer(lambda: _Window(path, first, length), length, kind, etag)

    def _answer(self, opened: Callable[[], Readable], size: int, kind: str, etag: str) -> Response:
        tag = quote_etag(etag)
        headers = {"Accept-Ranges": "bytes", "ETag": tag, "Content-Type": kind}
        if request.if_none_match.contains(etag):
            return Response(status=304, headers=headers)
        wanted = _wanted(size, etag)
        if wanted is not None and wanted[0] >= wanted[1]:
            return Response(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        first, end = wanted or (0, size)
        status = 200
        if wanted is not None:
            status = 206
            if request.headers.get("Sec-Fetch-Dest") in ("video", "audio"):
                end = min(end, first + STRETCH)
            headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
        headers["Content-Length"] = str(end - first)
        if request.method == "HEAD":
            return Response(status=status, headers=headers)
        return self._body(opened(), first, end - first, status, headers)

    def _body(self, file: Readable, first: int, length: int, status: int, headers: dict[str, str]) -> Response:
        long = length > SMALL
        if long and not self._free.acquire(blocking=False):
            file.close()
            return Response("busy\n", 503, {"Retry-After": str(WAIT_SECONDS), "Content-Type": "text/plain"})
        file.seek(first)
        return Response(_Pieces(file, length, self._free if long else None), status, headers, direct_passthrough=True)


class _Pieces:
    """Some bytes of a file; closed by whoever sends them, also when the reader is gone."""

    def __init__(self, file: Readable, left: int, place: threading.BoundedSemaphore | None) -> None:
        self._file, self._left, self._place = file, left, place

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (piece := self._file.read(min(PIECE, self._left))):
            self._left -= len(piece)
            yield piece

    def __del__(self) -> None:
        # An answer that never reached the server: its view turned to another one.
        self.close()

    def close(self) -> None:
        """Let go of the file and of the place; twice does no harm."""
        self._file.close()
        place, self._place = self._place, None
        if place is not None:
            place.release()


def _wanted(size: int, etag: str) -> tuple[int, int] | None:
    """First byte and end of the one range that is asked for; None: send everything; an empty one: there is no such."""
    asked = parse_range_header(request.headers.get("Range"))
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    condition = request.headers.get("If-Range")
    if condition is not None and condition.strip() != quote_etag(etag):
        return None  # another file by now: from the beginning
    start, stop = asked.ranges[0]
    if start < 0:
        return max(0, size + start), size
    return (start, min(size, size if stop is None else stop)) if start < size else (0, 0)
