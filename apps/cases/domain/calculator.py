"""What an arrangement costs and whether the customer can afford it: pure reckoning, for each kind side by side."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyxirr

from apps.cases.domain.arrangements import LONGEST, ArrangementKind, Part
from apps.core.domain.dates import add_months
from apps.core.domain.money import ZERO, cents, micros, split

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Debt:
    """What is open on the bills that an arrangement names."""

    principal: Decimal
    fees: Decimal  # instalment fees, interest and costs
    late_fees: Decimal
    daily_late_fee: Decimal = ZERO  # on all of it, to six decimals
    daily_in_cap: Decimal = ZERO  # of that, what counts against the cap on the cost of a year

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.principal + self.fees + self.late_fees


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be agreed: the kind, how many payments a month apart from a first date, and what is forgiven."""

    kind: ArrangementKind
    first_date: dt.date
    instalments: int = 1
    forgiven: Decimal = ZERO  # of a settlement
    monthly_fee_rate: Decimal = ZERO  # of a re-age: flat, on the open principal


@dataclass(frozen=True, slots=True)
class Quote:
    """What comes of it: the payments, what they cost, and what is forgiven once they are made."""

    asked: Asked
    debt: Decimal  # that it covers
    forgiven: Decimal
    fee: Decimal  # of the plan
    late_fees_to_come: Decimal  # while it is kept
    parts: tuple[Part, ...]
    annual_cost: Decimal  # nominal, everything included

    @property
    def total(self) -> Decimal:
        """All that the customer is to pay under it."""
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def months(self) -> int:
        """How many months it lasts, at least one."""
        return len(self.parts)

    @property
    def given_up(self) -> Decimal:
        """The most that may be given up at its end: what is forgiven, and the late fees that come meanwhile."""
        forgives = self.asked.kind in (ArrangementKind.SETTLEMENT, ArrangementKind.HARDSHIP_PLAN)
        return self.forgiven + self.late_fees_to_come if forgives else ZERO

    @property
    def controlled(self) -> Decimal:
        """The amount that somebody must agree to: what is given up, otherwise what is arranged anew."""
        return self.given_up or self.debt


def quote(debt: Debt, asked: Asked, *, date: dt.date, grace_days: int) -> Quote:
    """The terms of an arrangement made on a date."""
    forgiven, covered, fee = ZERO, debt.total, ZERO
    if asked.kind is ArrangementKind.SETTLEMENT:
        forgiven = asked.forgiven
    elif asked.kind is ArrangementKind.HARDSHIP_PLAN:
        forgiven = debt.late_fees
    elif asked.kind is ArrangementKind.RE_AGE:
        covered = debt.principal + debt.fees
        fee = cents(debt.principal * asked.monthly_fee_rate) * asked.instalments
    amounts = split(covered - forgiven + fee, asked.instalments)
    parts = tuple(
        Part(number, add_months(asked.first_date, number - 1), amount)
        for number, amount in enumerate(amounts, start=1)
        if amount > 0
    )
    last = max((part.due_date for part in parts), default=date) + dt.timedelta(grace_days)
    forgives = asked.kind in (ArrangementKind.SETTLEMENT, ArrangementKind.HARDSHIP_PLAN)
    to_come, counted = ZERO, ZERO
    if forgives:  # what is forgiven at the end must cover the fees of the longest way there
        to_come = cents(debt.daily_late_fee * (last - date).days)
    elif asked.kind is ArrangementKind.PAYMENT_PLAN:
        to_come = _late_fees(debt.daily_late_fee, debt.total, parts, date)
        counted = _late_fees(debt.daily_in_cap, debt.total, parts, date)
    return Quote(asked, covered, forgiven, fee, to_come, parts, annual_cost(covered, parts, counted, date))


def _late_fees(daily: Decimal, debt: Decimal, parts: Sequence[Part], date: dt.date) -> Decimal:
    """The late fees that come while the debt is paid off as agreed: they fall with what is still owed."""
    left, since, found = debt, date, ZERO
    for part in parts:
        found += daily * (part.due_date - since).days * (left / debt if debt else 0)
        left, since = left - part.amount, part.due_date
    return cents(found)


def annual_cost(debt: Decimal, parts: Sequence[Part], charged: Decimal, date: dt.date) -> Decimal:
    """The nominal annual rate of paying so, by internal rate of return; 0 where no more is paid than is owed."""
    if not parts or sum((part.amount for part in parts), charged) <= debt:
        return Decimal(0)
    flows = [(date, -float(debt)), *((part.due_date, float(part.amount)) for part in parts)]
    flows.append((parts[-1].due_date, float(charged)))
    effective = pyxirr.xirr([day for day, _ in flows], [amount for _, amount in flows])
    if effective is None:
        raise ValueError(f"no rate of return makes {parts} worth {debt}")
    return micros(Decimal(((1 + effective) ** (1 / MONTHS) - 1) * MONTHS))


@dataclass(frozen=True, slots=True)
class Budget:
    """What the customer says of a month: income, what living takes, what other debts take."""

    income: Decimal
    outgoings: Decimal
    obligations: Decimal


@dataclass(frozen=True, slots=True)
class Affordability:
    """What a plan takes of an income, and what is left to live on."""

    payment: Decimal  # the dearest month
    ratio: Decimal  # of the income, other debts included
    left: Decimal
    is_affordable: bool


def affordability(budget: Budget, quoted: Quote, *, highest_ratio: Decimal, least_left: Decimal) -> Affordability:
    """Whether the customer can pay so: the share of the income that debts take, and what is left to live on."""
    payment = max((part.amount for part in quoted.parts), default=ZERO)
    debts = budget.obligations + payment
    ratio = (debts / budget.income).quantize(Decimal("0.0001")) if budget.income > 0 else Decimal("9.9999")
    left = budget.income - budget.outgoings - debts
    return Affordability(payment, min(ratio, Decimal("9.9999")), left, ratio <= highest_ratio and left >= least_left)


def too_long(asked: Asked) -> bool:
    """Whether it has no month, or more than the law lets an arrangement last."""
    return not 1 <= asked.instalments <= LONGEST
