"""Who looked at or changed what, newest first, and whether the chain still holds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sextant.clinic.models import AuditEntry
from sextant.clinic.pages.access import for_staff, staff
from sextant.clinic.services import access, audit

_SHOWN = 200


@for_staff
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries; the chain is walked when asked, since that reads all of it."""
    access.require(staff(request), access.AUDITORS, "read the audit trail")
    newest = AuditEntry.objects.select_related("actor", "patient").order_by("-seq")[:_SHOWN]
    page = {
        "here": "audit",
        "rows": newest,
        "n_shown": _SHOWN,
        "head": audit.head(),
        "verdict": audit.verify() if "verify" in request.GET else None,
    }
    return render(request, "clinic/audit.html", page)
