"""The expected rise of pressure: what was published, what own infusions say, and when they say nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import sextant
from builders import NOW, infusion, order, record, target
from sextant.evidence.dependence import OverlapError
from sextant.evidence.library import library
from sextant.evidence.rows import AdverseEvent
from sextant.record import BloodPressure, NewSeries, PatientRecord
from sextant.visit import NoUsualRiseError, Pressure, PressureRise, UsualRise, pressure_rise, usual_rise
from sextant.visit.own_rises import PeakTimes
from sextant.visit.pressure_rise import expected

SOURCE = Path(sextant.__file__).parent
ROWS = library().adverse_events
USUAL = {pressure: usual_rise(pressure, ROWS) for pressure in Pressure}
SYSTOLIC = USUAL[Pressure.SYSTOLIC]


def reading(taken_at: datetime, systolic: float, diastolic: float = 80) -> BloodPressure:
    return BloodPressure(
        fact_id=f"pressure {taken_at:%d %H:%M} {systolic:g}",
        taken_at=taken_at,
        systolic_mmhg=systolic,
        diastolic_mmhg=diastolic,
    )


def given(days: int, *readings: tuple[float, float], minutes: float | None = 40, before: float | None = 120) -> list:
    """An infusion some days ago at nine, with readings as (minutes after the start, systolic) and one before it."""
    start = NOW - timedelta(days=days)
    one = replace(infusion(0), fact_id=f"infusion {days}", taken_at=start, duration_min=minutes)
    told = [(-10, before)] if before is not None else []
    return [one, *(reading(start + timedelta(minutes=after), upper) for after, upper in (*told, *readings))]


def asked(*facts, now: datetime = NOW) -> PressureRise:
    return pressure_rise(patient(*facts), now)


def patient(*facts) -> PatientRecord:
    return record(target(days=100), *facts, only=True)


def with_row(row_id: str, **cells) -> list[AdverseEvent]:
    return [replace(row, **cells) if row.row_id == row_id else row for row in ROWS]


# What was published


@pytest.mark.parametrize(
    ("pressure", "review", "se", "clinics", "sd"),
    [
        (Pressure.SYSTOLIC, 12.61, (14.82 - 10.40) / 3.919928, (16.0, 3.28), 11.2),
        (Pressure.DIASTOLIC, 8.49, (10.09 - 6.89) / 3.919928, (11.0, 3.17), 8.45),
    ],
)
def test_the_published_rise_is_worked_out_from_its_rows_by_hand(pressure, review, se, clinics, sd):
    half = sd**2 / 2
    variances = half / 138 + half / 2342, half / 66 + half / 684
    # With two clinics REML is half the squared difference less the mean variance.
    between = (clinics[0] - clinics[1]) ** 2 / 2 - sum(variances) / 2
    weights = 1 / se**2, 1 / (variances[0] + between)

    found = USUAL[pressure]

    assert found.between_clinics == pytest.approx(between, rel=1e-6)
    assert found.mean_mmhg == pytest.approx((weights[0] * review + weights[1] * clinics[0]) / sum(weights), rel=1e-6)
    assert found.mean_variance == pytest.approx(1 / sum(weights), rel=1e-6)
    assert (found.between_people, found.between_infusions) == (pytest.approx(half), pytest.approx(half))


def test_people_of_a_clinic_inside_the_meta_analysis_are_not_in_the_mean_twice():
    larger = usual_rise(Pressure.SYSTOLIC, with_row("rivaposse2018_bp#01", value=3.29))

    # It moves how far clinics differ, and by that the weight of the other clinic; its own value is not in the mean.
    assert larger.between_clinics < SYSTOLIC.between_clinics
    assert larger.mean_mmhg == pytest.approx(SYSTOLIC.mean_mmhg, abs=0.001)


def test_without_the_meta_analysis_the_mean_is_that_of_the_two_clinics():
    rows = [row for row in ROWS if row.study_id != "vankawala2021_meta"]

    found = usual_rise(Pressure.SYSTOLIC, rows)

    assert 3.28 < found.mean_mmhg < 16.0
    assert found.mean_variance > SYSTOLIC.mean_variance


def test_two_rows_of_one_clinic_are_refused():
    again = replace(next(row for row in ROWS if row.row_id == "yale2024_bp#01"), row_id="yale2024_bp#99")

    with pytest.raises(OverlapError, match="yale2024_bp"):
        usual_rise(Pressure.SYSTOLIC, [*ROWS, again])


@pytest.mark.parametrize(
    "rows",
    [
        [],
        with_row("yale2024_bp#01", sd=None),
        with_row("rivaposse2018_bp#01", n_patients=None),
        with_row("rivaposse2018_bp#01", unit="percent"),
    ],
    ids=["no row", "no SD", "one clinic", "another unit"],
)
def test_rows_that_do_not_tell_the_rise_are_refused_with_what_is_needed(rows):
    with pytest.raises(NoUsualRiseError, match="Add rows of event systolic_rise"):
        usual_rise(Pressure.SYSTOLIC, rows)


def test_a_meta_analysis_with_half_an_interval_is_refused():
    with pytest.raises(NoUsualRiseError, match="Fill in ci_low and ci_high"):
        usual_rise(Pressure.SYSTOLIC, with_row("vankawala2021_meta#01", ci_high=None))


def test_the_times_of_the_peak_are_those_of_the_rows():
    times = PeakTimes.of(ROWS)

    assert (times.earliest_min, times.latest_min, times.back_min) == (30, 40, 90)
    assert "szarmach2020#01" in {row.row_id for row in times.rows}


def test_without_a_row_on_when_pressure_is_back_there_are_no_times():
    with pytest.raises(ValueError, match="time_of_peak_min"):
        PeakTimes.of([row for row in ROWS if row.study_id != "szarmach2020"])


# The update


def by_integration(usual: UsualRise, own: Sequence[float], level: float) -> float:
    """P(the next rise is below a level), by integrating over the person's mean."""
    sd, within = sqrt(usual.person_variance), sqrt(usual.between_infusions)

    def weight(mean: float) -> float:
        return float(norm.pdf(mean, usual.mean_mmhg, sd) * np.prod(norm.pdf(own, mean, within)))

    def below(mean: float) -> float:
        return weight(mean) * float(norm.cdf(level, mean, within))

    span = {"points": [usual.mean_mmhg, *own], "limit": 400, "epsabs": 0, "epsrel": 1e-10}
    low, high = usual.mean_mmhg - 12 * sd, usual.mean_mmhg + 12 * sd
    return quad(below, low, high, **span)[0] / quad(weight, low, high, **span)[0]


