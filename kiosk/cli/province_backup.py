"""Copies of a province's home: made, brought back, and looked through."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kiosk.cli.common import JSON, show, size
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.backup.verifying import Report

HOME = click.option("--home", type=click.Path(path_type=Path), help="The province's folder; else KIOSK_PROVINCE.")


@click.command("backup")
@click.option(
    "--to", type=click.Path(path_type=Path), help="A folder, best on another disk; else backups/ in the home."
)
@click.option("--without-keys", is_flag=True, help="Leave the province's secret keys out.")
@HOME
@JSON
def backup(to: Path | None, without_keys: bool, home: Path | None, as_json: bool) -> None:
    """Copy ledger, archive, settings and keys into a new folder; also while the province serves.

    Parts of the archive that no longer grow are shared with the backup before, so one a day needs little room.

    \b
    Example:
      kiosk province backup --to /media/disk
    """
    from datetime import datetime, timezone

    from kiosk.province.backup.backup import make_backup
    from kiosk.province.home import home_dir, must_be_home, must_be_ours

    here = must_be_home(home_dir(home))
    if to is None:
        must_be_ours(here)
    made = make_backup(here, (to or here.backups).absolute(), datetime.now(timezone.utc), not without_keys, _progress())
    lines = [_("Written and checked: {path}", path=made.path),
             _("{n} bundles, {size}.", n=made.bundles, size=size(made.size))]  # fmt: skip
    if made.keys:
        lines.append(
            _("The province's secret keys are in it: keep it locked away. Whoever has them can sign in its name.")
        )
    else:
        lines.append(_("The province's secret keys are not in it. Without them no station believes what is restored: "
                       "keep a copy of {path} apart.", path=here.keys))  # fmt: skip
    if made.damaged:
        lines.append(_("The backup before it, {path}, is damaged: {names}. In this one they are whole: keep it.",
                       path=made.before or "", names=", ".join(made.damaged)))  # fmt: skip
    if made.path.stat().st_dev == here.archive.stat().st_dev:
        lines.append(_("It lies on the same disk: if that disk fails, both are gone."))
    told = {"path": str(made.path), "made": made.made, "ledger": made.ledger, "bundles": made.bundles,
            "bytes": made.size, "keys": made.keys, "damaged_before": list(made.damaged)}  # fmt: skip
    show(told, as_json, lines)


@click.command("restore")
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@HOME
@JSON
def restore(source: Path, home: Path | None, as_json: bool) -> None:
    """Put a backup into an empty home. FROM is the folder of one backup; it is checked before anything is written.

    Stations notice it, and send again what they still keep: all of the last 35 days.

    \b
    Example:
      kiosk province restore /media/disk/kiosk-province-20261121-230000
    """
    from datetime import datetime, timezone

    from kiosk.province.backup.restoring import restore as restored
    from kiosk.province.home import home_dir
    from kiosk.province.orders import who_asks

    here, backup = restored(source.absolute(), home_dir(home), datetime.now(timezone.utc), who_asks(), _progress())
    lines = [
        _("Restored into {path}: {n} bundles, as of {day}.", path=here.path, n=backup.bundles, day=backup.made),
        _("Stations notice that this is another memory, and send again what they still keep: all of the last 35 days."),
        _(
            "What was decided later is forgotten: PCs that joined since then must join again, keys that were revoked "
            "must be revoked again, and open codes no longer count."
        ),
        _("Next: kiosk province verify, then kiosk province serve. The lake is made again by kiosk province rebuild."),
    ]
    if not backup.keys:
        lines.append(
            _("The backup holds no keys: put the province's keys back into {path} before it serves.", path=here.keys)
        )
    show({"home": str(here.path), "made": backup.made, "bundles": backup.bundles, "keys": backup.keys}, as_json, lines)


@click.command("verify")
@click.option(
    "--backup", "backup", type=click.Path(path_type=Path), help="Look through this backup instead of the home."
)
@click.option("--without-lake", is_flag=True, help="Do not make the lake anew for comparing it.")
@HOME
@JSON
def verify(backup: Path | None, without_lake: bool, home: Path | None, as_json: bool) -> None:
    """Look through every record of the archive: bytes, signatures, and the ledger against it, both ways; then the lake.

    Nothing is changed. Ends with 5 where something is damaged, and says what, and what to do.

    \b
    Example:
      kiosk province verify
    """
    from datetime import datetime, timezone

    from kiosk.errors import DamagedError
    from kiosk.province.backup.files import backup_at
    from kiosk.province.backup.restoring import check_files
    from kiosk.province.backup.verifying import verify_home
    from kiosk.province.backup.verifying_lake import verify_lake
    from kiosk.province.home import Home, home_dir, must_be_home

    if backup is None:
        here = must_be_home(home_dir(home))
    else:
        check_files(backup_at(backup.absolute()), _progress())
        here = Home(backup.absolute())
    report = verify_home(here, _progress())
    if backup is None and not without_lake:
        verify_lake(here, report, datetime.now(timezone.utc))
    show(_told(report), as_json, _lines(report))
    if not report.good:
        raise DamagedError(_("{n} things are not as they should be.", n=len(report.findings) + report.more),
                           _("Do what stands beside them, then verify again."))  # fmt: skip


def _told(report: "Report") -> dict[str, Any]:
    return {"good": report.good, "records": report.records, "bundles": report.bundles, "quarantined": report.aside,
            "bytes": report.size, "lake": report.lake, "more": report.more,
            "findings": [asdict(one) for one in report.findings]}  # fmt: skip


def _lines(report: "Report") -> list[str]:
    lines = [_("{records} records looked through ({size}): {bundles} bundles, {aside} put aside.",
               records=report.records, size=size(report.size), bundles=report.bundles, aside=report.aside)]  # fmt: skip
    if report.lake:
        lines.append({"same": _("The lake is what ledger and archive make of it."),
                      "older": _("The lake is whole, and older than the ledger: the next build brings it up to date."),
                      "none": _("There is no lake yet; it is made by kiosk province rebuild."),
                      "waits": _("The lake was not compared: it may have what ledger or archive have lost. Make it "
                                 "anew when they are mended, not before."),
                      "other": _("The lake is not what ledger and archive make of it.")}[report.lake])  # fmt: skip
    words = _words()
    if report.lake == "waits":
        words["lake"] = (words["lake"][0], "")
    for one in report.findings:
        what, todo = words[one.what]
        lines.append(" ".join(part for part in ("-", one.place, one.about, what, todo) if part))
    if report.more:
        lines.append(_("… and {n} more.", n=report.more))
    return lines if not report.good else [*lines, _("All is whole.")]


def _words() -> dict[str, tuple[str, str]]:
    """What was found, and what to do about it."""
    segment = _("Stop the server, and copy this file out of a good backup; without one, restore.")
    ledger = _("Restore the newest good backup; stations send again what came after it.")
    return {
        "record": (_("This record cannot be read."), segment),
        "missing": (_("The ledger knows a bundle here, and the archive has none."), segment),
        "sha256": (_("These are other bytes than the ledger knows."), segment),
        "signature": (_("This was not signed by a key that the ledger knows."), segment),
        "row": (_("The ledger says something else of this bundle than it says of itself."), ledger),
        "unknown": (_("The archive has a bundle here of which the ledger knows nothing."), ledger),
        "counted": (_("Of this day not exactly the highest revision counts."), ledger),
        "ledger": (_("The ledger's file is damaged."), ledger),
        "lake": (_("This file of the lake is not what it should be."), _("Run kiosk province rebuild --all.")),
    }


def _progress() -> Callable[[int, int], None]:
    """A line of per cent on a terminal, and nothing elsewhere."""
    shown = -1

    def step(done: int, whole: int) -> None:
        nonlocal shown
        percent = 100 if done >= whole else 100 * done // whole
        if percent != shown and sys.stderr.isatty():
            shown = percent
            click.echo(f"\r{percent:3} %", nl=percent == 100, err=True)

    return step
