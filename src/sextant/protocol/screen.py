"""All gates of one patient at one moment."""

from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

from sextant.protocol import rules
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Finding, Rule, Stage
from sextant.record import PatientRecord

PROTOCOL_VERSION = "protocol-4"


def _collect() -> tuple[Rule, ...]:
    modules = (import_module(f"{rules.__name__}.{info.name}") for info in iter_modules(rules.__path__))
    return tuple(sorted((module.RULE for module in modules), key=lambda rule: rule.code))


RULES: tuple[Rule, ...] = _collect()
"""Every rule in `protocol/rules`, by code: a new file is a new rule, nothing else is edited."""

PLANNING: frozenset[Stage] = frozenset({Stage.SCREENING})
"""The gates before every next step."""


def screen(
    record: PatientRecord, limits: Limits, now: datetime, *, stages: Collection[Stage] = PLANNING
) -> tuple[Finding, ...]:
    """Ask the gates of the record as it stood at `now`; facts of later times are not looked at.

    Parameters
    ----------
    stages : which gates are asked; `stages_at_start` names those of an infusion about to begin

    Returns
    -------
    one finding for each rule of these stages, in the order of their codes
    """
    known, _ = record.as_of(now)
    return tuple(rule.find(known, limits, now) for rule in RULES if rule.stage in stages)


def is_maintenance(record: PatientRecord, limits: Limits) -> bool:
    """Whether the series has as many infusions as it has at most: what comes next is maintenance."""
    return len(record.series) >= (limits["infusions_in_series"].value or 0)


def is_long_term(record: PatientRecord, limits: Limits) -> bool:
    """Whether as many infusions were given in all as a series has: a new one does not undo what they may harm."""
    return len(record.infusions) >= (limits["infusions_in_series"].value or 0)


def stages_of_planning(record: PatientRecord, limits: Limits) -> frozenset[Stage]:
    """The gates that are asked before a step is advised or decided on."""
    return PLANNING | {Stage.MAINTENANCE} if is_long_term(record, limits) else PLANNING


def stages_at_start(record: PatientRecord, limits: Limits) -> frozenset[Stage]:
    """The gates that are asked, all again, when an infusion is about to begin."""
    return frozenset({Stage.ARRIVAL, *stages_of_planning(record, limits)})
