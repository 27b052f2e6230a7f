"""Passwords of people who sign in over a network: what one must be, its slow hash, and checking one against it."""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.web.words import Sentence, says

SHORTEST, LONGEST = 10, 200
FEWEST_SIGNS = 5  # different ones

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane; as the station's PINs.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# One hash at a time: guessing from many browser tabs must not take the machine's memory.
_one_at_a_time = threading.Lock()


def unfit(password: str, name: str = "") -> Sentence | None:
    """What is wrong with a new password; None: nothing."""
    if len(password) < SHORTEST:
        return says("A password has at least {n} signs. A short sentence is easy to remember.", n=SHORTEST)
    if len(password) > LONGEST:
        return says("A password has at most {n} signs.", n=LONGEST)
    if len(set(password)) < FEWEST_SIGNS or (name and name.casefold() in password.casefold()):
        return says("This password is too easy to guess.")
    return None


def hash_password(password: str) -> str:
    """The argon2id hash, with its own random salt. Letters count the same however the keyboard composes them."""
    with _one_at_a_time:
        return _HASHER.hash(_composed(password))


def is_right(hashed: str | None, password: str) -> bool:
    """Whether it is that password. None: nobody's hash is checked, so that an unknown name takes as long."""
    with _one_at_a_time:
        try:
            return _HASHER.verify(hashed or _nobodys(), _composed(password[:LONGEST])) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False


def _composed(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
