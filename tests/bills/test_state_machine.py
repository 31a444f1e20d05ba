"""Whatever is done to an account in whatever order, every invariant of the ledger holds after each step.

`--hypothesis-profile=long` walks further.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals as access_queries
from apps.audit import actions as audit
from apps.audit.queries import trail
from apps.bills.actions import pauses, posting, purchases, repayments, write_offs
from apps.bills.actions.purchases import NewPurchase
from apps.bills.domain.aging import bucket
from apps.bills.domain.kinds import Mode, ReceiptStatus
from apps.bills.domain.pauses import PauseReason
from apps.bills.models import Account, Bill, Instalment, LedgerEntry, Pause, ProductTerms, Repayment, WriteOff
from apps.bills.queries import fees, reconciliation, standing, waivers
from apps.bills.queries import write_offs as lost
from apps.closing import queries as closing
from apps.closing.actions import days
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.factories import access, bills, customers

FIRST = dt.date(2026, 3, 1)
ZERO = Decimal(0)
cents = st.integers(1, 60_000).map(lambda n: Decimal(n) / 100)
ago = st.integers(0, 75)
LONG = "long"
settings.register_profile(LONG, max_examples=400, stateful_step_count=60)


class Ledger(RuleBasedStateMachine):
    """Two customers, whose accounts are worked on by the product's own actions while days are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0
        self.atomic = transaction.atomic()
        self.atomic._from_testcase = True  # type: ignore[attr-defined]  # as pytest's own: operations may be outermost
        self.atomic.__enter__()
        self.at = bills.AT

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def reference(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}-{self.numbers}"

    @property
    def today(self) -> dt.date:
        last = closing.last_closed_date()
        return last + dt.timedelta(1) if last else FIRST + dt.timedelta(20)

    def day(self, ago: int) -> dt.date:
        return max(FIRST, self.today - dt.timedelta(ago))

    def customer(self, second: bool) -> Customer:
        return self.customers[second]

    @initialize()
    def arrange(self) -> None:
        with audit.operation("test.arrange", by=bills.BY, at=self.at):
            access.cast()
            self.terms: dict[Mode, ProductTerms] = {
                Mode.ORDER: bills.terms(
                    deferred_days=10, monthly_fee_rate=Decimal("0.005"), late_fee_daily_rate=Decimal("0.0007")
                ),
                Mode.STATEMENT: bills.terms(Mode.STATEMENT, late_fee_daily_rate=Decimal("0.0005")),
            }
            self.customers = [customers.customer(), customers.customer()]
            self.clerks = (User.objects.get(username="anna"), User.objects.get(username="leo"))

    @rule(second=st.booleans(), ago=ago, amount=cents, instalments=st.sampled_from((1, 3, 6)))
    def buy(self, second: bool, ago: int, amount: Decimal, instalments: int) -> None:
        new = NewPurchase(
            self.reference("P"), self.customer(second).pk, self.terms[Mode.ORDER].pk, self.day(ago), amount, instalments
        )
        purchases.record_many(purchases=[new], by=bills.BY, at=self.at)

    @rule(second=st.booleans(), ago=ago, amount=cents)
    def be_billed_a_month(self, second: bool, ago: int, amount: Decimal) -> None:
        bills.statement(self.customer(second), self.terms[Mode.STATEMENT], self.day(ago), str(amount))

    @rule(second=st.booleans(), ago=ago, amount=cents, wish=st.integers(0, 5))
    def pay(self, second: bool, ago: int, amount: Decimal, wish: int) -> None:
        customer = self.customer(second)
        mine = list(Bill.objects.filter(customer=customer, issued_date__lte=self.day(ago)).order_by("pk"))
        wished = mine[wish] if wish < len(mine) else None
        self.record(customer, self.reference("R"), amount, self.day(ago), wished)

    def record(self, customer: Customer, reference: str, amount: Decimal, date: dt.date, bill: Bill | None) -> None:
        repayments.record(
            customer=customer,
            reference=reference,
            amount=amount,
            received_date=date,
            business_date=self.today,
            bill=bill,
            by=bills.BY,
            at=self.at,
        )

    @precondition(lambda self: Repayment.objects.exists())
    @rule(which=st.integers(0, 30))
    def send_a_repayment_again(self, which: int) -> None:
        known = self.nth(Repayment.objects.order_by("pk"), which)
        before = self.size()

        self.record(known.customer, known.reference, known.amount, known.received_date, known.bill)

        assert self.size() == before

    @precondition(lambda self: Repayment.objects.exists())
    @rule(which=st.integers(0, 30))
    def send_a_reference_with_another_amount(self, which: int) -> None:
        known = self.nth(Repayment.objects.order_by("pk"), which)
        self.refused(
            lambda: self.record(known.customer, known.reference, known.amount + 1, known.received_date, known.bill)
        )

    @rule(amount=cents)
    def pay_tomorrow(self, amount: Decimal) -> None:
        tomorrow = self.today + dt.timedelta(1)
        self.refused(lambda: self.record(self.customer(False), self.reference("R"), amount, tomorrow, None))

    @precondition(lambda self: Repayment.objects.filter(status=ReceiptStatus.BOOKED).exists())
    @rule(which=st.integers(0, 30))
    def reverse(self, which: int) -> None:
        standing = self.nth(Repayment.objects.filter(status=ReceiptStatus.BOOKED).order_by("pk"), which)
        self.take_back(standing)

    def take_back(self, repayment: Repayment) -> None:
        repayments.reverse(repayment=repayment, reason="bounced", business_date=self.today, by=bills.BY, at=self.at)

    @precondition(lambda self: Repayment.objects.exclude(status=ReceiptStatus.BOOKED).exists())
    @rule(which=st.integers(0, 30))
    def reverse_twice(self, which: int) -> None:
        taken_back = self.nth(Repayment.objects.exclude(status=ReceiptStatus.BOOKED).order_by("pk"), which)
        self.refused(lambda: self.take_back(taken_back))

    @rule(which=st.integers(0, 10), share=st.integers(1, 100))
    def waive(self, which: int, share: int) -> None:
        owing = [bill for bill in Bill.objects.order_by("pk") if fees.late_fee_owed(bill)]
        assume(owing)
        bill = owing[which % len(owing)]
        amount = (fees.late_fee_owed(bill) * share / 100).quantize(Decimal("0.01")) or Decimal("0.01")
        maker, checker = self.clerks
        asked = approvals.request(
            action=waivers.ACTION,
            subject=Subject(waivers.SUBJECT, bill.reference, bill.customer.reference),
            amount=amount,
            payload={"bill": bill.reference},
            reason="Goodwill.",
            by=maker,
            at=self.at,
        )
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=checker, at=self.at)

    @rule(second=st.booleans(), ago=ago, length=st.none() | st.integers(1, 40))
    def pause(self, second: bool, ago: int, length: int | None) -> None:
        customer, start = self.customer(second), self.day(ago)
        end = None if length is None else start + dt.timedelta(length)
        begin = partial(
            pauses.begin,
            customer=customer,
            reason=PauseReason.HARDSHIP,
            start_date=start,
            end_date=end,
            by=bills.BY,
            at=self.at,
        )
        standing_ones = Pause.objects.filter(customer=customer, cancelled_at=None)
        far = dt.date.max
        if any(start < (p.end_date or far) and p.start_date < (end or far) for p in standing_ones):
            self.refused(begin)
        else:
            begin()

    @precondition(lambda self: Pause.objects.filter(cancelled_at=None).exists())
    @rule(which=st.integers(0, 10), days=st.integers(1, 30), back=st.booleans())
    def end_a_pause(self, which: int, days: int, back: bool) -> None:
        standing_ones = list(Pause.objects.filter(cancelled_at=None).order_by("pk"))
        found = standing_ones[which % len(standing_ones)]
        end = found.start_date + dt.timedelta(days)
        if back or (found.end_date and end >= found.end_date):
            pauses.cancel(pause=found, reason="A slip.", by=bills.BY, at=self.at)
        else:
            pauses.end(pause=found, end_date=end, by=bills.BY, at=self.at)

    @rule(which=st.integers(0, 10))
    def write_off(self, which: int) -> None:
        owing = [bill for bill in Bill.objects.order_by("pk") if lost.owed(bill) and not lost.standing(bill)]
        assume(owing)
        bill = owing[which % len(owing)]
        self.agree(write_offs.request(bill=bill, reason="Lost.", by=self.clerks[0], at=self.at).reference)

    @precondition(lambda self: WriteOff.objects.filter(reversed_date=None).exists())
    @rule(which=st.integers(0, 10))
    def reverse_a_write_off(self, which: int) -> None:
        standing_ones = list(WriteOff.objects.filter(reversed_date=None).order_by("pk"))
        found = standing_ones[which % len(standing_ones)]
        asked = write_offs.request_reversal(write_off=found, reason="Found.", by=self.clerks[0], at=self.at)
        self.agree(asked.reference)

    def agree(self, reference: str) -> None:
        """Let whoever the rule names agree, one after the other, until it is carried out."""
        for username in ("leo", "maya", "dora", "rita"):
            asked = ApprovalRequest.objects.get(reference=reference)
            decider = User.objects.get(username=username)
            if (
                asked.status == "requested"
                and access_queries.why_not(asked, access_queries.decider_of(decider)) is None
            ):
                approvals.decide(reference=reference, verdict=Verdict.APPROVE, by=decider, at=self.at)
        assert ApprovalRequest.objects.get(reference=reference).status == "approved"

    @precondition(lambda self: Bill.objects.exists())
    @rule(count=st.integers(1, 25))
    def close_days(self, count: int) -> None:
        through = (closing.next_day() or FIRST) + dt.timedelta(count)
        days.close_through(through, partitions=1, by=bills.BY, at=self.at)

        for account in Account.objects.all():
            late = self.oldest_due(account, through)
            assert account.oldest_due_date == late
            assert account.bucket == bucket(self.days_past_due(account, late, through) if late else 0)

    def days_past_due(self, account: Account, late: dt.date, on: dt.date) -> int:
        """The days since that lie in no pause, counted one by one."""
        paused = Pause.objects.filter(customer=account.customer_id, cancelled_at=None)
        after = [late + dt.timedelta(n) for n in range(1, (on - late).days + 1)]
        return sum(not any(p.start_date <= d and (p.end_date is None or d < p.end_date) for p in paused) for d in after)

    def oldest_due(self, account: Account, on: dt.date) -> dt.date | None:
        """The oldest due date that was not met on the day, worked out instalment by instalment."""
        dues = Instalment.objects.filter(customer=account.customer_id)
        return min(
            (d.due_date for d in dues if d.due_date < on and (d.met_date is None or d.met_date > on)), default=None
        )

    @invariant()
    def the_book_reconciles(self) -> None:
        assert reconciliation.reconcile().differences == ()

    @invariant()
    def the_ledger_is_what_the_facts_say_in_order(self) -> None:
        with audit.operation("test.post", by=bills.BY, at=self.at):
            assert (
                posting.post(
                    customers=list(Account.objects.values_list("customer_id", flat=True)), by=bills.BY, at=self.at
                )
                == 0
            )

    @invariant()
    def a_statement_of_any_day_ties_to_the_ledger(self) -> None:
        entries = self.size()[1]
        for customer in Customer.objects.filter(pk=self.customers[entries % 2].pk).select_related("account"):
            found = standing.of(User(), customer, date=self.day(entries % 40))
            assert found.is_whole
            assert found.balance == sum(found.open.values(), -found.credit)

    @invariant()
    def no_share_is_above_its_due(self) -> None:
        for due in Instalment.objects.all():
            assert ZERO <= due.open_amount <= due.amount

    @invariant()
    def everything_is_attributed(self) -> None:
        assert trail.unattributed_count() == 0

    def size(self) -> tuple[int, int]:
        return Repayment.objects.count(), LedgerEntry.objects.count()

    def refused(self, act: Callable[[], object]) -> None:
        """It is refused, and leaves no trace in the ledger."""
        before = self.size()
        with pytest.raises(Refused):
            act()
        assert self.size() == before

    def nth(self, rows: QuerySet[Repayment], which: int) -> Repayment:
        found = list(rows)
        return found[which % len(found)]


def test_every_invariant_holds_after_every_step(db: None) -> None:
    steps = (
        settings.get_profile(LONG)
        if settings.get_current_profile_name() == LONG
        else settings(max_examples=15, stateful_step_count=20)
    )
    run_state_machine_as_test(Ledger, settings=settings(steps, deadline=None, suppress_health_check=list(HealthCheck)))
