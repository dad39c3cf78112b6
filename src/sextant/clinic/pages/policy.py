"""The clinic's limits in force, each with its source and author; what nobody has set is said."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sextant.clinic.pages.access import for_staff, staff
from sextant.clinic.services import audit, policy
from sextant.evidence import source
from sextant.units.words import day_words


@for_staff
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit, those that nobody has set first."""
    audit.saw(staff(request), None, "policy")
    in_force = policy.current_limits(timezone.now())
    rows = [
        {
            "title": limit.title,
            "value": None if limit.value is None else f"{limit.value:g}",
            "unit": limit.unit,
            "sources": [source(key) for key in limit.sources],
            "note": limit.source_note,
            "set_by": limit.set_by,
            "on": day_words(limit.on) if limit.on else "",
        }
        for limit in in_force.by_name.values()
    ]
    page = {
        "here": "policy",
        "unset": [row for row in rows if row["value"] is None],
        "rows": [row for row in rows if row["value"] is not None],
        "version": in_force.version,
    }
    return render(request, "clinic/policy.html", page)
