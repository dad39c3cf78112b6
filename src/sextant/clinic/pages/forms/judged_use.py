"""A prescriber's judgement on use under a name that is not known here."""

from typing import Any, ClassVar

from django import forms

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField, WordsField
from sextant.protocol.judged_use import reports_to_judge
from sextant.record import UseJudged
from sextant.units.words import count_words, day_words


class UseJudgedForm(FactForm):
    """That use, as it was told under one name, bars no infusion."""

    makes = UseJudged
    title = "Judge a name of use"
    words = "A name of use, judged"
    hint = (
        "For a name that Sextant does not know, such as that of a food or of a medicine taken as prescribed. What was "
        "told under it stays on record and closes no gate. It is on the reports that stand here: what is told, entered "
        "or corrected later is judged anew. Taking the judgement back closes the gate again."
    )
    field_order = ("problem", "reason", "taken_at")

    about: ClassVar = {"JUDGED-001": "reason", "JUDGED-002": "problem", "JUDGED-003": "problem"}

    problem = ChoiceField(
        (), label="Use that bars nothing", help_text="Where a name means a substance that is listed, correct the entry."
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = WordsField(
        rows=3,
        label="Why, in your own words",
        help_text="Stands at the gate with the day.",
        empty="Write why it bars nothing, in a sentence.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        waiting = reports_to_judge(self.record)
        self._waiting = {name: [one.fact_id for one in reports] for name, reports in waiting.items()}
        self.fields["problem"].choices = [  # type: ignore[attr-defined]
            (name, f"{name}: {count_words(len(reports), 'report')}, up to {day_words(reports[-1].covers_to)}")
            for name, reports in waiting.items()
        ]
        self.initial["seen"] = " ".join(one for ids in self._waiting.values() for one in ids)
        if not waiting:
            self.fields["problem"].help_text = "No use under an unknown name waits for a judgement."
        if len(waiting) == 1:
            self.initial.setdefault("problem", next(iter(waiting)))

    def said(self) -> str:
        """The judgement is written down."""
        return "The judgement is written down."

    def fact(self) -> UseJudged:
        """The judgement, on those reports that stood on the page when it was opened."""
        problem, seen = self.cleaned_data["problem"], set(self.cleaned_data["seen"].split())
        return UseJudged(
            **self.stamp(),
            problem=problem,
            reason=self.cleaned_data["reason"].strip(),
            reports=tuple(one for one in self._waiting.get(problem, ()) if one in seen),
        )
