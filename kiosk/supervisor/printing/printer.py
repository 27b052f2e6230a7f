"""The real printer, behind the machine's own CUPS: closed to the citizen, asked how it is, given what was released.

The citizen's programs could also talk to that CUPS by its own socket or port. CUPS takes the name in a request for
true unless the queue's policy asks for proof, so both are set on every queue: the policy `authenticated` (each local
user is known by the kernel's word, nobody types anything), and that this user may not print.
"""

import os
import pwd
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.supervisor.printing.ipp import (
    ADD_MODIFY_PRINTER,
    CANCEL_JOB,
    GET_DEFAULT,
    GET_JOB,
    GET_JOBS,
    GET_PRINTER,
    GET_PRINTERS,
    PRINT_JOB,
    Attributes,
    Cups,
    IppError,
)

POLICY = "authenticated"
# Jobs of ours carry this name and a short mark of the session, never a title.
JOB_NAME = "kiosk"
NOT_FOUND = 0x0406

_STOPPED = 5
PENDING, HELD, PROCESSING, HALTED, CANCELED, ABORTED, COMPLETED = 3, 4, 5, 6, 7, 8, 9

# printer-state-reasons (RFC 8011, 5.4.12; PWG 5100.x), without their -error, -warning, -report; the first that fits.
_REASONS: Mapping[str, tuple[str, ...]] = {
    "paper": ("media-empty", "media-needed", "media-low-stop", "input-tray-missing"),
    "jam": ("media-jam",),
    "cover": ("door-open", "cover-open", "interlock-open"),
    "ink": ("toner-empty", "marker-supply-empty", "marker-waste-full", "developer-empty", "opc-life-over"),
    "offline": ("offline", "shutdown", "timed-out", "connecting-to-device", "unknown-device"),
}


@dataclass(frozen=True)
class Job:
    """What became of a job that the printer was given."""

    state: int
    impressions: int

    @property
    def over(self) -> bool:
        """Nothing more comes of it."""
        return self.state >= CANCELED


