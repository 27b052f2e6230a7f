"""What is said to whoever installs: Vietnamese, then English; and the end with a sentence and an exit code."""

import sys


class Stop(Exception):
    """The end of the installation, with what happened and what to do. Run again, it goes on where it stopped."""

    def __init__(self, vietnamese: str, english: str, code: int = 1) -> None:
        super().__init__(english)
        self.vietnamese, self.english, self.code = vietnamese, english, code


def say(vietnamese: str, english: str) -> None:
    """Both, as scripts/set_up says its own."""
    print(f"{vietnamese}\n  {english}", file=sys.stderr, flush=True)
