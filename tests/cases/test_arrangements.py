"""Arrangements: proposed, approved, signed, judged by the ledger, and what is forgiven at their end."""

import datetime as dt
from decimal import Decimal

import pytest

from apps.audit import actions as audit
from apps.bills.actions import reversals
from apps.bills.models import Account, Bill, LedgerEntry, Repayment, Waiver
from apps.bills.queries import reconciliation
from apps.cases.actions import arrangement_steps, contacts, steps
from apps.cases.domain.status import Outcome
from apps.cases.models import Arrangement, Case, Hold, Task
from apps.cases.queries import history
from apps.closing.actions import days
from apps.closing.registry import StepContext
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.outreach.models import Message
from tests.cases.conftest import NOON, TODAY
from tests.factories import access, bills, cases
from tests.factories import arrangements as factory
from tests.factories.arrangements import asked
from tests.factories.customers import reachable

D = Decimal
DAY = dt.timedelta(1)


def judged(on: dt.date) -> dict[str, int]:
    """Our step of the close of a day."""
    at = dt.datetime.combine(on + DAY, dt.time(), tzinfo=dt.UTC)
    with audit.operation("closing.step", by=System("close"), at=at):
        return arrangement_steps.arrangements(StepContext(on, at, 0, 1, System("close")))


def bounce(repayment: Repayment) -> None:
    reversals.take_back(
        movement=repayment, reason="bounced", business_date=TODAY + 6 * DAY, by=access.person("maya"), at=NOON
    )


def owing(
    amount: str = "1000.00",
    *,
    days: int = 62,
    daily: str = "0",
    late_fees_in_cap: bool = False,
    reference: str = "C-1",
) -> Case:
    """The case of somebody who owes so much on one bill and is so many days past due by the last close."""
    customer = reachable(reference=reference)
    conditions = bills.terms(late_fee_daily_rate=D(daily), late_fees_in_cap=late_fees_in_cap)
    bills.bought(customer, conditions, dt.date(2026, 4, 5), amount)
    since = TODAY - (days + 1) * DAY
    Account.objects.filter(customer=customer).update(late_since_date=since, oldest_due_date=since)
    return cases.case(customer, opened=TODAY - DAY, oldest_due_date=since)


@pytest.fixture
def late(closed_until_yesterday: None) -> Case:
    return owing()


@pytest.fixture
def plan(late: Case) -> Arrangement:
    return factory.signed(late, asked("payment_plan", TODAY + 7 * DAY, 2), at=NOON)


@pytest.fixture
def settlement(late: Case) -> Arrangement:
    return factory.signed(late, asked("settlement", TODAY + 7 * DAY, 1, "300.00"), at=NOON)


def test_a_plan_covers_the_debt_in_monthly_payments_and_waits_for_its_signature(late: Case) -> None:
    made = factory.proposed(late, asked("payment_plan", TODAY + 7 * DAY), at=NOON)

    assert (made.status, made.debt, made.total, made.forgiven) == ("proposed", D("1000.00"), D("1000.00"), D("0.00"))
    assert [(p.due_date, p.amount) for p in made.parts.order_by("number")] == [
        (dt.date(2026, 5, 18), D("333.33")),
        (dt.date(2026, 6, 18), D("333.33")),
        (dt.date(2026, 7, 18), D("333.34")),
    ]
    assert (made.approval.amount, made.approval.rule.tier) == (D("1000.00"), "T2")

    approved = factory.approved(made, at=NOON)
    assert (approved.status, approved.sign_by_date) == ("approved", TODAY + 7 * DAY)


def test_what_is_kept_in_time_is_kept(plan: Arrangement) -> None:
    bills.paid(plan.customer, TODAY + DAY, "500.00")
    assert judged(TODAY + DAY)["arrangements_kept"] == 0
    bills.paid(plan.customer, TODAY + 8 * DAY, "500.00")
    judged(TODAY + 8 * DAY)

    plan.refresh_from_db()
    assert (plan.status, plan.received, plan.ended_date) == ("kept", D("1000.00"), TODAY + 8 * DAY)


def test_a_missed_payment_breaches_after_the_grace_and_late_known_money_brings_it_back(plan: Arrangement) -> None:
    last = plan.first_date + 3 * DAY
    assert judged(last - DAY)["arrangements_breached"] == 0
    assert judged(last)["arrangements_breached"] == 1

    bills.paid(plan.customer, plan.first_date, "500.00")
    judged(last + DAY)

    plan.refresh_from_db()
    assert [(m.from_status, m.to_status) for m in plan.moves.order_by("pk")] == [
        ("", "proposed"), ("proposed", "approved"), ("approved", "active"), ("active", "breached"),
        ("breached", "active"),
    ]  # fmt: skip


def test_a_settlement_forgives_what_is_left_once_it_is_paid(settlement: Arrangement) -> None:
    bills.paid(settlement.customer, TODAY + 5 * DAY, "700.00")
    judged(TODAY + 5 * DAY)

    settlement.refresh_from_db()
    waiver, bill = Waiver.objects.get(), Bill.objects.get()
    forgiven = LedgerEntry.objects.filter(kind="waiver", component="principal").get()
    assert (settlement.status, bill.settled_date, waiver.amount) == ("kept", TODAY + 5 * DAY, D("300.00"))
    assert (forgiven.amount, waiver.approval_id) == (D("-300.00"), settlement.approval_id)
    assert reconciliation.differences() == ()


