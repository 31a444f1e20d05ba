"""Roles and controlled actions in words."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from apps.access.queries import wording

register = template.Library()


@register.simple_tag
def role_name(code: str, name: str = "") -> str:
    """A role in words: `{% role_name role.code role.name %}`."""
    return wording.role(code, name)


@register.filter
def role_names(codes: Sequence[str]) -> str:
    """Several roles in words, each as often as it is named."""
    return wording.roles(codes)


@register.filter
def acting_roles(codes: str) -> str:
    """The roles in which somebody acted in words: `{{ operation.acting_role|acting_roles }}`."""
    return wording.acting(codes)


@register.simple_tag
def action_label(name: str) -> str:
    """A controlled action in words: `{% action_label request.action %}`."""
    return wording.action(name)


@register.simple_tag(takes_context=True)
def authority(context: Context, basis: str) -> str:
    """What an operation rests on, as a link where it is a request that the reader may see."""
    kind, _colon, reference = basis.partition(":")
    if kind == "approval" and reference and (context.get("may") or {}).get("APPROVAL_READ"):
        return format_html('<a href="{}">{}</a>', reverse("access:approval", args=[reference]), reference)
    return basis


@register.inclusion_tag("access/_trail_link.html", takes_context=True)
def trail_link(context: Context, kind: str, key: object) -> dict[str, Any]:
    """The way to an object's trail for whoever may read it: `{% trail_link "bills.bill" bill.pk %}`."""
    return {"kind": kind, "key": key, "may_read": (context.get("may") or {}).get("AUDIT_READ")}


@register.simple_tag
def querystring_of(filters: dict[str, str]) -> str:
    """Filters as the end of an address: `?action=bills.`."""
    return f"?{urlencode(filters)}"
