"""What is given when: what can be, what had been given by a minute, and the most within a day."""

import pytest

from infusions import TRIAL, WITH_A_BOLUS
from sextant.pharmacology import Bolus, Regimen, RegimenError, Segment, model, models, repeated, warnings

NOT_A_NUMBER = float("nan")


class TestUntil:
    @pytest.mark.parametrize(("minute", "mg", "rate"), [(0.0, 0.0, 0.0), (4.9, 0.0, 0.0), (5.0, 7.7, 0.84),
                                                        (5.0001, 7.700084, 0.84), (30.0, 28.7, 0.84),
                                                        (54.9999, 49.699916, 0.84), (55.0, 49.7, 0.0),
                                                        (61.5, 52.7, 0.0), (1e6, 52.7, 0.0)])  # fmt: skip
    def test_given_and_in_force_at_a_minute(self, minute, mg, rate):
        given = WITH_A_BOLUS.until(minute)

        assert given.total_mg == pytest.approx(mg, abs=1e-9)
        assert WITH_A_BOLUS.rate_at(minute) == rate
        assert given.ends_min <= minute + 1e-9

    def test_twice_is_once(self):
        assert WITH_A_BOLUS.until(30.0).until(30.0).total_mg == pytest.approx(WITH_A_BOLUS.until(30.0).total_mg)

    def test_at_a_border_the_next_rate_is_in_force(self):
        two = Regimen((Segment(0, 15, 0.875), Segment(15, 10, 0.4)))

        assert (two.rate_at(14.999), two.rate_at(15.0), two.rate_at(25.0)) == (0.875, 0.4, 0.0)
        assert len(two.until(15.0).segments) == 1


class TestWithinADay:
    @pytest.mark.parametrize(
        ("regimen", "mg"),
        [
            (Regimen(), 0.0),
            (TRIAL, 35.0),
            (repeated(TRIAL, [0.0, 600.0]), 70.0),
            (repeated(TRIAL, [0.0, 1440.0]), 35.0),
            (repeated(TRIAL, [0.0, 1420.0]), 52.5),
            (repeated(TRIAL, [day * 1440.0 for day in (0, 3, 7, 10, 14, 17)]), 35.0),
            (Regimen((), (Bolus(0, 10.0), Bolus(1439, 2.0), Bolus(1440, 5.0))), 12.0),
            (Regimen((), tuple(Bolus(day * 1440, 10.0) for day in range(5))), 10.0),
            # The worst day begins within the first and ends with the second.
            (Regimen((Segment(0, 200, 1.0), Segment(1490, 50, 10.0))), 600.0),
            (Regimen((Segment(0, 2000, 1.0),)), 1440.0),
            (Regimen((Segment(100, 40, 0.5),), (Bolus(100, 5.0), Bolus(140, 3.0))), 28.0),
        ],
    )
    def test_the_most(self, regimen, mg):
        assert regimen.most_within_a_day_mg == pytest.approx(mg)

    def test_a_day_may_end_with_a_bolus_and_hold_part_of_a_segment(self):
        regimen = Regimen((Segment(0, 240, 0.58),), (Bolus(1441, 139.0),))

        assert regimen.most_within_a_day_mg == pytest.approx(139.0 + 239 * 0.58)


class TestOrder:
    def test_segments_and_boluses_may_be_told_in_any_order(self):
        told = Regimen((Segment(25, 50, 0.4), Segment(0, 15, 0.8)), (Bolus(9, 1.0), Bolus(0, 2.0)))

        assert [one.start_min for one in told.segments] == [0, 25]
        assert [one.at_min for one in told.boluses] == [0, 9]

    def test_two_that_meet_may_overlap_by_the_last_digit(self):
        assert 0.1 + 0.2 > 0.3

        Regimen((Segment(0.1, 0.2, 1.0), Segment(0.3, 5, 1.0)))

    def test_by_more_they_may_not(self):
        with pytest.raises(RegimenError, match=r"overlap: one ends at minute 40, the next starts at 39\.9"):
            Regimen((Segment(0, 40, 1.0), Segment(39.9, 5, 1.0)))


@pytest.mark.parametrize(
    ("segment", "says"),
    [
        (Segment(-1, 40, 1.0), "start_min is -1"),
        (Segment(NOT_A_NUMBER, 40, 1.0), "start_min is nan"),
        (Segment(0, 0, 1.0), "duration_min is 0"),
        (Segment(0, -40, 1.0), "duration_min is -40"),
        (Segment(0, float("inf"), 1.0), "duration_min is inf"),
        (Segment(0, 40, -0.1), "rate is -0.1"),
        (Segment(0, 40, NOT_A_NUMBER), "rate is nan"),
    ],
)
def test_a_segment_that_cannot_be_is_refused(segment, says):
    with pytest.raises(RegimenError, match=f"Segment 1, in order of time: .*{says}"):
        Regimen((segment, Segment(500, 40, 1.0)))


@pytest.mark.parametrize(
    ("bolus", "says"),
    [
        (Bolus(-1, 5.0), "at_min is -1"),
        (Bolus(0, 0.0), "mg is 0"),
        (Bolus(0, -5.0), "mg is -5"),
        (Bolus(0, NOT_A_NUMBER), "mg is nan"),
        (Bolus(float("inf"), 5.0), "at_min is inf"),
    ],
)
def test_a_bolus_that_cannot_be_is_refused(bolus, says):
    with pytest.raises(RegimenError, match=f"Bolus 1, in order of time: {says}"):
        Regimen((), (bolus,))


class TestDomain:
    EVERY = tuple(models().values())

    @pytest.mark.parametrize("kg", [53.0, 70.0, 93.0])
    def test_within_the_weights_of_one_model_nothing_is_said(self, kg):
        assert warnings(self.EVERY, kg, TRIAL) == []

    @pytest.mark.parametrize("kg", [52.9, 93.1, 25.0, 350.0])
    def test_outside_of_all_it_is(self, kg):
        (said,) = warnings(self.EVERY, kg, Regimen())

        assert said.startswith(f"{kg:g} kg is outside the weights")
        assert "Simons 2022: 53 to 93 kg" in said

    @pytest.mark.parametrize("minutes", [40, 50, 90])
    def test_up_to_the_highest_dose_that_was_read_nothing_is_said(self, minutes):
        """Of whatever weight: the last digit of a sum is no dose."""
        for tenths in range(530, 931):
            kg = tenths / 10
            assert warnings(self.EVERY, kg, Regimen((Segment(0, minutes, 1.41 * kg / minutes),))) == []

    def test_above_it_is(self):
        (said,) = warnings(self.EVERY, 70.0, Regimen((Segment(0, 40, 1.42 * 70 / 40),)))

        assert said.startswith("1.42 mg/kg within a day is above the highest dose")
        assert "D077" in said

    def test_a_model_whose_weights_were_not_seen_is_of_no_help(self):
        assert len(warnings([model("kamp2020_opentiva")], 70.0, TRIAL)) == 1
