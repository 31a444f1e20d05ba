"""What follows a call that ended in a dispute or a hardship, and how the lead decides it some days later."""

import datetime as dt
from random import Random

from apps.access.models import User
from apps.cases.actions import disputes, holds
from apps.cases.domain.disputes import DisputeStatus, Ground
from apps.cases.domain.holds import HoldKind
from apps.cases.domain.status import Outcome
from apps.cases.models import Contact, Dispute

DAYS_OF_REVIEW = 6
VERDICTS = {
    DisputeStatus.REJECTED: ("The carrier shows a signature.", ""),
    DisputeStatus.PARTLY_UPHELD: ("Half of the goods came.", "Refund by the shop"),
}


def follow(*, contact: Contact, agent: User, at: dt.datetime) -> None:
    """Open what the contact leads to."""
    case = contact.case
    if contact.outcome == Outcome.DISPUTE:
        disputes.record(
            customer=case.customer,
            ground=Ground.NOT_DELIVERED,
            amount=case.overdue_amount,
            text="Says the parcel never came.",
            contact=contact,
            by=agent,
            at=at,
        )
    elif contact.outcome == Outcome.HARDSHIP:
        holds.place(customer=case.customer, kind=HoldKind.HARDSHIP, reason="Lost a job last month.", by=agent, at=at)


def decide(*, chance: Random, date: dt.date, lead: User, at: dt.datetime) -> None:
    """Decide the disputes that waited some days; the younger ones are left for the visitor."""
    waiting = Dispute.objects.filter(ended_date=None, received_date__lte=date - dt.timedelta(DAYS_OF_REVIEW))
    for dispute in waiting.order_by("pk"):
        verdict = chance.choice(list(VERDICTS))
        answer, correction = VERDICTS[verdict]
        disputes.review(dispute=dispute, by=lead, at=at)
        disputes.decide(dispute=dispute, verdict=verdict, answer=answer, correction=correction, by=lead, at=at)
