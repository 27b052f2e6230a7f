"""A simulated site to look at, in a home of its own."""

from pathlib import Path

import click

from kiosk.cli.station import supervise
from kiosk.settings import Paths
from kiosk.translations import _


@click.command()
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How many days up to today.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same visits.")
@click.option("--home", type=click.Path(path_type=Path), default=None,
              help="A folder for the demo; ./kiosk-demo when left out.")  # fmt: skip
@click.option("--no-serve", is_flag=True, help="Only fill the home, do not start the station.")
def demo(days: int, seed: int, home: Path | None, no_serve: bool) -> None:
    """Fill a scratch home with plausible visits and run a station on it. A real home is never touched.

    \b
    Example:
      kiosk demo --days 90 --no-serve
    """
    from kiosk.clock import Clock
    from kiosk.content.catalogue import Catalogue
    from kiosk.service.demo import fill
    from kiosk.shipped import shipped_dir

    where = (home or Path("kiosk-demo")).absolute()
    items = [item.id for item in Catalogue.load([shipped_dir("policies") / "starter"]).items]
    summary = fill(where, days, seed, Clock().read().local.date(), items)
    made = _("{home} now holds {n} visits on {days} days.", home=where, n=summary.visits, days=summary.days)
    click.echo(made + " " + _("Seed: {seed}.", seed=summary.seed))
    if no_serve:
        click.echo(_("Look at it with: KIOSK_HOME={home} kiosk run", home=where))
        return
    supervise(Paths(where))