def test_money_that_bounces_brings_back_what_was_forgiven(settlement: Arrangement) -> None:
    paid = bills.paid(settlement.customer, TODAY + 5 * DAY, "700.00")
    judged(TODAY + 5 * DAY)

    bounce(paid)
    judged(settlement.first_date + 3 * DAY)

    settlement.refresh_from_db()
    assert settlement.status == "breached"
    assert (Bill.objects.get().open_principal, Bill.objects.get().settled_date) == (D("1000.00"), None)


def test_a_signature_stops_collection_until_the_breach_and_the_stage_stays(late: Case) -> None:
    task = cases.task(late)
    plan = factory.signed(late, asked("payment_plan", TODAY + 7 * DAY, 2), at=NOON)

    hold, task = Hold.objects.get(), Task.objects.get(pk=task.pk)
    assert (hold.kind, hold.cause, hold.status, task.status) == ("arrangement", plan.reference, "in_force", "held")
    days.close_through(TODAY + 9 * DAY, partitions=1, by=System("close"), at=NOON + 30 * DAY)
    assert (Task.objects.filter(status="open").count(), Message.objects.count()) == (0, 0)

    days.close_through(TODAY + 10 * DAY, partitions=1, by=System("close"), at=NOON + 30 * DAY)

    hold.refresh_from_db()
    late.refresh_from_db()
    plan.refresh_from_db()
    assert (plan.status, hold.status, late.stage) == ("breached", "lifted", plan.signed_stage)
    assert hold.end_reason == f"{plan.reference} is breached."


def test_what_is_kept_lifts_the_hold_and_a_bounce_brings_it_back(plan: Arrangement) -> None:
    paid = bills.paid(plan.customer, TODAY, "1000.00")
    judged(TODAY)
    assert not Hold.objects.filter(status="in_force").exists()

    bounce(paid)
    judged(TODAY + DAY)

    plan.refresh_from_db()
    assert (plan.status, Hold.objects.filter(status="in_force").count()) == ("active", 1)


@pytest.fixture
def promised(closed_until_yesterday: None) -> Case:
    return owing()


def promises_judged(on: dt.date) -> dict[str, int]:
    at = dt.datetime.combine(on, dt.time(16), tzinfo=dt.UTC)
    with audit.operation("closing.step", by=System("close"), at=at):
        return steps.promises(StepContext(on, at, 0, 1, System("close")))


def test_a_kept_promise_whose_money_bounces_is_broken_and_late_known_money_mends_it(promised: Case) -> None:
    made = cases.promise(promised, "200.00", TODAY + 2 * DAY, made=TODAY)
    paid = bills.paid(promised.customer, TODAY + DAY, "200.00")
    assert promises_judged(TODAY + DAY)["promises_kept"] == 1

    bounce(paid)
    assert promises_judged(TODAY + 4 * DAY)["promises_judged_again"] == 1
    made.refresh_from_db()
    assert (made.status, made.received) == ("broken", D("0.00"))

    bills.paid(promised.customer, TODAY + 2 * DAY, "150.00")
    assert promises_judged(TODAY + 5 * DAY)["promises_judged_again"] == 0  # a part is not the promise
    bills.paid(promised.customer, TODAY + 2 * DAY, "50.00")
    assert promises_judged(TODAY + 6 * DAY)["promises_judged_again"] == 1

    made.refresh_from_db()
    moves = list(made.moves.order_by("pk").values_list("from_status", "to_status", "received"))
    assert (made.status, moves) == (
        "kept", [("kept", "broken", D("0.00")), ("broken", "kept", D("200.00"))],
    )  # fmt: skip
    told = [event.text for event in history.of(promised, access.person("leo"))]
    assert "Promise of 200.00 judged again: Kept, now Broken, 0.00 received" in told


def test_a_bounce_while_there_is_time_opens_the_promise_again(promised: Case) -> None:
    made = cases.promise(promised, "200.00", TODAY + 9 * DAY, made=TODAY)
    paid = bills.paid(promised.customer, TODAY, "200.00")
    promises_judged(TODAY)
    bounce(paid)

    promises_judged(TODAY + DAY)

    made.refresh_from_db()
    assert (made.status, made.judged_date, made.received) == ("open", None, None)


def promise(case: Case, by: str = "anna") -> None:
    contacts.record(case=case, outcome=Outcome.PROMISE, promise=(D("10.00"), TODAY), by=access.person(by), at=NOON)


def test_after_three_broken_promises_a_lead_takes_the_next_one(promised: Case) -> None:
    for number in range(3):
        cases.promise(promised, "9.00", TODAY - number * DAY, status="broken", judged_date=TODAY)

    with pytest.raises(Refused) as refusal:
        promise(promised)
    assert refusal.value.sentence == "3 promises were broken in a year: a team lead takes the next one."
    promise(promised, by="leo")


def test_after_twelve_promises_in_a_year_there_is_no_other(promised: Case) -> None:
    for number in range(12):
        cases.promise(promised, "9.00", TODAY - number * DAY, status="kept", judged_date=TODAY)

    with pytest.raises(Refused, match="There were 12 promises in a year already: propose an arrangement."):
        promise(promised, by="leo")
