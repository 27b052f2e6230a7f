"""What the register of sites is told as: for a person in lines, for a machine as JSON."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kiosk.clock import LOCAL
from kiosk.translations import _, terminal_language

if TYPE_CHECKING:
    from kiosk.province.register.frozen_lists import FrozenList
    from kiosk.province.register.history import Done, Noted
    from kiosk.province.register.plan import Change, Plan
    from kiosk.province.register.rows import Mistake
    from kiosk.province.register.site_history import SiteHistory, SiteRow
    from kiosk.province.register.units import Unit, Units

SHOWN_CHANGES, SHOWN_CODES = 200, 12


def plan_data(plan: "Plan", written: bool) -> dict[str, Any]:
    """What a file does."""
    return {
        "written": written, "lines": plan.lines,
        **{name: list(getattr(plan, name)) for name in ("passed", "frozen", "remarks")},
        "changes": [vars(one) for one in plan.changes], "mistakes": [vars(one) for one in plan.mistakes],
        **{f"{kind}s_{name}": plan.codes(kind, new) for kind in ("site", "unit")
           for name, new in (("new", True), ("changed", False))},
    }  # fmt: skip


def plan_lines(plan: "Plan", written: bool) -> list[str]:
    """The same in lines: every mistake, or what changes."""
    lines = [_("The sheet “{name}” was passed over: it has no headings of ours.", name=name) for name in plan.passed]
    lines += [_("Frozen lists were passed over; for a new one: kiosk province sites freeze")] if plan.frozen else []
    if plan.mistakes:
        return lines + list(_mistakes(plan.mistakes))
    for kind, new, changed in (("site", _("New sites: {n}"), _("Sites that change: {n}")),
                               ("unit", _("New units: {n}"), _("Units that change: {n}"))):  # fmt: skip
        for sentence, codes in ((new, plan.codes(kind, True)), (changed, plan.codes(kind, False))):
            lines += [f"{sentence.format(n=len(codes))} ({_some(codes)})"] if codes else []
    fresh = {*plan.codes("site", True), *plan.codes("unit", True)}
    told = [one for one in plan.changes if one.code not in fresh]
    lines += [change_line(one, terminal_language()) for one in told[:SHOWN_CHANGES]]
    if len(told) > SHOWN_CHANGES:
        lines.append(_("… and {n} more; all of them: --json", n=len(told) - SHOWN_CHANGES))
    lines += [_("Please look at this: {words}", words=words) for words in plan.remarks]
    if not plan.changes:
        return [*lines, _("Nothing changes: the register says all of this already.")]
    return [*lines, _("It is written.") if written else _("Nothing has been written yet.")]


def _some(codes: Sequence[str]) -> str:
    return ", ".join(codes[:SHOWN_CODES]) + (", …" if len(codes) > SHOWN_CODES else "")


def _mistakes(mistakes: Sequence["Mistake"]) -> Iterable[str]:
    """Each once, with all the rows where it was made."""
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in mistakes:
        rows[one.sheet, one.column, one.words].append(one.row)
    for (sheet, column, said), some in rows.items():
        place = f"{sheet}: " if sheet else ""
        if some == [0]:
            yield f"{column}: {said}"
        elif len(some) == 1:
            yield place + _("Row {row}, {column}: {words}", row=some[0], column=column or "–", words=said)
        else:
            yield place + _("Rows {rows}, {column}: {words}", rows=_runs(some), column=column or "–", words=said)


def _runs(rows: Sequence[int]) -> str:
    """5, 7–9, 12."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def change_line(one: "Change | Noted", lang: str) -> str:
    """One value that becomes another."""
    code = f"{one.code} " if hasattr(one, "code") else ""
    since = "" if one.day in ("", "0001-01-01") else " " + _("from {day} on", day=one.day)
    before, after = (_value(one.field, value, lang) for value in (one.before, one.after))
    if one.field == "":
        return code + _("is new")
    return f"{code}{_column(one.kind, one.field, lang)}{since}: {before} → {after}"


def _column(kind: str, field: str, lang: str) -> str:
    from kiosk.province.register.columns import TABLES

    named = {"first": "from", "last": "until"}.get(field, field) if kind == "unit" else field
    return TABLES[f"{kind}s"][named].heading(lang)


def _value(field: str, value: str | None, lang: str) -> str:
    from kiosk.province.register.columns import SITES

    return SITES[field].text(value, lang) if value and field in SITES else value or "–"


