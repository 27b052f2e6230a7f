"""The province's side of content: its keys, and the signed tree that stations fetch."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.common import JSON, THEME, show, size
from kiosk.cli.content import Progress
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.content.updates.keys import Keys
    from kiosk.content.updates.publishing import Published

FOLDER = click.Path(path_type=Path, file_okay=False)
SHOWN_REFERENCES = 20


@click.command("keys")
@click.argument("folder", type=FOLDER)
@click.option("--rotate", multiple=True, type=click.Choice(["root", "targets", "snapshot", "timestamp"]),
              help="Make a new key for this role; may be given again. Needs the root key.")  # fmt: skip
@click.option("--passphrase", is_flag=True, help="Lock the keys with a passphrase, asked for on the terminal.")
@JSON
def keys(folder: Path, rotate: tuple[str, ...], passphrase: bool, as_json: bool) -> None:
    """The province: make the keys that sign its content, or change them.

    \b
    Example:
      kiosk content keys /media/safe/keys --passphrase
    """
    from kiosk.clock import Clock
    from kiosk.content.updates.keys import Keys
    from kiosk.content.updates.trust import fingerprint_of

    now = Clock().read().wall
    if rotate:
        made = unlocked(folder)
        made.rotate(rotate, now)
    else:
        made = Keys(folder, _new_passphrase() if passphrase else "")
        made.make(now)
    fingerprint = fingerprint_of(made.roots()[-1][1])
    lines = [
        _("The keys lie in {folder}. Their fingerprint: {fingerprint}", folder=folder, fingerprint=fingerprint),
        _("Keep root.pem on two sticks in two safes, and not on this PC: it is needed only to change keys."),
        _("Bring root.json to every station, and tell the fingerprint by another way: kiosk content trust root.json"),
    ]
    show({"folder": str(folder), "fingerprint": fingerprint, "version": made.roots()[-1][0]}, as_json, lines)


@click.command("publish")
@click.argument("folder", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option(
    "--keys", "keys_folder", type=FOLDER, help="Where the keys lie; beside FOLDER, as FOLDER.keys, if not said."
)
@THEME
@JSON
def publish(folder: Path, out: Path, keys_folder: Path | None, theme: str, as_json: bool) -> None:
    """The province: make FOLDER, with its packs, policies and sites.csv, the signed tree OUT that stations fetch.

    \b
    Example:
      kiosk content publish library /srv/www/library --keys /media/keys
    """
    from kiosk.clock import Clock
    from kiosk.content.updates.province_folder import must_be_there
    from kiosk.content.updates.publishing import publish as make
    from kiosk.rules.policy import parse_policy
    from kiosk.settings import read_toml

    source = folder.absolute()
    must_be_there(source)
    found = unlocked(keys_folder or source.with_name(f"{source.name}.keys"))
    with Progress(not as_json) as told:
        made = make(
            source, out.absolute(), found, Clock().read().wall, told, lambda path: parse_policy(read_toml(path)), theme
        )
    show(asdict(made), as_json, published(made))


def published(made: "Published") -> list[str]:
    """What came of it, in lines."""
    lines = [
        _("Edition {n} is published: {packs} packs, {items} items, {size}; {new} were written.",
          n=made.edition, packs=made.packs, items=made.items, size=size(made.bytes), new=size(made.written))
    ]  # fmt: skip
    if made.unchanged:
        lines.append(_("Nothing has changed since the last edition; its date was renewed."))
    lines += [_("Assumed: {what}", what=what) for what in made.assumed]
    if made.left_over:
        names = ", ".join(made.left_over)
        lines.append(_("Not published, because no station can show them: {names}.", names=names))
    for pack, found in made.references.items():
        loads, leads = ([one for one in found if one.kind == kind] for kind in ("loads", "leads"))
        if loads:
            lines.append(
                _("{pack} wants {n} things from elsewhere, which no station fetches:", pack=pack, n=len(loads))
            )
            lines += [f"  {one.place}: {one.address}" for one in loads[:SHOWN_REFERENCES]]
        if leads:
            hosts = ", ".join(sorted({one.host for one in leads})[:SHOWN_REFERENCES])
            lines.append(_("{pack} has {n} links to elsewhere: {hosts}", pack=pack, n=len(leads), hosts=hosts))
    return lines


def unlocked(folder: Path) -> "Keys":
    """The keys of a folder; asks for their passphrase where they have one."""
    from kiosk.content.updates.keys import Keys

    found = Keys(folder.absolute())
    found.roots()
    if not found.locked():
        return found
    return Keys(folder.absolute(), click.prompt(_("Passphrase"), hide_input=True, err=True))


def _new_passphrase() -> str:
    chosen: str = click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=True, err=True)
    return chosen
