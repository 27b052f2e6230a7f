"""Content of the province: published there, trusted and fetched here. The commands beside `kiosk content add`."""

import os
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.cli.content import Progress, library_here
from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.translations import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.clock import Reading
    from kiosk.content.updates.keys import Keys
    from kiosk.content.updates.publishing import Published
    from kiosk.content.updates.updating import Updated

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
        made = _unlocked(folder)
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
@JSON
def publish(folder: Path, out: Path, keys_folder: Path | None, as_json: bool) -> None:
    """The province: make FOLDER, with its packs, policies and sites.csv, the signed tree OUT that stations fetch.

    \b
    Example:
      kiosk content publish library /srv/www/library --keys /media/keys
    """
    from kiosk.clock import Clock
    from kiosk.content.updates.publishing import publish as make
    from kiosk.rules.policy import parse_policy
    from kiosk.settings import read_toml

    source = folder.absolute()
    found = _unlocked(keys_folder or source.with_name(f"{source.name}.keys"))
    with Progress(not as_json) as told:
        made = make(
            source, out.absolute(), found, Clock().read().wall, told, lambda path: parse_policy(read_toml(path))
        )
    show(asdict(made), as_json, _published(made))


def _published(made: "Published") -> list[str]:
    lines = [
        _("Edition {n} is published: {packs} packs, {items} items, {mb} MB; {new} MB were written.",
          n=made.edition, packs=made.packs, items=made.items, mb=f"{made.bytes / 1e6:.1f}",
          new=f"{made.written / 1e6:.1f}")
    ]  # fmt: skip
    if made.unchanged:
        lines.append(_("Nothing has changed since the last edition; its date was renewed."))
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


@click.command("trust")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--fingerprint", default="", help="What the province told; asked for on the terminal if not said.")
@click.option("--replace", is_flag=True, help="Believe this province from now on, and no more the one before.")
def trust(file: Path, fingerprint: str, replace: bool) -> None:
    """Believe the province whose keys root.json names; nobody is believed before.

    \b
    Example:
      kiosk content trust /media/usb/root.json --fingerprint "3f2a 91bc …"
    """
    from kiosk.content.updates.trust import Trust, fingerprint_of

    try:
        data = file.read_bytes()
        found = fingerprint_of(data)
    except OSError as error:
        raise KioskError(
            _("{path} cannot be read: {reason}.", path=file, reason=error.strerror), _("Correct the path.")
        ) from None
    except ValueError:
        found = ""
    shelves = library_here(change=True)
    if found and not fingerprint:
        click.echo(_("The fingerprint of these keys: {fingerprint}", fingerprint=found))
        if not sys.stdin.isatty():
            raise UsageError(
                _("Whether that is what the province told can only be said by a person."), _("Say it by --fingerprint.")
            )
        if not click.confirm(_("Is it what the province told by another way?")):
            raise RefusedError(_("Nobody new is trusted."), _("Ask the province for its root.json and fingerprint."))
    elif found and "".join(fingerprint.split()).lower() != found.replace(" ", ""):
        raise RefusedError(
            _("These are other keys: {fingerprint}.", fingerprint=found), _("Ask the province; do not go on.")
        )
    Trust(shelves.root / "trust").accept(data, replace)
    click.echo(_("Content signed by {fingerprint} is taken from now on.", fingerprint=found))


@click.command("update")
@click.option("--from", "address", default="", help="A web address or a folder, such as a stick's; else site.toml's.")
@click.option("--again", is_flag=True, help="Also the edition from which staff went back.")
@click.option(
    "--take", multiple=True, metavar="PACK", help="Bring back a pack that staff took out; may be given again."
)
@click.option("--mend", is_flag=True, help="Read every file of the library and fetch what is damaged.")
@click.option("--by-itself", is_flag=True, hidden=True)
@click.option("--trusted", is_flag=True, hidden=True)
@JSON
def update(
    address: str, again: bool, take: tuple[str, ...], mend: bool, by_itself: bool, trusted: bool, as_json: bool
) -> None:
    """Fetch the province's newest content, only what is missing, and put it in the place of the old all at once.

    \b
    Examples:
      kiosk content update
      kiosk content update --from /media/usb/tree
    """
    from kiosk.content.updates.sources import source_of
    from kiosk.content.updates.updating import Wishes
    from kiosk.service.checked_settings import load_checked

    if by_itself:
        _be_humble()
    now = _now(trusted)
    shelves = library_here(change=True)
    site, policy = load_checked(paths())
    chosen = address or site.content_from
    if not chosen:
        raise UsageError(
            _("It is not said where the content comes from."),
            _("Say --from, or set [content] from in site.toml."),
        )
    source = source_of(chosen if "://" in chosen else str(Path(chosen).absolute()))
    rate = policy.content.speed_kb * 1000 if by_itself else 0
    wishes = Wishes(site.code, rate, again, take, mend)
    with Progress(not as_json) as told:
        outcome = _updated(shelves, source, now, wishes, told, os.getppid() if by_itself else 0)
    show(_facts(outcome), as_json, _update_lines(outcome))


