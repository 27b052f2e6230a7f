"""How loud the PC is: read and set through ALSA's `amixer`, as the user of the screens.

None wherever there is nothing to set: no amixer, no sound card, no such control. It is asked only when a citizen wants
to know, so a PC without sound never starts a program for it twice.
"""

import re
import shutil
import subprocess

# The names of the control that a PC's card gives to its outlet, the most usual first.
CONTROLS = ("Master", "PCM", "Speaker", "Headphone")
STEP = 10
WITHIN = 2.0

_PERCENT = re.compile(r"\[(\d{1,3})%\]")
_SWITCH = re.compile(r"\[(on|off)\]")


class Volume:
    """The volume in percent. Finds its control at the first question and keeps it."""

    def __init__(self, program: str = "amixer") -> None:
        self._program = program
        self._control: str | None = None
        self._looked = False

    def percent(self) -> int | None:
        """How loud it is now, 0 where it is muted; None where there is nothing to hear."""
        control = self._found()
        return _percent(self._amixer("sget", control)) if control else None

    def set(self, percent: int) -> int | None:
        """Make it so loud, and heard; 0 mutes. What it is then, or None."""
        control = self._found()
        if control is None:
            return None
        wanted = max(0, min(100, percent))
        # Mapped to what ears hear: in raw steps of the card half would be almost nothing on one and loud on another.
        said = self._amixer("-M", "sset", control, f"{wanted}%", "unmute" if wanted else "mute")
        if not said:  # a control without a switch refuses the whole order
            said = self._amixer("-M", "sset", control, f"{wanted}%")
        return _percent(said)

    def put_right(self, percent: int) -> None:
        """So loud, whatever a session did: the card's other outlets are open too, where it has them."""
        if self.set(percent) is None:
            return
        for control in CONTROLS:
            if control != self._control and _percent(self._amixer("sget", control)) is not None:
                self._amixer("-M", "sset", control, "100%")
                self._amixer("sset", control, "unmute")

    def change(self, steps: int) -> int | None:
        """Louder (1) or softer (-1) by a tenth; what it is then, or None."""
        now = self.percent()
        return None if now is None else self.set(round(now / STEP) * STEP + steps * STEP)

    def _found(self) -> str | None:
        if not self._looked:
            self._looked = True
            if shutil.which(self._program):
                self._control = next((one for one in CONTROLS if _percent(self._amixer("sget", one)) is not None), None)
        return self._control

    def _amixer(self, *words: str) -> str:
        """What it says; nothing where it fails or hangs."""
        mapped = words if words[0] == "-M" else ("-M", *words)
        try:
            done = subprocess.run([self._program, *mapped], capture_output=True, text=True, timeout=WITHIN)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout if done.returncode == 0 else ""


def _percent(said: str) -> int | None:
    """The loudest channel of an answer; 0 where all that have a switch are off."""
    found = [int(one) for one in _PERCENT.findall(said)]
    if not found:
        return None
    switches = _SWITCH.findall(said)
    return 0 if switches and "on" not in switches else min(100, max(found))
