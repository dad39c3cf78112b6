"""`sextant evidence prior`: the average patient as the published studies leave it, and what each study moves."""

import argparse
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sextant.cli.evidence import studies_on_file
from sextant.cli.files import check_can_write, write_text
from sextant.cli.progress import Progress
from sextant.cli.refused import Refused
from sextant.response import MODEL_VERSION, About, Band, Population, design_assumptions, fastest, shipped_population
from sextant.response.population_file import text_of
from sextant.response.prior import (
    ASSUMED,
    Check,
    Fitted,
    LeftOut,
    fit,
    inputs_sha256,
    numbers,
    population_of,
    predictive_checks,
    readings_of,
    weights,
)
from sextant.response.refit.compared import compared
from sextant.units.words import list_words, odds_words
from sextant.virtual.influence import Influence, influences_of
from sextant.virtual.reference_patients import Advised, advised

SCHEMA = "evidence-prior/1"
FEWEST_FIGURES = 10
_WIDTH = 100
_HEAVIEST = 4  # studies named behind an answer
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """All that the command tells.

    Parameters
    ----------
    before, shipped : the reference patients under the shipped prior, and its name
    """

    fitted: Fitted
    found: Population
    mark: str
    left_out: tuple[LeftOut, ...]
    checks: tuple[Check, ...]
    weights: dict[About, dict[str, float]]
    now: tuple[Advised, ...]
    before: tuple[Advised, ...]
    shipped: Population
    influences: tuple[Influence, ...]

    @property
    def changes(self) -> Iterator[tuple[Advised, Advised]]:
        """Reference patients whom this prior would tell something else than the shipped one."""
        return ((a, b) for a, b in zip(self.before, self.now, strict=True) if _told_another(a, b))


