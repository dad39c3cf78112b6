"""The limits that the clinic's director has set, and those in force at a moment."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone

from sextant.clinic.models import PolicyVersion, User
from sextant.clinic.services import access, audit
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write
from sextant.protocol import Limit, Limits, PolicyError, Switch, default_limits, read_policy, with_entry
from sextant.units.words import day_words


def set_policy(actor: User, toml_text: str, now: datetime) -> PolicyVersion:
    """Put a policy in force from now on; the earlier ones stay on file.

    Raises
    ------
    Refused
        If the person is not the director, or the policy cannot be taken: the sentence names the line.
    """
    may_set(actor)
    with write():
        before = version_at(now)
        try:
            read_policy(toml_text, today=timezone.localdate(now), in_force=before and limits_of(before))
        except PolicyError as error:
            raise Refused(str(error), code="POLICY-001") from None
        return _put_in_force(actor, toml_text, now)


def set_limit(
    actor: User, name: str, value: float | bool, source: str, now: datetime, *, opened: int | None
) -> PolicyVersion:
    """Put the policy in force anew with one limit or switch replaced or added, dated today in the actor's name.

    Sent twice, it is set once.

    Parameters
    ----------
    name : a limit, with a number in its own unit, or a switch, with true or false
    source : keys of sources on file, such as 'S077, S078', or 'clinic: ' and the clinic's own reason
    opened : number of the policy that the person had before them, None where there was none

    Raises
    ------
    Refused
        If the person is not the director, the value or source cannot be taken, nothing would change, or the policy is
        no longer the one that the person had before them. The policy in force stays.
    """
    may_set(actor)
    with write():
        # The newest of all, not the one of `now`: another may have been set while this one waited for its turn.
        newest = PolicyVersion.objects.select_related("by").order_by("-at", "-pk").first()
        text = _with(name, value, source, "" if newest is None else newest.text, actor, timezone.localdate(now))
        try:
            before = limits_of(newest)
            after = read_policy(text, today=timezone.localdate(now), in_force=before)
        except PolicyError as error:
            raise _refused(error, name) from None
        same = _said(after.entry(name)) == _said(before.entry(name))
        if newest is not None and newest.pk != opened:
            if same:
                return newest
            raise Refused(
                f"The policy was changed by {newest.by} on {_moment_words(newest.at)}, after this page was opened. "
                "Look at what is in force now, then save again.",
                code="POLICY-004",
            )
        if same:
            raise Refused("That is in force already, with this source. There is nothing to change.", code="POLICY-005")
        return _put_in_force(actor, text, now)


def may_set(actor: User) -> None:
    """Refuse unless the person sets the clinic's limits.

    Raises
    ------
    NotAllowed
    """
    access.require(actor, access.MAY_SET_POLICY, "set the clinic's limits")


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
    return default_limits() if version is None else _read(version.text)


def _with(name: str, value: float | bool, source: str, text: str, actor: User, today: date) -> str:
    """The text of a policy with one entry of that name."""
    default = default_limits()
    signed = {"source": source, "set_by": str(actor), "on": today}
    if name in default.switches:
        return with_entry(text, "switch", name, {"value": value, **signed})
    unit = default[name].unit if name in default.by_name else ""
    return with_entry(text, "limit", name, {"value": value, "unit": unit, **signed})


def _said(entry: Limit | Switch) -> tuple[object, ...]:
    """What an entry says, on whichever day it was written."""
    value = entry.value if isinstance(entry, Limit) else entry.on
    return value, entry.sources, entry.source_note, entry.set_by


def _refused(error: PolicyError, name: str) -> Refused:
    """The sentence for somebody who sees a form and no file, with a code that names the box it is about."""
    if error.entry != name:
        return Refused(str(error), code="POLICY-001")
    code = {"value": "POLICY-002", "source": "POLICY-003"}.get(error.part, "POLICY-001")
    return Refused(error.sentence, code=code)


def _moment_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{day_words(local.date())}, {local:%H:%M}"


def _put_in_force(actor: User, text: str, now: datetime) -> PolicyVersion:
    version = PolicyVersion.objects.create(text=text, at=now, by=actor)
    audit.record_written(actor, "policy.set", version)
    return version


# What was in force is read whatever the day and the zone of today: it was checked when it was set.
_read = lru_cache(maxsize=32)(lambda text: read_policy(text, today=date.max))
