"""`sextant forecast-use`: the chance of use in each week that was due, from a patient's earlier weeks alone."""

import argparse
import json
import sys
from collections.abc import Iterable

from sextant.cli.refused import Refused
from sextant.cli.weeks_file import reading_notes, use_population, weeks_file
from sextant.use import (
    FORECAST_COLUMNS,
    MODEL_VERSION,
    PatientWeeks,
    Population,
    WeekForecast,
    WeeksFile,
    engine,
    fastest,
    forecast,
    weeks_before_the_first_row,
)

SCHEMA = "forecast-use/1"
MANY_WEEKS = 700_000
"""Weeks, times the arms under which each is followed, from which on the compiled engine is used where it is there: it
takes most of a second to load and then saves a microsecond for each."""

_DIGITS = 6


def forecast_use(options: argparse.Namespace) -> int:
    """Print one row a patient and due week, or with --json one object."""
    population = use_population(options.population, options.of)
    read = weeks_file(options.weeks, population)
    patients = read.patients
    nobody = [read.first_line[name] for name, one in patients.items() if not any(week.due for week in one.weeks)]
    if len(nobody) == len(patients):
        raise Refused(f"{options.weeks}: no week from 1 on was due, so there is nothing to forecast.")
    by = fastest() if _followed(patients.values(), population) >= MANY_WEEKS else engine("numpy")
    answers = forecast(list(patients.values()), population, by)
    for sentence in _notes(nobody, read, population):
        print(f"sextant: {sentence}", file=sys.stderr)
    named = zip(patients, answers, strict=True)
    if options.json:
        print(json.dumps(_whole(named, population, options.of), indent=2))
        return 0
    quoted = [(_cell(name), weeks) for name, weeks in named]
    lines = [",".join(FORECAST_COLUMNS)]
    lines += [
        f"{name},{one.week},{one.p_use:.6f},{one.p_use_low:.6f},{one.p_use_high:.6f},{one.p_use_or_missing:.6f}"
        for name, weeks in quoted
        for one in weeks
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _followed(patients: Iterable[PatientWeeks], population: Population) -> int:
    """Weeks to go through: a patient whose arm is not known is followed under every arm."""
    arms = population.arms
    return sum(
        (one.last - weeks_before_the_first_row([one])) * (1 if one.arm in arms else len(arms)) for one in patients
    )


def _notes(nobody: list[int], read: WeeksFile, population: Population) -> Iterable[str]:
    """What the rows do not show. Patients are counted, not named."""
    yield from reading_notes(read, population)
    if nobody:
        lines = ", ".join(map(str, nobody[:3])) + (" and more" if len(nobody) > 3 else "")
        which = "line" if len(nobody) == 1 else "lines"
        yield (
            f"patients without a row, as no week of theirs was due: {len(nobody)} of {len(read.patients)}, first named "
            f"on {which} {lines}."
        )
    unknown = sum(one.arm is not None and one.arm not in population.arms for one in read.patients.values())
    if unknown:
        yield f"patients with an arm that the population does not know, read as not told: {unknown}."


def _cell(text: str) -> str:
    """A patient's name as a cell of a CSV file."""
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(sign in text for sign in ',"\n') else text


def _whole(named: Iterable[tuple[str, list[WeekForecast]]], population: Population, substance: str | None) -> object:
    return {
        "schema": SCHEMA,
        "rows": [
            {
                "patient": name,
                "week": one.week,
                "p_use": round(one.p_use, _DIGITS),
                "p_use_low": round(one.p_use_low, _DIGITS),
                "p_use_high": round(one.p_use_high, _DIGITS),
                "p_use_or_missing": round(one.p_use_or_missing, _DIGITS),
            }
            for name, weeks in named
            for one in weeks
        ],
        "of": substance,
        "model": {"version": MODEL_VERSION, "population": population.version, "sources": list(population.sources)},
    }
