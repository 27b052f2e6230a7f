"""What people looked for on the menu and did not find: words only once enough sessions asked for them.

Until then a search stands here as a keyed hash with how many sessions asked: no words, no day, no order, no session.
The key goes with all hashes after KEPT_DAYS; whoever has file and key before that can try words, and would learn that
somebody here looked for them, never who or when. Neither hashes nor words are in any copy of the store (images.py).
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import date, timedelta

from kiosk.lean_sqlite import Database

KEPT_DAYS = 90
# More different searches than these in one key's time are an attack, not a village.
MOST_HASHES = 5_000


def asked(db: Database, sessions: Mapping[str, int], day: str, enough: int) -> None:
    """Count searches: words -> how many sessions asked for them since the last call. `day` is a trusted one."""
    forget_old(db, day)
    key = _key(db, day)
    for words, count in sessions.items():
        if not _known(db, words):
            count = _hashed(db, hmac.digest(key, words.encode(), "sha256")[:16], count, enough)
        if count:
            db.execute(
                """INSERT INTO missed_words (day, words, sessions) VALUES (?, ?, ?)
                   ON CONFLICT (day, words) DO UPDATE SET sessions = sessions + excluded.sessions""",
                (day, words, count),
            )


def _hashed(db: Database, token: bytes, count: int, enough: int) -> int:
    """Count what has no words yet; how many sessions asked for it when they are enough, else 0."""
    row = db.execute("SELECT sessions FROM missed_hashes WHERE hash = ?", (token,)).fetchone()
    so_far = count + (row[0] if row else 0)
    if so_far >= enough:
        db.execute("DELETE FROM missed_hashes WHERE hash = ?", (token,))
        return so_far
    if row or db.execute("SELECT count(*) FROM missed_hashes").fetchone()[0] < MOST_HASHES:
        db.execute(
            """INSERT INTO missed_hashes (hash, sessions) VALUES (?, ?)
               ON CONFLICT (hash) DO UPDATE SET sessions = excluded.sessions""",
            (token, so_far),
        )
    return 0


def forget_old(db: Database, day: str) -> None:
    """Let go of words, and of the key with its hashes, after KEPT_DAYS."""
    cut = (date.fromisoformat(day) - timedelta(days=KEPT_DAYS)).isoformat()
    db.execute("DELETE FROM missed_words WHERE day <= ?", (cut,))
    # A key from a day that is still to come was made by a wrong clock.
    if db.execute("DELETE FROM missed_key WHERE since <= ? OR since > ?", (cut, day)).rowcount:
        db.execute("DELETE FROM missed_hashes")


def _key(db: Database, day: str) -> bytes:
    row = db.execute("SELECT key FROM missed_key").fetchone()
    if row is None:
        row = (secrets.token_bytes(32),)
        db.execute("INSERT INTO missed_key (one, key, since) VALUES (1, ?, ?)", (row[0], day))
    return bytes(row[0])


def _known(db: Database, words: str) -> bool:
    return db.execute("SELECT 1 FROM missed_words WHERE words = ? LIMIT 1", (words,)).fetchone() is not None


def of_day(db: Database, day: str) -> dict[str, int]:
    """Words that were told on a day: how many sessions asked for them, those before it included on the first."""
    rows = db.execute("SELECT words, sessions FROM missed_words WHERE day = ? ORDER BY words", (day,))
    return dict(rows.fetchall())


def listed(db: Database) -> list[tuple[str, int]]:
    """All words that stand here with how many sessions asked for them, the most wanted first."""
    rows = db.execute("SELECT words, sum(sessions) AS all_of_them FROM missed_words GROUP BY words"
                      " ORDER BY all_of_them DESC, words").fetchall()  # fmt: skip
    return [(str(words), int(count)) for words, count in rows]
