"""What the bank says of debits: paid ones are booked once, failed ones keep why, returned ones are taken back."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from apps.audit import actions as audit
from apps.bills.actions import posting, repayments, suspense
from apps.bills.domain.debits import DebitStatus, Outcome
from apps.bills.domain.kinds import ReversalReason
from apps.bills.models import Debit, Repayment
from apps.bills.queries import inputs, references
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

CHANNEL = "auto_debit"
BATCH = 500  # results in one transaction


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the bank's answer, as it was given."""

    row: int
    reference: str
    amount: str
    result: str
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a line: taken as an outcome, known before, parked in suspense, or refused in a sentence."""

    row: int
    reference: str
    outcome: str
    sentence: str = ""


@dataclass(slots=True)
class Batch:
    """The debits that some results speak of, which of their references are taken, and those that came to be paid."""

    debits: dict[str, Debit]
    taken: set[str]
    paid: list[Debit] = field(default_factory=list)  # their repayments are not booked yet
    customers: set[int] = field(default_factory=set)


def take(*, results: Iterable[Result], business_date: dt.date, by: Actor, at: dt.datetime) -> list[Told]:
    """Take results line by line: a bad line is named and takes nothing, and holds up no other."""
    told: list[Told] = []
    batch: list[Result] = []
    for result in results:
        batch.append(result)
        if len(batch) == BATCH:
            told += _take_batch(batch, business_date, by, at)
            batch = []
    return told + (_take_batch(batch, business_date, by, at) if batch else [])


def _take_batch(batch: Sequence[Result], business_date: dt.date, by: Actor, at: dt.datetime) -> list[Told]:
    known = _known(batch)
    with audit.operation("bills.take_debit_results", by=by, at=at) as op:
        references.hold(alone=False)
        posting.lock(customers=sorted({debit.customer_id for debit in known.values()}), by=by, at=at)
        known = _known(batch)  # as they stand under the lock
        judged = Batch(known, references.booked_or_parked(known.keys()))
        told = [_judged(result, judged, business_date, by, at) for result in batch]
        _book(judged)
        if judged.customers:
            posting.post(customers=judged.customers, by=by, at=at)
        counts = {str(outcome): sum(line.outcome == outcome for line in told) for outcome in Outcome}
        op.detail = {**counts, "lines": len(batch)}
        op.sentence = f"Took {len(batch)} debit results: {counts['paid']} paid, {counts['failed']} failed."
    return [_parked(line, result, business_date, by, at) for line, result in zip(told, batch, strict=True)]


def _known(batch: Sequence[Result]) -> dict[str, Debit]:
    found = Debit.objects.filter(reference__in=[result.reference for result in batch])
    return {debit.reference: debit for debit in found.select_related("repayment", "bill")}


def _judged(result: Result, batch: Batch, business_date: dt.date, by: Actor, at: dt.datetime) -> Told:
    """Carry one line out, or say why not."""
    try:
        outcome = _carried_out(result, batch, business_date, by, at)
    except Refused as refusal:
        return Told(result.row, result.reference, "refused", refusal.sentence)
    return Told(result.row, result.reference, outcome)


def _carried_out(result: Result, batch: Batch, business_date: dt.date, by: Actor, at: dt.datetime) -> str:
    debit = batch.debits.get(result.reference)
    named = {"reference": result.reference, "result": result.result, "amount": result.amount}
    if result.result not in set(Outcome):
        raise Refused(_("“%(result)s” is no result: paid, failed or returned.") % named, code="result_unknown")
    if debit is None:
        raise Refused(_("There is no debit %(reference)s.") % named, code="debit_unknown")
    if inputs.amount(result.amount) != debit.amount:
        words = {**named, "instructed": debit.amount}
        sentence = _("Debit %(reference)s is of %(instructed)s, not of %(amount)s.") % words
        raise Refused(sentence, code="amount_other")
    outcome = Outcome(result.result)
    if _is_known(debit, outcome):
        return "unchanged"
    _refuse_contradiction(debit, outcome)
    if outcome is Outcome.PAID:
        _pay(debit, batch, business_date)
        return outcome
    if outcome is Outcome.RETURNED:
        _book(batch)  # a line before may have said that it was paid
        _bounce(debit, result, business_date, by, at)
    debit.status, debit.code, debit.reason = DebitStatus.FAILED, result.code[:20], result.reason[:200]
    debit.save(update_fields=["status", "code", "reason"])
    return outcome


def _is_known(debit: Debit, outcome: Outcome) -> bool:
    if outcome is Outcome.PAID:
        return debit.status == DebitStatus.PAID
    came = debit.repayment_id is not None
    return debit.status == DebitStatus.FAILED and came == (outcome is Outcome.RETURNED)


def _refuse_contradiction(debit: Debit, outcome: Outcome) -> None:
    """Whatever was answered is answered; only money that came may bounce."""
    named = {"reference": debit.reference}
    if outcome is Outcome.RETURNED:
        if debit.status != DebitStatus.PAID:
            raise Refused(_("Debit %(reference)s was not paid, so it cannot come back.") % named, code="not_paid")
    elif debit.status == DebitStatus.PAID:
        raise Refused(_("Debit %(reference)s was paid already.") % named, code="paid_already")
    elif debit.status == DebitStatus.FAILED:
        raise Refused(_("Debit %(reference)s failed already.") % named, code="failed_already")


def _pay(debit: Debit, batch: Batch, business_date: dt.date) -> None:
    """Take the money as received on the day of the debit, for the bill that asked for it; booked with the batch."""
    inputs.day(debit.debit_date, business_date)
    named = {"reference": debit.reference}
    if debit.reference in batch.taken:
        raise Refused(_("Repayment %(reference)s is known with other content.") % named, code="reference_taken")
    debit.repayment = Repayment(
        reference=debit.reference,
        customer_id=debit.customer_id,
        bill_id=debit.bill_id,
        amount=debit.amount,
        received_date=debit.debit_date,
        channel=CHANNEL,
    )
    debit.status = DebitStatus.PAID
    batch.paid.append(debit)
    batch.taken.add(debit.reference)


def _book(batch: Batch) -> None:
    """Book what was paid so far: the repayments, and the debits with them."""
    if not batch.paid:
        return
    Repayment.objects.bulk_create([debit.repayment for debit in batch.paid if debit.repayment is not None])
    made = Repayment.objects.filter(reference=OuterRef("reference")).values("pk")
    paid = Debit.objects.filter(pk__in=[debit.pk for debit in batch.paid])
    paid.update(status=DebitStatus.PAID, repayment=Subquery(made))
    batch.customers.update(debit.customer_id for debit in batch.paid)
    batch.paid.clear()


def _bounce(debit: Debit, result: Result, business_date: dt.date, by: Actor, at: dt.datetime) -> None:
    """Take the money back as if it had never come, unless somebody did by hand."""
    repayment = debit.repayment
    if repayment is not None and repayment.reversed_date is None:
        note = " ".join(part for part in (result.code, result.reason) if part) or Outcome.RETURNED
        repayments.reverse(
            repayment=repayment, reason=ReversalReason.BOUNCED, note=note, business_date=business_date, by=by, at=at
        )


def _parked(told: Told, result: Result, business_date: dt.date, by: Actor, at: dt.datetime) -> Told:
    """Money that came under a debit that we do not know waits in suspense, so that it is not lost."""
    if told.outcome != "refused" or result.result != Outcome.PAID or not 0 < len(result.reference) <= 40:
        return told
    if Debit.objects.filter(reference=result.reference).exists():
        return told
    try:
        suspense.park(
            reference=result.reference,
            amount=inputs.amount(result.amount),
            received_date=business_date,
            business_date=business_date,
            channel=CHANNEL,
            by=by,
            at=at,
        )
    except Refused as refusal:
        return Told(told.row, told.reference, "refused", refusal.sentence)
    return Told(told.row, told.reference, "parked", told.sentence)
