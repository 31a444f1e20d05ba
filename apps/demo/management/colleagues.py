"""What the cast does on a day: agents work the queue, ask for waivers, and others decide them; the outbox is sent."""

import datetime as dt
from decimal import Decimal
from random import Random

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.models import ApprovalRequest, User
from apps.bills.models import Bill
from apps.bills.queries import fees
from apps.bills.queries import waivers as rules
from apps.cases.actions import contacts, tasks
from apps.cases.domain.status import Outcome, PromiseStatus, StepKind
from apps.cases.models import Case, Task
from apps.core.domain.money import cents
from apps.core.domain.refusal import Refused
from apps.demo.management import disputes

QUEUES = {"anna": "agents", "bo": "agents", "sven": "senior-agents"}
CALLS_A_DAY = 6  # each: some tasks are left for the visitor
OUTCOMES = {
    Outcome.NO_ANSWER: 42,
    Outcome.PROMISE: 24,
    Outcome.RIGHT_PARTY: 14,
    Outcome.CALL_BACK: 10,
    Outcome.REFUSED_TO_PAY: 4,
    Outcome.WRONG_PARTY: 3,
    Outcome.HARDSHIP: 2,
    Outcome.DISPUTE: 1,
}
NOTES = {
    Outcome.PROMISE: "Will pay when the salary comes.",
    Outcome.RIGHT_PARTY: "Knows about the bill, wants to look at it first.",
    Outcome.CALL_BACK: "Busy, asks to be called again.",
    Outcome.REFUSED_TO_PAY: "Says the goods were not worth it.",
    Outcome.HARDSHIP: "Lost a job last month.",
    Outcome.DISPUTE: "Says the parcel never came.",
}
DAYS_BETWEEN_WAIVERS = 5
SMALLEST_FEE = 2  # below it nobody asks


def work(*, date: dt.date, seed: int, at: dt.datetime) -> None:
    """Live a working day; the last waivers that were asked for are left waiting for their approvers."""
    chance = Random(f"{seed}:work:{date}")
    cast = {user.username: user for user in User.objects.all()}
    for username, queue in QUEUES.items():
        _call(chance, cast[username], queue, date, at)
    disputes.decide(chance=chance, date=date, lead=cast["leo"], at=at)
    if date.toordinal() % DAYS_BETWEEN_WAIVERS == 0:
        _decide_waivers(chance, cast, at)
        late = _bills_with_fees()
        if late:
            _ask_for_waiver(
                late[0], fees.late_fee_owed(late[0]), "Was in hospital; asks for the whole late fee.", cast["anna"], at
            )
            bill = chance.choice(late)
            _ask_for_waiver(
                bill, fees.late_fee_owed(bill) / 2, "Paid late for the first time; asks for half of it.", cast["bo"], at
            )


def _call(chance: Random, agent: User, queue: str, date: dt.date, at: dt.datetime) -> None:
    for _ in range(CALLS_A_DAY):
        task = tasks.take_next(queue=queue, by=agent, at=at)
        if task is None or task.kind != StepKind.TASK:
            return
        _record(chance, task, agent, date, at)


def _record(chance: Random, task: Task, agent: User, date: dt.date, at: dt.datetime) -> None:
    case = Case.objects.get(pk=task.case_id)
    outcome = chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    has_promise = case.promises.filter(status=PromiseStatus.OPEN).exists()
    if outcome is Outcome.PROMISE and has_promise:
        outcome = Outcome.RIGHT_PARTY
    promise = (case.overdue_amount, date + dt.timedelta(chance.randrange(1, 8))) if outcome is Outcome.PROMISE else None
    try:
        made = contacts.record(
            case=case, outcome=outcome, note=NOTES.get(outcome, ""), promise=promise, by=agent, at=at
        )
    except Refused:  # the gate says no, or the money came this morning: the trail keeps the refusal
        return
    disputes.follow(contact=made, agent=agent, at=at)


def _bills_with_fees() -> list[Bill]:
    """Late bills, that with the largest late fee first."""
    late = Bill.objects.filter(open_late_fee__gte=SMALLEST_FEE, settled_date=None).select_related("customer")
    return list(late.order_by("-open_late_fee", "reference")[:50])


def _ask_for_waiver(bill: Bill, amount: Decimal, reason: str, agent: User, at: dt.datetime) -> None:
    approvals.request(
        action=rules.ACTION,
        subject=Subject(rules.SUBJECT, bill.reference, bill.customer.reference),
        amount=cents(amount),
        payload={"bill": bill.reference},
        reason=reason,
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
