"""How each published row is read: the summary of a population that it tells, and how surely.

A row is read by rule from its own columns, so that adding a study is adding a row. What a rule assumes is said in
`docs/evidence.md`; what no rule can use is left out with its reason, and counted.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import log

import numpy as np
from scipy.special import logit

from sextant.evidence.effects import published
from sextant.evidence.library import Library, SeriesRow
from sextant.evidence.regimen import days_between, mg_per_kg
from sextant.evidence.strength import strength
from sextant.response.course_data import Dose
from sextant.response.prior import summaries
from sextant.response.prior.summaries import Arm
from sextant.response.settings import Settings

WEAKLY_READ = 2.0
"""Times the variance with which a figure counts that was read at second hand, in one place or in the press."""
USUAL_MG_PER_KG = 0.5
USUAL_DAYS_BETWEEN = 3.5  # where a schedule says how many and not when
SCORED_DAYS_AFTER = 1.0  # where a row says after which infusion and not when
# Where a row does not count responders, these parts of its patients are taken. Design assumptions.
RESPONDERS_AT_LEAST, RESPONDERS_AT_END = 0.3, 0.7
REMISSION_FRACTION = 0.7  # remission is read as a fall of 70 %: MADRS 33 to 10
_CONTROLS = ("placebo", "midazolam")
# Scales that the model does not know are read as the rater's or the patient's own.
_SCALES = {"PHQ-9": "phq9", "GAD-7": "gad7"}
_RATED = ("MADRS", "HAM-D", "HDRS")  # by a clinician; all else is the patient's own score


@dataclass(frozen=True, slots=True)
class Conditions:
    """What hangs on how a study measures and not on its patients.

    Parameters
    ----------
    own, rated : variance of one score in scaled points, the patient's own or a clinician's rating
    relapse_at : a relapse is called where less than this share of the baseline is still gone
    """

    own: float
    rated: float
    relapse_at: float


Foretell = Callable[[Settings, Conditions], float]


class Tells(StrEnum):
    """Of what a figure tells. Where it is known who responds, how long that lasts and who did so early is news."""

    LEVEL = "level"
    SPREAD = "spread"
    LASTING = "lasting"
    EARLY_IN_RESPONDERS = "early in responders"
    EARLY_IN_OTHERS = "early in others"


@dataclass(frozen=True, slots=True)
class Reading:
    """One published figure on an additive scale.

    Parameters
    ----------
    rows : row ids of the library
    study, arm : studies are independent of each other; figures of one arm are of the same patients
    tells : of what: figures of one arm that tell of the same share their weight
    words : what it says
    unblinded : whether patients could know that they got ketamine; what saline does not do tells as much as a label
    link : 'logit', 'log' or 'points'
    observed, variance : on that scale, the variance of sampling
    sharing : how many figures of one arm tell of the same, this one among them
    weakly_read : whether it was read where figures are weighed down
    foretell : the same figure in people of one setting, on that scale
    """

    rows: tuple[str, ...]
    study: str
    arm: str
    tells: Tells
    words: str
    unblinded: bool
    link: str
    observed: float
    variance: float
    foretell: Foretell
    weakly_read: bool = False
    sharing: int = 1

    @property
    def error(self) -> float:
        """Variance with which it counts: figures of the same do not add up as if each had patients of its own."""
        return self.variance * self.sharing * (WEAKLY_READ if self.weakly_read else 1.0)

    def shown(self, value: float) -> float:
        """A value on the additive scale as people read it."""
        if self.link == "points":
            return value
        return float(np.exp(value)) if self.link == "log" else float(1 / (1 + np.exp(-value)))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that the fit does not read, and why."""

    row: str
    why: str


def readings_of(library: Library) -> tuple[tuple[Reading, ...], tuple[LeftOut, ...]]:
    """Every row of response, with the number of patients from the study's harms where the row does not tell it."""
    told: dict[str, set[int]] = {}
    for row in library.adverse_events:
        if row.n_patients is not None:
            told.setdefault(row.study_id, set()).add(row.n_patients)
    return read(library.series, {study: min(numbers) for study, numbers in told.items() if len(numbers) == 1})


