"""What may not be arranged, with its sentence, and who must agree."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.domain.authority import FORGIVING
from apps.bills.models import Bill, Restructuring, Waiver
from apps.bills.queries import reconciliation
from apps.cases.actions import arrangements, contacts, holds, signing
from apps.cases.domain import offers, promises
from apps.cases.domain.arrangements import ArrangementKind
from apps.cases.domain.calculator import Asked, Budget, Debt
from apps.cases.domain.holds import HoldKind
from apps.cases.domain.promises import Fault, Limits, Past
from apps.cases.domain.status import Outcome
from apps.cases.domain.strategy import PromiseRules
from apps.cases.models import Arrangement, ArrangementMove, Case
from apps.cases.queries import promises as promises_before
from apps.cases.queries import proposals, wording
from apps.cases.queries.arrangements import Owing
from apps.core.domain.refusal import Forbidden, Refused
from apps.customers.models import Customer
from tests.cases.conftest import NOON, TODAY
from tests.cases.test_arrangements import judged, owing
from tests.factories import access, bills
from tests.factories import arrangements as factory
from tests.factories.arrangements import BUDGET, asked

D = Decimal
DAY = dt.timedelta(1)
FIRST = TODAY + 7 * DAY
POLICY = offers.read(offers.SHIPPED)
pytestmark = pytest.mark.usefixtures("closed_until_yesterday")


@pytest.fixture
def case(closed_until_yesterday: None) -> Case:
    return owing()


def refused(case: Case, wanted: Asked, **more: Any) -> str:
    with pytest.raises(Refused) as refusal:
        factory.proposed(case, wanted, at=NOON, **more)
    return refusal.value.sentence


WRONG = {
    "The first payment 2026-05-10 is in the past: the business date is 2026-05-11.": asked("payment_plan", TODAY - DAY),
    "An arrangement has 1 to 60 monthly payments, not 0.": asked("payment_plan", FIRST, 0),
    "An arrangement has 1 to 60 monthly payments, not 61.": asked("payment_plan", FIRST, 61),
    "The last payment is within 60 months.": asked("payment_plan", TODAY + 40 * DAY, 60),
    "Only a settlement forgives a sum that is agreed.": asked("payment_plan", FIRST, 3, "1.00"),
    "A settlement forgives a part of the 1,000.00 that is owed, not 0.00.": asked("settlement", FIRST, 1, "0"),
    "A settlement forgives a part of the 1,000.00 that is owed, not 1,000.00.": asked(
        "settlement", FIRST, 1, "1000.00"
    ),
    "Only a re-age bears a monthly fee.": asked("payment_plan", FIRST, monthly_fee_rate=D("0.01")),
    "A hardship plan needs what the customer earns and spends.": asked("hardship_plan", FIRST),
    "The plan of 12 payments costs 41.70 % a year, above the cap of 24 % (since 2026-01-01).": asked(
        "re_age", FIRST, 12, monthly_fee_rate=D("0.02")
    ),
}


@pytest.mark.parametrize(("sentence", "wanted"), WRONG.items())
def test_what_makes_no_arrangement_is_refused_with_its_sentence(case: Case, sentence: str, wanted: Asked) -> None:
    assert refused(case, wanted) == sentence


def test_a_plan_above_the_cap_is_refused_with_its_rate() -> None:
    dear = Owing(("B-1",), Debt(D("1000.00"), D(0), D(0), D("0.5"), D("0.5")), D("0.12"), 62, "CNY")

    with pytest.raises(Refused) as refusal:
        proposals.quote(Customer(), dear, asked("payment_plan", FIRST, 12), date=TODAY, policy=POLICY)
    assert refusal.value.sentence == (
        "The 12 payments cost 16.60 % a year with everything, above the cap of 12 %: take fewer months or a smaller "
        "fee."
    )


def test_a_customer_has_one_arrangement_at_a_time_in_the_database_too(case: Case) -> None:
    made = factory.proposed(case, asked("payment_plan", FIRST), at=NOON)

    assert refused(case, asked("payment_plan", FIRST)) == "AR-C-1-1 is not over yet: withdraw it first."
    arrangements.withdraw(arrangement=made, reason="Wrong date", by=access.person("leo"), at=NOON)
    other = factory.proposed(case, asked("payment_plan", FIRST), at=NOON)
    with pytest.raises(IntegrityError, match="cases_arrangement_one_live"), transaction.atomic():
        Arrangement.objects.filter(pk=made.pk).update(status="proposed")
    assert (other.reference, Arrangement.objects.get(pk=made.pk).status) == ("AR-C-1-2", "withdrawn")


def test_no_signed_arrangement_without_its_approval_and_no_change_of_terms(case: Case) -> None:
    made = factory.proposed(case, asked("settlement", FIRST, 1, "300.00"), at=NOON)

    for changes in (
        {"status": "active", "signed_date": TODAY, "signed_at": NOON, "signature": "recording"},
        {"forgiven": D("400.00"), "total": D("600.00")},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Arrangement.objects.filter(pk=made.pk).update(**changes)


def test_what_is_forgiven_is_never_more_than_was_approved(case: Case) -> None:
    made = factory.signed(case, asked("settlement", FIRST, 1, "300.00"), at=NOON)

    with pytest.raises(IntegrityError, match="forgives"), transaction.atomic():
        Waiver.objects.create(
            reference="W-X", customer=made.customer, bill=Bill.objects.get(), amount=D("300.01"), waived_date=TODAY,
            forgives=True, approval=made.approval,
        )  # fmt: skip


def test_a_rejection_ends_the_proposal(case: Case) -> None:
    made = factory.proposed(case, asked("payment_plan", FIRST), at=NOON)
    approvals.decide(
        reference=made.approval.reference, verdict=Verdict.REJECT, reason="Too long", by=access.person("maya"), at=NOON
    )

    made.refresh_from_db()
    assert (made.status, made.ended_date) == ("rejected", TODAY)


def test_nobody_approves_what_they_proposed(case: Case) -> None:
    made = factory.proposed(case, asked("payment_plan", FIRST), at=NOON, by="maya")

    with pytest.raises(Forbidden):
        approvals.decide(reference=made.approval.reference, verdict=Verdict.APPROVE, by=access.person("maya"), at=NOON)


def test_money_between_proposal_and_approval_makes_it_void(case: Case) -> None:
    made = factory.proposed(case, asked("payment_plan", FIRST), at=NOON)
    bills.paid(case.customer, TODAY, "100.00")

    with pytest.raises(Refused):
        approvals.decide(reference=made.approval.reference, verdict=Verdict.APPROVE, by=access.person("maya"), at=NOON)
    made.refresh_from_db()
    assert made.status == "void"


def test_money_between_approval_and_signature_makes_it_void(case: Case) -> None:
    made = factory.approved(factory.proposed(case, asked("payment_plan", FIRST), at=NOON), at=NOON)
    bills.paid(case.customer, TODAY, "100.00")

    with pytest.raises(Refused, match="What is owed has changed since AR-C-1-1 was approved: propose it anew."):
        signing.sign_by_recording(arrangement=made, recording="REC", by=access.person("leo"), at=NOON)
    made.refresh_from_db()
    assert made.status == "void"


def test_what_nobody_signs_in_time_expires(case: Case) -> None:
    made = factory.approved(factory.proposed(case, asked("payment_plan", FIRST), at=NOON), at=NOON)

    assert judged(TODAY + 6 * DAY)["arrangements_expired"] == 0
    assert judged(TODAY + 7 * DAY)["arrangements_expired"] == 1
    assert [move.to_status for move in ArrangementMove.objects.filter(arrangement=made).order_by("pk")] == [
        "proposed", "approved", "expired",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("forgiven", "tier"), [("0.01", "T3"), ("2000.00", "T3"), ("20000.00", "T3"), ("20000.01", "T4")]
)
def test_forgiven_principal_needs_director_and_risk_and_above_that_a_committee(forgiven: str, tier: str) -> None:
    made = factory.proposed(owing("48000.00"), asked("settlement", FIRST, 1, forgiven), at=NOON, by="maya")

    assert made.approval.rule.tier == tier


@pytest.mark.parametrize(
    ("debt", "tier"),
    [("200.00", "T1"), ("200.01", "T2"), ("2000.00", "T2"), ("2000.01", "T3"), ("20000.00", "T3"), ("20000.01", "T4")],
)
def test_without_forgiving_the_debt_that_is_arranged_says_who_agrees(debt: str, tier: str) -> None:
    made = factory.proposed(owing(debt), asked("payment_plan", FIRST), at=NOON)

    assert (made.approval.amount, made.approval.rule.tier) == (D(debt), tier)
    assert [line.code for line in FORGIVING] == ["T1", "T2", "T3", "T4"]


@pytest.mark.parametrize(
    ("role", "kind", "days", "debt", "forgiven", "months", "allowed"),
    [
        ("agent", "payment_plan", 1, "20000.00", "0", 12, True),
        ("agent", "payment_plan", 0, "20000.00", "0", 12, False),
        ("agent", "payment_plan", 1, "20000.01", "0", 12, False),
        ("agent", "payment_plan", 1, "20000.00", "0", 13, False),
        ("agent", "settlement", 90, "100.00", "1.00", 1, False),
        ("senior_agent", "re_age", 30, "100.00", "0", 3, False),
        ("senior_agent", "re_age", 31, "100.00", "0", 3, True),
        ("senior_agent", "settlement", 60, "100.00", "30.00", 1, False),
        ("senior_agent", "settlement", 61, "100.00", "30.00", 1, True),
        ("senior_agent", "settlement", 61, "100.00", "30.01", 1, False),
        ("team_lead", "settlement", 31, "90000.00", "45000.00", 60, True),
        ("team_lead", "settlement", 31, "90000.00", "45000.01", 60, False),
        ("manager", "settlement", 31, "90000.00", "81000.00", 60, True),
        ("auditor", "payment_plan", 31, "10.00", "0", 1, False),
    ],
)
def test_age_balance_and_role_say_what_may_be_offered(
    role: str, kind: str, days: int, debt: str, forgiven: str, months: int, allowed: bool
) -> None:
    line = offers.may_offer(
        POLICY.offers,
        [role],
        kind=ArrangementKind(kind),
        days_past_due=days,
        debt=D(debt),
        forgiven=D(forgiven),
        months=months,
    )

    assert (line is not None) is allowed


def test_a_role_that_may_not_offer_it_is_told_so(case: Case) -> None:
    assert refused(case, asked("settlement", FIRST, 1, "300.00"), by="anna") == (
        "Your role may not propose this at 62 days past due for a debt of 1,000.00, with 300.00 forgiven: ask whoever "
        "is above you, or propose another kind."
    )


def test_what_is_not_affordable_is_refused_with_the_figures(case: Case) -> None:
    poor = Budget(D("2000.00"), D("900.00"), D("700.00"))

    assert refused(case, asked("hardship_plan", FIRST, 2), budget=poor) == (
        "500.00 a month is not affordable: debts would take 60.0 % of the income (at most 50 %) and leave -100.00 to "
        "live on (at least 1,000.00). Spread it over more months or agree a smaller sum."
    )
    assert factory.proposed(case, asked("hardship_plan", FIRST, 2), at=NOON, budget=BUDGET).kind == "hardship_plan"


def test_a_settlement_covers_the_late_fees_that_come_until_it_is_paid() -> None:
    case = owing(daily="0.0005")
    made = factory.signed(case, asked("settlement", FIRST, 1, "300.00"), at=NOON)
    assert (made.debt, made.late_fees_to_come, made.amount) == (D("1002.50"), D("5.00"), D("305.00"))

    bills.paid(case.customer, FIRST, "702.50")
    judged(FIRST)

    bill = Bill.objects.get()
    assert (bill.settled_date, bill.open_principal, bill.open_late_fee) == (FIRST, D("0.00"), D("0.00"))
    assert Waiver.objects.get().amount <= made.amount
    assert reconciliation.differences() == ()


def test_a_hardship_plan_gives_up_late_fees_alone() -> None:
    case = owing(daily="0.0005")
    made = factory.signed(case, asked("hardship_plan", FIRST, 2), at=NOON, budget=BUDGET)
    assert (made.total, made.forgiven, made.approval.facts["fees_only"]) == (D("1000.00"), D("2.50"), True)

    bills.paid(case.customer, FIRST, "500.00")
    bills.paid(case.customer, made.last_date, "500.00")
    judged(made.last_date)

    made.refresh_from_db()
    assert (made.status, Bill.objects.get().settled_date) == ("kept", made.last_date)
    assert reconciliation.differences() == ()


def test_a_re_age_is_the_ledgers_own_restructuring_once_it_is_signed(case: Case) -> None:
    made = factory.signed(case, asked("re_age", FIRST, 4), at=NOON)

    agreed = Restructuring.objects.get()
    dues = Bill.objects.get().instalments.filter(restructuring=agreed).order_by("number")
    assert (made.restructuring, agreed.approval) == (agreed, made.approval)
    assert [due.due_date for due in dues] == [part.due_date for part in made.parts.order_by("number")]
    assert reconciliation.differences() == ()


def test_an_arrangement_leaves_no_room_for_a_promise(case: Case) -> None:
    factory.signed(case, asked("payment_plan", FIRST), at=NOON)

    with pytest.raises(Refused, match="A signed arrangement says what is paid when"):
        contacts.record(
            case=case, outcome=Outcome.PROMISE, promise=(D("10.00"), TODAY), by=access.person("anna"), at=NOON
        )


def test_a_hold_that_stops_contacts_leaves_no_room_for_a_promise(case: Case) -> None:
    limits, past = Limits(12, 3), Past(0, 0, lead_agrees=True, is_arranged=False, hold="H-1")
    found = promises.fault(
        D("1.00"), TODAY, owed=D("5.00"), has_open=False, business_date=TODAY, rules=PromiseRules(30, 1),
        past=past, limits=limits,
    )  # fmt: skip

    assert found is Fault.HELD
    assert wording.promise_fault(
        found, amount=D("1.00"), date=TODAY, owed=D("5.00"), business_date=TODAY, within_days=30, limits=limits,
        hold="H-1",
    ) == "Hold H-1 stops collection: a promise waits until it is lifted."  # fmt: skip
    holds.impose(customer=case.customer, kind=HoldKind.DISPUTE, reason="Not mine", by=access.person("leo"), at=NOON)
    assert promises_before.past(case.customer_id, TODAY, lead_agrees=False).hold == "H-C-1-1"
