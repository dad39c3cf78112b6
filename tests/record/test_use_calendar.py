"""What is known of use from day to day, with who says so."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY, use_report
from sextant.record import DayUse, UseEvidence, UseReport, days_of, use_calendar, use_stretches, worst_of

WEEK_AGO = TODAY - timedelta(days=6)


def uses(*reports: UseReport) -> list[DayUse]:
    return [one.use for one in use_calendar(reports, WEEK_AGO, TODAY)]


def test_a_day_that_nobody_asked_about_is_not_known_and_never_sober():
    assert uses() == [DayUse.UNKNOWN] * 7
    assert uses(use_report(None, from_days=6)) == [DayUse.UNKNOWN] * 7


def test_a_span_with_use_is_use_somewhere_up_to_the_last_named_day_and_none_after_it():
    reported = use_report(True, from_days=6, to_days=1, last_used_days=3)

    assert uses(reported) == [*[DayUse.SOME] * 3, DayUse.USED, DayUse.NOT, DayUse.NOT, DayUse.UNKNOWN]


def test_one_day_with_use_that_is_named_leaves_the_days_before_it_free():
    reported = replace(use_report(True, from_days=6, last_used_days=3), days_used=1)

    assert uses(reported) == [*[DayUse.NOT] * 3, DayUse.USED, *[DayUse.NOT] * 3]


def test_a_test_that_shows_use_counts_whatever_we_were_told_and_both_are_shown():
    told = use_report(False, from_days=6)
    tested = use_report(True, from_days=2, to_days=2, evidence=UseEvidence.URINE)

    day = use_calendar((told, tested), WEEK_AGO, TODAY)[4]

    assert (day.use, day.says, day.against) == (DayUse.USED, (UseEvidence.URINE,), (UseEvidence.SELF_REPORT,))


def test_a_report_of_none_speaks_of_its_first_day_only_where_it_is_of_that_day_alone():
    """The day of the visit before stands at the beginning of the next span; what was used then was told then."""
    used = replace(use_report(True, from_days=6, to_days=4, evidence=UseEvidence.URINE), days_used=3)
    since = use_report(False, from_days=6)

    first, *others = use_calendar((used, since), WEEK_AGO, TODAY)

    assert (first.use, first.against) == (DayUse.USED, ())
    assert [(one.use, one.against) for one in others[:2]] == [(DayUse.USED, (UseEvidence.SELF_REPORT,))] * 2
    of_that_day = use_report(False, from_days=6, to_days=6)
    assert use_calendar((used, of_that_day), WEEK_AGO, TODAY)[0].against == (UseEvidence.SELF_REPORT,)


def test_what_two_sources_say_alike_is_shown_with_the_most_trusted_first():
    told = use_report(False, from_days=2)
    tested = use_report(False, from_days=2, evidence=UseEvidence.URINE)

    today = use_calendar((told, tested), WEEK_AGO, TODAY)[-1]

    assert (today.says, today.against) == ((UseEvidence.URINE, UseEvidence.SELF_REPORT), ())


def test_the_count_of_a_span_leaves_out_its_named_day():
    reported = replace(use_report(True, from_days=6, last_used_days=0), days_used=3)

    first = use_calendar((reported,), WEEK_AGO, TODAY)[0]

    assert (first.use, first.span_days_used) == (DayUse.SOME, 2)


@st.composite
def reports(draw: st.DrawFn) -> UseReport:
    first = draw(st.integers(0, 9))
    last = draw(st.integers(0, first))
    used = draw(st.sampled_from([True, False, None]))
    named = draw(st.one_of(st.none(), st.integers(last, first))) if used else None
    evidence = draw(st.sampled_from(list(UseEvidence)))
    return use_report(used, from_days=first, to_days=last, last_used_days=named, evidence=evidence)


@given(st.lists(reports(), max_size=5), reports())
def test_one_more_report_never_turns_a_day_with_use_into_one_without(known: list[UseReport], more: UseReport):
    before, after = uses(*known), uses(*known, more)

    weight = [DayUse.UNKNOWN, DayUse.NOT, DayUse.SOME, DayUse.USED]
    assert all(weight.index(now) >= weight.index(was) for was, now in zip(before, after, strict=True))


@given(st.lists(reports(), max_size=5), st.randoms(use_true_random=False))
def test_the_order_in_which_reports_came_does_not_matter(known: list[UseReport], shuffled):
    mixed = [*known]
    shuffled.shuffle(mixed)

    def plain(of):
        return [(one.use, one.says, one.against) for one in use_calendar(of, WEEK_AGO, TODAY)]

    assert plain(known) == plain(mixed)


def test_a_day_without_use_inside_a_span_with_use_on_other_days_is_no_disagreement():
    some = use_report(True, from_days=6, to_days=0, days=0)
    one_day = use_report(False, from_days=3, to_days=3)

    day = use_calendar((some, one_day), WEEK_AGO, TODAY)[3]

    assert (day.use, day.against) == (DayUse.SOME, ())


def test_where_every_day_of_a_span_was_used_each_is_known():
    reported = replace(use_report(True, from_days=6, to_days=3), days_used=4)

    assert uses(reported)[:4] == [DayUse.USED] * 4


def test_use_with_a_count_of_no_days_contradicts_itself_and_stays_use_on_some_day():
    reported = replace(use_report(True, from_days=6), days_used=0)

    assert uses(reported) == [DayUse.SOME] * 7


@given(st.lists(reports(), max_size=5))
def test_the_stretches_cover_every_day_once_and_in_order(told: list[UseReport]):
    found = use_stretches(told, WEEK_AGO, TODAY)

    covered = [one.first_day + timedelta(days=n) for one in found for n in range(one.days)]
    assert covered == [WEEK_AGO + timedelta(days=n) for n in range(7)]


def test_of_no_days_nothing_is_said():
    assert use_stretches((use_report(False, from_days=6),), TODAY, WEEK_AGO) == ()


def test_of_two_things_a_day_is_free_only_where_both_were_not_used_and_unknown_is_never_no():
    alcohol = (use_report(False, from_days=6), use_report(True, from_days=1, to_days=1))
    cocaine = (use_report(True, from_days=6, to_days=4), use_report(False, from_days=2))

    found = worst_of([use_stretches(of, WEEK_AGO, TODAY) for of in (alcohol, cocaine)])

    some, used, free, unknown = DayUse.SOME, DayUse.USED, DayUse.NOT, DayUse.UNKNOWN
    assert [one.use for one in days_of(found)] == [some, some, some, unknown, free, used, free]


def test_of_days_alike_all_who_say_so_are_named():
    told, tested = use_report(False, from_days=6), use_report(False, from_days=6, evidence=UseEvidence.URINE)

    (found,) = {
        (one.use, one.says) for one in worst_of([use_stretches((of,), WEEK_AGO, TODAY) for of in (told, tested)])
    }

    assert found == (DayUse.NOT, (UseEvidence.URINE, UseEvidence.SELF_REPORT))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 8)), max_size=5))
def test_one_calendar_alone_is_its_own_worst(told: list[tuple[bool, int, int]]):
    reports = [use_report(used, from_days=max(a, b), to_days=min(a, b)) for used, a, b in told]
    calendar = use_stretches(reports, WEEK_AGO, TODAY)

    assert worst_of([calendar]) == calendar
    assert [one.use for one in days_of(worst_of([calendar, calendar]))] == [one.use for one in days_of(calendar)]
