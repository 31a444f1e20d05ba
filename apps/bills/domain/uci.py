"""The *default of credit card clients* data (UCI 350): a row is a customer with six statements of 2005, April on.

The rules that give dates to what the file only counts by month are written down in docs/portfolio.md.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.core.domain.money import ZERO, cents

PRODUCT = "uci-card"
CURRENCY = "TWD"
ZONE = "Asia/Taipei"
FIRST_DATE = dt.date(2005, 4, 1)
MINIMUM_RATE = Decimal("0.10")
DUE_DAYS = 9

MONTHS = tuple(dt.date(2005, month, 1) for month in range(4, 10))
PAY = ("PAY_6", "PAY_5", "PAY_4", "PAY_3", "PAY_2", "PAY_0")  # April to September
BILL_AMT = tuple(f"BILL_AMT{n}" for n in range(6, 0, -1))
PAY_AMT = tuple(f"PAY_AMT{n}" for n in range(6, 0, -1))
PERSON = ("SEX", "EDUCATION", "MARRIAGE", "AGE")
COLUMNS = ("ID", "LIMIT_BAL", *PERSON, *PAY, *BILL_AMT, *PAY_AMT)
OUTCOMES = ("default.payment.next.month", "default payment next month")  # read by nobody here: it lies ahead

AMOUNT = re.compile(r"-?\d{1,10}(\.\d{1,2})?")
INTEGER = re.compile(r"-?\d{1,9}(\.0+)?")
Row = tuple[Any, ...]


@dataclass(slots=True)
class Records:
    """What rows of the file become, in the order of the portfolio's own columns, the row's number first."""

    customers: list[Row]
    credit_lines: list[Row]
    purchases: list[Row]
    bills: list[Row]
    repayments: list[Row]
    refunds: list[Row]


def nothing() -> Records:
    """No records yet."""
    return Records([], [], [], [], [], [])


def faults(row: dict[str, str]) -> list[tuple[str, str]]:
    """The columns that hold no number of their kind, each with what it holds."""
    money = {"LIMIT_BAL", *BILL_AMT, *PAY_AMT}
    bad = [(name, row[name]) for name in COLUMNS if not (AMOUNT if name in money else INTEGER).fullmatch(row[name])]
    named = {name for name, _ in bad}
    bad += [
        (name, row[name])
        for name in ("ID", "LIMIT_BAL", *PAY_AMT)
        if name not in named and (Decimal(row[name]) < 0 or (name == "ID" and not Decimal(row[name])))
    ]
    bad += [(name, row[name]) for name in PAY if name not in named and not -2 <= int(Decimal(row[name])) <= 99]
    return bad


def statement_date(month: dt.date) -> dt.date:
    """The last day of the month."""
    return (month + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def minimum(statement: Decimal) -> Decimal:
    """What a statement demands: a tenth of it, nothing of a credit balance."""
    return max(cents(statement * MINIMUM_RATE), ZERO)


def payment_date(number: int, month: dt.date, paid: Decimal, demanded: Decimal) -> dt.date:
    """When the month's payment came: by the due day if it was at least the minimum, else later."""
    return month.replace(day=1 + number % 9 if paid >= demanded else 10 + number % 18)


def convert(records: Records, position: int, row: dict[str, str]) -> None:
    """Add one faultless row: statements say what the ledger must arrive at, purchases and refunds make it so."""
    number = int(Decimal(row["ID"]))
    customer = f"UCI-{number:05}"
    profile = {name.lower(): int(Decimal(row[name])) for name in PERSON}
    records.customers.append((position, customer, f"Client {number:05}", FIRST_DATE, ZONE, profile))
    records.credit_lines.append((position, f"{customer}-L", customer, CURRENCY, row["LIMIT_BAL"], FIRST_DATE))
    before = demanded = ZERO
    for month, status, billed, payment in zip(MONTHS, PAY, BILL_AMT, PAY_AMT, strict=True):
        reference = f"{customer}-{month:%Y-%m}"
        balance, paid = Decimal(row[billed]), Decimal(row[payment])
        bought = balance - before + paid
        _month(records, (position, customer, reference), month, bought)
        if paid:
            received = payment_date(number, month, paid, demanded)
            records.repayments.append((position, f"{reference}-R", customer, received, paid))
        reported = int(Decimal(row[status]))
        bill = (position, reference, customer, PRODUCT, statement_date(month), max(bought, ZERO), balance, reported)
        records.bills.append(bill)
        before, demanded = balance, minimum(balance)


def _month(records: Records, names: tuple[int, str, str], month: dt.date, bought: Decimal) -> None:
    position, customer, reference = names
    if bought > 0:
        bought_date = month.replace(day=15)
        records.purchases.append((position, f"{reference}-P", customer, PRODUCT, bought_date, bought, reference))
    elif bought < 0:
        records.refunds.append((position, f"{reference}-F", customer, month.replace(day=28), -bought))


def lacking(header: Sequence[str]) -> list[str]:
    """The columns that the header lacks."""
    return [name for name in COLUMNS if name not in header]


def unknown(header: Sequence[str]) -> list[str]:
    """The columns that the header should not have."""
    return [name for name in header if name not in COLUMNS and name not in OUTCOMES]
