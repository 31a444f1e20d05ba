"""The pages of purchases, refunds, payouts and early settlement in a real browser, in both languages and widths."""

import datetime as dt
from decimal import Decimal

import pytest

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.bills.actions import payouts, refunds
from apps.bills.models import Payout, Purchase
from apps.customers.models import Customer
from tests.browser.conftest import NARROW, WIDE, OpenDesk
from tests.factories import access, bills

DAY = dt.date(2026, 4, 10)


def book() -> list[str]:
    """A customer in credit, and a purchase that is given back in part; the pages that show them."""
    customer = Customer.objects.create(reference="C-1", name="Amber Fig", joined_date=DAY)
    terms = bills.terms(monthly_fee_rate=Decimal("0.006"))
    bill = bills.bought(customer, terms, DAY, "1200.00", 12)
    purchase = Purchase.objects.get(bill=bill)
    taken, mistaken = (
        refunds.record(
            customer=customer,
            purchase=purchase,
            reference=f"F-{number}",
            amount=Decimal("150.00"),
            refunded_date=DAY + dt.timedelta(number),
            business_date=dt.date(2026, 5, 1),
            by=bills.BY,
            at=bills.AT,
        )
        for number in (1, 2)
    )
    refunds.reverse(refund=mistaken, reason="mistake", business_date=dt.date(2026, 5, 1), by=bills.BY, at=bills.AT)
    rich = Customer.objects.create(reference="C-2", name="Beech Plum", joined_date=DAY)
    bills.bought(rich, terms, DAY, "80.00")
    bills.paid(rich, DAY, "130.00")
    asked = payouts.request(
        customer=rich,
        amount=Decimal("50.00"),
        reason="The customer asked.",
        reference="O-1",
        by=access.person("leo"),
        at=bills.AT,
    )
    lara = access.person("lara", role="team_lead")
    approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=lara, at=bills.AT)
    payout = Payout.objects.get()
    return [
        "/purchases/",
        f"/purchases/{purchase.reference}/",
        f"/purchases/{purchase.reference}/refund/",
        f"/refunds/{taken.reference}/",
        f"/refunds/{taken.reference}/reversal/",
        f"/refunds/{mistaken.reference}/",
        f"/bills/{bill.reference}/",
        f"/bills/{bill.reference}/settlement/",
        "/customers/C-2/",
        "/customers/C-2/payout/",
        f"/payouts/{payout.reference}/",
        f"/payouts/{payout.reference}/reversal/",
    ]


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "zh-hans")], ids=["wide", "narrow"])
def test_the_pages_are_accessible_and_fit(desk: OpenDesk, language: str, size: tuple[int, int]) -> None:
    window = desk(size)
    window.log_in(access.person("maya", password=access.PASSWORD, language=language))
    findings = []

    for path in book():
        window.open(path)
        findings += [f"{path} {finding}" for finding in window.findings()]
        if window.overflow() > 0:
            findings.append(f"{path} is too wide by {window.overflow()}")

    assert findings == []
    assert window.complaints == []
