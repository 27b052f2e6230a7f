"""The ways in: a name with its password, the terminal's one-time code, a department's link. And the way out."""

from collections.abc import Callable
from math import ceil
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request

from kiosk.errors import UsageError
from kiosk.province.board.people import Outcome, People
from kiosk.web.guard import SAFE_METHODS
from kiosk.web.pages import error_page, language
from kiosk.web.passwords import unfit
from kiosk.web.roles import LINK, STRANGER
from kiosk.web.sign_in import COOKIE, WebSessions
from kiosk.web.words import Sentence, known, says

LINK_COOKIE = "board_link"
BEGIN_AGAIN = says("That code is not right, or it is over. Make a new one at the terminal: kiosk province board --code")


def recognised(people: People, signed_in: WebSessions) -> Callable[[], str]:
    """What tells the role of who asks, and leaves in `g` their name and the line that they are bound to."""

    def role() -> str:
        g.who, g.line, g.role = None, "", STRANGER
        person = signed_in.who(request.cookies.get(COOKIE))
        if person is not None:
            if people.standing(person.name) == (person.role, person.mark):
                g.who, g.role = person.name, person.role
            else:
                signed_in.close(request.cookies.get(COOKIE))
        elif secret := request.cookies.get(LINK_COOKIE):
            found = people.by_link(secret[:100])
            if found is not None:
                g.line, g.role = found[0], LINK
        return str(g.role)

    return role


def refuse() -> Any:
    """A stranger gets the sign-in page where he only looked, nothing where he wanted to do something."""
    if g.get("role") == STRANGER and request.method in SAFE_METHODS:
        return redirect("/sign-in", 303)
    return make_response(*error_page(403))


def add_views(app: Flask, people: People, signed_in: WebSessions) -> None:
    """`/sign-in`, `/begin`, `/l/<secret>`, `/sign-out`."""

    @app.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
    def sign_in() -> Any:
        if not people.any():
            return redirect("/begin", 303)
        if request.method == "GET":
            return render_template("board/sign_in.html", problem=None, name="")
        outcome = people.check(request.form.get("name", ""), request.form.get("password", ""))
        if outcome.kind == "ok":
            return _welcome(outcome, people, signed_in)
        page = render_template("board/sign_in.html", problem=_words(outcome), name=request.form.get("name", ""))
        return _refused(page, outcome)

    @app.route("/begin", methods=["GET", "POST"], endpoint="begin")
    def begin() -> Any:
        wrong, form = dict[str, Sentence | str](), request.form
        if request.method == "POST":
            name, password = form.get("name", ""), form.get("password", "")
            if problem := unfit(password, name):
                wrong["password"] = problem
            elif password != form.get("again", ""):
                wrong["again"] = says("The two passwords are not the same.")
            else:
                try:
                    outcome = people.begin(form.get("code", ""), name, password)
                    if outcome.kind == "ok":
                        return _welcome(outcome, people, signed_in)
                    wrong["code"] = _words(outcome) if outcome.kind == "locked" else BEGIN_AGAIN
                except UsageError as error:
                    wrong["name"] = known(language(), error.message)
        page = render_template("board/begin.html", wrong=wrong, given=form)
        return make_response(page, 400 if wrong else 200)

    _add_other_ways(app, people, signed_in)


def _add_other_ways(app: Flask, people: People, signed_in: WebSessions) -> None:
    """`/l/<secret>` of a department, and `/sign-out`."""

    @app.get("/l/<secret>", endpoint="by_link")
    def by_link(secret: str) -> Any:
        found = people.by_link(secret[:100])
        if found is None:
            page = render_template("board/link_over.html")
            return make_response(page, 404)
        answer = redirect("/", 303)
        # Lax, not Strict: it is opened from a letter, and it can do nothing but read.
        answer.set_cookie(LINK_COOKIE, secret, httponly=True, samesite="Lax", secure=request.is_secure,
                          max_age=found[1])  # fmt: skip
        return answer

    @app.post("/sign-out", endpoint="sign_out")
    def sign_out() -> Any:
        signed_in.close(request.cookies.get(COOKIE))
        answer = redirect("/sign-in", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="Strict", secure=request.is_secure)
        answer.delete_cookie(LINK_COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
        return answer


def _welcome(outcome: Outcome, people: People, signed_in: WebSessions) -> Any:
    """A fresh cookie at every sign-in; an older one of this browser ends."""
    role, mark = people.standing(outcome.name)
    cookie = signed_in.again(request.cookies.get(COOKIE), outcome.name, role, here=False, mark=mark)
    answer = redirect("/", 303)
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", secure=request.is_secure)
    return answer


def _refused(page: str, outcome: Outcome) -> Any:
    locked = outcome.kind == "locked" or outcome.seconds
    return make_response(page, 429 if locked else 403, {"Retry-After": str(outcome.seconds)} if locked else {})


def _words(outcome: Outcome) -> Sentence:
    if outcome.seconds:
        return says("Too many wrong tries. Please try again in {n} minutes.", n=max(1, ceil(outcome.seconds / 60)))
    return says("Name or password is not right. Please try again.")
