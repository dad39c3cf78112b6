"""A prescriber's judgement on use under a name that is not known here."""

from typing import Any, ClassVar

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField, WordsField
from sextant.protocol.judged_use import names_to_judge
from sextant.record import UseJudged


class UseJudgedForm(FactForm):
    """That use, as it was told under one name, bars no infusion."""

    makes = UseJudged
    title = "Judge a name of use"
    words = "A name of use, judged"
    hint = (
        "For a name that Sextant does not know, such as that of a food or of a medicine taken as prescribed. What was "
        "told under it stays on record and closes no gate. It speaks of what was told until now: what is told later is "
        "judged anew. Taking the judgement back closes the gate again."
    )
    field_order = ("problem", "reason", "taken_at")

    about: ClassVar = {"JUDGED-001": "reason", "JUDGED-002": "problem", "JUDGED-003": "problem"}

    problem = ChoiceField(
        (), label="Use that bars nothing", help_text="Where a name means a substance that is listed, correct the entry."
    )
    reason = WordsField(
        rows=3,
        label="Why, in your own words",
        help_text="Stands at the gate with the day.",
        empty="Write why it bars nothing, in a sentence.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = names_to_judge(self.record)
        self.fields["problem"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        if not names:
            self.fields["problem"].help_text = "No use under an unknown name waits for a judgement."
        if len(names) == 1:
            self.initial.setdefault("problem", names[0])

    def said(self) -> str:
        """The judgement is written down."""
        return "The judgement is written down."

    def fact(self) -> UseJudged:
        """The judgement."""
        return UseJudged(
            **self.stamp(), problem=self.cleaned_data["problem"], reason=self.cleaned_data["reason"].strip()
        )
