"""The trail's own words."""

from django import template

from apps.audit.models import Operation
from apps.audit.queries import trail

register = template.Library()


@register.filter
def sentence(operation: Operation) -> str:
    """What happened, in the reader's language where it can be said in it: `{{ operation|sentence }}`."""
    return trail.sentence(operation)
