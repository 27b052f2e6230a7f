"""The years before kiosk: figures of the province's own books, written in by hand, shown beside ours and marked."""

from typing import Any

from flask import abort, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import line_word, offered
from kiosk.province.indicators.baseline import CODES, FIRST_YEAR, PROVINCE, Entry, history, listed, of_places
from kiosk.province.indicators.baseline import number as as_number
from kiosk.province.outputs import words
from kiosk.rules.reading_words import number
from kiosk.web.pages import language, say
from kiosk.web.roles import LINK, OFFICERS
from kiosk.web.words import known, says

MOST_CHANGES = 40
DONE = {"written": says("It is written."), "same": says("It was so already.")}


def page(desk: Desk) -> Any:
    """`/baseline?site=TH-012&year=2015`: what is known, and a form, filled with that year's where one is named."""
    site, year = request.args.get("site", "")[:64], request.args.get("year", 0, int)
    year = year if FIRST_YEAR <= year <= desk.today().year else 0
    if site and not _is_shown(desk, site):
        abort(404)
    with desk.reading() as db:
        there = {one.code: number(one.value, language()) for one in listed(db, year, site)} if year else {}
    return _page(desk, site, {"year": str(year or ""), "site": site, "why": "", **there})


def write(desk: Desk) -> Any:
    """Written, corrected, or taken out where a field was emptied: all of it or, with a mistake, nothing of the form."""
    given = {name: " ".join(request.form.get(name, "").split())[:200] for name in ("year", "site", "why", *CODES)}
    if wrong := _wrong(desk, given):
        return make_response(_page(desk, given["site"], given, wrong), 400)
    year, site = int(given["year"]), given["site"]
    with desk.reading() as db:
        before = {one.code for one in listed(db, year, site)}
    if before - {code for code in CODES if given[code]} and not any(one.isalpha() for one in given["why"]):
        wrong = {"why": say("Please write why a figure is taken out; what stood there stays written with it.")}
        return make_response(_page(desk, site, given, wrong), 400)
    rows = [[year, site, code, given[code]] for code in CODES if given[code]]
    about = {"why": given["why"], "who": g.who}
    try:
        changed = (
            desk.order("baseline load", rows=rows, subject=f"{year} {site or '*'}", **about)["changed"] if rows else 0
        )
        for code in CODES:
            if code in before and not given[code]:
                desk.order("baseline remove", year=year, code=code, site=site, **about)
                changed += 1
    except KioskError as error:
        return make_response(_page(desk, site, given, {"": known(language(), error.message)}), 400)
    return redirect(url_for("baseline", site=site or None, done="written" if changed else "same"), 303)


def _wrong(desk: Desk, given: dict[str, str]) -> dict[str, str]:
    """What is wrong with what was typed, by field, all at once; each number is judged by the order itself."""
    wrong, last = dict[str, str](), desk.today().year
    if not given["year"].isascii() or not given["year"].isdigit() or not FIRST_YEAR <= int(given["year"]) <= last:
        wrong["year"] = say("Please write a year from {first} to {last}.", first=FIRST_YEAR, last=last)
    if given["site"] and given["site"] not in desk.sites().sites and not _ever(desk, given["site"]):
        wrong["site"] = say("There is no site of this code in the register.")
    return wrong


def _ever(desk: Desk, site: str) -> bool:
    from kiosk.province.register.register import known_site

    with desk.reading() as db:
        return known_site(db, site)


def _page(desk: Desk, site: str, given: dict[str, str], wrong: dict[str, str] | None = None) -> str:
    with desk.reading() as db:
        every = [one for one in listed(db) if _is_shown(desk, one.site)]
        done = [one for one in history(db) if _is_shown(desk, one.site)][:MOST_CHANGES]
    others = sorted({one.site for one in every} - {PROVINCE})
    lang, now = language(), desk.sites().sites
    named = [(one, words.name(one, lang)) for one in CODES]
    return render_template(
        "board/baseline.html", site=site, rows=_rows(every, site), codes=named,
        given=given, wrong=wrong or {}, history=done, named=g.get("role") != LINK, others=others, amount=_amount,
        whole=line_word(g.line) if g.get("line") else "", sites=offered(desk.sites()),
        done=DONE.get(request.args.get("done", "")), place=now[site].row.name if site in now else site,
        figure=lambda code: words.name(code, lang),
    )  # fmt: skip


def _amount(text: str | None) -> str:
    """A kept value as it is read; "" for none."""
    return number(as_number(text), language()) if text else ""


def _is_shown(desk: Desk, site: str) -> bool:
    """A link that is bound to a line sees its sites; not the whole, from which the other line could be reckoned."""
    now, own = desk.sites().sites, g.get("line")
    return not own or (site in now and now[site].row.owner == own)


def _rows(every: list[Entry], site: str) -> list[tuple[int, dict[str, str]]]:
    """(year, code -> number), the newest first. Of one line what its sites say together stands for the whole."""
    own = [one.site for one in every] if g.get("line") and not site else [site]
    if own == [PROVINCE]:
        told = {(one.year, one.code): one.value for one in every if one.site == PROVINCE}
    else:
        summed = of_places(every, CODES, own)
        told = {(year, code): value.number or 0 for year, values in summed.items() for code, value in values.items()}
    found: dict[int, dict[str, str]] = {}
    for (year, code), value in told.items():
        found.setdefault(year, {})[code] = number(value, language())
    return sorted(found.items(), reverse=True)


PAGES = (
    Page("baseline", "/baseline", page, under="trends"),
    Page("baseline_write", "/baseline/write", write, OFFICERS, ("POST",), under="trends"),
)
