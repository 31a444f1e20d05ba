"""What is decided about an account: waivers, payouts, pauses, plans, write-offs."""

import datetime as dt
from functools import partial

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.bills.actions import pauses, payouts, restructurings, write_offs
from apps.bills.domain.kinds import ReceiptStatus
from apps.bills.domain.pauses import PauseReason, Span
from apps.bills.models import (
    Account,
    Bill,
    Pause,
    Payout,
    Restructuring,
    WriteOff,
)
from apps.bills.queries import fees, waivers
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.walks.base import ZERO, Walk, ago, nth, part, share, which
from tests.factories import bills

NOT_NOW = {
    "nothing_open",
    "written_off",
    "settled",
    "second_plan",
    "nothing_moves",
    "plan_too_long",
    "date_before_business_date",
}  # a plan that has nothing to do, comes twice on a day, or moves too little


class Decisions(Walk):
    """What people agree on."""

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

    @precondition(lambda self: Payout.objects.filter(status=ReceiptStatus.BOOKED).exists())
    @rule(which=which)
    def return_a_payout(self, which: int) -> None:
        """The bank sends it back."""
        standing = nth(Payout.objects.filter(status=ReceiptStatus.BOOKED).order_by("pk"), which)
        payouts.reverse(payout=standing, reason="bounced", business_date=self.today, by=bills.BY, at=self.at)

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
