"""Cases and the people who work on them, for tests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from apps.cases.models import Case, Contact, Promise, Task
from apps.cases.queries import strategies
from apps.customers.models import Customer
from tests.factories import access, customers

AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(1)


def case(customer: Customer | None = None, *, opened: dt.date = dt.date(2026, 5, 10), **fields: Any) -> Case:
    """An open case of the shipped strategy, in its agents' stage unless said otherwise."""
    customer = customer or customers.customer()
    values = {
        "reference": f"K-{customer.reference}-1",
        "customer": customer,
        "strategy": strategies.in_force(),
        "stage": "agent_contact",
        "oldest_due_date": opened - 5 * DAY,
        "overdue_amount": Decimal("500.00"),
        "balance": Decimal("800.00"),
        "queue": "agents",
        "priority": 300,
        "opened_date": opened,
        "stage_date": opened,
        **fields,
    }
    return Case.objects.create(**values)


def task(case: Case, **fields: Any) -> Task:
    """An open task of the case's stage, due the day after the stage was entered."""
    values = {
        "case": case,
        "step": case.stage,
        "kind": "task",
        "queue": case.queue or "agents",
        "due_date": case.stage_date + DAY,
        "created_at": AT,
        **fields,
    }
    return Task.objects.create(**values)


def contact(case: Case, **fields: Any) -> Contact:
    """A call in which we spoke with the customer."""
    values = {
        "case": case,
        "channel": "call",
        "outcome": "right_party",
        "contacted_date": case.stage_date,
        "contacted_at": AT,
        "recorded_by": access.person("anna"),
        **fields,
    }
    return Contact.objects.create(**values)


def promise(case: Case, amount: str, promised: dt.date, *, made: dt.date | None = None, **fields: Any) -> Promise:
    """An open promise and the contact in which it was made."""
    made = made or promised
    spoken = contact(case, outcome="promise", contacted_date=made)
    return Promise.objects.create(
        case=case, contact=spoken, amount=Decimal(amount), promised_date=promised, made_date=made, **fields
    )
