"""The clinic's limits in force, each with its source and author; what nobody has set is said."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sextant.clinic.pages.access import for_staff, staff
from sextant.clinic.services import audit, policy
from sextant.course.advise import EVEN, LEAST_CLEAR_DAYS
from sextant.evidence import source
from sextant.response.prior.kept import kept_prior
from sextant.units.words import day_words


def _own_rules() -> Iterator[tuple[str, str]]:
    """Rules of the next step that are Sextant's own: no source settles them, and no clinic sets them."""
    yield "Clear benefit", "ketamine alone takes away half of the target's own baseline"
    yield (
        "Likely and unlikely",
        f"advice turns only where all of the doubt, 8 in 10 of it, lies on one side of {10 * EVEN:.0f} in 10",
    )
    yield (
        "Faded benefit",
        f"clear benefit now is no longer likelier than {10 * EVEN:.0f} in 10: then a review, no infusion",
    )
    yield (
        "Time of maintenance",
        f"where one more is expected to bring most, if that is {LEAST_CLEAR_DAYS:g} day or more in the next half year",
    )


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
        "own": [*_own_rules()],
        "prior": kept_prior()["numbers"],
        "prior_version": kept_prior()["population"],
    }
    return render(request, "clinic/policy.html", page)
