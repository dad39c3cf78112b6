"""How many infusions, and when to repeat one: rules on 10,000 virtual people, twice, and the page about it.

    .venv/bin/python benchmarks/decisions.py [--people N] [--into FOLDER] [--page]

Writes docs/decisions.json, docs/decisions.md and its chart. Once the forecasts know the population that all people come
from, as after a large refit; once each person comes from a fresh draw of it and only its average is known.
The same seed gives the same figures, on however many cores.
"""

import argparse
import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from pages import ACCENT, AVERAGE, INK, Paper, figures_text, rounded, said

from sextant.response import MODEL_VERSION, fastest, shipped_population
from sextant.virtual.decisions import tried as rules
from sextant.virtual.decisions.compared import figures
from sextant.virtual.decisions.tables import comparison_table, maintenance_table, meanings, series_table
from sextant.virtual.decisions.tried import try_rules

SEED = 20_261_125
PEOPLE, OTHER_SCORES = 10_000, 1_000
PROJECT = Path(__file__).parents[1]
KNOWN, FRESH = "population known", "fresh draws"
DRAWN = {  # rules in the chart: colour, dash
    rules.KNOWS: (INK, "2 3"),
    rules.PLAN: (ACCENT, ""),
    rules.BEST: ("#0b7258", ""),
    rules.PAYS: ("#8a5d00", ""),
    rules.FADED: ("#a33a2c", "6 3"),
    rules.CRAVING: ("#6d4a8f", "6 3"),
    rules.SPACED: (AVERAGE, "1 3"),
}


