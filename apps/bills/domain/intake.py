"""Repayment files: their columns, and where their intake stands."""

from enum import StrEnum

from apps.bills.domain.portfolio import Column, Kind, Table


class IntakeState(StrEnum):
    """How far the intake of a file has come."""

    STAGING = "staging"  # read and checked; nothing of it is kept if this is interrupted
    TAKING = "taking"  # its good rows are being booked, a part at a time
    DONE = "done"
    REFUSED = "refused"  # whole or not at all, and a row was bad


UNFINISHED = (IntakeState.STAGING, IntakeState.TAKING)

REPAYMENTS = Table(
    "receipts",
    (
        Column("reference"),
        Column("customer", filled=False),
        Column("received_date", Kind.DATE),
        Column("amount", Kind.ABOVE_ZERO),
        Column("bill", required=False, filled=False),
        Column("channel", required=False, filled=False, size=20),
        Column("currency", Kind.CURRENCY, required=False, filled=False),
        Column("payer", required=False, filled=False, size=200),
        Column("purpose", required=False, filled=False, size=200),
    ),
)