def _updated(shelves: Any, source: Any, now: "Reading", wishes: Any, told: Any, parent: int) -> "Updated":
    """The update, with its diary kept for panel and check."""
    from kiosk.content.updates.progress import Diary
    from kiosk.content.updates.updating import Update, alone

    with alone(shelves.root), _until_term():
        diary = Diary(shelves.root)
        diary.begin(source.name, now.wall.isoformat())

        def both(step: str, name: str, done: int, whole: int) -> None:
            told(step, name, done, whole)
            diary.told(step, name, done, whole)
            if parent and os.getppid() != parent:
                raise KioskError(_("The station was stopped; the next update goes on from here."))

        try:
            outcome, _tree = Update(shelves, source, now, wishes, both, diary.cut).run()
        except KioskError as error:
            diary.bad(str(error))
            raise
        except KeyboardInterrupt:
            stopped = KioskError(
                _("The update was stopped."), _("What came is kept; the next update goes on from there.")
            )
            diary.bad(str(stopped))
            raise stopped from None
        diary.good(_facts(outcome))
        return outcome


@contextmanager
def _until_term() -> "Iterator[None]":
    """SIGTERM ends an update as Ctrl+C does: with a sentence."""
    import signal

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _facts(made: "Updated") -> dict[str, Any]:
    return {**asdict(made), "published": made.published.isoformat(), "unchanged": made.unchanged}


def _update_lines(made: "Updated") -> list[str]:
    from kiosk.clock import LOCAL
    from kiosk.content.updates.progress import in_words

    day = f"{made.published.astimezone(LOCAL):%d/%m/%Y}"
    if made.unchanged:
        lines = [_("The library has edition {n} of {date} already.", n=made.edition, date=day)]
    else:
        lines = [
            _("Edition {n} of {date} is in use: {packs} packs changed, {mb} MB were fetched.",
              n=made.edition, date=day, packs=len(made.changed) + len(made.removed), mb=f"{made.moved / 1e6:.1f}")
        ]  # fmt: skip
    if made.cuts:
        lines.append(_("It was cut {n} times and went on.", n=made.cuts))
    if made.declined:
        lines.append(_("Left out, because staff took it out: {packs}.", packs=", ".join(made.declined)))
    return lines + [in_words(code, made.published) for code in made.warnings]


@click.command("rollback")
@JSON
def rollback(as_json: bool) -> None:
    """Go back to the library before the last change; once more goes forward again.

    \b
    Example:
      kiosk content rollback
    """
    from kiosk.content.updates.going_back import roll_back

    tree = roll_back(library_here(change=True))
    edition = 0 if tree is None else tree.edition
    line = _("The library before the last change is in use again.")
    if edition:
        line += " " + _("It is edition {n}; a later one is taken when the province publishes again.", n=edition)
    show({"edition": edition}, as_json, [line])


def _unlocked(folder: Path) -> "Keys":
    from kiosk.content.updates.keys import Keys

    found = Keys(folder.absolute())
    found.roots()
    if not found.locked():
        return found
    return Keys(folder.absolute(), click.prompt(_("Passphrase"), hide_input=True, err=True))


def _new_passphrase() -> str:
    chosen: str = click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=True, err=True)
    return chosen


def _be_humble() -> None:
    """The lowest priority there is, for processor and disk: whoever uses the PC goes first."""
    import psutil

    os.nice(19)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)


def _now(trusted: bool) -> "Reading":
    """The clock, and whether it is believed: by the service that asks, by the one that runs, or by the kernel."""
    from dataclasses import replace

    from kiosk.clock import Clock
    from kiosk.machine_clock import Machine
    from kiosk.service import client

    seen = Clock().read()
    if not trusted:
        try:
            trusted = bool(client.ask(paths(), "status")["clock_trusted"])
        except (KioskError, KeyError):
            trusted = Machine().synchronised()
    return replace(seen, trusted=trusted)