def figures_of(people: int) -> dict[str, Any]:
    """Both runs."""
    population, by, start = shipped_population(), fastest(), time.monotonic()
    told: dict[str, Any] = {"model": MODEL_VERSION, "population": population.version, "seed": SEED, "people": people}
    for name, known in ((KNOWN, True), (FRESH, False)):

        def show(what: str, name: str = name) -> None:
            print(f"{(time.monotonic() - start) / 60:5.1f} min  {name}: {what}", file=sys.stderr)

        tried = try_rules(
            population,
            people,
            by=by,
            seed=SEED,
            known=known,
            threads=os.cpu_count() or 1,
            n_other_scores=min(OTHER_SCORES, people // 10) if known else 0,
            said=show,
        )
        told[name] = rounded(figures(tried))
    return told


def page(told: dict[str, Any]) -> str:
    """The page as Markdown."""
    known, fresh = told[KNOWN], told[FRESH]
    parts = [
        "# How many infusions, and when to repeat one",
        said(
            f"Written by `make decisions` for `{told['model']}` with the population `{told['population']}`, seed",
            f"{told['seed']}; all figures are in `docs/decisions.json`. Do not edit this page by hand. A run of your",
            "own: `.venv/bin/sextant virtual-clinic --people 1000`.",
        ),
        said(
            f"{told['people']:,} people drawn from the model start a series, and every rule meets the same people",
            "with the same noise. A rule sees nothing but their scores: craving and PHQ-9, in whole points. **None",
            "of this is evidence that any rule helps patients:** it says what each way of deciding makes of the same",
            "knowledge, if people are as the model assumes. A clear day is one on which benefit of ketamine alone,",
            "in truth, is above half of the person's own baseline. **In the model an infusion renews fast benefit and",
            "adds to slow benefit without limit, and harm and wear of repeated ketamine stand in it only as the price",
            "of an infusion**, which is the clinic's to set. Standard errors are in brackets.",
        ),
        "## In short",
        _short(known, fresh),
        "## A series of at most six",
        said(
            "Infusions every 3.5 days; scores twice before the first and twice after each. Nobody is judged before",
            "the third infusion. Clear days are counted to 60 days after the day of the sixth. Late responders are",
            "people in whom benefit is clear after six and is not after three; given up: stopped while it was not",
            "clear.",
        ),
        meanings(known, "series"),
        series_table(known),
        said(
            "Two rules that take one step at a time against the others. Sextant's own step is of the kind",
            f"*{rules.ODDS}*, but stops only where all of the doubt lies below the limit that the clinic has set, so",
            "it gives more. More clear days: at equal infusions. Fewer infusions: at equal clear days. The way:",
            f"how much of what lies between the other rule and *{rules.KNOWS_FROM_THREE}* is won, at equal infusions.",
        ),
        comparison_table(known, "series"),
        "## Maintenance for half a year",
        said(
            f"The {known['maintained']:,} people whose craving had halved by the end of a series of six. One check-in",
            "and score a week; each rule decides there. Clear days are of 182.",
        ),
        "![Clear days against infusions under each rule](images/decisions-maintenance.svg)",
        meanings(known, "maintenance"),
        maintenance_table(known),
        said(
            f"*{rules.BEST}* is the rule inside Sextant's maintenance window (`response/lookahead.py`), *{rules.PLAN}*",
            "plans several infusions ahead. Sextant asks more before it names a window: that the series helped without",
            "doubt and that benefit is likely still there, else it asks for a review; its half year rolls on, and its",
            f"least gain is one day. Way to the truth: towards *{rules.KNOWS}*.",
        ),
        comparison_table(known, "maintenance"),
        "## What more scores would bring",
        said(
            f"The first {known['other_scores_people']:,} of the same people. What is left of the way to the truth is",
            "mostly lack of knowledge, not of planning: scores without noise close about half of it.",
        ),
        meanings(known, "other_scores"),
        maintenance_table(known, "other_scores"),
        "## When the population is not known",
        said(
            "The same, but each person comes from a fresh draw of the population and the rules hold its average alone:",
            "they do not average over settings that the person's scores leave possible, as Sextant's forecasts do.",
        ),
        series_table(fresh),
        comparison_table(fresh, "series"),
        maintenance_table(fresh),
        comparison_table(fresh, "maintenance"),
        "## What this does not say",
        _limits(),
    ]
    return "\n\n".join(parts) + "\n"


def _short(known: dict[str, Any], fresh: dict[str, Any]) -> str:
    six, three = _row(known["series"], rules.SAME_NUMBER, 6), _row(known["series"], rules.NO_FALL, 0.3)
    odds = _row(known["series"], rules.ODDS, 0.1)
    best = {other: _pair(known, "maintenance", rules.BEST, other) for other in (rules.SPACED, rules.FADED, rules.PAYS)}
    plan = {other: _pair(known, "maintenance", rules.PLAN, other) for other in (rules.SPACED, rules.FADED, rules.PAYS)}
    unknown = _pair(fresh, "maintenance", rules.BEST, rules.SPACED)
    points = [
        said(
            "- **One step at a time, by odds of one in ten, spends fewer infusions.**",
            f"{_number(odds['infusions'])} in",
            f"place of six, {_number(odds['clear_days'])} clear days in place of {_number(six['clear_days'])}; of",
            f"late responders {_percent(odds['late_given_up'])} are given up, against",
            f"{_percent(three['late_given_up'])} under 'stop after three if no 30 % drop'.",
            hang=2,
        ),
        said(
            "- **Personal maintenance beside fixed spacing, in half a year.** Where the population is known:",
            f"{_gained(best[rules.SPACED])} Where it is not: {_gained(unknown)}",
            hang=2,
        ),
        said(
            "- **Looking ahead and the gap to somebody who knows the truth.** The aim was to close half of it.",
            f"*{rules.BEST}* closes {_closed(best)} *{rules.PLAN}* closes {_closed(plan)}",
            hang=2,
        ),
    ]
    return "\n".join(points)


def _limits() -> str:
    return "\n".join(
        said(f"- {sentence}", hang=2)
        for sentence in (
            "The rules that know the truth know what nobody can; they are a mark, not an aim.",
            "Everybody comes to every check-in. Who stays away is told about in [calibration.md](calibration.md).",
        )
    )


def _row(rows: list[dict[str, Any]], rule: str, number: float) -> dict[str, Any]:
    return next(one for one in rows if one["rule"] == rule and one["number"] == number)


def _pair(told: dict[str, Any], key: str, rule: str, other: str) -> dict[str, Any]:
    def is_it(one: dict[str, Any]) -> bool:
        return bool(one["rule"] == rule and one["other"] == other)

    compared = next(filter(is_it, told["comparisons"][key]))
    gap = next(filter(is_it, told["gaps"][key]))
    return {
        "days": compared["more_clear_days_at_equal_infusions"],
        "infusions": compared["fewer_infusions_at_equal_clear_days"],
        "closed": gap["closed"],
    }


def _number(estimate: dict[str, float]) -> str:
    return f"{estimate['mean']:.1f}"


def _percent(estimate: dict[str, float]) -> str:
    return f"{100 * estimate['mean']:.0f} %"


def _gained(pair: dict[str, Any]) -> str:
    """What one rule gains over another, where the curves of the two meet."""
    days, infusions = pair["days"], pair["infusions"]
    at_equal_infusions = (
        "no equal number of infusions at which to compare clear days;"
        if days is None
        else f"{_number(days)} more clear days at equal infusions;"
    )
    at_equal_days = (
        "no equal number of clear days at which to compare infusions."
        if infusions is None
        else f"{_number(infusions)} fewer infusions at equal clear days."
    )
    return f"{at_equal_infusions} {at_equal_days}"


def _closed(pairs: dict[str, dict[str, Any]]) -> str:
    """How much of the gap that each other rule leaves is closed."""
    told = [
        f"{_percent(pair['closed'])} of the gap that *{other}* leaves"
        for other, pair in pairs.items()
        if pair["closed"] is not None
    ]
    untold = [f"*{other}*" for other, pair in pairs.items() if pair["closed"] is None]
    if untold:
        told.append(f"beside {' and '.join(untold)} it cannot be told, since the two never meet")
    return f"{'; '.join(told)}."


def chart(told: dict[str, Any]) -> str:
    """Clear days against infusions, one line a rule."""
    left, top, wide, high = 64, 24, 560, 380
    most_infusions, most_days = 16.0, 182.0
    paper = Paper(
        left + wide + 210, top + high + 56, "Clear days against infusions in half a year", "One line for each rule."
    )
    for days in range(0, 181, 30):
        y = top + high * (1 - days / most_days)
        paper.line(left, y, left + wide, y)
        paper.text(left - 8, y + 4, str(days), anchor="end", soft=True)
    for infusions in range(0, 17, 2):
        x = left + wide * infusions / most_infusions
        paper.text(x, top + high + 20, str(infusions), anchor="middle", soft=True)
    paper.text(left + wide / 2, top + high + 44, "infusions in half a year, mean", anchor="middle", soft=True)
    paper.text(left + 8, top + 4, "clear days of 182, mean", soft=True)
    ends = []
    for rule, (colour, dash) in DRAWN.items():
        rows = [one for one in told["maintenance"] if one["rule"] == rule]
        points = [
            (
                left + wide * one["infusions"]["mean"] / most_infusions,
                top + high * (1 - one["clear_days"]["mean"] / most_days),
            )
            for one in rows
            if one["infusions"]["mean"] <= most_infusions
        ]
        for (x1, y1), (x2, y2) in pairwise(points):
            paper.line(x1, y1, x2, y2, colour, 2, dash)
        for x, y in points:
            paper.dot(x, y, colour, 3)
        if points:
            ends.append((points[-1], rule, colour))
    last = -20.0
    for (x, y), rule, colour in sorted(ends, key=lambda end: end[0][1]):
        last = max(y + 4, last + 19)
        paper.line(x + 4, y, left + wide + 8, last - 4, colour, 0.7)
        paper.text(left + wide + 12, last, rule)
    return paper.svg()


def main(arguments: list[str]) -> int:
    """Work everything out and write it."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--people", type=int, default=PEOPLE, help=f"who start a series (default: {PEOPLE})")
    asked.add_argument("--into", type=Path, default=PROJECT, help="folder to write into; the project's own by default")
    asked.add_argument("--page", action="store_true", help="write the page again from the figures that are there")
    options = asked.parse_args(arguments)
    docs = options.into / "docs"
    (docs / "images").mkdir(parents=True, exist_ok=True)
    kept = docs / "decisions.json"
    told = json.loads(kept.read_text(encoding="utf-8")) if options.page else figures_of(options.people)
    kept.write_text(figures_text(told), encoding="utf-8")
    (docs / "images" / "decisions-maintenance.svg").write_text(chart(told[KNOWN]), encoding="utf-8")
    (docs / "decisions.md").write_text(page(told), encoding="utf-8")
    print(f"Written: decisions.json, decisions.md and its chart under {docs}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
