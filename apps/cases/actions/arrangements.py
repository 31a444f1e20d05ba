"""Arrangements: proposed, approved, withdrawn, ended with their request; money and the signature are elsewhere."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.approval import RequestStatus
from apps.access.domain.permissions import Permission
from apps.access.models import ApprovalRequest, User
from apps.access.queries import people
from apps.audit import actions as audit
from apps.cases.actions import arrangement_moves as moves
from apps.cases.domain.arrangements import ArrangementKind, ArrangementStatus
from apps.cases.domain.calculator import Asked, Budget, Quote
from apps.cases.domain.status import CaseStatus
from apps.cases.models import Arrangement, ArrangementPart, Case
from apps.cases.queries import arrangements as queries
from apps.cases.queries import proposals
from apps.cases.queries.arrangements import Owing
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.money import percent
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer
from apps.customers.queries import walls

ACTION = queries.ACTION
ENDED = {
    RequestStatus.REJECTED: ArrangementStatus.REJECTED,
    RequestStatus.WITHDRAWN: ArrangementStatus.WITHDRAWN,
    RequestStatus.EXPIRED: ArrangementStatus.EXPIRED,
    RequestStatus.VOID: ArrangementStatus.VOID,
}


def propose(
    *, case: Case, asked: Asked, budget: Budget | None = None, reason: str, by: User, at: dt.datetime
) -> Arrangement:
    """Propose an arrangement about everything that the customer of an open case owes, and ask for its approval."""
    with audit.operation("cases.propose_arrangement", by=by, at=at, on=case, reason=reason) as op:
        customer = Customer.objects.select_for_update().get(pk=case.customer_id)  # one proposal after the other
        case = Case.objects.select_related("customer").get(pk=case.pk)
        _check_maker(case, by)
        date = closing.business_date_at(at)
        policy, owing = queries.policy(date), queries.owing(customer, date)
        if found := queries.live(customer):
            words = {"reference": found.reference}
            raise Refused(_("%(reference)s is not over yet: withdraw it first.") % words, code="arranged_already")
        quote = proposals.quote(customer, owing, asked, date=date, policy=policy)
        proposals.check_authority(quote, owing, people.roles_of(by), policy)
        proposals.check_affordable(quote, budget, policy)
        reference = f"AR-{customer.reference}-{1 + customer.arrangements.count()}"
        request = approvals.request(
            action=ACTION,
            subject=Subject(queries.SUBJECT, reference, customer.reference),
            amount=quote.controlled,
            payload=_payload(reference, case, owing, quote),
            reason=reason,
            by=by,
            at=at,
        )
        made = Arrangement.objects.create(
            reference=reference,
            customer=customer,
            case=case,
            kind=asked.kind,
            bills=list(owing.bills),
            days_past_due=owing.days_past_due,
            debt=quote.debt,
            forgiven=quote.forgiven,
            late_fees_to_come=quote.late_fees_to_come,
            fee=quote.fee,
            total=quote.total,
            amount=quote.controlled,
            annual_cost=quote.annual_cost,
            monthly_fee_rate=asked.monthly_fee_rate,
            grace_days=policy.grace_days,
            first_date=quote.parts[0].due_date,
            last_date=quote.parts[-1].due_date,
            reason=reason.strip(),
            proposed_by=by,
            proposed_date=date,
            proposed_at=at,
            approval=request,
            **(asdict(budget) if budget else {}),
        )
        ArrangementPart.objects.bulk_create(
            ArrangementPart(arrangement=made, number=part.number, due_date=part.due_date, amount=part.amount)
            for part in quote.parts
        )
        moves.note(arrangement=made, before="", by=by, at=at)
        op.on = made
        op.sentence = f"Proposed {made.reference} ({made.kind}): {made.total} for a debt of {made.debt}."
        op.detail = {"arrangement": reference, "request": request.reference, "forgiven": str(made.forgiven)}
    return made


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> Arrangement:
    """Let the customer sign the arrangement that an approved request names."""
    found = Arrangement.objects.get(reference=request.payload["arrangement"])
    with audit.operation(ACTION, by=by, at=at, on=found, authority=f"approval:{request.reference}") as op:
        current = moves.locked(arrangement=found, by=by, at=at)
        date = closing.business_date_at(at)
        current.sign_by_date = date + dt.timedelta(queries.policy(date).signing_days)
        current.save(update_fields=["sign_by_date"])
        moves.move(arrangement=current, to=ArrangementStatus.APPROVED, by=by, at=at)
        op.sentence = f"Approved {current.reference}, to be signed by {current.sign_by_date}."
    return current


def end_request(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> None:
    """Let a proposal end as its request ended; part of the caller's operation."""
    found = Arrangement.objects.filter(approval=request).first()
    if found is not None:
        current = moves.locked(arrangement=found, by=by, at=at)
        moves.move(arrangement=current, to=ENDED[RequestStatus(request.status)], by=by, at=at)


def withdraw(*, arrangement: Arrangement, reason: str, by: User, at: dt.datetime) -> Arrangement:
    """Take back what is not signed: whoever proposed it, or a lead."""
    with audit.operation("cases.withdraw_arrangement", by=by, at=at, on=arrangement, reason=reason) as op:
        if not reason.strip():
            raise Refused(_("Taking an arrangement back needs a reason."), code="reason_missing")
        current = moves.locked(arrangement=arrangement, by=by, at=at)
        walls.must_see(by, current.customer_id, current.reference)
        mine = current.proposed_by_id == by.pk
        if current.status == ArrangementStatus.PROPOSED:
            if not mine:
                raise Forbidden(
                    _("Only whoever proposed it takes a proposal back; others reject it."), code="not_maker"
                )
            approvals.withdraw(reference=current.approval.reference, by=by, at=at)
            current.refresh_from_db()
        else:
            if not mine and not people.holds(by, Permission.CASE_ASSIGN):
                raise Forbidden(_("Whoever proposed it or a lead takes an arrangement back."), code="not_maker")
            moves.move(arrangement=current, to=ArrangementStatus.WITHDRAWN, by=by, at=at)
        op.sentence = f"Took {current.reference} back."
    return current


def _check_maker(case: Case, by: User) -> None:
    walls.must_work_on(by, case.customer, case.reference)
    if case.status != CaseStatus.OPEN:
        raise Refused(_("Case %(case)s is closed.") % {"case": case.reference}, code="case_closed")


def _payload(reference: str, case: Case, owing: Owing, quote: Quote) -> dict[str, Any]:
    """What the approver sees, and what the request is for."""
    debt = owing.debt
    gives_principal = quote.given_up > debt.fees + debt.late_fees + quote.late_fees_to_come
    return {
        "arrangement": reference,
        "case": case.reference,
        "customer": case.customer.reference,
        "arrangement_kind": quote.asked.kind.value,
        "bills": list(owing.bills),
        "days_past_due": owing.days_past_due,
        "debt": str(quote.debt),
        "forgiven": str(quote.forgiven),
        "late_fees_to_come": str(quote.late_fees_to_come),
        "total": str(quote.total),
        "payments": len(quote.parts),
        "first_payment_date": quote.parts[0].due_date.isoformat(),
        "last_payment_date": quote.parts[-1].due_date.isoformat(),
        "annual_cost": percent(quote.annual_cost, 2),
        "fees_only": quote.asked.kind is not ArrangementKind.SETTLEMENT or not gives_principal,
    }
