"""Taking money back as if it had never come: its entries are mirrored, what it touched is played again."""

import datetime as dt

from django.utils.translation import gettext as _

from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.domain.kinds import ReceiptStatus, ReversalReason
from apps.bills.models import Refund, Repayment
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused

ACTIONS = {Repayment: "bills.reverse_repayment", Refund: "bills.reverse_refund"}


def take_back(
    *,
    receipt: Repayment | Refund,
    reason: str,
    note: str = "",
    reference: str | None = None,
    business_date: dt.date,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Reverse a repayment or a refund once; the same reference with the same reason again changes nothing."""
    with audit.operation(ACTIONS[type(receipt)], by=by, at=at, on=receipt, reason=note or reason) as op:
        named = {"reference": receipt.reference, "reason": reason}
        if reason not in set(ReversalReason):
            raise Refused(_("“%(reason)s” is not a reason to take money back.") % named, code="reason_unknown")
        posting.lock(customers=[receipt.customer_id], by=by, at=at)
        if not _is_to_be_done(receipt, reason, reference):
            op.sentence = f"{receipt.reference} was reversed before under {reference}; nothing was booked."
            return
        receipt.status = ReceiptStatus.REVERSED
        receipt.reversed_date = business_date
        receipt.reversal_reason = reason
        receipt.reversal_reference = reference
        receipt.save(update_fields=["status", "reversed_date", "reversal_reason", "reversal_reference"])
        posting.post(customers=[receipt.customer_id], by=by, at=at)
        op.sentence = f"Reversed {receipt.reference} of {receipt.amount}: {note or reason}"
        op.detail = {"reason": reason, "reference": reference or ""}
    receipt.refresh_from_db()


def _is_to_be_done(receipt: Repayment | Refund, reason: str, reference: str | None) -> bool:
    """Whether it still has to be reversed; refused where the reference or the reversal is another's."""
    receipt.refresh_from_db()
    other = type(receipt)._default_manager.filter(reversal_reference=reference).exclude(pk=receipt.pk)
    if reference and other.exists():
        named = {"reference": reference}
        raise Refused(_("Reversal %(reference)s is known with other content.") % named, code="reference_taken")
    if receipt.status == ReceiptStatus.BOOKED:
        return True
    if reference and receipt.reversal_reference == reference:
        if receipt.reversal_reason == reason:
            return False
        named = {"reference": reference}
        raise Refused(_("Reversal %(reference)s is known with other content.") % named, code="reference_taken")
    when = {"reference": receipt.reference, "date": receipt.reversed_date}
    raise Refused(_("%(reference)s was reversed already on %(date)s.") % when, code="reversed_already")
