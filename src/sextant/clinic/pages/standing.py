"""The decision that stands now, and whether it lets the next infusion be given: only ever the next one, only now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sextant.clinic.pages.words import STEP_WORDS, State, short_day, state_of
from sextant.record import Decision, Infusion, PatientRecord
from sextant.units.words import list_words

_BARS = frozenset({"closed", "ask"})
# With these the course itself waits for something else than a date, whatever the gates say.
_HELD_BY = frozenset({"ask", "clear_gate", "pause", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The newest decision since the last infusion.

    `goes` is true only where it is on the very next infusion and nothing holds it; only then is it shown as a go.
    """

    decision: Decision
    state: State
    goes: bool
    what: str

    @property
    def short(self) -> str:
        """State and decision in one line, for a list."""
        return f"{self.state.word}: {self.what[0].lower()}{self.what[1:]}"


def standing_of(decision: Decision | None, given: int, answer: dict[str, Any], today: date) -> Standing | None:
    """What the newest decision since the last infusion is worth now.

    Parameters
    ----------
    decision : as `sextant.course.series_of` gives it; None before any
    given : infusions given so far
    answer : the stored answer, for its gates and its step
    """
    if decision is None or decision.infusion not in {None, given + 1}:
        return None
    if decision.infusion is None:
        word = "Postponed" if decision.step == "wait" else "Decided"
        what = STEP_WORDS.get(decision.step, decision.step)
        if decision.planned_on:
            what += f" until {short_day(decision.planned_on, today)}"
        return Standing(decision=decision, state=State(word, "later"), goes=False, what=what)
    what = f"Infusion {decision.infusion} was decided for {short_day(decision.for_day, today)}{_dose_words(decision)}"
    held = decision.step != "offer_infusion" or answer["step"]["code"] in _HELD_BY or bool(barring(answer["gates"]))
    goes = not held and decision.for_day >= today
    state = State("Decided", "go") if goes else State("On hold" if held else "Day has passed", "later")
    return Standing(decision=decision, state=state, goes=goes, what=what)


def _dose_words(decision: Decision) -> str:
    """Dose and minutes of the order, after the day; nothing for a decision from before orders had them."""
    if decision.dose_mg_per_kg is None or decision.duration_min is None:
        return ""
    return f": {decision.dose_mg_per_kg:g} mg/kg over {decision.duration_min:g} min"


def barring(gates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The gates that are closed or ask: no infusion while there is one."""
    return [gate for gate in gates if state_of(gate) in _BARS]


def hold_words(answer: dict[str, Any], decision: Decision, today: date) -> str:
    """What holds a decision on an infusion back, in a sentence."""
    if decision.for_day < today:
        return f"It was for {short_day(decision.for_day, today)} alone: a prescriber decides on this infusion again."
    titles = [gate["title"].lower() for gate in barring(answer["gates"])]
    if titles:
        return f"It is no permission while a gate is closed or asks: {list_words(titles)}."
    return f"It is no permission now. First: {answer['step']['advice']}."


def decisions_after(
    record: PatientRecord, number: int, *, series: Sequence[Infusion] | None = None, ended: datetime | None = None
) -> list[Decision]:
    """The decisions of the review after an infusion: those on the next one, and those without one until it was given.

    The decision that an infusion was given on is of the review before it, even when it was written down later.

    Parameters
    ----------
    number : of the infusion in its series, from 1
    series : the infusions of that series; the present one's if not given
    ended : when the next series began; None for the present one
    """
    given = record.series if series is None else series
    since = given[number - 1].taken_at
    until = given[number].taken_at if number < len(given) else ended
    return [
        one
        for one in record.all(Decision)
        if one.taken_at >= since
        and (ended is None or one.taken_at < ended)
        and (one.infusion == number + 1 or (one.infusion is None and (until is None or one.taken_at < until)))
    ]
