"""Requests for controlled actions by the reference under which they were asked for: one reference is one request."""

from decimal import Decimal
from typing import Any

from django.db import connection

from apps.access.models import ApprovalRequest
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

LOCK = 7_220_454  # advisory: who asks under one reference takes turns


def under(action: str, reference: str) -> ApprovalRequest | None:
    """The request that was made under this reference; none without one."""
    return ApprovalRequest.objects.filter(action=action, payload__reference=reference).first() if reference else None


def before(action: str, payload: dict[str, Any], amount: Decimal | None = None) -> ApprovalRequest | None:
    """The request that was made under the payload's reference, held for the transaction; refused where it was another.

    An amount counts as content where it is asked for and does not follow from the rest.
    """
    reference = payload["reference"]
    if not reference:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, f"{action} {reference}"])
    known = under(action, reference)
    if known is not None and (known.payload != payload or amount not in (None, known.amount)):
        named = {"reference": reference}
        raise Refused(_("Request %(reference)s is known with other content.") % named, code="reference_taken")
    return known


def said_again(known: ApprovalRequest) -> str:
    """What the trail says of it."""
    return f"{known.payload['reference']} was asked for before as {known.reference}; nothing was changed."
