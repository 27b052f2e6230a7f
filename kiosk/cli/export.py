"""The nightly bundles: made, shown, sent, copied."""

import sys
from pathlib import Path

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.errors import RefusedError
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
    """Show which day was written last, what the province has, what waits and what it refused.

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
    """Copy bundles to a folder; with a province what it has not confirmed, after its receipts there were read.

    \b
    Example:
      kiosk export write --to /media/usb
    """
    from kiosk.cli.offline import ask_or_open
    from kiosk.service.words import unsigned_line

    done = ask_or_open(paths(), "export", action="write", to=str(to.absolute()))
    lines = [_("{n} bundles copied to {path}.", n=len(done["written"]), path=to)]
    if done["unsigned"]:
        lines.append(unsigned_line())
        lines.append(_("Ask the province for a code, then: kiosk enrol URL CODE."))
    if done["confirmed"]:
        lines.append(_("The province has confirmed {n} bundles by receipts that lay there.", n=done["confirmed"]))
    if done["refused"]:
        lines.append(_("It has put {n} bundles aside; kiosk export status says why.", n=done["refused"]))
    if done["waiting"]:
        lines.append(_("{n} bundles wait until it confirms them.", n=done["waiting"]))
    if done["unproved"]:
        lines.append(_("{n} receipts there are not signed by the province and do not count.", n=done["unproved"]))
    show(done, as_json, lines)


@export.command("send")
@JSON
def export_send(as_json: bool) -> None:
    """Send what waits to the province now, over the network. Ends with 4 where the province puts some aside.

    \b
    Example:
      kiosk export send
    """
    from kiosk.cli.offline import ask_or_open
    from kiosk.service.words import export_lines

    state = ask_or_open(paths(), "export", action="send")
    lines = [_("The province has confirmed {n} bundles just now.", n=state["confirmed"])]
    if state["refused_now"]:
        lines.append(_("It has put {n} bundles aside just now and does not count them yet; why stands below.",
                       n=state["refused_now"]))  # fmt: skip
    show(state, as_json, [*lines, *export_lines(state)])
    if state["refused_now"]:
        sys.exit(RefusedError.exit_code)
