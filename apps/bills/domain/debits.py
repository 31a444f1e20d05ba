"""Auto-debit: when a due is debited, what a result may change, and what may stand for an account."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.core.domain import working_days
from apps.core.domain.money import total

DAY = dt.timedelta(1)
COLUMNS = ("reference", "bank", "account_token", "currency", "amount", "debit_date")
RESULT_COLUMNS = ("reference", "amount", "result")
OPTIONAL_COLUMNS = ("code", "reason")
FULL_NUMBER = re.compile(r"\d[\d -]{8,}\d")  # ten digits or more in a row read like an account's own number


class DebitStatus(StrEnum):
    """What has become of an instruction to debit."""

    INSTRUCTED = "instructed"
    PAID = "paid"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What a bank says of a debit: the money came, did not come, or came and bounced."""

    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class DueDates:
    """The due dates that are debited on a day; `unpublished` is the year whose working days we would have to know."""

    dates: tuple[dt.date, ...]
    unpublished: int | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line of a debit file."""

    reference: str
    bank: str
    account_token: str
    currency: str
    amount: Decimal
    debit_date: dt.date


def debit_date(due_date: dt.date) -> dt.date:
    """The day before the due date, or the last working day before that."""
    return working_days.on_or_before(due_date - DAY)


def due_dates(day: dt.date) -> DueDates:
    """Every due date whose debit falls on the day: the next one, and those that follow days on which no bank works."""
    found: list[dt.date] = []
    try:
        if working_days.is_working_day(day):
            found.append(day + DAY)
            while not working_days.is_working_day(found[-1]):
                found.append(found[-1] + DAY)
    except working_days.Unpublished as unpublished:
        return DueDates(tuple(found), unpublished.year)
    return DueDates(tuple(found))


def is_full_number(token: str) -> bool:
    """Whether a text holds what may be a whole account or card number, which we never keep."""
    return bool(FULL_NUMBER.search(token))


def masked(token: str) -> str:
    """The last four characters; nothing of a token that has no more than eight."""
    return f"…{token[-4:]}" if len(token) > 8 else "…"


def file(instructions: Iterable[Instruction]) -> str:
    """The debit file: a header, a line each by reference, and a last line with their count, sum and SHA-256."""
    ordered = sorted(instructions, key=lambda instruction: instruction.reference)
    lines = [",".join(COLUMNS)]
    lines += [
        ",".join(_field(value) for value in (i.reference, i.bank, i.account_token, i.currency, i.amount, i.debit_date))
        for i in ordered
    ]
    body = "".join(f"{line}\r\n" for line in lines)
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f"{body}#end,{len(ordered)},{total([i.amount for i in ordered])},{digest}\r\n"


def _field(value: object) -> str:
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text
