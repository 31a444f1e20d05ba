import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from apps.bills.actions import posting, repayments
from apps.bills.models import Bill, BillSnapshot, BucketMove, LedgerEntry
from apps.bills.queries import fees, reconciliation
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY, close_through

Buy = Callable[..., Bill]
D = Decimal


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def pay(customer: Customer, reference: str, date: dt.date, amount: str, *, on: dt.date | None = None) -> None:
    repayments.record(
        customer=customer,
        reference=reference,
        amount=D(amount),
        received_date=date,
        business_date=on or date,
        by=BY,
        at=AT,
    )


def standing(customer: Customer) -> tuple[object, ...]:
    live = LedgerEntry.objects.filter(customer=customer, reverses__isnull=True, reversed_by__isnull=True)
    return (
        sorted(live.values_list("effective_date", "kind", "component", "amount"), key=str),
        list(Bill.objects.order_by("pk").values_list("late_fee_accrued", "late_fee_posted", "accrued_through_date")),
    )


def test_the_nights_accrue_what_a_replay_finds(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    buy("P2", day(4, 12), "777.77", 3)
    close_through(day(5, 20), since=day(5, 20))
    pay(customer, "R1", day(5, 21), "300.00")
    close_through(day(6, 1), since=day(5, 31))
    close_through(day(7, 3), since=day(6, 30))
    before = standing(customer)

    assert posting.post(customers=[customer.pk], by=BY, at=AT) == 0

    assert standing(customer) == before
    assert reconciliation.reconcile().differences == ()


def test_money_that_is_known_late_gives_the_book_of_money_in_time(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    close_through(day(5, 31), since=day(5, 31))
    close_through(day(7, 3), since=day(6, 30))
    pay(customer, "R1", day(5, 21), "300.00", on=day(7, 4))
    late = standing(customer)
    for repayment in customer.repayments.all():
        repayments.reverse(repayment=repayment, reason="mistake", business_date=day(7, 4), by=BY, at=AT)

    pay(customer, "R2", day(5, 21), "300.00", on=day(7, 4))

    assert standing(customer) == late
    assert customer.bills.get().open_late_fee == D("19.82")  # 40 days on 707.70, since 7.70 of the 300.00 paid 11 days


def test_the_close_posts_late_fees_at_the_month_end(customer: Customer, buy: Buy) -> None:
    bill = buy("P1", day(4, 10), "1000.00")

    close_through(day(5, 31), since=day(5, 30))

    bill.refresh_from_db()
    assert (bill.late_fee_posted, bill.open_late_fee, bill.accrued_through_date) == (D("14.70"), D("14.70"), day(5, 31))
    assert reconciliation.reconcile().differences == ()


def test_what_accrues_between_month_ends_is_derived_and_never_written(customer: Customer, buy: Buy) -> None:
    bill = buy("P1", day(4, 10), "1000.00")

    close_through(day(5, 31), since=day(5, 31))
    close_through(day(6, 15), since=day(6, 15))

    bill.refresh_from_db()
    assert (bill.late_fee_accrued, bill.accrued_through_date) == (D("14.700000"), day(5, 31))
    assert fees.late_fee_owed(bill) == D("25.20")  # 36 days
    assert fees.accrued(bill, day(6, 5)) == D("18.200000")
    assert fees.accrued(bill, None) == D("14.700000")


def test_a_customer_moves_through_the_buckets_and_back(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    close_through(day(5, 12), since=day(5, 10))
    pay(customer, "R1", day(6, 10), "1100.00")
    close_through(day(6, 11), since=day(6, 9))

    moves = BucketMove.objects.order_by("moved_date").values_list("moved_date", "from_bucket", "to_bucket")
    assert list(moves) == [
        (day(5, 11), "M0", "M1"),
        (day(6, 10), "M1", "M0"),
    ]


def test_a_month_end_keeps_open_bills_with_the_bucket_they_came_from(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    buy("P2", day(5, 25), "50.00")
    close_through(day(4, 30), since=day(4, 30))
    close_through(day(5, 31), since=day(5, 31))
    close_through(day(6, 30), since=day(6, 30))

    rows = BillSnapshot.objects.order_by("month_end_date", "bill__reference").values_list(
        "month_end_date", "bill__reference", "days_past_due", "bucket", "previous_bucket", "open_principal", "open_fees"
    )
    assert list(rows) == [
        (day(4, 30), "B-P1", 0, "M0", None, D("1000.00"), D("0.00")),
        (day(5, 31), "B-P1", 21, "M1", "M0", D("1000.00"), D("14.70")),
        (day(5, 31), "B-P2", 0, "M0", None, D("50.00"), D("0.00")),
        (day(6, 30), "B-P1", 51, "M2", "M1", D("1000.00"), D("35.70")),
        (day(6, 30), "B-P2", 6, "M1", "M0", D("50.00"), D("0.21")),
    ]


def test_a_history_that_is_imported_at_once_ages_day_by_day(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pay(customer, "R1", day(6, 20), "1100.00")
    close_through(day(5, 20), since=day(5, 20))

    assert (customer.account.bucket, customer.account.oldest_due_date) == ("M1", day(5, 10))

    close_through(day(6, 1), since=day(5, 31))
    close_through(day(6, 20), since=day(6, 19))

    customer.account.refresh_from_db()
    assert (customer.account.bucket, customer.account.oldest_due_date) == ("M0", None)
    assert posting.post(customers=[customer.pk], by=BY, at=AT) == 0
    assert list(
        LedgerEntry.objects.filter(component="late_fee", kind="charge").values_list("effective_date", "amount")
    ) == [(day(6, 20), D("28.70")), (day(5, 31), D("14.70")), (day(6, 20), D("14.00"))]
