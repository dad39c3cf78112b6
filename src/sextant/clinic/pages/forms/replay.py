"""What really happened in an infusion, typed to be looked at: nothing of it is kept.

Minutes count from the start. Each change is a minute with the rate from then on; rate 0 is a pause. All rates are in
mg/min, or all in mL/h of a solution whose strength was typed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms

from sextant.clinic.pages.forms.fields import ChoiceField, NumberField
from sextant.clinic.pages.typed_rates import MG_PER_MIN, ML_PER_H, TypedRates
from sextant.pharmacology import Regimen, Segment
from sextant.units.bounds import HIGHEST_MG_PER_KG, SHORTEST_INFUSION_MIN
from sextant.visit import VialStrengthError, vial_strength

CHANGES = 6
"""The start and five changes: more would be a protocol of their own."""

LONGEST_MIN = 720.0
"""Minutes that are replayed at most, a technical bound."""

_ALL_AT_ONCE = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """From a minute on, one rate in mg/min."""

    minute: float
    mg_per_min: float


class VialForm(forms.Form):
    """The strength of what is given. There is none by default."""

    all_may_stay_empty = True

    strength = forms.CharField(
        required=False,
        max_length=40,
        label="Strength",
        help_text="As printed on the vial; once thinned with saline, as it is in the syringe. No source gives one, so "
        "it is asked each time and not kept.",
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "number", "form": "what-if"}
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.fields["strength"].unit = "mg/mL"  # type: ignore[attr-defined]

    def clean_strength(self) -> Decimal | None:
        """The strength in mg/mL; None where none was typed."""
        typed = self.cleaned_data["strength"]
        if not typed.strip():
            return None
        try:
            return vial_strength(typed)
        except VialStrengthError as error:
            raise forms.ValidationError(str(error)) from None


class ReplayForm(forms.Form):
    """The start with its rate, up to five changes, the present minute, and what may be done next."""

    all_may_stay_empty = True

    rates_in = ChoiceField(
        [("mg_per_min", MG_PER_MIN), ("ml_per_h", ML_PER_H)],
        across=True,
        label="Rates are in",
        required=False,
        initial="mg_per_min",
        help_text="All of them, the slower one too. mL/h needs the strength.",
    )
    now_min = NumberField(
        label="Now", unit="min since the start", example="25", error_messages={"required": "Write the present minute."}
    )
    slow_to = NumberField(
        label="Slow to",
        example="0.5",
        required=False,
        help_text="In the unit of the rates. Leave empty to leave it out.",
    )
    level = NumberField(
        label="Level",
        unit="ng/mL",
        example="70",
        required=False,
        help_text="When will it have fallen to this? The clinic names it; no source gives one.",
    )

    def __init__(self, *args: Any, weight_kg: float, strength: Decimal | None = None, **options: Any) -> None:
        """Of a person of this weight, in kg, from a solution of this strength, in mg/mL, where one was typed."""
        self.weight_kg = weight_kg
        self.strength = strength
        super().__init__(*args, **{**options, "label_suffix": ""})
        for row in range(CHANGES):
            words = "start" if row == 0 else f"change {row}"
            if row:
                self.fields[f"minute_{row}"] = _small(f"Minute of {words}", "25")
            self.fields[f"rate_{row}"] = _small(f"Rate from {words} on", "0.5")

    @property
    def rows(self) -> list[tuple[str, forms.BoundField | None, forms.BoundField]]:
        """Start and changes, each with its name, the box of its minute and the box of its rate."""
        return [
            (
                "Start" if row == 0 else f"Change {row}",
                self[f"minute_{row}"] if row else None,
                self[f"rate_{row}"],
            )
            for row in range(CHANGES)
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot have happened, each beside its box."""
        told = dict(super().clean() or {})
        if self._in_ml_per_h and self.strength is None and "rates_in" not in self.errors:
            self.add_error(
                "rates_in",
                "mL/h needs the strength of what is in the syringe, in mg/mL: without it nobody can tell how much went "
                "in. Write it in the box Strength, or choose mg/min and write the rates in that.",
            )
        self._check_now()
        self._check_filled()
        if not self.errors:
            self._check_order()
        if not self.errors:
            self._check_amount()
        if not self.errors:
            self._check_slower()
        return told

    @property
    def _in_ml_per_h(self) -> bool:
        return bool(self.cleaned_data.get("rates_in") == "ml_per_h")

    @property
    def rates(self) -> TypedRates:
        """The unit that was chosen, with the strength."""
        return TypedRates(strength=self.strength, in_ml_per_h=self._in_ml_per_h and self.strength is not None)

    @property
    def slow_to_mg_per_min(self) -> float | None:
        """The slower rate; None where none was typed. Only of a valid form."""
        typed = self.cleaned_data["slow_to"]
        return None if typed is None else self.rates.mg_per_min(typed)

    @property
    def changes(self) -> list[Change]:
        """What was typed, the start first. Only of a valid form."""
        return [Change(minute, self.rates.mg_per_min(rate)) for _, minute, rate in self._filled()]

    @property
    def regimen(self) -> Regimen:
        """The same as stretches; the last one reaches beyond now. Only of a valid form."""
        now = self.cleaned_data["now_min"]
        ends = Change(max(now, self.changes[-1].minute) + SHORTEST_INFUSION_MIN, 0.0)
        return Regimen(
            tuple(
                Segment(one.minute, following.minute - one.minute, one.mg_per_min)
                for one, following in pairwise([*self.changes, ends])
            )
        )

    def _filled(self) -> Iterator[tuple[int, float, float]]:
        for row in range(CHANGES):
            minute = 0.0 if row == 0 else self.cleaned_data.get(f"minute_{row}")
            rate = self.cleaned_data.get(f"rate_{row}")
            if minute is not None and rate is not None:
                yield row, minute, rate

    def _check_now(self) -> None:
        now = self.cleaned_data.get("now_min")
        if now is not None and not 0 <= now <= LONGEST_MIN:
            self.add_error(
                "now_min",
                f"Minute {now:g} is outside what is replayed, 0 to {LONGEST_MIN:g}. Write minutes since the start.",
            )

    def _check_filled(self) -> None:
        if "rate_0" not in self.errors and self.cleaned_data.get("rate_0") is None:
            self.add_error("rate_0", f"Write the rate at the start, in {self._unit}.")
        for row in range(1, CHANGES):
            minute, rate = f"minute_{row}", f"rate_{row}"
            if {minute, rate} & set(self.errors):
                continue
            if (self.cleaned_data.get(minute) is None) != (self.cleaned_data.get(rate) is None):
                lacks = minute if self.cleaned_data.get(minute) is None else rate
                words = "its minute" if lacks == minute else "the rate from then on; 0 is a pause"
                self.add_error(lacks, f"This change lacks a part: write {words}, or empty both boxes.")
        for row in range(CHANGES):
            rate_now = self.cleaned_data.get(f"rate_{row}")
            if rate_now is not None and rate_now < 0:
                self.add_error(
                    f"rate_{row}", f"{rate_now:g} {self._unit} cannot be. A rate is 0 or more; 0 is a pause."
                )

    def _check_order(self) -> None:
        now = self.cleaned_data["now_min"]
        for (_, before, _), (row, minute, _) in pairwise(self._filled()):
            if minute <= before:
                self.add_error(
                    f"minute_{row}",
                    f"Minute {minute:g} is not after minute {before:g}. Write the changes in the order in which they "
                    "came.",
                )
            elif minute > now:
                self.add_error(
                    f"minute_{row}",
                    f"Minute {minute:g} is after now (minute {now:g}). Only what has happened is replayed.",
                )

    def _check_amount(self) -> None:
        """A rate in another unit than the one chosen, or another decimal point, gives more than anybody was given."""
        most_mg = HIGHEST_MG_PER_KG * self.weight_kg
        for row, _, rate in self._filled():
            if self.rates.mg_per_min(rate) > most_mg / SHORTEST_INFUSION_MIN:
                self.add_error(
                    f"rate_{row}",
                    f"{self._as_typed(rate)} is outside what Sextant takes as possible for this weight. "
                    f"{self._check_unit}",
                )
        given = self.regimen.until(self.cleaned_data["now_min"]).total_mg if not self.errors else 0.0
        if given > most_mg * (1 + _ALL_AT_ONCE):
            self.add_error(
                None,
                f"Together that is {given:.4g} mg by now, above the {most_mg:.4g} mg that Sextant takes as possible in "
                f"a day for this weight. Check the minutes. {self._check_unit}",
            )

    def _check_slower(self) -> None:
        slow_to, now = self.cleaned_data["slow_to"], self.cleaned_data["now_min"]
        if slow_to is None:
            return
        in_force = self.regimen.rate_at(now)
        if not in_force:
            self.add_error(
                "slow_to",
                f"Nothing runs at minute {now:g}, so nothing can be slowed. Empty this box. To see a resume, write it "
                f"as a change at minute {now:g}.",
            )
        elif not 0 < self.rates.mg_per_min(slow_to) < in_force:
            self.add_error(
                "slow_to",
                f"{self._as_typed(slow_to)} is not slower than the {self.rates.words(in_force)} in force. Write a rate "
                "above 0 and below that.",
            )

    @property
    def _unit(self) -> str:
        return ML_PER_H if self._in_ml_per_h else MG_PER_MIN

    @property
    def _check_unit(self) -> str:
        if self._in_ml_per_h:
            return (
                f"Check the decimal point, that each rate is in mL per hour, and that {self.strength} mg/mL is what is "
                "in the syringe."
            )
        return "Check that each rate is in mg per minute, and not per hour; for a rate in mL per hour, choose mL/h."

    def _as_typed(self, rate: float) -> str:
        if not self._in_ml_per_h:
            return f"{rate:g} {MG_PER_MIN}"
        return f"{rate:g} {ML_PER_H} of {self.strength} mg/mL, {self.rates.mg_per_min(rate):.4g} {MG_PER_MIN},"


def _small(label: str, example: str) -> NumberField:
    field = NumberField(label=label, example=example, required=False)
    field.widget.attrs["class"] = "brief"
    return field
