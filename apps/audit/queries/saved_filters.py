"""The filters that people keep under a name."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from apps.audit.models import SavedFilter


def visible_to(actor: str, roles: Sequence[str]) -> QuerySet[SavedFilter]:
    """Somebody's own and those that are shared with a role of theirs, by name."""
    return SavedFilter.objects.filter(Q(owner=actor) | Q(role__in=roles)).order_by("name", "pk")
