"""Customers whom a file and the book know, compared where neither is in the clear in the database."""

import json
from collections.abc import Iterator

from django.db import connection

from apps.core import sql
from apps.customers.domain.contact import ContactKind
from apps.customers.models import people
from apps.customers.models.keyring import unseal
from apps.customers.models.sealed import purpose

CHUNK = 2_000


def differing() -> Iterator[tuple[int, str]]:
    """The rows of staged_customers that the book knows as somebody else, each with the column that differs.

    A contact point that the book lacks differs too; one whose consent has changed since does not.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.load("customers", "staged_known"))
        while some := cursor.fetchmany(CHUNK):
            for row, reference, name, given, identity, number, profile, facts, values, points in some:
                if given is not None and unseal(name, purpose(people.NAME, reference)) != given:
                    yield row, "name"
                if number and unseal(identity, purpose(people.IDENTITY, reference)) != number:
                    yield row, "identity"
                if json.loads(unseal(profile, purpose(people.PROFILE, reference)) or "{}") != json.loads(facts):
                    yield row, "profile"
                for kind, value in zip(ContactKind, values, strict=True):
                    if value and f"{kind}:{people.contact_index(kind, value)}" not in points:
                        yield row, kind.value
