"""The caps on a year's cost that we ship, by licence (domain facts, section 1)."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from apps.bills.domain.kinds import Licence


class Shipped(NamedTuple):
    """One row of the table of caps."""

    licence: Licence
    effective_date: dt.date
    annual_rate: Decimal
    note: str


NOW = dt.date(2026, 1, 1)
SHIPPED = (
    Shipped(Licence.MICRO_LOAN, NOW, Decimal("0.24"), "24 % for every new loan, all fees included"),
    Shipped(Licence.MICRO_LOAN, dt.date(2027, 12, 31), Decimal("0.12"), "4 times the LPR, at an LPR of 3.0 %"),
    Shipped(Licence.CONSUMER_FINANCE, NOW, Decimal("0.24"), "24 % for each loan; 20 % on average is for the operator"),
    Shipped(Licence.PRIVATE_LENDING, NOW, Decimal("0.12"), "4 times the LPR, penalties included, at an LPR of 3.0 %"),
)
