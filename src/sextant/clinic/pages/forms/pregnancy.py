"""A pregnancy test."""

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField
from sextant.record import PregnancyTest, QualitativeResult

_RESULTS = {
    QualitativeResult.NEGATIVE: "Negative",
    QualitativeResult.POSITIVE: "Positive",
    QualitativeResult.UNCLEAR: "Unclear, to be repeated",
}


class PregnancyTestForm(FactForm):
    """A test in urine or serum."""

    makes = PregnancyTest
    title = "Pregnancy test"
    words = "Pregnancy test"
    field_order = ("result", "taken_at")

    result = ChoiceField(_RESULTS.items(), label="Result")

    def said(self) -> str:
        """The result is written down."""
        result = _RESULTS[QualitativeResult(self.cleaned_data["result"])]
        return f"Pregnancy test, {result[0].lower()}{result[1:]}: it is written down."

    def fact(self) -> PregnancyTest:
        """The test."""
        return PregnancyTest(**self.stamp(), result=QualitativeResult(self.cleaned_data["result"]))
