"""What a refit found, in words and as the JSON object of the format refit/1."""

import textwrap
from dataclasses import dataclass
from typing import Any

from sextant.cli.refit_words import OLD_STANDS, left_out_lines, not_kept, wrapped
from sextant.response import MODEL_VERSION, Band
from sextant.response.held_out import ERRORS_BETTER
from sextant.response.population_file import PopulationFile, made_from_json
from sextant.response.refit.compared import Compared
from sextant.response.refit.selection import Selection
from sextant.units.words import count_words

SCHEMA = "refit/1"
_WORDS_WIDE, _NUMBERS_WIDE = 42, 19


@dataclass(frozen=True, slots=True)
class Report:
    """The new population and what it was judged by; `written` is the file that it was written to, if it was."""

    new: PopulationFile
    selection: Selection
    numbers: tuple[Compared, ...]
    written: str | None


def report_json(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    made_from = report.new.made_from
    return {
        "schema": SCHEMA,
        "population": report.new.population.version,
        "used": {"patients": len(report.selection.used), "scores": report.selection.n_scores},
        "left_out": [{"why": why, "patients": n} for why, n in report.selection.left_out.items()],
        "numbers": [
            {"name": one.name, "words": one.words, "unit": one.unit, "old": _band(one.old), "new": _band(one.new)}
            for one in report.numbers
        ],
        "made_from": None if made_from is None else made_from_json(made_from),
        "verdict": "new" if report.new.better else "old",
        "written": report.written,
        "model": MODEL_VERSION,
    }


def report_text(report: Report) -> str:
    """The report for people."""
    made_from = report.new.made_from
    if made_from is None or made_from.held_out is None:
        raise ValueError("Only a population that was judged has a report.")
    held_out, used = made_from.held_out, report.selection
    lines = [
        f"Used: {count_words(len(used.used), 'patient')} with {count_words(used.n_scores, 'score')}.",
        *left_out_lines(used.left_out),
        "",
        _row("", "before (8 in 10)", "after (8 in 10)", ""),
    ]
    for one in report.numbers:
        words = textwrap.wrap(one.words, _WORDS_WIDE, subsequent_indent="  ")
        lines += [_row(words[0], _shown(one.old), _shown(one.new), one.unit), *words[1:]]
    lines.append("")
    if made_from.effective_draws is not None and made_from.k_hat is not None and made_from.largest_k_hat is not None:
        lines.append(
            f"The draws are worth {made_from.effective_draws:.0f} independent ones; Pareto k-hat {made_from.k_hat:.2f} "
            f"(limit {made_from.largest_k_hat:.2f})."
        )
    lines.append(
        f"On {count_words(held_out.n_patients, 'patient')} held out: log score {held_out.gain:+.3f} a patient against "
        f"{made_from.parent!r}, standard error {held_out.error:.3f}; to be better it must be above {ERRORS_BETTER:g} "
        "standard errors."
    )
    lines += ["", *_verdict(report)]
    return wrapped(lines)


def _verdict(report: Report) -> list[str]:
    version = report.new.population.version
    if not report.new.better:
        return [OLD_STANDS]
    if report.written is None:
        return [not_kept(version)]
    return [
        f"The new population is better ({version}). It is in {report.written}. No advice changes until a director "
        "adopts it: sextant manage adopt_population."
    ]


def _row(words: str, before: str, after: str, unit: str) -> str:
    return f"{words:<{_WORDS_WIDE}}  {before:>{_NUMBERS_WIDE}}  {after:>{_NUMBERS_WIDE}}  {unit}".rstrip()


def _shown(band: Band) -> str:
    def digits(value: float) -> str:
        size = max(abs(band.median), abs(band.high80 - band.low80))
        return f"{value:.0f}" if size >= 20 else f"{value:.1f}" if size >= 2 else f"{value:.2f}"

    return f"{digits(band.median)} ({digits(band.low80)} to {digits(band.high80)})"


def _band(band: Band) -> dict[str, float]:
    return {"median": band.median, "low80": band.low80, "high80": band.high80}
