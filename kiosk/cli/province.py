"""The other end: a province's home, and what comes into it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.common import JSON, show
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.home import Home
    from kiosk.province.intake.ingest import Counts

HOME = click.option("--home", type=click.Path(path_type=Path, file_okay=False),
                    help="The province's directory; else KIOSK_PROVINCE, else /var/lib/kiosk-province.")  # fmt: skip


@click.group()
def province() -> None:
    """The province: receive every night what the stations have counted.

    \b
    Example:
      kiosk province serve
    """


def the_home(given: Path | None) -> "Home":
    """The home that a command speaks of. KioskError when there is none."""
    from kiosk.province.home import home_dir, must_be_home

    return must_be_home(home_dir(given))


@province.command("init")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@HOME
@click.option("--name", required=True, help="The province's name, as stations show it.")
@click.option("--url", "urls", required=True, multiple=True,
              help="Where stations reach it: https://…; may be given again, the first is tried first.")  # fmt: skip
@JSON
def init(folder: Path | None, home: Path | None, name: str, urls: tuple[str, ...], as_json: bool) -> None:
    """Make the province's directory: its key, settings and an empty ledger. What is there stays as it is.

    \b
    Example:
      kiosk province init /var/lib/kiosk-province --name "Thanh Hóa" --url https://counts.example.vn
    """
    from kiosk.clock import Clock
    from kiosk.export.signing import Key
    from kiosk.province.home import home_dir
    from kiosk.province.home import init as make

    made = make(home_dir(folder or home), name, urls, Clock().read().wall)
    key = Key.load(made.key).id
    lines = [
        _("The province lies in {path}. Its key: {key}", path=made.path, key=key),
        _("Copy {path} to a safe place: stations believe only receipts that are signed by it.", path=made.key),
    ]
    show({"home": str(made.path), "key": key, "settings": str(made.settings)}, as_json, lines)


@province.command("ingest")
@click.argument("source")
@HOME
@JSON
def ingest(source: str, home: Path | None, as_json: bool) -> None:
    """Take the bundles of a folder, a stick or an address such as ftp://…, and write the receipts there.

    \b
    Example:
      kiosk province ingest /media/usb
    """
    from kiosk.province.intake.ingest import Counts
    from kiosk.province.orders import carry_out

    place = source if "://" in source else str(Path(source).absolute())
    told = carry_out(the_home(home).path, "ingest", source=place)
    show(told, as_json, _counted(Counts(**told)))


def _counted(counts: "Counts") -> list[str]:
    took = counts.stored + counts.duplicates + counts.quarantined
    if not took and not counts.joined and not counts.unreadable:
        return [_("No bundles lie there (files that end in .jsonl.gz). Is it the right stick or folder?")]
    lines = [
        _("{stored} bundles were taken, {duplicates} were here before, {quarantined} were put aside.",
          stored=counts.stored, duplicates=counts.duplicates, quarantined=counts.quarantined)
    ]  # fmt: skip
    if counts.joined:
        lines.append(_("{n} computers have joined by this stick; bring it back to them.", n=counts.joined))
    if counts.replaced:
        lines.append(_("{n} of those taken correct an earlier one.", n=counts.replaced))
    if counts.quarantined:
        lines.append(_("Look at what was put aside: kiosk province quarantine list."))
    if counts.unreadable:
        lines.append(_("{n} files could not be read. They are still there; try another stick.", n=counts.unreadable))
    if counts.unwritten:
        lines.append(_("The receipts could not be written there: {reason}.", reason=counts.unwritten))
    elif counts.receipts:
        lines.append(_("The receipts lie in the folder “receipts”; bring them back to the stations."))
    return lines
