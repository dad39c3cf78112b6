"""REGIMEN.json: what people get wrong is refused with what was seen and what to write."""

import json

import pytest

from sextant.pharmacology import RegimenError, read_regimen
from sextant.pharmacology.regimen_json import EXAMPLE

RATE = {"start_min": 0, "duration_min": 40, "rate_mg_per_min": 0.875}
DOSE = {"start_min": 0, "duration_min": 40, "dose_mg_per_kg": 0.5}


def text(weight_kg=70, segments=(RATE,), **more) -> str:
    return json.dumps({"weight_kg": weight_kg, "segments": [*segments], **more})


def segment(**changed) -> str:
    return text(segments=[{**RATE, **changed}])


class TestRead:
    def test_the_example_that_every_error_shows(self):
        told = read_regimen(EXAMPLE)

        assert told.weight_kg == 70
        assert told.regimen.total_mg == pytest.approx(42.7)

    @pytest.mark.parametrize("weight_kg", [25, 25.0, 70.5, 350])
    def test_a_dose_a_kilogram_is_of_this_weight(self, weight_kg):
        told = read_regimen(text(weight_kg, [DOSE]))

        assert told.regimen.total_mg == pytest.approx(0.5 * weight_kg)
        assert told.regimen.segments[0].rate_mg_per_min == pytest.approx(0.5 * weight_kg / 40)

    def test_a_bolus_alone(self):
        assert read_regimen(text(segments=[], boluses=[{"at_min": 0, "mg": 20}])).regimen.total_mg == 20

    def test_boluses_alone_without_the_word_segments(self):
        assert read_regimen('{"weight_kg": 70, "boluses": [{"at_min": 0, "mg": 20}]}').regimen.segments == ()

    def test_a_pause_is_a_rate_of_zero(self):
        told = read_regimen(text(segments=[RATE, {"start_min": 40, "duration_min": 5, "rate_mg_per_min": 0}]))

        assert told.regimen.total_mg == pytest.approx(35)

    @pytest.mark.parametrize("duration", [2, 240])
    def test_the_shortest_and_the_longest_that_are_possible(self, duration):
        read_regimen(text(segments=[{"start_min": 0, "duration_min": duration, "dose_mg_per_kg": 0.11}]))

    def test_two_milligrams_a_kilogram_a_day_are_possible(self):
        for kg in (25, 61.3, 70, 350):
            read_regimen(text(kg, [{**DOSE, "dose_mg_per_kg": 2}]))

    def test_every_day_anew(self):
        each = [{**DOSE, "start_min": 1440 * day, "dose_mg_per_kg": 2} for day in range(6)]

        assert read_regimen(text(segments=each)).regimen.total_mg == pytest.approx(840)

    def test_a_short_piece_of_a_pump_log_is_no_slip(self):
        told = read_regimen(text(segments=[RATE, {"start_min": 40, "duration_min": 0.05, "rate_mg_per_min": 1}]))

        assert told.regimen.total_mg == pytest.approx(35.05)

    def test_segments_that_overlap_by_rounding(self):
        read_regimen(text(segments=[{**RATE, "start_min": 0.1, "duration_min": 0.2}, {**RATE, "start_min": 0.3}]))

    def test_near_two_years_after_the_first(self):
        read_regimen(segment(start_min=1_000_000))


