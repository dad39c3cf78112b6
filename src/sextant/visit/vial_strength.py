"""The strength printed on a vial, as a person types it. No source gives one, so there is none by default."""

import re
from decimal import Decimal

# Technical bounds against slips of the hand, such as the milligrams of the whole vial; no clinical limit.
LOWEST_MG_PER_ML, HIGHEST_MG_PER_ML = Decimal("0.1"), Decimal(200)

_NUMBER = re.compile(r"\d{1,6}([.,]\d{1,6})?", re.ASCII)
_LONGEST_SHOWN = 20
_WHAT_TO_WRITE = "Write the number that stands before mg/mL on the vial in your hand."


class VialStrengthError(ValueError):
    """A strength that cannot be: what was seen, and what to write."""


def vial_strength(typed: str) -> Decimal:
    """The strength in mg/mL; a comma between digits is a decimal point.

    Raises
    ------
    VialStrengthError
        If it is no plain number, or outside what Sextant takes as possible.

    >>> vial_strength("12,5")
    Decimal('12.5')
    """
    told = typed.strip()
    if not told:
        raise VialStrengthError(f"No strength was written. {_WHAT_TO_WRITE}")
    if not _NUMBER.fullmatch(told):
        raise VialStrengthError(f"“{told[:_LONGEST_SHOWN]}” is not a plain number. {_WHAT_TO_WRITE}")
    strength = Decimal(told.replace(",", "."))
    if not LOWEST_MG_PER_ML <= strength <= HIGHEST_MG_PER_ML:
        raise VialStrengthError(
            f"{told} mg/mL is outside what Sextant takes as possible, {LOWEST_MG_PER_ML} to {HIGHEST_MG_PER_ML}. "
            f"A vial also prints the milligrams of the whole vial: that is another number. {_WHAT_TO_WRITE}"
        )
    return strength
