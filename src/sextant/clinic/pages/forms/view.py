"""The prescriber's own view, before the forecast is shown."""

from typing import Any

from sextant.clinic.pages.forms.fact_form import PatientForm
from sextant.clinic.pages.forms.fields import ChoiceField
from sextant.clinic.pages.words import STEP_WORDS
from sextant.response import INFUSIONS_IN_SERIES

_ODDS = {str(n): f"{n} in 10" for n in range(11)}


class OwnViewForm(PatientForm):
    """What is expected and what would be done, from the record alone."""

    odds_in_ten = ChoiceField(
        _ODDS.items(), across=True, label="How many of ten people like this one reach clear benefit by infusion 6?"
    )
    step = ChoiceField(STEP_WORDS.items(), label="What would you do now?")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if len(self.record.series) >= INFUSIONS_IN_SERIES:
            self.fields["odds_in_ten"].label = "How many of ten people like this one have clear benefit by now?"
