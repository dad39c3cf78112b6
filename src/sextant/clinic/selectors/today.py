"""Every patient with the one next action, for Today."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from sextant.clinic.models import Patient, Recommendation

# What a person on the floor acts on first stands first.
_ORDER = (
    "offer_infusion",
    "review",
    "maintenance_window",
    "stop_ketamine",
    "ask",
    "clear_gate",
    "pause",
    "wait",
    "none",
)


@dataclass(frozen=True, slots=True)
class NextAction:
    """One row of Today.

    `recommendation` is the stored one, None before the first was read; `up_to_date` says whether it is of today.
    """

    patient: Patient
    recommendation: Recommendation | None
    infusions_given: int
    last_infusion_at: datetime | None
    up_to_date: bool

    @property
    def code(self) -> str:
        """Code of the step, 'none' before the first was read."""
        return "none" if self.recommendation is None else str(self.recommendation.step["code"])

    @property
    def advice(self) -> str:
        """The step in one sentence."""
        return "" if self.recommendation is None else str(self.recommendation.step["advice"])


def patients_by_next_action(now: datetime) -> list[NextAction]:
    """All living patients, those who need somebody first; two queries, however many patients there are."""
    given = Q(facts__kind="Infusion", facts__withdrawn=False, facts__replaced_by=None)
    patients = Patient.objects.filter(Q(deceased_at=None) | Q(deceased_at__gt=now)).annotate(
        infusions_given=Count("facts", filter=given), last_infusion_at=Max("facts__taken_at", filter=given)
    )
    newest = {one.patient_id: one for one in Recommendation.objects.newest()}
    today = timezone.localdate(now)
    rows = [_row(patient, newest.get(patient.pk), today) for patient in patients]
    return sorted(rows, key=lambda row: (_ORDER.index(row.code), row.patient.name))


def _row(patient: Patient, recommendation: Recommendation | None, today: date) -> NextAction:
    return NextAction(
        patient=patient,
        recommendation=recommendation,
        infusions_given=patient.infusions_given,
        last_infusion_at=patient.last_infusion_at,
        up_to_date=recommendation is not None and recommendation.as_of == today,
    )
