"""docs/calibration.md and its plots, written from the figures in calibration.json and from nothing else."""

from pathlib import Path
from typing import Any

import nimh_bands
from calibration_plots import NAMES, coverage_svg, pit_svg, reliability_svg
from pages import said

from sextant.virtual.calibration.summary import ERRORS_ALLOWED, REJECTED_AT

QUANTITIES = NAMES | {"baseline": "own baseline", "ln_tau_s": "ln tau_s, in responders"}
KINDS = {
    "averaged": "as clinicians see it",
    "known": "population known, whole points",
    "engine": "population known, plain numbers",
}
ODDS = {"nonresponder": "does not respond", "clear": "clear benefit"}
_MISSED_BY_CHANCE = 0.0027  # of bands, outside three standard errors


def write(told: dict[str, Any], project: Path) -> None:
    """The page and its plots, into a project's docs."""
    images = project / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    for name, drawing in plots(told).items():
        (images / name).write_text(drawing, encoding="utf-8")
    (project / "docs" / "calibration.md").write_text(page(told), encoding="utf-8")


def plots(told: dict[str, Any]) -> dict[str, str]:
    """Each plot by the name of its file; all are of the forecasts that clinicians see."""
    names, averaged = [moment["name"] for moment in told["moments"]], told["averaged"]
    drawn = {"coverage": coverage_svg, "pit": pit_svg, "reliability": reliability_svg}
    return {f"calibration-{name}.svg": draw(names, averaged) for name, draw in drawn.items()}


def page(told: dict[str, Any]) -> str:
    """The page as Markdown."""
    parts = [*_head(told), *_short(told), *_how(told), *_bands(told), *_odds(told), *_stress(told), *_nimh(told)]
    return "\n\n".join([*parts, *_limits(), *_engineer(told)]) + "\n"


def not_kept(told: dict[str, Any], kind: str) -> list[str]:
    """Every promise of a kind of forecast that was missed by more than chance allows, in words."""
    missed = []
    for moment, one in zip(told["moments"], told[kind], strict=True):
        for key, name in QUANTITIES.items():
            quantity, what = one["quantities"][key], f"{name}, {moment['name']}"
            missed += [
                f"{what}: the {_percent(band['level'])} band held {_percent(band['share'], 1)}"
                for band in quantity["coverage"]
                if abs(band["errors_off"]) > ERRORS_ALLOWED
            ]
            if quantity["p_even"] < REJECTED_AT:
                missed.append(f"{what}: places not even (p = {quantity['p_even']:.1g})")
        for key, name in ODDS.items():
            if one[key]["p_value"] < REJECTED_AT:
                missed.append(f"{name}, {moment['name']}: off in its groups (p = {one[key]['p_value']:.1g})")
    return missed


def _head(told: dict[str, Any]) -> list[str]:
    made = told["made_with"]
    return [
        "# How often the forecast is right",
        said(
            f"Written by `make calibration` for `{made['model']}` with the population `{made['population']}` (inputs",
            f"`{made['inputs']}`, seed {made['seed']}). All figures are in `src/sextant/response/calibration.json`.",
            "Do not edit this page by hand.",
        ),
    ]


def _short(told: dict[str, Any]) -> list[str]:
    eighty = [one["quantities"][name]["coverage"][1]["share"] for one in told["averaged"] for name in NAMES]
    n, missed = told["averaged"][0]["n"], not_kept(told, "averaged")
    worst = min(told["stress"], key=lambda one: one["coverage"]["benefit"][1])
    points = [
        said(
            f"- **Where the model is true, its bands keep their promise.** Of {n:,} virtual people at each of",
            f"{len(told['moments'])} moments, 80 % bands held {_percent(min(eighty), 1)} to",
            f"{_percent(max(eighty), 1)}. Of {_promises(told, 'averaged')} promises {len(missed) or 'none'} missed",
            "by more than chance allows.",
            hang=2,
        ),
        said(
            f"- **Where the model is wrong, some do not.** Of {len(told['stress']) - 1} wrong truths the worst was",
            f"this: {worst['words']}. Then the 80 % band of benefit 60 days after the last infusion held",
            f"{_percent(worst['coverage']['benefit'][1])}, and benefit was forecast",
            f"{_too(worst['benefit_bias'][0])}.",
            hang=2,
        ),
    ]
    if told["nimh"]:
        own, carried, others = told["nimh"]["forecasts"]
        points.append(
            said(
                f"- **In real people little is known.** {told['nimh']['n']} people of one depression trial, one",
                f"infusion and one forecast each: the mean error (CRPS) was {own['crps']:.1f} MADRS points, against",
                f"{carried['crps']:.1f} of carrying the last value forward and {others['crps']:.1f} of the mean of",
                "the others.",
                hang=2,
            )
        )
    points.append(
        said(
            "- **None of this is evidence in addiction.** These are the model's own virtual people, and people with",
            "depression after one infusion.",
            hang=2,
        )
    )
    return ["## In short", "\n".join(points)]


