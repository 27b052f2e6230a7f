"""What was perhaps meant: other spellings of words that stand nowhere, and titles that come near."""

import sqlite3
from collections.abc import Iterable, Sequence

from kiosk.content.folding import marked, tidy, words
from kiosk.content.index_build import SHIFT, item_of
from kiosk.content.items import Item
from kiosk.content.spelling import slips
from kiosk.content.tiers import Query, strict


class Rows:
    """The items of an index that the present question may find."""

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


class PerhapsMeant(Rows):
    """Where not all the words were found together."""

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
