"""Who may sign in to the board: the list, somebody new, another role, a password, goodbye; one's own password."""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.people import People
from kiosk.web.pages import language
from kiosk.web.passwords import hash_password, unfit
from kiosk.web.roles import OFFICER, OFFICERS, OWN_PEOPLE, VIEWER
from kiosk.web.sign_in import COOKIE, WebSessions
from kiosk.web.words import Sentence, known, says

ROLE_WORDS = {
    OFFICER: (says("Officer"), says("sees everything, gives tasks, links and people")),
    VIEWER: (says("Viewer"), says("sees everything and changes nothing")),
}
Wrong = dict[str, Sentence | str]


def people(desk: Desk) -> Any:
    """Everybody, with what they may do."""
    return render_template(
        "board/people.html", people=_people().listed(), roles=ROLE_WORDS, done=request.args.get("done")
    )


def person_add(desk: Desk) -> Any:
    """Somebody new, with a first password."""

    def save(form: Any, wrong: Wrong) -> None:
        name, password = form.get("name", ""), form.get("password", "")
        if form.get("role") not in ROLE_WORDS:
            wrong["role"] = says("Please choose one.")
        _two_passwords(form, name, wrong)
        if not wrong:
            desk.order(
                "board person add", name=name, password_hash=hash_password(password), role=form["role"], who=g.who
            )

    return _form("board/person_add.html", save, "name")


def person(desk: Desk, name: str) -> Any:
    """Another role, another password, or goodbye for somebody; each signs them out."""
    role = dict(_people().listed()).get(name)
    if role is None:
        abort(404)

    def save(form: Any, wrong: Wrong) -> None:
        act = form.get("act")
        if act == "role" and form.get("role") in ROLE_WORDS:
            desk.order("board person change", name=name, who=g.who, role=form["role"])
        elif act == "remove" and form.get("sure"):
            desk.order("board person change", name=name, who=g.who, remove=True)
        elif act == "remove":
            wrong["sure"] = says("Please tick that you are sure.")
        elif act == "password":
            _two_passwords(form, name, wrong)
            if not wrong:
                hashed = hash_password(form["password"])
                desk.order("board person change", name=name, who=g.who, password_hash=hashed)
        else:
            wrong["role"] = says("Please choose one.")
        if not wrong:
            _signed_in().forget(name)

    return _form("board/person.html", save, "", name=name, role=role)


def own_password(desk: Desk) -> Any:
    """One's own password, by the old one, which counts as a try; everywhere else one is signed out."""
    wrong, done = Wrong(), False
    if request.method == "POST":
        form = request.form
        _two_passwords(form, g.who, wrong)
        if not wrong and _people().check(g.who, form.get("old", "")).kind != "ok":
            wrong["old"] = says("Name or password is not right. Please try again.")
        if not wrong:
            desk.order("board person change", name=g.who, who=g.who, password_hash=hash_password(form["password"]))
            _signed_in().forget(g.who)
            answer = redirect("/", 303)
            cookie = _signed_in().open(g.who, *_people().standing(g.who))
            answer.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", secure=request.is_secure)
            return answer
    page = render_template("board/own_password.html", wrong=wrong, given={}, done=done)
    return make_response(page, 400 if wrong else 200)


def _form(template: str, save: Callable[[Any, Wrong], None], beside: str, **shown: Any) -> Any:
    """Show the form; when it is sent, do it or say why not, with what was typed but for passwords."""
    wrong, problem = Wrong(), ""
    if request.method == "POST":
        try:
            save(request.form, wrong)
            if not wrong:
                return redirect(url_for("people", done=1), 303)
        except KioskError as error:
            words = f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
            if beside:
                wrong[beside] = words
            problem = "" if beside else words
    page = render_template(template, wrong=wrong, problem=problem, given=request.form, roles=ROLE_WORDS, **shown)
    return make_response(page, 400 if wrong or problem else 200)


def _two_passwords(form: Any, name: str, wrong: Wrong) -> None:
    password = form.get("password", "")
    if found := unfit(password, name):
        wrong["password"] = found
    elif password != form.get("again", ""):
        wrong["again"] = says("The two passwords are not the same.")


def _people() -> People:
    staff: People = current_app.extensions["board"][1]
    return staff


def _signed_in() -> WebSessions:
    sessions: WebSessions = current_app.extensions["board"][2]
    return sessions


BOTH = ("GET", "POST")
PAGES = (
    Page("people", "/people", people, OFFICERS, tab=says("People and links")),
    Page("person_add", "/people-add", person_add, OFFICERS, BOTH, under="people"),
    Page("person", "/people/<path:name>", person, OFFICERS, BOTH, under="people", sample="/people/Lan"),
    Page("own_password", "/own-password", own_password, OWN_PEOPLE, BOTH, under="people"),
)
