"""Rules and limits: which gates stand open, which are closed, and what we must ask."""

from sextant.protocol.limits import Limit, Limits, PolicyError, default_limits, read_policy
from sextant.protocol.rule import Finding, Rule, Strength, Verdict
from sextant.protocol.screen import PROTOCOL_VERSION, RULES, screen
from sextant.protocol.sobriety import Sobriety, sobriety

__all__ = [
    "PROTOCOL_VERSION",
    "RULES",
    "Finding",
    "Limit",
    "Limits",
    "PolicyError",
    "Rule",
    "Sobriety",
    "Strength",
    "Verdict",
    "default_limits",
    "read_policy",
    "screen",
    "sobriety",
]
