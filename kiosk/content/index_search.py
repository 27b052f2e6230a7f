"""Searching an index: the tiers of tiers.py one after the other, and what was perhaps meant where they find nothing.

Rows are ranked by SQLite (bm25) only where the words are rare enough for that to take a moment; of words that stand
everywhere the first rows are as good as any, and ranking 50,000 of them would take 50 ms.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Sequence

from kiosk.content.folding import fold, marked, tidy, words
from kiosk.content.index_build import SHIFT, item_of
from kiosk.content.items import Item
from kiosk.content.results import Hit, Results
from kiosk.content.snippets import snippet
from kiosk.content.spelling import slips
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


class Searching:
    """What Index can find. Not for several threads at once."""

    _db: sqlite3.Connection
    # Numbers of items that the present question must not find.
    _hidden: frozenset[int] = frozenset()
    _links: frozenset[int] | None = None

    def _hide(self, links: bool) -> None:
        """Without `links` leave out what lies on the Internet."""
        if not links and self._links is None:
            rows = self._db.execute("SELECT no FROM items WHERE format = 'link'")
            self._links = frozenset(no for (no,) in rows)
        self._hidden = frozenset() if links else self._links or frozenset()

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

    def _rows(self, numbers: Sequence[int]) -> dict[int, Item]:
        if not numbers:
            return {}
        marks = ",".join("?" * len(numbers))
        rows = self._db.execute(f"SELECT no, data FROM items WHERE no IN ({marks})", list(numbers))
        return {no: item_of(data) for no, data in rows if no not in self._hidden}

    def _exact(self, query: Query) -> dict[int, tuple[int, str]]:
        """Items with just this title, those with the same marks first: item number -> part, why."""
        rows = self._db.execute(
            "SELECT no FROM titles_exact WHERE title = ? LIMIT 50", (" ".join(query.folded),)
        ).fetchall()
        items = self._rows([no for (no,) in rows])

        def order(no: int) -> tuple[bool, bool, int]:
            titles = [_marked(items[no].title), _marked(items[no].title_en)]
            return query.marked not in titles, not items[no].featured, no

        return {no: (no << SHIFT, "title") for no in sorted(items, key=order)}

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

    # What was perhaps meant

    def _corrected(self, query: Query) -> list[str]:
        """The query with each word that stands nowhere replaced by one that does, where that finds something."""
        options: list[list[str]] = []
        for typed, word in zip(query.typed, query.folded, strict=True):
            options.append([typed] if self._spellings([word]) else self._spellings(slips(word)))
        unknown = [place for place, one in enumerate(options) if one != [query.typed[place]]]
        if any(not one for one in options) or len(unknown) > 2:
            return []
        if not unknown:
            return self._one_slip(query)
        base = [one[0] for one in options]
        tried = [base]
        for place in unknown:
            tried += [[*base[:place], other, *base[place + 1 :]] for other in options[place][1:6]]
        good = [text for text in (" ".join(one) for one in tried) if self._finds(text)]
        good.sort(key=lambda text: not self._finds(text, titles_only=True))
        return list(dict.fromkeys(self._as_title(text) for text in good))[:3]

    def _as_title(self, text: str) -> str:
        """The title that these words are, with its own marks; else the words."""
        exact = self._exact(Query.of(text))
        return self._rows([next(iter(exact))])[next(iter(exact))].title if exact else text

    def _one_slip(self, query: Query) -> list[str]:
        """Every word exists, only not together: one of them may be another word."""
        made = []
        for place, word in enumerate(query.folded):
            for other in self._spellings(slips(word))[:12]:
                text = " ".join([*query.typed[:place], other, *query.typed[place + 1 :]])
                if self._finds(text, titles_only=True):
                    made.append(text)
                if len(made) == 3:
                    return made
        return made

    def _spellings(self, among: Iterable[str]) -> list[str]:
        """Those of the folded words that stand in some text, as most often spelled, the most frequent first."""
        wanted = list(among)
        marks = ",".join("?" * len(wanted))
        rows = self._db.execute(
            f"SELECT spelling, max(parts), sum(parts) AS all_parts FROM words WHERE word IN ({marks})"
            " GROUP BY word ORDER BY all_parts DESC LIMIT 20",
            wanted,
        )
        return [spelling for spelling, *_ in rows]

    def _finds(self, text: str, titles_only: bool = False) -> bool:
        tiers = [tier for tier in strict(Query.of(text)) if tier.table == "titles" or not titles_only]
        for tier in (tiers[-1], tiers[0]):
            asked = f"SELECT rowid FROM {tier.table} WHERE {tier.table} MATCH ? LIMIT {len(self._hidden) + 1}"
            found = {no if tier.table == "titles" else no >> SHIFT for (no,) in self._db.execute(asked, (tier.match,))}
            if found - self._hidden:
                return True
        return False

    def _near(self, query: Query, corrected: Sequence[str]) -> list[Item]:
        """Titles with one of the words, or with one of the corrected ones."""
        found: dict[str, Item] = {}
        asked = [Query.of(text).folded for text in corrected] + [(word,) for word in query.folded if len(word) > 1]
        for folded in asked:
            match = "{folded} : (" + " AND ".join(f'"{word}"' for word in folded) + ")"
            rows = self._db.execute("SELECT rowid FROM titles WHERE titles MATCH ? LIMIT 50", (match,)).fetchall()
            items = sorted(self._rows([no for (no,) in rows]).values(), key=lambda item: len(item.title))
            found.update((item.id, item) for item in items[:3])
        return list(found.values())[:5]


def _marked(title: str) -> tuple[str, ...]:
    return tuple(marked(word) for word in words(tidy(title)))
