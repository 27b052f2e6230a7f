"""`kiosk check --privacy`: what this PC keeps, for how long, what has left it, and that no answer joins a visit.

Facts are read by whoever has the store open; the words are made where they are read, in the reader's language.
"""

from dataclasses import asdict
from typing import Any

from kiosk.lean_sqlite import Database
from kiosk.rules.policy import Policy
from kiosk.store import Store, bundles, inventory, missed, windows
from kiosk.translations import _

# An answer through the socket is one line of at most messages.MAX_LINE bytes; a release takes some 170.
MOST_SHOWN = 200


def facts_of(store: Store, policy: Policy) -> dict[str, Any]:
    """What the store says of itself, and what the policy says about how long."""
    return {**store.run(_look), "policy": {**policy.retention.model_dump(), "k": policy.disclosure.k}}


def _look(db: Database) -> dict[str, Any]:
    days, releases = sorted(bundles.days(db)), windows.releases(db)
    return {
        "kept": [asdict(table) for table in inventory.tables(db)],
        "proof": [{"claim": claim, "holds": holds} for claim, holds in inventory.proof(db)],
        "left": {
            "bundles": len(bundles.names(db)),
            "first_day": days[0] if days else None,
            "last_day": days[-1] if days else None,
            "releases": [asdict(release) for release in releases[-MOST_SHOWN:]],
            "older_releases": len(releases[:-MOST_SHOWN]),
        },
        "held": windows.held(db),
    }


def lines(found: dict[str, Any]) -> list[str]:
    """As a person reads it."""
    words = _tables(found["policy"])
    told = [_("What this PC remembers:")]
    for table in found["kept"]:
        what, until = words.get(table["name"], (_("a table that has no description"), "?"))
        rows = _("number of rows not told") if table["rows"] is None else _("{n} rows", n=table["rows"])
        told += [f"  {table['name']}: {what}", f"    {until} · {rows} · {', '.join(table['columns'])}"]
    told += ["", *_left(found), "", _("That no answer can be joined to a visit:")]
    claims = _claims()
    return [*told, *(f"  {'✓' if one['holds'] else '✗'} {claims[one['claim']]}" for one in found["proof"])]


def _left(found: dict[str, Any]) -> list[str]:
    left = found["left"]
    if not left["bundles"]:
        return [_("Nothing has been prepared for the province yet.")]
    told = [
        _(
            "Prepared for the province: {n} bundles, {first} to {last}: totals of days, never a single visit.",
            n=left["bundles"],
            first=left["first_day"],
            last=left["last_day"],
        ),
        _("Answers in them, released because at least {k} visits are on either side:", k=found["policy"]["k"]),
    ]
    for one in left["releases"]:
        told.append("  {table} {first_day} – {last_day}: {yes} / {no}".format(**one))
    if left["older_releases"]:
        told.append("  " + _("and {n} older ones", n=left["older_releases"]))
    if not left["releases"]:
        told.append("  " + _("none yet"))
    held = ", ".join(f"{table} {count}" for table, count in found["held"].items() if count)
    told.append(_("Visits whose answers are held back: {held}", held=held or "0"))
    return told


def _tables(policy: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """By table: what it is, and how long it is kept."""
    sessions = _("kept {n} months", n=policy["sessions_months"])
    totals = _("kept {n} years", n=policy["totals_years"])
    ever = _("kept as long as the station")
    until_date = _("until the date is known again")
    ninety = _("kept {n} days", n=missed.KEPT_DAYS)
    return {
        "live": (_("the session that runs now, with its answers"), _("deleted when it ends")),
        "sessions": (_("visits: day, hour, length, how they ended, pages printed; no answer"), sessions),
        "tallies": (
            _("answers of this month, as sums; no visit"),
            _("until the month is over; who was new or skipped, as sums: {n} years", n=policy["totals_years"]),
        ),
        "windows": (_("answers of earlier months, as sums, not released yet"), _("until they are released or held")),
        "pending": (_("sums that wait until a larger group is released"), _("until they are released or held")),
        "held": (_("how many visits' answers will never be released"), ever),
        "releases": (_("sums that were allowed to leave"), ever),
        "day_totals": (_("totals of a day"), totals),
        "opens": (_("how often a guide was opened on a day"), totals),
        "missed_words": (_("searches that found nothing, once {k} sessions asked for them", k=policy["k"]), ninety),
        "missed_hashes": (_("searches that fewer asked for, as keyed hashes; not when"), ninety),
        "missed_key": (_("the key of these hashes"), ninety),
        "undated_sessions": (_("visits while the date was wrong; no answer"), until_date),
        "undated_totals": (_("totals while the date was wrong"), until_date),
        "undated_opens": (_("guides opened while the date was wrong"), until_date),
        "managers": (_("managers' names and PINs, as hashes"), ever),
        "throttle": (_("wrong PINs and wrong tickets"), _("until a right one")),
        "tickets": (_("tickets, as hashes; not when one was used"), _("a month longer than it is good")),
        "audit": (_("what staff did"), _("kept {n} months", n=policy["audit_months"])),
        "facts": (_("single facts of the station, none about a citizen"), ever),
        "bundles": (_("the files made for the province"), ever),
        "month_locks": (_("what was reported of a month when it was locked"), totals),
        "month_revisions": (_("what changed in it later, and why"), totals),
        "journal": (_("what staff wrote down: classes, outreach, books, faults; no person is named"), totals),
        "journal_trace": (_("who changed a line of it, when, and what it said before"), totals),
        "journal_changed": (_("days of it that the province is to be told anew"), _("until they are told")),
        "losses": (_("what was lost when a file was damaged"), ever),
    }


def _claims() -> dict[str, str]:
    return {
        "described": _("every table in the file is in the list above"),
        "no_column": _("no column of the visits is a column of the answers"),
        "no_key": _("no table points to another"),
        "no_view": _("there is no view and no trigger"),
        "no_order": _("the answers' tables do not keep the order in which they were written"),
        "no_more": _("a sum of answers says only its group and its month"),
        "only_live": _("only the running session has answers beside it"),
        "one_live": _("that is at most one row, deleted when the session ends"),
        "forgetting": _("what is deleted is overwritten"),
    }
