"""Who may pass a closed gate, and whether a signature still holds.

A signature is of one person, for one gate as it stood, and lapses with the visit. An absolute gate is passed by
nobody; a gate that asks is passed by nobody either: what is missing is supplied, never waived.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from sextant.protocol.rule import Finding, Strength, Verdict
from sextant.record import Override, PatientRecord

PRESCRIBER = "prescriber"
QUALIFIED = frozenset({PRESCRIBER, "director"})
"""Roles whose signature counts: the prescriber's own, and that of the second person beside it."""

SIGNATURES = {Strength.SOFT: 1, Strength.HARD: 2}
"""How many people sign to pass a closed gate; an absolute one is not in the list."""


def may_be_passed(finding: Finding) -> bool:
    """Whether any number of signatures passes this gate as it stands."""
    return finding.verdict is Verdict.CLOSED and finding.strength in SIGNATURES


def signatures(finding: Finding, record: PatientRecord, now: datetime) -> tuple[Override, ...]:
    """The signatures that hold for this gate as it stands, one for each person.

    One that was given for other words than the gate says now is void: what was signed is not what is there.
    """
    holding = {
        one.signed_by: one
        for one in record.all(Override)
        if one.code == finding.code
        and one.saw == finding.saw
        and one.taken_at <= now <= one.ends_at
        and one.role in QUALIFIED
        and one.reason.strip()
    }
    return tuple(holding.values())


def passed(finding: Finding, record: PatientRecord, now: datetime) -> bool:
    """Whether the way is free at this gate: it stands open, or those who may have signed that it is passed."""
    if not finding.shut:
        return True
    if not may_be_passed(finding):
        return False
    signed = signatures(finding, record, now)
    return len(signed) >= SIGNATURES[finding.strength] and any(one.role == PRESCRIBER for one in signed)


def barring(findings: Iterable[Finding], record: PatientRecord, now: datetime) -> tuple[Finding, ...]:
    """The gates that bar the way, the most binding first."""
    shut = [one for one in findings if not passed(one, record, now)]
    return tuple(sorted(shut, key=lambda one: (list(Strength).index(one.strength), one.code)))


def end_of_visit(now: datetime) -> datetime:
    """When a signature lapses: with the visit, and no visit outlasts its day. In the zone of `now`."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
    return midnight - timedelta(microseconds=1)
