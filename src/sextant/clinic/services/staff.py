"""Accounts of the staff."""

from django.core.exceptions import ValidationError

from sextant.clinic.models import Role, User
from sextant.clinic.services import audit
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write


def add_user(name: str, role: Role, password: str, *, display_name: str = "") -> User:
    """Make an account; done from the command line, by whoever runs the machine.

    Raises
    ------
    Refused
        If the name is taken or cannot be a sign-in name.
    """
    user = User(username=name, role=role, display_name=display_name)
    user.set_password(password)
    with write():
        try:
            user.full_clean()
        except ValidationError as error:
            raise Refused(" ".join(error.messages), code="STAFF-001") from None
        user.save()
        audit.record_entry(None, "user.added", object_ref=f"user:{user.pk}", role=role.value)
    return user
