"""What a version of a product's conditions says, value by value, and which of them no product may have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from apps.bills.domain.kinds import Component, EarlySettlement, Licence, Mode
from apps.bills.domain.terms import INSTALMENT_COUNTS, WATERFALL, Terms
from apps.core.domain.money import percent

OF_THE_CUT = "statement_day"  # when statements are cut: no decision of the play needs it
OF_ORDERS = ("deferred_days",)
OF_STATEMENTS = ("due_days", "statement_day", "minimum_rate", "revolving_daily_rate")
LONGEST_DEFERRED = 60
MOST_INSTALMENTS = 60


class Fault(NamedTuple):
    """One value that may not be: what it is, and the code of what is wrong."""

    name: str
    code: str
    value: Any


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number or an amount from one value to another, with so many decimals."""

    lowest: Decimal
    highest: Decimal
    places: int = 0

    def fault(self, value: Any) -> str | None:
        """The code of what is wrong with the value."""
        if not isinstance(value, int | Decimal) or isinstance(value, bool) or not Decimal(value).is_finite():
            return "number"
        if value < self.lowest:
            return "negative" if value < 0 else "low"
        if value > self.highest:
            return "high"
        return "decimals" if value != round(Decimal(value), self.places) else None


def _days(highest: int, lowest: int = 0) -> Range:
    return Range(Decimal(lowest), Decimal(highest))


SHARE = Range(Decimal(0), Decimal(1), 6)
MONEY = Range(Decimal(0), Decimal("999999999.99"), 2)
RANGES: dict[str, Range] = {
    "deferred_days": _days(LONGEST_DEFERRED),
    "due_days": _days(60),
    "statement_day": _days(31),
    "minimum_rate": SHARE,
    "monthly_fee_rate": SHARE,
    "revolving_daily_rate": SHARE,
    "late_fee_daily_rate": SHARE,
    "late_fee_daily_floor": MONEY,
    "grace_days": _days(60),
    "early_repayment_minimum": MONEY,
}


def _counts(value: Any) -> str | None:
    counts = list(value)
    whole = all(isinstance(count, int) and 2 <= count <= MOST_INSTALMENTS for count in counts)
    return None if whole and counts == sorted(set(counts)) else "counts"


def _waterfall(value: Any) -> str | None:
    named = sorted({*value, Component.INTEREST})  # which may be left out: it has its place
    return None if named == sorted(WATERFALL) and len(set(value)) == len(value) else "waterfall"


OTHERS: dict[str, Callable[[Any], str | None]] = {
    "principal_first_after_days": lambda value: None if value is None else _days(999).fault(value),
    "early_settlement": lambda value: None if value in set(EarlySettlement) else "choice",
    "late_fees_in_cap": lambda value: None if isinstance(value, bool) else "choice",
    "instalment_counts": _counts,
    "waterfall": _waterfall,
}
NAMES = (*RANGES, *OTHERS)
DEFAULTS: dict[str, Any] = {
    "deferred_days": 30,
    "due_days": 9,
    "statement_day": 1,
    "minimum_rate": Decimal(1),
    "monthly_fee_rate": Decimal(0),
    "revolving_daily_rate": Decimal(0),
    "late_fee_daily_rate": Decimal(0),
    "late_fee_daily_floor": Decimal("0.01"),
    "grace_days": 0,
    "early_repayment_minimum": Decimal("10.00"),
    "principal_first_after_days": None,
    "early_settlement": EarlySettlement.BEGUN_PERIODS.value,
    "late_fees_in_cap": True,
    "instalment_counts": list(INSTALMENT_COUNTS),
    "waterfall": [component.value for component in WATERFALL],
}


def faults(values: Mapping[str, Any]) -> list[Fault]:
    """Every value that may not be, in the order in which they are shown."""
    found = [Fault(n, code, values[n]) for n, range_ in RANGES.items() if (code := range_.fault(values[n]))]
    return found + [Fault(n, code, values[n]) for n, check in OTHERS.items() if (code := check(values[n]))]


def terms(mode: Mode, licence: Licence, values: Mapping[str, Any]) -> Terms:
    """The conditions as the decisions need them."""
    return Terms(
        mode,
        licence=licence,
        **{name: value for name, value in values.items() if name != OF_THE_CUT}
        | {
            "early_settlement": EarlySettlement(values["early_settlement"]),
            "instalment_counts": tuple(values["instalment_counts"]),
            "waterfall": tuple(Component(name) for name in values["waterfall"]),
        },
    )


def as_text(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them: decimals as text, so that nothing of them is lost."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def from_text(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values out of JSON."""
    decimal = {name for name, range_ in RANGES.items() if range_.places}
    return {name: Decimal(value) if name in decimal else value for name, value in values.items()}


def changed(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    """The names of the values that differ; all of them where there was nothing before."""
    return [name for name in NAMES if before is None or before[name] != after[name]]


def neutral(name: str, value: Any) -> str:
    """A value in the same characters in every language: rates in percent, lists with spaces."""
    if name.endswith("_rate"):
        return percent(value)
    if isinstance(value, list | tuple):
        return " ".join(map(str, value)) or "—"
    return "—" if value is None else str(value)


def needs(mode: Mode, name: str) -> bool:
    """Whether a product that bills like this has a use for the value."""
    return name not in (OF_STATEMENTS if mode is Mode.ORDER else OF_ORDERS)
