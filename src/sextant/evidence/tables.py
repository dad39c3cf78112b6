"""A table of published studies, read row by row; whatever is wrong is named by file, row and column, all at once."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from typing import Any

from sextant.evidence import cells as read
from sextant.evidence.cells import ReadCell
from sextant.evidence.figures import (
    UNIT_OF_OUTCOME,
    Cells,
    Fault,
    adverse_event_faults,
    no_faults,
    series_faults,
    trial_faults,
)
from sextant.evidence.rows import AdverseEvent, OngoingTrial, Review, Row, SeriesRow, Trial


class Kind(StrEnum):
    """The five tables, by the name that the command line gives them."""

    TRIALS = "trials"
    SERIES = "series"
    ADVERSE_EVENTS = "adverse-events"
    ONGOING = "ongoing"
    REVIEWS = "reviews"


FILE_OF = {
    Kind.TRIALS: "trials.csv",
    Kind.SERIES: "series_response.csv",
    Kind.ADVERSE_EVENTS: "adverse_events.csv",
    Kind.ONGOING: "ongoing_trials.csv",
    Kind.REVIEWS: "reviews.csv",
}


class TableError(ValueError):
    """A table of studies cannot be taken; `problems` holds one sentence for each fault."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Form:
    """What a table looks like: its columns, those that may be missing, the column that names a row, and its checks."""

    row: Callable[..., Row]
    key: str
    columns: Mapping[str, ReadCell]
    faults: Callable[[Cells], Iterator[Fault]]
    optional: frozenset[str] = frozenset()


_WHO: dict[str, ReadCell] = {
    "row_id": read.needed_text,
    "study_id": read.needed_text,
    "first_author": read.text,
    "year": read.year,
    "doi_or_pmid": read.text,
}
_WHERE_READ: dict[str, ReadCell] = {
    "source_address": read.address,
    "verified_by": read.text,
    "verification": read.needed_text,
}
_INTERVAL: dict[str, ReadCell] = {"ci_low": read.number, "ci_high": read.number}

_FORMS = {
    Kind.TRIALS: _Form(
        row=Trial,
        key="row_id",
        columns=_WHO
        | {
            "substance": read.needed_text,
            "design": read.needed_text,
            "row_kind": read.one_of("arm", "contrast", "design_only", "arm_qualitative", "mechanism", "case"),
            "arm": read.text,
            "n": read.size,
            "dose_mg_per_kg": read.text,
            "route": read.text,
            "infusion_minutes": read.above_zero,
            "n_infusions": read.text,
            "interval_days": read.above_zero,
            "psychotherapy": read.text,
            "comparator": read.text,
            "outcome_name": read.needed_text,
            "outcome_kind": read.one_of("binary", "continuous", "survival"),
            "better": read.one_of("higher", "lower", needed=False),
            "follow_up_days": read.not_negative,
            "events": read.count,
            "mean": read.number,
            "sd": read.above_zero,
            "se": read.above_zero,
            "effect": read.number,
            "effect_kind": read.one_of("OR", "RR", "HR", "MD", "PCT_LOWER", needed=False),
        }
        | _INTERVAL
        | {"p_value": read.text}
        | _WHERE_READ
        | {"poolable": read.one_of("yes", "no", "sensitivity_only"), "notes": read.text, "unit": read.text},
        faults=trial_faults,
        optional=frozenset({"unit"}),
    ),
    Kind.SERIES: _Form(
        row=SeriesRow,
        key="row_id",
        columns=_WHO
        | {
            "population": read.needed_text,
            "design": read.needed_text,
            "arm": read.text,
            "n": read.size,
            "dose_mg_per_kg": read.text,
            "infusion_minutes": read.above_zero,
            "schedule": read.text,
            "n_infusions_planned": read.text,
            "after_infusion": read.count,
            "hours_after_infusion": read.not_negative,
            "days_from_first": read.not_negative,
            "days_after_last": read.not_negative,
            "measure": read.needed_text,
            "scale": read.text,
            "definition": read.text,
            "value": read.number,
            "unit": read.text,
            "sd": read.above_zero,
            "events": read.count,
            "denominator": read.size,
        }
        | _INTERVAL
        | {"p_value": read.text, "maintenance_interval_days": read.text}
        | _WHERE_READ
        | {"notes": read.text},
        faults=series_faults,
    ),
    Kind.ADVERSE_EVENTS: _Form(
        row=AdverseEvent,
        key="row_id",
        columns=_WHO
        | {
            "population": read.needed_text,
            "n_patients": read.size,
            "n_infusions": read.size,
            "dose_mg_per_kg": read.text,
            "infusion_minutes": read.above_zero,
            "route": read.text,
            "event": read.needed_text,
            "measure": read.needed_text,
            "value": read.number,
            "unit": read.text,
            "sd": read.above_zero,
            "events": read.count,
            "denominator": read.size,
        }
        | _INTERVAL
        | {
            "comparator": read.text,
            "comparator_events": read.count,
            "comparator_n": read.size,
            "time_of_peak_min": read.not_negative,
            "p_value": read.text,
        }
        | _WHERE_READ
        | {"notes": read.text},
        faults=adverse_event_faults,
    ),
    Kind.ONGOING: _Form(
        row=OngoingTrial,
        key="registration",
        columns={
            "registration": read.needed_text,
            "substance": read.needed_text,
            "plan": read.needed_text,
            "planned_n": read.size,
            "status": read.needed_text,
            "source_address": read.address,
        },
        faults=no_faults,
    ),
    Kind.REVIEWS: _Form(
        row=Review,
        key="review_id",
        columns={
            "review_id": read.needed_text,
            "year": read.year,
            "doi_or_pmid": read.text,
            "scope": read.needed_text,
            "n_studies": read.size,
            "n_participants": read.size,
            "finding": read.needed_text,
            "source_address": read.address,
        },
        faults=no_faults,
    ),
}


