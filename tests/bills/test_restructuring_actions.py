import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest, User
from apps.bills.actions import repayments, restructurings
from apps.bills.models import Bill, Instalment, LedgerEntry, Restructuring
from apps.bills.queries import plans, reconciliation
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.conftest import BY
from tests.factories import access

Buy = Callable[..., Bill]
D = Decimal
AT = dt.datetime(2026, 6, 20, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 20)
pytestmark = pytest.mark.django_db


def day(month: int, day_of_month: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, day_of_month)


@pytest.fixture
def maker(db: None) -> User:
    access.cast()
    return access.person("anna")


def ask(maker: User, customer: Customer, bill: Bill | None = None, **asked: Any) -> ApprovalRequest:
    wanted = {"kind": "extend", "first_due_date": day(7, 20), "instalments": 2} | asked
    return restructurings.request(customer=customer, bill=bill, asked=wanted, reason="Lost the job.", by=maker, at=AT)


def agree(request: ApprovalRequest, at: dt.datetime = AT) -> Restructuring:
    """Everybody whom the rule names says yes."""
    deciders = {"manager": "maya", "director": "dora", "risk_analyst": "rita"}
    for role in request.rule.approvers:
        user = access.person(deciders[role])
        approvals.decide(reference=request.reference, verdict=Verdict.APPROVE, by=user, at=at)
    return Restructuring.objects.get(approval=request)


def pay(customer: Customer, reference: str, date: dt.date, amount: str) -> None:
    repayments.record(
        customer=customer, reference=reference, amount=D(amount), received_date=date, business_date=TODAY, by=BY, at=AT
    )