def _how(told: dict[str, Any]) -> list[str]:
    n = {kind: f"{told[kind][0]['n']:,}" for kind in KINDS}
    rows = [
        "| moment | visits so far | scores until day | forecast for day | clear benefit asked for day |",
        "|---|---|---|---|---|",
    ]
    for one in told["moments"]:
        days = " | ".join(f"{one[key]:g}" for key in ("known_until_day", "asked_day", "clear_day"))
        rows.append(f"| {one['name']} | {one['visits']} | {days} |")
    questions = [
        said(
            f"1. **{_capital(KINDS['averaged'])}** ({n['averaged']} people at each moment): each comes from a fresh",
            "setting of the shipped population, and the forecast averages over 32 settings drawn from that person's",
            "own scores.",
            hang=3,
        ),
        said(
            f"2. **{_capital(KINDS['known'])}** ({n['known']}): all come from one setting, which the engine is told.",
            "Whole points, floors, ceilings and days of use in steps are read by an approximation (sites); here it",
            "would show.",
            hang=3,
        ),
        said(
            f"3. **{_capital(KINDS['engine'])}** ({n['engine']}): the same people with scores neither rounded nor",
            "cut, for which the engine should be exact.",
            hang=3,
        ),
    ]
    return [
        "## What was done",
        said(
            "People were drawn from the model, given infusions of 0.5 mg/kg on days 0, 3, 7, 10, 14 and 17, and",
            "scored on craving, PHQ-9, GAD-7 and days of use, in whole points cut to their scales; one score in",
            "twelve is missing by chance. At each moment the model saw the scores so far and forecast craving on a",
            "later day. Every moment has people of its own.",
        ),
        "\n".join(rows),
        "Three questions, from what a clinician sees to the engine alone:",
        "\n".join(questions),
        said(
            "A truth's place in its forecast runs from 0 (below all that was thought possible) to 1 (PIT). Over",
            "many people places are even if the forecasts are right, and a band of 80 % holds the places from 0.1",
            "to 0.9. Where benefit is exactly 0, and inside a whole point, the place is drawn at random, so that it",
            "is even there too. A score at the end of its scale stands for all that lies beyond.",
        ),
    ]


def _bands(told: dict[str, Any]) -> list[str]:
    return [
        "## Did the bands hold?",
        "![How often bands held the truth](images/calibration-coverage.svg)",
        "![Where truths lay in their forecasts](images/calibration-pit.svg)",
        *(_verdict(told, kind) for kind in KINDS),
        f"The table is of forecasts {KINDS['averaged']}; the others stand at the end.",
        _coverage_table(told, "averaged"),
    ]


def _engineer(told: dict[str, Any]) -> list[str]:
    parts = ["## For the engineer"]
    for kind in ("known", "engine"):
        parts += [f"### {_capital(KINDS[kind])}", _coverage_table(told, kind)]
    return parts


def _coverage_table(told: dict[str, Any], kind: str) -> str:
    rows = ["| moment | of | people | 50 % held (errors off) | 80 % | 95 % | p even |", "|---|---|---|---|---|---|---|"]
    for moment, one in zip(told["moments"], told[kind], strict=True):
        name = moment["name"]
        for key, words in QUANTITIES.items():
            quantity = one["quantities"][key]
            held = " | ".join(f"{100 * band['share']:.1f} ({band['errors_off']:+.1f})" for band in quantity["coverage"])
            rows.append(f"| {name} | {words} | {quantity['n']:,} | {held} | {_p(quantity['p_even'])} |")
            name = ""
    return "\n".join(rows)


def _promises(told: dict[str, Any], kind: str) -> int:
    """How many promises `not_kept` looks at: three bands and evenness of each quantity, and the probabilities."""
    return len(told[kind]) * (len(QUANTITIES) * 4 + len(ODDS))


def _verdict(told: dict[str, Any], kind: str) -> str:
    missed, promises, name = not_kept(told, kind), _promises(told, kind), _capital(KINDS[kind])
    held_to = f"{ERRORS_ALLOWED:g} binomial standard errors (bands) or p = {REJECTED_AT:g} (places, probabilities)"
    if not missed:
        return said(f"**{name}.** All {promises} promises were kept within {held_to}.")
    bands = 3 * len(QUANTITIES) * len(told[kind])
    by_chance = _MISSED_BY_CHANCE * bands + REJECTED_AT * (promises - bands)
    heading = said(
        f"**{name}.** Of {promises} promises {len(missed)} missed {held_to}. Of so many, chance alone misses",
        f"{by_chance:.1f} on average. Those missed:",
    )
    return "\n".join([heading, "", *(f"- {one}" for one in missed)])


