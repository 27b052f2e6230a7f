"""A station changes its key: the old one signs for the new one, and counts until the province said yes.

The new key is on the disk before the province is told of it. Where its answer was lost, the same is asked again, by
whoever next speaks to the province: the old key counts there until the new one was used.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from kiosk.errors import KioskError, RefusedError
from kiosk.export import asking, enrolment
from kiosk.export.asking import Answer
from kiosk.export.enrolment import Enrolled
from kiosk.export.enrolment_changes import changing
from kiosk.export.join_refusals import not_written
from kiosk.export.own_keys import kept, tidy
from kiosk.export.province_line import ProvinceLine
from kiosk.export.sealed import ROTATION, seal
from kiosk.settings import Paths
from kiosk.translations import _


def rotate(paths: Paths, now: str) -> Enrolled:
    """Give the station another key. RefusedError where the province does not take it; KioskError: ask again."""
    enrolled = known(paths)
    old = enrolment.station_key(paths, enrolled)
    key = kept(paths.enrolment / enrolment.ROTATED)
    told = {"site": enrolled.site, "station": enrolled.station, "public": key.public.hex(), "at": now}
    line = ProvinceLine(paths, enrolled)  # which follows the province to a newer card
    try:
        reply = line.rotate(seal(old, ROTATION, told))
    finally:
        line.close()
    if reply.status not in (200, 403):
        raise asking.not_understood(line.enrolled.urls[0], Answer(reply.status, reply.told))
    if reply.status != 200 or reply.told.get("key") != key.id:
        raise RefusedError(
            _("The province did not take the new key."),
            _("The old one still counts. Ask the province, then try again."),
        )
    try:
        with changing(paths):
            # Its code is still its own: typed again, it is not another's.
            changed = replace(known(paths), key=key.id)
            enrolment.put(paths, changed)
            tidy(paths, changed)
    except OSError as error:
        raise not_written(error) from None
    return changed


def finish(paths: Paths) -> None:
    """What was asked once and not answered is asked again; never an error, for the old key counts."""
    if (paths.enrolment / enrolment.ROTATED).exists():
        with suppress(KioskError):
            rotate(paths, datetime.now(UTC).isoformat(timespec="seconds"))


def known(paths: Paths) -> Enrolled:
    """The enrolment. RefusedError where there is none."""
    enrolled = enrolment.load(paths)
    if enrolled is None:
        raise RefusedError(
            _("This station has not joined a province."), _("Ask the province for a code, then: kiosk enrol URL CODE.")
        )
    return enrolled
