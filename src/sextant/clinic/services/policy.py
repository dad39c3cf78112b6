"""The limits that the clinic's director has set, and those in force at a moment."""

from datetime import datetime
from functools import lru_cache

from django.utils import timezone

from sextant.clinic.models import PolicyVersion, User
from sextant.clinic.services import access, audit
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write
from sextant.protocol import Limits, PolicyError, default_limits, read_policy


def set_policy(actor: User, toml_text: str, now: datetime) -> PolicyVersion:
    """Put a policy in force from now on; the earlier ones stay on file.

    Raises
    ------
    Refused
        If the person is not the director, or the policy cannot be taken: the sentence names the line.
    """
    access.require(actor, access.MAY_SET_POLICY, "set the clinic's limits")
    try:
        read_policy(toml_text, today=timezone.localdate(now))
    except PolicyError as error:
        raise Refused(str(error), code="POLICY-001") from None
    with write():
        version = PolicyVersion.objects.create(text=toml_text, at=now, by=actor)
        audit.record_written(actor, "policy.set", version)
    return version


def version_at(moment: datetime) -> PolicyVersion | None:
    """The policy in force at a moment, or None before the director has set one."""
    return PolicyVersion.objects.filter(at__lte=moment).order_by("-at", "-pk").first()


def limits_at(moment: datetime) -> Limits:
    """The limits in force at a moment."""
    return limits_of(version_at(moment))


def current_limits(now: datetime) -> Limits:
    """The limits in force."""
    return limits_at(now)


def limits_of(version: PolicyVersion | None) -> Limits:
    """The limits of one policy, or the published ones where there is none."""
    return default_limits() if version is None else _read(version.text, timezone.localdate(version.at))


_read = lru_cache(maxsize=32)(lambda text, today: read_policy(text, today=today))
