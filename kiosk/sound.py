"""Whether this PC can speak at all: the programs, the sound card, and recordings that can be played."""

import os
from pathlib import Path

PLAYER = "aplay -q"
VOICE = "espeak-ng -v {lang} -s {pace} --stdin --stdout"
# Words a minute, slower than on the radio: the room is loud, the voice a machine's, the listener perhaps old.
PACE = {"vi": 135, "en": 145}
CARDS = "/dev/snd"
# The first page of an Ogg file names its codec; oggdec reads Vorbis and nothing else.
VORBIS = b"\x01vorbis"


def player() -> list[str]:
    """What plays a WAV from its standard input: KIOSK_PLAYER, for machines whose sound goes another way, else aplay."""
    return (os.environ.get("KIOSK_PLAYER") or PLAYER).split()


def synthesis(lang: str) -> tuple[str, ...]:
    """What makes a WAV of the text on its standard input: KIOSK_VOICE, where a site has a better voice, else espeak-ng.

    In it `{lang}` stands for the language and `{pace}` for words a minute.
    """
    words = (os.environ.get("KIOSK_VOICE") or VOICE).split()
    return tuple(word.replace("{lang}", lang).replace("{pace}", str(PACE[lang])) for word in words)


def loudspeaker() -> bool:
    """Whether there is a sound card that plays, and we may use it; a player of the site's own answers for itself."""
    if os.environ.get("KIOSK_PLAYER"):
        return True
    return any(os.access(device, os.W_OK) for device in Path(CARDS).glob("pcmC*D*p"))


def can_speak() -> bool:
    """Whether Listen may be offered: a button that stays mute would be worse than none."""
    return _programs() and loudspeaker()


def speaks() -> bool:
    """The same for who is not to play anything: also where there is a loudspeaker that only others may use."""
    return _programs() and (bool(os.environ.get("KIOSK_PLAYER")) or any(Path(CARDS).glob("pcmC*D*p")))


def _programs() -> bool:
    return installed(synthesis("vi")[0]) and installed(player()[0])


def installed(program: str) -> bool:
    """Whether a program can be run; shutil, which could say it too, costs the lock a megabyte."""
    if "/" in program:
        return os.access(program, os.X_OK)
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in os.get_exec_path())


def playable(path: Path) -> bool:
    """Whether a file is Ogg Vorbis, that we may read."""
    try:
        with path.open("rb") as file:
            return VORBIS in file.read(64)
    except OSError:
        return False
