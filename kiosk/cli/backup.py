"""A copy of the station's memory on a stick, and the way back from one."""

from pathlib import Path
from typing import Any

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.errors import RefusedError
from kiosk.translations import _


@click.command()
@click.argument("to", type=click.Path(path_type=Path))
@JSON
def backup(to: Path, as_json: bool) -> None:
    """Write one file with all counts to a folder or stick, with its sha256 beside it.

    No answers, no single sessions, no managers and no PINs are in it: these never leave the PC.

    \b
    Example:
      kiosk backup /media/usb
    """
    from kiosk.cli.offline import ask_or_open

    made = ask_or_open(paths(), "backup", to=str(to.absolute()))
    show({"file": made}, as_json, [_("Written and checked: {path}", path=made)])


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do it; without this, only what would be done is said.")
@JSON
def restore(source: Path, yes: bool, as_json: bool) -> None:
    """Put a backup in the place of the station's memory, while no kiosk runs. FROM is a file, or a folder with some.

    The present memory is set aside, never deleted, and the way back is printed. Days after the backup are taken from
    the outbox; what nobody knows any more is counted and shown.

    \b
    Example:
      kiosk restore /media/usb --yes
    """
    from kiosk.cli.offline import restore_from

    loss = restore_from(paths(), source.absolute(), yes)
    if loss is None:
        raise RefusedError(
            _("{path} is a good backup. It would take the place of what this station remembers.", path=source),
            _("Add --yes to do it. The present file is kept, and can be restored in the same way."),
        )
    show(loss, as_json, _lines(loss))


def _lines(loss: dict[str, Any]) -> list[str]:
    from kiosk.service.keeping import words

    lines = [_("Restored."), words(loss)]
    if loss["new_epoch"]:
        lines.append(_("The bundles begin a new series, because the outbox does not show the whole of the old one."))
    if loss["way_back"]:
        lines.append(_("Way back: kiosk restore {path} --yes", path=loss["way_back"]))
    return lines
