"""Signing in and out of the panel. There is no default PIN: with no manager yet the page says how to add one."""

import math
from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template, request

from kiosk.service.face import Managers
from kiosk.web.sign_in import COOKIE, WebSessions
from kiosk.web.words import Sentence, says


def add_views(app: Flask, managers: Managers, signed_in: WebSessions) -> None:
    """`/sign-in` and `/sign-out`; `/leaving`: how long one is still signed in; `/stay`: so long again."""

    @app.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
    def sign_in() -> Any:
        names = managers.names()
        if not names and "begin" in app.view_functions:
            return redirect("/begin", 303)
        name = request.form.get("name", names[0] if len(names) == 1 else "")
        problem, wait = None, 0
        if request.method == "POST" and names:
            outcome = managers.check(name, request.form.get("pin", ""))
            if outcome.kind == "ok":
                return welcome(name, outcome.role, signed_in)
            problem, wait = _words(outcome.kind, outcome.seconds), outcome.seconds
        page = render_template("panel/sign_in.html", names=names, name=name, problem=problem, **_why())
        status = 429 if wait else 403 if problem else 200
        return make_response(page, status, {"Retry-After": str(wait)} if wait else {})

    @app.post("/stay", endpoint="stay")
    def stay() -> Any:
        return Response(status=204) if request.headers.get("Sec-Fetch-Dest") == "empty" else redirect("/", 303)

    @app.get("/leaving", endpoint="leaving")
    def leaving() -> Any:
        return {"left": g.left}

    def _why() -> dict[str, Any]:
        """Whoever was signed out by the clock is told so."""
        minutes = round(signed_in.idle / 60)
        return {"left_after": max(1, minutes) if request.args.get("left") == "1" else 0}

    @app.post("/sign-out", endpoint="sign_out")
    def sign_out() -> Any:
        signed_in.close(request.cookies.get(COOKIE))
        answer = redirect("/sign-in", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="Strict", secure=request.is_secure)
        return answer


def welcome(name: str, role: str, signed_in: WebSessions, to: str = "/") -> Any:
    """A fresh cookie at every sign-in; an older one of this browser ends."""
    cookie = signed_in.again(request.cookies.get(COOKIE), name, role, here=g.get("here", False))
    answer = redirect(to, 303)
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", secure=request.is_secure)
    return answer


def _words(kind: str, seconds: int) -> Sentence:
    if kind == "locked":
        return says("Too many wrong PINs. Please try again in {n} minutes.", n=max(1, math.ceil(seconds / 60)))
    return says("That PIN is not right. Please try again.")
