"""What every page needs to know, whoever renders it: is this the demo, and who is signed in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.template import Context

from sextant.clinic.services import access

if TYPE_CHECKING:
    from sextant.clinic.demo import SignIn

register = template.Library()


@register.simple_tag
def is_demo() -> bool:
    """Whether this is the made-up clinic."""
    return bool(settings.DEMO)


@register.simple_tag(takes_context=True)
def signed_in_as(context: Context) -> str:
    """Name and role of the person at this screen; empty when nobody signed in."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return ""
    role = user.get_role_display().lower()
    return f"{user}, {role}" if role else str(user)


@register.simple_tag(takes_context=True)
def may_import(context: Context) -> bool:
    """Whether the person at this screen may add a patient."""
    return getattr(getattr(context.get("request"), "user", None), "role", "") in access.MAY_IMPORT


@register.simple_tag(takes_context=True)
def may_read(context: Context) -> bool:
    """Whether the person at this screen may open charts."""
    return getattr(getattr(context.get("request"), "user", None), "role", "") in access.READERS


@register.simple_tag(takes_context=True)
def may_audit(context: Context) -> bool:
    """Whether the person at this screen may read the audit trail."""
    return getattr(getattr(context.get("request"), "user", None), "role", "") in access.AUDITORS


@register.simple_tag
def demo_sign_ins() -> "Sequence[SignIn]":
    """The made-up staff with their passwords, in the demo alone."""
    if not settings.DEMO:
        return ()
    from sextant.clinic.demo import SIGN_INS

    return SIGN_INS
