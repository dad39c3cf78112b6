"""The zone in which a time was recorded, kept beside the time itself, which is stored in UTC."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def zone_name(moment: datetime) -> str:
    """The name of a moment's zone, or its distance from UTC where it has no name.

    >>> zone_name(datetime(2026, 11, 23, tzinfo=ZoneInfo("America/Chicago")))
    'America/Chicago'
    >>> zone_name(datetime.fromisoformat("2026-11-23T09:00:00-05:00"))
    '-05:00'
    """
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key:
        return moment.tzinfo.key
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"{moment!r} has no zone.")
    if not offset:
        return "UTC"
    return moment.isoformat()[-6:] if offset % timedelta(minutes=1) == timedelta(0) else moment.isoformat()[-9:]


def in_zone(moment: datetime, name: str) -> datetime:
    """The same moment in the zone of that name.

    >>> in_zone(datetime(2026, 11, 23, 14, tzinfo=UTC), "-05:00").isoformat()
    '2026-11-23T09:00:00-05:00'
    """
    if name == "UTC":
        return moment.astimezone(UTC)
    if name[0] in "+-":
        hours, minutes, *seconds = (int(part) for part in name[1:].split(":"))
        offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
        return moment.astimezone(timezone(offset if name[0] == "+" else -offset))
    return moment.astimezone(ZoneInfo(name))


def utc_text(moment: datetime) -> str:
    """A moment as text that does not depend on the zone it is held in: what is sealed and hashed."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
