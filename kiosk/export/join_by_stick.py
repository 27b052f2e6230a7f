"""Joining where there is no network: the question lies on a stick, and so does the province's answer.

    enrol/<code's first four>-<key id>.json            what POST /v1/enrol would be asked
    enrol/<code's first four>-<key id>.answer.json     what it would answer, or {"code": why not}

`kiosk province ingest` answers what it finds. The proofs of handshake.py stand in both, so whoever finds the stick
learns nothing of the code and can join nothing.
"""

import json
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.export.asking import MOST, Answer
from kiosk.export.files import put, trouble
from kiosk.export.handshake import ANSWER, FOLDER, QUESTION
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
    place = folder / FOLDER
    name = f"{code}-{key.id}"
    try:
        folder.stat()
        with open(place / (name + ANSWER), "rb") as file:
            told = json.loads(file.read(MOST))
        return Answer(200 if "answer" in told else 403, told)
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise trouble(folder, error) from None
    except OSError as error:
        raise trouble(folder, error) from None
    except (ValueError, TypeError, RecursionError):
        pass  # cut off on its way: asked again
    _write(folder, place, name, asked)
    raise KioskError(
        _("The question to the province lies on the stick, in {folder}.", folder=place),
        _("Take the stick to the province (there: kiosk province ingest), bring it back, and give this command again."),
    )


def tidy(folder: Path, code: str, key: Key) -> None:
    """Question and answer are done with. What cannot be deleted there stays: it is of no use to anybody."""
    for ending in (QUESTION, ANSWER):
        try:
            (folder / FOLDER / f"{code}-{key.id}{ending}").unlink(missing_ok=True)
        except OSError:
            continue


def _write(folder: Path, place: Path, name: str, asked: dict[str, str]) -> None:
    try:
        place.mkdir(exist_ok=True)
        (place / (name + ANSWER)).unlink(missing_ok=True)
    except OSError as error:
        raise trouble(folder, error) from None
    put(place / (name + QUESTION), json.dumps(asked).encode() + b"\n")
