"""`sextant virtual-clinic`: rules for a series and for maintenance tried on the model's virtual people."""

import argparse
import json
import os
import textwrap

from sextant.cli.population import population_of
from sextant.cli.progress import Progress
from sextant.cli.refused import Refused
from sextant.response import MODEL_VERSION, fastest
from sextant.virtual.decisions.compared import figures
from sextant.virtual.decisions.tables import comparison_table, maintenance_table, meanings, series_table
from sextant.virtual.decisions.tried import try_rules

LEAST_PEOPLE = 100
MOST_PEOPLE = 100_000


def virtual_clinic(options: argparse.Namespace) -> int:
    """Try the rules and print what each brought."""
    if not LEAST_PEOPLE <= options.people <= MOST_PEOPLE:
        raise Refused(
            f"--people {options.people} is outside {LEAST_PEOPLE} to {MOST_PEOPLE}: fewer say nothing, more take hours."
        )
    if options.seed < 0:
        raise Refused(f"--seed {options.seed} is below 0. Name a whole number from 0.")
    population = population_of(options.population)
    with Progress() as progress:
        tried = try_rules(
            population,
            options.people,
            by=fastest(),
            seed=options.seed,
            known=not options.unknown_population,
            threads=os.cpu_count() or 1,
            said=progress.say,
        )
    told = figures(tried) | {"model": MODEL_VERSION, "population": population.version}
    print(json.dumps(told, indent=2, ensure_ascii=False) if options.json else _text(told))
    return 0


def _text(told: dict[str, object]) -> str:
    known = "which the forecasts know" if told["population_known"] else "a fresh draw each, whose average is known"
    parts = [
        _said(
            f"{told['people']:,} virtual people of the population '{told['population']}', {known}. Means over people; "
            "standard errors in brackets. These are the model's own people: no evidence that any rule helps patients."
        ),
        _said("A series of at most six; clear days are counted to 60 days after the day of the sixth."),
        meanings(told, "series"),
        series_table(told),
        comparison_table(told, "series"),
        _said(
            f"Maintenance for half a year in the {told['maintained']:,} whose craving had halved by the end of a "
            "series of six."
        ),
        meanings(told, "maintenance"),
        maintenance_table(told),
        comparison_table(told, "maintenance"),
        _said(
            "More clear days: at equal infusions. Fewer infusions: at equal clear days. Way to the truth: of the clear "
            "days between the other rule and somebody who knows each person's truth, at equal infusions."
        ),
    ]
    return "\n\n".join(parts)


def _said(words: str) -> str:
    return textwrap.fill(words, 100)
