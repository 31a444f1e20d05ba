"""How a customer's account stood at the end of a day: as it is known now, or as it was booked by a moment."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max

from apps.access.models import User
from apps.bills.domain import account, accrual, observation
from apps.bills.domain.facts import Cause
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.observation import Agreement, Observation, Share
from apps.bills.domain.pauses import Span, late_since
from apps.bills.domain.state import Account, BillState, EntryKey
from apps.bills.models import Bill, LedgerEntry
from apps.bills.queries import facts, known, ledger, observations, people
from apps.bills.queries.ledger import Line
from apps.bills.queries.people import Lateness
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.core.domain.money import ZERO
from apps.customers.models import Customer

DAY = dt.timedelta(1)
Amounts = Mapping[Component, Decimal]


@dataclass(frozen=True, slots=True)
class DueLine:
    """What must be paid by a date: how much of it was open, and how many days past due it was."""

    number: int
    due_date: dt.date
    amount: Decimal
    open: Decimal
    met_date: dt.date | None
    is_replaced: bool  # an agreement let what was open of it fall due anew, on the date on which it was met
    days: int


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill that was not settled: what was open of each component, and what was due when."""

    bill: Bill
    open: Amounts
    owed: Decimal
    accrued: Decimal  # late fee and interest that have accrued and are not charged yet, to the cent
    dues: tuple[DueLine, ...]
    lateness: Lateness  # in the classes that the observation, if any, holds it at
    observation: Observation | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An account at the end of a day, and how it came there since the day on which the statement begins."""

    customer: Customer
    currency: str
    since: dt.date | None
    date: dt.date
    known_at: dt.datetime | None
    opening: Decimal
    lines: tuple[Line, ...]
    moved: Mapping[EntryKind, Decimal]  # the lines' sum by kind
    balance: Decimal
    credit: Decimal
    open: Amounts
    accrued: Decimal
    bills: tuple[OpenBill, ...]
    lateness: Lateness
    is_whole: bool  # the ledger says what the facts say; where it does not, nothing is told of instalments

    @property
    def owed(self) -> Decimal:
        """The balance with the late fee and interest that have accrued and are not charged yet."""
        return self.balance + self.accrued


def of(
    user: User, customer: Customer, *, date: dt.date, since: dt.date | None = None, known_at: dt.datetime | None = None
) -> Standing:
    """The account of a customer at the end of a day; the balance is the sum of the entries that stood, to the cent."""
    mine = ledger.standing(ledger.visible_to(user), known_at).filter(customer=customer, effective_date__lte=date)
    entries = list(mine.order_by("effective_date", "pk"))
    opening, lines = _run(entries, since)
    played = _play(customer, date, known_at)
    is_whole = _says(entries) == {key: amount for key, amount in played.entries.items() if amount}
    states = played.bills if is_whole else {}
    opened = _opened(entries)
    rows = Bill.objects.filter(pk__in=[key for key, parts in opened.items() if key and any(parts.values())])
    agreed = observations.agreements(observations.standing(date, known_at).filter(customer=customer))
    bills = tuple(
        _bill(bill, opened[bill.pk], states.get(bill.pk), agreed, played.pauses, date)
        for bill in rows.select_related("terms__product").order_by("issued_date", "pk")
    )
    moved: defaultdict[EntryKind, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        moved[EntryKind(line.entry.kind)] += line.entry.amount
    oldest = min((b.lateness.oldest_due_date for b in bills if b.lateness.oldest_due_date), default=None)
    return Standing(
        customer=customer,
        currency=customer.account.currency if hasattr(customer, "account") else "",
        since=since,
        date=date,
        known_at=known_at,
        opening=opening,
        lines=lines,
        moved=dict(moved),
        balance=lines[-1].balance if lines else opening,
        credit=-opened[None][Component.CREDIT],
        open={part: sum((bill.open.get(part, ZERO) for bill in bills), ZERO) for part in _owed_parts(bills)},
        accrued=sum((bill.accrued for bill in bills), ZERO),
        bills=bills,
        lateness=_worst(_lateness(oldest, played.pauses, date), bills),
        is_whole=is_whole,
    )


def _run(entries: Sequence[LedgerEntry], since: dt.date | None) -> tuple[Decimal, tuple[Line, ...]]:
    """What was owed before the first day, and each entry from then on with the balance after it."""
    before = [entry for entry in entries if since and entry.effective_date < since]
    opening = balance = sum((entry.amount for entry in before), ZERO)
    lines = []
    for entry in entries[len(before) :]:
        balance += entry.amount
        lines.append(Line(entry, balance))
    return opening, tuple(lines)


def _opened(entries: Iterable[LedgerEntry]) -> "defaultdict[int | None, defaultdict[Component, Decimal]]":
    """What the entries leave open, by bill and component; the credit balance is under no bill, with a minus."""
    opened: defaultdict[int | None, defaultdict[Component, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for entry in entries:
        opened[entry.bill_id][Component(entry.component)] += entry.amount
    return opened


def _owed_parts(bills: Iterable[OpenBill]) -> list[Component]:
    found = {part for bill in bills for part, amount in bill.open.items() if amount}
    return [part for part in reversed(Component) if part in found]


def _says(entries: Iterable[LedgerEntry]) -> dict[EntryKey, Decimal]:
    return {
        EntryKey(
            entry.effective_date,
            EntryKind(entry.kind),
            Component(entry.component),
            entry.bill_id,
            Cause(kind, getattr(entry, f"{kind}_id")) if (kind := entry.cause_kind) else None,
        ): entry.amount
        for entry in entries
    }


def _play(customer: Customer, date: dt.date, known_at: dt.datetime | None) -> Account:
    """Play what counts by the end of the day: late fees accrue through it, months that are closed are charged."""
    accepted = facts.of([customer.pk])[customer.pk] if known_at is None else known.by(customer.pk, known_at)
    closed = _closed_through(known_at)
    played = account.play(accepted.until(date), closed_through=min(closed, date) if closed else None)
    for bill in played.bills.values():
        accrual.accrue(bill, date, played.pauses)
    return played


def _closed_through(known_at: dt.datetime | None) -> dt.date | None:
    closed = Day.objects.filter(status=DayStatus.CLOSED)
    if known_at is not None:
        closed = closed.filter(closed_at__lte=known_at)
    last: dt.date | None = closed.aggregate(last=Max("date"))["last"]
    return last


def _lateness(oldest_due: dt.date | None, pauses: Sequence[Span], date: dt.date) -> Lateness:
    return people.lateness(oldest_due, late_since(oldest_due, pauses, date), date)


def _worst(late: Lateness, bills: Iterable[OpenBill]) -> Lateness:
    """The lateness of all bills together, in the worst of their classes."""
    for bill in bills:
        late = observations.held(late, bill.observation)
    return late


def _bill(
    bill: Bill,
    opened: Amounts,
    state: BillState | None,
    agreed: Mapping[int, Agreement],
    pauses: Sequence[Span],
    date: dt.date,
) -> OpenBill:
    dues = state.dues if state else []
    shares = [Share(due.due_date, due.met_date, due.restructuring, due.replaced_by) for due in dues]
    observed = observation.of_bill(agreed, shares, date, grace_days=bill.terms.grace_days, pauses=pauses)
    late = {due.number for due in state.late_dues(date)} if state else set()
    return OpenBill(
        bill=bill,
        open=dict(opened),
        owed=sum(opened.values(), ZERO),
        accrued=state.waiting if state else ZERO,
        dues=tuple(
            DueLine(
                number=due.number,
                due_date=due.due_date,
                amount=due.amount,
                open=due.open,
                met_date=due.met_date,
                is_replaced=due.replaced_by is not None,
                days=_lateness(due.due_date if due.number in late else None, pauses, date).days,
            )
            for due in dues
        ),
        lateness=observations.held(_lateness(state.oldest_late(date) if state else None, pauses, date), observed),
        observation=observed,
    )
