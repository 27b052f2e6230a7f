"""What an officer should look at: alarms of PCs, and bundles that were put aside, with why and what to do."""

import re
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from flask import abort, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import DamagedError, KioskError, RefusedError
from kiosk.export.details import detail_said
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.station_rows import alarm_words
from kiosk.province.intake.quarantine import count_held, held
from kiosk.province.intake.quarantine_look import Shown, look_at
from kiosk.province.intake.quarantine_words import advice, meaning
from kiosk.province.joining.stations import all_of, one_of
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import seconds
from kiosk.web.pages import language, say
from kiosk.web.roles import OFFICERS, OWN_PEOPLE
from kiosk.web.words import known, says

MOST = 100  # bundles on a page
LOCKED = "CODE_LOCKED"
DONE = {
    "seen": says("Looked after: it is told again only when it happens again."),
    "released": says("It counts now. The station hears of it when it asks again."),
    "kept": says("It is kept; a later revision of that day counts, as before."),
}


@dataclass(frozen=True)
class PcAlarms:
    """The alarms of one PC: (words, of what, when last, how often) each. `lasting`: a look does not end them."""

    site: str
    name: str
    station: str
    alarms: tuple[tuple[str, str, str, int], ...]
    lasting: bool


def alarms(desk: Desk) -> Any:
    """`/alarms`; `?all=1` also bundles that were decided."""
    everything = request.args.get("all") == "1"
    with closing(Ledger.read_only(desk.home)) as ledger:
        with ledger.reading() as db:
            pcs = all_of(db, seconds(desk.now()))
        aside, count = held(ledger, everything, MOST), count_held(ledger, everything)
    names = {code: one.row.name for code, one in desk.sites().sites.items()}
    told = [_of_pc(one, names) for one in pcs if one["alarms"]]
    return render_template(
        "board/alarms.html", pcs=told, aside=aside[::-1], count=count, everything=everything, names=names,
        meaning=lambda code: say(meaning(code)), detail=_detail,
        done=DONE.get(request.args.get("done", "")), most=MOST,
    )  # fmt: skip


def seen(desk: Desk, site: str, station: str) -> Any:
    """Somebody has looked after the alarms of a PC; of one that the province knows."""
    with desk.reading() as db:
        try:
            one_of(db, seconds(desk.now()), site, station)
        except RefusedError:
            abort(404)
    desk.order("station seen", site=site, station=station, reason=request.form.get("why", "")[:500], who=g.who)
    desk.forget_sites()
    return redirect(url_for("alarms", done="seen"), 303)


def aside(desk: Desk, number: int) -> Any:
    """One bundle that was put aside."""
    return _page(desk, number)


def release(desk: Desk, number: int) -> Any:
    """Count it after all; without a reason the page comes back."""
    why = " ".join(request.form.get("why", "").split())[:500]
    if not any(one.isalpha() for one in why):
        return make_response(
            _page(desk, number, say("Please write why it shall count; it is kept with your name.")), 400
        )
    try:
        told = desk.order("quarantine release", number=number, reason=why, who=g.who)
    except RefusedError as error:
        return make_response(_page(desk, number, known(language(), error.message)), 409)
    desk.forget_sites()
    return redirect(url_for("alarms", done="kept" if told["superseded"] else "released"), 303)


def _page(desk: Desk, number: int, problem: str = "") -> Any:
    shown = _shown(desk, number)
    return render_template(
        "board/aside.html", shown=shown, one=shown.one, problem=problem, why=request.form.get("why", ""),
        meaning=say(meaning(shown.one.code)), detail=_detail(shown.one.detail),
        advice=say(advice(shown.one.code)), fault=_detail(shown.fault) if shown.fault else "",
        site=desk.sites().sites.get(shown.says.get("site", shown.one.site)),
    )  # fmt: skip


def _shown(desk: Desk, number: int) -> Shown:
    with closing(Ledger.read_only(desk.home)) as ledger, closing(Archive(desk.home)) as archive:
        try:
            return look_at(ledger, archive, number)[0]
        except DamagedError:
            raise
        except KioskError:
            abort(404)


def _detail(text: str) -> str:
    """What exactly is wrong, its days as they are read here."""
    return re.sub(r"\b(\d{4})-(\d\d)-(\d\d)\b", r"\3/\2/\1", say(detail_said(text)))


def _of_pc(one: dict[str, Any], names: dict[str, str]) -> PcAlarms:
    told = tuple(
        (say(alarm_words(alarm["code"])), _of_what(alarm), alarm["last"], alarm["times"]) for alarm in one["alarms"]
    )
    lasting = all(alarm["code"] == LOCKED for alarm in one["alarms"])
    return PcAlarms(one["site"], names.get(one["site"], ""), one["station"], told, lasting)


def _of_what(alarm: dict[str, Any]) -> str:
    """Of which day and revision an alarm tells, as it is read here; anything else as it is, but no part of a code."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?: r(\d+))?", alarm["detail"])
    if found is None:
        return "" if alarm["code"] == LOCKED else str(alarm["detail"])
    year, month, day, revision = found.groups()
    told = say("revision {n}", n=revision) if revision else ""
    return ", ".join(one for one in (f"{day}/{month}/{year}", told) if one)


PAGES = (
    Page("alarms", "/alarms", alarms, OWN_PEOPLE, tab=says("To look at"), sign="warn"),
    Page("alarm_seen", "/alarms/<site>/<station>/seen", seen, OFFICERS, ("POST",), under="alarms"),
    Page("aside", "/aside/<int:number>", aside, OWN_PEOPLE, under="alarms"),
    Page("release", "/aside/<int:number>/release", release, OFFICERS, ("POST",), under="alarms"),
)
