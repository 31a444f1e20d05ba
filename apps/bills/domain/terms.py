"""The conditions of a contract, as the decisions need them."""

from dataclasses import dataclass
from decimal import Decimal

from apps.bills.domain.kinds import Component, Mode

WATERFALL = (Component.COST, Component.LATE_FEE, Component.INSTALMENT_FEE, Component.PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a product's conditions; rates are shares (0.0005 is 0.05 %), days are calendar days."""

    mode: Mode
    deferred_days: int = 30
    due_days: int = 9
    minimum_rate: Decimal = Decimal(1)
    monthly_fee_rate: Decimal = Decimal(0)
    late_fee_daily_rate: Decimal = Decimal(0)
    late_fee_daily_floor: Decimal = Decimal("0.01")
    waterfall: tuple[Component, ...] = WATERFALL
