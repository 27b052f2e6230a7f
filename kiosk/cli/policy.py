"""Policies, checked before they are used."""

from pathlib import Path

import click

from kiosk.translations import _


@click.group()
def policy() -> None:
    """Check policies."""


@policy.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def policy_check(file: Path) -> None:
    """Check a policy file and list every error.

    \b
    Example:
      kiosk policy check var/policy.toml
    """
    from kiosk.rules.policy import parse_policy
    from kiosk.settings import read_toml

    parse_policy(read_toml(file))
    click.echo(_("{path} is a good policy.", path=file))
