"""An infusion that was given. There is one at a time: nothing is ordered ahead, and nothing is taken home."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import MomentField, NumberField
from sextant.clinic.pages.words import ago_words, short_day
from sextant.record import Infusion, Weight

_ELSEWHERE = "May stay empty where it was given at another clinic."


class InfusionForm(FactForm):
    """One infusion, after it was given. It is read back in milligrams before it is kept."""

    makes = Infusion
    title = "An infusion given"
    words = "Infusion given"
    hint = "For an infusion that is over, one at a time. The gates are asked again as they stood when it began."
    field_order = ("taken_at", "dose_mg_per_kg", "duration_min", "given_elsewhere")
    about: ClassVar = {
        "DOSE-001": "dose_mg_per_kg",
        "DOSE-002": "dose_mg_per_kg",
        "DOSE-003": "duration_min",
        "ORDER-002": "dose_mg_per_kg",
    }

    taken_at = MomentField(label="Start", help_text="When it began, in the clinic’s own time.")
    dose_mg_per_kg = NumberField(
        label="Dose", unit="mg/kg", example="0.5", help_text=f"By body weight, such as 0.5. {_ELSEWHERE}"
    )
    duration_min = NumberField(label="Over", unit="min", example="40", help_text=f"From start to end. {_ELSEWHERE}")
    given_elsewhere = forms.BooleanField(required=False, label="Given at another clinic")

    def __init__(self, *args: Any, **options: Any) -> None:
        # An infusion that is over did not begin now, so the start is asked and never filled in.
        super().__init__(*args, **{**options, "initial": {"taken_at": None, **options.get("initial", {})}})
        if self.data.get("given_elsewhere") in {"on", "True"}:
            self.fields["dose_mg_per_kg"].required = self.fields["duration_min"].required = False

    @property
    def ordered(self) -> str:
        """What was ordered, to hold beside what was given."""
        order = self.record.order
        if order is None or order.dose_mg_per_kg is None or order.duration_min is None:
            return "No infusion is ordered."
        return f"Ordered: {order.dose_mg_per_kg:g} mg/kg over {order.duration_min:g} min."

    def read_back(self) -> str:
        """What is about to be kept, in milligrams too, so that a slip is heard. Only of a valid form."""
        dose, minutes, start = (self.cleaned_data[name] for name in ("dose_mg_per_kg", "duration_min", "taken_at"))
        start, today = timezone.localtime(start), self.now.date()
        weight = self.record.latest_at(Weight, start)
        over = "over a time not known" if minutes is None else f"over {minutes:g} min"
        when = f"from {start:%H:%M} on {short_day(start.date(), today)}"
        if dose is None:
            return f"An infusion at another clinic, dose not known, {over} {when}."
        if weight is None:
            return f"{dose:g} mg/kg {over} {when}. No weight from before it is known, so the milligrams are not known."
        milligrams = f"{weight.weight_kg:.1f} kg ({short_day(weight.day, today)}) = {dose * weight.weight_kg:.3g} mg"
        return f"{dose:g} mg/kg x {milligrams} {over} {when}."

    def old_weight(self) -> str:
        """A warning where the weight is not of the day of the infusion: an old one makes wrong milligrams."""
        start = timezone.localtime(self.cleaned_data["taken_at"])
        weight = self.record.latest_at(Weight, start)
        if weight is None or weight.day == start.date():
            return ""
        return (
            f"This weight was measured {ago_words(weight.day, start.date())}. If there is a newer one, enter it first."
        )

    def said(self) -> str:
        """The infusion is written down."""
        where = " at another clinic" if self.cleaned_data["given_elsewhere"] else ""
        dose = self.cleaned_data["dose_mg_per_kg"]
        return f"An infusion{where}{'' if dose is None else f' of {dose:g} mg/kg'} is written down."

    def fact(self) -> Infusion:
        """The infusion."""
        return Infusion(
            **self.stamp(),
            dose_mg_per_kg=self.cleaned_data["dose_mg_per_kg"],
            duration_min=self.cleaned_data["duration_min"],
            given_elsewhere=self.cleaned_data["given_elsewhere"],
        )
