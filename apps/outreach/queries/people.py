"""Whom we write to: language, place and contact points of many customers at once."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import ZoneInfo

from django.db import connection

from apps.core import sql
from apps.customers.domain.contact import SERVED_BY, Channel, ContactKind
from apps.outreach import registry
from apps.outreach.domain import routing
from apps.outreach.domain.contact import Contact, Point
from apps.outreach.domain.rules import Rule

zone = cache(ZoneInfo)


@dataclass(slots=True)
class Person:
    """A customer as the outbox sees one."""

    id: int
    reference: str
    language: str
    zone: ZoneInfo
    points: dict[ContactKind, list[Point]] = field(default_factory=dict)
    stops: tuple[Rule, ...] = ()
    addresses: dict[int, str] = field(default_factory=dict)  # by contact point, sealed

    def contact(self, channel: Channel, *, text: str = "") -> Contact:
        """A contact with this person on a channel, at the best contact point for it."""
        point = routing.best(self.points.get(SERVED_BY[channel], []))
        return Contact(channel, self.zone, point, text, stops=self.stops)


def of(customers: Collection[int], channels: Collection[Channel], when: dt.datetime) -> dict[int, Person]:
    """These customers by key, with what the channels need at a moment, in as many statements for one as for many."""
    kinds = {SERVED_BY[channel].value: SERVED_BY[channel] for channel in channels}
    wanted: dict[str, list[int] | list[str]] = {"customers": list(customers), "kinds": list(kinds)}
    with connection.cursor() as cursor:
        cursor.execute(sql.load("outreach", "people"), wanted)
        people = {
            pk: Person(pk, reference, language, zone(time_zone))
            for pk, reference, language, time_zone in cursor.fetchall()
        }
        cursor.execute(sql.load("outreach", "points"), wanted)
        for pk, customer, kind, value, is_valid, consented in cursor.fetchall():
            person = people[customer]
            person.points.setdefault(kinds[kind], []).append(Point(pk, is_valid, consented))
            person.addresses[pk] = value
    for customer, rules in registry.stops_of(list(customers), when).items():
        people[customer].stops = rules
    return people
