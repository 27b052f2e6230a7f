"""Parts of a page that renew themselves: each has a short name of what it shows, and is not sent to whoever has it.

And the one page that asks before something is done that cannot be undone.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request

from kiosk.web.pages import language
from kiosk.web.words import Sentence


def version(*what: object) -> str:
    """A short name of what is shown: equal names, equal pictures."""
    return hashlib.sha256(f"{language()} {what!r}".encode()).hexdigest()[:12]


def unless_seen(shown: str, template: str, /, **what: Any) -> Response:
    """A part of the page, or 204 when the reader has just this."""
    if request.args.get("seen") == shown:
        return Response(status=204)
    return make_response(render_template(template, **what))


def ask(heading: Sentence, *about: Sentence, yes: Sentence, fields: Mapping[str, Any], back: str = "") -> Any:
    """The question whether it shall be. What was sent comes with the answer: `sure`, or `change` for the form again.

    `back`: where "no" leads where there is no form to go back to.
    """
    kept = {name: value for name, value in fields.items() if name not in ("sure", "change")}
    return render_template("panel/sure.html", heading=heading, about=about, yes=yes, fields=kept, back=back)
