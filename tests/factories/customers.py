"""Customers and their contact points for tests."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer


class CustomerFactory(DjangoModelFactory[Customer]):
    class Meta:
        model = Customer

    reference = factory.Sequence(lambda n: f"C-{n:06}")
    name = factory.Sequence(lambda n: f"Customer {n}")
    language = "zh-hans"
    time_zone = "Asia/Shanghai"
    joined_date = dt.date(2020, 1, 1)


class ContactPointFactory(DjangoModelFactory[ContactPoint]):
    class Meta:
        model = ContactPoint

    customer = factory.SubFactory(CustomerFactory)
    kind = ContactKind.PHONE
    value = factory.Sequence(lambda n: f"+86 139 0000 {n:04}")
    is_valid = True
    consented_date = dt.date(2020, 1, 1)


def reachable(**customer: object) -> Customer:
    """A customer who can be reached by telephone, SMS, e-mail, app, WeChat and QQ."""
    made = CustomerFactory.create(**customer)
    for kind in ContactKind:
        value = (
            f"{made.reference.lower()}@customers.example" if kind is ContactKind.EMAIL else f"{kind}:{made.reference}"
        )
        ContactPointFactory.create(customer=made, kind=kind, value=value)
    return made
