"""The clinic's limits in force, each with its source and author; what nobody has set stands first."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sextant.clinic.pages.access import for_staff, staff
from sextant.clinic.pages.policy_rows import by_part, policy_rows
from sextant.clinic.services import access, audit, policy
from sextant.course.advise import EVEN, LEAST_CLEAR_DAYS
from sextant.response.prior.kept import kept_prior


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
    """Every limit and switch by what it is for, those that nobody has set first."""
    audit.saw(staff(request), None, "policy")
    now = timezone.now()
    rows = policy_rows(policy.current_limits(now))
    unset, held = [row for row in rows if not row.value], [row for row in rows if row.value]
    page = {
        "here": "policy",
        "version": policy.version_at(now),
        "may_set": staff(request).role in access.MAY_SET_POLICY,
        "n_unset": len(unset),
        "n_set": len(held),
        "unset": by_part(unset),
        "held": by_part(held),
        "own": [*_own_rules()],
        "prior": kept_prior()["numbers"],
        "prior_version": kept_prior()["population"],
    }
    return render(request, "clinic/policy.html", page)
