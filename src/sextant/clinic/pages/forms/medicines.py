"""How much of a benzodiazepine or another sleeping medicine is taken."""

from typing import Any

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField, NumberField, WordsField
from sextant.protocol.benzodiazepines import TABLES
from sextant.record import BenzodiazepineDose

_OTHER = "other"
_DRUGS = {drug: drug.capitalize() for drug in sorted({drug for table in TABLES for drug in table.for_ten_mg})}


class BenzodiazepineForm(FactForm):
    """Medicine and milligrams a day; the gate turns them into diazepam by two tables."""

    makes = BenzodiazepineDose
    title = "Benzodiazepine, how much a day"
    words = "Benzodiazepine dose"
    hint = "What is taken on an average day; 0 where it has ended. Never advise to stop it abruptly."
    field_order = ("drug", "other", "mg_per_day", "taken_at")

    drug = ChoiceField((*_DRUGS.items(), (_OTHER, "Another benzodiazepine or sleeping medicine")), label="Medicine")
    other = WordsField(max_length=60, required=False, label="Which other", help_text="Its name, such as zolpidem.")
    mg_per_day = NumberField(label="In a day", unit="mg", example="2")

    def clean(self) -> dict[str, Any]:
        """Another medicine is named exactly where another one is chosen."""
        cleaned = super().clean() or {}
        drug, other = cleaned.get("drug"), cleaned.get("other", "").strip()
        if drug == _OTHER and not other:
            self.add_error("other", "Write the name of the medicine.")
        if drug and drug != _OTHER and other:
            self.add_error("other", "A name is written here, and above a medicine of the list is chosen. Keep one.")
        return cleaned

    def said(self) -> str:
        """The dose is written down."""
        return f"{self._name().capitalize()} {self.cleaned_data['mg_per_day']:g} mg a day is written down."

    def fact(self) -> BenzodiazepineDose:
        """The dose."""
        return BenzodiazepineDose(**self.stamp(), drug=self._name(), mg_per_day=self.cleaned_data["mg_per_day"])

    def _name(self) -> str:
        drug: str = self.cleaned_data["drug"]
        return self.cleaned_data["other"].strip() if drug == _OTHER else drug
