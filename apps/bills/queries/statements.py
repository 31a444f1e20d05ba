"""Whom a statement is cut for and what it bills; and do the statements say what the ledger says?"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from apps.bills.domain import statement
from apps.bills.domain.kinds import Mode
from apps.bills.domain.statement import Waiting
from apps.bills.models import ProductTerms, Purchase
from apps.bills.queries import facts
from apps.bills.queries.facts import rows
from apps.core import sql
from apps.core.domain.money import ZERO


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A statement, the balance it states, and what the ledger says was owed at the end of its day."""

    reference: str
    stated: Decimal
    owed: Decimal


def discrepancies() -> list[Discrepancy]:
    """The statements whose balance is not the ledger's."""
    return [Discrepancy(*row) for row in rows(sql.load("bills", "statement_differences"))]


def cuts(date: dt.date) -> list[tuple[int, int]]:
    """The products whose statements are cut on the day, each with its conditions in force, by their keys."""
    in_force = (
        ProductTerms.objects.filter(product__mode=Mode.STATEMENT, effective_date__lte=date)
        .order_by("product", "-effective_date", "-version")
        .distinct("product")
    )
    return [(terms.product_id, terms.pk) for terms in in_force if statement.is_cut(terms.statement_day, date)]


def concerned(product: int, date: dt.date, partition: int, partitions: int) -> list[int]:
    """The customers of the partition with something to bill or something open, who have no statement of the day yet."""
    parameters: dict[str, Any] = {
        "product": product,
        "date": date,
        "partition": partition,
        "partitions": partitions,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", "statement_customers"), parameters)
        return [customer for (customer,) in cursor.fetchall()]


def waiting(product: int, customers: Sequence[int], date: dt.date) -> Iterator[tuple[int, Waiting]]:
    """The customers' purchases made before the day with a share to bill, each with its customer."""
    conditions = facts.terms()
    parameters: dict[str, Any] = {"product": product, "customers": list(customers), "date": date}
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", "statement_purchases"), parameters)
        for customer, purchase, amount, instalments, terms, billed, refunded in cursor.fetchall():
            yield customer, Waiting(purchase, amount, instalments, conditions[terms], billed, refunded)


def unbilled(purchase: Purchase) -> Decimal:
    """What of the purchase no statement has billed yet and no refund has taken off; nothing where a file billed it."""
    billed = purchase.lines.aggregate(shares=Count("pk"), principal=Coalesce(Sum("principal"), ZERO))
    if purchase.bill_id is not None and not billed["shares"]:
        return ZERO
    refunded: Decimal = purchase.refunds.aggregate(sum=Coalesce(Sum("unbilled"), ZERO))["sum"]
    principal: Decimal = billed["principal"]
    return purchase.amount - principal - refunded
