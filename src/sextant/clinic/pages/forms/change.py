"""Changing what stands on the chart: only ever with a reason, and never by removing anything."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any, ClassVar

from sextant.clinic.pages.forms.fact_form import PatientForm
from sextant.clinic.pages.forms.fields import DayField, WordsField
from sextant.record import Condition, Fact
from sextant.units.words import day_words


class ChangeForm(PatientForm):
    """A change of one fact. `page` is its name in the audit trail, `saved` is said on the chart afterwards."""

    page: ClassVar[str]
    title: ClassVar[str]
    hint: ClassVar[str]
    button: ClassVar[str]
    saved: ClassVar[str]
    field_order = ("since", "reason")

    reason = WordsField(
        rows=3,
        label="Why",
        help_text="Stands beside it with your name.",
        empty="Write why, in a sentence. It stands beside what is changed.",
    )

    def __init__(self, *args: Any, fact: Fact, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fact = fact

    def fits(self) -> bool:
        """Whether this change can be made to this fact at all."""
        return True


class TakeBackForm(ChangeForm):
    """Takes back what was entered in error."""

    page = "take back"
    title = "Take this back"
    hint = "For what was entered in error. It stays on record, struck out with your reason, and no longer counts."
    button = "Take it back"
    saved = "It is taken back and no longer counts. What follows from that stands below."


class OverForm(ChangeForm):
    """Ends a condition on a day."""

    page = "condition over"
    title = "This is over"
    hint = "The condition stays on record with the day on which it ended. From that day on it no longer counts."
    button = "Save"
    saved = "The condition is recorded as over. What follows from that stands below."

    since = DayField(label="Over since", help_text="The first day without it, as well as it is known.")

    def fits(self) -> bool:
        """Only a condition that is present can end."""
        return isinstance(self.fact, Condition) and self.fact.present_at(self.now)

    def clean(self) -> dict[str, Any]:
        """It ended after it began, and not in days to come."""
        cleaned = super().clean() or {}
        since = cleaned.get("since")
        began = self._began().date()
        if since and since > self.now.date():
            self.add_error("since", "That day has not come yet. Write today or an earlier day.")
        if since and since < began:
            self.add_error("since", f"That is before it began, {day_words(began)}. Write a later day.")
        return cleaned

    def ended(self) -> Condition:
        """The condition with its end. Only of a valid form."""
        midnight = datetime.combine(self.cleaned_data["since"], time(), tzinfo=self.now.tzinfo)
        # Without a source of its own: this end was entered here, whoever told of the beginning.
        return replace(self._condition(), source="", clinical_status="resolved", abated_at=max(midnight, self._began()))

    def _condition(self) -> Condition:
        if not isinstance(self.fact, Condition):
            raise TypeError(f"{type(self.fact).__name__} is no condition.")
        return self.fact

    def _began(self) -> datetime:
        condition = self._condition()
        return (condition.onset_at or condition.taken_at).astimezone(self.now.tzinfo)
