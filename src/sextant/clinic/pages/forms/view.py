"""The prescriber's own view, before the forecast is shown."""

from sextant.clinic.pages.forms.fact_form import PatientForm
from sextant.clinic.pages.forms.fields import ChoiceField
from sextant.clinic.pages.words import STEP_WORDS

_ODDS = {str(n): f"{n} in 10" for n in range(11)}


class OwnViewForm(PatientForm):
    """What is expected and what would be done, from the record alone."""

    odds_in_ten = ChoiceField(
        _ODDS.items(), across=True, label="How many of ten people like this one reach clear benefit by infusion 6?"
    )
    step = ChoiceField(STEP_WORDS.items(), label="What would you do now?")
