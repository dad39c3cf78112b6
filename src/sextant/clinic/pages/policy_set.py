"""The medical director sets one limit or switch, with all that was read beside the box."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from sextant.clinic.pages.access import for_staff, staff
from sextant.clinic.pages.forms.policy import PolicyForm
from sextant.clinic.pages.policy_rows import policy_rows, row_of, value_words
from sextant.clinic.services import audit, policy
from sextant.clinic.services.refusal import NotAllowed, Refused
from sextant.protocol import Limit, Limits, Switch, default_limits

_THEN_NEXT = "next"
_LONGEST_NUMBER = 19  # digits; no row of the database has a longer one


@for_staff
def set_one(request: HttpRequest, name: str) -> HttpResponse:
    """What it means, what others print, what is in force, and a form; afterwards the policy as it then stands."""
    policy.may_set(staff(request))
    known = default_limits()
    if name not in known.by_name and name not in known.switches:
        raise Http404
    audit.saw(staff(request), None, "policy set")
    now = timezone.now()
    form = PolicyForm(request.POST or None, entry=known.entry(name))
    if request.method == "POST" and form.is_valid():
        try:
            version = policy.set_limit(
                staff(request), name, form.value, form.source, now, opened=_number(request.POST.get("opened", ""))
            )
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            in_force = policy.limits_of(version)
            messages.success(request, _said(in_force.entry(name)))
            following = _next_unset(in_force, name) if request.POST.get("then") == _THEN_NEXT else ""
            return redirect("policy-set", following) if following else redirect("policy")
    version = policy.version_at(now)
    in_force = policy.limits_of(version)
    page = {
        "here": "policy-set",
        "row": row_of(in_force.entry(name)),
        "form": form,
        "opened": version,
        "following": bool(_next_unset(in_force, name)),
    }
    return render(request, "clinic/policy/set.html", page)


def _number(text: str) -> int | None:
    """The number of the policy that the page showed; none where there was none, or the form was tampered with."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else None


def _said(entry: Limit | Switch) -> str:
    """What is in force now. A switch's title is a whole sentence, a limit's is none."""
    if isinstance(entry, Switch):
        return f"{entry.title}: this is {value_words(entry).lower()} from now on."
    return f"{entry.title}: {value_words(entry)}, in force from now on."


def _next_unset(limits: Limits, name: str) -> str:
    """The limit to set next, in the order of the page; from the last one on to the first that is left."""
    rows = policy_rows(limits)
    here = next(number for number, row in enumerate(rows) if row.name == name)
    return next((row.name for row in [*rows[here + 1 :], *rows[:here]] if not row.value), "")
