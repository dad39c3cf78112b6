"""A patient's weeks as a word of one symbol a week, and the ways in which rules read it."""

from dataclasses import dataclass
from functools import cached_property

NEGATIVE, POSITIVE, MIXED, MISSING, NONE_DUE = "-", "+", "*", "o", "_"
SYMBOLS = {
    NEGATIVE: "negative: tested, nothing found",
    POSITIVE: "positive: tested, use found",
    MIXED: "mixed: results of that week disagree",
    MISSING: "missing: a test was due and none was given",
    NONE_DUE: "none due: nobody asked for a test",
}
"""What may stand in a word, and what it means."""

_MISSING_AND_MIXED_AS_USE = str.maketrans({MISSING: POSITIVE, MIXED: POSITIVE})
_ONLY_SEEN = str.maketrans("", "", MISSING + NONE_DUE)
_NO_SYMBOL = str.maketrans("", "", "".join(SYMBOLS))


class WordError(ValueError):
    """A word that cannot be read; the message says which week and does not repeat what stands there."""


@dataclass(frozen=True)
class Word:
    """One symbol a week, the first for week 1.

    Raises
    ------
    WordError
        If there is no week, or a week holds a sign that is none of `SYMBOLS`.

    Examples
    --------
    >>> word = Word("-+*o-")
    >>> word.strict, word.seen, word.last_seen_week
    ('-+++-', '-+*-', 5)
    """

    symbols: str

    def __post_init__(self) -> None:
        if not self.symbols:
            raise WordError("The word is empty. Write one symbol a week, such as --+o-.")
        if self.symbols.translate(_NO_SYMBOL):
            week = next(n for n, symbol in enumerate(self.symbols, start=1) if symbol not in SYMBOLS)
            raise WordError(f"Week {week} of the word is none of {' '.join(SYMBOLS)}. Write one of these a week.")

    @cached_property
    def strict(self) -> str:
        """The word with every missing and every mixed week as use."""
        return self.symbols.translate(_MISSING_AND_MIXED_AS_USE)

    @cached_property
    def seen(self) -> str:
        """The tested weeks alone, moved together: the first test, the second, and so on."""
        return self.symbols.translate(_ONLY_SEEN)

    @property
    def any_due(self) -> bool:
        """Whether a test was due in any week."""
        return bool(self.symbols.strip(NONE_DUE))

    @cached_property
    def last_seen_week(self) -> int:
        """The last week with a test, 0 if there is none."""
        return len(self.symbols.rstrip(MISSING + NONE_DUE))


def weeks(symbols: str, first: int, last: int) -> str:
    """Weeks `first` to `last`, both counted from 1, or both from the end (-1 is the last week); only those that exist.

    >>> weeks("-+*o-", 4, 9), weeks("-+*o-", -3, -2)
    ('o-', '*o')
    """
    if first < 0:
        return symbols[first : last + 1 or None]
    return symbols[first - 1 : last]
