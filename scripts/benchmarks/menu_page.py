"""What the citizen's browser loads for the first page of the menu."""

import re
import urllib.parse
import urllib.request

from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import station

LINKED = re.compile(r"""(?:src|href)="(/static/[^"]+)\"""")


def measure() -> list[Figure]:
    """Bytes of the page, and of everything that it names besides."""
    with station() as running:
        root = f"http://127.0.0.1:{running.menu}/"
        page = _fetch(root)
        linked = {urllib.parse.urljoin(root, address) for address in LINKED.findall(page.decode())}
        rest = sum(len(_fetch(address)) for address in sorted(linked))
    note = f"{len(linked)} files besides the page, {rest} bytes, kept by the browser"
    return [
        Figure("menu home page", len(page), "bytes", note="HTML as sent, not compressed"),
        Figure("menu home page with all it loads", len(page) + rest, "bytes", note=note),
    ]


def _fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return bytes(answer.read())
