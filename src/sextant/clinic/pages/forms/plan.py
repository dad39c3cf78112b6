"""What stands around the infusions: the target, the contacts, the consent and the addiction itself."""

from typing import Any

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField, DayField, WordsField
from sextant.clinic.pages.words import in_sentence
from sextant.instruments import INSTRUMENTS
from sextant.record import Condition, Consent, Support, Target

_ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
ADDICTIONS = {
    "F10.20": "Alcohol dependence",
    "F11.20": "Opioid dependence",
    "F12.20": "Cannabis dependence",
    "F13.20": "Sedative, hypnotic or anxiolytic dependence",
    "F14.20": "Cocaine dependence",
    "F15.20": "Other stimulant dependence",
    "F17.200": "Nicotine dependence",
    "F63.0": "Pathological gambling",
}
"""ICD-10-CM codes for the addictions that a prescriber most often records here; others come with an upload."""

SUPPORT_KINDS = {
    "counselling": "Counselling, one to one",
    "group": "Group, 12-step or secular",
    "family": "Family or people close",
    "other": "Other help",
}


_TALK_HINT = (
    "The talk that we owe after use is counselling, one to one, that took place. A group, family or other help is good "
    "to have and is written down here too; the talk itself is then still to come."
)


class ConditionForm(FactForm):
    """An addiction that is present now."""

    makes = Condition
    title = "The addiction"
    words = "Addiction"
    hint = "The diagnosis that treatment is for. Present now; an old one stays in the upload."
    field_order = ("code", "taken_at")

    code = ChoiceField(((code, f"{text} ({code})") for code, text in ADDICTIONS.items()), label="Diagnosis")

    def said(self) -> str:
        """The diagnosis is written down."""
        return f"{ADDICTIONS[self.cleaned_data['code']]} is written down."

    def fact(self) -> Condition:
        """The condition."""
        code = self.cleaned_data["code"]
        return Condition(**self.stamp(), code=code, system=_ICD10, text=ADDICTIONS[code], clinical_status="active")


class TargetForm(FactForm):
    """The one score that treatment is judged by, chosen by patient and prescriber together."""

    makes = Target
    title = "The target"
    words = "Target"
    hint = "Chosen by patient and prescriber together. The forecast and the advice are about this score."
    field_order = ("problem", "instrument", "taken_at")

    problem = WordsField(
        max_length=60, label="Substance or behaviour", help_text="In plain words: alcohol, cocaine, gambling."
    )
    instrument = ChoiceField(
        ((one.key, f"{one.name} ({one.measures}, {one.lowest:g} to {one.highest:g})") for one in INSTRUMENTS.values()),
        label="Judged by",
    )

    def said(self) -> str:
        """The target is written down."""
        name = in_sentence(INSTRUMENTS[self.cleaned_data["instrument"]].name)
        return f"The target is written down: {self.cleaned_data['problem']}, judged by {name}."

    def fact(self) -> Target:
        """The target."""
        return Target(
            **self.stamp(),
            problem=self.cleaned_data["problem"],
            instrument=self.cleaned_data["instrument"],
        )


class SupportForm(FactForm):
    """A contact of counselling, group or other help."""

    makes = Support
    title = "Counselling or group"
    words = "Counselling or group"
    hint = "Ketamine is never the whole treatment: what stands beside it is written down here."
    field_order = ("kind", "attended", "taken_at")

    kind = ChoiceField(SUPPORT_KINDS.items(), label="What")
    # Nothing is chosen beforehand: a slip would end the talk that we owe.
    attended = ChoiceField((("yes", "Took place"), ("no", "Did not take place")), across=True, label="Contact")

    def __init__(self, *args: Any, back: str = "", **options: Any) -> None:
        talk = {"kind": "counselling"} if back == "use" else {}
        super().__init__(*args, back=back, initial={**talk, **options.pop("initial", {})}, **options)
        if talk:
            self.hint = _TALK_HINT

    def said(self) -> str:
        """That the contact took place, or did not, is written down."""
        took_place = "took place" if self.cleaned_data["attended"] == "yes" else "did not take place"
        return f"{SUPPORT_KINDS[self.cleaned_data['kind']]}: that it {took_place} is written down."

    def fact(self) -> Support:
        """The contact."""
        return Support(**self.stamp(), kind=self.cleaned_data["kind"], attended=self.cleaned_data["attended"] == "yes")


class ConsentForm(FactForm):
    """Consent to this treatment, given or withdrawn."""

    makes = Consent
    title = "Consent to treatment"
    words = "Consent"
    field_order = ("given", "expires_on", "taken_at")

    given = ChoiceField((("yes", "Given and signed"), ("no", "Withdrawn")), label="Consent")
    expires_on = DayField(required=False, label="Ends on", help_text="If it was given for a time only.")

    def clean(self) -> dict[str, Any]:
        """An end only after the start, and only of a consent that was given."""
        cleaned = super().clean() or {}
        taken, ends = cleaned.get("taken_at"), cleaned.get("expires_on")
        if taken and ends and ends < taken.date():
            self.add_error("expires_on", "The end lies before the consent itself.")
        if ends and cleaned.get("given") == "no":
            self.add_error("expires_on", "A withdrawal has no end. Leave it empty.")
        return cleaned

    def said(self) -> str:
        """Consent or its withdrawal is written down."""
        return f"{'Consent' if self.cleaned_data['given'] == 'yes' else 'Withdrawal of consent'} is written down."

    def fact(self) -> Consent:
        """The consent."""
        return Consent(
            **self.stamp(),
            given=self.cleaned_data["given"] == "yes",
            expires_on=self.cleaned_data["expires_on"],
        )
