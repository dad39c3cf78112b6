"""What the figures of one row must obey together: events within n, intervals around effects, units where they are due.

Each check yields the column at fault and why. Cells that could not be read are None here and were refused already.
"""

from collections.abc import Iterator, Mapping

from sextant.evidence.cells import Cell
from sextant.evidence.strength import graded, levels

Cells = Mapping[str, Cell]
Fault = tuple[str, str]

PROPORTIONS = frozenset(
    {
        "response_rate",
        "remission_rate",
        "lower_bound_response_rate",
        "survival_no_relapse",
        "relapse_within_12_months",
        "worsened_rate",
        "suicidal_ideation_worsened_rate",
        "suicidal_ideation_improved_rate",
        "dropout_rate",
        "continued_on_maintenance",
        "stopped_for_side_effects",
        "continuing_maintenance",
        "loss_of_effect",
        "predictive_value_sensitivity",
        "predictive_value_specificity",
        "share_of_studies_with_CADSS_correlation",
        "patients_with_event_over_course",
        "infusions_with_event",
        "lower_bound_patients_with_event",
    }
)
COUNTS = frozenset({"remission_count", "count_of_events"})
YES_OR_NO = frozenset({"dose_superior_to_active_placebo"})
RATIOS = frozenset({"odds_ratio", "response_ratio_repeated_v_single"})

RATIO_EFFECTS = frozenset({"OR", "RR", "HR"})

UNIT_OF_OUTCOME = {
    "percent_days_abstinent": "percentage points of days",
    "motivation_to_quit_URICA_change_24h": "points",
    "cocaine_dollars_per_using_day_median_before": "US dollars per using day",
    "cocaine_dollars_per_using_day_median_after": "US dollars per using day",
    "cocaine_choices_of_5_at_28h": "choices of 5",
    "frequency_of_cannabis_use_model_estimate": "frequency of use, unit as in the abstract",
}
"""Units of the outcomes on file, as their rows name them; a new outcome brings its own in the column `unit`."""

_ROUNDING = 0.006  # a proportion is printed to two or three places, so it may be off its events by that much


def trial_faults(cells: Cells) -> Iterator[Fault]:
    """Faults of a row of trials."""
    yield from _row_id(cells)
    yield from _verification(cells)
    yield from _within(cells, "events", "n")
    kind, effect = cells["effect_kind"], _number(cells["effect"])
    if effect is not None and kind is None:
        yield "effect_kind", "is empty; an effect needs its kind, which is its unit"
    if effect is None:
        if kind is not None:
            yield "effect", f"is empty although effect_kind is {kind}"
        for bound in ("ci_low", "ci_high"):
            if cells[bound] is not None:
                yield bound, "is given without an effect"
    yield from _around(cells, "effect")
    if kind in RATIO_EFFECTS:
        for column in ("effect", "ci_low", "ci_high"):
            figure = _number(cells[column])
            if figure is not None and figure <= 0:
                yield column, f"{figure:g} is not above 0, which a ratio ({kind}) must be"
    if kind == "PCT_LOWER":
        for column in ("effect", "ci_low", "ci_high"):
            figure = _number(cells[column])
            if figure is not None and figure > 100:
                yield column, f"{figure:g} is above 100 percent lower"
    if cells["sd"] is not None and cells["se"] is not None:
        yield "se", "stands beside an sd; give the one that was printed, they are never mixed"
    if (cells["mean"] is not None or kind == "MD") and cells["unit"] is None:
        column = "mean" if cells["mean"] is not None else "effect"
        yield (
            column,
            f"has no unit; give it in the column unit (known without it: {', '.join(sorted(UNIT_OF_OUTCOME))})",
        )
    yield from _ready_to_pool(cells)


def series_faults(cells: Cells) -> Iterator[Fault]:
    """Faults of a row of series."""
    yield from _row_id(cells)
    yield from _verification(cells)
    yield from _within(cells, "events", "denominator" if cells["denominator"] is not None else "n")
    yield from _measured(cells)


def adverse_event_faults(cells: Cells) -> Iterator[Fault]:
    """Faults of a row of adverse events."""
    yield from _row_id(cells)
    yield from _verification(cells)
    # A count of events may exceed the patients: one patient can have several.
    if cells["measure"] not in COUNTS:
        yield from _within(cells, "events", "denominator" if cells["denominator"] is not None else "n_patients")
        yield from _within(cells, "comparator_events", "comparator_n")
    yield from _measured(cells)


def no_faults(_: Cells) -> Iterator[Fault]:
    """A table whose rows have no figures that depend on each other."""
    return iter(())


