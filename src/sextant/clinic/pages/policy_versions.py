"""Every policy that was in force: when, by whom, what it changed, and its file as it was written."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sextant.clinic.pages.access import for_staff, staff
from sextant.clinic.pages.policy_rows import value_words
from sextant.clinic.selectors.policy import Change, told, versions
from sextant.clinic.services import audit
from sextant.evidence import source
from sextant.protocol import Limit
from sextant.units.words import list_words

_ON_A_PAGE = 20


@for_staff
def policy_versions(request: HttpRequest) -> HttpResponse:
    """The newest first, with the way to the older ones; none is ever removed."""
    audit.saw(staff(request), None, "policy versions")
    pages = Paginator(versions(), _ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    one_more = list(versions()[shown.start_index() - 1 : shown.end_index() + 1]) if pages.count else []
    page = {
        "here": "policy-versions",
        "shown": shown,
        "versions": [
            {"of": one.version, "unreadable": one.unreadable, "changes": [_change_words(each) for each in one.changes]}
            for one in told(one_more)[: len(shown)]
        ],
    }
    return render(request, "clinic/policy/versions.html", page)


def _change_words(change: Change) -> dict[str, Any]:
    before, after = change.before, change.after
    is_set = (after.on if isinstance(after, Limit) else after.since) is not None
    return {
        "name": after.name,
        "title": after.title,
        "before": value_words(before),
        "after": value_words(after),
        "same_value": value_words(before) == value_words(after),
        "by": after.set_by if is_set else "",
        "why": after.source_note or list_words([f"{key} {source(key).label}" for key in after.sources]),
        "back": not is_set,
    }