@pytest.mark.parametrize("own", [[], [30.0], [2.0, -5.0, 4.0], [31.0, 28.0, 40.0, 22.0, 35.0, 29.0]])
def test_the_band_is_that_of_bayes_rule_by_integration(own):
    rise = expected(SYSTOLIC, own).rise

    assert by_integration(SYSTOLIC, own, rise.low80) == pytest.approx(0.1, abs=1e-8)
    assert by_integration(SYSTOLIC, own, rise.median) == pytest.approx(0.5, abs=1e-8)
    assert by_integration(SYSTOLIC, own, rise.high80) == pytest.approx(0.9, abs=1e-8)


def test_without_own_infusions_the_band_is_the_published_one():
    found = expected(SYSTOLIC, [])

    assert found.rise == found.before_own
    assert found.prior_share == 1
    assert found.rise.median == SYSTOLIC.mean_mmhg


def test_each_own_infusion_narrows_the_band_and_takes_weight_from_the_published_rise():
    bands = [expected(SYSTOLIC, [25.0] * n) for n in range(8)]

    widths = [one.rise.high80 - one.rise.low80 for one in bands]
    shares = [one.prior_share for one in bands]
    assert widths == sorted(widths, reverse=True)
    assert shares == sorted(shares, reverse=True)
    # However many there are, two infusions of one person differ.
    assert widths[-1] > 2 * 1.28 * sqrt(SYSTOLIC.between_infusions)


