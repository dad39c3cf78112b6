"""Heart rate, oxygen, height and the liver panel: what is measured beside pressure and weight."""

from typing import Any, ClassVar
from uuid import UUID, uuid5

from django import forms

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import NumberField
from sextant.record import Fact, Measurement


class MeasurementsForm(FactForm):
    """Values that were measured together; those that were not stay empty."""

    makes = Measurement
    title = "Heart rate, oxygen, height, blood tests"
    words = "Other measurements"
    hint = "Write what was measured and leave the rest. What is left stays as it is."
    all_may_stay_empty = True

    heart_rate_per_min = NumberField(required=False, label="Heart rate at rest", unit="a minute", example="72")
    oxygen_saturation_percent = NumberField(required=False, label="Oxygen saturation", unit="%", example="98")
    height_cm = NumberField(required=False, label="Height", unit="cm", example="172")
    alt_u_per_l = NumberField(required=False, label="ALT", unit="U/L", example="30")
    ast_u_per_l = NumberField(required=False, label="AST", unit="U/L", example="28")
    alp_u_per_l = NumberField(required=False, label="Alkaline phosphatase", unit="U/L", example="80")
    bilirubin_total_mg_per_dl = NumberField(required=False, label="Total bilirubin", unit="mg/dL", example="0.8")
    measured: ClassVar = (
        "heart_rate_per_min",
        "oxygen_saturation_percent",
        "height_cm",
        "alt_u_per_l",
        "ast_u_per_l",
        "alp_u_per_l",
        "bilirubin_total_mg_per_dl",
    )
    field_order = (*measured, "taken_at")

    def clean(self) -> dict[str, Any]:
        """At least one value."""
        cleaned = super().clean() or {}
        if not self.errors and all(cleaned.get(name) is None for name in self.measured):
            raise forms.ValidationError("No value was written. Write at least one, or go back to the chart.")
        return cleaned

    def said(self) -> str:
        """The values are written down."""
        return "The values are written down." if len(self.facts()) > 1 else "The value is written down."

    def facts(self) -> dict[UUID, Fact]:
        """One fact for each value; each has a key of its own, made from the form's."""
        written = {name: self.cleaned_data[name] for name in self.measured if self.cleaned_data[name] is not None}
        keys = {name: uuid5(self.cleaned_data["key"], name) for name in written}
        return {
            keys[name]: Measurement(**{**self.stamp(), "fact_id": str(keys[name])}, kind=name, value=value)
            for name, value in written.items()
        }