def standing(customer: Customer) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The live entries and the instalments of a customer."""
    live = LedgerEntry.objects.filter(customer=customer, reverses__isnull=True, reversed_by__isnull=True)
    entries = live.values_list("effective_date", "kind", "component", "amount", "bill__reference")
    dues = Instalment.objects.filter(customer=customer)
    return sorted(entries, key=str), sorted(
        dues.values_list("bill__reference", "number", "due_date", "amount", "fee", "open_amount", "met_date"), key=str
    )


def test_a_manager_agrees_and_the_bill_falls_due_anew(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "1000.00")  # due 10 May

    made = agree(ask(maker, customer, bill))

    assert (made.kind, made.agreed_date, made.amount) == ("extend", TODAY, D("1000.00"))
    assert (made.class_2023, made.class_card, made.stage) == ("special_mention", "special_mention", 2)
    assert list(bill.instalments.order_by("number").values_list("due_date", "open_amount", "met_date")) == [
        (day(5, 10), 0, TODAY),
        (day(7, 20), D("500.00"), None),
        (day(8, 20), D("500.00"), None),
    ]
    old, *new = bill.instalments.order_by("number")
    assert (old.replaced_by, {due.restructuring for due in new}) == (made, {made})
    assert reconciliation.reconcile().differences == ()


def test_principal_above_two_thousand_needs_director_and_risk(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "2000.01")

    assert ask(maker, customer, bill).rule.tier == "T3"


def test_all_open_bills_go_into_one_plan(customer: Customer, buy: Buy, maker: User) -> None:
    buy("P1", day(4, 10), "300.00", 3)
    buy("P2", day(5, 10), "100.00")

    made = agree(ask(maker, customer, kind="re_age", instalments=60))

    assert made.bill is None
    assert made.made.count() == 120
    assert max(made.made.values_list("due_date", flat=True)) == day(6, 20, 2031)
    assert reconciliation.reconcile().differences == ()


def test_a_plan_with_a_fee_reconciles(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "1000.00")

    made = agree(ask(maker, customer, bill, monthly_fee_rate=D("0.005")))

    bill.refresh_from_db()
    assert (bill.instalment_fee, bill.open_instalment_fee) == (0, D("10.00"))
    assert made.entries.get().amount == D("10.00")
    assert reconciliation.reconcile().differences == ()


def test_a_plan_above_the_cap_on_cost_is_refused(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "1000.00")

    with pytest.raises(Refused, match="above the cap"):
        ask(maker, customer, bill, instalments=12, monthly_fee_rate=D("0.02"))


def test_money_in_between_makes_the_request_void(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "1000.00")
    asked = ask(maker, customer, bill)
    pay(customer, "R1", day(6, 19), "200.00")

    with pytest.raises(Refused, match="have changed"):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person("maya"), at=AT)

    assert not Restructuring.objects.exists()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"instalments": 61}, "A plan has 1 to 60 monthly instalments, not 61."),
        ({"first_due_date": day(6, 19)}, "The first due date 2026-06-19 is before the business date 2026-06-20."),
        ({"instalments": 60, "first_due_date": day(7, 21)}, "after 60 months"),
        ({"kind": "move"}, "Say by how many days or months"),
        ({"kind": "move", "shift_days": 5}, "2026-05-10 would move to 2026-05-15, before the business date"),
        ({"kind": "move", "shift_months": 62}, "after 60 months"),
        ({"kind": "grace", "first_due_date": day(6, 19)}, "is before the business date"),
        ({"kind": "grace", "monthly_fee_rate": D("0.01")}, "Only a plan in instalments bears a monthly fee."),
        ({"kind": "re_age"}, "Re-aging takes all open bills"),
        ({"monthly_fee_rate": D("-0.01")}, "below zero"),
    ],
)
def test_what_cannot_be_agreed_is_refused_with_the_reason(
    customer: Customer, buy: Buy, maker: User, asked: dict[str, Any], sentence: str
) -> None:
    bill = buy("P1", day(4, 10), "1000.00")

    with pytest.raises(Refused, match=sentence):
        ask(maker, customer, bill, **asked)

    assert not ApprovalRequest.objects.exists()


def test_a_grace_that_changes_no_date_is_refused(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(6, 10), "1000.00")  # due 10 July

    with pytest.raises(Refused, match="No due date would change"):
        ask(maker, customer, bill, kind="grace", first_due_date=day(7, 1))


def test_a_settled_bill_falls_due_no_more(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(6, 10), "100.00")
    pay(customer, "R1", day(6, 15), "100.00")
    bill.refresh_from_db()

    with pytest.raises(Refused, match="was settled on 2026-06-15"):
        ask(maker, customer, bill)
    with pytest.raises(Refused, match="Nothing is open on C-1"):
        ask(maker, customer)


def test_a_second_plan_on_the_same_day_is_refused(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "1000.00")
    made = agree(ask(maker, customer, bill))

    with pytest.raises(Refused, match=f"{made.reference} was agreed on 2026-06-20 already"):
        ask(maker, customer)


def test_a_bill_of_another_customer_is_refused(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "1000.00")
    other = Customer.objects.create(reference="C-2", name="Basil", joined_date=day(1, 1))

    with pytest.raises(Refused, match="not a bill of C-2"):
        ask(maker, other, bill)


def test_what_is_undone_was_never_agreed(customer: Customer, buy: Buy, maker: User) -> None:
    bill = buy("P1", day(4, 10), "1000.00", 3)
    pay(customer, "R1", day(5, 12), "100.00")
    before = standing(customer)

    made = agree(ask(maker, customer, bill, monthly_fee_rate=D("0.005")))
    pay(customer, "R2", TODAY, "50.00")
    reversed_money = customer.repayments.get(reference="R2")
    repayments.reverse(repayment=reversed_money, reason="mistake", business_date=TODAY, by=BY, at=AT)
    restructurings.undo(restructuring=made, reason="Not signed.", by=BY, at=AT)

    assert standing(customer) == before
    assert reconciliation.reconcile().differences == ()


def test_only_the_last_agreement_about_a_bill_can_be_undone(customer: Customer, buy: Buy, maker: User) -> None:
    bill, other = buy("P1", day(4, 10), "600.00"), buy("P2", day(4, 10), "500.00")
    first = agree(ask(maker, customer, bill))
    apart = agree(ask(maker, customer, other))
    later = AT + dt.timedelta(1)
    asked = restructurings.request(
        customer=customer, bill=bill, asked={"kind": "move", "shift_months": 1}, reason="Ill.", by=maker, at=later
    )
    second = agree(asked, at=later)

    with pytest.raises(Refused, match=f"{second.reference} came after {first.reference}"):
        restructurings.undo(restructuring=first, reason="Not signed.", by=BY, at=later)
    restructurings.undo(restructuring=apart, reason="Not signed.", by=BY, at=later)
    restructurings.undo(restructuring=second, reason="Not signed.", by=BY, at=later)
    restructurings.undo(restructuring=first, reason="Not signed.", by=BY, at=later)

    assert plans.standing(customer, None).count() == 0
    assert not Instalment.objects.exclude(restructuring=None).exists()


def test_what_is_undone_cannot_be_undone_again(customer: Customer, buy: Buy, maker: User) -> None:
    made = agree(ask(maker, customer, buy("P1", day(4, 10), "1000.00")))
    restructurings.undo(restructuring=made, reason="Not signed.", by=BY, at=AT)

    with pytest.raises(Refused, match="was undone on 2026-06-20"):
        restructurings.undo(restructuring=made, reason="Again.", by=BY, at=AT)


def test_an_undoing_without_a_reason_is_refused(customer: Customer, buy: Buy, maker: User) -> None:
    made = agree(ask(maker, customer, buy("P1", day(4, 10), "1000.00")))

    with pytest.raises(Refused, match="needs a reason"):
        restructurings.undo(restructuring=made, reason=" ", by=BY, at=AT)
