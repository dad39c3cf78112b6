"""A next step as the JSON object of the format next-step/1, for command line, API, page and store."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sextant.course.lapse import LapseCare
from sextant.course.next_step import NextStep, Step
from sextant.course.use_ahead import UseAhead
from sextant.evidence import source
from sextant.protocol import Finding, Limit, Limits, Stage, Strength, Verdict
from sextant.response import Averaged, Band, Forecast, Lasting, OneMore

SCHEMA = "next-step/1"
SCREEN_SCHEMA = "screen/1"


def answer_json(answer: NextStep) -> dict[str, Any]:
    """Gates, forecasts, step and model of an answer; who it is about and what was imported stand beside it."""
    return {
        "as_of": answer.as_of.date().isoformat(),
        "gates": gates_json(answer.gates, answer.passed),
        "forecast": None if answer.forecast is None else forecast_json(answer.forecast),
        "step": _step(answer.step),
        "course": {
            "state": answer.course.state.value,
            "infusion": answer.course.infusion,
            "since": None if answer.course.since is None else answer.course.since.isoformat(),
            "why": answer.course.why,
        },
        "lapse": _lapse_json(answer.lapse),
        "use_ahead": _use_ahead_json(answer.use_ahead),
        "model": {
            "version": answer.model.version,
            "prior": answer.model.prior,
            "policy": answer.model.policy,
        },
    }


def _lapse_json(lapse: LapseCare | None) -> dict[str, str | None] | None:
    if lapse is None:
        return None
    days = {"since": lapse.since, "talk_by": lapse.talk_by, "talked_on": lapse.talked_on}
    return {name: None if day is None else day.isoformat() for name, day in days.items()}


def _use_ahead_json(ahead: UseAhead) -> dict[str, Any]:
    return {
        "weeks": [
            {
                "from": week.first_day.isoformat(),
                "p_use": week.p_use,
                "low80": week.low80,
                "high80": week.high80,
                "hard": week.hard,
            }
            for week in ahead.weeks
        ],
        "rests_on": None
        if ahead.tried_on is None
        else {
            "known_weeks": ahead.known_weeks,
            "gap_weeks": ahead.gap_weeks,
            "population": ahead.population,
            "n_patients": ahead.n_patients,
            "sources": _sources(ahead.sources),
            "tried_on": {
                "looked_for": ahead.tried_on.looked_for,
                "told": ahead.tried_on.told,
                "fitted": ahead.tried_on.fitted,
                "n_patients": ahead.tried_on.n_patients,
                "n_weeks": ahead.tried_on.n_weeks,
                "said": ahead.tried_on.said,
                "seen": ahead.tried_on.seen,
                "said_later": ahead.tried_on.said_later,
                "seen_later": ahead.tried_on.seen_later,
            },
        },
        "refused": ahead.refused,
    }


def gates_json(gates: tuple[Finding, ...], passed: Collection[str] = ()) -> list[dict[str, Any]]:
    """The gates of an answer; `passed` holds the codes of closed ones that were signed for the day."""
    return [
        {
            "code": gate.code,
            "title": gate.title,
            "stage": gate.stage.value,
            "verdict": gate.verdict.value,
            "strength": gate.strength.value,
            "passed": gate.code in passed,
            "saw": gate.saw,
            "seen_on": None if gate.seen_on is None else gate.seen_on.isoformat(),
            "holds_to": None if gate.holds_to is None else gate.holds_to.isoformat(),
            "limit": None if gate.limit is None else _limit(gate.limit),
            "opens_when": gate.opens_when,
            "sources": _sources(gate.sources),
        }
        for gate in gates
    ]


def findings_of(gates: Iterable[Mapping[str, Any]], limits: Limits) -> tuple[Finding, ...]:
    """Gates as they were stored, read back under the limits that they were asked with; undoes `gates_json`."""
    return tuple(
        Finding(
            code=gate["code"],
            title=gate["title"],
            stage=Stage(gate["stage"]),
            verdict=Verdict(gate["verdict"]),
            strength=Strength(gate["strength"]),
            saw=gate["saw"],
            seen_on=_day(gate["seen_on"]),
            holds_to=_day(gate["holds_to"]),
            limit=None if gate["limit"] is None else limits[gate["limit"]["name"]],
            opens_when=gate["opens_when"],
            sources=tuple(one["key"] for one in gate["sources"]),
        )
        for gate in gates
    )


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "name": limit.name,
        "title": limit.title,
        "value": limit.value,
        "unit": limit.unit,
        "source": ", ".join(limit.sources) or limit.source_note or None,
        "set_by": limit.set_by or None,
        "beside_others": limit.beside_others or None,
    }


def forecast_json(forecast: Forecast) -> dict[str, Any]:
    """The figures of a forecast."""
    return {
        "target": forecast.target,
        "kind": forecast.kind,
        "p_clear_by_six": _averaged(forecast.p_clear_by_six),
        "p_clear_now": _averaged(forecast.p_clear_now),
        "p_nonresponder": _averaged(forecast.p_nonresponder),
        "p_worse": _averaged(forecast.p_worse),
        "lasts_days": _lasting(forecast.lasts),
        "gain_unit_days": _averaged(forecast.gain_unit_days),
        "one_more": _one_more(forecast.one_more),
        "prior_share": forecast.prior_share,
        "n_own_scores": forecast.n_own_scores,
        "refused": forecast.refused,
    }


def _averaged(figure: Averaged | None) -> dict[str, float] | None:
    return None if figure is None else asdict(figure)


def _band(band: Band | None) -> dict[str, float | None] | None:
    return None if band is None else {"median": band.median, "low80": band.low80, "high80": band.high80}


def _lasting(lasting: Lasting | None) -> dict[str, float | None] | None:
    if lasting is None:
        return None
    days = _band(lasting.days) or {"median": None, "low80": None, "high80": None}
    return {**days, "mass_never": lasting.mass_never}


def _one_more(one_more: OneMore | None) -> dict[str, Any] | None:
    if one_more is None:
        return None
    return {
        "best_wait_days": one_more.best_wait_days,
        "window_days": list(one_more.window_days),
        "clear_days": one_more.clear_days,
        "horizon_days": one_more.horizon_days,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code.value,
        "infusion": step.infusion,
        "advice": step.advice,
        "reasons": list(step.reasons),
        "doubts": list(step.doubts),
        "sources": _sources(step.sources),
        "rests_on": [
            {
                "sentence": one.sentence,
                "sources": list(one.sources),
                "forecast": None if one.forecast is None else one.forecast.value,
            }
            for one in step.rests_on
        ],
        "window": None if step.window is None else [day.isoformat() for day in step.window],
    }


def _sources(keys: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"key": key, "label": source(key).label, "address": source(key).address} for key in keys]
