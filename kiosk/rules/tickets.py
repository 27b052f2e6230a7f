"""One-time tickets: codes of eight digits that staff hand out, and what becomes of one that a citizen types.

Seven digits are random, the eighth is Damm's check digit (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004): it
finds every single wrong digit and every swap of neighbours, so that a slip of the finger never costs a try.
"""

from dataclasses import dataclass
from typing import Literal

DIGITS = 8
# As many as an A4 page holds, three by eight.
SHEET = 24
# Wrong codes before a wait, its seconds, and the longest it grows to: some 160 guesses a day at ten million codes.
TRIES, WAIT_SECONDS, LONGEST_WAIT = 5, 30.0, 900.0

WhyNot = Literal["mistyped", "unknown", "used", "withdrawn", "expired", "wait", "trouble"]

_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017",
    "9438617205", "2581436790",
)  # fmt: skip


@dataclass(frozen=True)
class Ticket:
    """A ticket as it is kept. `key`: what its code was turned into; `expires`: seconds since 1970, None: never."""

    key: str
    minutes: float
    expires: float | None = None
    used: bool = False
    withdrawn: bool = False


def check_digit(digits: str) -> str:
    """The digit that makes `digits` whole."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def code_of(number: int) -> str:
    """The code with this random part (0 to 9999999)."""
    if not 0 <= number < 10 ** (DIGITS - 1):
        raise ValueError("not the random part of a code")
    digits = f"{number:0{DIGITS - 1}}"
    return digits + check_digit(digits)


def shown(code: str) -> str:
    """A code as it is printed and said: 4+4."""
    return f"{code[:4]} {code[4:]}"


def well_formed(code: str) -> bool:
    """Whether this can be a code at all."""
    digits = code.isascii() and code.isdigit() and len(code) == DIGITS
    return digits and check_digit(code[:-1]) == code[-1]


def why_not(ticket: Ticket | None, wall: float, trusted: bool) -> WhyNot | None:
    """Why a ticket does not open a session; None when it does. Without a trusted date none is too old."""
    if ticket is None:
        return "unknown"
    if ticket.used:
        return "used"
    if ticket.withdrawn:
        return "withdrawn"
    return "expired" if trusted and ticket.expires is not None and wall >= ticket.expires else None
