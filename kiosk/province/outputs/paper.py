"""The report on paper for the departments: A4, in the form of official documents, to be numbered, dated and signed.

One page of HTML that needs no other file; the browser prints it or keeps it as PDF. Number, day, who issues it and who
signs are left open: they are not ours to say.
"""

from itertools import groupby

from markupsafe import Markup

from kiosk.province.outputs import paper_tables, words
from kiosk.province.outputs.lists import about, notes
from kiosk.province.outputs.material import Gathered
from kiosk.province.outputs.paper_cells import PaperTable
from kiosk.rules.indicator import label
from kiosk.rules.reading_words import day, say, title
from kiosk.translations import web_ui_dir

TEMPLATE, STYLE = "province/report.html", "province_report.css"
MEDIA_TYPE = "text/html; charset=utf-8"
# Kinds of places in the text; sites follow in an annex.
IN_THE_TEXT = ("line", "district", "commune")
BY_KIND = {
    "line": label("By line"),
    "district": label("By district"),
    "commune": label("By commune"),
}


def report_html(found: Gathered, lang: str = "vi", style_at: str = "", script_at: str = "", back: str = "") -> str:
    """A whole page. `style_at`: the address of its style sheet; left out, the page brings its own.

    On a board, `script_at` is what makes its button print, and `back` where one came from.
    """
    from jinja2 import Environment, FileSystemLoader

    root = web_ui_dir()
    env = Environment(
        loader=FileSystemLoader(root / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    env.globals["_"] = lambda text, **values: say(lang, text, **values)
    style = "" if style_at else Markup((root / "styles" / STYLE).read_text(encoding="utf-8"))
    elapsed = found.ask.elapsed
    return env.get_template(TEMPLATE).render(
        lang=lang, style=style, style_at=style_at, script_at=script_at, back=back, found=found,
        title=title(found.ask.period, lang), scope=words.place_name(found.scope, lang),
        days=f"{day(elapsed.first)} – {day(elapsed.last)}" if elapsed else "",
        goals=paper_tables.goals(found, lang), results=_results(found, lang), who=_who(found, lang),
        content=_content(found, lang),
        more=[paper_tables.figures(found, one, lang) for one in ("journal", "equipment")],
        by=[(say(lang, BY_KIND[kind]), paper_tables.by(found, kind, lang))
            for kind in found.tables if kind in IN_THE_TEXT],
        sites=paper_tables.by(found, "site", lang) if "site" in found.tables else None,
        months=paper_tables.months(found, lang) if found.months else None,
        definitions=_meanings(found, lang),
        about=about(found, lang), notes=notes(found, lang),
    )  # fmt: skip


def _results(found: Gathered, lang: str) -> list[PaperTable]:
    told = [paper_tables.figures(found, group, lang) for group in ("sites", "use", "days")]
    return [*told, paper_tables.ends(found, lang), *([paper_tables.years(found, lang)] if found.years else [])]


def _who(found: Gathered, lang: str) -> PaperTable:
    return paper_tables.figures(found, "answers", lang)


def _content(found: Gathered, lang: str) -> list[PaperTable]:
    told = [paper_tables.figures(found, "content", lang)]
    lists = ((label("Guides opened most"), found.opened), (label("Looked for and not found"), found.missed))
    return told + [paper_tables.listed(heading, some, lang) for heading, some in lists if some]


def _meanings(found: Gathered, lang: str) -> list[tuple[str, str, str]]:
    """(names, formula, version): figures that follow each other and are reckoned alike share one."""
    told = ((words.name(one.code, lang), words.formula(one.code, lang), one.version) for one in found.definitions())
    return [("; ".join(name for name, *_rest in alike), *key) for key, alike in groupby(told, key=lambda one: one[1:])]
