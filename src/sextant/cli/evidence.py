"""`sextant evidence list`: the studies on file, each row with its figure, where it was read, and how strong it is."""

import argparse
import json
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sextant.cli.files import read_text
from sextant.cli.refused import Refused
from sextant.evidence.library import Library, library, library_of
from sextant.evidence.rows import AdverseEvent, OngoingTrial, Review, Row, SeriesRow, Trial, key_of, study_of
from sextant.evidence.strength import strength
from sextant.evidence.tables import FILE_OF, Kind, TableError
from sextant.units.words import count_words

SCHEMA = "evidence-list/1"
_WIDTH = 100

_COLUMN = {
    "substance": {
        Kind.TRIALS: "substance",
        Kind.SERIES: "population",
        Kind.ADVERSE_EVENTS: "population",
        Kind.ONGOING: "substance",
        Kind.REVIEWS: "scope",
    },
    "design": {Kind.TRIALS: "design", Kind.SERIES: "design"},
    "outcome": {Kind.TRIALS: "outcome_name", Kind.SERIES: "measure", Kind.ADVERSE_EVENTS: "event"},
    "poolable": {Kind.TRIALS: "poolable"},
}
"""The column that each filter looks into, table by table; --study looks at the study's name in all."""


def list_rows(options: argparse.Namespace) -> int:
    """Print the rows that the filters let through."""
    filters = {name: getattr(options, name) for name in ("substance", "study", "design", "outcome", "poolable")}
    filters = {name: value for name, value in filters.items() if value is not None}
    tables, without = _tables(options.kind, filters)
    studies = studies_on_file(options.studies)
    found = {kind: [row for row in studies.rows(kind) if _passes(kind, row, filters)] for kind in tables}
    if options.json:
        print(json.dumps(_as_json(found, filters), ensure_ascii=False))
        return 0
    for kind, rows in found.items():
        print(f"{kind.value}: {len(rows)} of {count_words(len(studies.rows(kind)), 'row')}")
        for row in rows:
            print(_row_text(row))
        print()
    if without:
        print(f"Not looked into, because they have no column for a filter: {', '.join(without)}.")
    if not any(found.values()):
        print("No row matches. Filters look for a part of the word, in capitals or not.")
    return 0


def studies_on_file(folder: str | None) -> Library:
    """The shipped library, or with the tables of a folder in place of the shipped ones."""
    try:
        if folder is None:
            return library()
        if not Path(folder).is_dir():
            raise Refused(f"There is no folder {folder}. Name one that holds trials.csv or another table of studies.")
        own = {kind: Path(folder) / name for kind, name in FILE_OF.items() if (Path(folder) / name).exists()}
        if not own:
            raise Refused(f"{folder} holds none of the tables of studies: {', '.join(FILE_OF.values())}.")
        return library_of({kind: read_text(str(path)) for kind, path in own.items()})
    except TableError as error:
        raise Refused(str(error)) from None


def _tables(kind: str | None, filters: dict[str, str]) -> tuple[list[Kind], list[str]]:
    """The tables to look into, and those that lack a column for a filter."""
    asked = list(Kind) if kind is None else [Kind(kind)]
    tables = [one for one in asked if all(name == "study" or one in _COLUMN[name] for name in filters)]
    if not tables:
        named = " and ".join(f"--{name}" for name in filters if name != "study")
        where = "No table has columns" if kind is None else f"The table {kind} has no column"
        raise Refused(f"{where} for {named}. Leave it out or ask another table.")
    return tables, [one.value for one in asked if one not in tables]


def _passes(kind: Kind, row: Row, filters: dict[str, str]) -> bool:
    for name, value in filters.items():
        cell = study_of(row) if name == "study" else str(getattr(row, _COLUMN[name][kind]) or "")
        # 'no' is a word of its own here, not a part of one.
        if (cell != value) if name == "poolable" else (value.casefold() not in cell.casefold()):
            return False
    return True


def _as_json(found: dict[Kind, list[Row]], filters: dict[str, str]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "filters": filters,
        "tables": {
            kind.value: [asdict(row) | {"strength": asdict(strength(row))} for row in rows]
            for kind, rows in found.items()
        },
    }


