"""Customers out of a portfolio."""

import datetime as dt

from django.db import connection, transaction

from apps.core import sql
from apps.core.domain.actor import Actor


def load_staged(*, by: Actor, at: dt.datetime) -> int:
    """Take the new customers of the temporary table staged_customers with their contact points; answers how many.

    Part of the caller's transaction, whose the checked table is, and of its audit operation.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.load("customers", "load_customers"))
        customers: int = cursor.rowcount
        cursor.execute(sql.load("customers", "load_contact_points"))
    return customers
