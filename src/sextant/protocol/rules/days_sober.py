"""Has the person been sober long enough, by the clinic's own limit?"""

from datetime import date, datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.protocol.sobriety import sobriety, use_reports
from sextant.record import PatientRecord
from sextant.units.words import count_words, day_words

_DAYS_BEFORE = ("S077", "S053", "S078", "S005", "S006", "S083", "S084", "S052", "S079", "S080", "S081", "S082", "S051")
_HOURS_BEFORE = ("D064", "D065", "D066", "D067", "D068", "D069", "D070")


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    limit = limits["days_sober"]
    sober = sobriety(record, now)
    last_infusion = record.series[-1].day if record.series else None
    if last_infusion and not _used_since(record, last_infusion):
        return open_(
            f"Counted before the first infusion; no use on record since the infusion of {day_words(last_infusion)}.",
            seen_on=sober.known_to,
            limit=limit,
        )
    if limit.value is None:
        return ask(
            "The clinic has not set how many days sober it asks for, and no source settles it.",
            seen_on=sober.known_to,
            limit=limit,
            opens_when="The medical director sets the days, and they have passed.",
        )
    if sober.low_days is None:
        return ask(
            f"Days sober are not known: {sober.evidence}.",
            limit=limit,
            opens_when=f"At least {limit.value:g} days without use are on record.",
        )
    old = sober.known_to is None or (now.date() - sober.known_to).days > (limits["use_report_valid_days"].value or 0)
    if old:
        return ask(
            f"Sober for at least {count_words(sober.low_days, 'day')} when last asked, "
            f"up to {day_words(sober.known_to or now.date())}.",
            seen_on=sober.known_to,
            limit=limit,
            opens_when="Use since then is asked and entered.",
        )
    if sober.low_days >= limit.value:
        return open_(
            f"Sober for at least {count_words(sober.low_days, 'day')} ({sober.evidence}).",
            seen_on=sober.known_to,
            limit=limit,
        )
    opens = f"{limit.value:g} days have passed without use; known to be {sober.low_days} so far."
    if sober.high_days is None or sober.high_days >= limit.value:
        return ask(
            f"Sober for {count_words(sober.low_days, 'day')} surely; what came before is not known.",
            seen_on=sober.known_to,
            limit=limit,
            opens_when=f"What is not known is asked; {opens}",
        )
    if sober.last_used_on == now.date():
        last = "today"
    elif sober.low_days == sober.high_days and sober.last_used_on is not None:
        last = f"on {day_words(sober.last_used_on)}"
    else:
        last = f"{sober.low_days} to {count_words(sober.high_days, 'day')} ago"
    return closed(
        f"Last use {last} ({sober.evidence}).",
        seen_on=sober.known_to,
        limit=limit,
        opens_when=opens,
    )


def _used_since(record: PatientRecord, day: date) -> bool:
    """Use on or after a day; a span with use on days not named counts to its end."""
    return any(report.use_reaches is not None and report.use_reaches >= day for report in use_reports(record))


RULE = Rule(
    code="GATE-006",
    title="Days sober",
    strength=Strength.SOFT,
    sources=(*_DAYS_BEFORE, *_HOURS_BEFORE),
    check=check,
    limits=("days_sober", "use_report_valid_days"),
)
