"""What is asked of the index for some words, best first: pure. DESIGN.md section 8 has the reasons.

A query with marks means exactly these words, so wherever they stand comes before other words of the same letters. A
query without marks means any: then a title comes before a text.
"""

from dataclasses import dataclass

from kiosk.content.folding import fold, has_marks, marked, tidy, words

# More is no search any more; a pasted page would keep the station busy.
MAX_CHARS = 300
MAX_WORDS = 12
# Words with so many others between them still belong together: about a sentence.
NEAR = 12
# From so many words on, results may lack one.
SOME_WORDS = 3


@dataclass(frozen=True)
class Query:
    """The words that were typed, as typed, with marks, and without."""

    typed: tuple[str, ...]
    marked: tuple[str, ...]
    folded: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Query":
        """The first words of what was typed."""
        typed = tuple(words(tidy(text[:MAX_CHARS]))[:MAX_WORDS])
        return cls(typed, tuple(marked(word) for word in typed), tuple(fold(word) for word in typed))

    @property
    def with_marks(self) -> bool:
        """Whether any word was typed with a mark."""
        return any(has_marks(word) for word in self.typed)


@dataclass(frozen=True)
class Tier:
    """One question to the index: a table of it, an FTS5 expression, and what a hit of it is called."""

    name: str
    table: str
    match: str


def phrase(column: str, tokens: tuple[str, ...]) -> str:
    """These words side by side in a column (or a list of columns)."""
    return f'{{{column}}} : "{" ".join(tokens)}"'


def every(column: str, tokens: tuple[str, ...]) -> str:
    """All of these words, anywhere in the columns."""
    return f"{{{column}}} : (" + " AND ".join(f'"{token}"' for token in dict.fromkeys(tokens)) + ")"


def near(column: str, tokens: tuple[str, ...]) -> str:
    """All of these words within one sentence or so of a column, in any order."""
    different = tuple(dict.fromkeys(tokens))
    return f"{{{column}}} : NEAR(" + " ".join(f'"{token}"' for token in different) + f", {max(NEAR, 2 * len(tokens))})"


def strict(query: Query) -> list[Tier]:
    """The tiers in which every word is found."""
    title_marked = Tier("title", "titles", phrase("marked", query.marked))
    title_folded = Tier("title", "titles", phrase("folded", query.folded))
    text_marked = Tier("phrase", "texts", phrase("body_marked", query.marked))
    text_folded = Tier("phrase", "texts", phrase("body_folded", query.folded))
    if query.with_marks:
        tiers = [title_marked, text_marked, title_folded, text_folded]
    else:
        tiers = [title_marked, title_folded, text_folded]
    if len(query.typed) > 1:
        tiers.append(Tier("words", "titles", every("folded", query.folded)))
        if query.with_marks:
            tiers.append(Tier("words", "texts", near("body_marked", query.marked)))
            tiers.append(Tier("words", "texts", _as_typed(query)))
        else:
            tiers.append(Tier("words", "texts", near("body_folded", query.folded)))
        tiers.append(Tier("words", "texts", every("head_folded body_folded", query.folded)))
    else:
        tiers.append(Tier("words", "texts", every("head_folded body_folded", query.folded)))
    return tiers


def loose(query: Query) -> list[Tier]:
    """The tiers in which one word is missing, from three words on."""
    folded = tuple(dict.fromkeys(query.folded))
    if len(folded) < SOME_WORDS:
        return []
    fewer = [folded[:place] + folded[place + 1 :] for place in range(len(folded))]
    return [Tier("some", "titles", every("folded", rest)) for rest in fewer] + [
        Tier("some", "texts", every("head_folded body_folded", rest)) for rest in fewer
    ]


def _as_typed(query: Query) -> str:
    """All words: those typed with marks with these, the others with any."""
    pairs = dict.fromkeys(zip(query.typed, query.marked, query.folded, strict=True))
    return " AND ".join(
        f'{{head_marked body_marked}} : "{with_marks}"'
        if has_marks(typed)
        else f'{{head_folded body_folded}} : "{folded}"'
        for typed, with_marks, folded in pairs
    )
