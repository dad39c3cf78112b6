"""Has the person used since the last visit?"""

from datetime import datetime, timedelta

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.protocol.sobriety import chosen_reports, speaks_of, uncovered_days, use_reports
from sextant.record import (
    ANY_PROBLEM,
    TOBACCO,
    Concept,
    Condition,
    PatientRecord,
    Target,
    UseReport,
    concepts_of,
    entries_in,
    known_as,
    none_is_none_of,
    one_name,
    plain,
)
from sextant.units.words import count_words, day_words, list_words

_ASK_AGAIN = "Use since then is asked and entered."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    valid = limits["use_report_valid_days"]
    active = lapse(record)
    if active is not None:
        return _after(active, record, limits, now)
    reports = [report for report in chosen_reports(record) if report.used is not None]
    if not reports:
        return ask(
            _not_asked(record) + _old_overdose(record),
            seen_on=max((one.day for one in chosen_reports(record)), default=None),
            limit=valid,
            opens_when="Use since the last visit is asked and entered.",
        )
    newest = _of_newest_day(reports)
    newest_day, known_to = newest[0].day, max(report.covers_to for report in newest)
    if (now.date() - known_to).days > (valid.value or 0):
        return ask(
            f"What we know of use ends on {day_words(known_to)}.",
            seen_on=newest_day,
            limit=valid,
            opens_when=_ASK_AGAIN,
        )
    contradicted = _contradicted(record)
    if contradicted is not None:
        return ask(
            f"{contradicted.evidence.words.capitalize()} of {day_words(contradicted.day)} says "
            f"{_named(contradicted)} was used, a later report of the same days says not.",
            seen_on=contradicted.day,
            opens_when="It is talked over, and a test or a later report settles it.",
        )
    unsaid = [one for one in chosen_reports(record) if one.used is None and one.covers_to > known_to]
    if unsaid:
        return ask(
            f"Asked on {day_words(unsaid[-1].day)}, and use after {day_words(known_to)} is not known.",
            seen_on=unsaid[-1].day,
            opens_when=_ASK_AGAIN,
        )
    gap = uncovered_days(record, record.infusions[-1].day, known_to) if record.infusions else 0
    if gap:
        return ask(
            f"{count_words(gap, 'day')} since the last infusion: nobody has asked about use.",
            seen_on=newest_day,
            opens_when=_ASK_AGAIN,
        )
    sources = " and ".join(sorted({report.evidence.words for report in newest}))
    return open_(
        f"No use since the last visit, known up to {day_words(known_to)} ({sources}).",
        seen_on=newest_day,
        limit=valid,
        holds_to=known_to + timedelta(days=valid.value or 0),
    )


def _not_asked(record: PatientRecord) -> str:
    """What of the chosen problem nobody has asked about yet, beside what was asked of it."""
    target, unsaid = record.latest(Target), chosen_reports(record)
    of = "" if target is None else f" of {one_name(target.problem)}"
    if unsaid:
        return f"Asked on {day_words(unsaid[-1].day)}, and use{of} is not known."
    treated = frozenset() if target is None else entries_in(target.problem)
    free = [one.problem for one in record.all(UseReport) if one.used is False]
    asked = [name for name in free if (known := known_as(name)) is not None and known.entry in treated]
    if not asked:
        return f"Nobody has asked about use{of}."
    begun = {known.entry for name in asked if (known := known_as(name)) is not None}
    left = [
        f"{entry} as a whole" if entry in begun else entry
        for entry in sorted(treated)
        if not any(none_is_none_of(name, entry) for name in asked)
    ]
    about = list_words(list(dict.fromkeys(one_name(name) for name in asked)))
    if not left:
        return f"What is known is of {about}, each by itself. Ask about any use."
    return f"What is known is of {about} alone: nobody has asked about {list_words(left)}."


def lapse(record: PatientRecord) -> UseReport | None:
    """The use since the last visit that the newest day of asking about it told of, however long ago that was.

    What was told of one substance is ended by no answer about another: each is read by its own newest day of asking.
    """
    reports = [report for report in use_reports(record) if report.used is not None]
    used = [report for report in reports if report.used]
    if not used:
        return None
    active = [one for one in used if _is_active(one, record, reports) and one in _of_newest_day(_of_same(one, record))]
    return max(active, key=lambda one: (one.covers_to, one.day), default=None)