def read(
    rows: Iterable[SeriesRow], patients: Mapping[str, int] | None = None
) -> tuple[tuple[Reading, ...], tuple[LeftOut, ...]]:
    """Every row as one reading or two, or left out with its reason.

    Parameters
    ----------
    patients : by study, for rows that do not tell how many there were
    """
    found: list[Reading] = []
    left_out: list[LeftOut] = []
    for given in rows:
        row = given if given.n is not None else replace(given, n=(patients or {}).get(given.study_id))
        made = _read(row)
        if isinstance(made, str):
            left_out.append(LeftOut(row.row_id, made))
        else:
            found += made
    return _shared_out(found), tuple(left_out)


def _read(row: SeriesRow) -> list[Reading] | str:
    if row.measure not in _MEASURES:
        return _NOT_READ.get(row.measure, f"the model has no summary like {row.measure.replace('_', ' ')}")
    if row.value is None:
        return "it gives no figure"
    if (row.definition or "").startswith("still responder"):
        return "after dropping out and changing doses it is no response to a series"
    if (row.after_infusion or 0) > _planned(row):
        return "it is after more infusions than planned, of those alone who went on"
    if "open_label" in (row.arm or ""):
        return "its patients come from a blinded phase and begin at no baseline of their own"
    return _MEASURES[row.measure](row)


def _response(row: SeriesRow, fraction: float = 0.5) -> list[Reading] | str:
    at = _scored(row)
    if at is None:
        return "it does not say after how many infusions"
    arm, day = at
    n = row.denominator or (row.n and _of_arm(row))
    if not n:
        return "it does not say of how many patients"
    events = _share_of(row) * n
    words = f"{'response' if fraction == 0.5 else 'remission'} on day {day:.0f}, {len(arm.doses)} infusions"
    return [
        _share(row, words, events, n, lambda s, under: summaries.responding(s, arm, day, fraction, _noise(row, under)))
    ]


def _remission(row: SeriesRow) -> list[Reading] | str:
    return _response(row, REMISSION_FRACTION)


def _mean_change(row: SeriesRow) -> list[Reading] | str:
    at = _scored(row)
    if at is None or row.value is None or row.sd is None or not row.n:
        return "its mean change has no spread"
    arm, day = at
    n = _of_arm(row)
    words = f"change by day {day:.1f}, {len(arm.doses)} infusions"

    def mean(setting: Settings, under: Conditions) -> float:
        return summaries.change(setting, arm, day, _noise(row, under))[0]

    def spread(setting: Settings, under: Conditions) -> float:
        return log(summaries.change(setting, arm, day, _noise(row, under))[1])

    return [
        _reading(row, f"mean {words}", "points", -row.value, row.sd**2 / n, mean),
        _reading(row, f"SD of the {words}", "log", log(row.sd), 1 / (2 * (n - 1)), spread, Tells.SPREAD),
    ]


def _loss(row: SeriesRow) -> list[Reading] | str:
    """How much of the change at one moment is lost by a later one, in the same people."""
    if row.value is None or row.sd is None or not row.n or row.hours_after_infusion is None or not row.days_after_last:
        return "its loss has no spread or no two moments"
    arm = _series(row)
    early, late = _last(arm) + row.hours_after_infusion / 24, _last(arm) + row.days_after_last

    def lost(setting: Settings, under: Conditions) -> float:
        rated = _noise(row, under)
        return summaries.change(setting, arm, early, rated)[0] - summaries.change(setting, arm, late, rated)[0]

    words = f"lost of the change from day {early:.0f} to day {late:.0f}"
    return [_reading(row, words, "points", row.value, row.sd**2 / _of_arm(row), lost, Tells.LASTING)]


def _difference(row: SeriesRow) -> list[Reading] | str:
    at = _scored(row)
    if at is None or row.value is None or row.ci_low is None or row.ci_high is None:
        return "its difference has no interval"
    arm, day = at
    control = Arm(arm.instrument, ())

    def gained(setting: Settings, under: Conditions) -> float:
        rated = _noise(row, under)
        return summaries.change(setting, arm, day, rated)[0] - summaries.change(setting, control, day, rated)[0]

    variance = published(row.study_id, row.value, row.ci_low, row.ci_high).variance
    return [_reading(row, f"difference from control on day {day:.0f}", "points", -row.value, variance, gained)]


def _survival(row: SeriesRow) -> list[Reading] | str:
    if row.days_after_last is None or row.value is None:
        return "it does not say for how long"
    n = row.denominator or (row.n and RESPONDERS_AT_LEAST * row.n)
    if not n:
        return "it does not say of how many patients"
    kept = row.value if row.measure == "survival_no_relapse" else 1 - row.value
    return [_still_well(row, row.days_after_last, kept, n)]


