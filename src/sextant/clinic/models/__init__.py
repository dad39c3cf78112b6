"""What the clinic remembers. All but accounts and the first line of a chart is only added to: triggers see to it."""

from sextant.clinic.models.audit_entry import AuditEntry
from sextant.clinic.models.fact import Fact
from sextant.clinic.models.patient import Patient, PatientCorrection
from sextant.clinic.models.policy_version import PolicyVersion
from sextant.clinic.models.population_version import PopulationVersion
from sextant.clinic.models.recommendation import Recommendation
from sextant.clinic.models.user import Role, User

__all__ = [
    "AuditEntry",
    "Fact",
    "Patient",
    "PatientCorrection",
    "PolicyVersion",
    "PopulationVersion",
    "Recommendation",
    "Role",
    "User",
]
