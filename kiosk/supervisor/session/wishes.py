"""What a citizen chose at the sign-in, and what the site lets them do, as a session keeps it to its end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wishes:
    """What the citizen chose at the sign-in: language and how to see; and what the panel allows, as asked.py judges."""

    lang: str = "vi"
    large: bool = False
    contrast: bool = False
    top: int = 0  # pixels at the top of the screen that belong to the time bar
    voice: bool = False  # the screens are read aloud
    sticks: str = ""  # write, read or none; empty: as policy.toml says
    paper: str = ""  # off, staff or free
    pages: int = -1  # at most, before staff are asked; negative: as policy.toml says
    web: str = ""  # open or closed; empty: as policy.toml says

    def menu_address(self, listen: str) -> str:
        """Where the browser starts: the menu, told how this citizen sees."""
        lang = self.lang if self.lang in ("vi", "en") else "vi"
        return f"http://{listen}/enter?lang={lang}&large={int(self.large)}&contrast={int(self.contrast)}"
