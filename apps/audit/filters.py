"""The filters of the trail, the same for the page and its endpoint."""

import datetime as dt
from collections.abc import Mapping

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.domain.envelope import Channel
from apps.audit.models import Change, Operation
from apps.audit.queries.leaves import Period, Selection
from apps.core import registry, texts
from apps.core.domain.refusal import Refused


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


OF_PERIODS = {"recorded_from", "recorded_to"}


def criteria() -> list[str]:
    """What operations can be chosen by, besides the period."""
    names = Operations.get_filters()  # type: ignore[no-untyped-call]
    return [name for name in names if name not in OF_PERIODS]


def selection(chosen: Mapping[str, str]) -> Selection | None:
    """What an export by these filters holds: operations with all that they changed, and every change of an object.

    None where nothing narrows the period; refused where a filter is unknown or its value is no such thing.
    """
    given = {name: value for name, value in chosen.items() if value}
    unknown = sorted(given.keys() - set(criteria()))
    found = Operations(given, Operation.objects.all())
    if unknown or found.form.errors:
        wrong = [f"{name}: {' '.join(errors)}" for name, errors in found.form.errors.items()]
        sentence = texts.gettext("The export cannot be filtered so: %(what)s.")
        raise Refused(sentence % {"what": ", ".join(unknown + wrong)}, code="filter_unknown")
    changes = None
    if about := given.get("object"):
        others = {name: value for name, value in given.items() if name != "object"}
        changes = Change.objects.filter(**_object(about))
        if others:
            changes = changes.filter(op_seq__in=Operations(others, Operation.objects.all()).qs.values("seq"))
    return Selection(found.qs, changes) if given else None


def _object(text: str) -> dict[str, str]:
    kind, colon, key = text.strip().partition(":")
    return {"object_type": kind.lower()} | ({"object_id": key} if colon else {})


def period(first: dt.date, last: dt.date) -> Period:
    """The days from the first through the last, as the calendar of the business has them."""
    return Period(_midnight(first), _midnight(last + dt.timedelta(1)))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min), timezone.get_default_timezone())
