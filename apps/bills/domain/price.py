"""What a contract costs a year, by internal rate of return, and the cap that the law sets on it (docs/products.md)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

import pyxirr

from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import Terms
from apps.core.domain.money import micros

MONTHS, DAYS = 12, 365


class Charge(StrEnum):
    """What a price is asked for."""

    INSTALMENTS = "instalments"
    REVOLVING = "revolving"
    LATE_FEE = "late_fee"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Price:
    """The nominal annual rate of one thing that is charged; `rate` is what the contract says, a month or a day."""

    charge: Charge
    rate: Decimal
    annual_rate: Decimal
    instalments: int = 0


@dataclass(frozen=True, slots=True)
class Cap:
    """The highest annual rate from a date on."""

    effective_date: dt.date
    annual_rate: Decimal


def annual_rate(principal: Decimal, payments: Sequence[Decimal]) -> Decimal:
    """The nominal annual rate of a principal paid back a month apart: the monthly rate of return times 12."""
    monthly = pyxirr.irr([-float(principal), *map(float, payments)])
    if monthly is None:
        raise ValueError(f"no rate of return makes {payments} worth {principal}")
    return micros(Decimal(monthly * MONTHS))


@cache
def of_flat_fee(monthly_fee_rate: Decimal, instalments: int) -> Decimal:
    """The nominal annual rate of a flat fee a month on the original principal, none for a single payment."""
    if instalments <= 1 or not monthly_fee_rate:
        return Decimal(0)
    share = Decimal(1) / instalments + monthly_fee_rate
    return annual_rate(Decimal(1), [share] * instalments)


def of_daily(rate: Decimal) -> Decimal:
    """The nominal annual rate of a share a day."""
    return rate * DAYS


def prices(terms: Terms, counts: Iterable[int] | None = None) -> tuple[Price, ...]:
    """Every price of the conditions that counts against the cap; of the instalment counts on offer, or of these."""
    offered = terms.instalment_counts if counts is None else counts
    fee = terms.monthly_fee_rate
    found = [Price(Charge.INSTALMENTS, fee, of_flat_fee(fee, n), n) for n in offered if n > 1]
    if terms.mode is Mode.STATEMENT:
        rate = terms.revolving_daily_rate
        found.append(Price(Charge.REVOLVING, rate, of_daily(rate)))
    if terms.late_fees_in_cap:
        rate = terms.late_fee_daily_rate
        found.append(Price(Charge.LATE_FEE, rate, of_daily(rate)))
    return tuple(found)


def of_plan(principal: Decimal, payments: Sequence[Decimal]) -> Price:
    """The price of a plan whose payments are a month apart, by its shares to the cent."""
    rate = annual_rate(principal, payments)
    return Price(Charge.PLAN, rate, rate, len(payments))


def highest(found: Iterable[Price]) -> Price | None:
    """The dearest of the prices: an amount bears one of them at a time, so that this is what it costs at most."""
    return max(found, key=lambda price: price.annual_rate, default=None)


def cap_on(caps: Iterable[Cap], date: dt.date) -> Cap | None:
    """The cap that holds on the day, none before the first."""
    return max((cap for cap in caps if cap.effective_date <= date), key=lambda cap: cap.effective_date, default=None)


def above(found: Iterable[Price], cap: Cap | None) -> Price | None:
    """The dearest price, if it is above the cap."""
    dearest = highest(found)
    return dearest if dearest and cap and dearest.annual_rate > cap.annual_rate else None
