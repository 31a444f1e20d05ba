"""The filters of the trail, the same for the page and its endpoint."""

import datetime as dt
from collections.abc import Mapping
from functools import reduce
from operator import or_

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.domain.retirement import Month
from apps.audit.models import Change, Operation
from apps.audit.queries import objects, retirement
from apps.audit.queries.leaves import Period, Selection
from apps.core import registry, texts
from apps.core.domain.refusal import Refused

BASES = [("approval:", _("An approval")), ("rule:", _("A rule")), ("delegation:", _("A delegation"))]
DAY = forms.DateInput(attrs={"type": "date"})


class Operations(filters.FilterSet):
    """Operations by who, what, on which object, on whose authority, how they ended and when."""

    actor = filters.CharFilter(label=_("Who"))
    role: filters.Filter = filters.CharFilter(label=_("In the role"), method="acting_as")
    on_behalf_of = filters.CharFilter(label=_("On behalf of"))
    action = filters.CharFilter(
        label=_("Action"), lookup_expr="startswith", widget=forms.TextInput(attrs={"list": "trail-actions"})
    )
    kind = filters.ChoiceFilter(label=_("Kind of object"), field_name="object_type", choices=objects.kinds)
    reference = filters.CharFilter(label=_("Reference"), method="known_as")
    decision = filters.ChoiceFilter(label=_("Decision"), choices=lambda: registry.choices("decision"))
    authority = filters.CharFilter(label=_("On the authority of"), method="rests_on")
    basis = filters.ChoiceFilter(label=_("Rests on"), choices=BASES, method="rests_on")
    channel = filters.ChoiceFilter(label=_("Door"), choices=lambda: registry.choices("door"))
    recorded_from = filters.DateFilter(label=_("From"), method="since", widget=DAY)
    recorded_to = filters.DateFilter(label=_("To"), method="until", widget=DAY)
    request_id = filters.CharFilter(label=_("Request"))
    object = filters.CharFilter(label=_("Object"), method="about")

    class Meta:
        model = Operation
        fields: tuple[str, ...] = ()

    def about(self, rows: QuerySet[Operation], name: str, value: str) -> QuerySet[Operation]:
        """Those on one object, `cases.case:12`, or on one kind of object, `cases.case`."""
        return rows.filter(**_object(value))

    def known_as(self, rows: QuerySet[Operation], name: str, value: str) -> QuerySet[Operation]:
        """Those on what people know by this reference, of the kind that is chosen or of any."""
        found = objects.keys(value.strip(), self.data.get("kind") or "")
        about = [Q(object_type=kind, object_id=key) for kind, key in found]
        return rows.filter(reduce(or_, about)) if about else rows.none()

    def acting_as(self, rows: QuerySet[Operation], name: str, value: str) -> QuerySet[Operation]:
        """Those that somebody did who acted in the role, alone or beside others."""
        alone = Q(acting_role=value) | Q(acting_role__startswith=f"{value}+")
        return rows.filter(alone | Q(acting_role__endswith=f"+{value}") | Q(acting_role__contains=f"+{value}+"))

    def rests_on(self, rows: QuerySet[Operation], name: str, value: str) -> QuerySet[Operation]:
        """Those that rest on an authority, `approval:A-1`, or on one kind of it, such as `approval:`."""
        return rows.exclude(authority="").filter(authority__startswith=value)

    def since(self, rows: QuerySet[Operation], name: str, value: dt.date) -> QuerySet[Operation]:
        """Those recorded on the day or later."""
        return rows.filter(recorded_at__gte=_midnight(value))

    def until(self, rows: QuerySet[Operation], name: str, value: dt.date) -> QuerySet[Operation]:
        """Those recorded on the day or earlier."""
        return rows.filter(recorded_at__lt=_midnight(value + dt.timedelta(1)))


def reach(chosen: Operations) -> list[tuple[Month, str]]:
    """The months, with their files, that left the database although the filters reach into them."""
    given = chosen.form.cleaned_data if chosen.form.is_valid() else {}
    first, last = given.get("recorded_from"), given.get("recorded_to")
    return retirement.reached(_midnight(first) if first else None, _midnight(last + dt.timedelta(1)) if last else None)


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
