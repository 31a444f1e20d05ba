"""Whom we write to: language, place and contact points of many customers at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import ZoneInfo

from apps.customers.domain.contact import SERVED_BY, Channel, ContactKind
from apps.customers.models import ContactPoint, Customer
from apps.outreach.domain import routing
from apps.outreach.domain.contact import Contact, Point

zone = cache(ZoneInfo)


@dataclass(slots=True)
class Person:
    """A customer as the outbox sees one."""

    id: int
    reference: str
    name: str
    language: str
    zone: ZoneInfo
    points: dict[ContactKind, list[Point]] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)  # by contact point

    def contact(self, channel: Channel, *, text: str = "") -> Contact:
        """A contact with this person on a channel, at the best contact point for it."""
        return Contact(channel, self.zone, routing.best(self.points.get(SERVED_BY[channel], [])), text)


def of(customers: Collection[int]) -> dict[int, Person]:
    """These customers by key; two statements, however many they are."""
    rows = Customer.objects.filter(pk__in=customers).values_list("pk", "reference", "name", "language", "time_zone")
    people = {
        pk: Person(pk, reference, name, language, zone(time_zone))
        for pk, reference, name, language, time_zone in rows.iterator()
    }
    points = ContactPoint.objects.filter(customer__in=customers).order_by("pk")
    for pk, customer, kind, value, is_valid, consented in points.values_list(
        "pk", "customer_id", "kind", "value", "is_valid", "consented_date"
    ).iterator():
        people[customer].points.setdefault(ContactKind(kind), []).append(Point(pk, is_valid, consented))
        people[customer].addresses[pk] = value
    return people
