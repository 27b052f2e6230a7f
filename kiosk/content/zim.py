"""Searching inside ZIM archives, by the index that each brings with it. Needs the extra `zim` (python-libzim, GPL-3).

Those indexes drop the marks of a text but keep its đ, so words are asked for without marks, and each that begins with d
also with đ. Without the extra nothing is found inside, and `available` says so.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kiosk.content.folding import fold, tidy, words
from kiosk.content.items import Item
from kiosk.content.results import Hit, Results

MAX_WORDS = 6
MAX_VARIANTS = 8
PER_ARCHIVE = 10


def available() -> bool:
    """Whether archives can be read on this machine."""
    return find_spec("libzim") is not None


def variants(text: str) -> list[str]:
    """The query as such an index can find it: without marks, with every reading of d, at most MAX_VARIANTS."""
    choices = []
    for word in words(tidy(text))[:MAX_WORDS]:
        plain = fold(word)
        if word.lower().startswith("đ"):
            choices.append(["đ" + plain[1:], plain])
        elif plain.startswith("d") and plain == word.lower():
            choices.append([plain, "đ" + plain[1:]])
        else:
            choices.append([plain])
    return [" ".join(one) for one in itertools.islice(itertools.product(*choices), MAX_VARIANTS)] if choices else []


class Archives:
    """The archives of a library, opened when first searched. Used by one thread at a time."""

    def __init__(self) -> None:
        self._open: dict[Path, Any] = {}

    def forget(self) -> None:
        """Let go of all of them."""
        self._open.clear()

    def merged(self, results: Results, archives: Iterable[tuple[Item, Path]], limit: int) -> Results:
        """The results with what stands in the archives: behind hits by title and phrase, before weaker ones."""
        found = [hit for item, path in archives for hit in self.search(item, path, results.query)]
        if not found:
            return results
        strong = [hit for hit in results.hits if hit.why in ("title", "phrase")]
        weak = [hit for hit in results.hits if hit.why not in ("title", "phrase")]
        # Always room for a few from inside, so that one kind does not hide the other.
        room = max(limit - len(strong), min(3, len(found)))
        hits = (*strong[: limit - min(room, len(found))], *found[:room], *weak)[:limit]
        return replace(results, hits=hits, did_you_mean=(), near=())

    def search(self, item: Item, path: Path, text: str) -> list[Hit]:
        """Articles of one archive, by its titles first, then by its texts."""
        asked = variants(text)
        if not asked or not available():
            return []
        try:
            archive = self._archive(path)
            return self._hits(archive, item, asked)
        except (RuntimeError, OSError, KeyError):
            return []  # damaged, or without an index

    def _archive(self, path: Path) -> Any:
        from libzim.reader import Archive

        if path not in self._open:
            self._open[path] = Archive(path)
        return self._open[path]

    def _hits(self, archive: Any, item: Item, asked: Sequence[str]) -> list[Hit]:
        from libzim.search import Query, Searcher
        from libzim.suggestion import SuggestionSearcher

        places: dict[str, None] = {}
        if archive.has_title_index:
            for text in asked:
                found = SuggestionSearcher(archive).suggest(text)
                places.update(dict.fromkeys(found.getResults(0, PER_ARCHIVE)))
        if archive.has_fulltext_index:
            for text in asked:
                searched = Searcher(archive).search(Query().set_query(text))
                places.update(dict.fromkeys(searched.getResults(0, PER_ARCHIVE)))
        hits = []
        for place in list(places)[:PER_ARCHIVE]:
            entry = archive.get_entry_by_path(place)
            hits.append(Hit(item, "inside", label=str(entry.title), inside=str(entry.path)))
        return hits
