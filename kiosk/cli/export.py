"""The nightly bundles: made, shown, copied."""

from pathlib import Path

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.translations import _


@click.group()
def export() -> None:
    """The nightly bundles for the province.

    \b
    Example:
      kiosk export status
    """


@export.command("run")
@click.option("--day", help="This day as it stands now, YYYY-MM-DD, also while it is not over.")
@JSON
def export_run(day: str | None, as_json: bool) -> None:
    """Write every bundle that is due.

    \b
    Example:
      kiosk export run --day 2026-11-21
    """
    from kiosk.cli.offline import ask_or_open

    made = ask_or_open(paths(), "export", action="run", **({"day": day} if day else {}))
    new = [one for one in made if one["new"]]
    lines = [_("{n} new bundles.", n=len(new)), *(one["file"] for one in new)]
    show(made, as_json, lines)


@export.command("status")
@JSON
def export_status(as_json: bool) -> None:
    """Show which day was written last and what waits.

    \b
    Example:
      kiosk export status
    """
    from kiosk.cli.offline import ask_or_open
    from kiosk.service.words import export_lines

    state = ask_or_open(paths(), "export", action="status")
    show(state, as_json, export_lines(state))


@export.command("write")
@click.option("--to", required=True, type=click.Path(path_type=Path), help="A folder, for example on a USB stick.")
@JSON
def export_write(to: Path, as_json: bool) -> None:
    """Copy all bundles to a folder.

    \b
    Example:
      kiosk export write --to /media/usb
    """
    from kiosk.cli.offline import ask_or_open

    names = ask_or_open(paths(), "export", action="write", to=str(to.absolute()))
    show(names, as_json, [_("{n} bundles copied to {path}.", n=len(names), path=to)])
