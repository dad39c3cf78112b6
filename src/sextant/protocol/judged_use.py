"""A prescriber's judgement on use under a name that is not known here: what it speaks of, and what waits for one.

Such a name says nothing to us, so use under it closes the gate. A prescriber who knows what it means may judge that
what was told bars nothing. That opens only for the reports that were judged: one that is told, entered or corrected
later is judged anew, whatever day it tells of. A name in which anything known here is named is not judged so, nor is
what is treated.
"""

from sextant.record import (
    ANY_PROBLEM,
    PatientRecord,
    Target,
    UseJudged,
    UseReport,
    names_a_known_thing,
    one_name,
    plain,
    share_a_word,
    use_is_of,
)


def may_be_judged(name: str, target: Target | None) -> bool:
    """Whether use under a name is a prescriber's to judge: only where the name says nothing to us, and the target does.

    Beside a target that says nothing to us nobody here can tell that the name is not of what is treated.
    """
    if plain(name) == ANY_PROBLEM or names_a_known_thing(name):
        return False
    if target is None or not names_a_known_thing(target.problem):
        return False
    return not (use_is_of(name, target.problem) or share_a_word(name, target.problem))


def judgement_of(report: UseReport, record: PatientRecord) -> UseJudged | None:
    """The newest judgement that a report of use bars nothing: on that very report, for the target treated now."""
    target = record.latest(Target)
    if not report.used or target is None or not record.all(UseJudged) or not may_be_judged(report.problem, target):
        return None
    # By their places in the record: facts of one minute keep the order in which they were entered.
    place = {id(fact): number for number, fact in enumerate(record.facts)}
    since = max(place[id(report)], place[id(target)])
    on_it = [one for one in _of_name(report.problem, record) if report.fact_id in one.reports]
    return next((one for one in reversed(on_it) if place[id(one)] > since), None)


def latest_judgement(name: str, record: PatientRecord) -> UseJudged | None:
    """The newest judgement on a name, whether or not it still speaks of what was told."""
    return next(reversed(_of_name(name, record)), None)


def reports_to_judge(record: PatientRecord) -> dict[str, list[UseReport]]:
    """Reports of use that wait for a prescriber's judgement, by their name as it was written first."""
    target, waiting = record.latest(Target), dict[str, list[UseReport]]()
    written = dict[str, str]()
    for report in record.all(UseReport):
        if report.used and may_be_judged(report.problem, target) and judgement_of(report, record) is None:
            name = written.setdefault(one_name(report.problem), report.problem)
            waiting.setdefault(name, []).append(report)
    return waiting


def _of_name(name: str, record: PatientRecord) -> list[UseJudged]:
    return [one for one in record.all(UseJudged) if one_name(one.problem) == one_name(name)]
