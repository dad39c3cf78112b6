"""The made-up clinic of `sextant demo`: sign-ins, a made-up policy and virtual patients at every stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.utils import timezone

from sextant.clinic.models import PolicyVersion, Role, User
from sextant.clinic.services.patients import store_patient
from sextant.clinic.services.policy import set_policy
from sextant.virtual import virtual_patients
from sextant.virtual.policy import made_up_policy

SEED = 20261123
_KEYS = UUID("3f0f4a52-2c67-4f7e-9d0c-8d0c6c1f3a10")


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


def make_clinic(patients: int, now: datetime) -> Iterator[int]:
    """Make sign-ins, policy and patients in an empty database; yields the number of patients stored so far."""
    staff = {one.role: _user(one) for one in SIGN_INS}
    if not PolicyVersion.objects.exists():
        set_policy(staff[Role.DIRECTOR], made_up_policy(timezone.localdate(now)), now)
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
