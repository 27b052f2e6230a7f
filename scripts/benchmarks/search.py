"""Searching 50,000 items: how long, and how often the right one is among the first ten, beside plain SQLite.

The items are made from the shipped guides, and from the shared sample of Wikipedia where it lies beside the checkout.
Each query is the title of one item, typed in one of several ways. The peer is FTS5 as it comes, with
`unicode61 remove_diacritics 2`, all words anywhere, ranked by bm25.
"""

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from kiosk.content.folding import fold, tidy, words
from kiosk.content.index import Index
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import say
from tests.pack_support import SAMPLE, Text, corpus, index_of

ITEMS, QUERIES, SEED = 50_000, 700, 20_261_120
BUDGET_P50, BUDGET_P99, MISSES = 2, 10, 1
Search = Callable[[str], list[str]]


def measure() -> list[Figure]:
    """Times in ms; misses are the share of queries whose item is not among the first ten, in percent."""
    with tempfile.TemporaryDirectory() as folder:
        say(f"{ITEMS} items, with the shared sample: {SAMPLE.exists()}, seed {SEED}")
        texts = list(corpus(ITEMS, SEED))
        begun = time.perf_counter()
        titles = index_of(Path(folder) / "search.db", texts)
        built = time.perf_counter() - begun
        size = (Path(folder) / "search.db").stat().st_size
        peer = _peer(Path(folder) / "peer.db", texts)
        index = Index.open(Path(folder) / "search.db")
        try:
            figures = [Figure("search: index of all items made", built, "s", note=f"{size / 1e6:.0f} MB")]
            for way, typed in WAYS.items():
                figures += _way(way, typed, titles, index, peer)
            return figures
        finally:
            index.close()
            peer.close()


def _way(
    way: str, typed: Callable[[str, random.Random], str], titles: list[str], index: Index, peer: sqlite3.Connection
) -> list[Figure]:
    def ours(text: str) -> list[str]:
        return [hit.item.id for hit in index.search(text).hits]

    dice = random.Random(SEED)
    chosen = [(number, typed(titles[number], dice)) for number in dice.sample(range(len(titles)), QUERIES)]
    times, ten, one = _asked(chosen, ours)
    peer_times, peer_ten, peer_one = _asked(chosen, lambda text: _plain(peer, text))
    known = f"unicode61: {100 - peer_ten:.1f} %, p99 {_share(peer_times, 0.99):.1f} ms"
    note = (
        f"hit@1 {one:.1f} %; unicode61 remove_diacritics 2 in this run: hit@10 {peer_ten:.1f} %, hit@1 {peer_one:.1f} %"
    )
    judged = way != "one typo"
    return [
        Figure(f"search {way}: p50", _share(times, 0.5), "ms", BUDGET_P50 if judged else None, samples=times),
        Figure(f"search {way}: p99", _share(times, 0.99), "ms", BUDGET_P99 if judged else None, samples=times),
        Figure(f"search {way}: missed", 100 - ten, "%", MISSES if judged else None, known=known, note=note),
    ]


def _asked(chosen: Iterable[tuple[int, str]], search: Search) -> tuple[list[float], float, float]:
    """ms of each query, and in percent how often its item was in the first ten, and first."""
    times, ten, one = [], 0, 0
    for number, text in chosen:
        begun = time.perf_counter()
        found = search(text)
        times.append((time.perf_counter() - begun) * 1000)
        ten += f"p/{number}" in found
        one += found[:1] == [f"p/{number}"]
    return times, 100 * ten / len(times), 100 * one / len(times)


def _share(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


def _peer(path: Path, texts: Iterable[Text]) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.execute("CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize='unicode61 remove_diacritics 2')")
    db.executemany("INSERT INTO t (rowid, title, body) VALUES (?, ?, ?)",
                   ((number + 1, one.title, one.text) for number, one in enumerate(texts)))  # fmt: skip
    db.execute("INSERT INTO t (t) VALUES ('optimize')")
    db.commit()
    return db


def _plain(db: sqlite3.Connection, text: str) -> list[str]:
    match = " ".join(f'"{word}"' for word in words(tidy(text)))
    if not match:
        return []
    rows = db.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (match,)).fetchall()
    return [f"p/{number - 1}" for (number,) in rows]


PAIRS = [("óa", "oá"), ("òa", "oà"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"), ("óe", "oé"), ("òe", "oè"), ("ỏe", "oẻ"),
         ("úy", "uý"), ("ùy", "uỳ"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ")]  # fmt: skip


def _swapped(title: str, _dice: random.Random) -> str:
    out = tidy(title)
    for one, other in PAIRS:
        out = out.replace(one, "\ue000").replace(other, one).replace("\ue000", other)
    return out


def _none_but_d(title: str, _dice: random.Random) -> str:
    clean = tidy(title).lower()
    return "".join("đ" if one == "đ" else two for one, two in zip(clean, fold(clean), strict=True))


def _typo(title: str, dice: random.Random) -> str:
    plain = fold(tidy(title))
    place = dice.randrange(len(plain))
    return plain[:place] + dice.choice("abcdeghiklmnopqrstuvxy") + plain[place + 1 :]


WAYS: dict[str, Callable[[str, random.Random], str]] = {
    "full accents": lambda title, _dice: tidy(title),
    "no accents": lambda title, _dice: fold(tidy(title)),
    "no accents but đ": _none_but_d,
    "tone elsewhere": _swapped,
    "one typo": _typo,
}
