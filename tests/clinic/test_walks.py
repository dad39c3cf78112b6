"""Random orders of service and page calls on a real database: no gate is walked around, and every change is audited."""

import random
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from arrivals import arrive
from builders import (
    NOW,
    all_open,
    answer,
    clinic_limits,
    infusion,
    measured,
    pregnancy_test,
    pressure,
    score,
    use_report,
)
from sextant.clinic.models import AuditEntry, Fact, Patient, Recommendation, Role, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import audit, facts, gates, patients, recommendations
from sextant.clinic.services.decisions import Choice, record_decision
from sextant.clinic.services.overrides import sign_override
from sextant.clinic.services.refusal import Refused
from sextant.course import StepCode
from sextant.protocol import RULES, Strength, Verdict
from sextant.record import QUESTIONS, QualitativeResult, Sex

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DANGERS = [(key, value) for key, one in QUESTIONS.items() for value in one.answers if value not in one.safe]


class Walk:
    """One patient and a few people, who do things in a random order."""

    def __init__(self, seed: int, staff: dict[str, User], done: Counter[str]) -> None:
        self.rng = random.Random(seed)
        self.staff = staff
        self.done = done
        self.patient = patients.create_patient(
            staff["anna"],
            name=f"Walker {seed}",
            birth_date=NOW.date() - timedelta(days=16_000),
            sex=Sex.FEMALE,
            key=uuid4(),
            now=NOW,
        )
        facts.add_facts(staff["anna"], self.patient, {uuid4(): one for one in all_open().values()}, now=NOW)

    def step(self) -> None:
        what = self.rng.choice(
            [
                self.danger,
                self.danger,
                self.measure,
                self.come,
                self.decide,
                self.sign,
                self.sign,
                self.start,
                self.start,
                self.take_back,
                self.page,
                self.score,
            ]
        )
        try:
            what()
            self.done[what.__name__] += 1
        except Refused:
            self.done[f"{what.__name__} refused"] += 1

    def danger(self) -> None:
        self._add("nora", answer(*self.rng.choice(DANGERS), days=0.002))

    def measure(self) -> None:
        self._add(
            "nora",
            self.rng.choice(
                [
                    pressure(self.rng.choice([118, 139, 140, 171]), 80, days=0.002),
                    pregnancy_test(self.rng.choice(list(QualitativeResult)), days=0.002),
                    measured("breath_alcohol_g_per_210l", self.rng.choice([0.0, 0.05]), days=0.002),
                    measured("alt_u_per_l", self.rng.choice([30.0, 121.0]), days=0.002),
                    use_report(self.rng.random() < 0.3, from_days=3, days=0.002),
                ]
            ),
        )

    def come(self) -> None:
        arrive(self.staff["nora"], self.patient, days=0.004)

    def score(self) -> None:
        self._add("nora", score("craving", float(self.rng.randrange(100)), days=0.002))

    def decide(self) -> None:
        record_decision(
            self.staff[self.rng.choice(["anna", "nora"])],
            self.patient,
            recommendations.current(self.patient, NOW),
            choice=Choice.OTHERWISE,
            step=self.rng.choice([StepCode.OFFER_INFUSION, StepCode.WAIT, StepCode.STOP_KETAMINE]),
            infusion=self.rng.choice([1, 2, 6, None]),
            reasons="So be it.",
            planned_on=None,
            dose_mg_per_kg=self.rng.choice([0.5, 1.2, None]),
            duration_min=self.rng.choice([40.0, None]),
            key=uuid4(),
            now=NOW,
        )

    def sign(self) -> None:
        _, asked = gates.gates_now(self.patient, NOW)
        shut = [one for one in asked if one.verdict is not Verdict.OPEN] or list(asked)
        gate = self.rng.choice(shut)
        sign_override(
            self.staff[self.rng.choice(sorted(self.staff))],
            self.patient,
            code=gate.code,
            saw=self.rng.choice([gate.saw, gate.saw, gate.saw, "?"]),
            reason=self.rng.choice(["Because.", ""]),
            key=uuid4(),
            now=NOW,
        )

    def take_back(self) -> None:
        row = self.rng.choice(list(Fact.objects.current().filter(patient=self.patient)))
        facts.withdraw_fact(self.staff[self.rng.choice(["anna", "nora"])], row, key=uuid4(), reason="a slip", now=NOW)

    def start(self) -> None:
        before = record_of(self.patient)
        self._add("nora", infusion(0))
        self.done["infusions"] += 1
        self._nothing_barred(before)

    def page(self) -> None:
        """The same over the pages: a form sent by whoever, with a dose that may be wrong."""
        screen = Client()
        screen.force_login(self.staff[self.rng.choice(sorted(self.staff))], backend=BACKEND)
        before, given = record_of(self.patient), self._infusions()
        form = {
            "patient": str(self.patient.pk),
            "key": str(uuid4()),
            "taken_at": f"{NOW:%Y-%m-%dT%H:%M}",
            "dose_mg_per_kg": self.rng.choice(["0.5", "5"]),
            "duration_min": "40",
            "read_back": "yes",
        }
        screen.post(f"/patients/{self.patient.pk}/add/infusion/", form)
        if self._infusions() > given:
            self.done["infusions"] += 1
            self._nothing_barred(before)

    def _add(self, who: str, fact) -> None:
        facts.add_fact(self.staff[who], self.patient, fact, key=uuid4(), now=NOW)

    def _infusions(self) -> int:
        return Fact.objects.current().filter(patient=self.patient, kind="Infusion").count()

    def _nothing_barred(self, before) -> None:
        """From the rows of signatures as they lie in the database, not by the function that is under test."""
        known, _ = before.as_of(NOW)
        rows = Fact.objects.current().filter(patient=self.patient, kind="Override")
        for rule in RULES:
            if rule.stage.value == "maintenance":
                continue
            finding = rule.find(known, clinic_limits(), NOW)
            assert finding.verdict is not Verdict.ASK, finding
            if finding.verdict is not Verdict.CLOSED:
                continue
            assert finding.strength is not Strength.ABSOLUTE, finding
            signed = [row for row in rows if row.payload["code"] == rule.code and row.payload["saw"] == finding.saw]
            people = {row.entered_by_id for row in signed}
            roles = {row.entered_by.role for row in signed}
            assert Role.PRESCRIBER in roles
            assert roles <= {Role.PRESCRIBER, Role.DIRECTOR}
            assert finding.strength is Strength.SOFT or len(people) > 1
            self.done["passed by signatures"] += 1


