"""What stations ask of the province over HTTPS: a small WSGI application, JSON in every answer, never a traceback.

    PUT  /v1/batches/<sha256>   bundles, as export/batch.py packs them -> signed receipts
    GET  /v1/card               who the province is; ?by=KEY: the last card that this earlier key has sealed
    POST /v1/enrol              a PC joins by its one-time code
    POST /v1/rotate             a PC changes its key
    GET  /healthz               whether it can take bundles

It holds no state of its own that matters: everything is in ledger and archive when an answer is out.
"""

import json
import logging
import time
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from kiosk.errors import KioskError
from kiosk.export.batch import MAX_BODY
from kiosk.province.door.desk import Desk
from kiosk.province.door.refusals import Refusal, broken, refusal_of
from kiosk.province.door.taking import take
from kiosk.province.door.wrong_tries import WrongTries
from kiosk.province.joining.enrolment import enrol, rotate
from kiosk.translations import _

if TYPE_CHECKING:
    pass

log = logging.getLogger("kiosk.province")

MAX_SMALL = 16_384  # of everything but bundles


def create_collector(desk: Desk) -> Flask:
    """The application for an open home."""
    app = Flask("kiosk.province", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY)
    tries = WrongTries()

    @app.put("/v1/batches/<name>")
    def batches(name: str) -> Response:
        desk.check_clock()
        told, counts = take(desk, name, request.get_data(cache=False))
        request.environ["kiosk.counts"] = counts
        return _json(told)

    @app.get("/v1/card")
    def card() -> Response:
        return _text(desk.card.earlier.get(request.args.get("by", ""), desk.card.sealed))

    @app.post("/v1/enrol")
    def enrolment() -> Response:
        desk.check_clock()
        return _json(_enrolled(desk, tries))

    @app.post("/v1/rotate")
    def rotation() -> Response:
        desk.check_clock()
        return _json(rotate(desk.ledger, _small(), desk.now()))

    @app.get("/healthz")
    def health() -> Response:
        desk.check_clock()
        return _json({"ok": True, "card": desk.card.version})

    app.register_error_handler(Exception, _explained)
    app.after_request(_told)
    app.before_request(_begin)
    return app


def _explained(error: Exception) -> Response:
    """Whatever went wrong, as a status, a code and a sentence."""
    if isinstance(error, KioskError):
        log.warning("%s", error)
        error = refusal_of(error)
    elif isinstance(error, HTTPException) and (error.code or 500) < 500:
        error = _of_http(error)
    elif not isinstance(error, Refusal):
        log.error("a request failed", exc_info=error)
        error = broken()
    answer = Response(error.body, error.status, content_type="application/json; charset=utf-8")
    if error.retry is not None:
        answer.headers["Retry-After"] = str(error.retry)
    request.environ["kiosk.counts"] = error.code
    return answer


def _of_http(error: HTTPException) -> Refusal:
    status = error.code or 400
    known = {
        404: ("NOT_HERE", _("There is nothing at this address.")),
        405: ("METHOD", _("That cannot be done at this address.")),
        413: ("TOO_BIG", _("That is more than may be sent at once.")),
    }
    code, sentence = known.get(status, ("SCHEMA", _("That is not what is asked here.")))
    return Refusal(status, code, sentence)


def _begin() -> None:
    request.environ["kiosk.begun"] = time.monotonic()


def _told(answer: Response) -> Response:
    """One line a request: no address, no name, nothing of what was sent."""
    took = (time.monotonic() - request.environ.get("kiosk.begun", time.monotonic())) * 1000
    rule = request.url_rule.rule.partition("<")[0] if request.url_rule else "?"
    log.info("%s %s %d %s %d bytes %d ms", request.method, rule, answer.status_code,
             request.environ.get("kiosk.counts", "-"), request.content_length or 0, took)  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _enrolled(desk: Desk, tries: WrongTries) -> dict[str, str]:
    peer = request.remote_addr or ""
    tries.check(peer)
    try:
        return enrol(desk.ledger, _object(), desk.card.sealed, desk.now())
    except Refusal as refusal:
        if refusal.code == "WRONG_CODE":
            tries.count(peer)
        raise


def _small() -> bytes:
    if (request.content_length or 0) > MAX_SMALL:
        raise Refusal(413, "TOO_BIG", _("That is more than may be sent at once."))
    return request.get_data(cache=False)


def _object() -> Any:
    try:
        return json.loads(_small())
    except (ValueError, RecursionError):
        return None


def _json(told: Any) -> Response:
    return _text(json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def _text(text: str) -> Response:
    return Response(text.encode() + b"\n", content_type="application/json; charset=utf-8")
