"""The province's content on a station: fetching what is new, going back."""

import os
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kiosk.cli.common import JSON, paths, show, size
from kiosk.cli.content import Progress, library_here
from kiosk.errors import KioskError, SettingsError, UsageError
from kiosk.translations import _, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.clock import Reading
    from kiosk.content.updates.outcome import Updated


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
    from kiosk.content.updates.outcome import Wishes
    from kiosk.content.updates.sources import source_of
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
    show(_facts(outcome), as_json, [*_update_lines(outcome), *_policy_lines(policy.content.take_policy)])


def _updated(shelves: Any, source: Any, now: "Reading", wishes: Any, told: Any, parent: int) -> "Updated":
    """The update, with its diary kept for panel and check."""
    from kiosk.content.updates.progress import Diary, alone
    from kiosk.content.updates.updating import Update

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
            diary.bad(together(error.message, error.hint))
            raise
        except KeyboardInterrupt:
            stopped = KioskError(
                _("The update was stopped."), _("What came is kept; the next update goes on from there.")
            )
            diary.bad(together(stopped.message, stopped.hint))
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
            _("Edition {n} of {date} is in use: {packs} packs changed, {size} were fetched.",
              n=made.edition, date=day, packs=len(made.changed) + len(made.removed), size=size(made.moved))
        ]  # fmt: skip
    if made.unchanged and made.moved:
        lines.append(_("{size} of missing or damaged files were fetched again.", size=size(made.moved)))
    if made.cuts:
        lines.append(_("It was cut {n} times and went on.", n=made.cuts))
    if made.declined:
        lines.append(_("Left out, because staff took it out: {packs}.", packs=", ".join(made.declined)))
    return lines + [in_words(code, made.published) for code in made.warnings]


def _policy_lines(taken: bool) -> list[str]:
    """Whether rules came along that are not in force yet, and whether they can be."""
    from kiosk.service import given_policy

    if not taken or not given_policy.waiting(paths()):
        return []
    try:
        given_policy.looked_at(paths())
    except SettingsError as error:
        problem = "; ".join(error.problems) or error.message
        return [_("The policy that the province sent along is wrong and is not taken: {problem}", problem=problem)]
    return [_("The province sent a policy along; it counts from the next start of kiosk on.")]


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
