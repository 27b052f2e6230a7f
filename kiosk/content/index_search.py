"""Searching an index: the tiers of tiers.py one after the other; where they find nothing index_meant.py helps.

Rows are ranked by SQLite (bm25) only where the words are rare enough for that to take a moment; of words that stand
everywhere the first rows are as good as any, and ranking 50,000 of them would take 50 ms.
"""

import zlib
from collections.abc import Sequence

from kiosk.content.folding import fold, tidy
from kiosk.content.index_build import SHIFT, item_of
from kiosk.content.index_meant import PerhapsMeant
from kiosk.content.items import Item
from kiosk.content.results import Hit, Results
from kiosk.content.snippets import snippet
from kiosk.content.tiers import Query, Tier, loose, strict

# Up to so many parts that hold the rarest word, and all words together, rows are ranked.
RANKED_RARE, RANKED_ALL = 400, 8_000
# Entries of the index that one more tier may cost once something was found: two or three milliseconds. A library of
# 2,000 items never comes near it.
MOST_ENTRIES = 30_000
# With one word missing most hits are about something else: only where fewer than this were found.
ENOUGH = 3
CANDIDATES = 120
MAX_HITS = 50


class Searching(PerhapsMeant):
    """What Index can find. Not for several threads at once."""

    def search(self, text: str, language: str = "vi", limit: int = 10, links: bool = True) -> Results:
        """The best `limit` hits; suggestions where not all the words were found together."""
        self._hide(links)
        query, limit = Query.of(text), max(1, min(limit, MAX_HITS))
        if not query.typed:
            return Results(text)
        found = self._exact(query)
        by_name = bool(found)
        counts = self._counts(query.folded)
        for tier in strict(query):
            self._collect(tier, counts, language, found, limit)
        # Somebody who typed a whole title has found what they were looking for.
        if len(found) < ENOUGH and not by_name:
            for tier in loose(query):
                self._collect(tier, counts, language, found, limit)
        hits = tuple(self._hit(no, part, why, query) for no, (part, why) in list(found.items())[:limit])
        if any(hit.why != "some" for hit in hits):
            return Results(text, hits)
        corrected = self._corrected(query)
        near = () if hits else tuple(self._near(query, corrected))
        return Results(text, hits, tuple(corrected), near)

    def suggest(self, text: str, limit: int = 8, links: bool = True) -> list[Item]:
        """Items whose title has these words, the last of which may be only begun; for type-ahead."""
        self._hide(links)
        query = Query.of(text)
        if not query.typed:
            return []
        *whole, begun = query.folded
        match = "{folded} : (" + " AND ".join([*(f'"{word}"' for word in whole), f'"{begun}" *']) + ")"
        typed = " ".join(query.folded)
        rows = self._db.execute(
            "SELECT no FROM titles_exact WHERE title >= ? AND title < ? LIMIT 60", (typed, typed + "\U0010ffff")
        ).fetchall()
        rows += self._db.execute("SELECT rowid FROM titles WHERE titles MATCH ? LIMIT 60", (match,)).fetchall()
        items = self._rows([no for (no,) in rows])

        def order(item: Item) -> tuple[bool, bool, int]:
            title = tidy(item.title)
            as_typed = all(word.lower() in title.lower() for word in query.typed)
            return query.with_marks and not as_typed, not fold(title).startswith(typed), len(title)

        return sorted(items.values(), key=order)[:limit]

    def _counts(self, folded: Sequence[str]) -> list[int]:
        """In how many parts each of the words stands, about: a word spelled in several ways counts for each."""
        marks = ",".join("?" * len(folded))
        rows = self._db.execute(f"SELECT word, sum(parts) FROM words WHERE word IN ({marks}) GROUP BY word", folded)
        counts = dict(rows.fetchall())
        return [counts.get(word, 0) for word in folded]

    def _collect(
        self, tier: Tier, counts: list[int], language: str, found: dict[int, tuple[int, str]], limit: int
    ) -> None:
        """Add the items of a tier that are not yet there, each with the part that was found first."""
        if len(found) >= limit or (found and tier.table == "texts" and sum(counts) > MOST_ENTRIES):
            return
        ranked = min(counts) <= RANKED_RARE and sum(counts) <= RANKED_ALL
        if tier.table == "titles":
            items = self._rows([no for no in self._matching(tier, False) if no not in found])
            new = list(items)
            new.sort(key=lambda no: (len(items[no].title), items[no].language != language, no))
            found.update((no, (no << SHIFT, tier.name)) for no in new)
            return
        after = -1
        for _step in range(limit + 1):
            rows = self._matching(tier, ranked, after)
            for part in rows:
                if part >> SHIFT not in self._hidden:
                    found.setdefault(part >> SHIFT, (part, tier.name))
            if len(found) >= limit or len(rows) < CANDIDATES:
                return
            if ranked:  # one long item filled the list: begin again in the order of the items
                ranked = False
                continue
            # One long item filled the whole list: go on behind it.
            after = ((max(rows) >> SHIFT) + 1 << SHIFT) - 1

    def _matching(self, tier: Tier, ranked: bool, after: int = -1) -> list[int]:
        order = "ORDER BY bm25(texts, 4, 1, 4, 1)" if ranked else ""
        rows = self._db.execute(
            f"SELECT rowid FROM {tier.table} WHERE {tier.table} MATCH ? AND rowid > ? {order} LIMIT ?",
            (tier.match, after, CANDIDATES),
        )
        return [no for (no,) in rows]

    def _hit(self, no: int, part: int, why: str, query: Query) -> Hit:
        (data,) = self._db.execute("SELECT data FROM items WHERE no = ?", (no,)).fetchone()
        place, label, text = self._db.execute("SELECT place, label, text FROM parts WHERE no = ?", (part,)).fetchone()
        shown = snippet(zlib.decompress(text).decode(), query.folded, start=why == "title")
        return Hit(item_of(data), why, place, label, shown)
