"""A page that is made when somebody first asks for it: most PCs of a site are never asked for theirs, and it takes
megabytes.
"""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class LateApp:
    """A WSGI app that `make` makes, once, for the first request. What `make` raises, that request's server answers."""

    def __init__(self, make: "Callable[[], WSGIApplication]") -> None:
        self._make, self._made = make, threading.Lock()
        self._app: WSGIApplication | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        with self._made:
            if self._app is None:
                self._app = self._make()
        return self._app(environ, start_response)
