"""Marks that a job may carry, read by the store thread."""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def forgetting(job: F) -> F:
    """The job deletes or separates what must not stay joined: the write-ahead log is emptied right after it.

    Until then the log still holds old pages: a session's answers, or its row and its tallies side by side.
    """
    job.__dict__["forgetting"] = True
    return job


def untransacted(job: F) -> F:
    """The job handles its own transactions (VACUUM INTO and the like cannot run inside one)."""
    job.__dict__["untransacted"] = True
    return job
