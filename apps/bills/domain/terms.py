"""The conditions of a contract, as the decisions need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.bills.domain.kinds import Component, EarlySettlement, Licence, Mode

WATERFALL = (
    Component.COST,
    Component.LATE_FEE,
    Component.INTEREST,
    Component.INSTALMENT_FEE,
    Component.PRINCIPAL,
)

INSTALMENT_COUNTS = (3, 6, 12, 24)


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
    grace_days: int = 0
    early_repayment_minimum: Decimal = Decimal("10.00")
    early_settlement: EarlySettlement = EarlySettlement.BEGUN_PERIODS
    principal_first_after_days: int | None = None
    revolving_daily_rate: Decimal = Decimal(0)
    late_fees_in_cap: bool = True
    instalment_counts: tuple[int, ...] = INSTALMENT_COUNTS
    licence: Licence = Licence.MICRO_LOAN


def completed(waterfall: Sequence[Component]) -> tuple[Component, ...]:
    """A waterfall that names no interest settles it right before the instalment fee."""
    if Component.INTEREST in waterfall:
        return tuple(waterfall)
    place = waterfall.index(Component.INSTALMENT_FEE) if Component.INSTALMENT_FEE in waterfall else len(waterfall)
    return (*waterfall[:place], Component.INTEREST, *waterfall[place:])
