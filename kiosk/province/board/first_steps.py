"""What a province does before there are figures, one step after the other, and which of them are done. Pure but one."""

from dataclasses import dataclass

from kiosk.province.board.desk import Desk
from kiosk.province.board.sites_now import SitesNow
from kiosk.province.register.frozen_lists import list_for_year
from kiosk.province.register.register import lists
from kiosk.web.words import Sentence, says


@dataclass(frozen=True)
class Step:
    """What to do, by which command; `done`: whether the province's own books show that it was."""

    words: Sentence
    command: str
    done: bool


def first_steps(now: SitesNow, listed: bool, built: bool) -> tuple[Step, ...]:
    """All of them in their order. `listed`: the year has its list; `built`: there is something to reckon with."""
    joined = any(one.keys for one in now.sites.values())
    sent = any(one.last for one in now.sites.values())
    return (
        Step(says("Put the sites into the register."), "kiosk province sites import danh-sach.xlsx", now.kept),
        Step(says("Freeze the list of the project's sites for this year."), "kiosk province sites freeze", listed),
        Step(says("Print the codes by which computers join, and send each site its own."),
             "kiosk province station code", joined),
        Step(says("Receive what computers send every night."), "kiosk province serve", sent),
        Step(says("Reckon the figures of what has come; let it run every night."), "kiosk province rebuild", built),
    )  # fmt: skip


def steps_left(desk: Desk) -> tuple[Step, ...]:
    """The steps, where some are not done; () where all are."""
    with desk.reading() as db:
        listed = list_for_year(lists(db), desk.today().year) is not None
    found = first_steps(desk.sites(), listed, desk.is_built())
    return () if all(one.done for one in found) else found
