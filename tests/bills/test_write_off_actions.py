"""Writing a bill off, what comes back, and reversing it: on the real ledger, through the approvals."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest, User
from apps.bills.actions import posting, repayments, write_offs
from apps.bills.models import Bill, BillSnapshot, LedgerEntry, Repayment, WriteOff
from apps.bills.queries import reconciliation
from apps.bills.queries import write_offs as queries
from apps.cases.models import Case, StageMove
from apps.closing.actions import days
from apps.closing.models import Day
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY, close_through
from tests.factories import access, cases

Buy = Callable[..., Bill]
D = Decimal


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def pay(customer: Customer, reference: str, date: dt.date, amount: str, bill: Bill | None = None) -> Repayment:
    return repayments.record(
        customer=customer,
        reference=reference,
        amount=D(amount),
        received_date=date,
        business_date=day(9, 1),
        bill=bill,
        by=BY,
        at=AT,
    )


def agree(asked: ApprovalRequest) -> None:
    for username in ("dora", "rita"):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person(username), at=AT)


def write_off(bill: Bill) -> WriteOff:
    agree(write_offs.request(bill=bill, reason="Nothing to be had.", by=access.person("leo"), at=AT))
    return WriteOff.objects.get(bill=bill, reversed_date=None)


def figures(bill: Bill) -> tuple[Decimal, Decimal, Decimal]:
    """What went out, what came back and what is still out."""
    shown: Any = queries.of_bill(bill, access.person("leo"))[0]
    return shown.went_out, shown.recovered, shown.still_out


def reverse(written_off: WriteOff) -> None:
    asked = write_offs.request_reversal(
        write_off=written_off, reason="The estate pays.", by=access.person("leo"), at=AT
    )
    agree(asked)


def standing() -> list[tuple[object, ...]]:
    live = LedgerEntry.objects.filter(reverses__isnull=True, reversed_by__isnull=True)
    return sorted(live.values_list("effective_date", "kind", "component", "amount", "bill__reference"), key=str)


@pytest.fixture
def late(customer: Customer, buy: Buy) -> Bill:
    """1000.00, due on 10 May; 20 June is closed."""
    Day.objects.create(date=day(6, 19), status="closed", partitions=1, started_at=AT, closed_at=AT)
    bill = buy("P1", day(4, 10), "1000.00")
    close_through(day(6, 20))
    return Bill.objects.get(pk=bill.pk)


@pytest.fixture
def maker(db: None) -> User:
    return access.person("leo")


def test_a_bill_is_written_off_by_the_last_who_must_agree(late: Bill, maker: User) -> None:
    asked = write_offs.request(bill=late, reason="Nothing to be had.", by=maker, at=AT)
    assert (asked.amount, asked.rule.tier) == (D("1028.70"), "T3")  # 41 days at 0.70

    agree(asked)

    late.refresh_from_db()
    assert (late.written_off_date, late.settled_date, late.open_principal) == (day(6, 21), None, 0)
    assert late.customer.account.balance == 0
    assert figures(late) == (D("1029.40"), 0, D("1029.40"))
    assert reconciliation.reconcile().differences == ()
    assert posting.post(customers=[late.customer_id], by=BY, at=AT) == 0


def test_what_is_paid_later_is_recovered(late: Bill, maker: User) -> None:
    write_off(late)
    close_through(day(6, 30), since=day(6, 29))
    pay(late.customer, "R1", day(7, 1), "129.40")

    assert figures(late) == (D("1029.40"), D("129.40"), D("900.00"))
    assert reconciliation.reconcile().differences == ()

    bounced = Repayment.objects.get(reference="R1")
    repayments.reverse(repayment=bounced, reason="bounced", business_date=day(7, 2), by=BY, at=AT)

    assert figures(late)[1] == 0
    assert reconciliation.reconcile().differences == ()


def test_what_is_recovered_beyond_the_write_off_is_credit(late: Bill, maker: User) -> None:
    write_off(late)
    repayment = pay(late.customer, "R1", day(7, 1), "1100.00")

    assert (repayment.remainder, figures(late)[2]) == (D("70.60"), 0)
    assert reconciliation.reconcile().differences == ()


def test_money_that_is_known_late_makes_the_write_off_smaller(late: Bill, maker: User) -> None:
    write_off(late)
    pay(late.customer, "R1", day(5, 10), "400.00")

    assert figures(late)[0] == D("617.64")  # 600.00, and 42 days at 0.42
    assert reconciliation.reconcile().differences == ()


def test_of_a_bill_that_turns_out_to_be_settled_nothing_is_written_off(late: Bill, maker: User) -> None:
    write_off(late)
    pay(late.customer, "R1", day(5, 10), "1000.00")

    late.refresh_from_db()
    assert (late.settled_date, late.written_off_date) == (day(5, 10), None)
    assert figures(late)[0] == 0
    assert reconciliation.reconcile().differences == ()


def test_the_reversal_of_a_write_off_leaves_the_ledger_as_if_it_had_never_been(late: Bill) -> None:
    before = standing()
    written_off = write_off(late)

    reverse(written_off)

    late.refresh_from_db()
    written_off.refresh_from_db()
    assert standing() == before
    assert (late.open_principal, late.written_off_date, written_off.reversed_date) == (D("1000.00"), None, day(6, 21))
    assert reconciliation.reconcile().differences == ()
    assert write_off(late).reference != written_off.reference


def test_what_came_back_pays_the_bill_once_the_write_off_is_reversed(late: Bill) -> None:
    written_off = write_off(late)
    pay(late.customer, "R1", day(6, 21), "100.00")
    close_through(day(6, 30), since=day(6, 29))
    pay(late.customer, "R2", day(7, 1), "500.00")

    reverse(written_off)

    assert not LedgerEntry.objects.filter(kind="recovery", reversed_by=None).exists()
    late.refresh_from_db()
    assert late.open_principal < D("500.00")
    assert reconciliation.reconcile().differences == ()


def test_a_bill_is_not_written_off_twice(late: Bill, maker: User) -> None:
    written_off = write_off(late)

    with pytest.raises(Refused, match=f"was written off on 2026-06-21 .{written_off.reference}."):
        write_offs.request(bill=late, reason="Again.", by=maker, at=AT)


def test_a_write_off_is_not_reversed_twice(late: Bill, maker: User) -> None:
    written_off = write_off(late)
    reverse(written_off)
    written_off.refresh_from_db()

    with pytest.raises(Refused, match="was reversed on 2026-06-21"):
        write_offs.request_reversal(write_off=written_off, reason="Again.", by=maker, at=AT)


def test_a_bill_on_which_nothing_is_owed_cannot_be_written_off(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "1000.00")
    pay(customer, "R1", day(5, 1), "1000.00")
    bill.refresh_from_db()

    with pytest.raises(Refused, match="Nothing is owed on B-P1"):
        write_offs.request(bill=bill, reason="A slip.", by=maker, at=AT)


def test_a_payment_in_between_makes_the_request_void(late: Bill, maker: User) -> None:
    asked = write_offs.request(bill=late, reason="Nothing to be had.", by=maker, at=AT)
    pay(late.customer, "R1", day(6, 21), "200.00")

    with pytest.raises(Refused, match="have changed"):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person("dora"), at=AT)

    assert not WriteOff.objects.exists()


def test_money_that_came_back_makes_the_request_for_a_reversal_void(late: Bill, maker: User) -> None:
    asked = write_offs.request_reversal(write_off=write_off(late), reason="The estate pays.", by=maker, at=AT)
    pay(late.customer, "R1", day(7, 1), "200.00")

    with pytest.raises(Refused, match="have changed"):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person("dora"), at=AT)


def test_a_case_that_ends_by_a_write_off_is_not_cured(late: Bill) -> None:
    cases.case(late.customer, opened=day(6, 20), oldest_due_date=day(5, 10))
    write_off(late)

    days.close_through(day(6, 22), partitions=1, by=BY, at=AT)

    case = Case.objects.get()
    assert (case.status, case.close_reason) == ("closed", "written_off")
    assert StageMove.objects.order_by("pk").last().cause == "written_off"  # type: ignore[union-attr]


def test_a_written_off_bill_is_in_no_later_month_end(late: Bill) -> None:
    write_off(late)

    close_through(day(6, 30), since=day(6, 29))

    assert not BillSnapshot.objects.exists()
