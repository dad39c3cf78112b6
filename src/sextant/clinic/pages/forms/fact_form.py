"""What every form that writes down a fact has: whose it is, a key against sending it twice, and when it held."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from sextant.clinic.pages.forms.fields import MomentField
from sextant.clinic.services.refusal import Refused
from sextant.record import Fact, PatientRecord


class PatientForm(forms.Form):
    """A form for one patient. `record` is what is known, `now` the moment of the page.

    `about` names the field that a refusal of that code is about.
    """

    about: ClassVar[dict[str, str]] = {}

    patient = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: PatientRecord, now: datetime, **options: Any) -> None:
        self.record = record
        self.now = timezone.localtime(now)
        initial = {"patient": record.patient.patient_id, "key": uuid4(), **options.pop("initial", {})}
        super().__init__(*args, initial=initial, label_suffix="", **options)

    def refuse(self, refused: Refused) -> None:
        """Show a service's sentence beside the field that it is about, else above the form."""
        field = self.about.get(refused.code)
        self.add_error(field if field in self.fields else None, str(refused))


class FactForm(PatientForm):
    """A form that makes facts of one kind. `title` heads its page, `words` is its button on the chart.

    `first` names the question that the page was opened for, where a form holds many; `back` the patient's page that it
    was opened from, empty for the chart; `answers` says which questions the person at the screen may answer.
    """

    makes: ClassVar[type[Fact]]
    title: ClassVar[str]
    words: ClassVar[str]
    hint: str = ""
    all_may_stay_empty: ClassVar[bool] = False
    leads_to: ClassVar[str] = "chart"
    """The page of the patient on which what follows from it stands."""

    taken_at = MomentField(label="When", help_text="In the clinic’s own time. Change it for a late entry.")

    def __init__(
        self,
        *args: Any,
        now: datetime,
        first: str = "",
        back: str = "",
        answers: Callable[[str], bool] = lambda _: True,
        **options: Any,
    ) -> None:
        self.first, self.back, self.answers = first, back, answers
        to_the_minute = timezone.localtime(now).replace(second=0, microsecond=0)
        super().__init__(*args, now=now, initial={"taken_at": to_the_minute, **options.pop("initial", {})}, **options)

    def facts(self) -> dict[UUID, Fact]:
        """The facts that were written down, by key. Only of a valid form."""
        return {self.cleaned_data["key"]: self.fact()}

    def fact(self) -> Fact:
        """The one fact of a form that has one."""
        raise NotImplementedError

    def said(self) -> str:
        """What was written down, as a sentence to stand above the chart. Only of a valid form."""
        raise NotImplementedError

    def stamp(self) -> dict[str, Any]:
        """What every fact has in common; who entered it is added where it is stored."""
        return {"fact_id": str(self.cleaned_data["key"]), "taken_at": self.cleaned_data["taken_at"]}

    def refuse(self, refused: Refused) -> None:
        """A time that has not come belongs to its field in every form."""
        if refused.code == "FACT-001":
            self.add_error("taken_at", str(refused))
        else:
            super().refuse(refused)
