"""Weeks without a result filled in the ways of some trials. Each takes and gives one symbol a week."""

from sextant.outcomes.word import MISSING, MIXED, NEGATIVE, POSITIVE, weeks

_PLANNED_GAPS = (8, 10, 12, 14)
_WEEKS = 15
_VALUE = {POSITIVE: 1.0, MIXED: 0.5, NEGATIVE: 0.0}


def with_planned_gaps(symbols: str) -> str:
    """Fifteen weeks, of which 8, 10, 12 and 14 had no visit by plan: they take the result of the week before.

    Weeks beyond the end of the word are missing.

    >>> with_planned_gaps("-------+-+")
    '----------ooooo'
    """
    kept = list(weeks(symbols, 1, _WEEKS).ljust(_WEEKS, MISSING))
    for week in _PLANNED_GAPS:
        kept[week - 1] = kept[week - 2]
    return "".join(kept)


def missing_as_usual(symbols: str) -> str:
    """Every missing week with the commoner of the patient's own results; a mixed week counts as a positive one, and a
    tie gives positive.

    >>> missing_as_usual("--+o"), missing_as_usual("-*o")
    ('--+-', '-*+')
    """
    use = symbols.count(POSITIVE) + symbols.count(MIXED)
    return symbols.replace(MISSING, NEGATIVE if symbols.count(NEGATIVE) > use else POSITIVE)


def missing_as_neighbours(symbols: str) -> str:
    """A single missing week between two tested ones with what lies midway: mixed between negative and positive, else
    the worse of the two. Other missing weeks stay missing, the first and the last among them.

    >>> missing_as_neighbours("-o-o+o*oo-o")
    '---*++*oo-o'
    """
    filled = list(symbols)
    for week in range(1, len(symbols) - 1):
        before, after = symbols[week - 1], symbols[week + 1]
        if symbols[week] == MISSING and before in _VALUE and after in _VALUE:
            filled[week] = _nearest((_VALUE[before] + _VALUE[after]) / 2)
    return "".join(filled)


def _nearest(mean: float) -> str:
    if mean > _VALUE[MIXED]:
        return POSITIVE
    return MIXED if mean > 0 else NEGATIVE