@pytest.fixture
def nine_o_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages take the time of the clock: here it stands still."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def staff(prescriber: User, nurse: User, director: User, clinic_policy: object) -> dict[str, User]:
    return {
        "anna": prescriber,
        "ben": User.objects.create(username="ben", role=Role.PRESCRIBER),
        "dora": director,
        "nora": nurse,
        "olga": User.objects.create(username="olga", role=""),
    }


def walk(walks: int, steps: int, staff: dict[str, User], first: int = 0) -> Counter[str]:
    done: Counter[str] = Counter()
    for seed in range(first, first + walks):
        one = Walk(seed, staff, done)
        for _ in range(steps):
            one.step()
    return done


def every_change_has_its_entry() -> None:
    """Each stored answer, and with it each change of the place in the course, has its entry in a chain that holds."""
    verdict = audit.verify()
    assert verdict.ok
    entered = set(AuditEntry.objects.filter(action="recommendation.made").values_list("object_ref", flat=True))
    for patient in Patient.objects.all():
        places = [
            (one.answer["course"]["state"], f"recommendation:{one.pk}")
            for one in Recommendation.objects.filter(patient=patient).order_by("number")
        ]
        assert {reference for _, reference in places} <= entered


@pytest.mark.usefixtures("nine_o_clock")
def test_a_few_walks_by_service_and_page(staff: dict[str, User]):
    done = walk(4, 12, staff)

    every_change_has_its_entry()
    assert done["start refused"] + done["start"] > 0


@pytest.mark.slow
@pytest.mark.usefixtures("nine_o_clock")
def test_two_hundred_walks_by_service_and_page(staff: dict[str, User]):
    done = walk(200, 25, staff, first=100)

    every_change_has_its_entry()
    assert done["infusions"] > 10
    assert done["passed by signatures"] > 0
    assert done["start refused"] > 0
