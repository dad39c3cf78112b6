"""A clinic's own population, judged beside the one that it starts from."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.use import PatientWeeks, WeekForecast, forecast, read_population, text_of, word
from sextant.use.cross_validation import judged
from sextant.use.refit import (
    LEAST_IN_ARM,
    LEAST_OF_EACH_RESULT,
    LEAST_PATIENTS,
    Gain,
    HeldOut,
    RefitError,
    compared,
    mark_of,
    refit,
    select,
)
from use_people import moved, own_clinic, small_population

START = small_population(seed=2, parameter_sd=0.05)
ELSEWHERE = moved(START, test_level=2.0, missed_level=-1.0)


@pytest.fixture(scope="module")
def people() -> list[PatientWeeks]:
    return own_clinic(ELSEWHERE, 60, weeks=24)


@pytest.fixture(scope="module")
def found(people):
    return refit(people, START, name="Our clinic")


def test_people_who_use_more_are_better_foretold_by_their_own_population(people, found):
    population, held_out = found

    assert held_out.better
    assert held_out.n_patients == 60
    assert held_out.new.tested.log_loss < held_out.old.tested.log_loss
    new = own_clinic(ELSEWHERE, 200, weeks=24, seed=77)
    own, before = (judged(new, forecast(new, one)) for one in (population, START))
    assert own.tested.log_loss < before.tested.log_loss
    assert own.due.log_loss < before.due.log_loss


def test_the_population_says_who_it_is_and_reads_back(people, found):
    population, _ = found

    assert population.version.startswith("Our clinic, 60 patients, ")
    assert population.sources == (*START.sources, "clinic: own record")
    assert population.plans[0].name == "Our clinic"
    assert population.arms == ("everybody",)
    assert population.made_from.parent == START.version
    assert population.made_from.n_weeks == 60 * 24
    assert population.made_from.inputs_sha256 == mark_of(people)
    assert text_of(read_population(text_of(population))) == text_of(population)


def test_the_order_of_the_people_plays_no_part(people, found):
    turned = refit(people[::-1], START, name="Our clinic")

    assert text_of(turned[0]) == text_of(found[0])
    assert turned[1] == found[1]


def test_what_the_programme_is_called_moves_no_value(people, found):
    """Nor does the name of an arm that the start knows, where the people's arm is not told."""
    population, _ = refit(people, START, name="A")

    for name, value in found[0].values.items():
        np.testing.assert_array_equal(population.values[name], value)


def test_the_doubt_is_never_less_than_that_of_the_start(people, found):
    assert found[0].parameter_sd > START.parameter_sd

    unsure, _ = refit(people, replace(START, parameter_sd=3.0), name="Our clinic")

    assert unsure.parameter_sd == 3.0


def test_people_like_those_of_the_start_keep_it():
    """Nothing is to be gained where the start is the truth and one arm is all that it knows."""
    alone = replace(
        START,
        plans=(replace(START.plans[1], missed=()),),
        values={
            **{name: value for name, value in START.values.items() if not name.endswith(("_by_arm", "_by_span"))},
            **{f"{line}_by_span": np.zeros((0, *START.values[f"{line}_by_span"].shape[1:])) for line in LINES},
            **{f"{line}_by_arm": START.values[f"{line}_by_arm"][2:] for line in (*LINES, "start")},
        },
        arm_share=np.ones(1),
        baseline_share=START.baseline_share[2:],
    )

    _, held_out = refit(own_clinic(alone, 60), alone, name="Our clinic")

    assert not held_out.better


LINES = ("test", "missed", "towards")


@pytest.mark.parametrize(
    ("tested", "due", "better"),
    [
        (Gain(0.21, 0.1), Gain(0.0, 0.1), True),
        (Gain(0.0, 0.1), Gain(0.21, 0.1), True),
        (Gain(0.2, 0.1), Gain(0.2, 0.1), False),
        (Gain(0.9, 0.1), Gain(-0.001, 0.1), False),
        (Gain(-0.001, 0.1), Gain(0.9, 0.1), False),
    ],
)
def test_better_is_plainly_better_in_one_reading_and_worse_in_none(tested, due, better):
    weeks = [WeekForecast(week, 0.5, 0.4, 0.6, 0.5) for week in range(1, 31)]
    figures = judged([word("-+o" * 10)], [weeks])

    assert HeldOut(50, figures, figures, tested, due).better is better


@pytest.mark.parametrize(("tested", "better"), [(Gain(0.21, 0.1), True), (Gain(0.2, 0.1), False)])
def test_to_have_learned_that_no_week_is_missed_on_record_is_no_reason(tested, better):
    weeks = [WeekForecast(week, 0.5, 0.4, 0.6, 0.5) for week in range(1, 31)]
    figures = judged([word("-+" * 15)], [weeks])

    assert HeldOut(50, figures, figures, tested, Gain(0.9, 0.1)).better is better


