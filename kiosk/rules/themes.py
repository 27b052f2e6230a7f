"""The eight themes of the content: doors of the citizen's menu, and headings under which the province counts. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One of the eight doors of the menu; `label` is an English sentence of the `web` catalogue."""

    code: str
    label: str


# Global Libraries' seven areas and computer skills, under local names (DOMAIN.md, content themes).
THEMES = (
    Theme("gov", "Public services"),
    Theme("agri", "Farming and livelihoods"),
    Theme("health", "Health"),
    Theme("edu", "Learning"),
    Theme("job", "Jobs"),
    Theme("law", "Policy and law"),
    Theme("culture", "Books, news, Thanh Hóa culture"),
    Theme("skill", "Computer skills, online safety"),
)
THEME_CODES = frozenset(theme.code for theme in THEMES)
