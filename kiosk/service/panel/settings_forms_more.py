"""More forms of the settings: notice, questions, name, programs, sticks and printing. Pure."""

from datetime import date, datetime
from typing import Any

from kiosk.rules.policy import Policy
from kiosk.rules.policy_of_the_panel import LONGEST_NAME, LONGEST_NOTICE
from kiosk.rules.questions import ALL
from kiosk.service.panel.settings_forms import Form, Wrong
from kiosk.web.words import says

LONGEST_TITLE = 40
PLACES = tuple(f"place_{number}" for number in range(1, len(ALL) + 1))
MOST_PAGES = 1000
CHOOSE = says("Please choose one.")


def notice_form(policy: Policy) -> dict[str, str]:
    """The notice as it stands."""
    one = policy.notice
    return {"vi": one.vi, "en": one.en, "begins": _iso(one.begins), "ends": _iso(one.ends)}


def notice_of(form: Form, today: date) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """The section [notice]. Days that are over would show nothing to anybody."""
    wrong, words = Wrong(), {lang: " ".join(form.get(lang, "").split()) for lang in ("vi", "en")}
    for lang, text in words.items():
        if len(text) > LONGEST_NOTICE:
            wrong[lang] = says("At most {n} letters.", n=LONGEST_NOTICE)
    if words["en"] and not words["vi"]:
        wrong["vi"] = says("Please write it in Vietnamese too.")
    days = dict[str, date]()
    for side in ("begins", "ends"):
        text = form.get(side, "").strip()
        day = date_of(text)
        if day is not None:
            days[side] = day
        elif text:
            wrong[side] = says("A day such as 24/12/2026.")
    begins, ends = days.get("begins"), days.get("ends")
    if ends is not None and words["vi"] and ends < today:
        wrong["ends"] = says("This day is over already.")
    elif begins is not None and ends is not None and ends < begins:
        wrong["ends"] = says("It must not end before it begins.")
    return {"notice": {**words, **days} if words["vi"] else words}, wrong


def questions_form(policy: Policy) -> dict[str, str]:
    """Which question stands at which place; none where fewer are asked."""
    asked = policy.questions
    on = {"first": asked.first, "person": asked.person, "groups": asked.groups}
    names = [name for name in (*asked.order, *(one for one in ALL if one not in asked.order)) if on[name]]
    return {place: names[number] if number < len(names) else "" for number, place in enumerate(PLACES)}


def questions_of(form: Form) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """The section [questions]: those that were chosen are asked, in that order."""
    wrong, chosen = Wrong(), list[str]()
    for place in PLACES:
        name = form.get(place, "")
        if name and name not in ALL:
            wrong[place] = CHOOSE
        elif name in chosen:
            wrong[place] = says("This question is chosen twice.")
        elif name:
            chosen.append(name)
    order = [*chosen, *(name for name in ALL if name not in chosen)]
    return {"questions": {**{name: name in chosen for name in ALL}, "order": order}}, wrong


def name_of(form: Form, below: str) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """The name that the screens show; that of site.toml is not written down once more."""
    name = " ".join(form.get("site_name", "").split())
    wrong = Wrong() if name else {"site_name": says("Please write the site's name.")}
    if len(name) > LONGEST_NAME or not name.isprintable():
        wrong["site_name"] = says("At most {n} letters.", n=LONGEST_NAME)
    return {"panel": {"site_name": "" if name == below else name}}, wrong


def programs_form(policy: Policy) -> dict[str, str]:
    """Each program of the policy with its place, and the Internet."""
    found = {"internet": "1" if policy.programs.internet else ""}
    for number, one in enumerate(policy.program):
        fields = {"command": one.command, "shown": "1" if one.shown else "", "place": str(number + 1),
                  "vi": one.name.vi, "en": one.name.en}  # fmt: skip
        found |= {f"{name}_{number}": value for name, value in fields.items()}
    return found


def programs_of(form: Form, policy: Policy) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """Which of the policy's programs are shown, where, and how they are called. A command is only compared."""
    wrong, rows = Wrong(), list[tuple[int, int, dict[str, Any]]]()
    for number, one in enumerate(policy.program):
        if form.get(f"command_{number}") != one.command:
            wrong[f"vi_{number}"] = says("The programs of this station were changed meanwhile. Please begin anew.")
            continue
        place = form.get(f"place_{number}", "")
        if not (place.isascii() and place.isdecimal() and 1 <= int(place) <= len(policy.program)):
            wrong[f"place_{number}"] = says("A number from {least} to {most}.", least=1, most=len(policy.program))
            continue
        names = {lang: " ".join(form.get(f"{lang}_{number}", "").split()) for lang in ("vi", "en")}
        for lang, text in names.items():
            if not text or len(text) > LONGEST_TITLE:
                wrong[f"{lang}_{number}"] = says("A name of 1 to {n} letters.", n=LONGEST_TITLE)
        shown = form.get(f"shown_{number}") == "1"
        rows.append((int(place), number, {"command": one.command, **names, "shown": shown}))
    tiles = [row for _place, _number, row in sorted(rows, key=lambda row: row[:2])]
    return {"programs": {"internet": form.get("internet") == "1", "tiles": tiles}}, wrong


def program_key(field: str) -> str:
    """Which key a field of the programs sets."""
    return "programs.internet" if field == "internet" else "programs.tiles"


def sticks_form(policy: Policy) -> dict[str, str]:
    """What citizens may do with sticks, as one word."""
    return {"sticks": _sticks(policy)}


def sticks_open_to(below: Policy) -> tuple[str, ...]:
    """The words that are no wider than policy.toml."""
    words = ("write", "read", "none")
    return words[words.index(_sticks(below)) :]


def sticks_of(form: Form, below: Policy) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """The section [sticks]."""
    word = form.get("sticks", "")
    wrong = Wrong() if word in sticks_open_to(below) else {"sticks": CHOOSE}
    return {"sticks": {"allowed": word != "none", "read_only": word == "read"}}, wrong


def tickets_form(policy: Policy) -> dict[str, str]:
    """Whether tickets open this site's computers."""
    return {"tickets": "on" if "ticket" in policy.entry.ways else "off"}


def tickets_of(form: Form, policy: Policy) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """The ways in, with tickets or without; staff can always begin where nothing else is left."""
    word = form.get("tickets", "")
    ways = [way for way in policy.entry.ways if way != "ticket"] + (["ticket"] if word == "on" else [])
    return {"entry": {"ways": ways or ["staff"]}}, Wrong() if word in ("on", "off") else {"tickets": CHOOSE}


def print_form(policy: Policy) -> dict[str, str]:
    """Who lets citizens print, and how much."""
    return {"mode": policy.print.mode, "pages_max": str(policy.print.pages_max)}


def print_of(form: Form) -> tuple[dict[str, dict[str, Any]], Wrong]:
    """The section [print], but for its printer."""
    wrong, mode, pages = Wrong(), form.get("mode", ""), form.get("pages_max", "").strip()
    if mode not in ("off", "staff", "free"):
        wrong["mode"] = CHOOSE
    if not (pages.isascii() and pages.isdecimal() and len(pages) <= 4 and int(pages) <= MOST_PAGES):
        wrong["pages_max"] = says("A number from {least} to {most}.", least=0, most=MOST_PAGES)
        return {}, wrong
    return {"print": {"mode": mode, "pages_max": int(pages)}}, wrong


def date_of(text: str) -> date | None:
    """A day as a browser sends it (2026-12-24) or as people write it (24/12/2026)."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _sticks(policy: Policy) -> str:
    return "none" if not policy.sticks.allowed else "read" if policy.sticks.read_only else "write"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
