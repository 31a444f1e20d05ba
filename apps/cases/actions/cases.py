"""Giving a case to somebody."""

import datetime as dt

from apps.access.domain.permissions import Permission
from apps.access.models import User
from apps.access.queries import people
from apps.audit import actions as audit
from apps.cases.domain.status import TO_DO, CaseStatus, StepKind
from apps.cases.models import Case
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.queries import walls


def assign(*, case: Case, to: User | None, by: Actor, at: dt.datetime) -> Case:
    """Give an open case, with what is to be done about it, to an agent, or back to its queue."""
    with audit.operation("cases.assign", by=by, at=at, on=case) as op:
        locked = Case.objects.select_for_update(of=("self",)).select_related("customer").get(pk=case.pk)
        if locked.status != CaseStatus.OPEN:
            raise Refused(_("Case %(case)s is closed.") % {"case": locked.reference}, code="case_closed")
        if to is not None and not people.holds(to, Permission.CASE_WORK):
            raise Refused(_("%(name)s does not work on cases.") % {"name": to.name}, code="assignee_permission")
        if to is not None and to.customer_reference and to.customer_reference == locked.customer.reference:
            raise Refused(_("Nobody works on their own account."), code="own_account")
        if to is not None and not walls.sees(to, locked.customer):
            words = {"case": locked.reference, "name": to.name}
            raise Refused(_("%(case)s lies behind a wall for %(name)s.") % words, code="walled")
        locked.owner = to
        locked.save(update_fields=["owner"])
        locked.tasks.filter(status__in=TO_DO, kind=StepKind.TASK).update(owner=to)
        op.sentence = f"Assigned {locked.reference} to {to.username}." if to else f"Unassigned {locked.reference}."
    return locked
