"""The policies that were in force, and what each changed against the one before."""

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import QuerySet

from sextant.clinic.models import PolicyVersion
from sextant.clinic.services.policy import limits_of
from sextant.protocol import Limit, Limits, PolicyError, Switch


@dataclass(frozen=True, slots=True)
class Change:
    """One limit or switch that says something else than before; `before` and `after` are the whole entries."""

    before: Limit | Switch
    after: Limit | Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One policy, and what it changed. `unreadable` says why where this Sextant can no longer read it."""

    version: PolicyVersion
    changes: tuple[Change, ...]
    unreadable: str


def versions() -> QuerySet[PolicyVersion]:
    """All policies, newest first."""
    return PolicyVersion.objects.select_related("by").order_by("-at", "-pk")


def told(newest_first: list[PolicyVersion]) -> list[Told]:
    """What each policy changed against the one after it in the list, the last against what sources give.

    To tell of a part of all policies, give one more than are shown.
    """
    return [_told(version, earlier) for version, earlier in pairwise([*newest_first, None]) if version is not None]


def _told(version: PolicyVersion, earlier: PolicyVersion | None) -> Told:
    try:
        return Told(version=version, changes=tuple(_changes(limits_of(earlier), limits_of(version))), unreadable="")
    except PolicyError as error:
        return Told(version=version, changes=(), unreadable=str(error))


def _changes(before: Limits, after: Limits) -> list[Change]:
    names = [*after.by_name, *after.switches]
    return [Change(before.entry(name), after.entry(name)) for name in names if before.entry(name) != after.entry(name)]
