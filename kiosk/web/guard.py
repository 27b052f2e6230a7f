"""The checks that every request passes before a view sees it, and the headers that every answer carries.

* Host must be one of ours, or a page elsewhere could reach us through a name that points here (DNS rebinding).
* What changes something must come from our own pages. The browser's word for it is Sec-Fetch-Site; Origin where that
  is missing. A cookie does not tell ports apart, so "same site" (the menu's port) is not enough, only "same origin".
* The role decides (roles.py). No answer may run or load anything inline or from elsewhere.
"""

from collections.abc import Callable

from flask import Flask, Response, abort, request

from kiosk.web.connection import ADDRESS
from kiosk.web.hosts import Hosts
from kiosk.web.roles import Access, allowed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_FORM = 16_384
MOST_FIELDS = 80  # the hours of a week are 28

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=()",
}


def guard(
    app: Flask,
    access: Access,
    role: Callable[[], str],
    refuse: Callable[[], "Response | None"],
    hosts: Hosts | None = None,
    referrer: str = "no-referrer",
    keep: bool = True,
) -> None:
    """Put the checks before and the headers after every request of `app`.

    `role()` says who asks; `refuse()` answers those who may not. `hosts`: under which names, else the
    loopback ones.
    `keep=False`: no answer but a static file may be stored by the browser.
    """
    ours = hosts or Hosts()
    app.config.update(MAX_CONTENT_LENGTH=MAX_FORM, MAX_FORM_MEMORY_SIZE=MAX_FORM, MAX_FORM_PARTS=MOST_FIELDS)

    def check() -> "Response | None":
        if not ours.knows(request.environ.get(ADDRESS, ""), request.headers.get("Host", "")):
            abort(400)
        if request.method not in SAFE_METHODS and not from_our_own_page():
            abort(403)
        if not allowed(access, request.endpoint, role()):
            return refuse()
        return None

    def dress(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("Referrer-Policy", referrer)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-cache" if keep else "no-store"
            response.vary.add("Cookie")
        return response

    app.before_request(check)
    app.after_request(dress)


def from_our_own_page() -> bool:
    """Whether the browser says that this request was made by a page of this very origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")