def _median_days(row: SeriesRow) -> list[Reading] | str:
    """Half were well at the median: a share bends less with the setting than a time does."""
    if row.value is None or not row.n:
        return "it gives no figure"
    return [_still_well(row, row.value, 0.5, RESPONDERS_AT_END * row.n)]


def _still_well(row: SeriesRow, days: float, kept: float, n: float) -> Reading:
    arm = _series(row)
    start, entry = _last(arm) + SCORED_DAYS_AFTER, _entry(row)

    def foretell(setting: Settings, under: Conditions) -> float:
        return float(summaries.still_well(setting, arm, start, [days], entry, under.relapse_at)[0])

    words = f"still well {days:.0f} days after the last of {len(arm.doses)}"
    return _share(row, words, kept * n, n, foretell, Tells.LASTING)


def _worsened(row: SeriesRow) -> list[Reading] | str:
    arm = _series(row)
    day = _last(arm) + (row.days_after_last or 22.0)
    if not row.n:
        return "it does not say of how many patients"

    def foretell(setting: Settings, under: Conditions) -> float:
        return 1 - summaries.responding(setting, arm, day, 0.0, _noise(row, under))

    return [_share(row, f"worse than before on day {day:.0f}", _share_of(row) * row.n, row.n, foretell)]


def _early_and_late(row: SeriesRow) -> list[Reading] | str:
    if row.hours_after_infusion is None or not row.n or row.value is None:
        return "it is of partial response at an infusion that the model does not tell apart"
    arm = _series(row)
    days = (row.hours_after_infusion / 24, _last(arm) + SCORED_DAYS_AFTER)
    sensitive = row.measure.endswith("sensitivity")
    n = row.n * (RESPONDERS_AT_END if sensitive else 1 - RESPONDERS_AT_END)

    def foretell(setting: Settings, under: Conditions) -> float:
        early, late, both = summaries.responding_at_both(setting, arm, days, _noise(row, under))
        return both / late if sensitive else (1 - early - late + both) / (1 - late)

    words = f"early response foretells {'response' if sensitive else 'none'} at the end"
    tells = Tells.EARLY_IN_RESPONDERS if sensitive else Tells.EARLY_IN_OTHERS
    return [_share(row, words, row.value * n, n, foretell, tells)]


def _ratio(row: SeriesRow) -> list[Reading] | str:
    if row.value is None or not row.n:
        return "it gives no figure"
    arm = _series(row)
    one = Arm(arm.instrument, arm.doses[:1])

    def foretell(setting: Settings, under: Conditions) -> float:
        rated = _noise(row, under)
        last = summaries.responding(setting, arm, _last(arm) + SCORED_DAYS_AFTER, 0.5, rated)
        return log(last / summaries.responding(setting, one, SCORED_DAYS_AFTER, 0.5, rated))

    return [_reading(row, "response to the series over that to one", "log", log(row.value), 5.0 / row.n, foretell)]


_MEASURES: dict[str, Callable[[SeriesRow], list[Reading] | str]] = {
    "response_rate": _response,
    "remission_rate": _remission,
    "remission_count": _remission,
    "mean_change": _mean_change,
    "mean_loss_of_change": _loss,
    "mean_difference_end_of_treatment": _difference,
    "survival_no_relapse": _survival,
    "relapse_within_12_months": _survival,
    "median_days_to_relapse": _median_days,
    "worsened_rate": _worsened,
    "predictive_value_sensitivity": _early_and_late,
    "predictive_value_specificity": _early_and_late,
    "response_ratio_repeated_v_single": _ratio,
}
_NOT_READ = {
    "effect_size_d": "a standardised change needs the spread of baselines of that very sample",
    "median_days_in_remission": "it is of those alone who relapsed within the year",
    "lower_bound_response_rate": "'over half' is no figure",
    "class_mean_score": "classes were found in the same scores that they tell of",
    "percent_reduction": "it is a change of means without spread",
    "median_infusions_to_response": "who stops on response makes it hang on the protocol",
    "median_infusions_to_remission": "who stops on remission makes it hang on the protocol",
}


