"""What a page of ours that shows a text may load, and how the texts of others are shut in.

A pack's page runs on an origin that nobody else has (CSP sandbox), may load what lies under its own address and
nothing else, and cannot leave its frame: no form, no window, no way up; and the page of ours that holds the frame lets
it show no other address. Opened without our frame it is sent into it (inside.py).
"""

import re

from flask import abort, request

from kiosk.web.guard import CONTENT_POLICY

# Ours, with sound and film.
WITH_MEDIA = CONTENT_POLICY + "; media-src 'self'"
# A picture, a caption, a PDF: nothing runs, whoever opens it.
STILL = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
# Chromium's own reader of PDFs stands in the frame; no sandbox, so that its print and save buttons work.
PDF = "default-src 'none'; frame-ancestors 'self'"
SANDBOX = "allow-scripts allow-modals"  # modals: to print

_HOST = re.compile(r"[a-z0-9.:\[\]-]+")


def with_frame(prefix: str) -> str:
    """The policy of a page of ours whose frame may show what lies under `prefix`, and never anything else."""
    return f"{CONTENT_POLICY}; frame-src {_under(prefix)}"


def _under(prefix: str) -> str:
    host = request.host.lower()
    if not _HOST.fullmatch(host):
        abort(400)
    return f"{request.scheme}://{host}{prefix}"


def shut_in(prefix: str) -> dict[str, str]:
    """The headers of a page that may use only what lies under `prefix`, a path that ends in a stroke."""
    own = _under(prefix)
    policy = (
        f"sandbox {SANDBOX}; default-src 'none'; script-src {own} 'unsafe-inline' 'unsafe-eval' blob:; "
        f"style-src {own} 'unsafe-inline'; img-src {own} data: blob:; "
        f"media-src {own} data: blob:; font-src {own} data:; "
        f"connect-src {own} data: blob:; worker-src blob:; form-action 'none'; base-uri 'none'; frame-src 'none'; "
        "object-src 'none'; frame-ancestors 'self'"
    )
    return {"Content-Security-Policy": policy, **FRAMED, "X-DNS-Prefetch-Control": "off", **lent()}


def lent() -> dict[str, str]:
    """Headers with which a shut-in page may use a file: to the browser it comes from elsewhere, having no origin."""
    found = {"Cross-Origin-Resource-Policy": "cross-origin"}
    if request.headers.get("Origin") == "null":
        found["Access-Control-Allow-Origin"] = "null"
    return found


FRAMED = {"X-Frame-Options": "SAMEORIGIN"}
