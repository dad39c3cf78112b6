"""Has the person used since the last visit?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sextant.protocol.judged_use import judgement_of, latest_judgement, may_be_judged
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.protocol.sobriety import reports_of, speaks_of, treated, uncovered_days, use_reports
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
    names_in,
    none_is_none_of,
    one_name,
    plain,
    use_is_of,
)
from sextant.units.words import count_words, day_words, list_words

_ASK_AGAIN = "Use since then is asked and entered."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    active = lapse(record)
    if active is not None:
        return _after(active, record, limits, now)
    # Of several things that are treated each is asked about by itself, and the first that is not known bars.
    found = [_asked_about(name, record, limits, now) for name in treated(record) or (None,)]
    for one in found:
        if isinstance(one, Answered):
            return one
    free = [one for one in found if isinstance(one, _Free)]
    known_to, valid = min(one.known_to for one in free), limits["use_report_valid_days"]
    sources = " and ".join(sorted({source for one in free for source in one.sources}))
    saw = _past_at_first_contact(record) or "No use since the last visit"
    return open_(
        f"{saw}, known up to {day_words(known_to)} ({sources}).{_judged(record)}",
        seen_on=min(one.newest_day for one in free),
        limit=valid,
        holds_to=known_to + timedelta(days=valid.value or 0),
    )


@dataclass(frozen=True, slots=True)
class _Free:
    """One thing that was not used since the last visit: up to when that is known, when it was asked, who says so."""

    known_to: date
    newest_day: date
    sources: frozenset[str]


def _asked_about(name: str | None, record: PatientRecord, limits: Limits, now: datetime) -> Answered | _Free:
    """What the newest asking says of one thing that is treated; of any use where nothing is chosen yet."""
    valid, told = limits["use_report_valid_days"], reports_of(record, name)
    # Use of a kind ('beer') tells nothing of the days without it, so it is no asking about the whole ('alcohol').
    reports = [one for one in told if one.used is not None and (name is None or none_is_none_of(one.problem, name))]
    if not reports:
        return ask(
            _not_asked(record, name) + _old_overdose(record),
            seen_on=max((one.day for one in told), default=None),
            limit=valid,
            opens_when="Use since the last visit is asked and entered.",
        )
    of = f" of {name}" if len(treated(record)) > 1 else ""
    newest = _of_newest_day(reports)
    newest_day, known_to = newest[0].day, max(report.covers_to for report in newest)
    if (now.date() - known_to).days > (valid.value or 0):
        return ask(
            f"What we know of use{of} ends on {day_words(known_to)}.",
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
    unsaid = [one for one in told if one.used is None and one.covers_to > known_to]
    if unsaid:
        return ask(
            f"Asked on {day_words(unsaid[-1].day)}, and use{of} after {day_words(known_to)} is not known.",
            seen_on=unsaid[-1].day,
            opens_when=_ASK_AGAIN,
        )
    gap = uncovered_days(record, name, record.infusions[-1].day, known_to) if record.infusions else 0
    if gap:
        return ask(
            f"{count_words(gap, 'day')} since the last infusion: nobody has asked about use{of}.",
            seen_on=newest_day,
            opens_when=_ASK_AGAIN,
        )
    return _Free(known_to, newest_day, frozenset(report.evidence.words for report in newest))


def _not_asked(record: PatientRecord, name: str | None) -> str:
    """What of the thing that is treated nobody has asked about yet, beside what was asked of it."""
    target, unsaid = record.latest(Target), reports_of(record, name)
    of = "" if name is None else f" of {one_name(name)}"
    if unsaid:
        return f"Asked on {day_words(unsaid[-1].day)}, and use{of} is not known."
    entries = frozenset() if target is None else entries_in(target.problem)
    free = [one.problem for one in record.all(UseReport) if one.used is False]
    asked = [told for told in free if (known := known_as(told)) is not None and known.entry in entries]
    if not asked:
        names = [one_name(one) for one in treated(record) if not reports_of(record, one)]
        return f"Nobody has asked about use{' of ' if names else ''}{list_words(names)}."
    begun = {known.entry for told in asked if (known := known_as(told)) is not None}
    left = [
        f"{entry} as a whole" if entry in begun else entry
        for entry in sorted(entries)
        if not any(none_is_none_of(told, entry) for told in asked)
    ]
    names = list(dict.fromkeys(one_name(told) for told in asked))
    about = list_words(names)
    if not left:
        return f"What is known is of {about}, {'each by itself' if len(names) > 1 else 'by itself'}. Ask about any use."
    return f"What is known is of {about} alone: nobody has asked about {list_words(left)}."


def lapse(record: PatientRecord) -> UseReport | None:
    """The use since the last visit that the newest day of asking about it told of, however long ago that was.

    What was told of one substance is ended by no answer about another: each is read by its own newest day of asking.
    """
    reports = [report for report in use_reports(record) if report.used is not None]
    active = [one for one in reports if one.used and _is_active(one, record, reports)]
    return max(active, key=lambda one: (one.covers_to, one.day), default=None)


def _after(active: UseReport, record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    """What the gate says after a lapse: closed while what is known of it counts, then asked again."""
    valid = limits["use_report_valid_days"]
    name = _named(active)
    when = "on days not named, up to" if active.known_use_on is None else "up to"
    last = day_words(active.use_reaches or active.covers_to)
    saw = f"Use of {name} {when} {last} ({active.evidence.words})."
    of = [newest for newest in _newest_askings(active, record).values() if active in newest]
    known_to = max(report.covers_to for newest in of for report in newest)
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
    of_treated = any(speaks_of(active, name) for name in treated(record))
    if plain(active.problem) == ANY_PROBLEM or of_treated or len(names_in(active.problem)) > 1:
        return "", ""
    known = known_as(active.problem)
    if known is None:
        why = f" We do not know what “{active.problem}” means, so it closes as any use does"
        corrected = "the entry is corrected to the listed substance that the name means"
        if not may_be_judged(active.problem, target):
            return f"{why}.", f" Or {corrected}."
        again = ""
        if earlier := latest_judgement(active.problem, record):
            again = f" The judgement of {day_words(earlier.day)} is on the reports and the target of then."
        return (
            f"{why}; a prescriber judges it.{again}",
            f" Or a prescriber judges that it bars nothing, and writes why; or {corrected}.",
        )
    if known.entry == TOBACCO and target is not None:
        return (
            f" The target “{target.problem}” does not tell us that something else is treated, so it closes.",
            " Or the target is written in a name that is known here.",
        )
    return "", ""


def _past_at_first_contact(record: PatientRecord) -> str:
    """What was told of use where the first asking is the only one: no visit was before it that it could be since."""
    reports = [report for report in use_reports(record) if report.used is not None]
    told = [one for one in reports if one.use_reaches is not None]
    first = min(report.day for report in reports)
    if not told or any(one.day > first for one in reports) or any(one.day < first for one in record.infusions):
        return ""
    last = max(told, key=lambda one: one.use_reaches or one.covers_to)
    return (
        f"First contact: last use told of is of {_named(last)}, {day_words(last.use_reaches or last.covers_to)}, which "
        "the days sober count from. No use since"
    )


def _judged(record: PatientRecord) -> str:
    """The use that would close the gate if a prescriber had not judged that it bars nothing, with the reason."""
    found = {}
    for report in record.all(UseReport):
        if (judged := judgement_of(report, record)) and _is_newest(report, record):
            found[judged.fact_id] = judged
    return "".join(
        f" Use of “{one.problem}” bars nothing, as a prescriber judged on {day_words(one.day)}"
        f"{f' ({one.source})' if one.source else ''}: {one.reason}"
        for one in found.values()
    )


def _newest_askings(report: UseReport, record: PatientRecord) -> dict[str, list[UseReport]]:
    """The newest asking, used or not, about each thing that a report tells of, by its name."""
    said = [one for one in record.all(UseReport) if one.used is not None]
    return {name: _of_newest_day([one for one in said if speaks_of(one, name)]) for name in _told_names(report, record)}


def _told_names(report: UseReport, record: PatientRecord) -> list[str]:
    """What a report tells of, each by itself: the things that are treated, and what it names beside them."""
    of = [name for name in treated(record) if speaks_of(report, name)]
    if of and plain(report.problem) == ANY_PROBLEM:
        return of
    return [*of, *(one for one in names_in(report.problem) if not any(use_is_of(one, name) for name in of))]


def _is_newest(report: UseReport, record: PatientRecord) -> bool:
    """Whether nothing that a report tells of was asked about on a later day, or not all of it."""
    return any(report in newest for newest in _newest_askings(report, record).values())


def _of_newest_day(reports: list[UseReport]) -> list[UseReport]:
    newest_day = max((report.day for report in reports), default=None)
    return [report for report in reports if report.day == newest_day]


def _contradicted(record: PatientRecord) -> UseReport | None:
    """Earlier evidence of use on a day, or on some of the days, that the newest report of the same calls free."""
    for report in use_reports(record):
        if not report.used:
            continue
        askings = _newest_askings(report, record).values()
        free = [later for newest in askings for later in newest if not later.used]
        used_on = report.known_use_on
        if any(report in newest for newest in askings):
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
    """Use since the last visit of something that was not asked about on a later day.

    Use before that is past: the days sober speak of it.
    """
    askings = _newest_askings(report, record).items()
    return any(report in newest and _is_news(report, name, record, reports) for name, newest in askings)


def _is_news(report: UseReport, name: str, record: PatientRecord, reports: list[UseReport]) -> bool:
    """Use of one thing since the last visit at which it was asked about; at first contact, use up to that day.

    Where it was asked about at none of the visits, use since the first of them is news.
    """
    if report.last_used_on is None:
        return True
    earlier = [one for one in reports if one.day < report.day]
    given = [infusion.day for infusion in record.infusions if infusion.day < report.day]
    visits = [*given, *(one.day for one in earlier)]
    if not visits:
        return report.last_used_on >= report.covers_to or _was_denied(report, reports)
    asked = [*given, *(one.day for one in earlier if speaks_of(one, name))]
    return report.last_used_on >= max(asked, default=min(visits))


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
