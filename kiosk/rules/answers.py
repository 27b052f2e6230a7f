"""The codes of one visit's answers (DOMAIN.md, The sign-in questions). They live until the session ends, no longer."""

from collections.abc import Sequence
from dataclasses import dataclass

TARGET_GROUPS = frozenset({"GRP_POOR", "GRP_NEARPOOR", "GRP_ETHMIN", "GRP_DISAB", "GRP_OTHER"})


@dataclass(frozen=True)
class Answers:
    """One visit's answers; the defaults are a visit that skipped everything."""

    first: str = "FST_U"
    sex: str = "SEX_U"
    age: str = "AGE_UNK"
    groups: frozenset[str] = frozenset({"GRP_U"})

    def codes(self) -> tuple[str, ...]:
        """All codes in a fixed order: what the live row keeps until the session ends."""
        return (self.first, self.sex, self.age, *sorted(self.groups))

    @classmethod
    def from_codes(cls, codes: Sequence[str]) -> "Answers":
        """The answers that `codes()` gave."""
        first, sex, age, *groups = codes
        return cls(first, sex, age, frozenset(groups))
