"""Auto-debit: mandates agreed and revoked, debits instructed by the close, withdrawn by hand, and told to the bank."""

import datetime as dt
from typing import Any

from django.db import connection

from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.domain import debits
from apps.bills.domain.debits import DebitStatus
from apps.bills.models import Debit, Mandate
from apps.bills.queries import debits as queries
from apps.closing.registry import StepContext
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer


def instruct(context: StepContext) -> dict[str, int]:
    """Instruct the next day's debits; due dates that fall beyond the published working days are left and counted."""
    debit_date = context.date + debits.DAY
    due = debits.due_dates(debit_date)
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "debit_date": debit_date,
            "due_dates": list(due.dates),
            "partition": context.partition,
            "partitions": context.partitions,
        }
        cursor.execute(sql.load("bills", "instruct_debits"), parameters)
        rows: int = cursor.rowcount
    return {"rows": rows} if due.unpublished is None else {"rows": rows, f"no_working_days_of_{due.unpublished}": 1}


def agree(
    *, customer: Customer, bank: str, account_token: str, agreed_date: dt.date, by: Actor, at: dt.datetime
) -> Mandate:
    """Note a customer's leave to debit an account; a customer has one at a time."""
    with audit.operation("bills.agree_mandate", by=by, at=at, on=customer) as op:
        posting.lock(customers=[customer.pk], by=by, at=at)
        if debits.is_full_number(account_token):
            sentence = _("This looks like a whole account number. Give the token that the bank knows the account by.")
            raise Refused(sentence, code="account_number")
        latest = customer.mandates.order_by("-agreed_date", "-pk").first()
        if latest and (latest.revoked_date is None or latest.revoked_date > agreed_date):
            words = {"reference": latest.reference, "date": latest.agreed_date}
            sentence = _("Mandate %(reference)s of %(date)s holds already; revoke it first.") % words
            raise Refused(sentence, code="mandate_holds")
        mandate = Mandate.objects.create(
            reference=f"M-{customer.reference}-{1 + customer.mandates.count()}",
            customer=customer,
            bank=bank.strip(),
            account_token=account_token.strip(),
            agreed_date=agreed_date,
        )
        op.on = mandate
        op.sentence = f"{customer.reference} agreed to debits by {mandate.reference}."
    return mandate


def revoke(*, mandate: Mandate, business_date: dt.date, by: Actor, at: dt.datetime) -> Mandate:
    """End a mandate today and withdraw what was instructed under it and is not over."""
    with audit.operation("bills.revoke_mandate", by=by, at=at, on=mandate) as op:
        posting.lock(customers=[mandate.customer_id], by=by, at=at)
        current = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if current.revoked_date is not None:
            words = {"reference": current.reference, "date": current.revoked_date}
            raise Refused(_("Mandate %(reference)s was revoked already on %(date)s.") % words, code="revoked_already")
        current.revoked_date = max(business_date, current.agreed_date)
        current.save(update_fields=["revoked_date"])
        waiting = current.debits.filter(status=DebitStatus.INSTRUCTED)
        withdrawn = waiting.update(status=DebitStatus.WITHDRAWN, reason="mandate revoked")
        op.sentence = f"Revoked {current.reference}; {withdrawn} debits were withdrawn."
    return current


def withdraw(*, debit: Debit, reason: str, by: Actor, at: dt.datetime) -> Debit:
    """Take an instruction back before the bank has answered it; money that comes all the same is booked."""
    with audit.operation("bills.withdraw_debit", by=by, at=at, on=debit, reason=reason) as op:
        if not reason.strip():
            raise Refused(_("Say why the debit is withdrawn."), code="reason_missing")
        posting.lock(customers=[debit.customer_id], by=by, at=at)
        current = Debit.objects.select_for_update(of=("self",)).get(pk=debit.pk)
        if current.status != DebitStatus.INSTRUCTED:
            named = {"reference": current.reference}
            raise Refused(_("Debit %(reference)s is answered or withdrawn already.") % named, code="not_waiting")
        current.status, current.reason = DebitStatus.WITHDRAWN, reason.strip()
        current.save(update_fields=["status", "reason"])
        op.sentence = f"Withdrew debit {current.reference} of {current.amount}: {reason}"
    return current


def export(*, date: dt.date, by: Actor, at: dt.datetime) -> str:
    """The debit file of a day, noted in the trail with its size; the same debits make the same file."""
    with audit.operation("bills.export_debits", by=by, at=at) as op:
        instructions = queries.instructions(date)
        text = debits.file(instructions)
        op.sentence = f"Wrote the debit file of {date}: {len(instructions)} debits."
        op.detail = {"date": date.isoformat(), "debits": len(instructions), "end": text.splitlines()[-1]}
    return text