def test_the_median_lies_between_the_published_rise_and_the_own_mean_by_the_share():
    found = expected(SYSTOLIC, [30.0, 40.0])

    wanted = found.prior_share * SYSTOLIC.mean_mmhg + (1 - found.prior_share) * 35.0
    assert found.rise.median == pytest.approx(wanted)


def test_the_order_of_infusions_does_not_matter():
    medians = {round(expected(SYSTOLIC, own).rise.median, 9) for own in permutations([5.0, 22.0, 40.0])}

    assert len(medians) == 1


# What the record says


def test_a_patient_without_infusions_has_the_published_band_and_todays_reading_under_it():
    found = asked(reading(NOW - timedelta(minutes=20), 128, 82))

    assert (found.n_own, found.systolic.prior_share) == (0, 1)
    assert found.systolic.peak is not None
    assert found.systolic.peak.median == pytest.approx(128 + SYSTOLIC.mean_mmhg)
    assert found.diastolic.peak is not None
    assert found.diastolic.peak.high80 == pytest.approx(82 + found.diastolic.rise.high80)


def test_the_highest_reading_over_the_one_before_is_the_rise_each_pressure_for_itself():
    start = NOW - timedelta(days=7)
    facts = [
        replace(infusion(0), taken_at=start),
        reading(start - timedelta(minutes=5), 120, 75),
        reading(start + timedelta(minutes=20), 138, 92),
        reading(start + timedelta(minutes=30), 146, 88),
    ]

    (own,) = asked(*facts).own

    assert (own.systolic_mmhg, own.diastolic_mmhg, own.n_readings) == (26, 17, 2)
    assert own.dose_mg_per_kg == 0.5


def test_own_infusions_move_both_bands():
    found = asked(*given(14, (30, 150)), *given(7, (40, 156)))

    assert [one.systolic_mmhg for one in found.own] == [30, 36]
    assert found.systolic == expected(SYSTOLIC, [30, 36])
    assert found.diastolic == expected(USUAL[Pressure.DIASTOLIC], [0, 0])


def test_pressure_that_fell_is_a_rise_below_zero():
    (own,) = asked(*given(7, (30, 112))).own

    assert own.systolic_mmhg == -8


@pytest.mark.parametrize(
    ("readings", "why"),
    [
        ((), "No blood pressure from 09:30 to 09:55"),
        (((10, 150),), "No blood pressure from 09:30 to 09:55"),
        (((29, 150),), "No blood pressure from 09:30 to 09:55"),
        (((56, 122),), "No blood pressure from 09:30 to 09:55"),
        (((129, 121),), "No blood pressure from 09:30 to 09:55"),
    ],
    ids=["none", "too early", "a minute too early", "a minute too late", "when it is back"],
)
def test_an_infusion_without_a_reading_near_the_peak_says_nothing(readings, why):
    found = asked(*given(7, *readings))

    assert found.own == ()
    assert found.systolic.rise == found.systolic.before_own
    assert found.silent[0].why.startswith(why)


@pytest.mark.parametrize("minute", [30, 40, 55])
def test_one_reading_near_the_peak_is_enough(minute):
    assert asked(*given(7, (minute, 140))).own[0].systolic_mmhg == 20


def test_a_higher_reading_away_from_the_usual_peak_counts_until_pressure_is_back():
    at_the_last_minute = asked(*given(7, (30, 140), (130, 150)))
    later = asked(*given(7, (30, 140), (131, 150)))

    assert at_the_last_minute.own[0].systolic_mmhg == 30
    assert later.own[0].systolic_mmhg == 20


def test_a_longer_infusion_may_peak_at_its_end_and_a_stopped_one_where_it_stopped():
    long = asked(*given(7, (115, 150), minutes=100))
    stopped = asked(*given(7, (10, 150), minutes=10))

    assert long.own[0].systolic_mmhg == 30
    assert stopped.own[0].systolic_mmhg == 30


