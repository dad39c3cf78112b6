"""The limits of a made-up clinic: what no source gives, filled in so that something can be shown."""

from datetime import date

POLICY = """\
# Made up for the demo. No source gives these numbers; a real clinic enters its own.
"""
_MADE_UP = {
    "days_sober": (14, "days"),
    "pressure_valid_days": (30, "days"),
    "use_report_valid_days": (7, "days"),
    "lapse_contact_days": (2, "days"),
    "cardiac_answer_valid_days": (90, "days"),
    "suicidality_answer_valid_days": (7, "days"),
    "days_between_infusions": (2, "days"),
    "counselling_contact_days": (14, "days"),
    "worse_points_percent": (10, "percent"),
    "screening_answer_valid_days": (180, "days"),
    "laboratory_valid_days": (90, "days"),
    "weight_valid_days": (7, "days"),
    "prescription_monitoring_valid_days": (90, "days"),
    "alt_upper_normal_u_per_l": (40, "U/L"),
    "ast_upper_normal_u_per_l": (40, "U/L"),
    "alp_upper_normal_u_per_l": (120, "U/L"),
    "bilirubin_upper_normal_mg_per_dl": (1.2, "mg/dL"),
    "dose_highest_mg_per_kg": (1, "mg/kg"),
    "during_slow_systolic_mmhg": (160, "mmHg"),
    "during_hold_systolic_mmhg": (170, "mmHg"),
    "during_stop_systolic_mmhg": (180, "mmHg"),
    "during_slow_diastolic_mmhg": (100, "mmHg"),
    "during_hold_diastolic_mmhg": (105, "mmHg"),
    "during_stop_diastolic_mmhg": (110, "mmHg"),
    "stay_after_min": (120, "minutes"),
    "urinary_check_valid_days": (90, "days"),
    "liver_check_valid_days": (180, "days"),
    "cognition_check_valid_days": (180, "days"),
    "misuse_check_valid_days": (90, "days"),
}


def made_up_policy(today: date, *, director: str = "Demo medical director") -> str:
    """The policy of the made-up clinic, dated today."""
    entries = (
        f'[limit.{name}]\nvalue = {value}\nunit = "{unit}"\nsource = "clinic: made up for the demo"\n'
        f'set_by = "{director}"\non = {today.isoformat()}\n'
        for name, (value, unit) in _MADE_UP.items()
    )
    return "\n".join((POLICY, *entries))