def _row_text(row: Row) -> str:
    figures = "; ".join(part for part in _figures(row) if part)
    lines = textwrap.wrap(figures, _WIDTH - 4)
    grade = strength(row)
    weak = "; weigh down" if grade.weigh_down else ""
    level = "" if isinstance(row, OngoingTrial | Review) else f" [{row.verification}]"
    read = textwrap.wrap(f"{grade.grade}: {grade.words}{weak}{level}", _WIDTH - 4)
    # Addresses are never broken: they are there to be opened.
    return "\n".join([key_of(row), *(f"    {line}" for line in [*lines, *read, row.source_address])])


def _figures(row: Row) -> list[str]:
    """What the row says, in parts; empty parts are left out."""
    match row:
        case Trial():
            return _trial(row)
        case SeriesRow():
            return _series(row)
        case AdverseEvent():
            return _adverse_event(row)
        case OngoingTrial():
            return _ongoing(row)
        case Review():
            return _review(row)


def _trial(row: Trial) -> list[str]:
    figures = []
    if row.events is not None:
        figures.append(f"{row.events} of {row.n}")
    if row.mean is not None:
        spread = f" (SD {row.sd:g})" if row.sd is not None else f" (SE {row.se:g})" if row.se is not None else ""
        figures.append(f"{row.mean:g}{spread} {row.unit}")
    if row.effect is not None:
        figures.append(f"{row.effect_kind} {row.effect:g}{_interval(row.ci_low, row.ci_high)} {row.unit or ''}".strip())
    figure = ", ".join(figures) or "no figure"
    return [
        f"{_who(row.first_author, row.year)}, {row.substance}, {row.design}",
        f"{row.arm or 'arm not known'}{_n(row.n)}: {row.outcome_name} {figure}",
        "" if row.follow_up_days is None else f"day {row.follow_up_days:g}",
        f"poolable: {row.poolable}",
    ]


def _series(row: SeriesRow) -> list[str]:
    moments = (
        ("after infusion", row.after_infusion),
        ("hours after infusion:", row.hours_after_infusion),
        ("day after the first:", row.days_from_first),
        ("day after the last:", row.days_after_last),
    )
    return [
        f"{_who(row.first_author, row.year)}, {row.population}, {row.design}",
        f"{row.arm + ': ' if row.arm else ''}{row.measure} {_value(row.value, row.unit)}"
        f"{_interval(row.ci_low, row.ci_high)}{_events(row.events, row.denominator)}{_n(row.n)}",
        " ".join(part for part in (row.scale, row.definition) if part),
        *(f"{word} {when:g}" for word, when in moments if when is not None),
    ]


def _adverse_event(row: AdverseEvent) -> list[str]:
    against = "" if row.comparator_events is None else f" v {row.comparator_events} of {row.comparator_n}"
    return [
        f"{_who(row.first_author, row.year)}, {row.population}",
        f"{row.event}: {row.measure} {_value(row.value, row.unit)}{_interval(row.ci_low, row.ci_high)}"
        f"{_events(row.events, row.denominator)}{against} {row.comparator or ''}".rstrip(),
    ]


def _ongoing(row: OngoingTrial) -> list[str]:
    planned = "" if row.planned_n is None else f"planned n {row.planned_n}"
    return [row.substance, row.plan, planned, row.status]


def _review(row: Review) -> list[str]:
    people = "" if row.n_participants is None else f"{row.n_participants} participants"
    studies = "" if row.n_studies is None else f"{row.n_studies} studies"
    return [f"{'year not known' if row.year is None else row.year}, {row.scope}", studies, people, row.finding]


def _who(author: str | None, year: int | None) -> str:
    return f"{author or 'author not known'} {'(year not known)' if year is None else year}"


def _n(n: int | None) -> str:
    return " (n not known)" if n is None else f" (n {n})"


def _value(value: float | None, unit: str | None) -> str:
    return "no figure" if value is None else f"{value:g} {unit or ''}".rstrip()


def _interval(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return f" ({'?' if low is None else f'{low:g}'} to {'?' if high is None else f'{high:g}'})"


def _events(events: int | None, n: int | None) -> str:
    return "" if events is None or n is None else f" ({events} of {n})"
