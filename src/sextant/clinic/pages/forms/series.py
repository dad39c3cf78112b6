"""A new series after an earlier one: with a reason, a consent and a score of its own."""

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import WordsField
from sextant.record import NewSeries


class NewSeriesForm(FactForm):
    """That a new series begins. It orders nothing: every gate is asked again, and consent is given anew."""

    makes = NewSeries
    title = "A new series"
    words = "New series"
    hint = (
        "After a relapse or a return of symptoms. What was given before stays on the chart and no longer counts; every "
        "gate is asked again, and consent is given anew. Nothing is ordered here."
    )
    field_order = ("reason", "taken_at")

    reason = WordsField(rows=3, label="Why, in your own words", empty="Write why a new series begins, in a sentence.")

    def said(self) -> str:
        """The new series is written down."""
        return "A new series is written down."

    def fact(self) -> NewSeries:
        """The new series."""
        return NewSeries(**self.stamp(), reason=self.cleaned_data["reason"])
