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
    due and none was given. `first_week` is the first that the rule reads.
    """

    name: str
    columns: tuple[str, ...]
    rule: str
    missing_is: str
    none_due_is: NoneDue
    count: Callable[[Word], Figure]
    first_week: int = 1

    @property
    def is_time(self) -> bool:
        """Whether it gives a time rather than a figure."""
        return self.name.startswith("time_to_")

    def of(self, word: Word) -> Figure:
        """The figure of one word; None where the rule does not say."""
        if NONE_DUE not in word.symbols:
            return self.count(word)
        if not word.any_due:
            # Also where the word is too short for a test to matter: of somebody whom nobody asked nothing is said.
            return None
        if self.none_due_is is NoneDue.LEFT_OUT:
            return self.count(word)
        # Rules that look at which week it was: each way of reading is tried. Reading all such weeks alike is enough, as
        # a test holds against every mixture.
        first, *others = (
            self.count(Word(word.symbols.replace(NONE_DUE, symbol))) for symbol in (NEGATIVE, POSITIVE, MISSING)
        )
        return first if all(other == first for other in others) else None

    def watched(self, word: Word) -> TimeToEvent | None:
        """The time of one word for a survival curve, read up to the week before the first in which no test was due.

        Every word is cut there, also one whose figure stands despite that week: figures stand more often for some fates
        than for others (four weeks of use in a row are ruled out by one negative week, and shown by four), so that to
        keep those and cut the rest would tilt the curve. None where that leaves no week, or none with a test due.

        Raises
        ------
        ValueError
            If the endpoint is no time.
        """
        if not self.is_time:
            raise ValueError(f"{self.name} is a figure and no time, so it has no curve.")
        first_open = word.symbols.find(NONE_DUE, self.first_week - 1)
        kept = word.symbols if first_open < 0 else word.symbols[:first_open]
        if not kept.strip(NONE_DUE):
            return None
        found = self.count(Word(kept))
        return found if isinstance(found, TimeToEvent) else None
