"""What an endpoint is: a figure of one patient's word, with its rule and what a week without a result means."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sextant.outcomes.word import MISSING, NEGATIVE, NONE_DUE, POSITIVE, Word


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """When something came, or with `event` False the time up to which it had not: weeks of words, days of scores."""

    time: float
    event: bool


Figure = bool | int | float | TimeToEvent | None
"""Yes or no, a number, a time; None where the rule does not say."""


class NoneDue(Enum):
    """How a rule reads a week in which no test was due. Neither way calls it use, and neither calls it sobriety."""

    LEFT_OUT = "left out"
    """As if the week were not there: it counts neither above nor below the line of a share."""
    LEFT_OPEN = "left open"
    """The answer stands where no test of that week could have changed it; else there is none."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One definition.

    `name` says what is counted. `columns` are its names in the conformance files, in which several trials may share one
    definition; of a time they come in pairs, time and event. `missing_is` says how a week is read in which a test was
    due and none was given.
    """

    name: str
    columns: tuple[str, ...]
    rule: str
    missing_is: str
    none_due_is: NoneDue
    count: Callable[[Word], Figure]

    @property
    def is_time(self) -> bool:
        """Whether it gives a time rather than a figure."""
        return self.name.startswith("time_to_")

    def of(self, word: Word) -> Figure:
        """The figure of one word; None where the rule does not say."""
        if NONE_DUE not in word.symbols:
            return self.count(word)
        if self.none_due_is is NoneDue.LEFT_OUT:
            return self.count(word) if word.symbols.strip(NONE_DUE) else None
        # Rules that look at which week it was: each way of reading is tried. Reading all such weeks alike is enough, as
        # a test holds against every mixture.
        first, *others = (
            self.count(Word(word.symbols.replace(NONE_DUE, symbol))) for symbol in (NEGATIVE, POSITIVE, MISSING)
        )
        return first if all(other == first for other in others) else None
