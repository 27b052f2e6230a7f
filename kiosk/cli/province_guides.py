"""Which item of the menu is what, from a terminal: the province's list of guides."""

from pathlib import Path

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME, the_home
from kiosk.translations import _, terminal_language, translate


@click.group("guides")
def guides() -> None:
    """Which guide is what: its title and theme, so that openings are counted by theme.

    \b
    Example:
      kiosk province guides list
    """


@guides.command("add")
@click.argument("source", type=click.Path(path_type=Path))
@HOME
@JSON
def add(source: Path, home: Path | None, as_json: bool) -> None:
    """Take titles and themes from SOURCE: a published tree, its catalogue.json, or a folder of packs.

    \b
    Example:
      kiosk province guides add /srv/www/library
    """
    told, left_out = taken(home, source)
    lines = [_("{new} guides are new, {changed} have another title or theme; the province knows {known}.", **told)]
    if left_out:
        lines.append(_("{n} items were left out: they have no name or theme of ours.", n=left_out))
    show(told | {"left_out": left_out}, as_json, lines)


def taken(home: Path | None, source: Path) -> tuple[dict[str, int], int]:
    """The guides of a catalogue are the province's from now on; what came of it, and how many items it left out."""
    from kiosk.province.guide_files import guides_in
    from kiosk.province.guide_orders import row_of
    from kiosk.province.orders import carry_out

    here = the_home(home)
    found, left_out = guides_in(source)
    told = carry_out(here.path, "guides add", guides=[row_of(one) for one in found], subject=source.name)
    return told, left_out


@guides.command("list")
@HOME
@JSON
def listed(home: Path | None, as_json: bool) -> None:
    """Show the guides that the province knows, by theme.

    \b
    Example:
      kiosk province guides list
    """
    from dataclasses import asdict

    from kiosk.cli.province_sites import opened
    from kiosk.province.guides import known
    from kiosk.rules.themes import THEMES

    with opened(home) as ledger, ledger.reading() as db:
        found = known(db).values()
    lang, lines = terminal_language(), list[str]()
    for theme in THEMES:
        inside = [one for one in found if one.theme == theme.code]
        if inside:
            lines.append(translate(lang, "web", theme.label))
            lines += [f"  {one.item}: {one.called(lang)}" for one in inside]
    show([asdict(one) for one in found], as_json, lines)
