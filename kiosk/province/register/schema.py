"""The register of sites in the ledger: what is true with its days, what was changed by whom, the frozen lists.

Days are texts such as 2026-11-21; 0001-01-01 stands for always, NULL for a day that nobody knows or that is not fixed.
"""

from kiosk.province.memory.schema import Step, stays_written

STEPS: tuple[Step, ...] = (
    (
        # One life for each code. `into`: what it was merged into, from the day after `last`.
        """CREATE TABLE units (
            code TEXT PRIMARY KEY,
            level TEXT NOT NULL CHECK (level IN ('province', 'district', 'commune')),
            first TEXT NOT NULL,
            last TEXT,
            merged_into TEXT NOT NULL DEFAULT ''
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE unit_steps (
            code TEXT NOT NULL REFERENCES units,
            field TEXT NOT NULL CHECK (field IN ('name', 'parent')),
            day TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (code, field, day)
        ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE sites (code TEXT PRIMARY KEY, opened TEXT, last TEXT) STRICT, WITHOUT ROWID",
        """CREATE TABLE site_steps (
            code TEXT NOT NULL REFERENCES sites,
            field TEXT NOT NULL,
            day TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (code, field, day)
        ) STRICT, WITHOUT ROWID""",
        # `day` "" for what has no day of effect; before NULL: the site or unit was new.
        # What somebody changed; who, when and why stands in deeds.
        """CREATE TABLE register_changes (
            id INTEGER PRIMARY KEY,
            deed INTEGER NOT NULL REFERENCES deeds,
            kind TEXT NOT NULL CHECK (kind IN ('site', 'unit')),
            code TEXT NOT NULL,
            field TEXT NOT NULL,
            day TEXT NOT NULL,
            before TEXT,
            after TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX register_changes_by_code ON register_changes (code, id)",
        # The lists of the project's sites. A list is whole when its row stands; from then on it cannot be changed.
        """CREATE TABLE frozen_lists (
            number INTEGER PRIMARY KEY,
            version TEXT NOT NULL UNIQUE,
            first TEXT NOT NULL,
            deed INTEGER NOT NULL REFERENCES deeds,
            size INTEGER NOT NULL
        ) STRICT""",
        """CREATE TABLE frozen_sites (
            list INTEGER NOT NULL,
            code TEXT NOT NULL,
            PRIMARY KEY (list, code)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TRIGGER frozen_sites_added BEFORE INSERT ON frozen_sites
            WHEN EXISTS (SELECT 1 FROM frozen_lists WHERE number = NEW.list)
            BEGIN SELECT RAISE(ABORT, 'a frozen list never changes'); END""",
        *stays_written("frozen_lists", "a frozen list never changes"),
        *stays_written("frozen_sites", "a frozen list never changes"),
        *stays_written("register_changes"),
    ),
)
