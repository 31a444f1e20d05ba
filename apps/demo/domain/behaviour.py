"""What a person buys and when they pay, drawn once from the seed."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from apps.bills.domain import accrual, schedule
from apps.bills.domain.kinds import Mode
from apps.bills.domain.schedule import Share
from apps.bills.domain.terms import Terms
from apps.core.domain.dates import add_months
from apps.core.domain.money import ZERO
from apps.demo.domain import shapes
from apps.demo.domain.people import Person

MERCHANTS = (
    "Nimbus Books",
    "Paper Kite",
    "Quiet Kettle",
    "Red Lantern Tea",
    "Tin Robot Toys",
    "Umbra Phones",
    "Willow Bikes",
)


@dataclass(frozen=True, slots=True)
class Buy:
    """A purchase that will be made."""

    reference: str
    person: int
    date: dt.date
    amount: Decimal
    instalments: int
    merchant: str


@dataclass(frozen=True, slots=True)
class Pay:
    """A repayment that will come, meant for one purchase's bill."""

    reference: str
    person: int
    date: dt.date
    amount: Decimal
    purchase: str
    channel: str

    @property
    def number(self) -> int:
        """Of the purchase's instalment."""
        return int(self.reference[-2:])


def purchases(seed: int, person: Person, *, start: dt.date, end: dt.date) -> Iterator[Buy]:
    """Everything the person buys between two days; nothing any more once they have stopped paying."""
    chance = Random(f"{seed}:buys:{person.number}")
    date, count, spent = start, 0, ZERO
    while True:
        date += dt.timedelta(1 + int(chance.expovariate(shapes.PURCHASES_A_MONTH / 30)))
        amount = shapes.purchase_amount(chance, person.limit)
        instalments = chance.choices(shapes.INSTALMENTS, shapes.INSTALMENT_WEIGHTS)[0] if amount > 200 else 1
        merchant = chance.choice(MERCHANTS)
        if date > (person.stops_date or end) or date > end or spent + amount > person.limit:
            return
        count, spent = count + 1, spent + amount / 2  # about half is paid back before the next purchase
        yield Buy(f"P-{person.reference}-{count:03}", person.number, date, amount, instalments, merchant)


def payments(seed: int, person: Person, buy: Buy, terms: Terms) -> Iterator[Pay]:
    """The repayments that the purchase will see: in time, late by some days with the late fee, or never."""
    chance = Random(f"{seed}:pays:{buy.reference}")
    open_amount = buy.amount + schedule.instalment_fee(buy.amount, buy.instalments, terms)
    for share in _shares(buy, terms):
        is_late = chance.random() < person.late_share
        late = shapes.delay_days(chance, person.late_share) if is_late else 0
        early = 1 if person.has_auto_debit else chance.randrange(0, 12)
        date = share.due_date + dt.timedelta(late) if is_late else share.due_date - dt.timedelta(early)
        date = max(date, buy.date)
        if person.stops_date and date >= person.stops_date:
            return
        fee = late * accrual.daily(open_amount, terms)
        amount = Decimal(math.ceil(share.amount + fee)) if is_late else share.amount
        channel = "auto_debit" if person.has_auto_debit and not is_late else "app"
        yield Pay(f"R-{buy.reference}-{share.number:02}", person.number, date, amount, buy.reference, channel)
        open_amount -= share.amount


def _shares(buy: Buy, terms: Terms) -> Iterable[Share]:
    """What falls due when: by itself, or with the statements of the firsts of the months that follow."""
    shares = schedule.shares(buy.amount, buy.date, buy.instalments, terms)
    if terms.mode is Mode.ORDER:
        return shares
    first = buy.date.replace(day=1)
    return [replace(share, due_date=add_months(first, share.number) + dt.timedelta(terms.due_days)) for share in shares]
