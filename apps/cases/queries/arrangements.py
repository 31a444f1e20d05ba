"""Arrangements: who sees them, what a debt is made of, what may be offered, and what a request rests on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum

from apps.access.models import User
from apps.bills.domain import accrual
from apps.bills.models import Bill, LedgerEntry
from apps.bills.queries import caps, facts, fees, people
from apps.cases.domain import arrangements as rules
from apps.cases.domain import offers
from apps.cases.domain.arrangements import LIVE, ArrangementStatus, Money, PaidPart, Part
from apps.cases.domain.calculator import Debt
from apps.cases.domain.offers import Policy
from apps.cases.models import Arrangement, ArrangementPolicy
from apps.closing import queries as closing
from apps.core.domain.money import ZERO, cents
from apps.customers.models import Customer
from apps.customers.queries import walls

ACTION = "cases.arrangement"
SUBJECT = "cases.arrangement"


@dataclass(frozen=True, slots=True)
class Owing:
    """What a customer owes and how late it is: what an arrangement is about."""

    bills: tuple[str, ...]
    debt: Debt
    cap: Decimal | None  # the lowest on the cost of a year, of the bills' licences
    days_past_due: int
    currency: str


def visible_to(user: User) -> QuerySet[Arrangement]:
    """The arrangements of the customers whom the user may see, the latest first."""
    found = Arrangement.objects.select_related("customer", "case", "proposed_by", "approval__rule", "restructuring")
    return walls.seen(found, user).order_by("-pk")


def live(customer: Customer) -> Arrangement | None:
    """The one that is proposed, approved or signed and not over."""
    return Arrangement.objects.filter(customer=customer, status__in=LIVE).first()


def is_signed(customer: Customer | int) -> bool:
    """Whether an arrangement says what the customer pays when."""
    return Arrangement.objects.filter(customer=customer, status=ArrangementStatus.ACTIVE).exists()


def policy(date: dt.date) -> Policy:
    """The edition of the rules that holds on a date."""
    found = ArrangementPolicy.objects.filter(effective_date__lte=date).order_by("-effective_date").first()
    return offers.read(found.document if found else offers.SHIPPED)


def owing(customer: Customer, date: dt.date) -> Owing:
    """What is open on the customer's bills, late fees through the last close included."""
    as_of = closing.last_closed_date()
    opened = Bill.objects.filter(customer=customer, settled_date=None, written_off_date=None)
    found = list(fees.with_accrued(opened.select_related("terms__product"), as_of).order_by("issued_date", "pk"))
    conditions = facts.terms()
    daily = [accrual.daily(bill.open_principal + bill.open_instalment_fee, conditions[bill.terms_id]) for bill in found]
    pairs = zip(daily, found, strict=True)
    known = caps.by_licence()
    limits = [caps.in_force(bill.terms.product.licence, date, known) for bill in found]
    return Owing(
        bills=tuple(bill.reference for bill in found),
        debt=Debt(
            principal=sum((bill.open_principal for bill in found), ZERO),
            fees=sum((_fees(bill) for bill in found), ZERO),
            late_fees=sum((_late_fee(bill) for bill in found), ZERO),
            daily_late_fee=sum(daily, Decimal(0)),
            daily_in_cap=sum((fee for fee, bill in pairs if bill.terms.late_fees_in_cap), Decimal(0)),
        ),
        cap=min((cap.annual_rate for cap in limits if cap), default=None),
        days_past_due=people.lateness_of(customer, as_of).days,
        currency=currency_of(customer),
    )


def currency_of(customer: Customer) -> str:
    """In which the customer owes, empty before the first bill."""
    account = getattr(customer, "account", None)
    return str(account.currency) if account else ""


def _fees(bill: Any) -> Decimal:
    interest: Decimal = bill.open_interest + cents(bill.interest) - bill.interest_posted
    total: Decimal = bill.open_instalment_fee + bill.open_cost + interest
    return total


def _late_fee(bill: Any) -> Decimal:
    found: Decimal = bill.open_late_fee + cents(bill.accrued) - bill.late_fee_posted
    return found


def resting_on(bills: Sequence[str]) -> dict[str, str]:
    """What is open on the bills without what grows every night."""
    sums = Bill.objects.filter(reference__in=bills).aggregate(
        principal=Sum(F("open_principal")), fee=Sum(F("open_instalment_fee"))
    )
    return {
        "open_principal": str(sums["principal"] or ZERO),
        "open_instalment_fee": str(sums["fee"] or ZERO),
    }


def facts_of(payload: dict[str, Any]) -> dict[str, Any]:
    """What an arrangement rests on, shown to the approver; money that came meanwhile makes the request void."""
    return {**payload, "bills": ", ".join(payload["bills"]), **resting_on(payload["bills"])}


def parts_of(arrangement: Arrangement) -> list[Part]:
    """The payments that were agreed, in order."""
    return [Part(part.number, part.due_date, part.amount) for part in arrangement.parts.order_by("number")]


def money_of(arrangement: Arrangement, on: dt.date) -> list[Money]:
    """The money that came since the signature and stands, by day."""
    if arrangement.signed_date is None:
        return []
    entries = LedgerEntry.objects.filter(
        customer=arrangement.customer_id,
        repayment__isnull=False,
        effective_date__gte=arrangement.signed_date,
        effective_date__lte=on,
    )
    days = entries.values_list("effective_date").annotate(sum=Sum("amount")).order_by("effective_date")
    return [Money(date, -amount) for date, amount in days]


def schedule(arrangement: Arrangement, on: dt.date) -> list[PaidPart]:
    """The payments with what of each is paid by the end of a day."""
    since = arrangement.signed_date or arrangement.first_date
    return rules.standing(
        parts_of(arrangement), money_of(arrangement, on), since=since, on=on, grace_days=arrangement.grace_days
    )


def of_customer(customer: Customer, user: User) -> QuerySet[Arrangement]:
    """The customer's arrangements as the user may see them, the latest first."""
    return visible_to(user).filter(customer=customer)
