"""Who may open the board, in the ledger: people, the links of departments, one-time codes, and what wrong tries cost.

Of passwords, links and codes only hashes are kept.
"""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE board_people (
            name TEXT PRIMARY KEY,
            hash TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('officer', 'viewer')),
            since INTEGER NOT NULL
        ) STRICT""",
        # `line`: of which line it shows, '' for both. `revoked`: when somebody ended it.
        """CREATE TABLE board_links (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            label TEXT NOT NULL,
            line TEXT NOT NULL CHECK (line IN ('', 'library', 'post')),
            made INTEGER NOT NULL,
            who TEXT NOT NULL,
            until INTEGER NOT NULL,
            revoked INTEGER
        ) STRICT""",
        # The one code with which somebody at the machine itself becomes an officer.
        """CREATE TABLE board_code (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            until INTEGER NOT NULL
        ) STRICT""",
        # rules/wrong_tries.py. 'name 3f2': of names by their hash, ' ' all tries together, '#' wrong codes.
        """CREATE TABLE board_tries (
            name TEXT PRIMARY KEY,
            tries INTEGER NOT NULL,
            waits INTEGER NOT NULL,
            boot_id TEXT NOT NULL,
            boot_from REAL NOT NULL,
            wait REAL NOT NULL
        ) STRICT""",
    ),
)
