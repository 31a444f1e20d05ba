"""A plan before it is agreed: what would fall due when, beside what does now; refused where it cannot be."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from apps.bills.domain import account, restructuring
from apps.bills.domain.aging import days_past_due
from apps.bills.domain.facts import RestructuringFact
from apps.bills.domain.kinds import Component, RestructuringKind
from apps.bills.domain.pauses import late_since
from apps.bills.domain.restructuring import LONGEST, PLANS
from apps.bills.domain.state import Account, BillState, Due
from apps.bills.models import Bill, Restructuring
from apps.bills.queries import caps, facts
from apps.core.domain.dates import add_months
from apps.core.domain.money import ZERO
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer

NEW = -1  # the key of an agreement that is not made yet


@dataclass(frozen=True, slots=True)
class Line:
    """What of a bill falls due when."""

    bill: str
    due_date: dt.date
    amount: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True)
class Preview:
    """What falls due now and what would, what is open in all, and what the plan would charge."""

    fact: RestructuringFact
    before: tuple[Line, ...]
    after: tuple[Line, ...]
    principal: Decimal
    fee: Decimal
    plan_fee: Decimal
    bills: tuple[str, ...]
    days_past_due: int

    @property
    def amount(self) -> Decimal:
        """What is open and falls due anew."""
        return self.principal + self.fee


def preview(customer: Customer, bill: Bill | None, asked: dict[str, Any], date: dt.date) -> Preview:
    """What an agreement of the day would do: `asked` holds the kind and what belongs to it."""
    _check_bill(bill)
    fact = _fact(bill, asked, date)
    _check_shape(fact)
    _check_second(customer, bill, date)
    accepted = facts.of([customer.pk])[customer.pk]
    before = account.play(accepted, closed_through=None)
    bills = restructuring.concerned(before, fact.bill)
    if not bills:
        name = bill.reference if bill else customer.reference
        raise Refused(_("Nothing is open on %(name)s that could fall due anew.") % {"name": name}, code="nothing_open")
    fact = _dated(fact, bills)
    after = account.play(replace(accepted, restructurings=(*accepted.restructurings, fact)), closed_through=None)
    _check_dates(fact, after)
    _check_price(fact, bills, after)
    oldest = min(filter(None, (b.oldest_late(date, as_it_began=True) for b in bills)), default=None)
    return Preview(
        fact=fact,
        before=_lines(before, bills),
        after=_lines(after, bills),
        principal=sum((b.open[Component.PRINCIPAL] for b in bills), ZERO),
        fee=sum((b.open[Component.INSTALMENT_FEE] for b in bills), ZERO),
        plan_fee=sum((amount for key, amount in after.entries.items() if key.cause == fact.cause), ZERO),
        bills=tuple(sorted(b.fact.reference for b in bills)),
        days_past_due=days_past_due(late_since(oldest, before.pauses, date), date),
    )


def concerned(customer: Customer, bill: Bill | None) -> list[BillState]:
    """The bills, as they stand, that an agreement about this one, or about all, would touch."""
    played = account.play(facts.of([customer.pk])[customer.pk], closed_through=None)
    return restructuring.concerned(played, bill.pk if bill else None)


def _fact(bill: Bill | None, asked: dict[str, Any], date: dt.date) -> RestructuringFact:
    return RestructuringFact(
        key=NEW,
        reference="",
        date=date,
        kind=RestructuringKind(asked["kind"]),
        first_due_date=asked.get("first_due_date") or date,
        bill=bill.pk if bill else None,
        instalments=asked.get("instalments") or 1,
        shift_days=asked.get("shift_days") or 0,
        shift_months=asked.get("shift_months") or 0,
        monthly_fee_rate=asked.get("monthly_fee_rate") or ZERO,
    )


def _check_bill(bill: Bill | None) -> None:
    if bill is None:
        return
    words = {"bill": bill.reference, "date": bill.written_off_date or bill.settled_date}
    if bill.written_off_date:
        raise Refused(_("Bill %(bill)s was written off on %(date)s.") % words, code="written_off")
    if bill.settled_date:
        raise Refused(_("Bill %(bill)s was settled on %(date)s.") % words, code="settled")


def _check_shape(fact: RestructuringFact) -> None:
    """What the kind asks for is there, and nothing that it has no use for."""
    words = {"months": LONGEST, "count": fact.instalments, "rate": fact.monthly_fee_rate}
    if fact.kind is RestructuringKind.RE_AGE and fact.bill is not None:
        raise Refused(_("Re-aging takes all open bills of the customer, not one."), code="re_age_takes_all")
    if fact.kind in PLANS and not 1 <= fact.instalments <= LONGEST:
        sentence = _("A plan has 1 to %(months)s monthly instalments, not %(count)s.") % words
        raise Refused(sentence, code="plan_too_long" if fact.instalments > LONGEST else "instalments")
    if fact.kind is RestructuringKind.MOVE and (
        min(fact.shift_days, fact.shift_months) < 0 or not fact.shift_days + fact.shift_months
    ):
        raise Refused(_("Say by how many days or months the due dates move on."), code="shift_missing")
    if fact.monthly_fee_rate < 0:
        raise Refused(_("A monthly fee of %(rate)s is below zero.") % words, code="rate_negative")
    if fact.monthly_fee_rate and fact.kind not in PLANS:
        raise Refused(_("Only a plan in instalments bears a monthly fee."), code="fee_without_plan")
    if fact.kind is not RestructuringKind.MOVE and fact.first_due_date < fact.date:
        dates = {"date": fact.first_due_date, "today": fact.date}
        sentence = _("The first due date %(date)s is before the business date %(today)s.") % dates
        raise Refused(sentence, code="date_before_business_date")


def _check_second(customer: Customer, bill: Bill | None, date: dt.date) -> None:
    same_day = standing(customer, bill).filter(agreed_date=date).first()
    if same_day is not None:
        words = {"reference": same_day.reference, "date": date}
        sentence = _("%(reference)s was agreed on %(date)s already; undo it first, or wait a day.") % words
        raise Refused(sentence, code="second_plan")


def _dated(fact: RestructuringFact, bills: list[BillState]) -> RestructuringFact:
    """With the first date that it leads to, where the dates move."""
    if fact.kind is not RestructuringKind.MOVE:
        return fact
    oldest = min(due.due_date for due in _open_dues(bills))
    first = add_months(oldest, fact.shift_months) + dt.timedelta(fact.shift_days)
    if first < fact.date:
        words = {"old": oldest, "date": first, "today": fact.date}
        sentence = _("%(old)s would move to %(date)s, before the business date %(today)s.") % words
        raise Refused(sentence, code="date_before_business_date")
    return replace(fact, first_due_date=first)


def _check_dates(fact: RestructuringFact, after: Account) -> None:
    made = [due.due_date for due in _open_dues(list(after.bills.values())) if due.restructuring == NEW]
    if not made:
        raise Refused(_("No due date would change."), code="nothing_moves")
    last = add_months(fact.date, LONGEST)
    if max(made) > last:
        words = {"date": max(made), "months": LONGEST, "last": last}
        sentence = _("The last instalment would be due on %(date)s, after %(months)s months (%(last)s).") % words
        raise Refused(sentence, code="plan_too_long")


def _check_price(fact: RestructuringFact, bills: list[BillState], after: Account) -> None:
    """A plan with a fee stays within the cap on cost of each bill's licence."""
    for bill in bills if fact.monthly_fee_rate else ():
        payments = [due.amount for due in after.bills[bill.fact.key].dues if due.restructuring == NEW]
        opened = bill.open[Component.PRINCIPAL] + bill.open[Component.INSTALMENT_FEE]
        caps.check_plan(bill.fact.terms.licence, fact.date, opened, payments)


def _open_dues(bills: list[BillState]) -> list[Due]:
    return [due for bill in bills for due in bill.dues if due.open]


def _lines(played: Account, bills: list[BillState]) -> tuple[Line, ...]:
    found = [
        Line(bill.fact.reference, due.due_date, due.open, due.fee)
        for bill in (played.bills[known.fact.key] for known in bills)
        for due in bill.dues
        if due.open
    ]
    return tuple(sorted(found, key=lambda line: (line.due_date, line.bill)))


def standing(customer: Customer, bill: Bill | None) -> QuerySet[Restructuring]:
    """The agreements that stand and touch the bill, or any of the customer's where none is named; the last first."""
    found = Restructuring.objects.filter(customer=customer, undone_at=None)
    if bill is not None:
        found = found.filter(Q(bill=bill) | Q(bill=None))
    return found.order_by("-agreed_date", "-reference")
