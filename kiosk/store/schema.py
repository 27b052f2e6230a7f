"""Every table, as ordered steps. A step that has shipped is never edited: add the next one at the end.

No table may hold a name or an answer beside a visit. `live` has the answers of the one session that runs, and loses
them when it ends; `sessions` has visits without answers, `tallies` answers without visits, and no column joins them.
"""

from kiosk.lean_sqlite import Database, Migrations

migrations = Migrations("kiosk")

TABLES = (
    # The session that runs, at most one row. Seconds are CLOCK_BOOTTIME seconds; wall times are UTC, ISO 8601.
    """CREATE TABLE live (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        session TEXT NOT NULL,
        boot_id TEXT NOT NULL,
        boot_started REAL NOT NULL,
        boot_beat REAL NOT NULL,
        charged REAL NOT NULL CHECK (charged >= 0),
        granted REAL NOT NULL CHECK (granted >= 0),
        extensions INTEGER NOT NULL DEFAULT 0,
        staff_extensions INTEGER NOT NULL DEFAULT 0,
        entry TEXT NOT NULL,
        wall_started TEXT NOT NULL,
        wall_beat TEXT NOT NULL,
        trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
        prefs TEXT NOT NULL CHECK (json_valid(prefs)),
        answers TEXT NOT NULL CHECK (json_valid(answers))
    ) STRICT""",
    # Visits. `visit` 0: too short to be one. `boot_id` stands only while the date is untrusted, for re-dating.
    """CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
        station TEXT NOT NULL,
        seconds INTEGER NOT NULL CHECK (seconds >= 0),
        minutes INTEGER GENERATED ALWAYS AS ((seconds + 59) / 60) VIRTUAL,
        extensions INTEGER NOT NULL,
        reason TEXT NOT NULL CHECK (
            reason IN ('signed_out', 'time_up', 'idle', 'closing', 'manager', 'power', 'fault')),
        entry TEXT NOT NULL,
        visit INTEGER NOT NULL CHECK (visit IN (0, 1)),
        trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
        boot_id TEXT CHECK (trusted = 0 OR boot_id IS NULL)
    ) STRICT""",
    "CREATE INDEX sessions_by_day ON sessions (day)",
    # Answers without visits. Tables and sides: DOMAIN.md, Disclosure.
    """CREATE TABLE tallies (
        table_name TEXT NOT NULL,
        side TEXT NOT NULL,
        visits INTEGER NOT NULL CHECK (visits > 0),
        PRIMARY KEY (table_name, side)
    ) STRICT, WITHOUT ROWID""",
    # Exact counts of use by day: what bundles and reports read, and what remains when sessions are folded away.
    """CREATE TABLE day_totals (
        day TEXT NOT NULL,
        code TEXT NOT NULL,
        count INTEGER NOT NULL CHECK (count >= 0),
        PRIMARY KEY (day, code)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE opens (
        day TEXT NOT NULL,
        item TEXT NOT NULL,
        count INTEGER NOT NULL CHECK (count > 0),
        PRIMARY KEY (day, item)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE managers (
        name TEXT PRIMARY KEY,
        pin_hash TEXT NOT NULL,
        role TEXT NOT NULL,
        created TEXT NOT NULL
    ) STRICT""",
    # Wrong PINs. The wait runs by boot seconds only: the wall clock can be set, the time since boot cannot.
    """CREATE TABLE throttle (
        name TEXT PRIMARY KEY,
        tries INTEGER NOT NULL,
        waits INTEGER NOT NULL,
        boot_id TEXT NOT NULL,
        boot_from REAL NOT NULL,
        wait REAL NOT NULL
    ) STRICT""",
    "CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    # Every bundle that was ever made, with its bytes until the province has them; `delivered`: to which folder.
    """CREATE TABLE bundles (
        sequence INTEGER PRIMARY KEY,
        day TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        name TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL UNIQUE,
        previous TEXT NOT NULL,
        body_sha256 TEXT NOT NULL,
        rows INTEGER NOT NULL,
        size INTEGER NOT NULL,
        created TEXT NOT NULL,
        content BLOB,
        delivered TEXT,
        UNIQUE (day, revision)
    ) STRICT""",
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        action TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT""",
)


@migrations()
def first_tables(db: Database) -> None:
    """What a station needs from its first day, and the random epoch that tells its series from any later one."""
    for table in TABLES:
        db.execute(table)
    db.execute("INSERT INTO facts (key, value) VALUES ('epoch', lower(hex(randomblob(8))))")


UNDATED = (
    # What was counted while the date could not be trusted, by boot and boot time, until a trusted date tells the day.
    # The month's exact tallies of such visits stand in `tallies` under `TABLE:undated`, without a boot: see undated.py.
    """CREATE TABLE undated_sessions (
        id INTEGER PRIMARY KEY,
        boot_id TEXT NOT NULL,
        boot_minute INTEGER NOT NULL CHECK (boot_minute >= 0),
        station TEXT NOT NULL,
        seconds INTEGER NOT NULL CHECK (seconds >= 0),
        extensions INTEGER NOT NULL,
        reason TEXT NOT NULL,
        entry TEXT NOT NULL,
        visit INTEGER NOT NULL CHECK (visit IN (0, 1))
    ) STRICT""",
    "CREATE INDEX undated_sessions_by_boot ON undated_sessions (boot_id)",
    """CREATE TABLE undated_totals (
        boot_id TEXT NOT NULL,
        slot INTEGER NOT NULL CHECK (slot >= 0),
        code TEXT NOT NULL,
        count INTEGER NOT NULL CHECK (count > 0),
        PRIMARY KEY (boot_id, slot, code)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE undated_opens (
        boot_id TEXT NOT NULL,
        slot INTEGER NOT NULL CHECK (slot >= 0),
        item TEXT NOT NULL,
        count INTEGER NOT NULL CHECK (count > 0),
        PRIMARY KEY (boot_id, slot, item)
    ) STRICT, WITHOUT ROWID""",
)


@migrations()
def undated(db: Database) -> None:
    """A place for what has no date yet, so that no day that never was is ever made up for it."""
    for table in UNDATED:
        db.execute(table)


DISCLOSURE = (
    # DOMAIN.md, Disclosure. Open windows by table; `first_day` is of a month, never of a visit.
    """CREATE TABLE windows (
        table_name TEXT PRIMARY KEY,
        first_day TEXT NOT NULL,
        yes INTEGER NOT NULL CHECK (yes >= 0),
        no INTEGER NOT NULL CHECK (no >= 0),
        since INTEGER NOT NULL CHECK (since BETWEEN 0 AND yes + no)
    ) STRICT, WITHOUT ROWID""",
    # A child's part of a window that is still open: it waits for the release of `waits_for`.
    """CREATE TABLE pending (
        table_name TEXT NOT NULL,
        waits_for TEXT NOT NULL,
        yes INTEGER NOT NULL CHECK (yes >= 0),
        no INTEGER NOT NULL CHECK (no >= 0),
        PRIMARY KEY (table_name, waits_for)
    ) STRICT, WITHOUT ROWID""",
    # Visits of roots that will never be released, by the month from whose end on that may be shown. No sides any more.
    """CREATE TABLE held (
        table_name TEXT NOT NULL,
        month TEXT NOT NULL,
        cause TEXT NOT NULL,
        visits INTEGER NOT NULL CHECK (visits > 0),
        PRIMARY KEY (table_name, month, cause)
    ) STRICT, WITHOUT ROWID""",
    # What may leave the PC, issued once. `release` is random, so that none is given twice after a restore.
    """CREATE TABLE releases (
        release TEXT PRIMARY KEY,
        table_name TEXT NOT NULL,
        first_day TEXT NOT NULL,
        last_day TEXT NOT NULL,
        yes INTEGER NOT NULL CHECK (yes > 0),
        no INTEGER NOT NULL CHECK (no > 0),
        versions TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)


@migrations()
def windows_and_releases(db: Database) -> None:
    """The tables of answers: windows, what waits for a parent, what is HELD for good, what was released."""
    for table in DISCLOSURE:
        db.execute(table)


@migrations()
def losses(db: Database) -> None:
    """What was lost when a file had to be set aside: one row for each time, never deleted. Times are UTC.

    `known_to`: up to when everything was counted again; `days` were rebuilt from bundles, `saved` from what could be
    read of the damaged file; `sessions`: rows of single sessions of known days that are gone, their totals are not.
    """
    db.execute(
        """CREATE TABLE losses (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            cause TEXT NOT NULL CHECK (cause IN ('damaged', 'gone', 'asked')),
            known_to TEXT,
            set_aside TEXT NOT NULL,
            days INTEGER NOT NULL,
            saved INTEGER NOT NULL,
            sessions INTEGER NOT NULL,
            new_epoch INTEGER NOT NULL CHECK (new_epoch IN (0, 1))
        ) STRICT"""
    )


@migrations()
def answers_lost(db: Database) -> None:
    """`answers_gone`: visits whose answers were not in any copy, because no copy may hold one."""
    db.execute("ALTER TABLE losses ADD COLUMN answers_gone INTEGER NOT NULL DEFAULT 0")


@migrations()
def trust_of_the_last_beat(db: Database) -> None:
    """Whether `live.wall_beat` may be compared with a date: a power cut's length is told by it."""
    db.execute("ALTER TABLE live ADD COLUMN beat_trusted INTEGER NOT NULL DEFAULT 1 CHECK (beat_trusted IN (0, 1))")


@migrations()
def tickets(db: Database) -> None:
    """One-time tickets by the slow hash of their code. `expires`: seconds since 1970. The time of use is not kept."""
    db.execute(
        """CREATE TABLE tickets (
            key TEXT PRIMARY KEY,
            minutes REAL NOT NULL CHECK (minutes > 0),
            made TEXT NOT NULL,
            expires REAL,
            used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def time_factor(db: Database) -> None:
    """How many times as long the citizen of the live row has for everything; known as long as that row lives."""
    db.execute("ALTER TABLE live ADD COLUMN time_factor REAL NOT NULL DEFAULT 1 CHECK (time_factor IN (1, 2))")


@migrations()
def printed_pages(db: Database) -> None:
    """How many pages the printer took of a session; never what was on them."""
    for table in ("live", "sessions", "undated_sessions"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN pages INTEGER NOT NULL DEFAULT 0 CHECK (pages >= 0)")


@migrations()
def missed_words(db: Database) -> None:
    """Searches that found nothing (missed.py): words that enough sessions asked for, and hashes of those that wait."""
    db.execute(
        """CREATE TABLE missed_words (
            day TEXT NOT NULL,
            words TEXT NOT NULL,
            sessions INTEGER NOT NULL CHECK (sessions > 0),
            PRIMARY KEY (day, words)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE missed_hashes (
            hash BLOB PRIMARY KEY CHECK (length(hash) = 16),
            sessions INTEGER NOT NULL CHECK (sessions > 0)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE missed_key (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            key BLOB NOT NULL,
            since TEXT NOT NULL
        ) STRICT"""
    )


@migrations()
def month_locks(db: Database) -> None:
    """What was told of a month when it was locked, and what has changed since with its reason (month_locks.py)."""
    db.execute(
        """CREATE TABLE month_locks (
            month TEXT PRIMARY KEY,
            first_day TEXT NOT NULL,
            last_day TEXT NOT NULL,
            at TEXT NOT NULL,
            figures TEXT NOT NULL CHECK (json_valid(figures)),
            versions TEXT NOT NULL CHECK (json_valid(versions))
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE month_revisions (
            id INTEGER PRIMARY KEY,
            month TEXT NOT NULL,
            code TEXT NOT NULL,
            before_it TEXT,
            after_it TEXT,
            cause TEXT NOT NULL,
            reason TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT"""
    )


@migrations()
def ticket_sheets(db: Database) -> None:
    """Which tickets were made together, and which were made worthless by staff. Their place on a sheet is not kept."""
    db.execute("ALTER TABLE tickets ADD COLUMN sheet INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE tickets ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1))")


JOURNAL = (
    # What staff wrote down: numbers and words apart, only numbers are told. `until`: of what lasts. `key`: against a
    # second sending. Lines are struck, never deleted before their time.
    """CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
        until TEXT CHECK (until >= day),
        numbers TEXT NOT NULL CHECK (json_valid(numbers)),
        words TEXT NOT NULL CHECK (json_valid(words)),
        struck INTEGER NOT NULL DEFAULT 0 CHECK (struck IN (0, 1)),
        version INTEGER NOT NULL DEFAULT 1,
        who TEXT NOT NULL,
        at TEXT NOT NULL,
        key TEXT UNIQUE
    ) STRICT""",
    "CREATE INDEX journal_by_day ON journal (day)",
    "CREATE INDEX journal_that_lasts ON journal (kind, day) WHERE kind IN ('books', 'fault', 'offered_service')",
    """CREATE TABLE journal_trace (
        id INTEGER PRIMARY KEY,
        line INTEGER NOT NULL,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        act TEXT NOT NULL,
        before TEXT,
        after TEXT,
        reason TEXT NOT NULL,
        first TEXT NOT NULL,
        last TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX journal_trace_by_line ON journal_trace (line)",
    # Days whose sums may have changed since a bundle told them.
    "CREATE TABLE journal_changed (first TEXT NOT NULL, last TEXT NOT NULL, PRIMARY KEY (first, last)) STRICT",
)


@migrations()
def journal(db: Database) -> None:
    """The journal, its trace, and the days that it owes to the province."""
    for table in JOURNAL:
        db.execute(table)


@migrations()
def note_of_the_live_session(db: Database) -> None:
    """What staff wrote to the citizen at the PC (rules/notes.py), as JSON; it goes with the live row."""
    db.execute("ALTER TABLE live ADD COLUMN note TEXT NOT NULL DEFAULT 'null' CHECK (json_valid(note))")


@migrations()
def lineage(db: Database) -> None:
    """What names this memory through copies, restores and new epochs; one that begins here begins with its epoch."""
    db.execute("INSERT OR IGNORE INTO facts (key, value) SELECT 'lineage', value FROM facts WHERE key = 'epoch'")


@migrations()
def what_the_province_has(db: Database) -> None:
    """What is known of each bundle at the province, by its signed receipts (acknowledged.py). Times are UTC.

    `acknowledged`: when the province had it for good; `refused`: the code why it has put it aside, `asked`: when it
    said so; `way`: how it went there. `epoch`: of the series that it is in, null in bundles older than this step.
    """
    for column in ("epoch", "acknowledged", "refused", "asked", "way"):
        db.execute(f"ALTER TABLE bundles ADD COLUMN {column} TEXT")
    db.execute("""UPDATE bundles SET epoch = (SELECT value FROM facts WHERE key = 'epoch')
                  WHERE NOT EXISTS (SELECT 1 FROM facts WHERE key = 'revision_floor')""")


@migrations()
def when_it_was_heard(db: Database) -> None:
    """When this station heard that the province has a bundle: the days after which its bytes go count from then too."""
    db.execute("ALTER TABLE bundles ADD COLUMN heard TEXT")
    db.execute("UPDATE bundles SET heard = acknowledged")
