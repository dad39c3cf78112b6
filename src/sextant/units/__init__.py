"""Quantities that hurt when they are swapped, and the named conversions between them."""

from typing import NewType

Kg = NewType("Kg", float)
Mg = NewType("Mg", float)
MgPerKg = NewType("MgPerKg", float)
Minutes = NewType("Minutes", float)
MmHg = NewType("MmHg", float)

KG_PER_POUND = 0.45359237  # exact by definition (international pound)
MMHG_PER_KPA = 7.500616827  # 1 / 0.1333223684, conventional millimetre of mercury


def dose_mg(dose: MgPerKg, weight: Kg) -> Mg:
    """Milligrams to draw up for a dose by weight.

    >>> dose_mg(MgPerKg(0.5), Kg(78.0))
    39.0
    """
    return Mg(dose * weight)
