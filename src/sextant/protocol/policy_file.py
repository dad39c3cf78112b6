"""A clinic's policy file: read whole or refused by line."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from sextant.evidence import UnknownSourceError, source
from sextant.protocol.limits import Limit, Limits, Switch, default_limits, digest

_HIGHEST = 10_000  # no limit here is meant larger; it only catches slips
_PARTS = ("value", "unit", "source", "set_by", "on")
_SWITCH_PARTS = ("value", "source", "set_by", "on")
# Limits of which none may be above the next: one that is slowed only above where it is stopped is never slowed.
_IN_ORDER = (
    ("during_slow_systolic_mmhg", "during_hold_systolic_mmhg", "during_stop_systolic_mmhg"),
    ("during_slow_diastolic_mmhg", "during_hold_diastolic_mmhg", "during_stop_diastolic_mmhg"),
    ("youngest_age_years", "oldest_age_years"),
    ("bmi_lowest_kg_per_m2", "bmi_highest_kg_per_m2"),
    ("heart_rate_lowest_per_min", "heart_rate_highest_per_min"),
    ("start_breaths_lowest_per_min", "start_breaths_highest_per_min"),
    ("start_systolic_lowest_mmhg", "start_systolic_mmhg"),
    ("infusions_before_judging", "infusions_in_series"),
)
_COUNTED = frozenset({"infusions"})


class PolicyError(ValueError):
    """A policy file that cannot be taken: the message names the line and what to write.

    `entry` is the limit or switch that it is about, `part` which part of it (value, unit, source, set_by or on), and
    `sentence` the message for whoever has that one entry before them and no file. All three may be empty.
    """

    def __init__(self, message: str, *, where: str = "", entry: str = "", part: str = "", sentence: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.entry = entry
        self.part = part
        self.sentence = sentence


def read_policy(text: str, *, today: date, in_force: Limits | None = None) -> Limits:
    """The default limits with a clinic's policy laid over them.

    Parameters
    ----------
    text : the policy file, TOML: `[limit.NAME]` with value, unit, source, set_by, on; `[switch.NAME]` without a unit
    today : the day on which it is read; an entry dated later is refused
    in_force : what it takes the place of. An entry that changes something is then dated today: a day of the past would
        say that another limit was in force than the one under which people were treated

    Raises
    ------
    PolicyError
        If the file is not TOML, names an unknown limit or switch, lacks a part, has another unit, leaves the built-in
        bounds or the order of limits that belong together, names a source key that does not resolve, or would rewrite
        history. The message names the line.
    """
    try:
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise PolicyError(f"The policy is not a TOML file: {error}.") from None
    if unknown := sorted(set(parsed) - {"limit", "switch"}):
        raise PolicyError(
            f"no such part [{unknown[0]}]. A policy has [limit.NAME] and [switch.NAME] entries only.",
            where=_where(text, unknown[0]),
        )
    default = default_limits()
    by_name, switches = dict(default.by_name), dict(default.switches)
    for entry in _entries(parsed, "limit", _PARTS, default.by_name, text):
        by_name[entry.name] = _set(by_name[entry.name], entry, today)
        _no_new_past(in_force.by_name[entry.name] if in_force else None, by_name[entry.name], entry, today)
    _check_order(by_name, parsed.get("limit", {}), text)
    for entry in _entries(parsed, "switch", _SWITCH_PARTS, default.switches, text):
        switches[entry.name] = _switched(switches[entry.name], entry, today)
        _no_new_past(in_force.switches[entry.name] if in_force else None, switches[entry.name], entry, today)
    return Limits(by_name, switches, f"policy {digest(text)} over {default.version}")


def _check_order(by_name: Mapping[str, Limit], told: Mapping[str, dict[str, Any]], text: str) -> None:
    """Refuse limits that belong together and stand the wrong way round; those that nobody has set are passed over."""
    for names in _IN_ORDER:
        together = [by_name[name] for name in names if by_name[name].value is not None]
        for low, high in pairwise(together):
            if (low.value or 0) > (high.value or 0):
                one = high if high.name in told else low
                raise _Entry(text, "limit", one.name, {}).refused(
                    f"of {one.value:g} does not fit: {low.name!r} is {low.value:g} and must not be above "
                    f"{high.name!r}, which is {high.value:g}. Change one of the two.",
                    "value",
                )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the file and how it is refused."""

    text: str
    kind: str
    name: str
    told: dict[str, Any]

    def refused(self, words: str, part: str = "") -> PolicyError:
        """The error whose sentence begins with this entry."""
        return PolicyError(
            f"{self.kind} {self.name!r} {words}",
            where=_where(self.text, f"{self.kind}.{self.name}"),
            entry=self.name,
            part=part,
            sentence=f"This {self.kind} {words}",
        )


