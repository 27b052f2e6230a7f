"""The report on the panel: `/s/03/report?period=2026-11`, the month of today by default, and the same as files."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request, url_for

from kiosk.errors import UsageError
from kiosk.report import Report, Reports, words
from kiosk.report.formats import as_json
from kiosk.report.table import as_table
from kiosk.report.xlsx import MEDIA_TYPE, as_xlsx
from kiosk.service.panel import report_chart, report_page
from kiosk.service.panel.stations import STATION
from kiosk.web.pages import language, say


def add_views(app: Flask, reports: Reports) -> None:
    """`/s/<station>/report` and the same as `report.csv`."""

    @app.get(f"{STATION}/report", endpoint="report")
    def report() -> Any:
        if "from" in request.args or "to" in request.args:
            return _of_days(reports)
        try:
            return _page(reports, reports.make(request.args.get("period")))
        except UsageError:
            wrong = say("That is not a period. This is the current month.")
            return make_response(_page(reports, reports.make(), wrong), 400)

    @app.get(f"{STATION}/report/print", endpoint="report_print")
    def report_print() -> Any:
        try:
            made = reports.make(request.args.get("period"))
        except UsageError:
            return redirect(url_for("report"), 303)
        return _page(reports, made, template="panel/report_paper.html")

    @app.get(f"{STATION}/report.csv", endpoint="report_csv")
    def report_csv() -> Any:
        return _file(reports, "csv", "text/csv", lambda made: as_table(made, language()).encode())

    @app.get(f"{STATION}/report.json", endpoint="report_json")
    def report_json() -> Any:
        return _file(reports, "json", "application/json", lambda made: as_json(made).encode())

    @app.get(f"{STATION}/report.xlsx", endpoint="report_xlsx")
    def report_xlsx() -> Any:
        return _file(reports, "xlsx", MEDIA_TYPE, lambda made: as_xlsx(made, language()))


def _of_days(reports: Reports) -> Any:
    """To the report of the two days in the form; days that make no period come back as they were typed."""
    given = {name: _day(name) for name in ("from", "to")}
    wrong = {name: say("Please choose a day.") for name, day in given.items() if not _is_day(day)}
    if not wrong and given["from"] > given["to"]:
        wrong["to"] = say("This day is before the first one. Please choose the same day or a later one.")
    if not wrong:
        try:
            reports.make(period := f"{given['from']}..{given['to']}")
            return redirect(url_for("report", period=period), 303)
        except UsageError:
            wrong["to"] = say("No report reaches over so many days. Please choose fewer.")
    notice = say("Nothing was shown for these days. Please look at the marked fields.")
    return make_response(_page(reports, reports.make(), notice, given=given, wrong=wrong), 400)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _file(reports: Reports, ending: str, media_type: str, write: Callable[[Report], bytes]) -> Any:
    """The report as a file to keep; a period that is none leads back to the page."""
    try:
        made = reports.make(request.args.get("period"))
    except UsageError:
        return redirect(url_for("report"), 303)
    name = f"{made.site_code}_{made.station}_{made.period.text}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write(made), mimetype=media_type, headers=headers)


def _day(name: str) -> str:
    """What a date field sent, cut to what a date can be; parse_period judges it."""
    return "".join(one for one in request.args.get(name, "")[:10] if one.isdigit() or one == "-")


def _page(
    reports: Reports,
    report: Report,
    notice: str = "",
    template: str = "panel/report.html",
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> str:
    lang, starts_on = language(), reports.policy.report.month_starts_on
    main, more = report_page.rows(report, lang)
    before, after, kinds = report_page.steps(report, report.made.date(), lang, starts_on)
    year = say("Same period {year}", year=report.period.last.year - 1)
    headings = [words.title(report.period, lang), words.title(report.previous, lang), year]
    strokes = report_chart.chart(report, lang)
    return render_template(
        template,
        report=report,
        notice=notice,
        given=given or {"from": report.period.first, "to": report.period.last},
        wrong=wrong or {},
        title=headings[0],
        headings=headings,
        main=main,
        more=more,
        before=before,
        after=after,
        kinds=kinds,
        strokes=strokes,
        calendar=report_chart.calendar(report, strokes, lang),
        lock=report_page.locked_on(report),
        changed=report_page.changed(report, lang, report_page.MOST_CHANGES if "paper" not in template else None),
        not_shown=max(0, len(report.revisions) - report_page.MOST_CHANGES),
        written=report_page.written(report, lang),
        above=reports.policy.report.above,
        addressed_to=reports.policy.report.addressed_to,
        most=report_chart.most(report, lang),
        ends=report_page.levels(report.ends, lang),
        themes=report_page.levels(report.themes, lang),
        definitions=report_page.definitions(report, lang),
        effective=words.say(lang, words.EFFECTIVE[report.effective]) if report.effective else "",
        compared=words.day(report.compared.last) if report.compared not in (None, report.period) else "",
        through=report_page.through(report),
        made=f"{report.made:%H:%M %d/%m/%Y}",
        by_day=len(report.bars) == len(report.period),
        **_who_came(report, lang),
    )


def _who_came(report: Report, lang: str) -> dict[str, Any]:
    """The answers as far as they may be told, and what is said where they may not."""
    parts = [part for section in report.answers.values() for part in section]
    return {
        "sections": [
            (words.say(lang, words.SECTIONS[code]), report_page.levels(section, lang))
            for code, section in report.answers.items()
        ],
        "nobody": report_page.nobody(report, lang),
        "held": {code: words.number(count, lang) for code, count in report.withheld.items()},
        "withheld": any(part.why == "held" for part in parts),
        "earlier": any(part.since for part in parts),
    }
