"""The one next step: gates first, then the course, then this patient's predicted benefit with honest doubt."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sextant.course.explain import conclude
from sextant.course.lapse import lapse_care
from sextant.course.next_step import Basis, ModelVersions, NextStep, Step, StepCode
from sextant.course.place import place_of
from sextant.course.series import Series, assumed_plan, earliest_next, series_of, studied_ages
from sextant.course.situation import Situation
from sextant.course.use_ahead import use_ahead
from sextant.instruments import instrument
from sextant.protocol import (
    PROTOCOL_VERSION,
    Finding,
    Limits,
    Strength,
    Verdict,
    passed,
    screen,
    stages_of_planning,
)
from sextant.protocol.rules import active_use, consent, indication, suicidality, yearly_cap
from sextant.record import PatientRecord, Target
from sextant.response import (
    MODEL_VERSION,
    About,
    Averaged,
    Engine,
    Forecast,
    Population,
    forecast,
    from_record,
    now_day,
)
from sextant.units.words import count_words, day_words, list_words
from sextant.use import MODEL_VERSION as USE_MODEL_VERSION

# 'More likely than not': the one probability at which advice may turn without a limit of the clinic.
EVEN = 0.5
# Below one expected day with clear benefit in half a year there is nothing to time an infusion by.
LEAST_CLEAR_DAYS = 1.0


def advise(
    record: PatientRecord, limits: Limits, *, now: datetime, population: Population, by: Engine | None = None
) -> NextStep:
    """What to do next for this patient, why, and what we do not know.

    Parameters
    ----------
    record : all facts; those later than `now` are set aside
    limits : limits in force
    now : timezone-aware moment of the question, in the clinic's zone
    population : what is known of the response of the population
    by : the engine of both forecasts, of benefit and of use

    Returns
    -------
    gates, forecasts and exactly one step: never more than the next infusion, never a stop before three
    """
    known, _ = record.as_of(now)
    series = series_of(known)
    gates = screen(known, limits, now, stages=stages_of_planning(known, limits))
    situation = Situation(
        record=known,
        gates=gates,
        series=series,
        forecast=_forecast(known, series, limits, now, population, by),
        limits=limits,
        prior_sources=population.sources,
        now=now,
    )
    return NextStep(
        as_of=now,
        gates=situation.gates,
        passed=frozenset(gate.code for gate in gates if gate.shut and passed(gate, known, now)),
        forecast=situation.forecast,
        step=_gates_first(situation) or _course_then(situation) or _benefit_last(situation),
        course=place_of(known, gates, limits, now),
        lapse=lapse_care(known, limits),
        use_ahead=use_ahead(known, now, by),
        model=ModelVersions(
            version=f"{MODEL_VERSION}, {USE_MODEL_VERSION}, {PROTOCOL_VERSION}",
            prior=population.version,
            policy=limits.version,
        ),
    )


def _forecast(
    record: PatientRecord, series: Series, limits: Limits, now: datetime, population: Population, by: Engine | None
) -> Forecast | None:
    target = record.latest(Target)
    if target is None:
        return None
    scale = instrument(target.instrument)
    worse_percent = limits["worse_points_percent"].value
    return forecast(
        from_record(record, now, plan=assumed_plan(series, limits), ages=studied_ages(limits)),
        target.instrument,
        now_day=now_day(record, now),
        population=population,
        by=by,
        worse_points=None if worse_percent is None else worse_percent / 100 * (scale.highest - scale.lowest),
    )


def _gates_first(s: Situation) -> Step | None:
    """A closed gate speaks before anything else; thoughts of suicide before every other gate."""
    shut = s.gates_that(Verdict.CLOSED)
    by_code = {gate.code: gate for gate in shut}
    if crisis := by_code.get(suicidality.RULE.code):
        return conclude(s, StepCode.CLEAR_GATE, "Walk the crisis path first", about=(crisis,))
    if none_to_treat := by_code.get(indication.RULE.code):
        return conclude(
            s,
            StepCode.NONE,
            "Nothing is offered: there is no addiction on record to treat",
            about=(none_to_treat,),
        )
    if no_consent := by_code.get(consent.RULE.code):
        return conclude(
            s, StepCode.CLEAR_GATE, "No infusion without consent: ask what this person wants", about=(no_consent,)
        )
    if (decision := s.series.decision) is not None and decision.step == StepCode.STOP_KETAMINE:
        return conclude(
            s,
            StepCode.NONE,
            f"The infusions ended on {day_words(decision.day)}; the plan goes on without ketamine",
            "The prescriber decided so; therapy, groups, medicines and habits go on.",
        )
    if s.series.count and active_use.RULE.code in by_code:
        return conclude(
            s,
            StepCode.PAUSE,
            "Pause the infusions, support the person, and ask the gates again",
            "Use since the last visit closes the gate for the day; the course is not lost.",
            about=shut,
        )
    if shut:
        return conclude(s, StepCode.CLEAR_GATE, _clear_words(shut), about=shut)
    return None


def _course_then(s: Situation) -> Step | None:
    """What the course itself waits for: the day after an infusion, an answer, a score, a date."""
    series, today = s.series, s.now.date()
    if series.last is not None and series.last.day >= today:
        # A score of the day itself catches the infusion, not its benefit (C012: scored at 24 hours).
        return conclude(
            s,
            StepCode.WAIT,
            "Wait a day, then score the target",
            f"Infusion {series.count} was given today.",
            sources=("C012",),
        )
    if asked := s.gates_that(Verdict.ASK):
        return conclude(s, StepCode.ASK, f"Ask first about {_titles(asked)}", about=asked)
    if not series.scored_since_last:
        if series.last is None:
            return conclude(
                s,
                StepCode.ASK,
                "Score the target before infusion 1: without it nobody can say later whether it helped",
                "The forecast compares this patient with the score from before the first infusion.",
                sources=("S013",),
            )
        return conclude(
            s,
            StepCode.ASK,
            f"Score the target before going on: nothing is known since infusion {series.count}",
            "Each next step is taken on this patient's own answer to the last one.",
        )
    if series.last is not None and not s.complete and s.limits["days_between_infusions"].value is None:
        return conclude(
            s,
            StepCode.ASK,
            "Ask the medical director: the clinic has not set the days between infusions",
            "No source settles the spacing, so none is filled in.",
            sources=("C001", "C005", "C006"),
        )
    if (decision := series.decision) is not None and decision.planned_on is not None and decision.planned_on > today:
        return conclude(
            s,
            StepCode.WAIT,
            f"Wait until {day_words(decision.planned_on)}, as decided",
            f"The prescriber decided on {day_words(decision.day)}; the gates are asked again on the day.",
        )
    if (soonest := earliest_next(series, s.limits)) is not None and soonest > today:
        return conclude(
            s,
            StepCode.WAIT,
            f"Wait until {day_words(soonest)}",
            f"The clinic leaves at least {s.limits['days_between_infusions'].value:g} days between infusions.",
        )
    return None


def _benefit_last(s: Situation) -> Step:
    """All gates stand open and nothing is waited for: this patient's predicted benefit decides."""
    if s.complete:
        return _after_series(s)
    following = s.series.count + 1
    predicted = s.individual
    if s.series.count and predicted is not None and _worse(predicted):
        return conclude(
            s,
            StepCode.REVIEW,
            f"Review before infusion {following}: this person is more likely than not worse than before",
            forecast=About.WORSE,
            sources=("C021",),
        )
    offer = f"Offer infusion {following}, then look again"
    if s.series.count < s.judged_from:
        return conclude(s, StepCode.OFFER_INFUSION, offer, infusion=following)
    if predicted is None or predicted.p_clear_by_six is None:
        return conclude(
            s,
            StepCode.REVIEW,
            f"Review before infusion {following}: Sextant cannot say whether the infusions help this person",
        )
    if _unlikely(s, predicted.p_clear_by_six):
        return conclude(
            s,
            StepCode.STOP_KETAMINE,
            "Go on without ketamine",
            "Clear benefit by infusion 6 is unlikely, also at the hopeful end of the band, after "
            f"{count_words(s.series.count, 'infusion')}.",
            forecast=About.CLEAR,
            sources=("C012", "C043"),
        )
    if predicted.p_clear_now is not None and predicted.p_clear_now.low80 > EVEN:
        return conclude(
            s,
            StepCode.REVIEW,
            f"Review: benefit is clear, and infusion {following} may not be needed now",
            "Benefit is more likely than not clear already, also at the doubtful end of the band.",
            forecast=About.CLEAR,
        )
    if predicted.p_clear_by_six.high80 <= EVEN:
        return conclude(
            s,
            StepCode.REVIEW,
            f"Review before infusion {following}: clear benefit by infusion 6 is less likely than not",
            "The odds lie below even over the whole band; going on or stopping is the prescriber's decision.",
            forecast=About.CLEAR,
            sources=("C012", "C014"),
        )
    return conclude(s, StepCode.OFFER_INFUSION, offer, infusion=following, forecast=About.CLEAR)


