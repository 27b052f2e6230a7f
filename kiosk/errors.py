"""What can go wrong, in words a person can act on.

Every error that reaches a person is a KioskError: what happened, what to do, and an exit code. Nothing else may be
printed for them, never a traceback.
"""

# Codes of errors that a program, too, must tell from others: never by their words.
NO_ROOM, ANOTHER_PLACE, STAYS_BEHIND = "NO_ROOM", "ANOTHER_PLACE", "STAYS_BEHIND"


class KioskError(Exception):
    """Something failed that a person should hear about.

    `message` says what happened, `hint` what to do; both are whole sentences, already translated by the raiser.
    `code`: one of those above, or nothing.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(KioskError):
    """The command was called with words it does not know."""

    exit_code = 2


class SettingsError(KioskError):
    """site.toml or policy.toml is wrong; `problems` holds one line per field, all of them at once."""

    exit_code = 3

    def __init__(self, message: str, hint: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join((self.message, *(f"  - {line}" for line in self.problems), self.hint)).strip()


class RefusedError(KioskError):
    """Understood, and refused: the state of the station or the caller's role does not allow it."""

    exit_code = 4


class DamagedError(KioskError):
    """Stored data cannot be read or does not agree with itself."""

    exit_code = 5
