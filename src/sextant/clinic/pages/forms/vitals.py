"""Blood pressure and body weight."""

from typing import ClassVar

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import NumberField
from sextant.record import BloodPressure, Weight


class BloodPressureForm(FactForm):
    """One reading of both pressures."""

    makes = BloodPressure
    title = "Blood pressure"
    words = "Blood pressure"
    field_order = ("systolic_mmhg", "diastolic_mmhg", "taken_at")
    about: ClassVar = {"VITALS-001": "systolic_mmhg"}

    systolic_mmhg = NumberField(label="Upper (systolic)", unit="mmHg", example="128")
    diastolic_mmhg = NumberField(label="Lower (diastolic)", unit="mmHg", example="82")

    def said(self) -> str:
        """The reading is written down."""
        high, low = self.cleaned_data["systolic_mmhg"], self.cleaned_data["diastolic_mmhg"]
        return f"Blood pressure {high:g}/{low:g} mmHg is written down."

    def fact(self) -> BloodPressure:
        """The reading."""
        return BloodPressure(
            **self.stamp(),
            systolic_mmhg=self.cleaned_data["systolic_mmhg"],
            diastolic_mmhg=self.cleaned_data["diastolic_mmhg"],
        )


class WeightForm(FactForm):
    """Body weight in kilograms."""

    makes = Weight
    title = "Weight"
    words = "Weight"
    field_order = ("weight_kg", "taken_at")
    about: ClassVar = {"VITALS-002": "weight_kg", "VITALS-003": "weight_kg"}

    weight_kg = NumberField(label="Weight", unit="kg", example="78.0", help_text="In kilograms, not in pounds.")

    def said(self) -> str:
        """The weight is written down."""
        return f"Weight {self.cleaned_data['weight_kg']:.1f} kg is written down."

    def fact(self) -> Weight:
        """The weight."""
        return Weight(**self.stamp(), weight_kg=self.cleaned_data["weight_kg"])
