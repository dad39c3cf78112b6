"""An allergy or intolerance, in plain words."""

from django import forms

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import WordsField
from sextant.record import Allergy


class AllergyForm(FactForm):
    """What the person does not bear, and what it does."""

    makes = Allergy
    title = "An allergy"
    words = "Allergy"
    hint = "One at a time, in plain words."
    field_order = ("text", "reaction", "taken_at")

    text = WordsField(max_length=120, label="To what", help_text="Such as penicillin or latex.")
    reaction = WordsField(max_length=120, required=False, label="Reaction", help_text="Such as rash, if known.")

    def clean_text(self) -> str:
        """Ketamine has a question of its own: words alone would leave its gate open."""
        text: str = self.cleaned_data["text"]
        if "ketamin" in text.casefold():
            raise forms.ValidationError(
                "An allergy to ketamine closes a gate, and words alone do not. Answer it under Questions instead."
            )
        return text

    def said(self) -> str:
        """The allergy is written down."""
        return f"Allergy to {self.cleaned_data['text']} is written down."

    def fact(self) -> Allergy:
        """The allergy, in words alone: no code is guessed from them."""
        return Allergy(
            **self.stamp(), code="", system="", text=self.cleaned_data["text"], reaction=self.cleaned_data["reaction"]
        )