def _row_id(cells: Cells) -> Iterator[Fault]:
    row_id, study = cells["row_id"], cells["study_id"]
    if isinstance(row_id, str) and isinstance(study, str) and not row_id.startswith(f"{study}#"):
        yield "row_id", f"{row_id!r} is not {study}# and a serial number"


def _verification(cells: Cells) -> Iterator[Fault]:
    level = cells["verification"]
    if isinstance(level, str) and graded(level) is None:
        yield "verification", f"{level!r} is not known; begin with one of: {', '.join(levels())}"


def _within(cells: Cells, events: str, n: str) -> Iterator[Fault]:
    some, all_of_them = _number(cells[events]), _number(cells[n])
    if some is None:
        return
    if all_of_them is None:
        yield events, f"{some:g} is given without {n}"
    elif some > all_of_them:
        yield events, f"{some:g} exceeds {n} {all_of_them:g}"


def _around(cells: Cells, column: str) -> Iterator[Fault]:
    value, low, high = (_number(cells[name]) for name in (column, "ci_low", "ci_high"))
    if low is not None and high is not None and low >= high:
        yield "ci_low", f"{low:g} is not below ci_high {high:g}"
        return
    if value is None:
        return
    if low is not None and value < low:
        yield "ci_low", f"{low:g} is above the {column} {value:g}; the interval must lie around it"
    if high is not None and value > high:
        yield "ci_high", f"{high:g} is below the {column} {value:g}; the interval must lie around it"


def _measured(cells: Cells) -> Iterator[Fault]:
    """`value` against its measure, its unit, its interval and its events."""
    measure, unit, value = cells["measure"], cells["unit"], _number(cells["value"])
    if value is None:
        return
    proportion = measure in PROPORTIONS or (isinstance(unit, str) and unit.startswith("proportion"))
    yield from _around(cells, "value")
    if unit is None and measure not in PROPORTIONS | COUNTS | YES_OR_NO | RATIOS:
        yield "unit", f"is empty; {measure} needs one (proportions, ratios and counts do not: write 'proportion' or so)"
    if measure in RATIOS and value <= 0:
        yield "value", f"{value:g} is not above 0, which a ratio must be"
    if measure in YES_OR_NO and value not in (0, 1):
        yield "value", f"{value:g} is neither 0 (no) nor 1 (yes)"
    if unit == "percent" and abs(value) > 100:
        yield "value", f"{value:g} is beyond 100 percent"
    if unit == "r" and abs(value) > 1:
        yield "value", f"{value:g} is no correlation from -1 to 1"
    events, n = _number(cells["events"]), _number(cells["denominator"])
    if measure in COUNTS:
        if value < 0 or value != int(value):
            yield "value", f"{value:g} is no count"
        elif events is not None and events != value:
            yield "value", f"{value:g} is not the {events:g} in events"
    if not proportion:
        return
    if not 0 <= value <= 1:
        yield "value", f"{value:g} is no proportion from 0 to 1"
    elif events is not None and n is not None and events <= n and abs(events / n - value) > _ROUNDING:
        yield "value", f"{value:g} is not {events:g} of {n:g}, which is {events / n:.3f}"


def _ready_to_pool(cells: Cells) -> Iterator[Fault]:
    """A row marked for pooling must bring what pooling needs."""
    if cells["poolable"] not in ("yes", "sensitivity_only"):
        return
    if cells["better"] is None:
        yield "better", "is empty in a row that is marked poolable"
    if cells["row_kind"] == "arm":
        if cells["outcome_kind"] == "binary" and cells["events"] is None:
            yield "events", "is empty in an arm that is marked poolable"
        spread = cells["sd"] is not None or cells["se"] is not None
        if cells["outcome_kind"] == "continuous" and (cells["mean"] is None or not spread):
            yield "mean", "and sd or se are needed in an arm that is marked poolable"
        if cells["n"] is None:
            yield "n", "is empty in an arm that is marked poolable"
    elif cells["row_kind"] == "contrast":
        if cells["effect"] is None:
            yield "effect", "is empty in a contrast that is marked poolable"
        if (cells["ci_low"] is None or cells["ci_high"] is None) and cells["se"] is None:
            yield "ci_low", "and ci_high, or se, are needed in a contrast that is marked poolable"
    else:
        yield "poolable", f"{cells['poolable']!r} does not go with row_kind {cells['row_kind']}"


def _number(cell: Cell) -> float | None:
    return None if isinstance(cell, str) or cell is None else float(cell)