def _share(
    row: SeriesRow, words: str, events: float, n: float, foretell: Foretell, tells: Tells = Tells.LEVEL
) -> Reading:
    """A share on the logit scale; half a case is kept from none and from all."""
    events = min(max(events, 0.5), n - 0.5)
    share = events / n
    return _reading(
        row,
        words,
        "logit",
        float(logit(share)),
        1 / (n * share * (1 - share)),
        lambda s, under: float(logit(min(max(foretell(s, under), 1e-4), 1 - 1e-4))),
        tells,
    )


def _reading(
    row: SeriesRow,
    words: str,
    link: str,
    observed: float,
    variance: float,
    foretell: Foretell,
    tells: Tells = Tells.LEVEL,
) -> Reading:
    return Reading(
        rows=(row.row_id,),
        study=row.study_id,
        # A contrast is of the same people as the arm that it begins with.
        arm=(row.arm or "").partition("_vs_")[0],
        tells=tells,
        words=("control: " if _is_control(row) else "") + words,
        unblinded="midazolam" not in row.design,
        link=link,
        observed=observed,
        variance=variance,
        foretell=foretell,
        weakly_read=strength(row).weigh_down,
    )


def _shared_out(readings: list[Reading]) -> tuple[Reading, ...]:
    figures = Counter((one.study, one.arm, one.tells) for one in readings)
    return tuple(replace(one, sharing=figures[one.study, one.arm, one.tells]) for one in readings)


def _series(row: SeriesRow) -> Arm:
    instrument = _SCALES.get((row.scale or ""), "madrs")
    if _is_control(row):
        return Arm(instrument, ())
    count = int(row.after_infusion or 0) or _planned(row)
    between = _days_between(row)
    mg_per_kg = _mg_per_kg(row)
    return Arm(instrument, tuple(Dose(between * n, mg_per_kg) for n in range(count)))


def _scored(row: SeriesRow) -> tuple[Arm, float] | None:
    """The arm with what was given by the day of the score, and that day."""
    arm, between = _series(row), _days_between(row)
    if row.days_from_first is not None:
        # 'Up to four weeks' plans no number; else none is given beyond the planned one.
        planned = _planned(row) if row.n_infusions_planned else int(row.days_from_first / between) + 1
        doses = tuple(Dose(between * n, _mg_per_kg(row)) for n in range(planned) if between * n < row.days_from_first)
        return Arm(arm.instrument, () if _is_control(row) else doses), row.days_from_first
    count = int(row.after_infusion or 0) or _planned(row)
    last = between * (count - 1)
    if row.days_after_last is not None:
        return arm, last + row.days_after_last
    if row.hours_after_infusion is not None:
        return arm, last + row.hours_after_infusion / 24
    if "before the" in (row.definition or "").lower():
        return arm, last + between
    if row.after_infusion is None and "maximal effect" not in (row.schedule or ""):
        return None
    return arm, last + SCORED_DAYS_AFTER


def _last(arm: Arm) -> float:
    return arm.doses[-1].day if arm.doses else 0.0


def _entry(row: SeriesRow) -> float:
    return REMISSION_FRACTION if "remit" in (row.definition or "") else 0.5


def _is_control(row: SeriesRow) -> bool:
    return (row.arm or "").startswith(_CONTROLS)


def _noise(row: SeriesRow, under: Conditions) -> float:
    return (
        under.rated
        if (row.scale or "").startswith(_RATED) or (row.scale or "") in ("", "clinician scale")
        else under.own
    )


def _planned(row: SeriesRow) -> int:
    told = [int(number) for number in re.findall(r"\d+", (row.n_infusions_planned or ""))]
    return round(sum(told) / len(told)) if told else 6


def _days_between(row: SeriesRow) -> float:
    return days_between(row) or USUAL_DAYS_BETWEEN


def _mg_per_kg(row: SeriesRow) -> float:
    low, high = mg_per_kg(row) or (USUAL_MG_PER_KG, USUAL_MG_PER_KG)
    return (low + high) / 2


def _of_arm(row: SeriesRow) -> float:
    """Patients of one arm where the row tells the whole trial's: arms are taken as equal."""
    if not row.n:
        return 0.0
    if "crossover" in row.design:
        return float(row.n)
    arms = 4 if row.design == "rct_double_blind_saline" and "per_week" in (row.arm or "") else 2
    return row.n / arms if "double_blind" in row.design else float(row.n)


def _share_of(row: SeriesRow) -> float:
    if row.events is not None and row.denominator:
        return row.events / row.denominator
    value = row.value or 0.0
    return value / _of_arm(row) if row.measure.endswith("count") else value
