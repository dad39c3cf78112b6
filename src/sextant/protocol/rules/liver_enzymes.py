"""Are liver enzymes too high?"""

from datetime import datetime, timedelta

from sextant.protocol.limits import Limits
from sextant.protocol.measured import newest_of
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import PatientRecord
from sextant.units.words import day_words, list_words

# Each value, the laboratory's upper limit of normal, and how many times that closes the gate.
_PANEL = (
    ("ALT", "alt_u_per_l", "alt_upper_normal_u_per_l", "liver_enzymes_times_normal"),
    ("AST", "ast_u_per_l", "ast_upper_normal_u_per_l", "liver_enzymes_times_normal"),
    ("alkaline phosphatase", "alp_u_per_l", "alp_upper_normal_u_per_l", "alkaline_phosphatase_times_normal"),
    ("bilirubin", "bilirubin_total_mg_per_dl", "bilirubin_upper_normal_mg_per_dl", "bilirubin_times_normal"),
)
_OPENS = "ALT, AST, alkaline phosphatase and bilirubin are measured and within the limits."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    # Of values at one time the highest counts.
    newest = {
        name: max(newest_of(record, kind), key=lambda one: one.value, default=None) for name, kind, _, _ in _PANEL
    }
    unset = next((limits[normal] for _, _, normal, _ in _PANEL if limits[normal].value is None), None)
    if unset is not None:
        return ask(
            "The clinic has not entered its laboratory's upper limits of normal.",
            limit=unset,
            opens_when="The medical director enters them, and a liver panel lies within the limits.",
        )
    for name, _, normal, times in _PANEL:
        # Rounded: to a machine 1.5 times 1.2 is a little less than 1.8.
        value, highest = newest[name], round((limits[normal].value or 0) * (limits[times].value or 0), 6)
        if value is not None and value.value > highest:
            return closed(
                f"{name[0].upper()}{name[1:]} {value.value:g} on {day_words(value.day)}, above {highest:g}.",
                seen_on=value.day,
                limit=limits[times],
                opens_when="A repeated panel lies within the limits.",
            )
    missing = [name for name, value in newest.items() if value is None]
    valid = limits["laboratory_valid_days"]
    if missing:
        return ask(f"No {list_words(missing)} on record.", limit=valid, opens_when=_OPENS)
    oldest = min(value.day for value in newest.values() if value is not None)
    holds_to = oldest + timedelta(days=valid.value or 0)
    if now.date() > holds_to:
        return ask(
            f"The liver panel is of {day_words(oldest)}: too old to count.",
            seen_on=oldest,
            limit=valid,
            opens_when=_OPENS,
        )
    return open_(
        f"Liver panel of {day_words(oldest)} within the limits.", seen_on=oldest, limit=valid, holds_to=holds_to
    )


RULE = Rule(
    code="GATE-016",
    title="Liver enzymes",
    strength=Strength.HARD,
    sources=("S036", "S037", "S038"),
    check=check,
    limits=(*(row[2] for row in _PANEL), *dict.fromkeys(row[3] for row in _PANEL), "laboratory_valid_days"),
)