def _odds(told: dict[str, Any]) -> list[str]:
    rows = [
        "| forecast | moment | of | error | by chance | p | median over settings: error (p) |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in ("averaged", "known"):
        for moment, one in zip(told["moments"], told[kind], strict=True):
            for key, name in ODDS.items():
                odds = one[key]
                median = f"{100 * odds['median_calibration_error']:.1f} ({_p(odds['median_p_value'])})"
                rows.append(
                    f"| {KINDS[kind]} | {moment['name']} | {name} | {100 * odds['calibration_error']:.1f} | "
                    f"{100 * odds['by_chance']:.1f} | {_p(odds['p_value'])} | {median if kind == 'averaged' else ''} |"
                )
    medians = [one[key] for one in told["averaged"] for key in ODDS]
    off = sum(one["median_p_value"] < REJECTED_AT for one in medians)
    return [
        "## Did probabilities come true?",
        "![What was said, and what happened](images/calibration-reliability.svg)",
        said(
            "People in ten groups by what they were told: across what was said, up to how many in ten it happened,",
            "with two standard errors. The error below is the mean distance between the two in percentage points;",
            "beside it, what chance alone gives if every probability is right.",
        ),
        "\n".join(rows),
        said(
            "The probability is the mean over the patient's 32 settings. Their median lies further out and is less",
            f"well calibrated: {off} of its {len(medians)} rows are rejected at p = {REJECTED_AT:g}. So the mean is",
            "what cards, commands and the next step use.",
        ),
    ]


def _stress(told: dict[str, Any]) -> list[str]:
    rows = [
        "| truth | B held, 50 / 80 / 95 % | bias of B | new score held, 50 / 80 / 95 % | bias of new score | CRPS |",
        "|---|---|---|---|---|---|",
    ]
    for one in told["stress"]:
        benefit, new = (" / ".join(f"{100 * x:.0f}" for x in one["coverage"][name]) for name in ("benefit", "new"))
        errors = [f"{mean:+.1f} ({error:.1f})" for mean, error in (one["benefit_bias"], one["new_bias"])]
        crps = "{:.2f} ({:.2f})".format(*one["new_crps"])
        rows.append(f"| {one['words']} | {benefit} | {errors[0]} | {new} | {errors[1]} | {crps} |")
    return [
        "## Where the truth is not the model",
        said(
            f"{told['stress'][0]['n']:,} people for each truth, forecast as clinicians see it for day 77, 60 days",
            "after the sixth infusion, from scores until day 42. Bias is the forecast's mean less the truth, in",
            "craving points: of benefit B, above 0 is too hopeful; of a new score, above 0 is too gloomy. CRPS is",
            "the mean error of the whole forecast of a new score, in points; lower is better. Standard errors in",
            "brackets.",
        ),
        "\n".join(rows),
        said(
            "Forecasts know no floor, so that the bias of a new score is off a little even where nothing is wrong.",
            "How wrong a truth is was chosen, not measured. Wrong prior: off by two of its SDs at once in the mean",
            "of fast and slow benefit, of ln tau_s and in the share of non-responders. Missing: from 5 % of scores",
            "at the best end of a scale to 60 % at the worst, once infusions have begun. Leaving: from 1 to 30 % a",
            "week, by the craving that the missed visit would have shown; who leaves gets no more infusions and is",
            "still forecast.",
        ),
    ]


def _nimh(told: dict[str, Any]) -> list[str]:
    heading = "## Real ratings after one infusion"
    if not told["nimh"]:
        return [heading, "The NIMH ratings were not at hand when this page was made."]
    return [
        heading,
        said(
            f"{told['nimh']['n']} people with depression (NIMH, OpenNeuro ds005917, CC0): MADRS before and two days",
            "after one infusion of ketamine are known, day 10 is forecast. Nothing in Sextant was fitted to them;",
            "the two simple forecasts are fitted to the other people, one left out at a time. A higher log score",
            "and a lower CRPS are better. So few people say little: see the standard errors.",
        ),
        "\n".join(nimh_bands.table(told["nimh"])),
        said(
            "`.venv/bin/python benchmarks/nimh_bands.py DATA_FOLDER` prints the same beside each person's forecast.",
            "How the files were read is told in [response-model.md](response-model.md).",
        ),
    ]


def _limits() -> list[str]:
    points = [
        said(
            "- Virtual people come from the model's own assumptions. That their forecasts are right says that the",
            "arithmetic is right, not that people are so.",
            hang=2,
        ),
        said(
            "- The population comes from studies of depression and from assumptions. Where a clinic's people lie far",
            "from it, the rows on a wrong prior say what to expect until a refit.",
            hang=2,
        ),
        said(
            "- One schedule, one dose and one attendance were tried, and craving alone was forecast, a day or more",
            "after a dose. How likely it is to get worse, how long benefit lasts, and what one more infusion brings",
            "and when, were not held against truths.",
            hang=2,
        ),
    ]
    return ["## What this does not say", "\n".join(points)]


def _too(benefit_bias: float) -> str:
    return f"{abs(benefit_bias):.1f} craving points too {'high' if benefit_bias > 0 else 'low'}"


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"


def _p(value: float) -> str:
    return f"{value:.2f}" if value >= 0.01 else f"{value:.1g}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
