"""What officers order of the register (orders.py): import, merge, rename, freeze. Each is a deed, with who and why."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kiosk.clock import LOCAL
from kiosk.errors import UsageError
from kiosk.province.register import unit_merges, words
from kiosk.province.register.importing import Sheets
from kiosk.province.register.importing import take as take_file
from kiosk.province.register.keeping import Deed, freeze, keep
from kiosk.province.register.register import read
from kiosk.translations import _, said_by

if TYPE_CHECKING:
    from kiosk.province.orders import Office


def _deed(office: "Office", what: str, subject: str, why: str) -> Deed:
    return Deed(office.now(), office.who, f"sites {what}", subject[:200], " ".join(why.split())[:500])


def _day(text: str) -> date:
    try:
        return words.day(text)
    except ValueError as error:
        raise UsageError(said_by(error), _("Name a day.")) from None


def _checked(text: str, *, is_code: bool) -> str:
    try:
        return words.code(text) if is_code else words.name(120)(text)
    except ValueError as error:
        raise UsageError(said_by(error), _("Write it otherwise.")) from None


def _why(why: str) -> str:
    if not any(one.isalpha() for one in why):
        raise UsageError(_("The reason is missing."), _("Write why: --reason “…”; it is kept with what is done."))
    return why


def take(office: "Office", sheets: Sheets, subject: str, why: str = "", alike: bool = False) -> dict[str, Any]:
    """Takes the sheets of a file; how many values of the register it changed. RefusedError where it has a mistake."""
    today = office.now().astimezone(LOCAL).date()
    with office.ledger.writing() as db:
        plan = take_file(db, sheets, today, _deed(office, "import", subject, why), alike)
    return {"changes": len(plan.changes)}


def merge(
    office: "Office", old: Sequence[str], into: str, first: str, why: str, called: str = "", parent: str = ""
) -> dict[str, Any]:  # fmt: skip
    """Units become another one from a day on. UsageError says what of it cannot be."""
    codes, heir = [_checked(one, is_code=True) for one in old], _checked(into, is_code=True)
    name = _checked(called, is_code=False) if called else ""
    with office.ledger.writing() as db:
        before = read(db)
        after = unit_merges.merge(before, codes, heir, _day(first), name, parent)
        deed = _deed(office, "merge", f"{', '.join(codes)} -> {heir}", _why(why))
        return {"changes": len(keep(db, before, after, deed)), "into": heir}


def rename(office: "Office", unit: str, called: str, first: str, why: str) -> dict[str, Any]:
    """A unit is called otherwise from a day on."""
    name = _checked(called, is_code=False)
    with office.ledger.writing() as db:
        before = read(db)
        after = unit_merges.rename(before, unit, name, _day(first))
        changes = keep(db, before, after, _deed(office, "rename", f"{unit}: {name}", _why(why)))
        return {"changes": len(changes)}


def freeze_list(office: "Office", version: str, first: str, why: str, count: int | None = None) -> dict[str, Any]:
    """Freezes the project's sites of a day as the next version of the list."""
    with office.ledger.writing() as db:
        named = " ".join(version.split())[:60]
        if not named:
            raise UsageError(_("The list needs a version."), _("For example: --version 2026.1"))
        codes = freeze(db, read(db), named, _day(first), _deed(office, "freeze", named, _why(why)), count)
    return {"version": named, "sites": len(codes), "codes": codes}
