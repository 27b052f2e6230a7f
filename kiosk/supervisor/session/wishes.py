"""What a citizen chose at the sign-in, as the supervisor hears it and a session keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wishes:
    """What the citizen chose at the sign-in: language and how to see."""

    lang: str = "vi"
    large: bool = False
    contrast: bool = False
    top: int = 0  # pixels at the top of the screen that belong to the time bar
    voice: bool = False  # the screens are read aloud

    def menu_address(self, listen: str) -> str:
        """Where the browser starts: the menu, told how this citizen sees."""
        lang = self.lang if self.lang in ("vi", "en") else "vi"
        return f"http://{listen}/enter?lang={lang}&large={int(self.large)}&contrast={int(self.contrast)}"
