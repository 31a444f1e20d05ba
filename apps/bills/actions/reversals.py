"""Taking money back as if it had never come: its entries are mirrored, what it touched is played again."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.domain.kinds import ReceiptStatus, ReversalReason
from apps.bills.models import Payout, Refund, Repayment
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

COLUMNS = ("repayment", "reason")  # of a file of reversals
OPTIONAL_COLUMNS = ("reversal", "note")
ACTIONS = {Repayment: "bills.reverse_repayment", Refund: "bills.reverse_refund", Payout: "bills.reverse_payout"}

Movement = Repayment | Refund | Payout


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a line of a file of reversals: `reversed`, `unchanged`, or `refused` with the sentence why."""

    row: int
    reference: str
    outcome: str
    sentence: str = ""


def take_file(
    *, lines: Iterable[tuple[int, Mapping[str, str]]], business_date: dt.date, by: Actor, at: dt.datetime
) -> list[Told]:
    """Reverse the repayments that a file names, each by itself; a line that cannot be is told with the reason."""
    told = []
    for row, line in lines:
        reference, key = line.get("repayment", ""), line.get("reversal") or None
        try:
            repayment = Repayment.objects.filter(reference=reference).first()
            if repayment is None:
                named = {"reference": reference}
                raise Refused(_("There is no repayment %(reference)s.") % named, code="repayment_unknown")
            before = repayment.status
            take_back(
                movement=repayment,
                reason=line.get("reason", ""),
                note=line.get("note", ""),
                reference=key,
                business_date=business_date,
                by=by,
                at=at,
            )
            told.append(Told(row, reference, "reversed" if before == ReceiptStatus.BOOKED else "unchanged"))
        except Refused as refusal:
            told.append(Told(row, reference, "refused", refusal.sentence))
    return told


def take_back(
    *,
    movement: Movement,
    reason: str,
    note: str = "",
    reference: str | None = None,
    business_date: dt.date,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Reverse a repayment, refund or payout once; the same reference with the same reason again changes nothing."""
    with audit.operation(ACTIONS[type(movement)], by=by, at=at, on=movement, reason=note or reason) as op:
        named = {"reference": movement.reference, "reason": reason}
        if reason not in set(ReversalReason):
            raise Refused(_("“%(reason)s” is not a reason to take money back.") % named, code="reason_unknown")
        posting.lock(customers=[movement.customer_id], by=by, at=at)
        if not _is_to_be_done(movement, reason, reference):
            op.sentence = f"{movement.reference} was reversed before under {reference}; nothing was booked."
            return
        movement.status = ReceiptStatus.REVERSED
        movement.reversed_date = business_date
        movement.reversal_reason = reason
        movement.reversal_reference = reference
        movement.save(update_fields=["status", "reversed_date", "reversal_reason", "reversal_reference"])
        posting.post(customers=[movement.customer_id], by=by, at=at)
        op.sentence = f"Reversed {movement.reference} of {movement.amount}: {note or reason}"
        op.detail = {"reason": reason, "reference": reference or ""}
    movement.refresh_from_db()


def _is_to_be_done(movement: Movement, reason: str, reference: str | None) -> bool:
    """Whether it still has to be reversed; refused where the reference or the reversal is another's."""
    movement.refresh_from_db()
    other = type(movement)._default_manager.filter(reversal_reference=reference).exclude(pk=movement.pk)
    if reference and other.exists():
        named = {"reference": reference}
        raise Refused(_("Reversal %(reference)s is known with other content.") % named, code="reference_taken")
    if movement.status == ReceiptStatus.BOOKED:
        return True
    if reference and movement.reversal_reference == reference:
        if movement.reversal_reason == reason:
            return False
        named = {"reference": reference}
        raise Refused(_("Reversal %(reference)s is known with other content.") % named, code="reference_taken")
    when = {"reference": movement.reference, "date": movement.reversed_date}
    raise Refused(_("%(reference)s was reversed already on %(date)s.") % when, code="reversed_already")
