"""How much of a benzodiazepine is taken, which may weaken the effect?"""

from datetime import datetime, timedelta

from sextant.protocol.asked import ANSWERS, said, standing_answer
from sextant.protocol.benzodiazepines import TABLES, Equivalents
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, caution, closed, open_
from sextant.record import BenzodiazepineDose, PatientRecord
from sextant.units.words import day_words, list_words

_NEVER_AT_ONCE = "It is never stopped abruptly: that can cause seizures."
_SIGN = f"The prescriber signs the reason. {_NEVER_AT_ONCE}"


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    standing = standing_answer(record, "benzodiazepine", limits, now)
    if isinstance(standing, Answered):
        return standing
    answer, limit = standing.answer, limits["benzodiazepine_diazepam_mg_per_day"]
    doses = _doses(record)
    if answer.value == "no" and not doses:
        return open_(f"{said(answer)}.", seen_on=answer.day, limit=standing.limit, holds_to=standing.holds_to)
    if not doses:
        return ask(
            f"{said(answer)}; how much is not known.",
            seen_on=answer.day,
            limit=limit,
            opens_when="Medicine and milligrams a day are entered.",
        )
    oldest = min(dose.day for dose in doses)
    taken = list_words([f"{dose.drug.capitalize()} {dose.mg_per_day:g} mg a day" for dose in doses])
    equivalents = [(table, mg) for table in TABLES if (mg := _diazepam_mg(doses, table)) is not None]
    if not equivalents:
        listed = {drug for table in TABLES for drug in table.for_ten_mg}
        other = list_words([dose.drug for dose in doses if dose.drug.casefold() not in listed])
        return closed(f"{taken}; no table on file lists {other}.", seen_on=oldest, limit=limit, opens_when=_SIGN)
    words = " or ".join(f"{round(mg, 2):g} mg diazepam ({table.name})" for table, mg in equivalents)
    saw = f"{taken}: {words}."
    if limit.value is not None and max(mg for _, mg in equivalents) > limit.value:
        return closed(saw, seen_on=oldest, limit=limit, opens_when=_SIGN)
    # A small dose lets the person pass, so it grows old: more may be taken since.
    holds_to = oldest + timedelta(days=limits[ANSWERS].value or 0)
    if now.date() > holds_to:
        return ask(
            f"{taken}, entered on {day_words(oldest)}: too long ago to count.",
            seen_on=oldest,
            limit=limits[ANSWERS],
            opens_when="Medicine and milligrams a day are entered again.",
        )
    return caution(
        saw,
        seen_on=oldest,
        limit=limit,
        opens_when=f"The prescriber weighs a weaker effect. {_NEVER_AT_ONCE}",
        holds_to=holds_to,
    )


def _doses(record: PatientRecord) -> list[BenzodiazepineDose]:
    """The newest dose of each benzodiazepine since it was last answered that none is taken; 0 mg is one that ended."""
    none = [one.taken_at for one in record.answers("benzodiazepine") if one.value == "no"]
    newest = {
        dose.drug.casefold(): dose for dose in record.all(BenzodiazepineDose) if not none or dose.taken_at > none[-1]
    }
    return [dose for dose in newest.values() if dose.mg_per_day > 0]


def _diazepam_mg(doses: list[BenzodiazepineDose], table: Equivalents) -> float | None:
    """All of it as diazepam by one table, None where it does not list each."""
    each = [table.diazepam_mg(dose.drug.casefold(), dose.mg_per_day) for dose in doses]
    # Rounded, so that a machine's last digits do not put exactly the limit beyond it.
    return None if None in each else round(sum(mg for mg in each if mg is not None), 6)


RULE = Rule(
    code="GATE-031",
    title="Benzodiazepines",
    strength=Strength.SOFT,
    sources=("S063", "S064", "S065", "S066", "S099", "S100", "S101", "S102", "D071", "D073"),
    check=check,
    question="benzodiazepine",
    limits=("benzodiazepine_diazepam_mg_per_day", "screening_answer_valid_days"),
)
