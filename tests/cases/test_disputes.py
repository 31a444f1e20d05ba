"""Disputes: their clock, hold and mark at the bureau, who may decide one, and every move that is refused."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from apps.access.models import User
from apps.bills.models import Bill
from apps.cases.actions import disputes, holds, retention
from apps.cases.domain.disputes import DECISIONS, MOVES, RIGHT, DisputeStatus, Ground
from apps.cases.domain.holds import HoldKind
from apps.cases.models import Case, Dispute, Evidence, Hold
from apps.cases.queries import retention as kept
from apps.core.domain.refusal import Forbidden, Refused
from tests.cases.conftest import NOON, TODAY
from tests.factories import access
from tests.factories import cases as factory
from tests.factories.customers import customer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def leo(db: None) -> User:
    return access.person("leo")


@pytest.fixture
def maya(db: None) -> User:
    return access.person("maya")


def recorded(case: Case, by: User | None = None, **said: Any) -> Dispute:
    told: dict[str, Any] = {"ground": Ground.NOT_DELIVERED, "amount": Decimal("300.00"), "text": "It never came."}
    told |= said
    return disputes.record(customer=case.customer, by=by or access.person("anna"), at=NOON, **told)


def decided(dispute: Dispute, by: User, **said: Any) -> Dispute:
    told: dict[str, Any] = {"verdict": DisputeStatus.UPHELD, "answer": "You are right.", "correction": "WV-1"} | said
    return disputes.decide(dispute=dispute, by=by, at=NOON, **told)


def brought_to(status: DisputeStatus, dispute: Dispute, by: User) -> None:
    if status == DisputeStatus.EVIDENCE_WANTED:
        disputes.ask_for_evidence(dispute=dispute, reason="The tracking number.", by=by, at=NOON)
    elif status == DisputeStatus.WITHDRAWN:
        disputes.withdraw(dispute=dispute, reason="It came today.", by=by, at=NOON)
    elif status != DisputeStatus.RECEIVED:
        disputes.review(dispute=dispute, by=by, at=NOON)
        if status in DECISIONS:
            decided(dispute, by, verdict=status)


def test_a_dispute_has_twenty_days_a_hold_and_a_mark_at_the_bureau_until_it_is_decided(
    case: Case, leo: User, maya: User
) -> None:
    task = factory.task(case)
    bill = Bill.objects.get()
    dispute = recorded(case, received_date=TODAY - 2 * DAY, bills=[bill])
    task.refresh_from_db()

    assert (dispute.reference, dispute.case, dispute.due_date) == ("D-C-1-1", case, TODAY + 18 * DAY)
    assert (dispute.bureau_mark_from, dispute.bureau_mark_until) == (TODAY - 2 * DAY, None)
    assert (dispute.hold.kind, dispute.hold.cause, dispute.hold.status) == ("dispute", "D-C-1-1", "in_force")
    assert [one.bill for one in dispute.bills.all()] == [bill]
    assert task.status == "held"
    with pytest.raises(Refused, match="H-C-1-1 ends with D-C-1-1, for which it was placed"):
        holds.lift(hold=dispute.hold, reason="Enough.", by=leo, at=NOON)

    disputes.review(dispute=dispute, by=leo, at=NOON)
    done = decided(dispute, maya)

    task.refresh_from_db()
    assert (done.status, done.handler, done.ended_by) == ("upheld", maya, maya)
    assert (done.ended_date, done.bureau_mark_until, done.correction) == (TODAY, TODAY, "WV-1")
    assert Hold.objects.get().status == "lifted"
    assert task.status == "open"


def test_two_disputes_share_a_hold_which_ends_with_the_last(case: Case, leo: User) -> None:
    first, second = recorded(case), recorded(case, ground=Ground.QUALITY)
    assert first.hold == second.hold

    disputes.withdraw(dispute=first, reason="It came.", by=leo, at=NOON)
    assert Hold.objects.get().status == "in_force"
    disputes.withdraw(dispute=second, reason="Repaired.", by=leo, at=NOON)

    assert Hold.objects.get().status == "lifted"


def test_whoever_recorded_it_or_made_the_contact_does_not_decide_it(case: Case, leo: User, maya: User) -> None:
    made = factory.contact(case, outcome="dispute", recorded_by=leo)
    dispute = recorded(case, by=maya, contact=made)

    for person, sentence in (
        (leo, "made the contact in which it was disputed; somebody else decides."),
        (maya, "recorded the dispute; somebody else decides."),
    ):
        with pytest.raises(Forbidden, match=sentence):
            disputes.review(dispute=dispute, by=person, at=NOON)
    with pytest.raises(IntegrityError, match="handler_is_not_its_maker"), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(handler=maya)
    assert disputes.review(dispute=dispute, by=access.person("cora"), at=NOON).status == "under_review"


@pytest.mark.parametrize("status", list(DisputeStatus))
@pytest.mark.parametrize("to", list(DisputeStatus))
def test_every_move_that_is_not_drawn_is_refused(
    case: Case, leo: User, status: DisputeStatus, to: DisputeStatus
) -> None:
    if to == DisputeStatus.RECEIVED:
        assert all(to not in after for after in MOVES.values())
        return
    dispute = recorded(case)
    brought_to(status, dispute, leo)
    moves = {
        DisputeStatus.EVIDENCE_WANTED: lambda: disputes.ask_for_evidence(dispute=dispute, reason="x", by=leo, at=NOON),
        DisputeStatus.UNDER_REVIEW: lambda: disputes.review(dispute=dispute, by=leo, at=NOON),
        DisputeStatus.WITHDRAWN: lambda: disputes.withdraw(dispute=dispute, reason="x", by=leo, at=NOON),
        **{verdict: (lambda: decided(dispute, leo, verdict=to)) for verdict in DECISIONS},
    }

    if to in MOVES[status]:
        assert moves[to]().status == to
    else:
        with pytest.raises(Refused):
            moves[to]()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"text": " "}, "A dispute says what the customer contests."),
        ({"amount": Decimal(0)}, "A dispute is about an amount above zero."),
        ({"received_date": TODAY + DAY}, "2026-05-12 has not come yet: the business date is 2026-05-11."),
    ],
)
def test_a_dispute_that_says_too_little_is_refused(case: Case, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        recorded(case, **said)

    assert str(refusal.value) == sentence
    assert not Hold.objects.exists()


def test_a_bill_or_contact_of_another_is_refused(case: Case) -> None:
    other = Bill.objects.get()
    stranger = factory.case(customer())

    with pytest.raises(Refused, match="The bill or contact is not one of C-"):
        recorded(stranger, bills=[other])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"answer": " "}, "An answer says something."),
        ({"verdict": DisputeStatus.WITHDRAWN}, "A dispute is upheld, partly upheld or rejected."),
        *(
            ({"verdict": verdict, "correction": ""}, "What is upheld is put right: name the waiver")
            for verdict in sorted(RIGHT)
        ),
    ],
)
def test_a_decision_that_says_too_little_is_refused(case: Case, leo: User, said: dict[str, Any], sentence: str) -> None:
    dispute = disputes.review(dispute=recorded(case), by=leo, at=NOON)

    with pytest.raises(Refused, match=sentence):
        decided(dispute, leo, **said)


def test_documents_are_noted_while_it_is_open(case: Case, anna: User, leo: User) -> None:
    dispute = recorded(case)
    disputes.add_evidence(dispute=dispute, document="Carrier 4711", note="Lost.", by=anna, at=NOON)
    with pytest.raises(Refused, match="Say which document it is"):
        disputes.add_evidence(dispute=dispute, document=" ", by=anna, at=NOON)
    disputes.withdraw(dispute=dispute, reason="It came.", by=leo, at=NOON)

    with pytest.raises(Refused, match="Dispute D-C-1-1 is over; what is new is a new dispute"):
        disputes.add_evidence(dispute=dispute, document="More", by=anna, at=NOON)
    assert [one.document for one in dispute.evidence.all()] == ["Carrier 4711"]


def test_a_dispute_beside_a_hold_that_was_placed_by_hand_uses_it(case: Case, anna: User) -> None:
    hold = holds.place(customer=case.customer, kind=HoldKind.DISPUTE, reason="Says so.", by=anna, at=NOON)

    assert recorded(case).hold == hold


def test_an_erasure_waits_for_its_end_and_empties_it(case: Case, leo: User) -> None:
    dispute = disputes.review(dispute=recorded(case), by=leo, at=NOON)
    disputes.add_evidence(dispute=dispute, document="Carrier 4711", by=leo, at=NOON)
    Case.objects.update(status="closed", closed_date=TODAY, close_reason="cured")
    assert kept.objection(case.customer) == "Hold H-C-1-1 is in force."

    decided(dispute, leo)
    assert kept.objection(case.customer) is None
    retention.clear(case.customer, by=leo, at=NOON)

    dispute.refresh_from_db()
    assert (dispute.text, dispute.answer, Evidence.objects.get().document) == ("", "", "")
