"""The trail's own words."""

from django import template

from apps.audit.models import Operation
from apps.audit.queries import objects, trail
from apps.core.registry import Text

register = template.Library()


@register.filter
def sentence(operation: Operation) -> str:
    """What happened, in the reader's language where it can be said in it: `{{ operation|sentence }}`."""
    return trail.sentence(operation)


@register.filter
def kind_label(kind: str) -> Text:
    """A kind of object in words: `{{ operation.object_type|kind_label }}`."""
    return objects.label(kind)
