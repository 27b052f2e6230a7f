"""What the province has reached, from a terminal: to read, to print, to work on, to send to DHIS2."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kiosk.cli.common import JSON
from kiosk.cli.province import HOME, the_home
from kiosk.cli.province_sites import today
from kiosk.errors import UsageError
from kiosk.translations import _, terminal_language

if TYPE_CHECKING:
    from kiosk.province.home import Home
    from kiosk.province.indicators.ask import Ask, By
    from kiosk.province.indicators.world import World
    from kiosk.province.outputs.material import Gathered

Format = Literal["text", "json", "html", "xlsx", "csv", "dhis2"]
FORMATS = ("text", "json", "html", "xlsx", "csv", "dhis2")
# Of those formats that are several files, the one that is shown where no folder is named.
MAIN_FILE = {"csv": "figures.csv", "dhis2": "dataValueSets.json"}

EXAMPLES = {"text": "report.txt", "json": "report.json", "html": "report.html", "xlsx": "report.xlsx",
            "csv": "report.zip", "dhis2": "report.zip"}  # fmt: skip


@click.command("report")
@click.option("--period", default="", help="2026, 2026-Q4, 2026-11, 2026-11-21, or two with .. between; this year "
              "when left out.")  # fmt: skip
@click.option("--unit", default="", help="Only the sites in this unit of the register.")
@click.option("--line", type=click.Choice(["library", "post"]), help="Only the sites of libraries, or of the post.")
@click.option("--site", default="", help="Only this site.")
@click.option("--by", type=click.Choice(["province", "district", "commune", "line", "site"]), default="province",
              show_default=True, help="Told apart by what, in text and JSON; other formats hold all.")  # fmt: skip
@click.option("--format", "as_format", type=click.Choice(FORMATS), default="text", show_default=True,
              help="To read, for a program, to print, for Excel and LibreOffice, tables with datapackage.json, or for "
              "DHIS2.")  # fmt: skip
@click.option("--to", type=click.Path(path_type=Path), help="Write to this file; csv and dhis2: folder or .zip.")
@click.option("--language", type=click.Choice(["vi", "en"]), help="Of the report; Vietnamese for paper and workbook.")
@click.option("--engine", type=click.Choice(["duckdb", "postgres", "spark"]), default="duckdb", show_default=True,
              help="What reckons.")  # fmt: skip
@click.option("--url", default="", help="Where that engine is, for example postgresql://… or spark://….")
@HOME
@JSON
def report(period: str, unit: str, line: str | None, site: str, by: "By", as_format: Format, to: Path | None,
           language: str | None, engine: str, url: str, home: Path | None, as_json: bool) -> None:  # fmt: skip
    """Show the plan's goals and every other figure of the province, for any period, unit or line.

    Where something cannot be said, the reason stands in its place.

    \b
    Example:
      kiosk province report --period 2026 --format html --to report.html
    """
    from kiosk.cli.content import Progress
    from kiosk.province.indicators.world import open_world
    from kiosk.province.outputs.gather import gathered

    wanted: Format = "json" if as_json else as_format
    _must_have_a_place(wanted, to)
    ask = _ask(period, unit, line or "", site, by)
    lang = language or ("vi" if wanted in ("html", "xlsx") else terminal_language())
    here = the_home(home)
    with open_world(here, engine, url) as world, Progress(to is not None or wanted == "text") as told:
        _must_be_known(world, ask)
        found = gathered(world, ask, told, _kinds(wanted, ask))
    _give(_files(wanted, found, lang, here), wanted, to)
    _say_what_is_behind(here)


def _ask(period: str, unit: str, line: str, site: str, by: "By") -> "Ask":
    from kiosk.province.indicators.ask import Ask
    from kiosk.rules.period_texts import parse_period

    return Ask(parse_period(period or str(today().year)), today(), by, unit, line, site)


def _must_be_known(world: "World", ask: "Ask") -> None:
    if ask.within and world.register.units.get(ask.within) is None:
        raise UsageError(_("There is no unit {code} in the register.", code=ask.within),
                         _("Look at them: kiosk province sites list --units"))  # fmt: skip
    if ask.site and ask.site not in world.register.sites:
        raise UsageError(_("{code} is not in the register.", code=ask.site),
                         _("Look at them: kiosk province sites list"))  # fmt: skip


def _kinds(wanted: Format, ask: "Ask") -> "tuple[By, ...] | None":
    """By what is told apart; None: by everything, with months and lists."""
    if wanted in ("text", "json"):
        return () if ask.by == "province" else (ask.by,)
    return (("site",) if not ask.site else ()) if wanted == "dhis2" else None


def _files(wanted: Format, found: "Gathered", lang: str, home: "Home") -> dict[str, bytes]:
    """Name -> bytes: one file, or those of a folder."""
    from kiosk.province.outputs import dhis2, dhis2_codes, paper, spoken, tables, workbook

    match wanted:
        case "json":
            return {"": spoken.as_json(found, lang).encode()}
        case "html":
            return {"": paper.report_html(found, lang).encode()}
        case "xlsx":
            return {"": workbook.workbook(found, lang)}
        case "csv":
            return tables.files(found)
        case "dhis2":
            return dhis2.files(found, dhis2_codes.codes_of(home))
    return {"": ("\n".join(spoken.as_text(found, lang)) + "\n").encode()}


def _must_have_a_place(wanted: Format, to: Path | None) -> None:
    if wanted == "xlsx" and to is None:
        raise UsageError(_("A workbook cannot be shown in a terminal."), _("Name a file with --to FILE."))
    if to is None:
        return
    if to.is_dir() and (wanted not in MAIN_FILE or to.suffix == ".zip"):
        raise UsageError(_("{path} is a folder; the report is one file.", path=to),
                         _("Name the file too, for example {path}.", path=to / EXAMPLES[wanted]))  # fmt: skip
    if wanted in MAIN_FILE and to.suffix != ".zip" and not to.is_dir() and (to.suffix or to.exists()):
        raise UsageError(_("These are several files: {path} holds one.", path=to),
                         _("Name a folder, or a file that ends in .zip."))  # fmt: skip


def _give(files: dict[str, bytes], wanted: Format, to: Path | None) -> None:
    from kiosk.export.files import put, trouble
    from kiosk.province.outputs.packed import packed

    if to is None:
        click.echo(files[MAIN_FILE.get(wanted, "")], nl=False)
    elif wanted not in MAIN_FILE:
        put(to.absolute(), files[""])
    elif to.suffix == ".zip":
        put(to.absolute(), packed(files))
    else:
        try:
            to.mkdir(exist_ok=True)
        except OSError as error:
            raise trouble(to.absolute().parent, error) from error
        for name, content in files.items():
            put(to.absolute() / name, content)


def _say_what_is_behind(home: "Home") -> None:
    from kiosk.province.lake.lake import is_behind

    if is_behind(home):
        click.echo(_("More has been received since these figures were made; take it in: kiosk province rebuild"),
                   err=True)  # fmt: skip