def _entries(
    parsed: dict[str, Any], kind: str, parts: tuple[str, ...], known: Mapping[str, object], text: str
) -> list[_Entry]:
    """The entries of one kind, each known by name and with exactly its parts."""
    told = parsed.get(kind, {})
    if not isinstance(told, dict):
        raise PolicyError(f"write [{kind}.NAME] with {', '.join(parts)}.", where=_where(text, kind))
    for name, one in told.items():
        if name not in known:
            raise PolicyError(
                f"no {kind} is called {name!r}. Known: {', '.join(sorted(known))}.",
                where=_where(text, f"{kind}.{name}"),
            )
        if not isinstance(one, dict):
            raise PolicyError(f"write [{kind}.{name}] with {', '.join(parts)}.", where=_where(text, f"{kind}.{name}"))
        entry = _Entry(text, kind, name, one)
        if missing := [part for part in parts if one.get(part) in (None, "")]:
            raise entry.refused(f"lacks {', '.join(missing)}.", missing[0])
        words = [part for part in parts if part in {"unit", "source", "set_by"}]
        if empty := [part for part in words if not isinstance(one[part], str) or not one[part].strip()]:
            raise entry.refused(f"needs words as its {', '.join(words)}.", empty[0])
        if extra := sorted(set(one) - set(parts)):
            raise entry.refused(f"has an unknown part {extra[0]!r}.")
    return [_Entry(text, kind, name, one) for name, one in told.items()]


def _set(base: Limit, entry: _Entry, today: date) -> Limit:
    value = entry.told["value"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _HIGHEST:
        raise entry.refused(f"needs a number of 0 or more, at most {_HIGHEST}, as its value.", "value")
    if base.unit in _COUNTED and value != int(value):
        raise entry.refused(f"of {value:g} is no whole number of {base.unit}.", "value")
    if entry.told["unit"] != base.unit:
        raise entry.refused(f"is in {base.unit!r}, not in {entry.told['unit']!r}.", "unit")
    if (base.lowest is not None and value < base.lowest) or (base.highest is not None and value > base.highest):
        low = "" if base.lowest is None else f"at least {base.lowest:g} "
        high = "" if base.highest is None else f"at most {base.highest:g} "
        raise entry.refused(f"of {value:g} is out of bounds: {low}{high}{base.unit}.", "value")
    keys, note = _policy_source(entry)
    return replace(
        base,
        value=float(value),
        sources=keys,
        source_note=note,
        set_by=entry.told["set_by"],
        on=_day(entry, today),
    )


def _switched(base: Switch, entry: _Entry, today: date) -> Switch:
    if not isinstance(entry.told["value"], bool):
        raise entry.refused("needs true or false as its value.", "value")
    keys, note = _policy_source(entry)
    return replace(
        base,
        on=entry.told["value"],
        sources=keys,
        source_note=note,
        set_by=entry.told["set_by"],
        since=_day(entry, today),
    )


def _day(entry: _Entry, today: date) -> date:
    on = entry.told["on"]
    if type(on) is not date:
        raise entry.refused("needs a day in 'on', such as on = 2026-11-02.", "on")
    if on > today:
        raise entry.refused(f"is dated {on}, after today ({today}).", "on")
    return on


def _no_new_past(before: Limit | Switch | None, after: Limit | Switch, entry: _Entry, today: date) -> None:
    """A change is dated on the day on which it is made."""
    dated = after.on if isinstance(after, Limit) else after.since
    if before is not None and before != after and dated != today:
        raise entry.refused(
            f"is changed and dated {dated}, which would rewrite what was in force since then. Date the change today "
            f"({today}), or leave the entry as it stands.",
            "on",
        )


def _policy_source(entry: _Entry) -> tuple[tuple[str, ...], str]:
    """Keys such as 'S077, S078', or words after 'clinic:' where the clinic itself is the source."""
    told: str = entry.told["source"]
    if told.startswith("clinic:"):
        reason = told.removeprefix("clinic:").strip()
        if not reason:
            raise entry.refused("says 'clinic:' and no reason. Write the clinic's own reason.", "source")
        return (), reason
    keys = tuple(part.strip() for part in told.split(","))
    for key in keys:
        try:
            source(key)
        except UnknownSourceError:
            raise entry.refused(
                f"names source {key!r}, which is not on file. Write the key of one that is, or the clinic's own "
                "reason; in a file, after 'clinic: '.",
                "source",
            ) from None
    return keys, ""


def _where(text: str, name: str) -> str:
    """The line of an entry: its own heading where there is one, else the first heading that names it."""
    lines = [(number, line.split("#")[0].strip()) for number, line in enumerate(text.splitlines(), start=1)]
    for number, line in lines:
        if line.replace(" ", "").replace('"', "").replace("'", "") == f"[{name}]":
            return f"Line {number}"
    last = name.rsplit(".", maxsplit=1)[-1]
    for number, line in lines:
        if (line.startswith("[") and last in line) or (line.split("=")[0].strip().endswith(last) and "=" in line):
            return f"Line {number}"
    return "The policy"
