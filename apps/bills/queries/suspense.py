"""Money that waits for its customer, and who that may be."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.access.models import User
from apps.access.registry import Tile
from apps.bills.domain.suspense import SuspenseStatus
from apps.bills.models import Account, Product, SuspenseItem
from apps.core import queries as core
from apps.core import sql
from apps.core.domain.money import ZERO
from apps.credit.models import CreditLine
from apps.customers.domain import likeness, masking
from apps.customers.models import Customer
from apps.customers.models.keyring import unseal
from apps.customers.models.people import NAME
from apps.customers.models.sealed import purpose
from apps.customers.queries import names, walls

SHOWN = 8  # candidates
OPENED = 10_000  # payers' names opened for one search
HOUSE = "CNY"  # where there is no product yet


def visible_to(user: User) -> QuerySet[SuspenseItem]:
    """The money in suspense that somebody may see."""
    return walls.office(SuspenseItem.objects.select_related("repayment__customer"), user)


def paid_by(items: QuerySet[SuspenseItem], text: str) -> QuerySet[SuspenseItem]:
    """Those whose payer's name holds the text, in any case, among the latest: each name is opened to see."""
    sought = likeness.name(text)
    latest = items.select_related(None).order_by("-pk").only("reference", "payer")[:OPENED]
    return items.filter(pk__in=[item.pk for item in latest if sought in likeness.name(item.payer.clear)])


def age(item: SuspenseItem, today: dt.date) -> int:
    """For how many days it has been with us."""
    return max((today - item.received_date).days, 0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer whose money it may be, and why: what of the text or the amount speaks for it."""

    reference: str
    name: str  # masked
    balance: Decimal
    named: bool  # the payer's text holds the customer's reference
    bill: str  # the bill that the payer's text holds
    likeness: int  # of the names, in percent
    amount_fits: str  # what is open with just this amount: a bill or an instalment of it


def candidates(item: SuspenseItem) -> list[Candidate]:
    """Who it may be, the likeliest first: by the references and names in the payer's text, and by the amount."""
    payer = item.payer.clear
    words: dict[str, str | Decimal | list[int]] = {
        "payer": payer,
        "purpose": item.purpose.clear,
        "amount": item.amount,
        "currency": item.currency,
        "liked": names.like(payer),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", "suspense_candidates"), words)
        found = [_candidate(payer, *row) for row in cursor.fetchall()]
    return sorted(found, key=_place)[:SHOWN]


def _candidate(
    payer: str, reference: str, token: str, balance: Decimal, named: bool, bill: str, fits: str
) -> Candidate:
    clear = unseal(token, purpose(NAME, reference))
    return Candidate(reference, masking.name(clear), balance, named, bill, likeness.likeness(payer, clear), fits)


def _place(found: Candidate) -> tuple[bool, bool, int, str]:
    fits = 30 if found.amount_fits else 0
    return not found.named, not found.bill, -(found.likeness + fits), found.reference


def house_currency() -> str:
    """The currency of most of the products."""
    most = Product.objects.values("currency").annotate(count=Count("pk")).order_by("-count", "currency").first()
    return most["currency"] if most else HOUSE


def currency_of(customer: Customer) -> str:
    """The currency of the customer's account, or what it would be."""
    account = Account.objects.filter(customer=customer).first() or CreditLine.objects.filter(customer=customer).first()
    return account.currency if account else house_currency()


def tile(user: User) -> Tile | None:
    """How much waits for its customer; nothing where nothing waits."""
    waiting = SuspenseItem.objects.filter(status=SuspenseStatus.WAITING)
    found = waiting.aggregate(count=Count("pk"), sum=Sum("amount", default=ZERO))
    if not found["count"]:
        return None
    title = ngettext("Payment waiting for its customer", "Payments waiting for their customers", found["count"])
    hint = _("%(sum)s in suspense") % {"sum": f"{found['sum']:,}"}
    return Tile(title, f"{found['count']:,}", hint, reverse("bills:suspense"), _("Open the queue"), "warning")


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, the oldest first, and the key after which newer ones follow."""

    rows: Sequence[SuspenseItem]
    following: int | None


def page(items: QuerySet[SuspenseItem], *, after: int | None = None, size: int = core.PAGE) -> Page:
    """The items after key `after` in the order in which the money came."""
    last = SuspenseItem.objects.filter(pk=after).first() if after is not None else None
    if last is not None:
        items = items.filter(
            Q(received_date__gte=last.received_date) & (Q(received_date__gt=last.received_date) | Q(pk__gt=last.pk))
        )
    found = list(items.order_by("received_date", "pk")[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)
