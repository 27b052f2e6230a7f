"""A simulated site to look at, in a home of its own."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

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
@click.option("--province", type=click.Path(path_type=Path), default=None,
              help="The folder of a province on this machine, which the demo joins.")  # fmt: skip
def demo(days: int, seed: int, home: Path | None, no_serve: bool, province: Path | None) -> None:
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
    if province is not None:
        _join(Paths(where), province.absolute())
    if no_serve:
        click.echo(_("Look at it with: KIOSK_HOME={home} kiosk run", home=where))
        return
    supervise(Paths(where))


def _join(paths: Paths, province: Path) -> None:
    """The way of a PC without a network, both ends on this machine: question, answer, and its bundles on a stick."""
    from kiosk.clock import Clock
    from kiosk.errors import KioskError
    from kiosk.export import enrolment, joining
    from kiosk.province.orders import carry_out
    from kiosk.settings import load_site

    site = load_site(paths)
    if enrolment.load(paths) is None:
        made = carry_out(province, "station code", site=site.code, station=site.station, reason="demo")
        here = joining.Here(site.code, site.station, False, Clock().read().wall.isoformat(timespec="seconds"))
        paths.enrolment.mkdir(mode=0o700, exist_ok=True)
        with TemporaryDirectory() as stick:
            asked = (paths, stick, made["codes"][0]["code"], here, False, lambda _site, _station: None)
            with suppress(KioskError):  # the question lies on the stick
                joining.join(*asked)
            carry_out(province, "ingest", source=stick)
            joining.join(*asked)
    click.echo(_("It has joined the province in {path}. Bring its bundles there:", path=province))
    click.echo(f"  KIOSK_HOME={paths.home} kiosk export write --to STICK")
    click.echo(f"  kiosk province ingest STICK --home {province}")
