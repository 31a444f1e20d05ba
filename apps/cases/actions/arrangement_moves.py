"""An arrangement's step from one state to another, with what comes of it: holds, records, what is forgiven."""

import datetime as dt
from decimal import Decimal

from apps.bills.actions import posting
from apps.bills.models import Bill, Waiver, WaiverRevocation
from apps.bills.queries import fees
from apps.cases.domain import arrangements as rules
from apps.cases.domain import moves
from apps.cases.domain.arrangements import FORGIVING, ArrangementStatus
from apps.cases.models import Arrangement, ArrangementMove
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.money import ZERO


def locked(*, arrangement: Arrangement, by: Actor, at: dt.datetime) -> Arrangement:
    """The arrangement as it stands, nobody else changing it until the end of the transaction."""
    found = Arrangement.objects.select_for_update(of=("self",)).select_related("customer", "case", "approval")
    return found.get(pk=arrangement.pk)


def move(
    *,
    arrangement: Arrangement,
    to: ArrangementStatus,
    received: Decimal = ZERO,
    date: dt.date | None = None,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Let it become this; part of the caller's transaction and of its audit operation.

    `date` is the business day of the step, today's where none is given.
    """
    before, day = ArrangementStatus(arrangement.status), date or closing.business_date_at(at)
    arrangement.status = moves.move(rules.MOVES, before, to)
    arrangement.received = received
    arrangement.ended_date = None if to in rules.LIVE else day
    arrangement.save(update_fields=["status", "received", "ended_date"])
    note(arrangement=arrangement, before=before, date=day, by=by, at=at)
    if arrangement.kind in FORGIVING:
        if to == ArrangementStatus.KEPT:
            _forgive(arrangement, day, by, at)
        elif before == ArrangementStatus.KEPT:
            _revoke(arrangement, day, by, at)


def note(*, arrangement: Arrangement, before: str, date: dt.date | None = None, by: Actor, at: dt.datetime) -> None:
    """Keep the step in the arrangement's history."""
    ArrangementMove.objects.create(
        arrangement=arrangement,
        moved_date=date or closing.business_date_at(at),
        moved_at=at,
        from_status=before,
        to_status=arrangement.status,
        received=arrangement.received,
    )


def _forgive(arrangement: Arrangement, date: dt.date, by: Actor, at: dt.datetime) -> None:
    """Take what is still open on its bills out of the ledger, never more than was approved."""
    posting.lock(customers=[arrangement.customer_id], by=by, at=at)
    left = arrangement.amount
    opened = Bill.objects.filter(
        customer=arrangement.customer_id, reference__in=arrangement.bills, settled_date=None, written_off_date=None
    )
    turn = 1 + arrangement.approval.waivers.count()
    for number, bill in enumerate(fees.with_accrued(opened, date).order_by("issued_date", "pk")):
        amount = min(left, fees.owed_with_accrued(bill))
        if amount > 0:
            Waiver.objects.create(
                reference=f"W-{arrangement.approval.reference}-{turn + number}",
                customer_id=arrangement.customer_id,
                bill=bill,
                amount=amount,
                waived_date=date,
                forgives=True,
                approval=arrangement.approval,
            )
            left -= amount
    posting.post(customers=[arrangement.customer_id], by=by, at=at)


def _revoke(arrangement: Arrangement, date: dt.date, by: Actor, at: dt.datetime) -> None:
    """Owe again what was forgiven: the money for which it was given is not there any more."""
    posting.lock(customers=[arrangement.customer_id], by=by, at=at)
    standing = arrangement.approval.waivers.filter(revocation=None)
    WaiverRevocation.objects.bulk_create(WaiverRevocation(waiver=waiver, revoked_date=date) for waiver in standing)
    posting.post(customers=[arrangement.customer_id], by=by, at=at)
