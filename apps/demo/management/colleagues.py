"""What the cast does on a day: agents work the queue, ask for waivers, and others decide them."""

import datetime as dt
from random import Random

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.models import ApprovalRequest, User
from apps.bills.actions import waivers
from apps.bills.models import Bill
from apps.bills.queries import fees
from apps.core.domain.money import CENT
from apps.core.domain.refusal import Refused

DAYS_BETWEEN_WAIVERS = 5
SMALLEST_FEE = 2  # below it nobody asks


def work(*, date: dt.date, seed: int, at: dt.datetime) -> None:
    """Live a working day; the last waiver that was asked for is left waiting for its approver."""
    chance = Random(f"{seed}:work:{date}")
    cast = {user.username: user for user in User.objects.all()}
    if date.toordinal() % DAYS_BETWEEN_WAIVERS == 0:
        _decide_waivers(chance, cast, at)
        _ask_for_waiver(chance, cast["anna"], at)


def _ask_for_waiver(chance: Random, agent: User, at: dt.datetime) -> None:
    late = Bill.objects.filter(late_fee_posted__gte=SMALLEST_FEE, settled_date=None).select_related("customer")
    bills = list(late.order_by("reference")[:50])
    if not bills:
        return
    bill = chance.choice(bills)
    approvals.request(
        action=waivers.ACTION,
        subject=Subject("bill", bill.reference, bill.customer.reference),
        amount=max((fees.late_fee_owed(bill) / 2).quantize(CENT), CENT),
        payload={"bill": bill.reference},
        reason="Paid as soon as the salary came; asks for half of the late fee.",
        by=agent,
        at=at,
    )


def _decide_waivers(chance: Random, cast: dict[str, User], at: dt.datetime) -> None:
    for waiting in ApprovalRequest.objects.filter(status=RequestStatus.REQUESTED).order_by("pk"):
        says_yes = chance.random() < 0.7
        reason = "Reasonable." if says_yes else "Second request this quarter."
        approver = cast["leo"] if waiting.rule.approvers == ["team_lead"] else cast["maya"]
        verdict = Verdict.APPROVE if says_yes else Verdict.REJECT
        try:
            approvals.decide(reference=waiting.reference, verdict=verdict, reason=reason, by=approver, at=at)
        except Refused:  # the facts changed or the fee was paid meanwhile: the request is void or stays for a person
            continue
