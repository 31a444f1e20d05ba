"""Whatever is done to an account in whatever order, every invariant of the ledger holds after each step.

`--hypothesis-profile=long` walks further.
"""

import contextlib
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TypeVar

import pytest
from django.db import transaction
from django.db.models import Model, QuerySet
from hypothesis import HealthCheck, Phase, assume, settings
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
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.audit.queries import trail
from apps.bills.actions import pauses, payouts, posting, purchases, refunds, repayments, restructurings, write_offs
from apps.bills.actions.purchases import NewPurchase
from apps.bills.domain.aging import bucket
from apps.bills.domain.kinds import Mode, ReceiptStatus, ReversalReason
from apps.bills.domain.pauses import PauseReason, Span
from apps.bills.models import (
    Account,
    Bill,
    Instalment,
    LedgerEntry,
    Pause,
    ProductTerms,
    Purchase,
    Refund,
    Repayment,
    Restructuring,
    WriteOff,
)
from apps.bills.queries import fees, reconciliation, standing, waivers
from apps.closing import queries as closing
from apps.closing.actions import days
from apps.core.domain.refusal import Forbidden, Refused
from apps.customers.models import Customer
from tests.factories import access, bills, customers

FIRST = dt.date(2026, 3, 1)
ZERO = Decimal(0)
cents = st.integers(1, 60_000).map(lambda n: Decimal(n) / 100)
ago = st.integers(0, 75)
which = st.integers(0, 30)
share = st.sampled_from((1, 30, 100))  # of a hundred
LONG = "long"
NOT_NOW = {
    "nothing_open",
    "written_off",
    "settled",
    "second_plan",
    "nothing_moves",
    "plan_too_long",
    "date_before_business_date",
}  # a plan that has nothing to do, comes twice on a day, or moves too little
Row = TypeVar("Row", bound=Model)
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
        return closing.business_date(FIRST)

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
                    deferred_days=10, monthly_fee_rate=Decimal("0.005"), late_fee_daily_rate=Decimal("0.0005")
                ),
                Mode.STATEMENT: bills.terms(
                    Mode.STATEMENT,
                    statement_day=5,
                    late_fee_daily_rate=Decimal("0.0005"),
                    revolving_daily_rate=Decimal("0.0005"),
                ),
            }
            self.customers = [customers.customer(), customers.customer()]
            for mine in self.customers:
                bills.bought(mine, self.terms[Mode.ORDER], FIRST, "100.00")
        self.maker = User.objects.get(username="anna")
        self.close_through(FIRST + dt.timedelta(20))

    @rule(second=st.booleans(), ago=ago, amount=cents, instalments=st.sampled_from((1, 3, 6)))
    def buy(self, second: bool, ago: int, amount: Decimal, instalments: int) -> None:
        new = NewPurchase(
            self.reference("P"), self.customer(second).pk, self.terms[Mode.ORDER].pk, self.day(ago), amount, instalments
        )
        purchases.record_many(purchases=[new], by=bills.BY, at=self.at)

    @rule(second=st.booleans(), ago=ago, amount=cents, instalments=st.sampled_from((1, 3)))
    def buy_on_account(self, second: bool, ago: int, amount: Decimal, instalments: int) -> None:
        """It waits for the statement, which the close cuts."""
        terms = self.terms[Mode.STATEMENT]
        new = NewPurchase(self.reference("P"), self.customer(second).pk, terms.pk, self.day(ago), amount, instalments)
        purchases.record_many(purchases=[new], by=bills.BY, at=self.at)

    @rule(which=which, ago=ago, share=share)
    def give_goods_back(self, which: int, ago: int, share: int) -> None:
        purchase = nth(Purchase.objects.order_by("pk"), which)
        left = purchase.amount - sum((r.amount for r in purchase.refunds.filter(status="booked")), ZERO)
        amount, date = part(left, share), max(purchase.purchased_date, self.day(ago))
        assume(amount)
        self.refund(purchase, amount, date)

    @rule(which=which)
    def give_back_more_than_was_bought(self, which: int) -> None:
        purchase = nth(Purchase.objects.order_by("pk"), which)
        self.refused(lambda: self.refund(purchase, purchase.amount + 1, self.today))

    def refund(self, purchase: Purchase, amount: Decimal, date: dt.date) -> None:
        refunds.record(
            customer=purchase.customer,
            reference=self.reference("F"),
            amount=amount,
            refunded_date=date,
            business_date=self.today,
            purchase=purchase,
            by=bills.BY,
            at=self.at,
        )

    @precondition(lambda self: Refund.objects.filter(status=ReceiptStatus.BOOKED).exists())
    @rule(which=which)
    def take_a_refund_back(self, which: int) -> None:
        refund = nth(Refund.objects.filter(status=ReceiptStatus.BOOKED).order_by("pk"), which)
        refunds.reverse(refund=refund, reason=ReversalReason.MISTAKE, business_date=self.today, by=bills.BY, at=self.at)

    @rule(which=which, ago=st.integers(0, 20))
    def settle_early(self, which: int, ago: int) -> None:
        bill = nth(Bill.objects.order_by("pk"), which)
        date = max(bill.issued_date, self.day(ago))
        amount = bill.open_principal + bill.open_instalment_fee + bill.open_late_fee
        assume(amount)
        self.record(bill.customer, self.reference("R"), amount, date, bill, settles=True)

    @rule(second=st.booleans(), ago=ago, amount=cents, wish=st.integers(0, 5))
    def pay(self, second: bool, ago: int, amount: Decimal, wish: int) -> None:
        customer = self.customer(second)
        mine = list(Bill.objects.filter(customer=customer, issued_date__lte=self.day(ago)).order_by("pk"))
        wished = mine[wish] if wish < len(mine) else None
        self.record(customer, self.reference("R"), amount, self.day(ago), wished)

    def record(
        self,
        customer: Customer,
        reference: str,
        amount: Decimal,
        date: dt.date,
        bill: Bill | None,
        *,
        settles: bool = False,
    ) -> None:
        repayments.record(
            customer=customer,
            reference=reference,
            amount=amount,
            received_date=date,
            business_date=self.today,
            bill=bill,
            settles=settles,
            by=bills.BY,
            at=self.at,
        )

    @precondition(lambda self: Repayment.objects.exists())
    @rule(which=which)
    def send_a_repayment_again(self, which: int) -> None:
        known = nth(Repayment.objects.order_by("pk"), which)
        before = self.size()

        self.record(
            known.customer, known.reference, known.amount, known.received_date, known.bill, settles=known.settles
        )

        assert self.size() == before

    @precondition(lambda self: Repayment.objects.exists())
    @rule(which=which)
    def send_a_reference_with_another_amount(self, which: int) -> None:
        known = nth(Repayment.objects.order_by("pk"), which)
        self.refused(
            lambda: self.record(known.customer, known.reference, known.amount + 1, known.received_date, known.bill)
        )

    @rule(amount=cents)
    def pay_tomorrow(self, amount: Decimal) -> None:
        tomorrow = self.today + dt.timedelta(1)
        self.refused(lambda: self.record(self.customer(False), self.reference("R"), amount, tomorrow, None))

    @precondition(lambda self: Repayment.objects.filter(status=ReceiptStatus.BOOKED).exists())
    @rule(which=which)
    def reverse(self, which: int) -> None:
        standing = nth(Repayment.objects.filter(status=ReceiptStatus.BOOKED).order_by("pk"), which)
        self.take_back(standing)

    def take_back(self, repayment: Repayment) -> None:
        repayments.reverse(repayment=repayment, reason="bounced", business_date=self.today, by=bills.BY, at=self.at)

    @precondition(lambda self: Repayment.objects.exclude(status=ReceiptStatus.BOOKED).exists())
    @rule(which=which)
    def reverse_twice(self, which: int) -> None:
        taken_back = nth(Repayment.objects.exclude(status=ReceiptStatus.BOOKED).order_by("pk"), which)
        self.refused(lambda: self.take_back(taken_back))

    @rule(which=which, share=share)
    def waive(self, which: int, share: int) -> None:
        owing = [bill for bill in Bill.objects.order_by("pk") if fees.late_fee_owed(bill)]
        assume(owing)
        bill = owing[which % len(owing)]
        amount = part(fees.late_fee_owed(bill), share)
        asked = approvals.request(
            action=waivers.ACTION,
            subject=Subject(waivers.SUBJECT, bill.reference, bill.customer.reference),
            amount=amount,
            payload={"bill": bill.reference},
            reason="Goodwill.",
            by=self.maker,
            at=self.at,
        )
        self.agree(asked)

    @rule(second=st.booleans(), share=share)
    def pay_credit_back(self, second: bool, share: int) -> None:
        account = Account.objects.get(customer=self.customer(second))
        amount = part(max(account.credit_balance, ZERO), share)
        assume(amount)
        asked = payouts.request(
            customer=account.customer,
            amount=amount,
            reason="They asked for it.",
            reference=self.reference("O"),
            by=self.maker,
            at=self.at,
        )
        self.agree(asked)

    @rule(second=st.booleans())
    def pay_back_more_than_the_credit(self, second: bool) -> None:
        account = Account.objects.get(customer=self.customer(second))
        self.refused(
            lambda: payouts.request(
                customer=account.customer,
                amount=max(account.credit_balance, ZERO) + 1,
                reason="They asked for it.",
                reference=self.reference("O"),
                by=self.maker,
                at=self.at,
            )
        )

    @rule(second=st.booleans(), ago=ago, days=st.none() | st.integers(1, 40))
    def pause(self, second: bool, ago: int, days: int | None) -> None:
        start = self.day(ago)
        end = start + dt.timedelta(days) if days else None
        span, customer = Span(start, end), self.customer(second)
        overlaps = [p for p in customer.pauses.filter(cancelled_at=None) if p.span.overlaps(span)]
        begin = partial(
            pauses.begin,
            customer=customer,
            reason=PauseReason.DISPUTE,
            start_date=start,
            end_date=end,
            by=bills.BY,
            at=self.at,
        )
        if overlaps:
            self.refused(begin)
        else:
            begin()

    @precondition(lambda self: Pause.objects.filter(cancelled_at=None).exists())
    @rule(which=which, days=st.integers(1, 30), cancels=st.booleans())
    def end_a_pause(self, which: int, days: int, cancels: bool) -> None:
        pause = nth(Pause.objects.filter(cancelled_at=None).order_by("pk"), which)
        if cancels:
            pauses.cancel(pause=pause, reason="A mistake.", by=bills.BY, at=self.at)
            return
        end = pause.start_date + dt.timedelta(days)
        assume(pause.end_date is None or end < pause.end_date)
        pauses.end(pause=pause, end_date=end, by=bills.BY, at=self.at)

    @rule(which=which, months=st.integers(1, 14))
    def plan_anew(self, which: int, months: int) -> None:
        bill = nth(Bill.objects.order_by("pk"), which)
        asked = {"kind": "extend", "first_due_date": self.today + dt.timedelta(15), "instalments": months}
        self.restructure(bill.customer, bill, asked)

    @rule(second=st.booleans(), days=st.integers(1, 40))
    def move_every_due_date(self, second: bool, days: int) -> None:
        self.restructure(self.customer(second), None, {"kind": "move", "shift_days": days})

    @rule(second=st.booleans(), months=st.integers(1, 60))
    def put_all_into_one_plan(self, second: bool, months: int) -> None:
        asked = {"kind": "re_age", "first_due_date": self.today + dt.timedelta(10), "instalments": months}
        self.restructure(self.customer(second), None, asked)

    def restructure(self, customer: Customer, bill: Bill | None, asked: dict[str, object]) -> None:
        try:
            request = restructurings.request(
                customer=customer, bill=bill, asked=asked, reason="Hardship.", by=self.maker, at=self.at
            )
        except Refused as refusal:
            assume(refusal.code not in NOT_NOW)
            raise
        self.agree(request)

    @precondition(lambda self: Restructuring.objects.filter(status="active").exists())
    @rule()
    def undo_the_last_plan(self) -> None:
        last = Restructuring.objects.filter(status="active").latest("pk")
        restructurings.undo(restructuring=last, reason="A mistake.", by=bills.BY, at=self.at)

    @rule(which=which)
    def write_off(self, which: int) -> None:
        owing = [bill for bill in Bill.objects.filter(written_off_date=None).order_by("pk") if bill.open_principal]
        assume(owing)
        asked = write_offs.request(
            bill=owing[which % len(owing)], reason="Nothing will come.", by=self.maker, at=self.at
        )
        self.agree(asked)

    @precondition(lambda self: WriteOff.objects.filter(reversed_date=None).exists())
    @rule(which=which)
    def reverse_a_write_off(self, which: int) -> None:
        standing = nth(WriteOff.objects.filter(reversed_date=None).order_by("pk"), which)
        self.agree(write_offs.request_reversal(write_off=standing, reason="They came back.", by=self.maker, at=self.at))

    def agree(self, asked: ApprovalRequest) -> None:
        """Let everybody whom the rule names say yes."""
        for username in ("leo", "maya", "dora", "rita"):
            asked.refresh_from_db()
            if asked.status != RequestStatus.REQUESTED:
                break
            with contextlib.suppress(Forbidden, Refused):
                approvals.decide(
                    reference=asked.reference,
                    verdict=Verdict.APPROVE,
                    by=User.objects.get(username=username),
                    at=self.at,
                )
        asked.refresh_from_db()
        assert asked.status == RequestStatus.APPROVED

    @rule(count=st.integers(1, 12))
    def close_days(self, count: int) -> None:
        through = self.today + dt.timedelta(count - 1)
        assume(through < bills.AT.date())
        self.close_through(through)

        for account in Account.objects.all():
            late = self.days_past_due(account, through)
            assert account.bucket == bucket(late)
            assert (through - account.late_since_date).days == late if account.late_since_date else late == 0

    def close_through(self, date: dt.date) -> None:
        days.close_through(date, partitions=1, since=FIRST + dt.timedelta(20), by=bills.BY, at=self.at)

    def days_past_due(self, account: Account, on: dt.date) -> int:
        """The days past due, counted one by one: those since the oldest due not met in which nothing paused."""
        dues = Instalment.objects.filter(customer=account.customer_id, due_date__lt=on)
        late = [due.due_date for due in dues if due.met_date is None or due.met_date > on]
        spans = [pause.span for pause in Pause.objects.filter(customer=account.customer_id, cancelled_at=None)]
        since = (min(late) + dt.timedelta(n + 1) for n in range((on - min(late)).days)) if late else ()
        return sum(not any(span.holds(day) for span in spans) for day in since)

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


def nth(rows: QuerySet[Row], which: int) -> Row:
    """One of the rows."""
    found = list(rows)
    return found[which % len(found)]


def part(amount: Decimal, share: int) -> Decimal:
    """So many hundredths of an amount, a cent at least where there is one."""
    return min(amount, max((amount * share / 100).quantize(Decimal("0.01")), Decimal("0.01")))


def test_every_invariant_holds_after_every_step(db: None) -> None:
    steps = (
        settings.get_profile(LONG)
        if settings.get_current_profile_name() == LONG
        else settings(max_examples=6, stateful_step_count=16, phases=(Phase.generate,))  # shrinking takes minutes
    )
    run_state_machine_as_test(Ledger, settings=settings(steps, deadline=None, suppress_health_check=list(HealthCheck)))
