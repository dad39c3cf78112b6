"""All gates of one patient at one moment."""

from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

from sextant.protocol import rules
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Finding, Rule
from sextant.record import PatientRecord

PROTOCOL_VERSION = "protocol-1"


def _collect() -> tuple[Rule, ...]:
    modules = (import_module(f"{rules.__name__}.{info.name}") for info in iter_modules(rules.__path__))
    return tuple(sorted((module.RULE for module in modules), key=lambda rule: rule.code))


RULES: tuple[Rule, ...] = _collect()
"""Every rule in `protocol/rules`, by code: a new file is a new rule, nothing else is edited."""


def screen(record: PatientRecord, limits: Limits, now: datetime) -> tuple[Finding, ...]:
    """Ask every gate of the record as it stood at `now`; facts of later times are not looked at.

    Returns
    -------
    one finding for each rule, in the order of their codes
    """
    known, _ = record.as_of(now)
    return tuple(rule.find(known, limits, now) for rule in RULES)
