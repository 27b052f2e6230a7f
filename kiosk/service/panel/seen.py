"""Parts of a page that renew themselves: each has a short name of what it shows, and is not sent to whoever has it."""

import hashlib
from typing import Any

from flask import Response, make_response, render_template, request

from kiosk.web.pages import language


def version(*what: object) -> str:
    """A short name of what is shown: equal names, equal pictures."""
    return hashlib.sha256(f"{language()} {what!r}".encode()).hexdigest()[:12]


def unless_seen(shown: str, template: str, /, **what: Any) -> Response:
    """A part of the page, or 204 when the reader has just this."""
    if request.args.get("seen") == shown:
        return Response(status=204)
    return make_response(render_template(template, **what))
