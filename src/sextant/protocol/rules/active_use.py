"""Has the person used since the last visit?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.protocol.sobriety import use_reports
from sextant.record import Concept, Condition, PatientRecord, UseReport, concepts_of
from sextant.units.words import day_words

_OPENS = "At a later visit no use is reported and any test is negative."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    reports = [report for report in use_reports(record) if report.used is not None]
    valid = limits["use_report_valid_days"]
    if not reports:
        return ask(
            "Nobody has asked about use." + _old_overdose(record),
            limit=valid,
            opens_when="Use since the last visit is asked and entered.",
        )
    newest_day = max(report.day for report in reports)
    newest = [report for report in reports if report.day == newest_day]
    active = next((report for report in newest if _is_active(report, record, reports)), None)
    if active is not None:
        last = active.last_used_on or active.covers_to
        return closed(
            f"Use of {active.problem} up to {day_words(last)} ({active.evidence.value}). Offer support and rebook.",
            seen_on=active.day,
            opens_when=_OPENS,
        )
    reaches = max(report.covers_to for report in newest)
    if (now.date() - reaches).days > (valid.value or 0):
        return ask(
            f"What we know of use ends on {day_words(reaches)}.",
            seen_on=newest_day,
            limit=valid,
            opens_when="Use since then is asked and entered.",
        )
    sources = " and ".join(sorted({report.evidence.value for report in newest}))
    return open_(
        f"No use since the last visit, known up to {day_words(reaches)} ({sources}).",
        seen_on=newest_day,
        limit=valid,
    )


def _is_active(report: UseReport, record: PatientRecord, reports: list[UseReport]) -> bool:
    """Use since the last visit; at the first contact, use up to the day of asking.

    Use before that is past: the days sober speak of it.
    """
    if not report.used:
        return False
    if report.last_used_on is None:
        return True
    visits = [earlier.day for earlier in reports if earlier.day < report.day]
    visits += [infusion.day for infusion in record.infusions if infusion.day < report.day]
    if not visits:
        return report.last_used_on >= report.covers_to
    return report.last_used_on >= max(visits)


def _old_overdose(record: PatientRecord) -> str:
    hints = [one for one in record.all(Condition) if Concept.POSSIBLE_ADDICTION in concepts_of(one)]
    if not hints:
        return ""
    return f" {hints[-1].text} of {day_words(hints[-1].day)} is not read as present use."


RULE = Rule(
    code="GATE-005",
    title="Use since the last visit",
    strength=Strength.ABSOLUTE,
    sources=("S005", "S006", "S044", "S085", "S088"),
    check=check,
)
