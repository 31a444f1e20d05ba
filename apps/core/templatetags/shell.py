"""Badges, icons and form fields, the same on every page."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Select, Widget
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core import registry

register = template.Library()
NOTHING = "—"


@register.simple_tag
def badge(kind: str, value: object) -> SafeString | str:
    """A status in its words and tone: `{% badge "approval" request.status %}`."""
    if value in (None, ""):
        return NOTHING
    word = registry.word(kind, value)
    return format_html('<span class="badge tone-{}">{}</span>', word.tone, word.label)


@register.simple_tag
def word(kind: str, value: object) -> str:
    """A stored value in words: `{% word "outcome" contact.outcome %}`."""
    return str(registry.word(kind, value).label)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside words that say the same."""
    sprite = static("vendor/tabler-icons-3.52.0/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.inclusion_tag("includes/field.html")
def field(bound: BoundField, size: str = "") -> dict[str, Any]:
    """A form's field with its label, help and errors: `{% field form.amount %}`, or smaller with `"sm"`."""
    kind, css = _kind(bound), _css(bound, size)
    if kind == "checks":
        bound.field.widget.attrs["class"] = css
    return {"field": bound, "widget": bound.as_widget(attrs={"class": css}), "kind": kind}


@register.simple_tag
def cell(bound: BoundField) -> SafeString:
    """A form's field in a table, named by its column: `{% cell line.amount %}`."""
    widget = bound.as_widget(attrs={"class": _css(bound, "sm"), "aria-label": str(bound.label)})
    errors = format_html_join("", '<div class="field-errors">{}</div>', ((error,) for error in bound.errors))
    return format_html("{}{}", widget, errors)


KINDS: dict[str, type[Widget]] = {"checks": CheckboxSelectMultiple, "select": Select, "check": CheckboxInput}
CLASSES = {
    "checks": "form-check-input",
    "select": "form-select",
    "check": "form-check-input",
    "control": "form-control",
}


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    for kind, of in KINDS.items():
        if isinstance(widget, of):
            return kind
    return "control"


def _css(bound: BoundField, size: str) -> str:
    css = CLASSES[_kind(bound)]
    if size:
        css += f" {css}-{size}"
    return f"{css} is-invalid" if bound.errors else css
