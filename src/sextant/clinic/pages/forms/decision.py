"""The prescriber's decision after reading a next step, in the prescriber's own words."""

from typing import Any, ClassVar

from django import forms

from sextant.clinic.pages.forms.fact_form import PatientForm
from sextant.clinic.pages.forms.fields import ChoiceField, DayField, NumberField, WordsField
from sextant.clinic.pages.words import STEP_WORDS

CHOICES = {
    "accept": "Do what is advised",
    "otherwise": "Do something else",
    "postpone": "Decide later",
}


class DecisionForm(PatientForm):
    """Accept, choose otherwise, or postpone; `recommendation` names the advice that was read."""

    about: ClassVar = {
        "DECISION-004": "reasons",
        "DECISION-005": "planned_on",
        "DECISION-008": "dose_mg_per_kg",
        "DECISION-009": "dose_mg_per_kg",
        "DOSE-002": "dose_mg_per_kg",
        "DOSE-003": "duration_min",
    }

    # Each hint says when a box is needed.
    all_may_stay_empty: ClassVar[bool] = True

    recommendation = forms.UUIDField(widget=forms.HiddenInput)
    choice = ChoiceField(CHOICES.items(), label="With this advice I")
    step = forms.ChoiceField(
        choices=[("", "Choose a step"), *STEP_WORDS.items()],
        required=False,
        label="What instead",
        help_text="Only when you do something else.",
    )
    dose_mg_per_kg = NumberField(
        required=False,
        label="Dose of the infusion",
        unit="mg/kg",
        example="0.5",
        help_text="Needed where the next infusion is decided on: the order for that one alone. Else leave it empty.",
    )
    duration_min = NumberField(
        required=False, label="Over", unit="min", example="40", help_text="Needed with the dose."
    )
    planned_on = DayField(
        required=False,
        label="Day of the one next step",
        help_text="An infusion is for that day alone; for today, if you leave it empty. Nothing beyond it is booked.",
    )
    reasons = WordsField(
        rows=4,
        label="Why, in your own words",
        help_text="Stands on the chart with your name.",
        empty="Write why, in a sentence. It stands on the chart beside the decision.",
    )

    def clean(self) -> dict[str, Any]:
        """Another step is named exactly when another step is chosen, and a day lies ahead."""
        cleaned = super().clean() or {}
        choice, step, planned = cleaned.get("choice"), cleaned.get("step"), cleaned.get("planned_on")
        if choice == "otherwise" and not step:
            self.add_error("step", "Say what you choose in place of the advice.")
        if choice in {"accept", "postpone"} and step:
            self.add_error("step", "A step is chosen here, and above not “Do something else”. Change one of the two.")
        if planned and planned < self.now.date():
            self.add_error("planned_on", "That day has passed. Write today or a later day.")
        return cleaned
