"""Showing one personal value to one person, for a reason."""

import datetime as dt

from django.conf import settings
from django.db.models import Model

from apps.access.models import User
from apps.audit import actions as audit
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer, Reveal
from apps.customers.queries import reveals as queries

ACTION = "personal.reveal"


def reveal(*, of: Model, field: str, reason: str, by: User, at: dt.datetime) -> str:
    """The value in the clear, counted and recorded before it is handed over; refused without a reason.

    `field` names a sealed column of the row, or of one that belongs to it: `queries.value_of` says which there are.
    """
    with audit.operation(ACTION, by=by, at=at, on=of, reason=reason.strip()) as op:
        if not reason.strip():
            raise Refused(_("A personal value is shown for a reason: say which."), code="reason_missing")
        if isinstance(of, Customer) and by.customer_reference == of.reference:
            raise Forbidden(_("Nobody has the data of their own account shown."), code="own_account")
        value = queries.value_of(of, field)
        shown = value.clear
        subject = f"{of._meta.label_lower}:{of.pk}"
        Reveal.objects.create(subject=subject, field=field, revealed_by=by, revealed_at=at)
        count = queries.count_of(by, at)
        op.detail = {"field": field, "within_hour": count, "above_rate": count > settings.REVEALS_PER_HOUR}
        op.sentence = f"Had {field} of {of} shown, the {count}. value within an hour."
    return shown
