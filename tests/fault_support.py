"""What the fault tests share: a visit, what status and panel say, a disk that becomes full."""

import html
import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from kiosk.translations import translate
from kiosk.web.words import Sentence
from tests.running import RunningStation

PIN = "274916"


def visit(station: RunningStation) -> None:
    """A whole visit, ended by the manager."""
    station.sign_in()
    assert station.kiosk("session", "finish").returncode == 0
    station.wait_state("free")
    station.wait(station.covered, "covered after the visit")


def codes(station: RunningStation) -> set[str]:
    """Troubles of the state message."""
    return {trouble["code"] for trouble in station.status()["troubles"]}


def add_manager(station: RunningStation) -> None:
    """Somebody who may read the panel."""
    added = station.kiosk("manager", "add", "Hoa", stdin=f"{PIN}\n")
    assert added.returncode == 0, added.stderr


def repaired(station: RunningStation) -> None:
    """The button on the panel."""
    opened = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    for path, form in (("sign-in", {"name": "Hoa", "pin": PIN}), ("s/03/in_service", {})):
        asked = urllib.request.Request(
            f"http://127.0.0.1:{station.panel}/{path}",
            headers={"Sec-Fetch-Site": "same-origin"},
            data=urllib.parse.urlencode(form).encode(),
        )
        opened.open(asked, timeout=20).close()


def panel(station: RunningStation) -> str:
    """The words of the panel's first page as a manager reads them, in Vietnamese; they sign in anew each time."""
    opened = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    asked = urllib.request.Request(
        f"http://127.0.0.1:{station.panel}/sign-in",
        data=urllib.parse.urlencode({"name": "Hoa", "pin": PIN}).encode(),
        headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "vi"},
    )
    with opened.open(asked, timeout=20) as answer:
        assert answer.url.endswith(f":{station.panel}/"), answer.url
        page = answer.read().decode("utf-8")
    shown = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def panel_says(station: RunningStation, said: Sentence, seconds: float = 15.0) -> str:
    """Wait until the sentence stands on the panel, in Vietnamese; the page."""
    wanted, page = translate("vi", "web", said.text, **said.values), ""
    assert wanted != said.text, "the sentence has no Vietnamese"

    def there() -> bool:
        nonlocal page
        page = panel(station)
        return wanted in page

    try:
        station.wait(there, f"on the panel: {wanted}", seconds)
    except AssertionError:
        print(f"the panel: {page}")
        raise
    return page


def fill(ballast: Path) -> None:
    """Not a byte is left on the disk of `ballast`."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
