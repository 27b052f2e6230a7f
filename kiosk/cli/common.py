"""What the commands share: where the home is, and how an answer is printed."""

import json
from typing import Any

import click

from kiosk.settings import Paths, home_dir
from kiosk.translations import _

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")


class Minutes(click.ParamType[float]):
    """A number of minutes, at most a day; `nan` is a number to Python, and none of minutes."""

    name = "minutes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; a usage error where it is none."""
        from kiosk.rules.figures import DAY_MINUTES

        try:
            minutes = float(value)
        except ValueError:
            minutes = 0.0
        if not 0 < minutes <= DAY_MINUTES:
            self.fail(_("Minutes go from 1 to {n}.", n=DAY_MINUTES), param, ctx)
        return minutes


def paths() -> Paths:
    """The home that a command speaks of."""
    return Paths(home_dir())


def show(data: Any, as_json: bool, lines: list[str]) -> None:
    """An answer for a machine or for a person."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))
