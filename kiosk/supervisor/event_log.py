"""The supervisor's log: one line an event, no personal data."""

import sys


def log(event: str) -> None:
    """Say what happened, on stderr, which the system keeps."""
    print(f"supervisor: {event}", file=sys.stderr, flush=True)
