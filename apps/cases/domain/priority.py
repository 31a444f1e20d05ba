"""What comes first: the money that a contact now may be expected to bring."""

from decimal import Decimal

HIGHEST = 2_147_483_647

# Days past due, and the share of what is overdue that a contact from there on may be expected to bring: the later, the
# less. Bands, not a curve: a case is written when it crosses one and not every day. An assumption until it is measured.
BANDS: tuple[tuple[int, Decimal], ...] = (
    (1, Decimal("0.60")),
    (8, Decimal("0.45")),
    (31, Decimal("0.25")),
    (61, Decimal("0.15")),
    (91, Decimal("0.08")),
    (181, Decimal("0.02")),
)


def expected_share(days_past_due: int) -> Decimal:
    """The share of the band that the days lie in."""
    reached = [share for from_day, share in BANDS if days_past_due >= from_day]
    return reached[-1] if reached else BANDS[0][1]


def priority(overdue: Decimal, days_past_due: int) -> int:
    """The expected value of a contact now, in whole units of money; higher is sooner."""
    return min(int(overdue * expected_share(days_past_due)), HIGHEST)
