"""How far pressure rises in an infusion as published, before anything is known of this patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sextant.evidence.dependence import check_independent, dependences
from sextant.evidence.effects import Effect, published
from sextant.evidence.meta_analysis import Method, pool
from sextant.evidence.rows import AdverseEvent

BETWEEN_PEOPLE_SHARE = 0.5
"""Share of the variance of one clinic's infusions that lies between its people; the rest lies within one person.

A design assumption, not a published figure: the one study on file with an SD (yale2024_bp, 138 people with 2,342
infusions) says nothing of this, nor whether the SD is of people or of infusions; it is read as of infusions.
"""


class Pressure(StrEnum):
    """Which of the two."""

    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"


class NoUsualRiseError(ValueError):
    """The rows on file do not tell how far pressure rises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualRise:
    """The rise at the peak over the value before the infusion: a mean in mmHg, and what may differ, in mmHg squared.

    `mean_variance` is the doubt about the mean, `between_clinics` how far one clinic's mean lies from it,
    `between_people` a person's own mean from the clinic's, `between_infusions` one infusion from the person's mean.
    `rows` are those that any of it was worked out from.
    """

    pressure: Pressure
    mean_mmhg: float
    mean_variance: float
    between_clinics: float
    between_people: float
    between_infusions: float
    rows: tuple[AdverseEvent, ...]

    @property
    def person_variance(self) -> float:
        """Variance of the own mean of a person of whom nothing is known, in a clinic of which nothing is known."""
        return self.mean_variance + self.between_clinics + self.between_people


def usual_rise(pressure: Pressure, rows: Sequence[AdverseEvent]) -> UsualRise:
    """The published rise, from the rows of adverse events.

    The mean is that of the meta-analyses and of the single clinics that share nobody with them, each with the inverse
    of its variance. A clinic's mean differs from that of all clinics by the variance between clinics; the mean of a
    meta-analysis is one of many clinics and does not. The variance between clinics is estimated (REML) from the single
    clinics alone, since a meta-analysis shows none of its spread in one mean. A clinic inside a meta-analysis
    (rivaposse2018_bp in vankawala2021_meta) tells of that variance, and is never in the mean beside it.

    Raises
    ------
    NoUsualRiseError
        If there are fewer than two single clinics, or none with an SD.
    OverlapError
        If single clinics, or meta-analyses, share people.
    """
    of_it = [row for row in rows if row.event == f"{pressure}_rise" and row.value is not None and row.unit == "mmHg"]
    clinics = [row for row in of_it if row.measure == "mean_change_at_peak" and row.n_patients and row.n_infusions]
    reviews = [row for row in of_it if row.measure == "pooled_mean_change" and row.ci_low is not None]
    with_sd = [row for row in clinics if row.sd is not None]
    if len(clinics) < 2 or not with_sd:
        raise NoUsualRiseError(
            f"The rows on file hold {len(clinics)} single clinics with a {pressure} rise, {len(with_sd)} with an SD; "
            "two and one are needed. Add rows of event "
            f"{pressure}_rise, measure mean_change_at_peak, with n_patients and n_infusions."
        )
    check_independent(row.study_id for row in clinics)
    of_infusions = _weighted([(row.sd or 0.0) ** 2 for row in with_sd], [row.n_infusions or 0 for row in with_sd])
    people, infusions = BETWEEN_PEOPLE_SHARE * of_infusions, (1 - BETWEEN_PEOPLE_SHARE) * of_infusions
    seen = {row.study_id: _clinic(row, people, infusions) for row in clinics}
    between = pool([*seen.values()], Method.REML).tau2
    apart = [row for row in clinics if not any(_share_people(row, review) for review in reviews)]
    check_independent(row.study_id for row in (*reviews, *apart))
    means = [_review(row) for row in reviews]
    means += [Effect(one.study, one.value, one.variance + between) for one in (seen[row.study_id] for row in apart)]
    weights = [1 / one.variance for one in means]
    return UsualRise(
        pressure=pressure,
        mean_mmhg=_weighted([one.value for one in means], weights),
        mean_variance=1 / sum(weights),
        between_clinics=between,
        between_people=people,
        between_infusions=infusions,
        rows=(*clinics, *reviews),
    )


def _clinic(row: AdverseEvent, people: float, infusions: float) -> Effect:
    """A clinic's mean with its variance; a clinic that prints no SD is given that of those that do."""
    return Effect(row.study_id, row.value or 0.0, people / (row.n_patients or 1) + infusions / (row.n_infusions or 1))


def _review(row: AdverseEvent) -> Effect:
    if row.value is None or row.ci_low is None or row.ci_high is None:
        raise NoUsualRiseError(f"{row.row_id} has no mean with an interval of two ends. Fill in ci_low and ci_high.")
    return published(row.study_id, row.value, row.ci_low, row.ci_high)


def _share_people(one: AdverseEvent, other: AdverseEvent) -> bool:
    return any(tie.kind == "overlap" and {one.study_id, other.study_id} <= {*tie.studies} for tie in dependences())


def _weighted(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
