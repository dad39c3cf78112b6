"""One questionnaire's or rating's total."""

from typing import Any, ClassVar

from django import forms

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField, NumberField
from sextant.instruments import INSTRUMENTS
from sextant.record import Score, Target

_ITEM_NINE = (("", "Not known"), ("0", "0, not at all"), ("1", "1"), ("2", "2"), ("3", "3, nearly every day"))


class ScoreForm(FactForm):
    """The total of one questionnaire, in its own points."""

    makes = Score
    title = "A score"
    words = "Score"
    field_order = ("instrument", "points", "item_nine", "taken_at")
    about: ClassVar = {"SCORE-001": "points", "SCORE-002": "item_nine", "SCORE-003": "item_nine"}

    instrument = ChoiceField(
        ((one.key, f"{one.name}, {one.lowest:g} to {one.highest:g} ({one.recall})") for one in INSTRUMENTS.values()),
        label="Which questionnaire",
    )
    points = NumberField(label="Points", example="42", help_text="The total, in the questionnaire’s own points.")
    item_nine = forms.ChoiceField(
        choices=_ITEM_NINE,
        required=False,
        label="Answer to PHQ-9 item nine",
        help_text="Only for PHQ-9: thoughts of being better off dead, or of self-harm.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        target = self.record.latest(Target)
        if target is not None:
            self.initial.setdefault("instrument", target.instrument)

    def said(self) -> str:
        """The score is written down."""
        name = INSTRUMENTS[self.cleaned_data["instrument"]].name
        return f"{name} score {self.cleaned_data['points']:g} is written down."

    def fact(self) -> Score:
        """The score."""
        item_nine = self.cleaned_data["item_nine"]
        return Score(
            **self.stamp(),
            instrument=self.cleaned_data["instrument"],
            points=self.cleaned_data["points"],
            item_nine=int(item_nine) if item_nine else None,
        )
