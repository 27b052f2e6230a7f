"""Somebody who cannot see: hears what a whole station says, as words, and presses keys. Nothing else of it is known.

In place of the voice stands a program that writes down what it is given and makes a sound as long as it takes to say;
in place of the loudspeaker the one of ear.py, which notices two at once. Both are programs that the station is told to
use, run by whoever speaks: lock and bar as the user of the screens, the pages as the citizen.
"""

import codecs
import os
import re
import sys
import threading
import time
from pathlib import Path

from kiosk.lockscreen.voice.aloud import vietnamese
from tests.ear import Ear
from tests.running import RunningStation

# Bytes of sound for each word; far quicker than speech, and long enough to be stopped.
A_WORD = 2_000
VOICE = """#!/bin/sh
said=$(cat | tr '\\n' ' ')
printf '%s\\n' "$said" >> {folder}/log
head -c $((44 + {a_word} * $(printf '%s' "$said" | wc -w))) /dev/zero
"""
NUMBERS = {vietnamese(number): str(number) for number in range(1, 10)}


class Blind:
    """`within(station)` before it starts."""

    def __init__(self, home: Path) -> None:
        # Below the station's home, which a session's room shows, but writes and runs nothing in: what is said comes by
        # pipes, to which that does not matter.
        self.folder = home / "ear"
        self.folder.mkdir(parents=True)
        self.folder.chmod(0o777)
        (self.folder / "busy").touch()
        self._told = {"log": "", "two": ""}
        for name in self._told:
            os.mkfifo(self.folder / name)
            (self.folder / name).chmod(0o666)
            threading.Thread(target=self._listen, args=(name,), daemon=True).start()
        self.voice, self.player = self.folder / "voice", self.folder / "ear.py"
        self.voice.write_text(VOICE.format(folder=self.folder, a_word=A_WORD), encoding="utf-8")
        self.voice.chmod(0o755)
        self.player.write_bytes(Path(sys.modules[Ear.__module__].__file__ or "").read_bytes())
        self.station: RunningStation | None = None
        self._from = 0

    def _listen(self, name: str) -> None:
        pipe = os.open(self.folder / name, os.O_RDWR)  # as a writer too: it does not end when another one goes
        whole = codecs.getincrementaldecoder("utf-8")()
        while data := os.read(pipe, 65_536):
            self._told[name] += whole.decode(data)

    def within(self, station: RunningStation) -> None:
        """Give this station such a voice and such a loudspeaker."""
        self.station = station
        station.env["KIOSK_VOICE"] = f"/bin/sh {self.voice} {{lang}}"
        station.env["KIOSK_PLAYER"] = f"/usr/bin/python3 {self.player} {self.folder} 1"

    def heard(self) -> str:
        """All that was said since the last key, or the last `forget`."""
        return self._told["log"][self._from :]

    def heard_two(self) -> bool:
        """Whether two ever spoke at the same time."""
        return bool(self._told["two"])

    def forget(self) -> None:
        """Listen from here on."""
        self._from = len(self._told["log"])

    def hears(self, *sentences: str, seconds: float = 30.0) -> str:
        """Wait until all of this was said; all that was."""
        assert self.station is not None
        try:
            self.station.wait(lambda: all(one in self.heard() for one in sentences), f"to hear {sentences}", seconds)
        except AssertionError as error:
            raise AssertionError(f"{str(error)[:400]}\nheard: {self.heard()[-1500:]}") from None
        return self.heard()

    def press(self, *keys: str) -> None:
        """Press keys, and listen to what comes of them."""
        assert self.station is not None
        self.forget()
        self.station.key(*keys)

    def wake(self) -> None:
        """The long key, again where the screen was not ready for keys yet."""
        assert self.station is not None

        def spoken() -> bool:
            if not self.heard():
                self.press("space")
                time.sleep(1)
            return bool(self.heard())

        self.station.wait(spoken, "START is read")

    def number_of(self, label: str) -> str:
        """The key that was named for a choice: "ba: Sức khỏe" is 3."""
        self.hears(label)
        found = re.search(rf"(?:^|\W)({'|'.join(NUMBERS)}): +{re.escape(label)}", self.heard())
        assert found is not None, self.heard()
        return NUMBERS[found[1]]
