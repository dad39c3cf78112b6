"""`sextant evidence prior`: the average patient as the published studies leave it, and what each study moves."""

import argparse
import json
import textwrap
from typing import Any

from sextant.cli.evidence import studies_on_file
from sextant.cli.files import check_can_write, write_text
from sextant.cli.progress import Progress
from sextant.cli.refused import Refused
from sextant.response import MODEL_VERSION, Band, Population, fastest, shipped_population
from sextant.response.population_file import text_of
from sextant.response.prior import Fitted, LeftOut, fit, inputs_sha256, numbers, population_of, read
from sextant.response.refit.compared import compared
from sextant.virtual.influence import Influence, influences_of
from sextant.virtual.reference_patients import Advised, advised

SCHEMA = "evidence-prior/1"
FEWEST_FIGURES = 10
_WIDTH = 100


def prior(options: argparse.Namespace) -> int:
    """Fit the prior, and print what it says, how well it foretells every figure, and each study's influence."""
    if options.out is not None:
        check_can_write(options.out)
    readings, left_out = read(studies_on_file(options.studies).series)
    if len(readings) < FEWEST_FIGURES:
        raise Refused(f"{len(readings)} figures can be read; a prior needs at least {FEWEST_FIGURES}. Add studies.")
    before, mark = shipped_population(), inputs_sha256(readings)
    with Progress() as progress:
        fitted = fit(readings, before, progress.say)
        found = population_of(fitted, fitted.at, fitted.covariance, before, mark)
        progress.say("asking twelve reference patients")
        now = tuple(advised(found, fastest()))
        influences = tuple(influences_of(fitted, before, mark, now, by=fastest(), said=progress.say))
    if options.out is not None:
        write_text(options.out, text_of(found))
    if options.json:
        told = _as_json(fitted, found, left_out, now, influences, mark)
        print(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print(_as_text(fitted, found, left_out, now, influences, before, options.out))
    return 0


def _as_text(
    fitted: Fitted,
    found: Population,
    left_out: tuple[LeftOut, ...],
    now: tuple[Advised, ...],
    influences: tuple[Influence, ...],
    before: Population,
    out: str | None,
) -> str:
    lines = [
        *_said(
            f"{found.version}: {len(fitted.readings)} published figures of depression studies, read as one population. "
            "No such figure exists for addiction, and that ketamine works there is not established. No answer of "
            "Sextant rests on this prior yet."
        ),
        "",
        *(
            line
            for one in numbers(fitted)
            for line in _said(f"{one.name}: {one.value:.2f} ({one.comes_from}), {one.words}.")
        ),
        "",
        f"{'':<62}{'shipped (8 in 10)':>20}{'prior (8 in 10)':>20}",
    ]
    lines += [
        f"{one.words[:46]:<46} {one.unit[:14]:<15}{_band(one.old):>20}{_band(one.new):>20}"
        for one in compared(before, found)
    ]
    lines += ["", f"{'figure':<30}{'':<48}{'published':>11}{'foretold':>10}{'SDs off':>9}"]
    for reading, said, off in zip(fitted.readings, fitted.foretold, fitted.residuals, strict=True):
        figures = f"{reading.shown(reading.observed):>11.2f}{reading.shown(said):>10.2f}{off:>9.1f}"
        lines.append(f"{reading.rows[0]:<30}{reading.words[:47]:<48}{figures}")
    lines += ["", f"{'without':<32}{'figures':>8}{'moves by SDs':>14}  {'of':<14}whose odds or advice change"]
    for without in sorted(influences, key=lambda each: -abs(each.moved)):
        whom = [f"odds: {name}" for name in without.odds] + [f"advice: {name}" for name in without.advice]
        start = f"{without.study:<32}{without.figures:>8}{without.moved:>14.2f}  {without.most:<14}"
        lines.append(start + ("; ".join(whom) or "nobody"))
    lines += ["", "Reference patients under this prior:"]
    lines += [f"  {patient.patient}: {patient.advice}{_odds_words(patient)}" for patient in now]
    lines += ["", f"Left out: {len(left_out)} rows.", *(f"  {left.row}: {left.why}" for left in left_out)]
    if out is not None:
        lines += ["", f"{out} is written. It advises nobody until it ships or a director adopts one."]
    return "\n".join(lines)


def _as_json(
    fitted: Fitted,
    found: Population,
    left_out: tuple[LeftOut, ...],
    now: tuple[Advised, ...],
    influences: tuple[Influence, ...],
    mark: str,
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "model": MODEL_VERSION,
        "population": found.version,
        "inputs_sha256": mark,
        "numbers": [
            {"name": one.name, "value": one.value, "words": one.words, "comes_from": one.comes_from}
            for one in numbers(fitted)
        ],
        "figures": [
            {
                "rows": list(one.rows),
                "study": one.study,
                "words": one.words,
                "open_label": one.open_label,
                "published": one.shown(one.observed),
                "foretold": one.shown(float(said)),
                "sds_off": float(off),
            }
            for one, said, off in zip(fitted.readings, fitted.foretold, fitted.residuals, strict=True)
        ],
        "left_out": [{"row": one.row, "why": one.why} for one in left_out],
        "influence": [
            {
                "study": one.study,
                "figures": one.figures,
                "moved_sds": one.moved,
                "most": one.most,
                "odds_move": list(one.odds),
                "advice_changes": list(one.advice),
            }
            for one in influences
        ],
        "reference_patients": [
            {"patient": one.patient, "code": one.code, "advice": one.advice, "odds": one.odds} for one in now
        ],
    }


def _band(band: Band) -> str:
    return f"{band.median:.3g} ({band.low80:.2g} to {band.high80:.2g})"


def _odds_words(one: Advised) -> str:
    return "" if one.odds is None else f" (clear benefit by six: {one.odds:.0%})"


def _said(words: str) -> list[str]:
    return textwrap.wrap(words, _WIDTH)