def _after(active: UseReport, record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    """What the gate says after a lapse: closed while what is known of it counts, then asked again."""
    valid = limits["use_report_valid_days"]
    name = _named(active)
    when = "on days not named, up to" if active.known_use_on is None else "up to"
    last = day_words(active.use_reaches or active.covers_to)
    saw = f"Use of {name} {when} {last} ({active.evidence.words})."
    known_to = max(report.covers_to for report in _of_newest_day(_of_same(active, record)))
    if (now.date() - known_to).days > (valid.value or 0):
        return ask(f"{saw} Nobody has asked about it since.", seen_on=active.day, limit=valid, opens_when=_ASK_AGAIN)
    why, or_else = _unjudged(active, record)
    return closed(
        f"{saw}{why or ' Offer support and rebook.'}",
        seen_on=active.day,
        opens_when=f"At a later visit no use of {name} is reported and any test is negative.{or_else}",
    )


def _unjudged(active: UseReport, record: PatientRecord) -> tuple[str, str]:
    """Where use closes because a name says nothing to us: why, and what else opens. Nobody is judged by a name."""
    target = record.latest(Target)
    if plain(active.problem) == ANY_PROBLEM or (target is not None and speaks_of(active, target.problem)):
        return "", ""
    known = known_as(active.problem)
    if known is None:
        return (
            f" We do not know what “{active.problem}” means, so it closes as any use does; a prescriber judges it.",
            " Or the entry is corrected: to the listed substance that the name means, or taken back where a prescriber "
            "judges that it bars nothing.",
        )
    if known.entry == TOBACCO and target is not None:
        return (
            f" The target “{target.problem}” does not tell us that something else is treated, so it closes.",
            " Or the target is written in a name that is known here.",
        )
    return "", ""


def _of_same(report: UseReport, record: PatientRecord) -> list[UseReport]:
    """The reports that tell of what a report tells of, used or not; those that speak of the chosen problem are one."""
    target = record.latest(Target)
    problem = target.problem if target is not None and speaks_of(report, target.problem) else report.problem
    return [one for one in record.all(UseReport) if one.used is not None and speaks_of(one, problem)]


def _of_newest_day(reports: list[UseReport]) -> list[UseReport]:
    newest_day = max((report.day for report in reports), default=None)
    return [report for report in reports if report.day == newest_day]


def _contradicted(record: PatientRecord) -> UseReport | None:
    """Earlier evidence of use on a day, or on some of the days, that the newest report of the same calls free."""
    for report in use_reports(record):
        if not report.used:
            continue
        newest = _of_newest_day(_of_same(report, record))
        free = [later for later in newest if not later.used]
        used_on = report.known_use_on
        if report in newest:
            continue
        if used_on is not None and any(later.covers_from < used_on <= later.covers_to for later in free):
            return report
        if used_on is None and any(
            later.covers_from <= report.covers_from and report.covers_to <= later.covers_to for later in free
        ):
            return report
    return None


def _named(report: UseReport) -> str:
    return "something not named" if plain(report.problem) == ANY_PROBLEM else report.problem


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
        return report.last_used_on >= report.covers_to or _was_denied(report, reports)
    return report.last_used_on >= max(visits)


def _was_denied(report: UseReport, reports: list[UseReport]) -> bool:
    """Whether another report of that day says that the day of use was free: then it is news, and no past."""
    used_on = report.last_used_on
    return used_on is not None and any(
        not other.used and other.day == report.day and other.covers_from <= used_on <= other.covers_to
        for other in reports
    )


def _old_overdose(record: PatientRecord) -> str:
    hints = [one for one in record.all(Condition) if Concept.POSSIBLE_ADDICTION in concepts_of(one)]
    if not hints:
        return ""
    return f" {hints[-1].text} of {day_words(hints[-1].day)} is not read as present use."


RULE = Rule(
    code="GATE-005",
    title="Use since the last visit",
    strength=Strength.ABSOLUTE,
    sources=("S005", "S006", "S022", "S085", "D003", "S086"),
    check=check,
    limits=("use_report_valid_days",),
)
