"""The screening questions: those that were asked are answered, the others stay unknown."""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID, uuid5

from django import forms
from django.forms import BoundField

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField, DayField, NumberField, WordsField
from sextant.record import QUESTIONS, Answer, Fact, Group, Measurement, Question
from sextant.units.words import day_words, list_words


class QuestionsForm(FactForm):
    """Answers to questions that no code system carries well; `groups` says which of them stand here."""

    makes = Answer
    groups: ClassVar[tuple[Group, ...]] = ()
    all_may_stay_empty = True

    note = WordsField(required=False, label="Note", help_text="Stands beside every answer given here.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = [one for one in QUESTIONS.values() if one.group in self.groups]
        self.questions = [one for one in asked if self.answers(one.key)]
        if others := [one for one in asked if one not in self.questions]:
            left = list_words([one.about for one in others])
            self.hint = f"{self.hint} What the prescriber alone answers is not here: {left}."
        for question in self.questions:
            self.fields[question.key] = ChoiceField(
                question.answers.items(),
                across=True,
                required=False,
                label=question.text,
                help_text=self._asked_before(question),
            )
            if question.day:
                self.fields[_day_of(question)] = DayField(
                    required=False, label=question.day, help_text="If yes, and the day is known."
                )

    @property
    def sections(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The questions under their headings; the one that the page was opened for stands first, alone."""
        first = [one for one in self.questions if one.key == self.first]
        if first:
            yield "Asked for", self._boxes(first)
        for group in self.groups:
            if rest := [one for one in self.questions if one.group is group and one not in first]:
                yield group.value, self._boxes(rest)

    @property
    def after(self) -> list[BoundField]:
        """What stands below the questions."""
        return [self["note"], self["taken_at"]]

    def clean(self) -> dict[str, Any]:
        """At least one question answered, and a day only beside a yes."""
        cleaned = super().clean() or {}
        if not self._anything(cleaned):
            raise forms.ValidationError("No question was answered. Answer at least one, or go back to the chart.")
        for question in self.questions:
            if question.day and cleaned.get(_day_of(question)) and cleaned.get(question.key) in {"", *question.safe}:
                self.add_error(question.key, "A day is written below, and here nothing happened. Change one.")
        return cleaned

    def said(self) -> str:
        """The answers are written down."""
        return "Answers are written down." if len(self.facts()) > 1 else "The answer is written down."

    def facts(self) -> dict[UUID, Fact]:
        """One fact for each question answered; each has a key of its own, made from the form's."""
        answers = (
            Answer(
                **self._stamp_of(question.key),
                question=question.key,
                value=self.cleaned_data[question.key],
                note=self.cleaned_data["note"],
                on=self.cleaned_data.get(_day_of(question)),
            )
            for question in self.questions
            if self.cleaned_data.get(question.key)
        )
        return {UUID(answer.fact_id): answer for answer in answers}

    def _anything(self, cleaned: dict[str, Any]) -> bool:
        return any(cleaned.get(question.key) for question in self.questions)

    def _stamp_of(self, name: str) -> dict[str, Any]:
        return {**self.stamp(), "fact_id": str(uuid5(self.cleaned_data["key"], name))}

    def _boxes(self, questions: list[Question]) -> list[BoundField]:
        names = [name for one in questions for name in (one.key, *([_day_of(one)] if one.day else []))]
        return [self[name] for name in names]

    def _asked_before(self, question: Question) -> str:
        last = self.record.answer(question.key)
        if last is None:
            return "Not asked yet."
        return f"Last answer: {question.answers[last.value]}, {day_words(last.day)}."


class AnswersForm(QuestionsForm):
    """The questions of screening, which hold for more than a day."""

    title = "Screening questions"
    words = "Questions"
    hint = "Answer what was asked. What you leave stays as it is: not asked is not “no”."
    groups = tuple(group for group in Group if group is not Group.ON_THE_DAY)


class DoorForm(QuestionsForm):
    """What is asked and measured on the day of an infusion, and holds for that day alone."""

    title = "Today, before the infusion"
    words = "Before the infusion"
    hint = "Asked and measured on the day. It holds for this day alone."
    groups = (Group.ON_THE_DAY,)
    leads_to = "screening"

    heart_rate_per_min = NumberField(required=False, label="Heart rate", unit="a minute", example="72")
    oxygen_saturation_percent = NumberField(required=False, label="Oxygen saturation", unit="%", example="98")
    respiratory_rate_per_min = NumberField(required=False, label="Breaths", unit="a minute", example="14")
    breath_alcohol_g_per_210l = NumberField(
        required=False, label="Breath alcohol", unit="g/210 L", example="0.00", help_text="As the device shows it."
    )
    hours_since_solid_food = NumberField(required=False, label="Last solid food", unit="hours ago", example="8")
    hours_since_clear_liquid = NumberField(required=False, label="Last clear drink", unit="hours ago", example="3")
    ciwa_ar_points = NumberField(
        required=False, label="CIWA-Ar", unit="points", example="4", whole=True, help_text="If it was scored."
    )
    cows_points = NumberField(
        required=False, label="COWS", unit="points", example="3", whole=True, help_text="If it was scored."
    )
    measured: ClassVar = (
        "heart_rate_per_min",
        "oxygen_saturation_percent",
        "respiratory_rate_per_min",
        "breath_alcohol_g_per_210l",
        "hours_since_solid_food",
        "hours_since_clear_liquid",
        "ciwa_ar_points",
        "cows_points",
    )

    @property
    def sections(self) -> Iterator[tuple[str, list[BoundField]]]:
        """What is measured, above what is asked."""
        yield "Measured", [self[name] for name in self.measured]
        yield from super().sections

    def facts(self) -> dict[UUID, Fact]:
        """The answers, and one fact for each value that was measured."""
        measured: dict[UUID, Fact] = {}
        for name in self.measured:
            if (value := self.cleaned_data.get(name)) is not None:
                stamp = self._stamp_of(name)
                measured[UUID(stamp["fact_id"])] = Measurement(**stamp, kind=name, value=value)
        return {**measured, **super().facts()}

    def _anything(self, cleaned: dict[str, Any]) -> bool:
        return super()._anything(cleaned) or any(cleaned.get(name) is not None for name in self.measured)


def _day_of(question: Question) -> str:
    return f"{question.key}_on"
