"""The limits of a made-up clinic: what no source gives, filled in so that something can be shown."""

from datetime import datetime

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


def made_up_policy(today: datetime) -> str:
    """The policy of the made-up clinic, dated today."""
    entries = (
        f'[limit.{name}]\nvalue = {value}\nunit = "{unit}"\nsource = "clinic: made up for the demo"\n'
        f'set_by = "Demo medical director"\non = {today.date().isoformat()}\n'
        for name, (value, unit) in _MADE_UP.items()
    )
    return "\n".join((POLICY, *entries))