def site_data(row: "SiteRow") -> dict[str, Any]:
    """A site on a day."""
    days = {"opened": row.opened and row.opened.isoformat(), "last": row.last and row.last.isoformat()}
    fields = (
        "code", "name", "type", "owner", "department", "unit", "unit_name", "status", "difficult", "pcs", "policy",
        "note",
    )  # fmt: skip
    return {name: getattr(row, name) for name in fields} | {"units": dict(row.units)} | days


def site_line(row: "SiteRow", lang: str) -> str:
    """The same in a line."""
    pcs = "" if row.pcs is None else _("{n} PCs", n=row.pcs)
    told = (_value("type", row.type, lang), row.unit_name or row.unit, _value("status", row.status, lang), pcs)
    return f"{row.code}  {row.name} – " + ", ".join(one for one in told if one)


def hours(site: "SiteHistory", day: date) -> str:
    """When it plans to open on that day."""
    from kiosk.province.register.planned_days import hours_on

    return ", ".join(str(one) for one in hours_on(site, day))


def site_lines(site: "SiteHistory", row: "SiteRow", lists: Sequence[str], day: date, lang: str) -> list[str]:
    """All of a site on a day."""
    from kiosk.province.register.columns import SITES
    from kiosk.province.register.site_history import DATED

    lines = [f"{site.code}  {row.name}"]
    if not site.lives(day):
        lines.append(_("It is not open on {day}: opened {opened}, last day {last}.", day=day,
                       opened=site.opened or "–", last=site.last or "–"))  # fmt: skip
    told = {name: site.value(name, day) for name in DATED if name not in ("name", "unit")}
    told["unit"] = f"{row.unit} {row.unit_name}".strip()
    told |= {"opened": str(site.opened or ""), "last": str(site.last or "")}
    lines += [f"  {SITES[name].heading(lang)}: {_value(name, told[name], lang)}" for name in SITES if told.get(name)]
    planned = _("Planned on {day}: {hours}", day=day, hours=hours(site, day) or _("closed"))
    return [*lines, f"  {planned}", "  " + _("In the frozen lists: {names}", names=", ".join(lists) or "–")]


def unit_data(unit: "Unit", units: "Units", day: date) -> dict[str, Any]:
    """A unit on a day."""
    from kiosk.province.register.steps import value_on

    return {"code": unit.code, "level": unit.level, "name": units.name(unit.code, day),
            "parent": value_on(unit.parents, day)}  # fmt: skip


def unit_line(told: dict[str, Any]) -> str:
    """The same in a line."""
    return f"{told['code']}  {told['name']}" + (f" ({told['parent']})" if told["parent"] else "")


def list_data(one: "FrozenList") -> dict[str, Any]:
    """A frozen list."""
    return {"version": one.version, "from": one.first.isoformat(), "frozen": one.frozen.isoformat(), "who": one.who,
            "reason": one.reason, "sites": len(one.codes), "codes": sorted(one.codes)}  # fmt: skip


def list_line(told: dict[str, Any]) -> str:
    """The same in a line."""
    return _("{version}, from {day} on: {n} sites. {reason} ({who})", version=told["version"], day=told["from"],
             n=told["sites"], reason=told["reason"], who=told["who"])  # fmt: skip


def noted_data(one: "Noted | Done") -> dict[str, Any]:
    """A change that was made, or a deed."""
    return vars(one) | {"at": one.at.isoformat()}


def deed_line(one: "Done") -> str:
    """A deed, with how much it changed."""
    at, why = one.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M"), f" – {one.why}" if one.why else ""
    count = " " + _("({n} values)", n=one.changes) if one.changes else ""
    return f"{at}  {one.who}: {_deed(one.deed)} {one.subject}{why}{count}"


def _deed(deed: str) -> str:
    known = {"sites import": _("took a file:"), "sites merge": _("merged units:"), "sites rename": _("renamed a unit:"),
             "sites freeze": _("froze the list")}  # fmt: skip
    return known.get(deed, deed)


def history_lines(found: Sequence["Noted"], lang: str) -> list[str]:
    """What was done, each deed with its changes below it."""
    lines, last = list[str](), ("", "", "")
    for one in found:
        at = one.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
        if (head := (at, one.who, one.deed + one.subject + one.why)) != last:
            lines.append(f"{at}  {one.who}: {_deed(one.deed)} {one.subject}" + (f" – {one.why}" if one.why else ""))
            last = head
        lines.append(f"  {change_line(one, lang)}")
    return lines
