"""Erasing a customer's personal data: a controlled action, executed by the approval that allows it."""

import datetime as dt
from decimal import Decimal

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.audit.actions import erasure as trail
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers import registry
from apps.customers.models import Customer
from apps.customers.queries import erasure as queries

ERASED = "—"  # in place of a name


def request(*, customer: Customer, reason: str, by: User, at: dt.datetime) -> ApprovalRequest:
    """Ask for a customer's personal data to be erased; refused while anything must be kept, and the second time."""
    with audit.operation("customers.request_erasure", by=by, at=at, on=customer, reason=reason) as op:
        _refuse(customer, at)
        if open_ := queries.asked(customer):
            words = {"customer": customer.reference, "reference": open_.reference}
            sentence = _("The erasure of %(customer)s is asked for already: %(reference)s.")
            raise Refused(sentence % words, code="erasure_asked_already")
        asked = approvals.request(
            action=queries.ACTION,
            subject=Subject(queries.SUBJECT, customer.reference, customer.reference),
            amount=Decimal("0.00"),
            payload={"customer": customer.reference},
            reason=reason,
            by=by,
            at=at,
        )
        op.sentence = f"Asked for the personal data of {customer.reference} to be erased, as {asked.reference}."
    return asked


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> int:
    """Erase what the approved request names, in our tables and beside the trail; returns how many values that were."""
    customer = Customer.objects.select_for_update().get(reference=request.payload["customer"])
    with audit.operation(queries.ACTION, by=by, at=at, on=customer, authority=f"approval:{request.reference}") as op:
        _refuse(customer, at)
        rows = sum(holder.clear(customer, by=by, at=at) for holder in registry.holders())
        rows += _clear(customer)
        values = trail.erase(subjects=queries.subjects(customer), ticket=request.reference, by=by, at=at)
        op.sentence = f"Erased the personal data of {customer.reference}: {rows} rows, {values} values of the trail."
        op.detail = {"rows": rows, "values": values}
    return values


def _clear(customer: Customer) -> int:
    """Empty what we keep ourselves; nobody is reached at a contact point any more."""
    customer.name, customer.identity, customer.profile = ERASED, "", ""
    customer.save(update_fields=["name", "identity", "profile"])
    points = list(customer.contact_points.select_for_update())
    for point in points:
        point.value, point.is_valid, point.consented_date = f"{ERASED}{point.pk}", False, None
        point.save(update_fields=["value", "is_valid", "consented_date"])
    return 1 + len(points)


def _refuse(customer: Customer, at: dt.datetime) -> None:
    for sentence in queries.objections(customer, at):
        raise Refused(sentence, code="not_erasable")
