"""The province's figures, made of its archive."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME, the_home
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.lake.lake import Built


@click.command("rebuild")
@click.option("--all", "everything", is_flag=True, help="Everything anew from the archive, not only what is new.")
@HOME
@JSON
def rebuild(everything: bool, home: Path | None, as_json: bool) -> None:
    """Make tables and figures (lake/current) of the bundles that were received; also while the province serves.

    Readers see the tables of before until the new ones are whole. The result is the same with --all.

    \b
    Example:
      kiosk province rebuild
    """
    from datetime import datetime, timezone

    from kiosk.cli.content import Progress
    from kiosk.errors import DamagedError
    from kiosk.province.home import must_be_ours
    from kiosk.province.lake.lake import build

    must_be_ours(here := the_home(home))
    with Progress(not as_json) as told:
        built = build(here, datetime.now(timezone.utc), everything, told)
    show({**asdict(built), "path": str(built.path)}, as_json, _lines(built))
    if built.incomplete:
        raise DamagedError(
            _("{n} bundles of these days cannot be read in the archive, and are missing in the figures: {days}.",
              n=sum(built.incomplete.values()), days=", ".join(built.incomplete)),
            _("Put the archive back from a copy: kiosk province restore. Then: kiosk province rebuild."),
        )  # fmt: skip


@click.command("load")
@click.option("--to", "url", required=True, metavar="URL",
              help="The database: postgresql://user@host/database. The password belongs into ~/.pgpass.")  # fmt: skip
@HOME
@JSON
def load(url: str, home: Path | None, as_json: bool) -> None:
    """Bring the tables and figures of the newest edition into PostgreSQL: only what changed since the last time.

    They lie in the schema “kiosk”. Whoever asks meanwhile sees those of before, until the new ones are whole.

    \b
    Example:
      kiosk province load --to postgresql://kiosk@db.example.vn/kiosk
    """
    from kiosk.cli.content import Progress
    from kiosk.province.indicators.loading import load as bring
    from kiosk.province.lake.lake import reading

    with reading(the_home(home)) as lake, Progress(not as_json) as told:
        loaded = bring(lake, url, told)
    if loaded.files or loaded.gone:
        line = _("Edition {n} is in PostgreSQL: {rows} rows of {files} months of tables were brought there.",
                 n=loaded.edition, rows=loaded.rows, files=loaded.files)  # fmt: skip
    else:
        line = _("Nothing is new: edition {n} is in PostgreSQL already.", n=loaded.edition)
    show(asdict(loaded), as_json, [line])


def _lines(built: "Built") -> list[str]:
    if not built.new:
        return [_("Nothing new was received: edition {n} is in use already.", n=built.edition)]
    lines = [
        _("Edition {n} is in use: {bundles} bundles read, {months} months made anew.",
          n=built.edition, bundles=built.bundles, months=len(built.months)),
        str(built.path),
    ]  # fmt: skip
    if built.mended:
        lines.append(_("Files of these months were damaged and are made anew: {months}.",
                       months=", ".join(built.mended)))  # fmt: skip
    return lines
