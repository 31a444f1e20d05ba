"""The statement cut: one bill a customer for what the month brought."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection

from apps.bills.actions import posting
from apps.bills.domain import statement
from apps.bills.domain.statement import Line
from apps.bills.models import Bill, StatementLine
from apps.bills.queries import statements
from apps.closing.registry import StepContext
from apps.core import sql
from apps.core.domain.money import total

CUSTOMERS = 2_000  # billed at once: bounds the memory


def cut(context: StepContext) -> dict[str, int]:
    """Bill the customers of every product whose statement day it is, each once."""
    made = 0
    for product, terms in statements.cuts(context.date):
        concerned = statements.concerned(product, context.date, context.partition, context.partitions)
        for start in range(0, len(concerned), CUSTOMERS):
            made += _bill(product, terms, concerned[start : start + CUSTOMERS], context)
    return {"rows": made}


def _bill(product: int, terms: int, customers: Sequence[int], context: StepContext) -> int:
    posting.lock(customers=customers, by=context.by, at=context.at)
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for customer, waiting in statements.waiting(product, customers, context.date):
        lines[customer].append(statement.line(waiting))
    bills = {customer: _statement(product, terms, customer, lines[customer], context.date) for customer in customers}
    Bill.objects.bulk_create(bills.values())
    StatementLine.objects.bulk_create(
        StatementLine(
            bill=bills[customer],
            purchase_id=line.purchase,
            number=line.number,
            principal=line.principal,
            fee=line.fee,
        )
        for customer, billed in lines.items()
        for line in billed
    )
    with connection.cursor() as cursor:
        keys = {"bills": [bill.pk for bill in bills.values()]}
        cursor.execute(sql.load("bills", "bill_purchases"), keys)
        posting.post(customers=customers, by=context.by, at=context.at, closed_through=context.date)
        cursor.execute(sql.load("bills", "state_balances"), keys)
    return len(bills)


def _statement(product: int, terms: int, customer: int, lines: Sequence[Line], date: dt.date) -> Bill:
    principal: Decimal = total([line.principal for line in lines])
    fee: Decimal = total([line.fee for line in lines])
    return Bill(
        reference=f"S{date:%y%m%d}-{product}-{customer}",
        customer_id=customer,
        terms_id=terms,
        issued_date=date,
        principal=principal,
        instalment_fee=fee,
        open_principal=principal,
        open_instalment_fee=fee,
    )
