"""Rules and limits: which gates stand open, which are closed, and what we must ask."""

from sextant.protocol.limits import Limit, Limits, OtherValue, Part, Stricter, Switch, default_limits
from sextant.protocol.overrides import barring, end_of_visit, may_be_passed, passed, signatures
from sextant.protocol.policy_file import PolicyError, read_policy
from sextant.protocol.policy_text import with_entry
from sextant.protocol.rule import Finding, Rule, Stage, Strength, Verdict
from sextant.protocol.screen import (
    PROTOCOL_VERSION,
    RULES,
    is_maintenance,
    screen,
    stages_at_start,
    stages_of_planning,
)
from sextant.protocol.sobriety import Sobriety, sobriety

__all__ = [
    "PROTOCOL_VERSION",
    "RULES",
    "Finding",
    "Limit",
    "Limits",
    "OtherValue",
    "Part",
    "PolicyError",
    "Rule",
    "Sobriety",
    "Stage",
    "Strength",
    "Stricter",
    "Switch",
    "Verdict",
    "barring",
    "default_limits",
    "end_of_visit",
    "is_maintenance",
    "may_be_passed",
    "passed",
    "read_policy",
    "screen",
    "signatures",
    "sobriety",
    "stages_at_start",
    "stages_of_planning",
    "with_entry",
]
