"""The screening questions: those that were asked are answered, the others stay unknown."""

from typing import Any
from uuid import UUID, uuid5

from django import forms

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField, WordsField
from sextant.record import QUESTIONS, Answer, Fact
from sextant.units.words import day_words


class AnswersForm(FactForm):
    """Answers to the questions that no code system carries well."""

    makes = Answer
    title = "Screening questions"
    words = "Questions"
    all_may_stay_empty = True
    hint = "Answer what was asked. What you leave stays as it is: not asked is not “no”."

    note = WordsField(required=False, label="Note", help_text="Stands beside every answer given here.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for question in QUESTIONS.values():
            last = self.record.answer(question.key)
            self.fields[question.key] = ChoiceField(
                question.answers.items(),
                across=True,
                required=False,
                label=question.text,
                help_text="Not asked yet."
                if last is None
                else f"Last answer: {question.answers[last.value]}, {day_words(last.day)}.",
            )
        first = [self.first] if self.first in QUESTIONS else []
        self.order_fields([*first, *QUESTIONS, "note", "taken_at"])

    def clean(self) -> dict[str, Any]:
        """At least one question answered."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(key) for key in QUESTIONS):
            raise forms.ValidationError("No question was answered. Answer at least one, or go back to the chart.")
        return cleaned

    def said(self) -> str:
        """The answers are written down."""
        return "Answers are written down." if len(self.facts()) > 1 else "The answer is written down."

    def facts(self) -> dict[UUID, Fact]:
        """One fact for each question answered; each has a key of its own, made from the form's."""
        keys = {question: uuid5(self.cleaned_data["key"], question) for question in QUESTIONS}
        return {
            keys[question]: Answer(
                **{**self.stamp(), "fact_id": str(keys[question])},
                question=question,
                value=self.cleaned_data[question],
                note=self.cleaned_data["note"],
            )
            for question in QUESTIONS
            if self.cleaned_data.get(question)
        }
