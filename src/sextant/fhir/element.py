"""One JSON object of a resource, and where it stands, so that every refusal can name the place."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sextant.fhir.refusal import refused, shown


@dataclass(frozen=True, slots=True)
class Element:
    """An object of the bundle.

    Parameters
    ----------
    fields : the object as JSON gave it
    resource : the resource it belongs to, as people find it ('Observation/12')
    path : where in that resource it stands; empty for the resource itself
    """

    fields: Mapping[str, Any]
    resource: str
    path: str = ""

    def at(self, name: str) -> str:
        """The place of a part of this element, for an error."""
        return f"{self.resource}, {self.path}{'.' if self.path else ''}{name}"

    def has(self, name: str) -> bool:
        """Whether a part is given at all."""
        return self.fields.get(name) is not None

    def text(self, name: str) -> str:
        """A text in one line without control characters; empty when it is not given."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise refused(
                self.at(name), f"a text belongs here, not {shown(value)}", "Correct it and send the bundle again."
            )
        if value.isprintable():
            return value.strip()
        return " ".join("".join(char if char.isprintable() else " " for char in value).split())

    def number(self, name: str) -> float | None:
        """A number; None when it is not given."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise refused(
                self.at(name), f"a number belongs here, not {shown(value)}", "Correct it and send the bundle again."
            )
        if abs(value) > 1e300 or not isfinite(value):
            raise refused(self.at(name), "the number is too large to be one", "Correct it and send the bundle again.")
        return float(value)

    def flag(self, name: str) -> bool | None:
        """True or false; None when it is not given."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise refused(
                self.at(name), f"true or false belongs here, not {shown(value)}", "Correct it and send it again."
            )
        return value

    def child(self, name: str) -> "Element | None":
        """The object of that name; None when it is not given."""
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise refused(
                self.at(name), f"an object belongs here, not {shown(value)}", "Correct it and send the bundle again."
            )
        return Element(value, self.resource, self._below(name))

    def children(self, name: str) -> tuple["Element", ...]:
        """The objects of a list; empty when it is not given."""
        value = self.fields.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise refused(
                self.at(name), f"a list belongs here, not {shown(value)}", "Correct it and send the bundle again."
            )
        for number, item in enumerate(value):
            if not isinstance(item, dict):
                raise refused(self.at(f"{name}[{number}]"), f"an object belongs here, not {shown(item)}", "Correct it.")
        return tuple(
            Element(item, self.resource, self._below(f"{name}[{number}]")) for number, item in enumerate(value)
        )

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name
