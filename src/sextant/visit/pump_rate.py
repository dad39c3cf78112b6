"""A rate of a pump: the same in milligrams a minute and in millilitres an hour of a solution.

Worked out exactly, in decimals; nothing is rounded here.
"""

from decimal import Decimal

_MIN_PER_H = 60


def mg_per_min_of(ml_per_h: Decimal, strength_mg_per_ml: Decimal) -> Decimal:
    """What a pump gives at a rate in mL/h, from a syringe of a strength in mg/mL.

    >>> mg_per_min_of(Decimal("5.25"), Decimal(10))
    Decimal('0.875')
    """
    return ml_per_h * strength_mg_per_ml / _MIN_PER_H


def ml_per_h_of(mg_per_min: Decimal, strength_mg_per_ml: Decimal) -> Decimal:
    """The rate in mL/h that gives so many mg/min.

    >>> ml_per_h_of(Decimal("0.875"), Decimal(10))
    Decimal('5.250')
    """
    return mg_per_min * _MIN_PER_H / strength_mg_per_ml
