"""Limits and switches of the clinic: each with value, unit, source, author and date.

`limits.toml` holds what published sources give and names what they do not: a limit without a published source has
no value until the clinic's director enters one. A clinic's policy (`policy_file`) is laid over it.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from sextant.units.words import count_words


class Part(StrEnum):
    """What a limit or switch is for; pages list them in this order."""

    SCREENING = "screening"
    DAY = "day"
    INFUSION = "infusion"
    COURSE = "course"
    MAINTENANCE = "maintenance"
    SHELF_LIFE = "shelf life"


class Stricter(StrEnum):
    """Which of two values of a limit lets fewer people pass."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherValue:
    """What another source prints for the same limit, and in which setting.

    `addiction`: whether that setting treats or studies addiction; a rule of another setting should not be copied
    without noticing.
    """

    value: float
    source: str
    setting: str
    addiction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One number that a rule compares with.

    Parameters
    ----------
    value : None means that no source gives a figure and the clinic has not set one yet
    lowest, highest : bounds of what a clinic may enter, where a bound is built in
    stricter, others : which way is stricter, and what the sources print, to show how strict the value is beside them
    """

    name: str
    title: str
    part: Part
    value: float | None
    unit: str
    sources: tuple[str, ...]
    source_note: str
    set_by: str
    on: date | None
    lowest: float | None = None
    highest: float | None = None
    stricter: Stricter | None = None
    others: tuple[OtherValue, ...] = ()

    @property
    def beside_others(self) -> str:
        """How strict the value is beside the figures of the sources read; empty where nothing can be said."""
        return self._beside(self.others, "read")

    @property
    def beside_addiction(self) -> str:
        """The same beside those from addiction alone; empty where no figure comes from elsewhere."""
        in_addiction = tuple(other for other in self.others if other.addiction)
        return "" if len(in_addiction) == len(self.others) else self._beside(in_addiction, "from addiction")

    def _beside(self, others: tuple[OtherValue, ...], which: str) -> str:
        if self.value is None or self.stricter is None or not others:
            return ""
        sign = 1 if self.stricter is Stricter.LOWER else -1
        laxer = sum(sign * other.value > sign * self.value for other in others)
        same = sum(other.value == self.value for other in others)
        tighter = len(others) - laxer - same
        return (
            f"Of {count_words(len(others), 'figure')} {which} ({span_words(others)} {self.unit}), "
            f"{laxer} let more people pass, {same} the same, {tighter} fewer."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One yes or no of the clinic that a rule or a page asks for."""

    name: str
    title: str
    part: Part
    on: bool
    sources: tuple[str, ...]
    source_note: str
    set_by: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits and switches in force, by name, and the version that names this set."""

    by_name: Mapping[str, Limit]
    switches: Mapping[str, Switch]
    version: str

    def __getitem__(self, name: str) -> Limit:
        return self.by_name[name]

    def entry(self, name: str) -> Limit | Switch:
        """The limit or the switch of that name; no name is both."""
        return self.by_name[name] if name in self.by_name else self.switches[name]

    def on(self, switch: str) -> bool:
        """Whether a switch is on."""
        return self.switches[switch].on


@cache
def default_limits() -> Limits:
    """The limits as published sources give them, before any clinic policy."""
    text = files("sextant.protocol").joinpath("limits.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)
    return Limits(
        {name: _limit(name, entry) for name, entry in entries["limit"].items()},
        {name: _switch(name, entry) for name, entry in entries["switch"].items()},
        f"default {digest(text)}",
    )


def _limit(name: str, entry: dict[str, Any]) -> Limit:
    return Limit(
        name=name,
        title=entry["title"],
        part=Part(entry["part"]),
        value=_number(entry.get("value")),
        unit=entry["unit"],
        sources=tuple(entry.get("sources", ())),
        source_note=entry.get("note", ""),
        set_by=entry.get("set_by", ""),
        on=entry.get("on"),
        lowest=_number(entry.get("lowest")),
        highest=_number(entry.get("highest")),
        stricter=Stricter(entry["stricter"]) if "stricter" in entry else None,
        others=tuple(
            OtherValue(
                value=float(other["value"]),
                source=other["source"],
                setting=other["setting"],
                addiction=other.get("addiction", False),
            )
            for other in entry.get("others", ())
        ),
    )


def _switch(name: str, entry: dict[str, Any]) -> Switch:
    return Switch(
        name=name,
        title=entry["title"],
        part=Part(entry["part"]),
        on=entry["value"],
        sources=tuple(entry.get("sources", ())),
        source_note=entry.get("note", ""),
        set_by=entry.get("set_by", ""),
        since=None,
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def span_words(others: Sequence[OtherValue]) -> str:
    """From the lowest figure to the highest.

    >>> span_words([OtherValue(value=value, source="S077", setting="a trial") for value in (5, 0, 1)])
    '0 to 5'
    """
    lowest, highest = min(other.value for other in others), max(other.value for other in others)
    return f"{lowest:g}" if lowest == highest else f"{lowest:g} to {highest:g}"


def digest(text: str) -> str:
    """The beginning of a text's SHA-256, to name a version by."""
    return sha256(text.encode()).hexdigest()[:12]
