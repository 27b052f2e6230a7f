"""The register as tables that a clerk can change and send back: importing them again changes nothing. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from kiosk.province.register.columns import SHEETS, TABLES
from kiosk.province.register.site_history import DATED, NEEDED, WEEK, SiteHistory, unit_of
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS, ONE, value_on
from kiosk.province.register.units import Unit, Units
from kiosk.province.register.words import NOTHING, UNKNOWN
from kiosk.translations import translate

Value = str | int | date
Row = list[Value]
DAYS = ("from", "until", "opened", "last")


def sheet_name(table: str, lang: str) -> str:
    """What a sheet of ours is called."""
    return SHEETS[table][0 if lang == "vi" else 1]


def headings(table: str, lang: str) -> Row:
    """The row of headings."""
    return [column.heading(lang) for column in TABLES[table].values()]


def rows(table: str, register: Register, lang: str) -> Iterator[Row]:
    """Every line of a table, below its headings."""
    told = _sites(register) if table == "sites" else _units(register.units)
    for line in told:
        yield [_cell(table, name, line.get(name, ""), lang) for name in TABLES[table]]


def _cell(table: str, name: str, value: str, lang: str) -> Value:
    if name in DAYS and value and value != NOTHING:
        return date.fromisoformat(value)
    if name == "pcs" and value.isdecimal():
        return int(value)
    return TABLES[table][name].text(value, lang)


def _sites(register: Register) -> Iterator[Mapping[str, str]]:
    for site in register.sites.values():
        days = site.days()
        for day, following in zip(days, [*days[1:], None], strict=True):
            yield _site(site, register.units, day, following)


def _site(site: SiteHistory, units: Units, day: date, following: date | None) -> dict[str, str]:
    """What is true of a site from a day until the day before `following`."""
    first = day == ALWAYS
    line = {name: site.value(name, day) for name in DATED}
    begin = max(day, site.opened or ALWAYS)
    unit = unit_of(site, units, begin)
    line |= {"code": site.code, "unit": unit, "unit_name": units.name(unit, begin)}
    line["district"] = units.name(units.above(unit, begin).get("district", ""), begin)
    line["from"] = _text(site.opened) if first else _text(day)
    line["until"] = _text(following - ONE) if following else ""
    if first:
        return line | {"opened": _text(site.opened), "last": _text(site.last)}
    # An empty cell says nothing: here there is nothing, which is said.
    for name in DATED:
        if not line[name] and name not in NEEDED:
            line[name] = UNKNOWN if name in WEEK else NOTHING
    return line


def _units(units: Units) -> Iterator[Mapping[str, str]]:
    order = {"province": 0, "district": 1, "commune": 2}
    for unit in sorted(units, key=lambda one: (order[one.level], one.first, one.code)):
        days = sorted({ALWAYS, *(day for day, _value in (*unit.names, *unit.parents))})
        for day, following in zip(days, [*days[1:], None], strict=True):
            yield _unit(unit, day, following)


def _unit(unit: Unit, day: date, following: date | None) -> dict[str, str]:
    begin = unit.first if day == ALWAYS else day
    return {
        "code": unit.code, "level": unit.level, "name": value_on(unit.names, day),
        "parent": value_on(unit.parents, day), "from": "" if begin == ALWAYS else _text(begin),
        "until": _text(following - ONE if following else unit.last), "into": "" if following else unit.into,
    }  # fmt: skip


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _(text: str) -> str:
    """Marks a sentence for the catalogue; it is said in the language of the table."""
    return text


GUIDE_SHEET = _("How to fill it")
GUIDE_HEAD = (_("Column"), _("Must it be filled?"), _("For example, or one of"))
MUST = _("yes, in the first line of a code")
GUIDE = (
    _("A line says what is true of a code from a day on. What changes later gets a line of its own, with its day."),
    _("An empty cell says nothing: what was true stays true. A cell with - says that there is none."),
    _("The hours of a day of the week: 07:30-11:30, 13:30-17:00; - when it is closed; ? when nobody knows."),
    _("Exceptions: 02/09/2026: -; 15/02/2027..21/02/2027: -; 02/05/2027: 08:00-11:00."),
    _("A commune that ends has its last day in “Until”, and in “Merged into” the code of the one it became."),
)


def guide(lang: str) -> Iterator[list[str]]:
    """How the empty table is filled: each column, whether it must be, and what stands in it."""
    yield [translate(lang, "cli", text) for text in GUIDE_HEAD]
    for table, needed in (("sites", (*NEEDED, "code")), ("units", ("code", "level", "name", "parent"))):
        yield [sheet_name(table, lang), "", ""]
        for name, column in TABLES[table].items():
            known = ", ".join(names[0 if lang == "vi" else 1] for names in (column.shown or {}).values())
            must = translate(lang, "cli", MUST) if name in needed else ""
            yield [column.heading(lang), must, known or column.example]
    yield from ([translate(lang, "cli", text), "", ""] for text in GUIDE)
