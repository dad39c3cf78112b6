"""How often was the forecast right, where does it not know, and which population stands behind it?"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sextant.clinic.charts import Group, said_and_happened_svg
from sextant.clinic.models import PopulationVersion
from sextant.clinic.pages.access import for_staff, staff
from sextant.clinic.selectors.model import does_not_know
from sextant.clinic.services import audit
from sextant.clinic.services.population import population_at, population_of
from sextant.response import MODEL_VERSION, MODELLED, HyperParameters
from sextant.response.refit import LEAST_FOR_REFIT
from sextant.units.words import day_words

_SHOWN_MOMENT = "after infusion 3"
_PLAIN_ERRORS = 3.0
_MISLED = 0.7  # an 80 % band that holds less is pointed out
_FEW = 0.01  # groups of a smaller share of forecasts are left out of the picture: their doubt would fill it


@for_staff
def model(request: HttpRequest) -> HttpResponse:
    """The calibration that ships with this version, what this clinic's own cards say, and the versions."""
    audit.saw(staff(request), None, "model")
    told = calibration()
    now = timezone.now()
    moment, averaged = next(
        (moment, one)
        for moment, one in zip(told["moments"], told["averaged"], strict=True)
        if moment["name"] == _SHOWN_MOMENT
    )
    groups = [
        Group(n=one["n"], said=one["predicted"], happened=one["happened"], error=one["standard_error"])
        for one in averaged["clear"]["bins"]
        if one["n"] >= _FEW * averaged["n"]
    ]
    page = {
        "here": "model",
        "model": MODEL_VERSION,
        "population": population_at(now).version,
        "n": averaged["n"],
        "moment": moment["name"],
        "of_this_model": told["made_with"]["model"] == MODEL_VERSION,
        "of_this_population": told["made_with"]["population"] == population_at(now).version,
        "groups": groups,
        "finding": _finding(groups),
        "said": said_and_happened_svg(groups, _finding(groups), _figures(groups)),
        "worst": min(one["coverage"]["benefit"][1] for one in told["stress"]) * 100,
        "n_stress": told["stress"][0]["n"],
        "average": _average(population_at(now).average()),
        "least_patients": LEAST_FOR_REFIT,
        "bands": [_bands(moment, one) for moment, one in zip(told["moments"], told["averaged"], strict=True)],
        "stress": [_stress(one) for one in told["stress"]],
        "real": _real(told["nimh"]),
        "unknown": does_not_know(),
        "versions": _versions(),
    }
    return render(request, "clinic/model.html", page)


@cache
def calibration() -> dict[str, Any]:
    """The figures of `make calibration` that ship with this version."""
    text = files("sextant.response").joinpath("calibration.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _finding(groups: list[Group]) -> str:
    worst = max(groups, key=lambda group: abs(group.happened - group.said) / group.error)
    if abs(worst.happened - worst.said) <= _PLAIN_ERRORS * worst.error:
        return "Clear benefit came as often as was said, as far as chance lets one see"
    too = "hopeful" if worst.happened < worst.said else "gloomy"
    said, happened = f"{100 * worst.said:.0f} in 100", f"{100 * worst.happened:.0f} in 100"
    return f"Slightly too {too} where {said} was said: {happened} had clear benefit"


def _figures(groups: list[Group]) -> str:
    return "; ".join(f"said {10 * one.said:.1f}, happened {10 * one.happened:.1f} in 10 of {one.n}" for one in groups)


def _bands(moment: dict[str, Any], averaged: dict[str, Any]) -> dict[str, Any]:
    """What the bands of a newly observed score held at one moment."""
    coverage = averaged["quantities"]["new"]["coverage"]
    return {"name": moment["name"], "held": [f"{100 * band['share']:.0f}" for band in coverage]}


def _stress(one: dict[str, Any]) -> dict[str, Any]:
    """What 80 % bands held of a new score and of benefit, and how far benefit was foretold too high, in points."""
    score, benefit = one["coverage"]["new"][1], one["coverage"]["benefit"][1]
    return {
        "words": one["words"],
        "score": f"{100 * score:.0f}",
        "benefit": f"{100 * benefit:.0f}",
        "bias": _too(one["benefit_bias"][0]),
        "misled": benefit < _MISLED,
    }


def _too(points: float) -> str:
    whole = round(abs(points))
    return f"{whole} too {'high' if points > 0 else 'low'}" if whole else "within half a point"


def _average(hyper: HyperParameters) -> list[str]:
    """What the average patient is made of, in words."""
    unit = MODELLED["craving"].scale_points
    return [
        f"{100 * hyper.pi0:.0f} in 100 are not helped by ketamine, {100 * hyper.pi_worse:.0f} in 100 get worse",
        f"in the others one infusion of 0.5 mg/kg takes {unit * hyper.mu_a:.0f} craving points away at once, "
        f"gone to a third in {hyper.tau_f_days:.0f} days, and {unit * hyper.mu_c:.0f} more that build up in a week",
        f"these wane to a third in {float(np.exp(hyper.mu_ln_tau_s)):.0f} days, but "
        f"{100 * hyper.lasting_share:.0f} % of them last {hyper.lasting_ratio:.0f} times longer",
        f"the programme alone brings {unit * hyper.mu_h:.0f} craving points at full attendance",
    ]


def _real(nimh: dict[str, Any] | None) -> dict[str, Any] | None:
    if nimh is None:
        return None
    own = nimh["differences"]
    return {
        "n": nimh["n"],
        "due": [round(level * nimh["n"]) for level in (0.5, 0.8, 0.95)],
        "against": [
            {"name": one["name"], "points": f"{-one['crps'][0]:.1f}", "error": f"{one['crps'][1]:.1f}"} for one in own
        ],
        "rows": [
            {
                "name": one["name"],
                "error": f"{one['crps']:.1f}",
                "log_score": f"{one['log_score']:.2f}",
                "held50": one["held"]["50"],
                "held80": one["held"]["80"],
                "held95": one["held"]["95"],
            }
            for one in nimh["forecasts"]
        ],
    }


def _versions() -> list[dict[str, str]]:
    """The populations that were in force, newest first; the shipped one stood before all others."""
    rows = [
        {
            "version": population_of(one).version,
            "since": day_words(timezone.localdate(one.at)),
            "by": str(one.by),
            "state": "kept",
        }
        for one in PopulationVersion.objects.select_related("by").order_by("-at", "-pk")
    ]
    rows.append(
        {"version": population_of(None).version, "since": "the start", "by": "ships with Sextant", "state": "kept"}
    )
    rows[0]["state"] = "in force"
    return rows
