import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db.models import F, Model

from apps.bills.actions import repayments
from apps.bills.models import Account, Bill, Instalment, LedgerEntry, Repayment
from apps.bills.queries import reconciliation
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY

D = Decimal
Buy = Callable[..., Bill]


def pay(customer: Customer, amount: str) -> Repayment:
    return repayments.record(
        customer=customer,
        reference="R-1",
        amount=D(amount),
        received_date=dt.date(2026, 5, 1),
        business_date=dt.date(2026, 5, 1),
        by=BY,
        at=AT,
    )


def found() -> set[tuple[str, str, str, Decimal, Decimal]]:
    return {(d.what, d.reference, d.part, d.kept, d.booked) for d in reconciliation.reconcile().differences}


def test_a_whole_book_is_told_by_product(customer: Customer, buy: Buy) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00", 3)
    pay(customer, "300.00")

    whole = reconciliation.reconcile()

    assert (whole.bills, whole.repayments, whole.differences) == (1, 1, ())
    (total,) = whole.products
    assert (total.product, total.bills, total.billed) == ("deferred", 1, D("1015.00"))
    assert total.kept == total.booked == D("715.00")


def test_every_kind_of_amount_that_is_kept_is_compared(customer: Customer, buy: Buy) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00")
    pay(customer, "1200.00")
    Bill.objects.update(open_late_fee=D("1.00"), principal=D("999.00"))
    Instalment.objects.update(open_amount=D("2.00"), met_date=None)
    Repayment.objects.update(remainder=D("190.00"))
    Account.objects.update(balance=D("-199.00"), credit_balance=D("201.00"))

    assert found() == {
        ("bill", "B-P1", "late_fee", D("1.00"), D(0)),
        ("bill", "B-P1", "charged", D("999.00"), D("1000.00")),
        ("instalments", "B-P1", "open", D("0.00"), D("2.00")),
        ("repayment", "R-1", "remainder", D("190.00"), D("200.00")),
        ("account", "C-1", "balance", D("-199.00"), D("-200.00")),
        ("account", "C-1", "credit balance", D("201.00"), D("200.00")),
        ("book", "all", "lent less paid", D("-199.00"), D("-200.00")),
    }


def test_an_entry_without_its_like_shows_on_bill_account_and_repayment(customer: Customer, buy: Buy) -> None:
    bill = buy("P1", dt.date(2026, 4, 10), "1000.00")
    repayment = pay(customer, "300.00")
    LedgerEntry.objects.create(
        customer=customer,
        bill=bill,
        component="principal",
        kind="payment",
        amount=D("-5.00"),
        effective_date=dt.date(2026, 5, 1),
        booked_at=AT,
        repayment=repayment,
    )

    assert found() == {
        ("bill", "B-P1", "principal", D("700.00"), D("695.00")),
        ("repayment", "R-1", "allocated and remainder", D("300.00"), D("305.00")),
        ("account", "C-1", "balance", D("700.00"), D("695.00")),
        ("book", "all", "lent less paid", D("700.00"), D("695.00")),
    }


@pytest.mark.parametrize(
    ("model", "column"),
    [
        *((Bill, f"open_{component}") for component in ("principal", "instalment_fee", "late_fee", "interest", "cost")),
        *((Bill, "principal"), (Bill, "instalment_fee"), (Instalment, "open_amount"), (Account, "balance")),
        *((Account, "credit_balance"), (Repayment, "amount"), (Repayment, "remainder")),
    ],
)
def test_a_cent_too_much_anywhere_weighs_and_is_named(
    customer: Customer, buy: Buy, model: type[Model], column: str
) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00", 3)
    pay(customer, "300.00")
    assert reconciliation.is_whole()

    first = model._default_manager.order_by("-pk").values("pk")[:1]
    model._default_manager.filter(pk__in=first).update(**{column: F(column) + D("0.01")})

    assert not reconciliation.is_whole()
    assert reconciliation.differences() != ()


def test_cents_that_make_up_for_each_other_weigh_all_the_same(customer: Customer, buy: Buy) -> None:
    for number in range(6):
        buy(f"P{number}", dt.date(2026, 4, 10), "1000.00")
    bills = list(Bill.objects.order_by("pk"))
    for bill, change in zip(bills, (5, -5, 1, -1, 3, -3), strict=True):
        Bill.objects.filter(pk=bill.pk).update(
            open_cost=F("open_cost") + 100 + D(change), open_late_fee=100 - D(change)
        )

    assert not any(reconciliation.is_whole() for _ in range(50))
