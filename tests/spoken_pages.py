"""What every page of the lock says, as JSON: `python -m tests.spoken_pages`. A process of its own, as Tk needs one."""

import json

from kiosk.lockscreen import pages
from kiosk.lockscreen.voice import spoken
from tests.lock_pages import PAGES, TYPED, Pages


def main() -> None:
    """`pages`: page → language → [name, text]; `same`: pairs that must sound the same; `mute`: pages without words."""
    shown = Pages()
    said = {name: {lang: spoken.page(shown.show(name, lang)) for lang in ("vi", "en")} for name in PAGES}
    same = []
    for chosen in ((0, 2), (3, 4)):  # two of several, whichever
        PAGES["question3"] = ({"state": "asking"}, 2, chosen)
        same.append(spoken.page(shown.show("question3")))
    for number in ("49308264", "11111111"):
        TYPED["ticket_whole"] = number
        same.append(spoken.page(shown.show("ticket_whole")))
    mute = sorted(pages.PAGES.keys() - spoken.PAGES.keys())
    print(json.dumps({"pages": said, "same": [same[:2], same[2:]], "mute": mute}))


if __name__ == "__main__":
    main()
