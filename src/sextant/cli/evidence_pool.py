"""`sextant evidence pool`: one question put to the trials, with every study, its weight, and the pool without it."""

import argparse
import json
import textwrap
from math import exp
from typing import Any

from sextant.cli.evidence import studies_on_file
from sextant.cli.refused import Refused
from sextant.evidence.contrasts import StudyEffect
from sextant.evidence.dependence import OverlapError
from sextant.evidence.effects import Interval95
from sextant.evidence.meta_analysis import Method, Pooled, Width
from sextant.evidence.pools import Answer, answer
from sextant.evidence.questions import QUESTIONS, question
from sextant.evidence.sobriety import SobrietyPrior, sobriety_prior
from sextant.evidence.strength import strength

SCHEMA = "evidence-pool/1"
_WIDTH = 100
_STUDY_WIDE, _FIGURES_WIDE = 26, 30

_METHOD = {
    Method.REML: "restricted maximum likelihood",
    Method.DERSIMONIAN_LAIRD: "DerSimonian-Laird",
    Method.PAULE_MANDEL: "Paule-Mandel",
    Method.EQUAL_EFFECTS: "equal effects",
}
_WIDTH_WORDS = {Width.HARTUNG_KNAPP: "Hartung-Knapp", Width.WALD: "Wald"}


def pool(options: argparse.Namespace) -> int:
    """Print the pooled answer to the question, or the questions where none is named."""
    if options.question is None:
        if options.json:
            raise Refused(f"Name the question for --json; one of: {_names()}.")
        print("\n".join(f"{one.name:<24}{one.title}" for one in QUESTIONS))
        return 0
    asked = question(options.question)
    if asked is None:
        raise Refused(f"There is no question {options.question!r}. Ask one of: {_names()}.")
    trials = studies_on_file(options.studies).trials
    try:
        found = answer(
            asked,
            trials,
            with_sensitivity=options.with_sensitivity,
            method=Method(options.method),
            width=Width(options.interval),
        )
        prior = None
        if asked.sobriety and found.effects:
            prior = sobriety_prior(asked, trials, with_sensitivity=options.with_sensitivity)
    except OverlapError as error:
        raise Refused(str(error)) from None
    print(json.dumps(_as_json(found, prior), ensure_ascii=False) if options.json else _as_text(found, prior))
    return 0


def _names() -> str:
    return ", ".join(one.name for one in QUESTIONS)


def _as_text(found: Answer, prior: SobrietyPrior | None) -> str:
    ratio = found.question.scale.is_ratio
    weights = found.pooled.weights if found.pooled else (None,) * len(found.effects)
    lines = [
        found.question.title,
        f"Rule: {found.question.rule}",
        f"Above {1 if ratio else 0} is good for the patient: {found.question.good}.",
        "",
    ]
    if found.effects:
        lines.append(_line("study", "as published", found.question.scale.value.removeprefix("log "), "weight"))
        for one, weight in zip(found.effects, weights, strict=True):
            shown = _shown(one.effect.value, one.effect.interval, ratio=ratio)
            lines.append(_line(one.study, one.figures, shown, "" if weight is None else f"{100 * weight:.1f} %"))
        lines.append("")
    lines += _pooled_text(found)
    if found.without_each:
        lines += ["", "Without each study in turn:"]
        lines += [
            f"  {study:<{_STUDY_WIDE}} {_pooled_shown(pooled, ratio=ratio)}"
            for study, pooled in found.without_each.items()
        ]
    elif found.pooled is not None:
        lines += ["", "Without either study one alone remains, so there is no pool without it."]
    if prior is not None:
        low, high = prior.interval
        lines += [
            "",
            f"Prior for a new setting, log {found.question.good}, ketamine v control: mean {prior.mean:.3f}, SD "
            f"{prior.sd:.3f} (95 % as odds ratio {_ratio(low):.2f} to {_ratio(high):.2f}); {prior.rule}.",
            prior.sentence,
        ]
    lines += ["", *found.notes]
    text = [line for one in lines for line in (textwrap.wrap(one, _WIDTH) if len(one) > _WIDTH else [one])]
    text += ["", "Read at:", *_addresses(found)]
    if found.left_out:
        text += ["", "Left out:"]
        for left in found.left_out:
            sentence = f"{left.row.row_id}: {left.why}."
            text += textwrap.wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(text)


