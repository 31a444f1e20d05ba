"""The filters of the trail, the same for the page and its endpoint."""

import datetime as dt

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.domain.envelope import Channel
from apps.audit.models import Change, Operation
from apps.core import registry


class Operations(filters.FilterSet):
    """Operations by who, what, on which object, on whose authority, how they ended and when."""

    actor = filters.CharFilter(label=_("Who"))
    action = filters.CharFilter(label=_("Action"), lookup_expr="startswith")
    object = filters.CharFilter(label=_("Object"), method="about")
    decision = filters.ChoiceFilter(label=_("Decision"), choices=lambda: registry.choices("decision"))
    authority = filters.CharFilter(label=_("Authority"), lookup_expr="startswith")
    request_id = filters.CharFilter(label=_("Request"))
    channel = filters.ChoiceFilter(label=_("Channel"), choices=[(channel.value, channel.value) for channel in Channel])
    recorded_from = filters.DateFilter(label=_("From"), method="since")
    recorded_to = filters.DateFilter(label=_("To"), method="until")

    class Meta:
        model = Operation
        fields: tuple[str, ...] = ()

    def about(self, rows: QuerySet[Operation], name: str, value: str) -> QuerySet[Operation]:
        """Those on one object, `cases.case:12`, or on one kind of object, `cases.case`."""
        return rows.filter(**_object(value))

    def since(self, rows: QuerySet[Operation], name: str, value: dt.date) -> QuerySet[Operation]:
        """Those recorded on the day or later."""
        return rows.filter(recorded_at__gte=_midnight(value))

    def until(self, rows: QuerySet[Operation], name: str, value: dt.date) -> QuerySet[Operation]:
        """Those recorded on the day or earlier."""
        return rows.filter(recorded_at__lt=_midnight(value + dt.timedelta(1)))


class Changes(filters.FilterSet):
    """Changed rows of an operation or of an object."""

    operation = filters.NumberFilter(label=_("Operation"), field_name="op_seq")
    object = filters.CharFilter(label=_("Object"), method="about")
    unattributed = filters.BooleanFilter(label=_("Without an operation"), field_name="op_seq", lookup_expr="isnull")

    class Meta:
        model = Change
        fields: tuple[str, ...] = ()

    def about(self, rows: QuerySet[Change], name: str, value: str) -> QuerySet[Change]:
        """Those of one object, `cases.case:12`, or of one kind of object, `cases.case`."""
        return rows.filter(**_object(value))


def _object(text: str) -> dict[str, str]:
    kind, colon, key = text.strip().partition(":")
    return {"object_type": kind.lower()} | ({"object_id": key} if colon else {})


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min), timezone.get_default_timezone())
