"""Ways to reach a customer: added, agreed to, given up."""

import datetime as dt

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer
from apps.customers.models.people import contact_index


def add(
    *,
    customer: Customer,
    kind: ContactKind,
    value: str,
    by: Actor,
    at: dt.datetime,
    consented_date: dt.date | None = None,
) -> ContactPoint:
    """Add a number, address or account; refused where the customer has it already."""
    with audit.operation("customers.add_contact_point", by=by, at=at, on=customer) as op:
        point, is_new = ContactPoint.objects.get_or_create(
            customer=customer,
            kind=kind,
            value_index=contact_index(kind, value),
            defaults={"value": value.strip(), "consented_date": consented_date},
        )
        if not is_new:
            raise Refused(_("The customer has this contact point already."), code="contact_point_exists")
        op.sentence = f"Added a contact point ({kind}) to {customer.reference}."
        op.detail = {"contact_point": point.pk}
    return point


def agree(*, point: ContactPoint, date: dt.date, by: Actor, at: dt.datetime) -> None:
    """Note that the customer agreed on the date to be written to there."""
    _change(point, "customers.agree_to_contact", "Noted consent to", by, at, consented_date=date)


def withdraw(*, point: ContactPoint, by: Actor, at: dt.datetime) -> None:
    """Note that the customer does not want to be written to there any more: an opt-out."""
    _change(point, "customers.withdraw_consent", "Withdrew consent to", by, at, consented_date=None)


def give_up(*, point: ContactPoint, by: Actor, at: dt.datetime) -> None:
    """Note that nobody can be reached there: a wrong number, a mailbox that does not exist."""
    _change(point, "customers.give_up_contact_point", "Gave up", by, at, is_valid=False)


def _change(point: ContactPoint, action: str, verb: str, by: Actor, at: dt.datetime, **fields: object) -> None:
    with audit.operation(action, by=by, at=at, on=point) as op:
        locked = ContactPoint.objects.select_for_update(of=("self",)).select_related("customer").get(pk=point.pk)
        for name, value in fields.items():
            setattr(locked, name, value)
            setattr(point, name, value)
        locked.save(update_fields=list(fields))
        op.sentence = f"{verb} a contact point ({locked.kind}) of {locked.customer.reference}."
