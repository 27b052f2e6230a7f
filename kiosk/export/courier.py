"""A process of a moment that brings bundles away and comes back with what the province signed: the service's own.

Only it loads cryptography, TLS clients and fsspec, and gives all their memory back. One JSON object on standard input:

    {"do": "send", "home": ..., "bundles": [[name, sha256], ...]}          over HTTPS to the province of the enrolment
    {"do": "carry", "home": ..., "to": folder or URL, "bundles": [...],    to a folder, a stick, an fsspec URL
     "memory": [ledger, at]}      of the newest marks that are known, by which what lies there may be out of date

and lines of JSON on standard output, each about a step that is done and stays done whatever comes after it:

    {"tell": "proved", stored, refused, ledger, marks, at}   as answers.py proved it
    {"tell": "brought", names, written}                  lie whole where they were carried to
    {"tell": "missing", names}    are not in the outbox as the ledger has them, and were left out (the service mends)
    {"tell": "progress", done, of}   {"tell": "card", version}     a newer card of the province is in force
    {"tell": "trouble", message, hint, wait, code}       the last: sentences (translations.kept); seconds to wait
    {"tell": "end", unproved}     the last: all is done but what is missing; receipts there that prove nothing
"""

import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError, RefusedError
from kiosk.export import asking, enrolment, rotating
from kiosk.export.answers import Memory, Proved, proved, proved_in_place
from kiosk.export.bag import Bag, Names
from kiosk.export.batch import pack, signed
from kiosk.export.enrolment import Enrolled
from kiosk.export.places import Place, carry, place_of
from kiosk.export.province_line import ProvinceLine, Reply
from kiosk.export.signing import Key
from kiosk.settings import Paths
from kiosk.translations import _, kept

# Bytes of a request: a year of days in four of them, and none longer than some minutes on a bad line.
BODY = 200_000
TOGETHER = 25  # files of a place that are told of at once
SILENT_AT_MOST = 300.0  # seconds without a step, then it gives itself up
BUSY = {429, 503, 507}


class Busy(KioskError):
    """The province asked to be left alone for `wait` seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(_("The province's server is busy."), _("This computer sends again by itself."))
        self.wait = wait


class Courier:
    """One job."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._paths = Paths(Path(job["home"]))
        self._bag = Bag(self._paths.outbox, lambda name: self.tell("missing", names=[name]))
        self._bundles: Names = [(str(name), str(digest)) for name, digest in job["bundles"]]
        self._to, self._memory = str(job.get("to", "")), Memory(*map(str, job.get("memory", ())))
        self._of, self._done, self._false = len(self._bundles), 0, 0
        self._watch: threading.Timer | None = None

    def send(self) -> None:
        """Everything to the province, many in a request."""
        rotating.finish(self._paths)
        enrolled, key = self._who()
        line, size, left = ProvinceLine(self._paths, enrolled), BODY, list(self._bundles)
        try:
            while left:
                batch, left = self._bag.together(key, left, size)
                if not batch:
                    break
                reply = line.put(pack(one for _name, one in batch))
                if reply.status == 413 and len(batch) > 1:
                    size = max(1, sum(len(one.content) for _name, one in batch) // 2)
                    left = [(name, one.sha256) for name, one in batch] + left
                    continue
                self._answered(line, reply, [one.sha256 for _name, one in batch])
        finally:
            line.close()

    def carry(self) -> None:
        """Reads receipts there, then brings what is still wanted."""
        enrolled = enrolment.load(self._paths)
        key = None if enrolled is None else enrolment.station_key(self._paths, enrolled)
        place = place_of(self._to)
        try:
            known: set[str] = set()
            if enrolled is not None:
                texts = place.receipts(f"{enrolled.site}_{enrolled.station}_")
                found = proved_in_place(enrolled, texts, self._memory)
                self._false += found.false
                self._tell_proved(found)
                known = set(found.stored)
            self._carry_all(place, key, [one for one in self._bundles if one[1] not in known])
        finally:
            place.close()

    def _carry_all(self, place: Place, key: Key | None, names: Names) -> None:
        brought: dict[str, bool] = {}
        try:
            for name, digest in names:
                content = self._bag.content(name, digest)
                if content is not None:
                    new = place.bring(name, content) if key is None else carry(place, signed(key, content), name)
                    brought[name] = new
                if len(brought) == TOGETHER:
                    self._tell_brought(brought, len(names))
        finally:
            self._tell_brought(brought, len(names))

    def _tell_brought(self, brought: dict[str, bool], of: int) -> None:
        if brought:
            self.tell("brought", names=list(brought), written=[name for name, new in brought.items() if new])
            self._done += len(brought)
            self.tell("progress", done=self._done, of=of)
            brought.clear()

    def _who(self) -> tuple[Enrolled, Key]:
        enrolled = enrolment.load(self._paths)
        if enrolled is None:
            raise RefusedError(
                _("This station has not joined a province."),
                _("Ask the province for a code, then: kiosk enrol URL CODE."),
            )
        return enrolled, enrolment.station_key(self._paths, enrolled)

    def _answered(self, line: ProvinceLine, reply: Reply, asked: list[str]) -> None:
        if reply.status in BUSY:
            raise Busy(reply.wait)
        if reply.status != 200:
            raise asking.not_understood(line.enrolled.urls[0], asking.Answer(reply.status, reply.told))
        receipts = reply.told.get("receipts")
        told = receipts if isinstance(receipts, list) else []
        version = reply.told.get("card")
        renewed = isinstance(version, int) and version > line.enrolled.version and line.renew()
        if renewed:
            self.tell("card", version=line.enrolled.version)
        found = proved(line.enrolled, told, reply.told.get("marks"))
        self._tell_proved(found)
        if found.false or not set(asked) <= found.names:
            raise _unproved()
        self._done += len(asked)
        self.tell("progress", done=self._done, of=self._of)

    def _tell_proved(self, found: Proved) -> None:
        if found.names or found.ledger:
            self.tell("proved", **found.as_told())

    def tell(self, what: str, **fields: Any) -> None:
        """One line, at once; with nobody left who listens, the end."""
        print(json.dumps({"tell": what} | fields, ensure_ascii=False), flush=True)
        if self._watch is not None:
            self._watch.cancel()
        self._watch = threading.Timer(SILENT_AT_MOST, os._exit, (3,))
        self._watch.daemon = True
        self._watch.start()

    def end(self) -> None:
        """The last word."""
        self.tell("end", unproved=self._false)


def _unproved() -> KioskError:
    return KioskError(
        _("The answer is not signed by the province for this computer."),
        _("What it says does not count, and it is sent again. If it stays so, tell the province."),
    )


def main() -> int:
    """Do the job on standard input; every failure is a line of its own."""
    with suppress(OSError):
        os.nice(10)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked = sys.stdin.readline()
    if not asked.endswith("\n"):
        return 1  # whoever asked is gone
    job = json.loads(asked)
    courier = Courier(job)
    try:
        courier.tell("progress", done=0, of=len(job["bundles"]))
        {"send": courier.send, "carry": courier.carry}[job["do"]]()
        courier.end()
    except KioskError as error:
        wait = error.wait if isinstance(error, Busy) else 0.0
        courier.tell("trouble", message=kept(error.message), hint=kept(error.hint), wait=wait, code=error.code)
        return error.exit_code
    except Exception as error:  # the border of the process: one line for the log, no traceback
        print(f"courier: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