class RealPrinter:
    """One queue of the machine's CUPS. `queue` empty: whatever is the default. Methods raise IppError."""

    def __init__(self, cups: Cups, queue: str, mark: str) -> None:
        self._cups, self._wanted, self.mark = cups, queue, f"{JOB_NAME}-{mark}"

    def queue(self) -> str:
        """The queue's name; IppError with NOT_FOUND where there is none."""
        if self._wanted:
            return self._wanted
        found = self._cups.ask(GET_DEFAULT, requested_attributes=["printer-name"]).groups
        names = [group["printer-name"][0] for group in found if group.get("printer-name")]
        if not names:
            raise IppError("no default printer", NOT_FOUND)
        return str(names[0])

    def close_to(self, user: str) -> int:
        """Close every queue to `user` and purge what they had in them; how many had been open."""
        wanted = ["printer-name", "printer-op-policy", "requesting-user-name-denied", "requesting-user-name-allowed"]
        try:
            queues = self._cups.ask(GET_PRINTERS, requested_attributes=wanted).groups
        except IppError as error:
            if error.status == NOT_FOUND:
                return 0
            raise
        opened = sum(self._close(queue, user) for queue in queues if queue.get("printer-name"))
        # The owner of a job may hold, release and move it, so none may be left from before.
        self._purge(lambda job: job.get("job-originating-user-name") == [user])
        return opened

    def _close(self, queue: Attributes, user: str) -> bool:
        if is_closed(queue, user):
            return False
        name = str(queue["printer-name"][0])
        change: dict[str, Any] = {"printer-op-policy": POLICY}
        allowed = _users(queue, "requesting-user-name-allowed")
        if not allowed or user in allowed:
            change["requesting-user-name-denied"] = [*_users(queue, "requesting-user-name-denied"), user]
        self._cups.ask(ADD_MODIFY_PRINTER, name, printer=change, resource="/admin/")
        # CUPS says yes also where it does not know the policy, and keeps the old one.
        now = self._cups.ask(GET_PRINTER, name).groups
        if not now or not is_closed(now[0], user):
            raise IppError(f"{name} stays open")
        return True

    def trouble(self) -> str:
        """What keeps it from printing, as a code; empty when nothing does."""
        try:
            wanted = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs"]
            found = self._cups.ask(GET_PRINTER, self.queue(), requested_attributes=wanted).groups
        except IppError as error:
            return "no_printer" if error.status == NOT_FOUND else "no_cups"
        return trouble_of(found[0]) if found else "no_printer"

    def send(self, path: Path) -> int:
        """Give it a PDF; the number of the job there."""
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(handle, "rb") as document:
            answer = self._cups.ask(
                PRINT_JOB, self.queue(), document=document, job_name=self.mark, document_format="application/pdf"
            )
        return int(answer.groups[0]["job-id"][0])

    def job(self, number: int) -> Job:
        """How a job stands; one that CUPS has forgotten is over."""
        wanted = ["job-state", "job-impressions-completed"]
        try:
            found = self._cups.ask(GET_JOB, self.queue(), job_id=number, requested_attributes=wanted).groups
        except IppError as error:
            if error.status == NOT_FOUND:
                return Job(COMPLETED, 0)
            raise
        one: Attributes = found[0] if found else {}
        return Job(int(one.get("job-state", [COMPLETED])[0]), int(one.get("job-impressions-completed", [0])[0]))

    def purge(self, number: int) -> None:
        """Cancel it if it still prints, and let CUPS forget it: its file, and that it ever was."""
        try:
            self._cups.ask(CANCEL_JOB, self.queue(), job_id=number, purge_job=True)
        except IppError as error:
            if error.status != NOT_FOUND:
                raise

    def purge_strays(self, mine: bool) -> int:
        """Purge jobs of earlier sessions that a killed helper left, with `mine` also this one's; how many."""
        return self._purge(lambda job: _of_ours(job) and (mine or job["job-name"] != [self.mark]))

    def _purge(self, which: Callable[[Attributes], bool]) -> int:
        wanted, gone = ["job-id", "job-name", "job-originating-user-name"], 0
        jobs = self._cups.ask(GET_JOBS, which_jobs="all", requested_attributes=wanted).groups
        for job in jobs:
            if job.get("job-id") and which(job):
                self._cups.ask(CANCEL_JOB, job_id=int(job["job-id"][0]), purge_job=True)
                gone += 1
        return gone


def _of_ours(job: Attributes) -> bool:
    named = str(job.get("job-name", [""])[0]).startswith(f"{JOB_NAME}-")
    return named and job.get("job-originating-user-name") == [pwd.getpwuid(os.geteuid()).pw_name]


def is_closed(queue: Attributes, user: str) -> bool:
    """Whether this queue asks who prints, and refuses this user."""
    allowed = _users(queue, "requesting-user-name-allowed")
    refused = user in _users(queue, "requesting-user-name-denied") or bool(allowed and user not in allowed)
    return queue.get("printer-op-policy") == [POLICY] and refused


def _users(queue: Attributes, name: str) -> list[str]:
    return [str(user) for user in queue.get(name, []) if user not in ("all", "none")]


def trouble_of(queue: Attributes) -> str:
    """The code of what keeps a printer from printing, by its own attributes; empty when nothing does."""
    reasons = {_bare(str(reason)) for reason in queue.get("printer-state-reasons", [])}
    for code, words in _REASONS.items():
        if reasons & set(words):
            return code
    stopped = queue.get("printer-state") == [_STOPPED] or "paused" in reasons
    return "stopped" if stopped or queue.get("printer-is-accepting-jobs") == [False] else ""


def _bare(reason: str) -> str:
    for ending in ("-error", "-warning", "-report"):
        reason = reason.removesuffix(ending)
    return reason
