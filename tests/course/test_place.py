"""Where the patient stands, and what a new series does not undo."""

from builders import (
    NOW,
    alcoholism,
    all_open,
    clinic_limits,
    days_ago,
    infusion,
    person,
    score,
    target,
    use_report,
)
from sextant.course import State, place_of
from sextant.protocol import Stage, Verdict, screen, stages_at_start
from sextant.record import Fact, NewSeries, PatientRecord

LIMITS = clinic_limits()


def place(*facts: Fact) -> State:
    record = PatientRecord.of(person(), facts)
    return place_of(record, screen(record, LIMITS, NOW), LIMITS, NOW).state


def test_a_pause_after_a_lapse_stands_while_nobody_has_asked_again():
    known = [fact for name, fact in all_open().items() if name != "use"]
    lapse = use_report(True, from_days=12, to_days=12)
    record = PatientRecord.of(person(), [*known, infusion(15), score("craving", 30, 1), lapse])

    use = next(gate for gate in screen(record, LIMITS, NOW) if gate.code == "GATE-005")

    assert use.verdict is Verdict.ASK
    assert place(*record.facts) is State.PAUSED


def test_a_new_series_does_not_end_the_checks_of_long_use():
    given = [infusion(days) for days in (60, 57, 54, 51, 48, 45)]
    begun = NewSeries(fact_id="begun", taken_at=days_ago(3), reason="A relapse.")
    first = target(days=70)
    record = PatientRecord.of(person(), [first, *given, begun])

    assert record.series == ()
    assert Stage.MAINTENANCE in stages_at_start(record, LIMITS)


def test_five_infusions_are_no_long_use():
    first = target(days=70)
    record = PatientRecord.of(person(), [alcoholism(), first, *(infusion(days) for days in (57, 54, 51, 48, 45))])

    assert Stage.MAINTENANCE not in stages_at_start(record, LIMITS)
