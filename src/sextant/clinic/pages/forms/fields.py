"""Fields with big labels, the right keyboard on a phone, and sentences for errors."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

_EARLIEST_YEAR = 1900
_LONGEST_WORDS = 4000


class NumberField(forms.FloatField):
    """A number with its unit beside the box. It is a text box, so that a slip stays on the page to be mended."""

    def __init__(self, *, unit: str = "", example: str, whole: bool = False, **options: Any) -> None:
        keyboard = "numeric" if whole else "decimal"
        widget = forms.TextInput(attrs={"inputmode": keyboard, "autocomplete": "off", "class": "number"})
        super().__init__(widget=widget, **options)
        self.unit = unit
        self.whole = whole
        self._example = example

    def to_python(self, value: Any) -> float | None:
        """The number; a comma between digits is read as a decimal point."""
        if isinstance(value, str):
            value = value.strip().replace(",", ".")
        if value in self.empty_values:
            return None
        try:
            number = float(value)
        except ValueError:
            raise forms.ValidationError(f"“{value}” is not a number. Write it like {self._example}.") from None
        if number != number or number in (float("inf"), float("-inf")):
            raise forms.ValidationError(f"“{value}” is not a number. Write it like {self._example}.")
        if self.whole and not number.is_integer():
            raise forms.ValidationError(f"{value} is not a whole number. Write it like {self._example}.")
        return number


class ChoiceField(forms.ChoiceField):
    """One of a few answers as big radio buttons; `across` sets short ones side by side."""

    def __init__(self, choices: Iterable[tuple[str, str]], *, across: bool = False, **options: Any) -> None:
        widget = forms.RadioSelect()
        widget.across = across  # type: ignore[attr-defined]
        messages = {"required": "Choose one.", "invalid_choice": "That is not one of the answers. Choose one."}
        super().__init__(choices=list(choices), widget=widget, error_messages=messages, **options)


class MomentField(forms.DateTimeField):
    """A time in the clinic's zone, to the minute."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        messages = {
            "required": "Write the day and the time.",
            "invalid": "That is not a time. Write it like 2026-11-23 14:05.",
        }
        super().__init__(widget=widget, error_messages=messages, **options)

    def to_python(self, value: Any) -> datetime | None:
        """The time in the clinic's zone, whatever zone was written; a year that nobody alive remembers is a slip.

        In another zone another day could be 'today', and what the door asked yesterday would count.
        """
        if isinstance(value, str) and value.strip()[:4].isdecimal() and int(value.strip()[:4]) < _EARLIEST_YEAR:
            raise forms.ValidationError(f"{value} is too long ago to be meant. Check the year.")
        moment: datetime | None = super().to_python(value)
        try:
            return moment and timezone.localtime(moment)
        except OverflowError:
            raise forms.ValidationError(f"{value} is no time that can be meant. Check the year.") from None


class DayField(forms.DateField):
    """A calendar day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        messages = {"required": "Write the day.", "invalid": "That is not a day. Write it like 2026-11-23."}
        super().__init__(widget=widget, error_messages=messages, **options)

    def to_python(self, value: Any) -> date | None:
        """The day; one that nobody alive remembers is a slip."""
        day: date | None = super().to_python(value)
        if day is not None and day.year < _EARLIEST_YEAR:
            raise forms.ValidationError(f"{value} is too long ago to be meant. Check the year.")
        return day


class WordsField(forms.CharField):
    """A few own words, or many where `rows` is given."""

    def __init__(self, *, rows: int = 0, empty: str = "Write a few words.", **options: Any) -> None:
        options.setdefault("max_length", _LONGEST_WORDS)
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(widget=widget, error_messages={"required": empty}, **options)
