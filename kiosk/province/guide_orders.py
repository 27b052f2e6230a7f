"""What officers order of the list of guides (orders.py): titles and themes of a catalogue are taken in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kiosk.errors import UsageError
from kiosk.province.guides import Guide, guide, known
from kiosk.province.memory.rows import deed, seconds
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.orders import Office

Row = tuple[str, str, str, str, str]


def row_of(one: Guide) -> Row:
    """A guide as an order carries it."""
    return one.item, one.title, one.theme, one.language, one.title_en


def take(office: "Office", guides: Sequence[Row], subject: str) -> dict[str, Any]:
    """Takes in guides; how many were new, and how many known by other words or another theme."""
    given = [guide(row[0], dict(zip(("title", "theme", "language", "title_en"), row[1:], strict=True)))
             for row in guides]  # fmt: skip
    if not given or None in given:
        raise UsageError(_("One of the guides has no title or no theme."), _("Publish the catalogue anew."))
    with office.ledger.writing(keys=False) as db:
        before = known(db)
        changed = [one for one in given if one is not None and before.get(one.item) != one]
        if changed:
            deed(db, seconds(office.now()), office.who, "guides add", subject[:200], "")
            number = int(db.execute("SELECT last_insert_rowid()").fetchone()[0])
            db.executemany(
                """INSERT INTO guides (item, title, theme, language, title_en, deed) VALUES (?, ?, ?, ?, ?, ?)
                   ON CONFLICT DO UPDATE SET title = excluded.title, title_en = excluded.title_en,
                   theme = excluded.theme, language = excluded.language, deed = excluded.deed""",
                [(*row_of(one), number) for one in changed],
            )
    new = sum(one.item not in before for one in changed)
    return {"new": new, "changed": len(changed) - new, "known": len(before) + new}
