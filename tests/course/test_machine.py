"""Model checking: whatever happens in whatever order, no infusion begins at a gate that bars it.

A hypothesis state machine writes random facts, lets time pass, signs, orders and tries to begin infusions. What it
checks is written here anew from the raw facts, not with the rules that are under test. The figure that is asked for,
20,000 random orders, is run by `make slow`; a share of it with every other test.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from builders import (
    MEASURED,
    MEASURED_TODAY,
    NOW,
    POLICY,
    all_open,
    answer,
    at_the_door,
    consent,
    counselling,
    infusion,
    measured,
    order,
    person,
    pregnancy_test,
    pressure,
    score,
    target,
    use_report,
)
from sextant.course import State, bars_start, gates_at_start, place_of
from sextant.protocol import RULES, Strength, Verdict, end_of_visit, read_policy, screen
from sextant.record import (
    QUESTIONS,
    Answer,
    BloodPressure,
    Consent,
    Decision,
    Fact,
    Group,
    Measurement,
    NewSeries,
    Override,
    PatientRecord,
    PregnancyTest,
    QualitativeResult,
    UseJudged,
    UseReport,
    Weight,
)

CAP = (
    '[limit.maintenance_per_year]\nvalue = 3\nunit = "infusions"\nsource = "clinic: made up"\n'
    'set_by = "Test director"\non = 2026-11-02\n'
)
LIMITS = read_policy(POLICY + CAP, today=NOW.date())
PEOPLE = ("anna", "ben", "cleo")
ROLES = ("prescriber", "director", "nurse", "")
SIGNERS = (
    (),
    (("anna", "prescriber"),),
    (("anna", "prescriber"), ("anna", "prescriber")),
    (("anna", "prescriber"), ("ben", "director")),
    (("anna", "prescriber"), ("ben", "prescriber")),
    (("ben", "director"), ("cleo", "director")),
    (("ben", "director"),),
    (("anna", "prescriber"), ("ben", "nurse")),
)
DANGERS = tuple(
    (key, value) for key, question in QUESTIONS.items() for value in question.answers if value not in question.safe
)
seen: dict[State, set[State]] = defaultdict(set)
"""Which places were reached, and which place followed each, over all runs."""
given = {"infusions": 0, "passed by signatures": 0, "refused": 0, "orders": 0}


class Course(RuleBasedStateMachine):
    """One patient, whatever happens."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.facts: list[Fact] = []
        self.place = State.REFERRED
        given["orders"] += 1

    @initialize(known=st.sampled_from(["nothing", "screened", "arrived", "a series behind"]))
    def begin(self, known: str) -> None:
        facts = {} if known == "nothing" else all_open()
        if known == "arrived":
            facts |= at_the_door()
        self.facts = list(facts.values())
        if known == "a series behind":
            # Else a walk of ten steps hardly comes so far, and what follows a series is hardly tried.
            self.facts += [target(days=60), use_report(False, from_days=60)]
            self.facts += [*(infusion(days) for days in (22, 19, 16, 13, 10, 7)), score("craving", 30, 6)]
        self._look()

    @rule(hours=st.sampled_from([0.2, 0.8, 5, 24, 49, 24 * 8, 24 * 40, 24 * 200]))
    def time_passes(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        self._look()

    @rule(key=st.sampled_from(sorted(QUESTIONS)), data=st.data())
    def a_question_is_answered(self, key: str, data: st.DataObject) -> None:
        self._write(answer(key, data.draw(st.sampled_from(sorted(QUESTIONS[key].answers)))))

    @rule()
    def all_is_asked_and_well(self) -> None:
        """Screening, and the day, as in the best of cases."""
        self._write(*self._well())

    @rule(systolic=st.sampled_from([110, 140, 141, 185]), diastolic=st.sampled_from([70, 90, 91, 110]))
    def pressure_is_measured(self, systolic: int, diastolic: int) -> None:
        self._write(pressure(systolic, diastolic))

    @rule(value=st.sampled_from([0.0, 0.001, 0.02, 0.3]))
    def breath_is_measured(self, value: float) -> None:
        self._write(measured("breath_alcohol_g_per_210l", value))

    @rule(result=st.sampled_from(list(QualitativeResult)))
    def pregnancy_is_tested(self, result: QualitativeResult) -> None:
        self._write(pregnancy_test(result))

    @rule(days_ago=st.integers(0, 3))
    def use_is_reported(self, days_ago: int) -> None:
        day = self.now.date()
        self._write(
            replace(
                use_report(True, from_days=5),
                covers_from=day - timedelta(days=5),
                covers_to=day,
                last_used_on=day - timedelta(days=days_ago),
            )
        )

    @rule(name=st.sampled_from(["coffee", "kratom", "cocaine", "alcohol"]))
    def use_of_something_else_is_reported(self, name: str) -> None:
        day = self.now.date()
        self._write(replace(use_report(True, from_days=0), problem=name, covers_from=day, covers_to=day))

    @rule(name=st.sampled_from(["coffee", "cocaine", "alcohol", "any"]))
    def a_name_of_use_is_judged(self, name: str) -> None:
        reports = tuple(one.fact_id for one in self._all(UseReport) if one.problem == name)
        judged = UseJudged(fact_id="j", taken_at=self.now, problem=name, reason="It is a food.", reports=reports)
        self._write(judged)

    @rule()
    def no_use_is_reported(self) -> None:
        self._write(self._no_use())

    @rule(yes=st.booleans())
    def consent_is_given_or_withdrawn(self, yes: bool) -> None:
        self._write(consent(given=yes))

    @rule(points=st.integers(0, 100))
    def the_target_is_scored(self, points: int) -> None:
        self._write(score("craving", points, 0))

    @rule(number=st.integers(0, 2), dose=st.sampled_from([0.5, 0.5, 1.0, 1.2]))
    def an_infusion_is_ordered(self, number: int, dose: float) -> None:
        self._write(order(len(self.record.series) + number, dose_mg_per_kg=dose))

    @rule(step=st.sampled_from(["stop_ketamine", "none", "wait", "review"]))
    def another_step_is_decided(self, step: str) -> None:
        self._write(replace(order(), step=step, infusion=None, dose_mg_per_kg=None, duration_min=None))

    @rule()
    def a_new_series_begins(self) -> None:
        self._write(NewSeries(fact_id="n", taken_at=self.now, reason="A relapse."))

    @rule(who=st.sampled_from(PEOPLE), role=st.sampled_from(ROLES), data=st.data())
    def a_gate_is_signed(self, who: str, role: str, data: st.DataObject) -> None:
        gates = gates_at_start(self.record, LIMITS, self.now)
        closed = [one for one in gates if one.verdict is Verdict.CLOSED]
        gate = data.draw(st.sampled_from(closed or list(gates)))
        saw = data.draw(st.sampled_from([gate.saw, gate.saw, gate.saw, "something else"]))
        reason = data.draw(st.sampled_from(["Because.", "Because.", " "]))
        self._write(self._signature(gate.code, saw, who, role, reason))

    @rule()
    def everybody_signs_everything(self) -> None:
        gates = gates_at_start(self.record, LIMITS, self.now)
        self._write(
            *(
                self._signature(gate.code, gate.saw, who, role, "We must.")
                for gate in gates
                if gate.verdict is not Verdict.OPEN
                for who, role in zip(PEOPLE, ROLES, strict=False)
            )
        )

    @rule()
    def an_infusion_begins_if_nothing_bars_it(self) -> None:
        if bars_start(self.record, LIMITS, self.now):
            given["refused"] += 1
            return
        self._nothing_may_bar()
        self._write(replace(infusion(0), taken_at=self.now))
        given["infusions"] += 1

    @rule(visits=st.integers(1, 8))
    def some_whole_visits(self, visits: int) -> None:
        """The next infusions as they should be: days have passed, all is asked, each is ordered by itself and given."""
        for _ in range(visits):
            self.now += timedelta(days=3)
            self._write(score("craving", 40, 0), consent(), *self._well(), order(len(self.record.series) + 1))
            self.an_infusion_begins_if_nothing_bars_it()

    @rule(
        danger=st.sampled_from(DANGERS),
        signers=st.sampled_from(SIGNERS),
    )
    def a_whole_visit_with_a_danger_that_is_signed(
        self, danger: tuple[str, str], signers: tuple[tuple[str, str], ...]
    ) -> None:
        self.now += timedelta(days=3)
        self._write(consent(), *self._well(), order(len(self.record.series) + 1), answer(*danger))
        closed = [one for one in gates_at_start(self.record, LIMITS, self.now) if one.verdict is Verdict.CLOSED]
        self._write(
            *(self._signature(gate.code, gate.saw, *signer, "We must.") for gate in closed for signer in signers)
        )
        self.an_infusion_begins_if_nothing_bars_it()

    @property
    def record(self) -> PatientRecord:
        return PatientRecord.of(person(), self.facts)

    def _well(self) -> list[Fact]:
        """All asked and well; an answer that lasts was an error and is taken back, since nothing else takes it back."""
        self.facts = [one for one in self.facts if not (isinstance(one, Answer) and lasts(one))]
        asked = [key for key in QUESTIONS if key not in {"can_be_pregnant", "cardiac_clearance"}]
        return [
            *(answer(key, QUESTIONS[key].opening) for key in asked),
            *(measured(kind, value) for kind, value in {**MEASURED, **MEASURED_TODAY}.items()),
            pressure(118, 74),
            Weight(fact_id="w", taken_at=self.now, weight_kg=70),
            pregnancy_test(QualitativeResult.NEGATIVE),
            counselling(),
            self._no_use(),
        ]

    def _no_use(self) -> UseReport:
        day = self.now.date()
        none = use_report(False, from_days=1, problem="any")
        return replace(none, covers_from=day - timedelta(days=60), covers_to=day)

    def _signature(self, code: str, saw: str, who: str, role: str, reason: str) -> Override:
        return Override(
            fact_id="o",
            taken_at=self.now,
            code=code,
            saw=saw,
            reason=reason,
            signed_by=who,
            role=role,
            ends_at=end_of_visit(self.now),
        )

    def _write(self, *facts: Fact) -> None:
        self.facts += [replace(fact, taken_at=self.now) for fact in facts]
        self._look()

    def _look(self) -> None:
        known, _ = self.record.as_of(self.now)
        place = place_of(known, screen(known, LIMITS, self.now), LIMITS, self.now).state
        if place is not self.place:
            seen[self.place].add(place)
            self.place = place

    def _nothing_may_bar(self) -> None:
        """From the raw facts and from each verdict: nothing that may not be passed was passed."""
        self._no_gate_was_walked_around()
        day = self.now.date()
        newest = {kind: self._newest(kind) for kind in (BloodPressure, Consent, PregnancyTest, UseReport, Decision)}
        assert newest[BloodPressure].day == day
        assert newest[BloodPressure].systolic_mmhg < 140
        assert newest[BloodPressure].diastolic_mmhg < 90
        assert newest[Consent].given
        assert newest[Decision].infusion == len(self.record.series) + 1
        assert newest[Decision].dose_mg_per_kg <= 1.0 or self._signed_by_two("GATE-064")
        breath = [one for one in self._all(Measurement) if one.kind == "breath_alcohol_g_per_210l"]
        assert (breath[-1].day, breath[-1].value) == (day, 0)
        possible = [one.value for one in self._all(Answer) if one.question == "can_be_pregnant"]
        if possible[-1:] != ["no"]:
            assert (newest[PregnancyTest].day, newest[PregnancyTest].result) == (day, QualitativeResult.NEGATIVE)
        # What was told last of each name is none, but for a name that nobody knows and a prescriber judged since.
        for name in {one.problem for one in self._all(UseReport) if one.used}:
            told = [one for one in self._all(UseReport) if one.problem in {name, "any"}][-1]
            judged = [one for one in self._all(UseJudged) if one.problem == name and name == "coffee"]
            place = {id(one): number for number, one in enumerate(self.facts)}
            on_it = [one for one in judged if told.fact_id in one.reports]
            assert not told.used or (on_it and place[id(on_it[-1])] > place[id(told)])
        assert [one.used for one in self._all(UseReport) if one.problem in {"alcohol", "any"}][-1] is False
        for question in QUESTIONS.values():
            if question.group is Group.ON_THE_DAY:
                last = [one for one in self._all(Answer) if one.question == question.key][-1]
                assert last.day == day

    def _no_gate_was_walked_around(self) -> None:
        for one in RULES:
            if one.stage.value == "maintenance" and len(self.record.series) < 6:
                continue
            known, _ = self.record.as_of(self.now)
            finding = one.find(known, LIMITS, self.now)
            assert finding.verdict is not Verdict.ASK, finding
            if finding.verdict is not Verdict.CLOSED:
                continue
            assert finding.strength is not Strength.ABSOLUTE, finding
            given["passed by signatures"] += 1
            signed = self._signatures(finding.code, finding.saw)
            assert "prescriber" in {one.role for one in signed}
            assert finding.strength is Strength.SOFT or self._signed_by_two(finding.code)

    def _signatures(self, code: str, saw: str) -> list[Override]:
        return [
            one
            for one in self._all(Override)
            if (one.code, one.saw, one.day) == (code, saw, self.now.date())
            and one.taken_at <= self.now
            and one.reason.strip()
        ]

    def _signed_by_two(self, code: str) -> bool:
        return len({one.signed_by for one in self._all(Override) if one.code == code and one.role in ROLES[:2]}) > 1

    def _all(self, kind: type) -> list:
        return [one for one in sorted(self.facts, key=lambda one: one.taken_at) if isinstance(one, kind)]

    def _newest(self, kind: type):
        return self._all(kind)[-1]


def lasts(answer: Answer) -> bool:
    return answer.value in QUESTIONS[answer.question].lasting


def run(examples: int) -> None:
    machine = settings(
        max_examples=examples,
        stateful_step_count=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Course, settings=machine)


def test_no_infusion_begins_at_a_gate_that_bars_it_in_some_hundred_random_orders():
    run(300)

    assert given["infusions"] > 0
    assert given["refused"] > 0


@pytest.mark.slow
def test_no_infusion_begins_at_a_gate_that_bars_it_in_20000_random_orders_and_no_place_is_a_dead_end():
    run(20_000)

    assert given["orders"] > 20_000
    assert given["passed by signatures"] > 0
    reached = {place for places in seen.values() for place in places} | {State.REFERRED}
    assert reached == set(State)
    assert all(seen[place] for place in State)
