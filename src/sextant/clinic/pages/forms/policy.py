"""Setting one limit or switch: its value, and where it comes from: sources on file or the clinic's own reason."""

import re
from typing import Any

from django import forms

from sextant.clinic.pages.forms.fields import ChoiceField, NumberField, WordsField
from sextant.clinic.services.refusal import Refused
from sextant.evidence import sources
from sextant.protocol import Limit, Switch

_ON, _OFF = "on", "off"
_CLINIC = "clinic:"


class PolicyForm(forms.Form):
    """The value of one entry and its source. `entry` is what is in force."""

    # One of the two boxes for the source is needed, so neither is marked as one that may stay empty.
    all_may_stay_empty = True

    keys = WordsField(
        label="Sources on file",
        required=False,
        help_text="Their keys, such as S077, S078. Each stands beside what was read.",
    )
    reason = WordsField(
        rows=3,
        label="Or the clinic’s own reason",
        required=False,
        help_text="One of the two is needed. It stands beside the value, with your name and the day.",
    )

    def __init__(self, *args: Any, entry: Limit | Switch, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)
        self.entry = entry
        self.fields["value"] = _value_field(entry)
        self.order_fields(("value", "keys", "reason"))

    def clean(self) -> dict[str, Any]:
        """One source of the two. Whether the policy can be taken is the policy's own check."""
        cleaned = super().clean() or {}
        keys, reason = cleaned.get("keys", "").strip(), cleaned.get("reason", "").strip()
        if keys.startswith(_CLINIC):
            self.add_error("keys", "Write the clinic’s own reason in the box below; here stand keys of sources.")
        elif keys and reason:
            self.add_error("reason", "Give one of the two: keys of sources, or the clinic’s own reason.")
        elif not keys and not reason and "keys" not in self.errors and "reason" not in self.errors:
            self.add_error("reason", "Write where the value comes from: keys of sources above, or your reason here.")
        return cleaned

    @property
    def value(self) -> float | bool:
        """What was entered. Only of a valid form."""
        value = self.cleaned_data["value"]
        return value == _ON if isinstance(self.entry, Switch) else float(value)

    @property
    def source(self) -> str:
        """The source as a policy file writes it. Only of a valid form."""
        if reason := self.cleaned_data["reason"].strip():
            return f"{_CLINIC} {reason}"
        keys = re.split(r"[,;\s]+", self.cleaned_data["keys"].strip().strip(",;"))
        return ", ".join(key.upper() if key.upper() in sources() else key for key in keys)

    def refuse(self, refused: Refused) -> None:
        """Show the policy's sentence beside the box that it is about, else above the form."""
        cited = "reason" if self.cleaned_data.get("reason", "").strip() else "keys"
        self.add_error({"POLICY-002": "value", "POLICY-003": cited}.get(refused.code), str(refused))


def _value_field(entry: Limit | Switch) -> forms.Field:
    if isinstance(entry, Switch):
        return ChoiceField([(_ON, "On"), (_OFF, "Off")], across=True, label="In this clinic")
    messages = {"required": "Write the value. An empty box sets nothing."}
    return NumberField(label="The value in this clinic", unit=entry.unit, example="14", error_messages=messages)
