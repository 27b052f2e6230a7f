"""What the commands share: where the home is, and how an answer is printed."""

import json
from typing import Any

import click

from kiosk.errors import UsageError
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


def _one_of_the_themes(_context: click.Context, _option: click.Parameter, theme: str) -> str:
    from kiosk.content.items import THEMES

    if theme and theme not in (codes := [one.code for one in THEMES]):
        raise UsageError(
            _("There is no theme {name}.", name=theme), _("Choose one of {known}.", known=", ".join(codes))
        )
    return theme


THEME = click.option("--theme", default="", callback=_one_of_the_themes,
                     help="The theme of items for which nobody wrote one down, for example health.")  # fmt: skip


def size(count: int) -> str:
    """Bytes for a person: 12.3 MB, 456 kB; never 0.0 MB for what is there."""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{-(-count // 1000)} kB"


def paths() -> Paths:
    """The home that a command speaks of."""
    return Paths(home_dir())


def show(data: Any, as_json: bool, lines: list[str]) -> None:
    """An answer for a machine or for a person."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))
