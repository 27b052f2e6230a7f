"""Pages read aloud: `/voice` has words of a page said in the citizen's session, and `/listen` does it without scripts.

Asked by the menu's own pages on this very PC alone: another site, and another PC that looks at this menu, hear nothing.
The page's script (web_ui/scripts/voice_page.js) says what has the focus and walks through a text.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.errors import RefusedError
from kiosk.messages import LIVE
from kiosk.service.face import Face
from kiosk.service.menu import ways
from kiosk.service.menu.listening_words import SENTENCES
from kiosk.service.menu.page_words import words_of
from kiosk.service.page_voice import LONGEST, MOST_PARTS
from kiosk.sound import speaks

ENDPOINTS = ("voice", "voice_say", "voice_hush", "voice_switch", "listen", "listen_say")
HERE = ("127.0.0.1", "::1")
LONGEST_NAME = 100
# Of a page that is read without scripts; a longer one has another page.
MOST_WORDS = 200


class Listening:
    """What the templates know of it: `offered`, `on`, and where the page that is read lies."""

    def __init__(self, face: Face) -> None:
        self._face = face

    @property
    def here(self) -> bool:
        """Whether somebody is at this PC, who looks at this page there."""
        return self._face.status().get("state") in LIVE and request.remote_addr in HERE

    @property
    def offered(self) -> bool:
        """Whether Listen may be shown: to who sits here, where the PC can speak."""
        return self.here and speaks()

    @property
    def takes_home(self) -> bool:
        """Whether files may be saved to a USB stick of one's own."""
        return bool(self._face.status().get("sticks_offered"))

    @property
    def on(self) -> bool:
        """Whether pages are read aloud by themselves."""
        return bool((self._face.status().get("prefs") or {}).get("voice"))

    @property
    def direct(self) -> bool:
        """Whether the browser prints without a dialog."""
        return bool(self._face.heard()["direct"])

    @property
    def page(self) -> str:
        """Without scripts: the page on which this one is read."""
        return url_for("listen", of=ways.here())


def add_listening(app: Flask, face: Face) -> None:
    """The views, and `listening` in every template of the menu."""
    listening = Listening(face)
    app.context_processor(lambda: {"listening": listening, "spoken": SENTENCES})
    add = app.add_url_rule
    add("/voice", "voice", _here(lambda: face.heard()))
    add("/voice", "voice_say", _here(lambda: _say(face, _parts(request.get_json(silent=True)))), methods=["POST"])
    add("/voice/hush", "voice_hush", _here(lambda: _hush(face)), methods=["POST"])
    add("/voice/<word>", "voice_switch", _here(lambda word: _switch(face, word)), methods=["POST"])
    add("/listen", "listen", _here(lambda: _page(app)))
    add("/listen", "listen_say", _here(lambda: _say_part(app, face)), methods=["POST"])


def _here(view: Callable[..., Any]) -> Callable[..., Any]:
    """Only for who sits at this PC."""

    def guarded(**values: str) -> Any:
        if request.remote_addr not in HERE:
            abort(403)
        return view(**values)

    return guarded


def _hush(face: Face) -> Answer:
    """Silence: with a number, only where these words are still being said, as another page may have begun since."""
    sent = request.get_json(silent=True)
    face.hush(sent if isinstance(sent, int) and not isinstance(sent, bool) else 0)
    return make_response("", 204)


def _switch(face: Face, word: str) -> Answer:
    """Read pages aloud from now on, or no longer; without scripts the page comes back."""
    if word not in ("on", "off"):
        abort(404)
    face.read_aloud(word == "on")
    back = request.form.get("to", "")
    return redirect(ways.again(back), 303) if back else make_response("", 204)


def _say(face: Face, parts: list[dict[str, str]]) -> Any:
    try:
        return {"number": face.tell(parts)}
    except RefusedError:
        return {"number": 0}, 429


def _parts(sent: object) -> list[dict[str, str]]:
    """What a page sent, as far as it is what our own pages send; else a 400."""
    if not isinstance(sent, list) or not 0 < len(sent) <= MOST_PARTS:
        abort(400)
    found = [_part(one) for one in sent]
    if sum(len(part["text"]) for part in found) > LONGEST:
        abort(413)
    return found


def _part(sent: object) -> dict[str, str]:
    if not isinstance(sent, dict) or not sent.keys() <= {"lang", "text", "name"}:
        abort(400)
    lang, text, name = (sent.get(key, "") for key in ("lang", "text", "name"))
    if not isinstance(lang, str) or not isinstance(text, str) or not isinstance(name, str) or len(name) > LONGEST_NAME:
        abort(400)
    if not name.replace("_", "").replace("-", "").isalnum():
        name = ""
    return {"lang": "en" if lang.startswith("en") else "vi", "text": text, "name": name}


# Without scripts: the words of a page of ours, piece by piece, each with a button.


def _words(app: Flask, of: str) -> list[dict[str, str]]:
    found = [] if of.startswith("/listen") else words_of(app, of, g.lang)
    if not found:
        abort(404)
    return found[:MOST_WORDS]


def _page(app: Flask) -> Answer:
    of = ways.inside(request.args.get("of", "/"))
    number = request.args.get("part", "")
    chosen = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 0
    return make_response(render_template("menu/listen.html", of=of, words=_words(app, of), chosen=chosen))


def _say_part(app: Flask, face: Face) -> Answer:
    """Say the piece that was touched: the words are taken from the page, not from the request."""
    of, number = ways.inside(request.form.get("of", "/")), request.form.get("part", "")
    words = _words(app, of)
    place = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 0
    if not 1 <= place <= len(words):
        abort(404)
    try:
        face.tell([words[place - 1]])
    except RefusedError:
        abort(429)
    return redirect(url_for("listen", of=of, part=place) + f"#part-{place}", 303)
