"""The lines of a bundle that was stored, as plain dicts: intake has checked them, so they are parsed lightly."""

import json
import zlib
from typing import Any

Line = dict[str, Any]


def lines_of(content: bytes) -> list[Line]:
    """All lines of a bundle that was stored, the manifest first. Bytes that are no such bundle: ValueError."""
    try:
        plain = zlib.decompress(content, wbits=31)
    except zlib.error:
        raise ValueError("not gzip") from None
    text = plain.decode("utf-8", "surrogatepass")
    try:
        found = json.loads("[" + text.rstrip("\n").replace("\n", ",") + "]")
    except ValueError:  # ends of lines of another system are whitespace to JSON
        found = [json.loads(line) for line in plain.splitlines()]
    # A half of a character, or none: engines refuse texts with them.
    return _cleaned(found) if b"\\u" in plain or b"\xed" in plain else found  # type: ignore[no-any-return]


def figures_of(lock: Line) -> list[Line]:
    """A line for each figure of a lock, and one where it has none."""
    figures, versions = (dict(lock.get(name) or {}) for name in ("figures", "versions"))
    return [
        {**lock, "code": code, "figure": _text_or_none(figures.get(code)), "version": _text_or_none(versions.get(code))}
        for code in sorted(figures) or [""]
    ]


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) or value is None else json.dumps(value)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    return value