def read_table(kind: Kind, text: str, name: str) -> tuple[Row, ...]:
    """The rows of one table.

    Parameters
    ----------
    kind : which of the five tables
    text : comma-separated values with a header, as UTF-8 text
    name : the file's name, for the sentences

    Raises
    ------
    TableError
        With every fault of the table, each named by file, row and column.
    """
    form = _FORMS[kind]
    lines = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = next(lines, [])
        problems = [f"{name}: {problem}" for problem in _header_problems(form, header)]
        if problems:
            raise TableError(tuple(problems))
        rows: list[Row] = []
        seen: dict[str, int] = {}
        line = lines.line_num + 1
        for cells in lines:
            where = f"{name}, line {line}"
            line = lines.line_num + 1
            if not cells:
                continue
            if len(cells) != len(header):
                key = cells[header.index(form.key)] if len(cells) > header.index(form.key) else ""
                problems.append(
                    f"{where}, row {key!r}: it has {len(cells)} cells where the header has {len(header)} columns; put "
                    "a cell that holds a comma in double quotes."
                )
                continue
            values, found = _row(form, dict(zip(header, cells, strict=True)))
            key = cells[header.index(form.key)].strip()
            if key and key in seen:
                found.append((form.key, f"{key!r} stands in line {seen[key]} too; every row needs a name of its own"))
            seen.setdefault(key, int(where.rpartition(" ")[2]))
            problems += [f"{where}, row {key!r}, column {column}: {why}." for column, why in found]
            if not found:
                rows.append(form.row(**values))
    except csv.Error as error:
        raise TableError((f"{name}, line {lines.line_num}: not comma-separated values ({error}).",)) from None
    if problems:
        raise TableError(tuple(problems))
    return tuple(rows)


def _header_problems(form: _Form, header: list[str]) -> Iterator[str]:
    if not header:
        yield "the file is empty. Begin it with the header line."
        return
    for column in sorted({one for one in header if header.count(one) > 1}):
        yield f"the header names the column {column!r} twice."
    for column in header:
        if column not in form.columns:
            yield f"the header names an unknown column {column!r}; known are: {', '.join(form.columns)}."
    for column in form.columns:
        if column not in header and column not in form.optional:
            yield f"the header lacks the column {column!r}."


def _row(form: _Form, cells: dict[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """The cells as values, and what is wrong with them; a cell at fault is None."""
    values: dict[str, Any] = dict.fromkeys(form.columns)
    found: list[Fault] = []
    for column, cell in cells.items():
        try:
            values[column] = form.columns[column](cell)
        except ValueError as error:
            found.append((column, str(error)))
    if form.row is Trial and values["unit"] is None and _has_unit(values):
        values["unit"] = UNIT_OF_OUTCOME.get(str(values["outcome_name"]))
    # A cell that could not be read makes nonsense of checks that need it, so these wait for the next run.
    broken = {column for column, _ in found}
    found += [fault for fault in form.faults(values) if fault[0] not in broken and not (broken & _partners(fault[0]))]
    return values, found


def _has_unit(values: Mapping[str, Any]) -> bool:
    return values["mean"] is not None or values["effect_kind"] == "MD"


_EVENTS = frozenset({"events", "n", "n_patients", "denominator", "value"})
_EFFECT = frozenset({"effect", "effect_kind", "ci_low", "ci_high", "value", "se"})
_SPREAD = frozenset({"mean", "sd", "se"})


def _partners(column: str) -> frozenset[str]:
    """Columns that are checked together with this one."""
    together = [group for group in (_EVENTS, _EFFECT, _SPREAD) if column in group]
    return frozenset().union(*together)
