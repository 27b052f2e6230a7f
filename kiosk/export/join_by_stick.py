"""Joining where there is no network: the question lies on a stick, and so does the province's answer.

    enrol/<code's first four>-<key id>.json            what POST /v1/enrol would be asked
    enrol/<code's first four>-<key id>.answer.json     what it would answer, or {"code": why not}

`kiosk province ingest` answers what it finds. The proofs of handshake.py stand in both, so whoever finds the stick
learns nothing of the code and can join nothing.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError
from kiosk.export.asking import MOST, Answer
from kiosk.export.files import trouble
from kiosk.export.handshake import ANSWER, FOLDER, QUESTION
from kiosk.export.held import Held
from kiosk.export.signing import Key
from kiosk.translations import _


def is_stick(address: str) -> bool:
    """Whether that is a folder rather than a web address."""
    return address.startswith("/")


def nonce_of(key: Key, code: str) -> str:
    """The same for the same key and code, hex: between question and answer the station may have been switched off."""
    return key.sign(b"kiosk enrol nonce 1\n", code.encode())[:32].hex()


def ask(folder: Path, code: str, key: Key, asked: dict[str, str]) -> Answer:
    """The answer that lies there. KioskError where there is none yet: the question is written, to be carried."""
    name = f"{code}-{key.id}"
    try:
        with Held.at(folder) as stick, stick.inner(FOLDER, make=True) as place:
            if (told := _told(place.read(name + ANSWER, MOST))) is not None:
                return Answer(200 if "answer" in told else 403, told)
            place.remove(name + ANSWER)
            place.write(name + QUESTION, json.dumps(asked).encode() + b"\n")
    except OSError as error:
        raise trouble(folder, error) from None
    raise KioskError(
        _("The question to the province lies on the stick, in {folder}.", folder=folder / FOLDER),
        _("Take the stick to the province (there: kiosk province ingest), bring it back, and give this command again."),
    )


def tidy(folder: Path, code: str, key: Key) -> None:
    """Question and answer are done with. What cannot be deleted there stays: it is of no use to anybody."""
    with suppress(OSError), Held.at(folder) as stick, stick.inner(FOLDER) as place:
        for ending in (QUESTION, ANSWER):
            place.remove(f"{code}-{key.id}{ending}")


def _told(answer: bytes | None) -> dict[str, Any] | None:
    """What the answer says; None where there is none, or one that was cut off on its way: it is asked again."""
    try:
        told = json.loads(answer or b"")
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
