"""An infusion that was given. There is one at a time: nothing is ordered ahead, and nothing is taken home."""

from typing import ClassVar

from django import forms

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import MomentField, NumberField
from sextant.record import Infusion


class InfusionForm(FactForm):
    """One infusion, after it was given."""

    makes = Infusion
    title = "An infusion given"
    words = "Infusion given"
    hint = "For an infusion that is over, one at a time. The gates are asked again as they stood when it began."
    field_order = ("taken_at", "dose_mg_per_kg", "duration_min", "given_elsewhere")
    about: ClassVar = {"DOSE-001": "dose_mg_per_kg", "DOSE-002": "dose_mg_per_kg", "DOSE-003": "duration_min"}

    taken_at = MomentField(label="Start", help_text="In the clinic’s own time.")
    dose_mg_per_kg = NumberField(label="Dose", unit="mg/kg", example="0.5", help_text="By body weight, such as 0.5.")
    duration_min = NumberField(label="Over", unit="min", example="40", help_text="From start to end.")
    given_elsewhere = forms.BooleanField(required=False, label="Given at another clinic")

    def fact(self) -> Infusion:
        """The infusion."""
        return Infusion(
            **self.stamp(),
            dose_mg_per_kg=self.cleaned_data["dose_mg_per_kg"],
            duration_min=self.cleaned_data["duration_min"],
            given_elsewhere=self.cleaned_data["given_elsewhere"],
        )
