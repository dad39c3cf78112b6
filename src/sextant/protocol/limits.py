"""Limits and switches of the clinic: each with value, unit, source, author and date.

`limits.toml` holds what published sources give and names what they do not: a limit without a published source has
no value until the clinic's director enters one. A clinic's policy is a second file of the same form, laid over it.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from sextant.evidence import UnknownSourceError, source

_HIGHEST = 10_000  # no limit here is meant larger; it only catches slips


class PolicyError(ValueError):
    """A policy file that cannot be taken: the message names the line and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One number that a rule compares with.

    `value` None means that no source gives a figure and the clinic has not set one yet. `lowest` and `highest` bound
    what a clinic may enter, where a bound is built in.
    """

    name: str
    title: str
    value: float | None
    unit: str
    sources: tuple[str, ...]
    source_note: str
    set_by: str
    on: date | None
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits in force, by name, and the version that names this set."""

    by_name: dict[str, Limit]
    version: str

    def __getitem__(self, name: str) -> Limit:
        return self.by_name[name]


@cache
def default_limits() -> Limits:
    """The limits as published sources give them, before any clinic policy."""
    text = files("sextant.protocol").joinpath("limits.toml").read_text(encoding="utf-8")
    by_name: dict[str, Limit] = {}
    for name, entry in tomllib.loads(text)["limit"].items():
        by_name[name] = Limit(
            name=name,
            title=entry["title"],
            value=_number(entry.get("value")),
            unit=entry["unit"],
            sources=tuple(entry.get("sources", ())),
            source_note=entry.get("note", ""),
            set_by=entry.get("set_by", ""),
            on=entry.get("on"),
            lowest=_number(entry.get("lowest")),
            highest=_number(entry.get("highest")),
        )
    return Limits(by_name, f"default {_digest(text)}")


def read_policy(text: str, *, today: date) -> Limits:
    """The default limits with a clinic's policy laid over them.

    Parameters
    ----------
    text : the policy file, TOML: `[limit.NAME]` with value, unit, source, set_by, on
    today : the day on which it is read; an entry dated later is refused

    Raises
    ------
    PolicyError
        If the file is not TOML, names an unknown limit, lacks a part, has another unit, leaves the built-in bounds,
        or names a source key that does not resolve. The message names the line.
    """
    try:
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise PolicyError(f"The policy is not a TOML file: {error}.") from None
    unknown = sorted(set(parsed) - {"limit"})
    if unknown:
        raise PolicyError(
            f"{_where(text, unknown[0])}: no such part [{unknown[0]}]. A policy has [limit.NAME] entries only."
        )
    limits = default_limits()
    by_name = dict(limits.by_name)
    if not isinstance(parsed.get("limit", {}), dict):
        raise PolicyError(f"{_where(text, 'limit')}: write [limit.NAME] with value, unit, source, set_by and on.")
    for name, entry in parsed.get("limit", {}).items():
        by_name[name] = _set(by_name, name, entry, _where(text, name), today)
    return Limits(by_name, f"policy {_digest(text)} over {limits.version}")


def _set(by_name: dict[str, Limit], name: str, entry: Any, where: str, today: date) -> Limit:
    if name not in by_name:
        raise PolicyError(f"{where}: no limit is called {name!r}. Known: {', '.join(sorted(by_name))}.")
    base = by_name[name]
    if not isinstance(entry, dict):
        raise PolicyError(f"{where}: write [limit.{name}] with value, unit, source, set_by and on.")
    missing = [part for part in ("value", "unit", "source", "set_by", "on") if entry.get(part) in (None, "")]
    if missing:
        raise PolicyError(f"{where}: limit {name!r} lacks {', '.join(missing)}.")
    if not all(isinstance(entry[part], str) and entry[part].strip() for part in ("unit", "source", "set_by")):
        raise PolicyError(f"{where}: limit {name!r} needs words as its unit, source and set_by.")
    extra = sorted(set(entry) - {"value", "unit", "source", "set_by", "on"})
    if extra:
        raise PolicyError(f"{where}: limit {name!r} has an unknown part {extra[0]!r}.")
    value, on = entry["value"], entry["on"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _HIGHEST:
        raise PolicyError(f"{where}: limit {name!r} needs a number of 0 or more, at most {_HIGHEST}, as its value.")
    if base.unit == "infusions" and value != int(value):
        raise PolicyError(f"{where}: limit {name!r} of {value:g} is no whole number of infusions.")
    if entry["unit"] != base.unit:
        raise PolicyError(f"{where}: limit {name!r} is in {base.unit!r}, not in {entry['unit']!r}.")
    if (base.lowest is not None and value < base.lowest) or (base.highest is not None and value > base.highest):
        low = "" if base.lowest is None else f"at least {base.lowest:g} "
        high = "" if base.highest is None else f"at most {base.highest:g} "
        raise PolicyError(f"{where}: limit {name!r} of {value:g} is out of bounds: {low}{high}{base.unit}.")
    if type(on) is not date:
        raise PolicyError(f"{where}: limit {name!r} needs a day in 'on', such as on = 2026-11-02.")
    if on > today:
        raise PolicyError(f"{where}: limit {name!r} is dated {on}, after today ({today}).")
    keys, note = _policy_source(str(entry["source"]), where, name)
    return Limit(
        name=name,
        title=base.title,
        value=float(value),
        unit=base.unit,
        sources=keys,
        source_note=note,
        set_by=str(entry["set_by"]),
        on=on,
        lowest=base.lowest,
        highest=base.highest,
    )


def _policy_source(text: str, where: str, name: str) -> tuple[tuple[str, ...], str]:
    """Keys such as 'S077, S078', or words after 'clinic:' where the clinic itself is the source."""
    if text.startswith("clinic:"):
        reason = text.removeprefix("clinic:").strip()
        if not reason:
            raise PolicyError(f"{where}: limit {name!r} says 'clinic:' and no reason. Write the clinic's own reason.")
        return (), reason
    keys = tuple(part.strip() for part in text.split(","))
    for key in keys:
        try:
            source(key)
        except UnknownSourceError:
            raise PolicyError(
                f"{where}: limit {name!r} names source {key!r}, which is not on file. Write a key of "
                "evidence/sources.csv, or 'clinic: ' and the clinic's own reason."
            ) from None
    return keys, ""


def _where(text: str, name: str) -> str:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().startswith("[") and name in line:
            return f"Line {number}"
    return "The policy"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
