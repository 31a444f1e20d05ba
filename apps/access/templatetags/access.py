"""Roles and controlled actions in words."""

from collections.abc import Sequence

from django import template

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


@register.simple_tag
def action_label(name: str) -> str:
    """A controlled action in words: `{% action_label request.action %}`."""
    return wording.action(name)
