"""One row of each table of published studies, with its figures as numbers.

None stands for 'not visible where the figure was read'. It is never filled in. Cells that papers print as a range or in
words (`dose_mg_per_kg` of '0.5-0.75', `n_infusions` of '1-2') stay text, as printed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One arm for one outcome, or one contrast between arms, of a ketamine study in addiction.

    `better` is the direction that is good for the patient; `se` is a standard error and `sd` a standard deviation,
    never mixed. `unit` is that of `mean`, `sd`, `se` and of a mean difference; None where the row has no such figure.
    """

    row_id: str
    study_id: str
    first_author: str | None
    year: int | None
    doi_or_pmid: str | None
    substance: str
    design: str
    row_kind: str
    arm: str | None
    n: int | None
    dose_mg_per_kg: str | None
    route: str | None
    infusion_minutes: float | None
    n_infusions: str | None
    interval_days: float | None
    psychotherapy: str | None
    comparator: str | None
    outcome_name: str
    outcome_kind: str
    better: str | None
    follow_up_days: float | None
    events: int | None
    mean: float | None
    sd: float | None
    se: float | None
    effect: float | None
    effect_kind: str | None
    ci_low: float | None
    ci_high: float | None
    p_value: str | None
    source_address: str
    verified_by: str | None
    verification: str
    poolable: str
    notes: str | None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """One published number on response by infusion, durability, dissociation or dose, mostly in depression.

    `value` takes `unit`; proportions are 0 to 1 and need none. `after_infusion`, `hours_after_infusion`,
    `days_from_first` and `days_after_last` say when it was read.
    """

    row_id: str
    study_id: str
    first_author: str | None
    year: int | None
    doi_or_pmid: str | None
    population: str
    design: str
    arm: str | None
    n: int | None
    dose_mg_per_kg: str | None
    infusion_minutes: float | None
    schedule: str | None
    n_infusions_planned: str | None
    after_infusion: int | None
    hours_after_infusion: float | None
    days_from_first: float | None
    days_after_last: float | None
    measure: str
    scale: str | None
    definition: str | None
    value: float | None
    unit: str | None
    sd: float | None
    events: int | None
    denominator: int | None
    ci_low: float | None
    ci_high: float | None
    p_value: str | None
    maintenance_interval_days: str | None
    source_address: str
    verified_by: str | None
    verification: str
    notes: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseEvent:
    """One rate of harm, change of blood pressure, or stopping rate.

    `measure` says whether the denominator is patients over a whole course, infusions, or a mean change at the worst
    time point. These are three quantities that do not compare.
    """

    row_id: str
    study_id: str
    first_author: str | None
    year: int | None
    doi_or_pmid: str | None
    population: str
    n_patients: int | None
    n_infusions: int | None
    dose_mg_per_kg: str | None
    infusion_minutes: float | None
    route: str | None
    event: str
    measure: str
    value: float | None
    unit: str | None
    sd: float | None
    events: int | None
    denominator: int | None
    ci_low: float | None
    ci_high: float | None
    comparator: str | None
    comparator_events: int | None
    comparator_n: int | None
    time_of_peak_min: float | None
    p_value: str | None
    source_address: str
    verified_by: str | None
    verification: str
    notes: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OngoingTrial:
    """A registered study whose results could not be read."""

    registration: str
    substance: str
    plan: str
    planned_n: int | None
    status: str
    source_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review, for orientation; never pooled with the trials that it contains."""

    review_id: str
    year: int | None
    doi_or_pmid: str | None
    scope: str
    n_studies: int | None
    n_participants: int | None
    finding: str
    source_address: str


Row = Trial | SeriesRow | AdverseEvent | OngoingTrial | Review


def key_of(row: Row) -> str:
    """The row's own name in its table."""
    if isinstance(row, OngoingTrial):
        return row.registration
    return row.review_id if isinstance(row, Review) else row.row_id


def study_of(row: Row) -> str:
    """The name of the study, registration or review that the row belongs to."""
    return row.study_id if isinstance(row, Trial | SeriesRow | AdverseEvent) else key_of(row)
