"""What a page of ours that shows a text may load, and how the texts of others are shut in.

A pack's page runs on an origin that nobody else has (CSP sandbox), may load what lies under its own address and
nothing else, frames included, and cannot leave its frame: no form, no window, no way up; and the page of ours that
holds the frame lets it show no other address. Opened without our frame it is sent into it (inside.py).

A content policy says nothing of WebRTC, preconnect and dns-prefetch. Connection-Allowlist does (WICG; in Chromium from
152, which Debian's updates have passed): no connection at all is begun but to what lies under the item's own address.
Redirects are allowed, as only we answer there: an archive's lead to its own pages.
"""

import re

from flask import abort, request

from kiosk.web.guard import CONTENT_POLICY

# Ours, with sound and film.
WITH_MEDIA = CONTENT_POLICY + "; media-src 'self'"
# A picture, a caption, a PDF: nothing runs, whoever opens it.
ANCESTORS = "; frame-ancestors 'self'"
STILL = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:" + ANCESTORS
# Chromium's own reader of PDFs stands in the frame; no sandbox, so that its print and save buttons work.
PDF = "default-src 'none'; frame-ancestors 'self'"
SANDBOX = "allow-scripts allow-modals"  # modals: to print

_HOST = re.compile(r"[a-z0-9.:\[\]-]+")


def with_frame(prefix: str) -> str:
    """The policy of a page of ours whose frame may show what lies under `prefix`, and never anything else."""
    return f"{CONTENT_POLICY}; frame-src {under(prefix)}"


def under(prefix: str) -> str:
    """A path with the address that this request came to."""
    host = request.headers.get("Host", "").lower()
    if not _HOST.fullmatch(host):
        abort(400)
    return f"{request.scheme}://{host}{prefix}"


def shut_in(prefix: str) -> dict[str, str]:
    """The headers of a page that may use only what lies under `prefix`, a path that ends in a stroke."""
    own = under(prefix)
    policy = (
        f"sandbox {SANDBOX}; default-src 'none'; script-src {own} 'unsafe-inline' 'unsafe-eval' blob:; "
        f"style-src {own} 'unsafe-inline'; img-src {own} data: blob:; "
        f"media-src {own} data: blob:; font-src {own} data:; "
        f"connect-src {own} data: blob:; worker-src blob:; form-action 'none'; base-uri 'none'; frame-src {own}; "
        "object-src 'none'"
    )
    return {**_ancestors(policy), "X-DNS-Prefetch-Control": "off", **_alone(own), **lent()}


def still(prefix: str) -> dict[str, str]:
    """The headers of a file of such an item that runs nothing: a picture, a film, a style."""
    return {**_ancestors(STILL.removesuffix(ANCESTORS)), **_alone(under(prefix)), **lent()}


def _alone(own: str) -> dict[str, str]:
    """No connection but to what lies under this address: not even a name is asked for."""
    return {"Connection-Allowlist": f'("{own}*");redirects=allow'}


def from_within() -> bool:
    """Whether a page that is shut in asks, for a frame of its own or by a link: it has no origin to name."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site != "same-origin" and request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame")


def _ancestors(policy: str) -> dict[str, str]:
    """Only our own page may frame it; where a page frames another of its pack there is no origin to allow."""
    if from_within():
        # The word of old that all browsers read as "anybody": without any, the guard would say "nobody".
        return {"Content-Security-Policy": policy, "X-Frame-Options": "ALLOWALL"}
    return {"Content-Security-Policy": policy + ANCESTORS, **FRAMED}


def lent() -> dict[str, str]:
    """Headers with which a shut-in page may use a file: to the browser it comes from elsewhere, having no origin."""
    found = {"Cross-Origin-Resource-Policy": "cross-origin"}
    if request.headers.get("Origin") == "null":
        found["Access-Control-Allow-Origin"] = "null"
    return found


FRAMED = {"X-Frame-Options": "SAMEORIGIN"}
