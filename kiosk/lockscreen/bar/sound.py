"""What the bar makes heard: how loud the PC is, and, for who had the screens read aloud, each new sheet once.

Both are loaded at their first use only: most sessions need neither.
"""

from typing import TYPE_CHECKING

from kiosk.settings import Paths, home_dir

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.acts import Act
    from kiosk.lockscreen.bar.bar import Bar
    from kiosk.lockscreen.bar.content import Content
    from kiosk.lockscreen.voice.voice import Voice
    from kiosk.lockscreen.voice.volume import Volume


class Sound:
    """`level` is the volume in percent as it was last asked for, None where there is nothing to hear."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self._volume: Volume | None = None
        self._voice: Voice | None = None
        self._said: tuple[str, str] = ("", "")
        self.level: int | None = None

    def ask(self) -> None:
        """Look how loud it is now; a citizen's program may have changed it."""
        if self._volume is None:
            from kiosk.lockscreen.voice.volume import Volume

            self._volume = Volume()
        self.level = self._volume.percent()

    def change(self, steps: int) -> None:
        """Louder or softer by tenths."""
        if self._volume is None:
            self.ask()
        assert self._volume is not None
        self.level = self._volume.change(steps)
        if self._bar.prefs.voice and self.level is not None:
            self._speak([self._bar.say("Volume {n} percent.", n=self.level)])

    def again(self) -> None:
        """What the citizen asks for is read although it hangs there already."""
        self._said = ("", "")

    def quiet(self) -> None:
        """Somebody went on, or the page speaks: silence, and what hangs there is not read again."""
        if self._voice is not None:
            self._voice.stop()

    def reached(self, act: "Act", place: int, count: int) -> None:
        """The key that goes from button to button has reached this one."""
        if self._bar.prefs.voice:
            where = {"button": act.text, "n": place, "all": count}
            self._speak([self._bar.say("{button}: {n} of {all}. Windows + Enter chooses it.", **where)])

    def read(self, content: "Content | None") -> None:
        """Read a sheet aloud when it comes, not again each second; silence when it goes."""
        said = _spoken(content, self._bar.state.get("warning"))
        before, self._said = self._said, said
        if content is None:
            if before != said and self._bar.prefs.voice:
                self.quiet()
            return
        if not self._bar.prefs.voice or said[0] == before[0]:
            return
        self._speak([content.text, *(line.text for line in content.lines), *_offers(self._bar, content)])

    def _speak(self, sentences: list[str]) -> None:
        from kiosk.lockscreen.voice.aloud import aloud
        from kiosk.lockscreen.voice.voice import Part, Voice, can_speak

        if self._voice is None:
            if not can_speak():
                return
            self._voice = Voice(self._bar.tk, Paths(home_dir()).audio, lambda: None)
        # A page of the menu may be speaking: one voice at a time.
        self._bar.connection.send("hush")
        lang = self._bar.prefs.lang
        self._voice.say(lang, [Part("", aloud(lang, sentence)) for sentence in sentences])


def _spoken(content: "Content | None", warning: object) -> tuple[str, str]:
    """What makes a sheet another one for the ear: its words, not the numbers that count down in them, and the warning.

    A warning may have the words of the one before.
    """
    if content is None:
        return ("", "")
    words = "".join(one for one in content.text if not one.isdigit())
    return (f"{content.kind} {words} {content.sign} {warning}", content.text)


def _offers(bar: "Bar", content: "Content") -> list[str]:
    """The keys of a sheet, for who cannot see its buttons."""
    if content.kind == "hub":
        keyed = [act for act in content.buttons if act.key]
        without = ", ".join(act.text for act in content.buttons if not act.key)
        told = [bar.say("Windows + {key}: {button}.", key=act.key, button=act.text) for act in keyed]
        return [*told, bar.say("Windows + Tab: {buttons}.", buttons=without)]
    if not content.buttons:
        return []
    first, *others = content.buttons
    told = [bar.say("Windows + Enter: {button}.", button=first.text)]
    if others:
        names = ", ".join(act.text for act in others)
        told.append(bar.say("Windows + Tab: {buttons}.", buttons=names))
    return told
