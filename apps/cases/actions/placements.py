"""Placing a case with an agency, a controlled action, and recalling it, which needs nobody's leave."""

import datetime as dt

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.models import Agency, ApprovalRequest, User
from apps.audit import actions as audit
from apps.cases.domain.status import TO_DO, CaseStatus
from apps.cases.models import Case
from apps.cases.queries import placements as queries
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Placement
from apps.customers.queries import walls

ACTION = queries.ACTION


def request(*, case: Case, agency: Agency, reason: str, by: User, at: dt.datetime) -> ApprovalRequest:
    """Ask for a case to be placed with an agency; the amount is what the customer owes."""
    with audit.operation("cases.request_placement", by=by, at=at, on=case, reason=reason) as op:
        _check(case, agency)
        asked = approvals.request(
            action=ACTION,
            subject=Subject(queries.SUBJECT, case.reference, case.customer.reference),
            amount=case.balance,
            payload={"case": case.reference, "agency": agency.code},
            reason=reason,
            by=by,
            at=at,
        )
        op.sentence = f"Asked for {case.reference} to be placed with {agency.code}, as {asked.reference}."
    return asked


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> Placement:
    """Place the case that an approved request names: from now on the agency's people see its customer."""
    case = (
        Case.objects.select_for_update(of=("self",)).select_related("customer").get(reference=request.payload["case"])
    )
    agency = Agency.objects.get(code=request.payload["agency"])
    with audit.operation(ACTION, by=by, at=at, on=case, authority=f"approval:{request.reference}") as op:
        _check(case, agency)
        made = Placement.objects.create(
            reference=f"PL-{request.reference}",
            customer_id=case.customer_id,
            agency=agency,
            approval=request,
            placed_at=at,
        )
        _free(case)
        op.sentence = f"Placed {case.reference} with {agency.code}."
    return made


def recall(*, placement: Placement, reason: str, by: User, at: dt.datetime) -> Placement:
    """Take a customer back from an agency: its people see nothing of it from now on."""
    with audit.operation("cases.recall", by=by, at=at, on=placement, reason=reason) as op:
        locked = Placement.objects.select_for_update(of=("self",)).select_related("customer", "agency")
        found = locked.get(pk=placement.pk)
        walls.must_see(by, found.customer, found.reference)
        if not reason.strip():
            raise Refused(_("A recall needs a reason."), code="reason_missing")
        if found.recalled_at is not None:
            raise Refused(_("%(placement)s is recalled already.") % {"placement": found.reference}, code="recalled")
        found.recalled_at, found.recalled_by, found.reason = at, by.actor_id, reason.strip()
        found.save(update_fields=["recalled_at", "recalled_by", "reason"])
        for case in Case.objects.select_for_update().filter(customer=found.customer_id, status=CaseStatus.OPEN):
            _free(case)
        op.sentence = f"Recalled {found.customer.reference} from {found.agency.code}."
    return found


def _check(case: Case, agency: Agency) -> None:
    words = {"case": case.reference, "agency": agency.name}
    if case.status != CaseStatus.OPEN:
        raise Refused(_("Case %(case)s is closed.") % words, code="case_closed")
    if not agency.is_listed:
        raise Refused(_("%(agency)s is not on the white list of agencies.") % words, code="agency_struck")
    if placed := queries.standing(case):
        words["agency"] = placed.agency.name
        raise Refused(_("%(case)s is placed with %(agency)s already.") % words, code="placed_already")


def _free(case: Case) -> None:
    """Let the case belong to nobody, with its open tasks: whoever had it is on the other side of the wall now."""
    case.owner = None
    case.save(update_fields=["owner"])
    case.tasks.filter(status__in=TO_DO).update(owner=None)
