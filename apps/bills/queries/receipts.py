"""Money that came in: repayments and refunds, and what each settled."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from apps.access.models import User
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.models import Bill, LedgerEntry, Payout, Refund, Repayment
from apps.bills.queries.bills import COMPONENTS
from apps.core.domain.money import ZERO
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.queries import walls


def visible_to(user: User) -> QuerySet[Repayment]:
    """The repayments that somebody may see, with their customer."""
    return walls.seen(Repayment.objects.select_related("customer", "bill"), user)


def refunds_visible_to(user: User) -> QuerySet[Refund]:
    """The refunds that somebody may see."""
    found = Refund.objects.select_related("customer", "purchase__terms__product", "purchase__bill")
    return walls.seen(found, user)


def is_known(reference: str) -> bool:
    """Whether a repayment of that reference was recorded."""
    return Repayment.objects.filter(reference=reference).exists()


def refuse_reversal(reference: str) -> None:
    """Refuse what is itself a reversal: it cannot be taken back."""
    for kind in (Repayment, Refund, Payout):
        found = kind.objects.filter(reversal_reference=reference).first()
        if found is not None:
            words = {"reference": reference, "of": found.reference, "date": found.reversed_date}
            sentence = _("%(reference)s is the reversal of %(of)s on %(date)s; a reversal cannot be reversed.")
            raise Refused(sentence % words, code="reversal_of_reversal")


@dataclass(frozen=True, slots=True)
class Settled:
    """What money settled of one bill, by component."""

    bill: Bill
    by_component: tuple[tuple[Component, Decimal], ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Allocation:
    """What became of money received: what it settled of each bill, by component, and what is left as credit balance."""

    components: tuple[Component, ...]
    rows: tuple[Settled, ...]
    total: Decimal
    remainder: Decimal
    dropped: Decimal  # fees that fell because of it


def allocation(entries: Iterable[LedgerEntry]) -> Allocation:
    """What the entries of one receipt come to as they stand; what was reversed has cancelled itself."""
    bills: dict[int, Bill] = {}
    settled: defaultdict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    remainder = dropped = ZERO
    for entry in entries:
        if EntryKind.CHARGE in (entry.kind, entry.reverses and entry.reverses.kind):
            dropped -= entry.amount
        elif entry.bill is None:
            remainder -= entry.amount
        else:
            bills[entry.bill.pk] = entry.bill
            settled[entry.bill.pk, entry.component] -= entry.amount
    components = tuple(part for part in COMPONENTS if any(settled[key, part] for key in bills))
    rows = tuple(
        Settled(bill, tuple((part, settled[key, part]) for part in components), total)
        for key, bill in bills.items()
        if (total := sum((settled[key, part] for part in components), ZERO))
    )
    return Allocation(components, rows, sum((row.total for row in rows), ZERO), remainder, dropped)
