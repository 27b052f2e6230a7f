"""The library: packs in, packs out, what there is, whether it is whole. A running station sees the change at once."""

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.common import JSON, THEME, paths, show, size
from kiosk.errors import DamagedError
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.content.imports import Imported
    from kiosk.content.shelf_making import Told
    from kiosk.content.shelves import Shelves


@click.group()
def content() -> None:
    """The local library that the menu offers.

    \b
    Example:
      kiosk content list
    """


@content.command("add")
@click.argument("path")
@THEME
@JSON
def content_add(path: str, theme: str, as_json: bool) -> None:
    """Bring in a pack: a folder with a pack.toml or a ZIP of one; a folder of pages, a single book or film; an OPDS
    catalogue with its files beside it, or its address.

    \b
    Examples:
      kiosk content add /media/usb/farming
      kiosk content add /media/usb/books --theme culture
      kiosk content add http://192.168.1.5:8080/opds --theme edu
    """
    from kiosk.clock import Clock
    from kiosk.content import imports
    from kiosk.content.incoming import is_address, needs_theme

    source = path if is_address(path) else str(Path(path).absolute())
    if not theme and needs_theme(source) and sys.stdin.isatty() and not as_json:
        theme = _asked_theme()
    shelves = library_here(change=True)
    with Progress(not as_json) as told:
        made = imports.add(shelves, source, Clock().read().local.date().isoformat(), theme, told)
    show(asdict(made), as_json, _added(made))


@content.command("list")
@JSON
def content_list(as_json: bool) -> None:
    """List what is in the library.

    \b
    Example:
      kiosk content list --json
    """
    packs = library_here(change=False).packs()
    data = [{"pack": pack.id, "title": pack.title, "items": [asdict(item) for item in pack.items]} for pack in packs]
    lines = [
        line
        for pack in packs
        for line in (
            _("{pack}: {title}, {n} items", pack=pack.id, title=pack.title, n=len(pack.items)),
            *(f"  {item.id}  {item.format}  {item.theme}  {item.language}  {item.title}" for item in pack.items),
        )
    ]
    show(data, as_json, lines or [_("The library is empty. Add a pack with kiosk content add PATH.")])


@content.command("verify")
@JSON
def content_verify(as_json: bool) -> None:
    """Read every file of the library and compare it with its hash.

    \b
    Example:
      kiosk content verify
    """
    from kiosk.content.checking import verify

    with Progress(not as_json) as told:
        count, faults = verify(library_here(change=False), told)
    data = {"objects": count, "faults": [asdict(fault) for fault in faults]}
    lines = [_("{name}: {why}", name=", ".join(one.items) or one.what, why=_why(one.why)) for one in faults]
    show(data, as_json, lines or [_("All {n} files are whole.", n=count)])
    if faults:
        raise DamagedError(
            _("{n} files of the library are not whole.", n=len(faults)),
            _(
                "Add their packs again; what came from the province is mended by kiosk content update --mend, "
                "kiosk's own guides by kiosk content starter."
            ),
        )


@content.command("remove")
@click.argument("name")
@JSON
def content_remove(name: str, as_json: bool) -> None:
    """Take a pack out, or one item of it.

    \b
    Example:
      kiosk content remove farming
    """
    from kiosk.content import imports

    with Progress(not as_json) as told:
        gone = imports.remove(library_here(change=True), name, told)
    show(asdict(gone), as_json, [_("{n} items were taken out.", n=gone.items)])


def library_here(change: bool) -> "Shelves":
    """The library of this home; as root one goes on as the service's user, whose files they are."""
    from kiosk.content.shelves import Shelves
    from kiosk.service.first_run import write_settings

    if change:
        from kiosk.cli.offline import become_service

        write_settings(paths())
        become_service(paths())
    return Shelves(paths().content)


def _asked_theme() -> str:
    """The theme, asked of whoever sits at the terminal."""
    from kiosk.content.items import THEMES
    from kiosk.translations import terminal_language, translate

    click.echo(_("Nobody wrote down the theme of these items. There are:"), err=True)
    for theme in THEMES:
        click.echo(f"  {theme.code:8} {translate(terminal_language(), 'web', theme.label)}", err=True)
    chosen: str = click.prompt(_("Theme"), type=click.Choice([theme.code for theme in THEMES]), err=True)
    return chosen


def _added(made: "Imported") -> list[str]:
    if made.unchanged:
        lines = [_("{pack} is there already, just as it is.", pack=made.pack)]
    else:
        fresh = size(made.new_bytes)
        lines = [_("{title}: {n} items, {size} of new files.", title=made.title, n=made.items, size=fresh)]
    lines += [_("Assumed: {what}", what=what) for what in made.assumed]
    lines += [_("Left out: {problem}", problem=problem) for problem in made.problems]
    return lines + [f"{name}: {_why(code)}" for name, code in made.unsearched]


def _why(code: str) -> str:
    """A note of an import in words."""
    sentences = {
        "scanned": _("it has pictures of text only, so its words cannot be searched"),
        "partly_scanned": _("some of its pages are pictures of text, which cannot be searched"),
        "legacy_font": _("it uses an old Vietnamese font (TCVN3 or VNI), so its words cannot be searched"),
        "converted": _("it uses an old Vietnamese font; its words were turned into Unicode for the search"),
        "too_large": _("it is too large to be searched"),
        "unreadable": _("it cannot be read"),
        "encrypted": _("it is locked by a password"),
        "no_reader": _("the program that reads this format is missing"),
        "no_subtitles": _("it has no subtitles, so what is said cannot be searched"),
        "missing": _("its file is missing"),
        "damaged": _("its file is damaged"),
    }
    return sentences.get(code, code)


class Progress:
    """One line on the terminal that is written over; nothing where nobody watches."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._last = 0.0

    def __enter__(self) -> "Told":
        return self._told

    def __exit__(self, *_error: object) -> None:
        if self._wanted and self._last:
            click.echo("\r\033[K", nl=False, err=True)

    def _told(self, step: str, name: str, done: int, whole: int) -> None:
        now = time.monotonic()
        if not self._wanted or now - self._last < 0.1:
            return
        self._last = now
        words = {"unpack": _("Unpacking"), "copy": _("Copying"), "read": _("Reading"), "verify": _("Checking"),
                 "look": _("Checking"), "fetch": _("Fetching"), "write": _("Writing"),
                 "reckon": _("Reckoning")}  # fmt: skip
        share = f"{100 * done // whole} %" if whole else ""
        click.echo(f"\r\033[K{words.get(step, step)} {share} {name[:50]}", nl=False, err=True)
