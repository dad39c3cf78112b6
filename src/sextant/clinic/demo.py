"""The made-up clinic of `sextant demo`: sign-ins, a made-up policy and virtual patients at every stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sextant.clinic.models import PolicyVersion, Role, User
from sextant.clinic.services.patients import store_patient
from sextant.clinic.services.policy import set_policy
from sextant.virtual import virtual_patients

SEED = 20261123
_KEYS = UUID("3f0f4a52-2c67-4f7e-9d0c-8d0c6c1f3a10")

POLICY = """\
# Made up for the demo. No source gives these numbers; a real clinic enters its own.
"""
_MADE_UP = {
    "days_sober": (14, "days"),
    "pressure_valid_days": (30, "days"),
    "use_report_valid_days": (7, "days"),
    "cardiac_answer_valid_days": (90, "days"),
    "suicidality_answer_valid_days": (7, "days"),
    "days_between_infusions": (2, "days"),
    "counselling_contact_days": (14, "days"),
    "worse_points_percent": (10, "percent"),
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One made-up member of staff. The password is no secret: the demo serves this machine alone."""

    username: str
    display_name: str
    role: Role
    password: str


SIGN_INS: tuple[SignIn, ...] = tuple(
    SignIn(role.value, f"Demo {role.label.lower()}", role, f"demo-{role.value}-sign-in") for role in Role
)


def made_up_policy(today: datetime) -> str:
    """The policy of the made-up clinic, dated today."""
    entries = (
        f'[limit.{name}]\nvalue = {value}\nunit = "{unit}"\nsource = "clinic: made up for the demo"\n'
        f'set_by = "Demo medical director"\non = {today.date().isoformat()}\n'
        for name, (value, unit) in _MADE_UP.items()
    )
    return "\n".join((POLICY, *entries))


def make_clinic(patients: int, now: datetime) -> Iterator[int]:
    """Make sign-ins, policy and patients in an empty database; yields the number of patients stored so far."""
    staff = {one.role: _user(one) for one in SIGN_INS}
    if not PolicyVersion.objects.exists():
        set_policy(staff[Role.DIRECTOR], made_up_policy(now), now)
    for number, virtual in enumerate(virtual_patients(patients, now=now, seed=SEED), start=1):
        store_patient(staff[Role.PRESCRIBER], virtual.record, key=uuid5(_KEYS, f"{SEED}/{number}"), now=now)
        yield number


def _user(one: SignIn) -> User:
    user, made = User.objects.get_or_create(
        username=one.username, defaults={"role": one.role, "display_name": one.display_name}
    )
    if made:
        user.set_password(one.password)
        user.save()
    return user