def test_an_infusion_without_a_reading_before_it_says_nothing_even_with_one_of_the_day_before():
    start = NOW - timedelta(days=7)

    found = asked(*given(7, (30, 150), before=None), reading(start - timedelta(hours=10), 120))

    assert found.own == ()
    assert found.silent[0].why == "No blood pressure of that day before it."


def test_a_reading_in_the_minute_of_the_start_is_the_one_before_it():
    assert asked(*given(7, (0, 130), (30, 150))).own[0].systolic_mmhg == 20


def test_of_readings_at_one_time_before_the_start_the_highest_counts_as_at_the_gate():
    start = NOW - timedelta(days=7)

    found = asked(*given(7, (30, 150)), reading(start - timedelta(minutes=10), 126, 84))

    assert (found.own[0].before.systolic_mmhg, found.own[0].systolic_mmhg) == (126, 24)


def test_an_infusion_of_unknown_length_says_nothing():
    found = asked(*given(7, (30, 150), minutes=None))

    assert found.own == ()
    assert found.silent[0].why.startswith("How long it ran is not on record")


def test_two_administrations_of_one_day_are_one_infusion_of_unknown_length():
    second = replace(infusion(0), taken_at=NOW - timedelta(days=7, hours=-3))

    assert len(asked(*given(7, (30, 150)), second).silent) == 1


@pytest.mark.parametrize(
    "other",
    [{"route": "intramuscular"}, {"given_elsewhere": True}, {"taken_at": NOW - timedelta(days=200)}],
    ids=["by another route", "elsewhere", "before the treatment"],
)
def test_ketamine_that_is_not_of_this_treatment_is_not_read(other):
    one, *readings = given(7, (30, 150))

    found = asked(replace(one, **other), *readings)

    assert (found.own, found.silent) == ((), ())


def test_infusions_of_an_earlier_series_count():
    new = NewSeries(fact_id="new", taken_at=NOW - timedelta(days=3), reason="Asked for.")

    assert asked(*given(7, (30, 150)), new).n_own == 1


def test_what_came_later_than_the_moment_asked_is_not_read():
    facts = given(7, (30, 150), (40, 160))
    then = NOW - timedelta(days=7, minutes=-35)

    assert asked(*facts, now=then).own == ()
    assert asked(*facts, now=then).baseline is not None


# Today


def test_while_pressure_may_still_rise_the_running_infusion_does_not_count_as_its_own():
    facts = [*given(7, (30, 150)), *given(0, (20, 170), (30, 175), before=130)]
    running, over = (asked(*facts, now=NOW + timedelta(minutes=minutes)) for minutes in (129, 130))

    assert running.n_own == 1
    assert running.baseline is not None
    # Readings during the infusion are no baseline of it.
    assert running.baseline.systolic_mmhg == 130
    assert over.n_own == 2
    assert (over.baseline, over.systolic.peak, over.no_baseline) == (None, None, "Today's infusion is over.")


def test_an_infusion_of_unknown_length_runs_until_the_end_of_its_day():
    facts = given(0, (30, 170), minutes=None, before=130)

    today, tomorrow = asked(*facts, now=NOW + timedelta(hours=10)), asked(*facts, now=NOW + timedelta(hours=24))

    assert (today.baseline.systolic_mmhg if today.baseline else None, len(today.silent)) == (130, 0)
    assert (tomorrow.no_baseline, len(tomorrow.silent)) == ("No blood pressure of today.", 1)


def test_without_a_reading_of_today_no_peak_is_given_and_why():
    found = asked(*given(7, (30, 150)))

    assert (found.systolic.peak, found.diastolic.peak) == (None, None)
    assert found.no_baseline == "No blood pressure of today."


def test_an_infusion_that_began_without_a_reading_has_no_peak():
    found = asked(*given(0, (20, 150), before=None), now=NOW + timedelta(minutes=30))

    assert (found.baseline, found.no_baseline) == (None, "No blood pressure of the day before the infusion began.")