def _pooled_text(found: Answer) -> list[str]:
    pooled, ratio = found.pooled, found.question.scale.is_ratio
    if pooled is None:
        return ["Not pooled."]
    lines = [
        f"Pooled ({_METHOD[pooled.method]}): {_pooled_shown(pooled, ratio=ratio)}",
        f"Between studies: tau2 {pooled.tau2:.3f}, I2 {pooled.i2_percent:.0f} %; Q {pooled.q:.2f} on {pooled.k - 1}, "
        f"p {pooled.q_p:.3f}",
    ]
    if pooled.prediction is not None:
        low, high = _as_read(pooled.prediction, ratio=ratio)
        lines.append(f"In a new setting (95 % prediction interval): {low:.2f} to {high:.2f}")
    else:
        lines.append("In a new setting: no prediction interval can be given.")
    return lines


def _pooled_shown(pooled: Pooled, *, ratio: bool) -> str:
    if pooled.interval is None:
        shown = _shown(pooled.mean, pooled.wald, ratio=ratio)
        return f"{shown}, Wald interval of two studies, too narrow"
    return f"{_shown(pooled.mean, pooled.interval, ratio=ratio)}, {_WIDTH_WORDS[pooled.width]}"


def _addresses(found: Answer) -> list[str]:
    seen: dict[str, str] = {}
    for one in found.effects:
        for row in one.rows:
            seen.setdefault(row.source_address, f"  {one.study}: {row.source_address} ({strength(row).words})")
    return list(seen.values()) or ["  no row was used"]


def _line(study: str, figures: str, effect: str, weight: str) -> str:
    return f"{study:<{_STUDY_WIDE}} {figures:<{_FIGURES_WIDE}} {effect:<28} {weight:>8}".rstrip()


def _shown(value: float, interval: Interval95, *, ratio: bool) -> str:
    low, high = _as_read(interval, ratio=ratio)
    return f"{_ratio(value) if ratio else value:.2f} ({low:.2f} to {high:.2f})"


def _as_read(interval: Interval95, *, ratio: bool) -> Interval95:
    return (_ratio(interval[0]), _ratio(interval[1])) if ratio else interval


def _ratio(logarithm: float) -> float:
    """The ratio; beyond 10^300 it is all the same, and the exponential would overflow."""
    return exp(min(logarithm, 690.0))


def _as_json(found: Answer, prior: SobrietyPrior | None) -> dict[str, Any]:
    weights = found.pooled.weights if found.pooled else (None,) * len(found.effects)
    return {
        "schema": SCHEMA,
        "question": found.question.name,
        "title": found.question.title,
        "rule": found.question.rule,
        "scale": found.question.scale.value,
        "unit": found.question.unit,
        "above_zero_is": found.question.good,
        "with_sensitivity": found.with_sensitivity,
        "method": found.method.value,
        "interval": found.width.value,
        "studies": [_study(one, weight) for one, weight in zip(found.effects, weights, strict=True)],
        "pooled": None if found.pooled is None else _pooled(found.pooled),
        "without_each": [{"study": study} | _pooled(pooled) for study, pooled in found.without_each.items()],
        "sobriety_prior": None if prior is None else _prior(prior),
        "left_out": [
            {"row_id": one.row.row_id, "why": one.why, "source_address": one.row.source_address}
            for one in found.left_out
        ],
        "notes": list(found.notes),
    }


def _study(one: StudyEffect, weight: float | None) -> dict[str, Any]:
    return {
        "study": one.study,
        "effect": one.effect.value,
        "variance": one.effect.variance,
        "interval": list(one.effect.interval),
        "weight": weight,
        "as_published": one.figures,
        "turned": one.turned,
        "follow_up_days": one.follow_up_days,
        "rows": [
            {
                "row_id": row.row_id,
                "source_address": row.source_address,
                "verification": row.verification,
                "strength": strength(row).words,
                "weigh_down": strength(row).weigh_down,
            }
            for row in one.rows
        ],
    }


def _pooled(pooled: Pooled) -> dict[str, Any]:
    return {
        "k": pooled.k,
        "mean": pooled.mean,
        "standard_error": pooled.standard_error,
        "interval": None if pooled.interval is None else list(pooled.interval),
        "wald_interval": list(pooled.wald),
        "prediction_interval": None if pooled.prediction is None else list(pooled.prediction),
        "tau2": pooled.tau2,
        "i2_percent": pooled.i2_percent,
        "q": pooled.q,
        "q_p": pooled.q_p,
    }


def _prior(prior: SobrietyPrior) -> dict[str, Any]:
    return {
        "mean_log_odds_ratio": prior.mean,
        "sd_log_odds_ratio": prior.sd,
        "interval": list(prior.interval),
        "rule": prior.rule,
        "sentence": prior.sentence,
    }