def test_a_gain_is_the_log_score_of_a_persons_weeks():
    patients = [word("-+-o"), word("--"), word("-")] * 10
    old = [[WeekForecast(k + 1, 0.5, 0.4, 0.6, 0.6) for k in range(len(one.weeks))] for one in patients]
    new = [[WeekForecast(k + 1, 0.2, 0.1, 0.3, 0.3) for k in range(len(one.weeks))] for one in patients]

    found = compared(patients, old, new)

    # The first due week is not judged, so that the third has nothing: of the first + - o are left, of the second -.
    tested = np.array([np.log(0.2 / 0.5) + np.log(0.8 / 0.5), np.log(0.8 / 0.5)])
    due = np.array([np.log(0.3 / 0.6) * 2 + np.log(0.7 / 0.4), np.log(0.7 / 0.4)])
    assert found.n_patients == 20
    for gain, expected in ((found.tested, np.tile(tested, 10)), (found.due, np.tile(due, 10))):
        assert gain.mean == pytest.approx(expected.mean())
        assert gain.error == pytest.approx(expected.std(ddof=1) / np.sqrt(20))


def test_who_has_fewer_than_two_due_weeks_in_two_years_is_left_out():
    kept, short = word("-+"), [word("-"), word("-_"), word("--", first=-1), word("-+", first=104)]

    found = select([kept, *short])

    assert found.used == (kept,)
    assert list(found.left_out.values()) == [4]
    assert found.n_weeks == 2


def test_weeks_after_two_years_are_not_read():
    found = select([word("-+-", first=103)])

    assert [week.number for week in found.used[0].weeks] == [103, 104]


def test_a_mark_is_of_the_weeks_and_not_of_their_order():
    assert mark_of([word("-+"), word("--")]) == mark_of([word("--"), word("-+")])
    assert mark_of([word("-+"), word("--")]) != mark_of([word("-+"), word("-o")])
    assert mark_of([word("-+", arm="A")]) != mark_of([word("-+", arm="B")])


def test_a_row_of_a_week_in_which_none_was_due_makes_nobody_another():
    assert mark_of([word("-+_")]) == mark_of([word("-+")])
    assert mark_of([word("_-+", first=0)]) != mark_of([word("-+")])


def with_arms(people: list[PatientWeeks], first: int, *arms: str | None) -> list[PatientWeeks]:
    """The first so many in the first arm, the others in the second."""
    return [replace(one, arm=arms[0] if k < first else arms[1]) for k, one in enumerate(people)]


def test_too_few_people_are_refused_with_the_number_needed(people):
    with pytest.raises(
        RefitError, match=f"There are 49 patients to learn from; a refit needs at least {LEAST_PATIENTS}"
    ):
        refit(people[: LEAST_PATIENTS - 1], START, name="Our clinic")

    assert refit(people[:LEAST_PATIENTS], START, name="Our clinic")[0].n_patients == LEAST_PATIENTS


def test_an_arm_with_too_few_people_is_refused(people):
    few = with_arms(people, LEAST_IN_ARM - 1, "day", "evening")

    with pytest.raises(RefitError, match="The arm 'day' has 9 patients"):
        refit(few, START, name="Our clinic")

    enough = with_arms(people, LEAST_IN_ARM, "day", "evening")
    assert refit(enough, START, name="Our clinic")[0].arms == ("day", "evening")


def test_an_arm_of_some_alone_is_refused(people):
    with pytest.raises(RefitError, match="The arm of 40 patients is not told, that of 20 is"):
        refit(with_arms(people, 20, "day", None), START, name="Our clinic")


def test_a_start_that_is_no_population_of_these_people_is_refused_and_not_fitted_anyhow(people):
    values = {name: np.full(np.shape(value), 3.0 if name.startswith("ln_sd") else 30.0) for name, value in VALUES}

    with pytest.raises(RefitError, match="Around 'small' the fit ended at values that no population has"):
        refit(people, replace(START, values=values), name="Our clinic")


VALUES = START.values.items()


def test_an_empty_file_of_people_is_refused():
    with pytest.raises(RefitError, match="There are 0 patients"):
        refit([], START, name="Our clinic")


@pytest.mark.parametrize("rare", ["+", "-"])
def test_with_too_few_tests_of_either_result_nothing_can_be_judged(rare):
    usual = "-" if rare == "+" else "+"
    plain = [word(usual * 4)] * 40
    # A first due week and weeks after the 24th are not judged, however rare their result.
    rest = [word(rare + usual * 22 + "o" + rare)] * 20

    with pytest.raises(RefitError, match=f"at least {LEAST_OF_EACH_RESULT} of each are needed"):
        refit([*plain, *rest, *[word(usual + rare)] * 19], START, name="Our clinic")

    found, _ = refit([*plain, *rest, *[word(usual + rare)] * 20], START, name="Our clinic")
    assert found.n_patients == 80
