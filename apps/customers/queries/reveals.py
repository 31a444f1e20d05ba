"""What can be shown of a row, and who had how much shown."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.access.models import User
from apps.core import registry
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer, Reveal
from apps.customers.models.sealed import Personal, Sealed

HOUR = dt.timedelta(hours=1)
WATCHED = dt.timedelta(days=1)  # for which an alarm is shown
POINT = "contact-"
LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "identity": gettext_lazy("Identity document"),
    "payer": gettext_lazy("Payer"),
    "purpose": gettext_lazy("Purpose"),
}
TO_CALL = "call"
REASONS: dict[str, str | Promise] = {
    TO_CALL: gettext_lazy("To call the customer"),
    "write": gettext_lazy("To write to the customer"),
    "identify": gettext_lazy("To see whether this is the customer"),
    "payment": gettext_lazy("To find whose money this is"),
    "complaint": gettext_lazy("To answer a complaint"),
}


def values(of: Model) -> list[tuple[str, str, Personal]]:
    """What can be shown of a row: its code, its name for people, and the value, masked."""
    fields = [field.name for field in of._meta.local_concrete_fields if isinstance(field, Sealed)]
    found = [(name, str(LABELS[name]), getattr(of, name)) for name in fields if name in LABELS]
    if isinstance(of, Customer):
        for point in of.contact_points.order_by("kind", "pk"):
            label = str(registry.word("contact_kind", point.kind).label)
            found.append((f"{POINT}{point.pk}", label, point.value))
    return [(code, label, value) for code, label, value in found if value]


def value_of(of: Model, field: str) -> Personal:
    """One of them; refused where the row has no such value."""
    for code, _label, value in values(of):
        if code == field:
            return value
    raise Refused(_("%(row)s has no value “%(field)s” to show.") % {"row": of, "field": field}, code="nothing_to_show")


def count_of(user: User, at: dt.datetime) -> int:
    """How many values somebody had shown within the hour until the moment."""
    return Reveal.objects.filter(revealed_by=user, revealed_at__gt=at - HOUR, revealed_at__lte=at).count()


@dataclass(frozen=True, slots=True)
class Shown:
    """How much one person had shown: since a moment, at most within one hour of that, and when last."""

    person: User
    count: int
    most_within_hour: int
    last_at: dt.datetime

    @property
    def is_alarming(self) -> bool:
        """Whether that was more within an hour than the rate allows."""
        return self.most_within_hour > settings.REVEALS_PER_HOUR


def per_person(since: dt.datetime, until: dt.datetime) -> list[Shown]:
    """How much each had shown, whoever had most first."""
    found = Reveal.objects.filter(revealed_at__gt=since, revealed_at__lte=until)
    totals = found.values("revealed_by").annotate(count=Count("pk"), last=Max("revealed_at"))
    people = User.objects.in_bulk([row["revealed_by"] for row in totals])
    shown = [
        Shown(people[row["revealed_by"]], row["count"], _most(row["revealed_by"], since, until), row["last"])
        for row in totals
    ]
    return sorted(shown, key=lambda one: (-one.most_within_hour, -one.count, one.person.name))


def alarms(at: dt.datetime) -> list[Shown]:
    """Who had more shown within an hour of the last day than the rate allows."""
    return [shown for shown in per_person(at - WATCHED, at) if shown.is_alarming]


def _most(person: int, since: dt.datetime, until: dt.datetime) -> int:
    """The most within any hour, counted over a window that moves from reveal to reveal."""
    found = Reveal.objects.filter(revealed_by=person, revealed_at__gt=since, revealed_at__lte=until)
    moments = list(found.order_by("revealed_at").values_list("revealed_at", flat=True))
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - HOUR:
            first += 1
        most = max(most, last - first + 1)
    return most
