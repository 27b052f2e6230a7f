"""Policies, checked before they are used."""

from pathlib import Path

import click

from kiosk.cli.common import JSON, show
from kiosk.errors import SettingsError
from kiosk.translations import _


@click.group()
def policy() -> None:
    """Check policies.

    \b
    Example:
      kiosk policy check var/policy.toml
    """


@policy.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@JSON
def policy_check(file: Path, as_json: bool) -> None:
    """Check a policy file and list every error.

    \b
    Example:
      kiosk policy check var/policy.toml
    """
    from kiosk.rules.policy import parse_policy
    from kiosk.settings import read_toml

    try:
        parse_policy(read_toml(file))
    except SettingsError as error:
        if as_json:
            show({"file": str(file), "good": False, "problems": error.problems}, True, [])
        raise
    show({"file": str(file), "good": True, "problems": []}, as_json, [_("{path} is a good policy.", path=file)])
