"""What an instrument is, and the collection of those on file."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules


class InstrumentError(ValueError):
    """A score or an answer that this instrument cannot give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One questionnaire or rating, as data.

    `lowest` and `highest` bound the total in the instrument's own points; higher is worse for all on file.
    `items` is the number of questions, 0 where only totals are kept (the licence forbids the text, or there is
    one rating). `item_highest` is the largest answer of one item.
    """

    key: str
    name: str
    measures: str
    lowest: float
    highest: float
    recall: str
    licence: str
    source: str
    loinc_total: str | None = None
    items: int = 0
    item_highest: int = 0

    def check(self, points: float) -> float:
        """The points, if this instrument can give them.

        Raises
        ------
        InstrumentError
            If the points are not a number or lie outside the range.
        """
        if not self.lowest <= points <= self.highest:
            raise InstrumentError(
                f"{self.name} of {points:g} is outside its range of {self.lowest:g} to {self.highest:g}. "
                "Check the figure and the questionnaire that it came from."
            )
        return points

    def score(self, answers: Sequence[int]) -> float:
        """Total of the answers to all items, in order.

        Raises
        ------
        InstrumentError
            If an answer is missing or outside its range, or the instrument is kept as a total only.
        """
        if not self.items:
            raise InstrumentError(f"{self.name} is kept as a total only; enter the total.")
        if len(answers) != self.items:
            raise InstrumentError(f"{self.name} has {self.items} items; {len(answers)} answers were given.")
        for number, answer in enumerate(answers, start=1):
            if not 0 <= answer <= self.item_highest:
                raise InstrumentError(
                    f"{self.name} item {number}: {answer} is not an answer. Write 0 to {self.item_highest}."
                )
        return float(sum(answers))


def _collect() -> dict[str, Instrument]:
    package = import_module("sextant.instruments")
    found: dict[str, Instrument] = {}
    for module_info in iter_modules(package.__path__):
        module = import_module(f"sextant.instruments.{module_info.name}")
        declared = getattr(module, "INSTRUMENT", None)
        if isinstance(declared, Instrument):
            found[declared.key] = declared
    return found


INSTRUMENTS: dict[str, Instrument] = _collect()


def instrument(key: str) -> Instrument:
    """The instrument of that key.

    Raises
    ------
    InstrumentError
        If there is none; the message lists those on file.
    """
    try:
        return INSTRUMENTS[key]
    except KeyError:
        raise InstrumentError(f"No instrument {key!r}. On file: {', '.join(sorted(INSTRUMENTS))}.") from None


def instrument_of_loinc(code: str) -> Instrument | None:
    """The instrument whose total has this LOINC code, or None."""
    return next((one for one in INSTRUMENTS.values() if one.loinc_total == code), None)
