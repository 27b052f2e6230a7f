"""The figures for a province's DHIS2: one data value set, and which sites have told all. Pure.

Every object is named by its `code`. Sums are sent of sites (DHIS2 adds them up itself), shares and growths, which
cannot be added, also of the whole. The same figures are the same bytes: nothing in the files says when they were made,
so what was sent before and has not changed is ignored there. What has no number is not sent, a nought is.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.errors import UsageError
from kiosk.province.indicators.ask import NOWHERE, WHOLE
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.value import Value
from kiosk.province.outputs.dhis2_codes import Codes
from kiosk.province.outputs.material import Gathered
from kiosk.province.outputs.packed import packed
from kiosk.rules.indicator import PERCENT
from kiosk.rules.periods import Period
from kiosk.translations import _

VALUES, COMPLETE = "dataValueSets.json", "completeDataSetRegistrations.json"
# Without these, DHIS2 would look for its own identifiers.
SCHEMES = {
    name: "CODE" for name in ("idScheme", "dataSetIdScheme", "dataElementIdScheme", "orgUnitIdScheme",
                              "categoryOptionComboIdScheme")
}  # fmt: skip


def files(found: Gathered, codes: Codes) -> dict[str, bytes]:
    """Name -> bytes: what is posted to the resource of the same name."""
    return {VALUES: data_value_sets(found, codes), COMPLETE: registrations(found, codes)}


def archive(found: Gathered, codes: Codes) -> bytes:
    """The same as one zip."""
    return packed(files(found, codes))


def data_value_sets(found: Gathered, codes: Codes) -> bytes:
    """The JSON for `dataValueSets`. UsageError for a period that DHIS2 does not have."""
    data_set, period = _data_set(found.ask.period, codes), period_name(found.ask.period)
    combo = codes.options.category_option_combo
    values = [
        {"dataElement": element, "period": period, "orgUnit": unit, "categoryOptionCombo": combo, "value": value}
        for unit, element, value in _values(found, codes)
    ]
    return _json({**SCHEMES, "dataSet": data_set, "period": period, "dataValues": values})


def registrations(found: Gathered, codes: Codes) -> bytes:
    """The JSON for `completeDataSetRegistrations`: a site is complete when the period is over and no day is missing."""
    data_set, period = _data_set(found.ask.period, codes), period_name(found.ask.period)
    told = [
        {"dataSet": data_set, "period": period, "organisationUnit": unit,
         "completed": found.ask.is_over and _has_told_all(values)}
        for key, unit, values in _sites(found, codes)
    ]  # fmt: skip
    return _json({"completeDataSetRegistrations": told})


def period_name(period: Period) -> str:
    """A period as DHIS2 writes it: 20261121, 2026W47, 202611, 2026Q4, 2026."""
    match period.kind:
        case "day":
            return f"{period.first:%Y%m%d}"
        case "week":
            iso = period.first.isocalendar()
            return f"{iso.year}W{iso.week}"
        case "month":
            return period.text.replace("-", "")
        case "quarter":
            return period.text.replace("-", "")
        case "year":
            return period.text
    raise UsageError(
        _("DHIS2 has no such period as {period}.", period=period.text),
        _("Ask for a day, a week, a month, a quarter or a year; several one after another."),
    )


def _data_set(period: Period, codes: Codes) -> str:
    name: str = getattr(codes.data_set, period_name(period) and period.kind)
    if not name:
        raise UsageError(
            _("dhis2.toml names no data set for this kind of period: {period}.", period=period.text),
            _("Write its code under [data_set], or ask for another kind of period."),
        )
    return name


def _values(found: Gathered, codes: Codes) -> Iterator[tuple[str, str, str]]:
    for _key, unit, values in _sites(found, codes):
        yield from _of_place(unit, values, codes)
    if found.scope.by != "site" and (unit := codes.org_unit.get(found.scope.key, _own_unit(found))):
        whole = found.whole.of()
        kept = {code: value for code, value in whole.items() if DEFINITIONS[code].unit == PERCENT}
        yield from _of_place(unit, kept, codes)


def _own_unit(found: Gathered) -> str:
    """The organisation unit of the whole: a unit of the register; a line is none."""
    return "" if found.scope.by == "line" or found.ask.line else found.scope.key


def _of_place(unit: str, values: Mapping[str, Value], codes: Codes) -> Iterator[tuple[str, str, str]]:
    for code in DEFINITIONS:
        value = values.get(code)
        if value is None or value.number is None or not (value.number or codes.options.zeros):
            continue
        if element := codes.data_element.get(code, code):
            yield unit, element, str(value.number)


def _sites(found: Gathered, codes: Codes) -> Iterator[tuple[str, str, Mapping[str, Value]]]:
    """(site, its organisation unit, its figures), by site."""
    if found.scope.by == "site":
        told = {found.scope.key: found.whole.of()}
    else:
        told = {key: one for key, one in found.tables["site"].places.items() if key not in (WHOLE, NOWHERE)}
    for key in sorted(told):
        if unit := codes.org_unit.get(key, key):
            yield key, unit, told[key]


def _has_told_all(values: Mapping[str, Value]) -> bool:
    planned, reported = values.get("PLANNED_DAYS"), values.get("REPORTED_DAYS")
    return bool(planned and reported and planned.number and planned.number == reported.number)


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
