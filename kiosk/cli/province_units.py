"""What changes the map of the province and the lists that it is counted by: merges, renames, frozen lists."""

from pathlib import Path
from typing import Any

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME
from kiosk.translations import _

REASON = click.option("--reason", required=True, help="Why; kept with what is done.")


@click.command("freeze")
@click.option("--version", required=True, help="What the list is called, for example 2026.1.")
@click.option("--from", "first", required=True, help="The day from which it counts, for example 2026-01-01.")
@click.option("--count", type=click.IntRange(1), help="How many sites it must have, for example 112.")
@REASON
@HOME
@JSON
def freeze(version: str, first: str, count: int | None, reason: str, home: Path | None, as_json: bool) -> None:
    """Freeze the list of the project's sites as it is on a day. It never changes again; a change is a new version.

    \b
    Example:
      kiosk province sites freeze --version 2026.1 --from 2026-01-01 --count 112 --reason "Plan of the province"
    """
    from kiosk.province.home import home_dir
    from kiosk.province.orders import carry_out

    done = carry_out(home_dir(home), "sites freeze", version=version, first=first, why=reason, count=count)
    lines = [_("The list {version} is frozen, with {n} sites.", version=done["version"], n=done["sites"])]
    show(done, as_json, lines)


@click.command("merge")
@click.argument("old", nargs=-1, required=True)
@click.option("--into", required=True, help="The code of the unit that they become: a new one, or one of them.")
@click.option("--from", "first", required=True, help="The first day of the new unit, for example 2025-07-01.")
@click.option("--name", default="", help="What the new unit is called.")
@click.option("--parent", default="", help="The unit above it, where those that are merged have several.")
@REASON
@HOME
@JSON
def merge(old: tuple[str, ...], into: str, first: str, name: str, parent: str, reason: str, home: Path | None,
          as_json: bool) -> None:  # fmt: skip
    """Merge communes into one, or districts into the province. The sites in them follow by themselves.

    \b
    Example:
      kiosk province sites merge 16012 16015 --into 16012 --from 2025-07-01 --name "Xã Ví Dụ" --reason "Merged in 2025"
    """
    from kiosk.province.home import home_dir
    from kiosk.province.orders import carry_out

    done = carry_out(home_dir(home), "sites merge", old=list(old), into=into, first=first, why=reason, called=name,
                     parent=parent)  # fmt: skip
    show(done, as_json, [_("{old} are {into} from {day} on.", old=", ".join(old), into=into, day=first)])


@click.command("rename")
@click.argument("unit")
@click.argument("name")
@click.option("--from", "first", required=True, help="The day from which it is called so, for example 2025-07-01.")
@REASON
@HOME
@JSON
def rename(unit: str, name: str, first: str, reason: str, home: Path | None, as_json: bool) -> None:
    """Give a unit another name from a day on.

    \b
    Example:
      kiosk province sites rename 16012 "Phường Ví Dụ" --from 2026-01-01 --reason "Became a ward"
    """
    from kiosk.province.home import home_dir
    from kiosk.province.orders import carry_out

    done: dict[str, Any] = carry_out(home_dir(home), "sites rename", unit=unit, called=name, first=first, why=reason)
    show(done, as_json, [_("{unit} is called {name} from {day} on.", unit=unit, name=name, day=first)])
