"""Purchases, repayments and refunds: given, sent again, taken back."""

import datetime as dt
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from apps.bills.actions import purchases, refunds, repayments
from apps.bills.actions.purchases import NewPurchase
from apps.bills.domain.kinds import Mode, ReceiptStatus, ReversalReason
from apps.bills.models import (
    Bill,
    Purchase,
    Refund,
    Repayment,
)
from apps.customers.models import Customer
from tests.bills.walks.base import ZERO, Walk, ago, cents, nth, part, share, which
from tests.factories import bills


class Money(Walk):
    """Money that comes and goes."""

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
