"""What `kiosk check` finds out about reading aloud: the voice, the loudspeaker, and the site's own recordings."""

from collections.abc import Iterator

from kiosk.service.doctor.findings import Finding
from kiosk.settings import Paths
from kiosk.sound import installed, loudspeaker, playable, player, synthesis
from kiosk.translations import LANGUAGES, _

# Debian's package where it has another name than the program.
PACKAGES = {"aplay": "alsa-utils", "oggdec": "vorbis-tools"}


def voice(paths: Paths) -> Iterator[Finding]:
    """Whether Listen is offered, and which recordings will never be heard."""
    files = sorted(file for lang in LANGUAGES for file in (paths.audio / lang).glob("*.*"))
    spoilt = [f"{file.parent.name}/{file.name}" for file in files if file.suffix != ".ogg" or not playable(file)]
    for program in (synthesis("vi")[0], player()[0], *(("oggdec",) if files else ())):
        if not installed(program):
            text = _("{name} is missing, so the screens cannot be read aloud as they should.", name=program)
            yield Finding("voice", "warn", text, _("Install the package {name}.", name=PACKAGES.get(program, program)))
            return
    if not loudspeaker():
        text = _("There is no sound card that plays, so the screens offer no reading aloud.")
        yield Finding("voice", "warn", text, _("Connect a loudspeaker or earphones; a USB one will do."))
    elif files:
        yield Finding("voice", "good", _("The screens can be read aloud, {n} sentences as the site recorded them.",
                                         n=len(files) - len(spoilt)))  # fmt: skip
    else:
        yield Finding("voice", "good", _("The screens can be read aloud."))
    if spoilt:
        text = _("These recordings cannot be played: {names}.", names=", ".join(spoilt))
        yield Finding("voice", "warn", text, _("Save them as Ogg Vorbis, readable by everybody."))
