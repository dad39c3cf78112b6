"""Has the person used since the last visit?"""

from datetime import datetime, timedelta

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.protocol.sobriety import uncovered_days, use_reports
from sextant.record import Concept, Condition, PatientRecord, UseReport, concepts_of
from sextant.units.words import count_words, day_words

_OPENS = "At a later visit no use is reported and any test is negative."
_ASK_AGAIN = "Use since then is asked and entered."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    reports = [report for report in use_reports(record) if report.used is not None]
    valid = limits["use_report_valid_days"]
    if not reports:
        return ask(
            "Nobody has asked about use." + _old_overdose(record),
            limit=valid,
            opens_when="Use since the last visit is asked and entered.",
        )
    newest = _of_newest_day(reports)
    newest_day, known_to = newest[0].day, max(report.covers_to for report in newest)
    active = lapse(record)
    old = (now.date() - known_to).days > (valid.value or 0)
    if active is not None:
        when = "on days not named, up to" if active.known_use_on is None else "up to"
        last = day_words(active.use_reaches or active.covers_to)
        saw = f"Use of {active.problem} {when} {last} ({active.evidence.value})."
        if old:
            return ask(f"{saw} Nobody has asked since.", seen_on=active.day, limit=valid, opens_when=_ASK_AGAIN)
        return closed(f"{saw} Offer support and rebook.", seen_on=active.day, opens_when=_OPENS)
    if old:
        return ask(
            f"What we know of use ends on {day_words(known_to)}.",
            seen_on=newest_day,
            limit=valid,
            opens_when=_ASK_AGAIN,
        )
    contradicted = _contradicted(newest, reports)
    if contradicted is not None:
        return ask(
            f"{contradicted.evidence.value.capitalize()} of {day_words(contradicted.day)} says "
            f"{contradicted.problem} was used, a later report of the same days says not.",
            seen_on=contradicted.day,
            opens_when="It is talked over, and a test or a later report settles it.",
        )
    unsaid = [one for one in use_reports(record) if one.used is None and one.covers_to > known_to]
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
    sources = " and ".join(sorted({report.evidence.value for report in newest}))
    return open_(
        f"No use since the last visit, known up to {day_words(known_to)} ({sources}).",
        seen_on=newest_day,
        limit=valid,
        holds_to=known_to + timedelta(days=valid.value or 0),
    )


def lapse(record: PatientRecord) -> UseReport | None:
    """The use since the last visit that the newest day of asking told of, however long ago that was."""
    reports = [report for report in use_reports(record) if report.used is not None]
    return next((report for report in _of_newest_day(reports) if _is_active(report, record, reports)), None)


def _of_newest_day(reports: list[UseReport]) -> list[UseReport]:
    newest_day = max((report.day for report in reports), default=None)
    return [report for report in reports if report.day == newest_day]


def _contradicted(newest: list[UseReport], reports: list[UseReport]) -> UseReport | None:
    """Earlier evidence of use on a day that the newest report calls free, or on days of which it calls each free."""
    free = [report for report in newest if not report.used]
    for report in reports:
        if not report.used or report in newest:
            continue
        used_on = report.known_use_on
        if used_on is not None and any(later.covers_from < used_on <= later.covers_to for later in free):
            return report
        if used_on is None and any(
            later.covers_from <= report.covers_from and report.covers_to <= later.covers_to for later in free
        ):
            return report
    return None


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
    sources=("S005", "S006", "S022", "S085", "D003", "S086"),
    check=check,
    limits=("use_report_valid_days",),
)
