"""The unit in which the rates of a replay are typed, and how they are written in the answer."""

from dataclasses import dataclass
from decimal import Decimal

from sextant.clinic.pages.exposure_words import rate_down, rate_words
from sextant.visit import mg_per_min_of, ml_per_h_of

MG_PER_MIN, ML_PER_H = "mg/min", "mL/h"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRates:
    """One unit for all rates of a form. Only of a strength, in mg/mL, are mL/h anything at all."""

    strength: Decimal | None = None
    in_ml_per_h: bool = False

    def __post_init__(self) -> None:
        """Millilitres of nobody knows what are refused."""
        if self.in_ml_per_h and self.strength is None:
            raise ValueError("Rates in mL/h need the strength of the solution, such as Decimal(10) for 10 mg/mL.")

    @property
    def unit(self) -> str:
        """The one that was typed in."""
        return ML_PER_H if self.in_ml_per_h else MG_PER_MIN

    @property
    def other_unit(self) -> str:
        """The one that was not."""
        return MG_PER_MIN if self.in_ml_per_h else ML_PER_H

    def mg_per_min(self, typed: float) -> float:
        """What was typed, in mg/min: by the decimals as they were typed."""
        if not self.in_ml_per_h or self.strength is None:
            return typed
        return float(mg_per_min_of(Decimal(str(typed)), self.strength))

    def ml_per_h(self, mg_per_min: float) -> float | None:
        """A rate in mL/h; None where no strength was told."""
        return None if self.strength is None else float(ml_per_h_of(Decimal(str(mg_per_min)), self.strength))

    def ml_per_h_words(self, mg_per_min: float) -> str:
        """A rate in mL/h, rounded down as `rate_words` is; empty where no strength was told.

        >>> TypedRates(strength=Decimal(10)).ml_per_h_words(0.875)
        '5.25 mL/h'
        """
        found = self.ml_per_h(mg_per_min)
        return "" if found is None else f"{rate_down(found):g} {ML_PER_H}"

    def words(self, mg_per_min: float) -> str:
        """A rate as it was typed, with the other unit where a strength was told.

        >>> TypedRates().words(0.875)
        '0.875 mg/min'
        >>> TypedRates(strength=Decimal(10), in_ml_per_h=True).words(0.875)
        '5.25 mL/h (0.875 mg/min)'
        """
        mg, ml = rate_words(mg_per_min), self.ml_per_h_words(mg_per_min)
        first, second = (ml, mg) if self.in_ml_per_h else (mg, ml)
        return f"{first} ({second})" if second else first
