import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

import pytest

from apps.bills.actions import posting, repayments
from apps.bills.models import Bill, LedgerEntry, Repayment
from apps.bills.queries import reconciliation
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY

Buy = Callable[..., Bill]
D = Decimal
TODAY = dt.date(2026, 9, 1)


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def pay(customer: Customer, reference: str, date: dt.date, amount: str) -> Repayment:
    return repayments.record(
        customer=customer,
        reference=reference,
        amount=D(amount),
        received_date=date,
        business_date=TODAY,
        by=BY,
        at=AT,
    )


def standing(customer: Customer) -> list[tuple[object, ...]]:
    """The live entries of a customer, without the ids and the order of booking."""
    live = LedgerEntry.objects.filter(customer=customer, reverses__isnull=True, reversed_by__isnull=True)
    return sorted(live.values_list("effective_date", "kind", "component", "amount", "bill__reference"), key=str)


def test_a_late_repayment_is_booked_with_its_late_fee(customer: Customer, buy: Buy) -> None:
    bill = buy("P1", day(4, 10), "1000.00")

    pay(customer, "R1", day(5, 15), "1003.50")

    bill.refresh_from_db()
    assert (bill.open_principal, bill.open_late_fee, bill.settled_date) == (0, 0, day(5, 15))
    assert reconciliation.reconcile().differences == ()


def test_posting_twice_books_nothing_more(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00", 3)
    pay(customer, "R1", day(5, 15), "500.00")

    assert posting.post(customers=[customer.pk], by=BY, at=AT) == 0


def test_the_same_reference_twice_is_the_same_repayment(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")

    first, second = (pay(customer, "R1", day(5, 1), "100.00") for _ in range(2))

    assert first.pk == second.pk
    assert customer.account.balance == D("900.00")


def test_the_same_reference_with_another_amount_is_refused(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pay(customer, "R1", day(5, 1), "100.00")

    with pytest.raises(Refused, match="known with other content"):
        pay(customer, "R1", day(5, 1), "200.00")


def test_a_repayment_from_the_future_is_refused(customer: Customer) -> None:
    with pytest.raises(Refused, match="after the business date"):
        pay(customer, "R1", TODAY + dt.timedelta(1), "100.00")

    assert not Repayment.objects.exists()


def test_whatever_the_order_of_arrival_the_ledger_stands_the_same(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00", 3)
    buy("P2", day(4, 20), "300.00")
    arrivals = [("R1", day(5, 5), "200.00"), ("R2", day(5, 25), "400.00"), ("R3", day(6, 30), "900.00")]
    seen: list[list[tuple[object, ...]]] = []

    for order in permutations(arrivals):
        for number, (reference, date, amount) in enumerate(order):
            pay(customer, f"{reference}-{len(seen)}", date, amount)
            assert reconciliation.reconcile().differences == (), number
        seen.append(standing(customer))
        for repayment in Repayment.objects.filter(status="booked"):
            repayments.reverse(repayment=repayment, reason="mistake", business_date=TODAY, by=BY, at=AT)

    assert all(ledger == seen[0] for ledger in seen)


def test_a_reversal_leaves_the_ledger_as_if_the_money_had_never_come(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pay(customer, "R1", day(5, 1), "400.00")
    before = standing(customer)

    bounced = pay(customer, "R2", day(5, 12), "700.00")
    repayments.reverse(repayment=bounced, reason="bounced", business_date=TODAY, by=BY, at=AT)

    bounced.refresh_from_db()
    assert standing(customer) == before
    assert (bounced.status, bounced.remainder) == ("reversed", 0)
    assert reconciliation.reconcile().differences == ()


def test_a_second_reversal_is_refused(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    repayment = pay(customer, "R1", day(5, 1), "400.00")
    repayments.reverse(repayment=repayment, reason="bounced", business_date=TODAY, by=BY, at=AT)

    with pytest.raises(Refused, match="was reversed already on 2026-09-01"):
        repayments.reverse(repayment=repayment, reason="mistake", business_date=TODAY, by=BY, at=AT)


def test_a_reversal_without_a_reason_is_refused(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    repayment = pay(customer, "R1", day(5, 1), "400.00")

    with pytest.raises(Refused, match="is not a reason to take money back"):
        repayments.reverse(repayment=repayment, reason=" ", business_date=TODAY, by=BY, at=AT)


def test_the_next_bill_takes_the_credit_balance(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 1), "100.00")
    repayment = pay(customer, "R1", day(4, 10), "130.00")
    assert (customer.account.balance, repayment.remainder) == (D("-30.00"), D("30.00"))

    bill = buy("P2", day(4, 20), "80.00")

    repayment.refresh_from_db()
    bill.refresh_from_db()
    assert (bill.open_principal, repayment.remainder) == (D("50.00"), 0)
    assert reconciliation.reconcile().differences == ()