def test_today_is_the_day_of_the_clinic():
    # Five in the morning of the 23rd in UTC is seven in the evening of the 22nd in Honolulu, an hour before.
    now = datetime(2026, 11, 22, 20, 0, tzinfo=timezone(timedelta(hours=-10)))

    found = asked(reading(datetime(2026, 11, 23, 5, 0, tzinfo=UTC), 125), now=now)

    assert found.baseline is not None
    assert found.baseline.taken_at.date() == date(2026, 11, 22)


def test_an_infusion_of_the_day_after_is_not_running():
    found = asked(reading(NOW, 124), *given(-1, (30, 150)))

    assert found.baseline is not None
    assert found.baseline.systolic_mmhg == 124


# What stands beside the figures


def test_every_row_behind_the_figures_is_named_once_with_its_address():
    found = asked()

    names = [row.row_id for row in found.rows]
    assert sorted(names) == sorted(
        [
            *("yale2024_bp#01", "yale2024_bp#02", "yale2024_bp#05", "rivaposse2018_bp#01", "rivaposse2018_bp#02"),
            *("vankawala2021_meta#01", "vankawala2021_meta#02", "szarmach2020#01"),
        ]
    )
    assert all(row.source_address.startswith("https://") for row in found.rows)
    assert {row.study_id for row in found.rows if row.route and "nasal" in row.route} == {"vankawala2021_meta"}


def test_the_share_that_nobody_printed_is_said_to_be_an_assumption():
    assert any("5 parts in 10 is a design assumption" in note for note in asked().notes)


@pytest.mark.parametrize(
    ("dose", "said"),
    [(0.5, ""), (0.8, "0.5 and 0.8"), (None, "0.5 and not on record")],
    ids=["the same", "more", "unknown"],
)
def test_own_infusions_of_unlike_doses_are_said_to_be_so(dose, said):
    other = given(7, (30, 150))
    other[0] = replace(other[0], dose_mg_per_kg=dose)

    notes = [note for note in asked(*given(14, (30, 150)), *other).notes if "differ in dose" in note]

    assert [said in note for note in notes] == ([True] if said else [])


def test_an_order_of_another_dose_is_said_too():
    facts = [*given(7, (30, 150)), order(2, dose_mg_per_kg=0.75)]

    assert any("mg/kg: 0.5 and 0.75" in note for note in asked(*facts).notes)


@pytest.mark.parametrize("package", ["protocol", "course"])
def test_no_gate_and_no_step_reads_it(package):
    code = [file.read_text(encoding="utf-8") for file in (SOURCE / package).rglob("*.py")]

    assert code
    assert not any("sextant.visit" in text for text in code)


def test_the_page_tells_the_figures_of_the_code():
    page = (SOURCE.parents[1] / "docs" / "pressure-rise.md").read_text(encoding="utf-8")

    for pressure, usual in USUAL.items():
        first = expected(usual, []).rise
        parts = (usual.mean_variance, usual.between_clinics, usual.between_people, usual.between_infusions)
        figures = [usual.mean_mmhg, *map(sqrt, parts), first.low80, first.high80]
        assert f"| {pressure} | " + " | ".join(f"{one:.1f}" for one in figures) + " |" in page
    for own in ([], [30.0], [30.0] * 3, [30.0] * 6):
        found = expected(SYSTOLIC, own)
        rise = found.rise
        row = f"| {len(own)} | {rise.median:.0f} | {rise.low80:.0f} to {rise.high80:.0f} | {found.prior_share:.2f} |"
        assert row in page


def test_the_example_of_the_page_runs():
    page = (SOURCE.parents[1] / "docs" / "pressure-rise.md").read_text(encoding="utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    names: dict = {"record": patient(*given(7, (40, 150)), reading(NOW, 124)), "now": NOW}

    exec(code, names)  # noqa: S102 - our own page

    assert names["found"].n_own == 1
    assert names["peak"].median > 124
