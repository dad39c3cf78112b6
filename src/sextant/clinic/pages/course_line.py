"""The course of treatment as a line of stops: what is done is solid, where we stand is ringed, the rest is dashed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sextant.clinic.pages.standing import Standing, decisions_after, standing_of
from sextant.clinic.pages.words import short_day
from sextant.course import series_of
from sextant.record import Infusion, PatientRecord
from sextant.response import INFUSIONS_IN_SERIES

_DECIDED = {
    "offer_infusion": "go on",
    "maintenance_window": "maintenance",
    "stop_ketamine": "without ketamine",
    "wait": "wait",
    "pause": "pause",
    "review": "review again",
    "clear_gate": "gate first",
    "ask": "ask first",
    "none": "no ketamine",
}


_PLACES = {
    "referred": "Referred",
    "screening": "In screening",
    "ready": "Ready: no infusion is ordered yet",
    "infusion_planned": "Infusion {} is planned",
    "infusion_under_way": "Infusion {} is under way",
    "infusion_done": "Infusion {} was given",
    "review": "Review after infusion {}",
    "series_complete": "The series is complete",
    "maintenance": "In maintenance",
    "paused": "Paused: the way back is open",
    "ended": "Ended, the plan goes on without ketamine",
    "never_started": "Never started",
}


def place_words(course: dict[str, Any] | None, now: datetime) -> str:
    """Where the patient stands, in a sentence, with the day since when and why; empty for an older answer.

    >>> at = datetime(2026, 11, 23)
    >>> place_words({"state": "review", "infusion": 2, "since": "2026-11-20", "why": ""}, at)
    'Review after infusion 2, since 20 Nov.'
    >>> place_words({"state": "paused", "infusion": 2, "since": None, "why": "Use of alcohol."}, at)
    'Paused: the way back is open. Use of alcohol.'
    """
    if course is None:
        return ""
    words = _PLACES[course["state"]].format(course["infusion"])
    since = f", since {short_day(date.fromisoformat(course['since']), now.date())}" if course["since"] else ""
    return f"{words}{since}. {course['why']}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop: a square, a circle (infusion) or a diamond (review). `spoken` is what the mark alone does not say."""

    kind: Literal["square", "infusion", "review"]
    state: Literal["done", "now", "open"]
    mark: str = ""
    lines: tuple[str, ...] = ()
    spoken: str = ""


def course_line(record: PatientRecord, answer: dict[str, Any], now: datetime) -> list[Stop]:
    """Screening, up to six infusions with the review after each, and maintenance."""
    given, step = record.series, answer["step"]
    standing = standing_of(series_of(record).decision, len(given), answer, now.date())
    series = given[:INFUSIONS_IN_SERIES]
    stops = [_screening(bool(given), step)]
    for number in range(1, INFUSIONS_IN_SERIES + 1):
        if number <= len(series):
            stops.append(_given(number, series[number - 1], now))
            stops.append(_review(record, number, standing))
        else:
            stops.append(_ahead(number, len(series), standing, step, now))
            stops.append(Stop(kind="review", state="open", spoken=f"review {number}, open"))
    stops.append(_maintenance(given[INFUSIONS_IN_SERIES:], step, now))
    return stops


def _screening(started: bool, step: dict[str, Any]) -> Stop:
    if started:
        return Stop(kind="square", state="done", mark="S", lines=("Screening", "done"))
    if step["code"] in {"offer_infusion", "wait"}:
        return Stop(kind="square", state="done", mark="S", lines=("Screening", "gates open"))
    return Stop(kind="square", state="now", mark="S", lines=("Screening", "now"))


def _given(number: int, infusion: Infusion, now: datetime) -> Stop:
    dose = "dose not known" if infusion.dose_mg_per_kg is None else f"{infusion.dose_mg_per_kg:.2f} mg/kg"
    return Stop(
        kind="infusion",
        state="done",
        mark=str(number),
        lines=(short_day(infusion.day, now.date()), dose),
        spoken=f"Infusion {number} given",
    )


def _review(record: PatientRecord, number: int, standing: Standing | None) -> Stop:
    """The newest decision between this infusion and the next, or the review that is due now."""
    decisions = decisions_after(record, number)
    if decisions:
        held = standing is not None and decisions[-1].infusion is not None and not standing.goes
        words = "on hold" if held and number == len(record.series) else _DECIDED.get(decisions[-1].step, "decided")
        return Stop(kind="review", state="done", lines=("Review", words), spoken=f"After infusion {number}")
    if number == len(record.series):
        return Stop(kind="review", state="now", lines=(f"Review {number}", "open"), spoken="Where we stand")
    return Stop(kind="review", state="open", lines=("Review", "not recorded"), spoken=f"After infusion {number}")


def _ahead(number: int, given: int, standing: Standing | None, step: dict[str, Any], now: datetime) -> Stop:
    lines: tuple[str, ...] = ("undecided",)
    if number == given + 1:
        if standing is not None and standing.decision.infusion == number:
            day = short_day(standing.decision.for_day, now.date())
            lines = ("decided for", day) if standing.goes else (standing.state.word.lower(),)
        elif step["code"] == "offer_infusion":
            lines = ("proposed",)
    return Stop(kind="infusion", state="open", mark=str(number), lines=lines, spoken=f"Infusion {number}")


def _maintenance(beyond: tuple[Infusion, ...], step: dict[str, Any], now: datetime) -> Stop:
    if beyond:
        lines = ("Maintenance", f"{len(beyond)} given", short_day(beyond[-1].day, now.date()))
        return Stop(kind="square", state="done", mark="M", lines=lines)
    if step["code"] == "maintenance_window":
        return Stop(kind="square", state="open", mark="M", lines=("Maintenance", "window proposed"))
    return Stop(kind="square", state="open", mark="M", lines=("Maintenance", "only if it helps"))
