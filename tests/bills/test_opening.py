"""An account that is opened while the month ends is charged as if it had been there before."""

import datetime as dt
import threading
from decimal import Decimal
from time import monotonic

from django.db import connection

from apps.audit import actions as audit
from apps.bills.actions import purchases
from apps.bills.actions.purchases import NewPurchase
from apps.bills.models import LedgerEntry, ProductTerms
from apps.bills.queries import reconciliation
from apps.closing.actions import days
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY
from tests.factories import bills

EVE, MONTH_END = dt.date(2026, 5, 30), dt.date(2026, 5, 31)
BOUGHT = dt.date(2026, 4, 10)
WAITING = """
select exists (
  select from pg_locks join pg_database d on d.oid = database
   where locktype = 'advisory' and not granted and datname = current_database()
)
"""


def buy(reference: str, terms: ProductTerms) -> None:
    customer = Customer.objects.create(reference=reference, name=reference, joined_date=BOUGHT)
    new = NewPurchase(f"P-{reference}", customer.pk, terms.pk, BOUGHT, Decimal("1000.00"), 1)
    purchases.record_many(purchases=[new], by=BY, at=AT)


def charges(reference: str) -> list[tuple[object, ...]]:
    entries = LedgerEntry.objects.filter(customer__reference=reference).order_by("effective_date", "component")
    return list(entries.values_list("effective_date", "component", "kind", "amount"))


def test_an_account_opened_beside_a_month_end_is_charged_all_the_same(fresh_database: str) -> None:
    terms = bills.terms(late_fee_daily_rate=Decimal("0.0007"), late_fees_in_cap=False)
    buy("C-KNOWN", terms)
    days.close_through(EVE, partitions=2, by=BY, at=AT)
    opened, go = threading.Event(), threading.Event()

    def open_slowly() -> None:
        with audit.operation("test.open", by=BY, at=AT):
            buy("C-NEW", terms)
            opened.set()
            go.wait(60)
        connection.close()

    def close() -> None:
        days.close_through(MONTH_END, partitions=2, by=BY, at=AT)
        connection.close()

    opener, closer = threading.Thread(target=open_slowly), threading.Thread(target=close)
    opener.start()
    assert opened.wait(60)
    closer.start()
    patience = monotonic() + 60
    while closer.is_alive() and not _waits() and monotonic() < patience:
        go.wait(0.05)
    go.set()
    opener.join()
    closer.join()

    assert charges("C-NEW") == charges("C-KNOWN")
    assert (MONTH_END, "late_fee", "charge", Decimal("14.70")) in charges("C-NEW")
    assert reconciliation.reconcile().differences == ()


def _waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])
