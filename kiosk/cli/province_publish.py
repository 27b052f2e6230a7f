"""The province publishes: content and policies of a folder, and the sites of its register, as the one signed tree."""

import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.common import JSON, THEME, show
from kiosk.cli.content import Progress
from kiosk.cli.province import HOME, the_home
from kiosk.cli.province_guides import taken
from kiosk.cli.publish import FOLDER, published, unlocked
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.register.site_history import SiteRow


@click.command("publish")
@click.argument("folder", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option(
    "--keys", "keys_folder", type=FOLDER, help="Where the keys lie; beside FOLDER, as FOLDER.keys, if not said."
)
@THEME
@HOME
@JSON
def publish(folder: Path, out: Path, keys_folder: Path | None, theme: str, home: Path | None, as_json: bool) -> None:
    """Make FOLDER, with its packs and policies, and the register of sites the signed tree OUT that stations fetch.

    The list of sites is made from the register; a sites.csv in FOLDER counts only while the register is empty.

    \b
    Example:
      kiosk province publish library /srv/www/library --keys /media/keys
    """
    from kiosk.clock import Clock
    from kiosk.content.updates.province_folder import must_be_there
    from kiosk.content.updates.publishing import publish as make
    from kiosk.province.register.site_list import check_policies
    from kiosk.rules.policy import parse_policy
    from kiosk.settings import read_toml

    here, source, now = the_home(home), folder.absolute(), Clock().read()
    must_be_there(source)
    listed, rows = _list(here.path, now.local.date())
    check_policies(rows, {path.stem for path in (source / "policies").glob("*.toml")})
    keys = unlocked(keys_folder or source.with_name(f"{source.name}.keys"))
    with Progress(not as_json) as told, tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(listed)
        file.flush()
        made = make(
            source, out.absolute(), keys, now.wall, told, lambda path: parse_policy(read_toml(path)), theme,
            Path(file.name) if rows else None,
        )  # fmt: skip
    guides, _left_out = taken(here.path, out)
    lines = [*published(made), _("The province knows {known} guides by title and theme.", known=guides["known"])]
    if rows:
        lines.append(_("The list of sites is that of the register: {n} sites.", n=len(rows)))
        if (source / "sites.csv").exists():
            lines.append(_("The sites.csv in {folder} was not used: the register goes before it.", folder=folder))
    elif (source / "sites.csv").exists():
        lines.append(_("The register is empty: the list of sites is the sites.csv in {folder}.", folder=folder))
    else:
        lines.append(_("The register is empty: no list of sites was published."))
    show(asdict(made) | {"sites": len(rows), "from_register": bool(rows)}, as_json, lines)


def _list(home: Path, today: date) -> "tuple[bytes, list[SiteRow]]":
    from kiosk.content.updates.given import MAX_SMALL
    from kiosk.province.home import Home
    from kiosk.province.memory.ledger import Ledger
    from kiosk.province.register.register import read
    from kiosk.province.register.site_list import published_rows, written

    ledger = Ledger.read_only(Home(home))
    try:
        with ledger.reading() as db:
            register = read(db)
    finally:
        ledger.close()
    rows = published_rows(register, today)
    return written(rows, register, today, MAX_SMALL), rows
