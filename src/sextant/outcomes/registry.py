"""All endpoints by name. A new one is a record in the file of its idea."""

from types import MappingProxyType

from sextant.outcomes import abstinence, reduction, relapse

GROUPS = MappingProxyType(
    {
        "abstinence": abstinence.ENDPOINTS,
        "reduction": reduction.ENDPOINTS,
        "relapse": relapse.ENDPOINTS,
    }
)
"""Endpoints by what they are about."""

ENDPOINTS = MappingProxyType({one.name: one for group in GROUPS.values() for one in group})
"""Endpoints by name, in the order in which they are printed."""
