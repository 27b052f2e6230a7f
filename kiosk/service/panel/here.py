"""The way in for staff at the PC itself: their PIN was right at the lock, and their browser brings the token for it."""

from typing import Any

from flask import Flask, abort, redirect, request

from kiosk.translations import LANGUAGES
from kiosk.web.hosts import is_loopback
from kiosk.web.sign_in import COOKIE, WebSessions


def add_views(app: Flask, signed_in: WebSessions) -> None:
    """`/here/<token>`: signs in once. Whoever brings another token, or the same again, gets the sign-in page."""

    @app.get("/here/<token>", endpoint="here")
    def here(token: str) -> Any:
        if not on_this_pc():
            abort(404)
        cookie = signed_in.take(token)
        if cookie is None:
            return redirect("/sign-in", 303)
        answer = redirect("/", 303)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict")
        lang = request.args.get("lang", "")
        if lang in LANGUAGES:
            answer.set_cookie("lang", lang, httponly=True, samesite="Strict", max_age=31_536_000)
        return answer


def on_this_pc() -> bool:
    """Whether this request never left the PC."""
    return is_loopback(request.remote_addr or "")