def prior(options: argparse.Namespace) -> int:
    """Fit the prior, and print what it says, how well it foretells every figure, and each study's influence."""
    if options.out is not None:
        check_can_write(options.out)
    studies = studies_on_file(options.studies)
    readings, left_out = readings_of(studies)
    if len(readings) < FEWEST_FIGURES:
        raise Refused(f"{len(readings)} figures can be read; a prior needs at least {FEWEST_FIGURES}. Add studies.")
    start = design_assumptions()
    mark = inputs_sha256(readings, studies.series, start)
    with Progress() as progress:
        fitted = fit(readings, start, progress.say)
        found = population_of(fitted, start, mark)
        progress.say("asking twelve reference patients")
        now = tuple(advised(found, fastest()))
        made = _Made(
            fitted=fitted,
            found=found,
            mark=mark,
            left_out=left_out,
            checks=predictive_checks(fitted, progress.say),
            weights=weights(fitted),
            now=now,
            before=tuple(advised(shipped_population(), fastest())),
            shipped=shipped_population(),
            influences=tuple(influences_of(fitted, start, mark, now, by=fastest(), said=progress.say)),
        )
    if options.out is not None:
        write_text(options.out, text_of(found))
    if options.json:
        print(json.dumps(_rounded(_as_json(made)), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join([*_as_text(made), *_written(options.out)]))
    return 0


def _as_text(made: _Made) -> Iterator[str]:
    yield from _said(
        f"{made.found.version}: {len(made.checks)} published figures of depression studies, read as one population. "
        "No such figure exists for addiction, and that ketamine works there is not established."
    )
    yield ""
    for number in numbers(made.fitted):
        yield from _said(f"{number.name}: {number.value:.2f} ({number.comes_from}), {number.words}.")
    yield ""
    yield f"{'':<62}{'assumed (8 in 10)':>20}{'prior (8 in 10)':>20}"
    for one in compared(design_assumptions(), made.found):
        yield f"{one.words[:46]:<46} {one.unit[:14]:<15}{_band(one.old):>20}{_band(one.new):>20}"
    yield ""
    yield from _checks_text(made.checks)
    yield ""
    yield from _weights_text(made.weights)
    yield ""
    yield from _influences_text(made.influences)
    yield ""
    yield "Reference patients under this prior:"
    yield from (f"  {patient.patient}: {patient.advice}{_odds_words(patient)}" for patient in made.now)
    yield ""
    yield from _changes_text(made)
    yield ""
    yield f"Left out: {len(made.left_out)} rows."
    yield from (f"  {left.row}: {left.why}" for left in made.left_out)


def _checks_text(checks: tuple[Check, ...]) -> Iterator[str]:
    yield from _said(
        "Predictive check: each published figure; what a new study of its kind and size would find (8 in 10), its own "
        "study left out; and what is foretold in that study's own people. "
        f"{held_words(checks)}"
    )
    yield f"{'figure':<27}{'':<46}{'published':>10}{'new study (8 in 10)':>25}{'own':>8}"
    for one in checks:
        band = f"{one.median:.2f} ({one.low80:.2f} to {one.high80:.2f})"
        off = "" if one.within else "  outside"
        words = f"{one.reading.rows[0]:<27}{one.reading.words[:45]:<46}"
        yield f"{words}{one.published:>10.2f}{band:>25}{one.own:>8.2f}{off}"


def held_words(checks: tuple[Check, ...]) -> str:
    """How many figures lie in their bands, by kind."""

    def held(words: str, some: list[Check]) -> str:
        return f"{sum(one.within for one in some)} of {len(some)} {words}"

    control = [one for one in checks if one.reading.words.startswith("control")]
    active = [one for one in checks if not one.reading.unblinded and one not in control]
    others = [one for one in checks if one not in control and one not in active]
    parts = (held("beside an active control", active), held("in control arms", control), held("others", others))
    return f"Bands hold {list_words(parts)}; 8 in 10 are due."


def _weights_text(told: dict[About, dict[str, float]]) -> Iterator[str]:
    yield "On what each answer about the average patient rests:"
    for about, shares in told.items():
        studies = [f"{name} {share:.0%}" for name, share in shares.items() if name != ASSUMED][:_HEAVIEST]
        yield f"  {about}: {shares[ASSUMED]:.0%} assumed; {', '.join(studies)}"


def _influences_text(influences: tuple[Influence, ...]) -> Iterator[str]:
    yield f"{'without':<32}{'figures':>8}{'moves by SDs':>14}  {'of':<14}whose odds or advice change"
    for without in sorted(influences, key=lambda each: -abs(each.moved)):
        whom = [f"odds: {name}" for name in without.odds] + [f"advice: {name}" for name in without.advice]
        start = f"{without.study:<32}{without.figures:>8}{without.moved:>14.2f}  {without.most:<14}"
        yield start + ("; ".join(whom) or "nobody")


def _changes_text(made: _Made) -> Iterator[str]:
    changes = list(made.changes)
    if not changes:
        yield f"Nothing changes for anybody against the shipped prior ({made.shipped.version})."
        return
    yield f"What would change against the shipped prior ({made.shipped.version}):"
    for before, after in changes:
        said = "the same advice" if before.advice == after.advice else f"{before.advice} -> {after.advice}"
        told = [odds_words(one.odds) for one in (before, after) if one.odds is not None]
        odds = f", odds {told[0]} -> {told[1]}" if len(set(told)) == 2 else ""
        yield f"  {after.patient}: {said}{odds}"


def _written(out: str | None) -> Iterator[str]:
    if out is not None:
        yield ""
        yield f"{out} is written. Answer with it: --population {out}."


def _as_json(made: _Made) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "model": MODEL_VERSION,
        "population": made.found.version,
        "inputs_sha256": made.mark,
        "numbers": [
            {"name": one.name, "value": one.value, "words": one.words, "comes_from": one.comes_from}
            for one in numbers(made.fitted)
        ],
        "figures": [
            {
                "rows": list(one.reading.rows),
                "study": one.reading.study,
                "words": one.reading.words,
                "unblinded": one.reading.unblinded,
                "published": one.published,
                "low80": one.low80,
                "median": one.median,
                "high80": one.high80,
                "own": one.own,
                "within": one.within,
            }
            for one in made.checks
        ],
        "weights": [
            {
                "about": about.value,
                "assumed": shares[ASSUMED],
                "studies": [{"study": name, "share": share} for name, share in shares.items() if name != ASSUMED],
            }
            for about, shares in made.weights.items()
        ],
        "left_out": [{"row": one.row, "why": one.why} for one in made.left_out],
        "influence": [
            {
                "study": one.study,
                "figures": one.figures,
                "moved_sds": one.moved,
                "most": one.most,
                "odds_move": list(one.odds),
                "advice_changes": list(one.advice),
            }
            for one in made.influences
        ],
        "reference_patients": [
            {"patient": one.patient, "code": one.code, "advice": one.advice, "odds": one.odds} for one in made.now
        ],
        "against": made.shipped.version,
        "changes": [
            {
                "patient": after.patient,
                "advice_before": before.advice,
                "advice": after.advice,
                "odds_before": before.odds,
                "odds": after.odds,
            }
            for before, after in made.changes
        ],
    }


def _rounded(told: Any) -> Any:
    """Figures without the digits that differ from processor to processor."""
    if isinstance(told, dict):
        return {key: _rounded(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_rounded(value) for value in told]
    return float(f"{told:.{_DIGITS}g}") if isinstance(told, float) else told


def _told_another(before: Advised, after: Advised) -> bool:
    odds = [odds_words(one.odds) if one.odds is not None else "" for one in (before, after)]
    return before.advice != after.advice or odds[0] != odds[1]


def _band(band: Band) -> str:
    return f"{band.median:.3g} ({band.low80:.2g} to {band.high80:.2g})"


def _odds_words(one: Advised) -> str:
    return "" if one.odds is None else f" (clear benefit by six: {odds_words(one.odds)})"


def _said(words: str) -> list[str]:
    return textwrap.wrap(words, _WIDTH)
