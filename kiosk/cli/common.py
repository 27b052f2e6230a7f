"""What the commands share: where the home is, and how an answer is printed."""

import json
from typing import Any

import click

from kiosk.settings import Paths, home_dir

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")


def paths() -> Paths:
    """The home that a command speaks of."""
    return Paths(home_dir())


def show(data: Any, as_json: bool, lines: list[str]) -> None:
    """An answer for a machine or for a person."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))