NO_JSON = [
    ("", "This is not JSON (line 1, column 1)"),
    ("weight_kg: 70", "This is not JSON"),
    ('{"weight_kg": 70,}', "This is not JSON (line 1"),
    ("[" * 100_000, "This is not JSON"),
    (text().replace("0.875", "NaN"), "NaN is no number of JSON. Write a number"),
    (text().replace("0.875", "Infinity"), "Infinity is no number of JSON"),
    (
        text().replace("0.875", "1e999"),
        "rate_mg_per_min is too large a number. Write a number without quotes, such as 0.875",
    ),
    (text().replace("70", "7" * 5000), "weight_kg is too large a number"),
    (
        '{"weight_kg": 70, "weight_kg": 80, "segments": []}',
        "The key 'weight_kg' stands twice in one object. Write it once",
    ),
    (segment()[:-3] + ', "start_min": 5}]}', "The key 'start_min' stands twice"),
]
SHAPES = [
    ("[]", "The regimen is not an object with weight_kg, segments, boluses. Write for example {"),
    ("70", "The regimen is not an object"),
    ("null", "The regimen is not an object"),
    (json.dumps({"segments": [RATE]}), "The regimen lacks weight_kg. Write it as a number"),
    (text(weigth_kg=70), "The regimen has 'weigth_kg', which nobody reads. Keys are: weight_kg, segments, boluses."),
    (text(segments=[]), "Nothing is given: there is neither a segment nor a bolus"),
    ('{"weight_kg": 70}', "Nothing is given"),
    (text(segments=[], boluses=[]), "Nothing is given"),
    (json.dumps({"weight_kg": 70, "segments": RATE}), "segments is not a list. Write [ and ]"),
    (text(boluses={"at_min": 0, "mg": 5}), "boluses is not a list"),
    (text(boluses=None), "boluses is not a list"),
    (text(segments=[40]), "Segment 1 is not an object with start_min, duration_min"),
    (text(segments=[RATE, []]), "Segment 2 is not an object"),
    (text(boluses=[7.7]), "Bolus 1 is not an object with at_min, mg"),
    (segment(rate=5), "Segment 1 has 'rate', which nobody reads. Keys are: start_min, duration_min, rate_mg_per_min"),
    (text(boluses=[{"at_min": 0, "mg": 5, "mg_per_kg": 1}]), "Bolus 1 has 'mg_per_kg', which nobody reads"),
    (text(boluses=[{"at_min": 0}]), "Bolus 1 lacks mg"),
    (text(segments=[{"start_min": 0, "rate_mg_per_min": 1}]), "Segment 1 lacks duration_min"),
    (text(segments=[{**RATE, **DOSE}]), "Segment 1 has both rate_mg_per_min and dose_mg_per_kg. Write one of them."),
    (text(segments=[{"start_min": 0, "duration_min": 40}]), "Segment 1 has neither rate_mg_per_min nor dose_mg_per_kg"),
]
FIGURES = [
    (text("70"), 'weight_kg is "70". Write a number without quotes, such as 70.'),
    (text(None), "weight_kg is null. Write a number"),
    (text(True), "weight_kg is true. Write a number"),
    (text([70]), "weight_kg is [70.0]. Write a number"),
    (text("x" * 500), f'weight_kg is "{"x" * 39}.... Write a number'),
    (text(0), "weight_kg is 0, and Sextant takes 25 to 350 as possible. Write body weight in kilograms, such as 70."),
    (text(-70), "weight_kg is -70"),
    (text(24.9), "weight_kg is 24.9"),
    (text(350.1), "weight_kg is 350.1"),
    (text(700), "weight_kg is 700, and Sextant takes 25 to 350"),
    (
        segment(start_min=-5),
        "start_min is -5. Minutes count from the start of the first infusion: write 0",
    ),
    (segment(start_min=1_000_001), "start_min is 1000001, and Sextant takes up to 1,000,000 as possible"),
    (segment(start_min=1.7e9), "start_min is 1700000000, and Sextant takes up to 1,000,000"),
    (text(boluses=[{"at_min": 1e300, "mg": 5}]), "Bolus 1, in order of time: at_min is 1e+300"),
    (segment(duration_min=0), "Segment 1, in order of time: duration_min is 0. A segment lasts some minutes"),
    (segment(duration_min=-40), "Segment 1, in order of time: duration_min is -40"),
    (text(segments=[{**DOSE, "duration_min": 0}]), "Segment 1, in order of time: duration_min is 0"),
    (
        segment(duration_min=0.67),
        "The longest segment lasts 0.67 min, and the shortest infusion that Sextant takes as possible is 2 min.",
    ),
    (
        text(segments=[{"start_min": at, "duration_min": 0.67, "rate_mg_per_min": 10} for at in (0, 1, 2)]),
        "The longest segment lasts 0.67 min",
    ),
    (segment(duration_min=0.67), "If hours were meant, 0.67 h is 40.2 min: write minutes."),
    (text(segments=[{**DOSE, "duration_min": 0.67}]), "Segment 1: duration_min is 0.67"),
    (text(segments=[{**DOSE, "duration_min": 1.99}]), "If hours were meant, 1.99 h is 119 min"),
    (segment(duration_min=2400), "takes up to 240 as possible. If seconds were meant, 2400 s is 40 min"),
    (segment(duration_min=240.5), "duration_min is 240.5"),
    (segment(rate_mg_per_min=-0.875), "Segment 1: rate_mg_per_min is -0.875. Write 0 or more; 0 is a pause."),
    (text(segments=[{**DOSE, "dose_mg_per_kg": -0.5}]), "Segment 1: dose_mg_per_kg is -0.5"),
    (segment(rate_mg_per_min="0.875"), 'Segment 1: rate_mg_per_min is "0.875"'),
    (
        text(segments=[{**DOSE, "dose_mg_per_kg": 5}]),
        "5 mg/kg (350 mg) is given within a day, and Sextant takes up to 2 mg/kg",
    ),
    (text(segments=[{**DOSE, "dose_mg_per_kg": 5}]), "Check the decimal point (0.5 mg/kg is 35 mg for 70 kg)"),
    (text(segments=[{**DOSE, "dose_mg_per_kg": 2.001}]), "2.001 mg/kg (140.07 mg) is given within a day"),
    (segment(rate_mg_per_min=35), "20 mg/kg (1400 mg) is given within a day"),
    (segment(rate_mg_per_min=1e300), "is given within a day"),
    (segment(rate_mg_per_min=1e308), "more milligrams than there are numbers. Check the decimal"),
    (text(segments=[DOSE, {**DOSE, "start_min": 600, "dose_mg_per_kg": 1.6}]), "2.1 mg/kg (147 mg) is"),
    (text(segments=[RATE, {**RATE, "start_min": 30}]), "overlap: one ends at minute 40, the next starts at 30"),
    (text(segments=[RATE, RATE]), "overlap"),
    (text(boluses=[{"at_min": 0, "mg": -5}]), "Bolus 1, in order of time: mg is -5. Write milligrams above 0"),
    (text(boluses=[{"at_min": 0, "mg": 0}]), "Bolus 1, in order of time: mg is 0"),
    (text(boluses=[{"at_min": -1, "mg": 5}]), "Bolus 1, in order of time: at_min is -1"),
]


@pytest.mark.parametrize(
    ("told", "says"), [*NO_JSON, *SHAPES, *FIGURES], ids=[says[:45] for _, says in [*NO_JSON, *SHAPES, *FIGURES]]
)
def test_what_people_get_wrong_is_refused(told, says):
    with pytest.raises(RegimenError) as refused:
        read_regimen(told)

    assert says in str(refused.value)
    assert len(str(refused.value)) < 400