def _after_series(s: Situation) -> Step:
    """The series is complete: maintenance only where it helped and still does, an honest end where it did not."""
    predicted, last = s.individual, s.series.last
    if predicted is None or predicted.p_clear_by_six is None or predicted.p_clear_now is None or last is None:
        return conclude(
            s,
            StepCode.REVIEW,
            "Review the whole course: without a score from before the first infusion Sextant cannot judge it",
        )
    given = count_words(s.series.count, "infusion")
    odds, now, one_more = predicted.p_clear_by_six, predicted.p_clear_now, predicted.one_more
    if odds.high80 <= EVEN and now.high80 <= EVEN and s.series.count >= s.judged_from:
        return conclude(
            s,
            StepCode.STOP_KETAMINE,
            f"Go on without ketamine: {given} brought no clear benefit",
            "No maintenance is offered where the series did not help; the rest of the plan goes on.",
            forecast=About.CLEAR,
        )
    if odds.low80 > EVEN and now.mean <= EVEN:
        return conclude(
            s,
            StepCode.REVIEW,
            "Review: the series helped, and its benefit is likely to have faded",
            "Whether anything is repeated is decided anew, with its own recorded reason.",
            forecast=About.LASTING,
            sources=("C022", "C050"),
        )
    if odds.low80 > EVEN and one_more is not None:
        cap, capped = s.limits["maintenance_per_year"].value, s.gate(yearly_cap.RULE.code)
        if cap is not None and capped.verdict is Verdict.CLOSED:
            return conclude(
                s,
                StepCode.REVIEW,
                f"Review: the clinic's cap of {cap:g} maintenance infusions in a year is reached",
                capped.saw,
            )
        if one_more.clear_days < LEAST_CLEAR_DAYS:
            return conclude(
                s,
                StepCode.REVIEW,
                "Review: the series helped, and one more infusion is not expected to add to it",
                f"Over the next {one_more.horizon_days:.0f} days it is expected to bring less than a day with clear "
                "benefit, whenever it is given.",
                forecast=About.ONE_MORE,
                sources=("C050",),
            )
        today = s.now.date()
        first, latest = (today + timedelta(days=round(days)) for days in one_more.window_days)
        return conclude(
            s,
            StepCode.MAINTENANCE_WINDOW,
            f"Look again between {day_words(first)} and {day_words(latest)}: one more is likely to bring most then",
            "By this patient's own curve it then adds about "
            f"{count_words(round(one_more.clear_days), 'day')} with clear benefit over {one_more.horizon_days:g} days.",
            Basis(sentence="A maintenance infusion needs its own recorded reason.", sources=("C023",)),
            *([] if cap is None else [Basis(sentence=f"The clinic's cap is {cap:g} in a year.")]),
            forecast=About.ONE_MORE,
            sources=("C050",),
            window=(first, latest),
        )
    return conclude(
        s,
        StepCode.REVIEW,
        f"Review the whole course: it is not clear whether {given} helped",
        "The odds of clear benefit lie on both sides of even.",
        forecast=About.CLEAR,
    )


def _worse(predicted: Forecast) -> bool:
    return predicted.p_worse is not None and predicted.p_worse.mean > EVEN


def _unlikely(s: Situation, odds: Averaged) -> bool:
    stop_below = s.limits["stop_below_probability_percent"].value
    return stop_below is not None and odds.high80 < stop_below / 100


def _clear_words(shut: tuple[Finding, ...]) -> str:
    binding_first = sorted(shut, key=lambda gate: list(Strength).index(gate.strength))
    return f"Not yet. To be cleared first: {_titles(binding_first)}"


def _titles(gates: Sequence[Finding]) -> str:
    titles = [gate.title.lower() for gate in gates[:3]]
    more = len(gates) - len(titles)
    return list_words([*titles, f"{more} more"] if more else titles)
