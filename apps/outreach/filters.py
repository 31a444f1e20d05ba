"""The filters of the lists of messages and gate decisions, the same for a page and its endpoint."""

from collections.abc import Mapping

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.registry import Text, Word
from apps.customers.queries import wording as contact
from apps.outreach.models import GateDecision, Message
from apps.outreach.queries import wording


def _menu(words: Mapping[str, Word]) -> list[tuple[str, Text]]:
    return [(str(value), word.label) for value, word in words.items()]


class Messages(filters.FilterSet):
    """Messages by reference, customer, status, channel, purpose and the day for which they are meant."""

    reference = filters.CharFilter(label=_("Reference"), lookup_expr="startswith")
    customer = filters.CharFilter(label=_("Customer"), field_name="customer__reference")
    status = filters.ChoiceFilter(label=_("Status"), choices=_menu(wording.STATUSES))
    channel = filters.ChoiceFilter(label=_("Channel"), choices=_menu(contact.CHANNELS))
    purpose = filters.CharFilter(label=_("Purpose"))
    scheduled_from = filters.DateFilter(label=_("From"), field_name="scheduled_at", lookup_expr="date__gte")
    scheduled_to = filters.DateFilter(label=_("To"), field_name="scheduled_at", lookup_expr="date__lte")

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()


class Decisions(filters.FilterSet):
    """Gate decisions by customer, channel, answer, reason and the day of the contact."""

    customer = filters.CharFilter(label=_("Customer"), field_name="customer__reference")
    channel = filters.ChoiceFilter(label=_("Channel"), choices=_menu(contact.CHANNELS))
    is_allowed = filters.BooleanFilter(label=_("Allowed"))
    reason = filters.ChoiceFilter(label=_("Reason"), method="saying_no", choices=_menu(wording.REASONS))
    planned_from = filters.DateFilter(label=_("From"), field_name="planned_at", lookup_expr="date__gte")
    planned_to = filters.DateFilter(label=_("To"), field_name="planned_at", lookup_expr="date__lte")

    class Meta:
        model = GateDecision
        fields: tuple[str, ...] = ()

    def saying_no(self, rows: QuerySet[GateDecision], name: str, value: str) -> QuerySet[GateDecision]:
        """Those to which the rule said no."""
        return rows.filter(reasons__regex=rf"\m{value}\M")
