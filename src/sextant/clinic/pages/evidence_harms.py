"""Reports of harm, apart by what is counted: patients over a course, infusions, or a mean change at the worst time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sextant.clinic.pages.evidence_words import Address, addresses_of, name_of, plain
from sextant.evidence.dependence import dependences
from sextant.evidence.library import library
from sextant.evidence.rows import AdverseEvent

_SHOWN_FIRST = 6
_EVENTS = {
    "vertigo_dizziness": "vertigo or dizziness",
    "side_effects_in_5pct_or_more": "side effects in 5 % of people or more:",
    "infusion_stopped_for_vitals_or_psychotomimetic": "stopped for vital signs or altered perception",
}
_RARE = 0.01  # below it the counts are written: '6 of 6630' says more than '0.09 %'


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one study says: its most frequent or largest figures first."""

    name: str
    of: str
    first: tuple[str, ...]
    more: tuple[str, ...]
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harms:
    """Reports that count the same thing. Figures of different groups do not compare."""

    name: str
    title: str
    counted: str
    reports: tuple[Report, ...]


_GROUPS = (
    (
        "patients",
        "Of patients, over a whole course",
        "Of those treated, how many had it at least once, however many infusions they had.",
        ("patients_with_event_over_course", "lower_bound_patients_with_event"),
    ),
    (
        "infusions",
        "Of infusions",
        "Of all infusions, in how many it happened. One patient with many infusions counts many times.",
        ("infusions_with_event",),
    ),
    (
        "worst",
        "Mean change at the worst time",
        "How far pressure and pulse rose on average when they were highest. One person’s rise can be far larger.",
        ("mean_change_at_peak", "pooled_mean_change"),
    ),
)


@cache
def harms() -> tuple[Harms, ...]:
    """All reports of harm in their groups; what fits none of them stands last."""
    known = [measure for _, _, _, measures in _GROUPS for measure in measures]
    rest = tuple(sorted({row.measure for row in library().adverse_events} - set(known)))
    groups = (*_GROUPS, ("other", "Other figures", "Each counts something of its own, which it says.", rest))
    return tuple(
        Harms(name=name, title=title, counted=counted, reports=_reports(measures))
        for name, title, counted, measures in groups
        if _reports(measures)
    )


@cache
def shared_people() -> tuple[str, ...]:
    """Which of the reports are in part about the same people."""
    reporting = {row.study_id for row in library().adverse_events}
    return tuple(
        plain(one.says) for one in dependences() if one.kind == "overlap" and len(reporting & set(one.studies)) > 1
    )


def _reports(measures: Sequence[str]) -> tuple[Report, ...]:
    rows: dict[str, list[AdverseEvent]] = {}
    for row in library().adverse_events:
        if row.measure in measures:
            rows.setdefault(row.study_id, []).append(row)
    return tuple(_report(of_study) for of_study in sorted(rows.values(), key=len, reverse=True))


def _report(rows: Sequence[AdverseEvent]) -> Report:
    first = rows[0]
    told = [_told(row) for row in sorted(rows, key=lambda row: -(row.value or 0))]
    infusions = first.measure == "infusions_with_event"
    of, what = (first.n_infusions, "infusions") if infusions else (first.n_patients, "people")
    # One figure more than is shown first is shown too: 'and 1 more' would take as much room.
    shown = len(told) if len(told) <= _SHOWN_FIRST + 1 else _SHOWN_FIRST
    return Report(
        name=name_of(first.study_id),
        of=plain(first.population if of is None else f"{of:,} {what}; {first.population}"),
        first=tuple(told[:shown]),
        more=tuple(told[shown:]),
        addresses=addresses_of(row.source_address for row in rows),
    )


def _event_words(event: str) -> str:
    """An event in words.

    >>> _event_words("stopped_nausea")
    'stopped for nausea'
    """
    words = _EVENTS.get(event, event.replace("_", " "))
    return re.sub(r"^stopped (?!for )", "stopped for ", words)


def _told(row: AdverseEvent) -> str:
    event = _event_words(row.event)
    if row.value is None:
        return event
    if row.measure == "lower_bound_patients_with_event":
        return f"{event} {100 * row.value:.0f} % or more"
    if row.unit == "proportion":
        if row.events is None or row.denominator is None:
            return f"{event} {100 * row.value:.1f} %"
        if row.value >= _RARE:
            return f"{event} {100 * row.value:.0f} %"
        return f"{event}: {row.events or 'none'} of {row.denominator:,}"
    unit = "" if row.unit in (None, "OR") else f" {row.unit}"
    words = f"{event}{' odds ratio' if row.unit == 'OR' else ''} {row.value:g}{unit}"
    if row.ci_low is not None and row.ci_high is not None:
        words += f" (95 % {row.ci_low:g} to {row.ci_high:g})"
    return words
