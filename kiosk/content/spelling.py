"""Words one slip of the finger away, without marks. Pure; which of them exist, the index knows."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slips(word: str) -> set[str]:
    """All words that differ from folded `word` by one letter too many, too few, another one, or two swapped."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    deleted = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    changed = {left + letter + right[1:] for left, right in cuts if right for letter in LETTERS}
    added = {left + letter + right for left, right in cuts for letter in LETTERS}
    return {one for one in deleted | swapped | changed | added if len(one) > 1} - {word}
