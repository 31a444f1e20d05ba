"""The words of the ledger."""

from enum import StrEnum


class Mode(StrEnum):
    """How a product bills: every purchase by itself, or one statement a month."""

    ORDER = "order"
    STATEMENT = "statement"


class Licence(StrEnum):
    """Under which licence a product is lent; the cap on its cost follows from it."""

    MICRO_LOAN = "micro_loan"
    CONSUMER_FINANCE = "consumer_finance"
    PRIVATE_LENDING = "private_lending"


class EarlySettlement(StrEnum):
    """What happens to instalment fees when everything is paid early."""

    FULL_FEE = "full_fee"  # the whole fee stays due
    BEGUN_PERIODS = "begun_periods"  # the fees of periods that have not begun are dropped


class Component(StrEnum):
    """What an amount in the ledger is owed for; `credit` is money of the customer's that we hold."""

    COST = "cost"
    LATE_FEE = "late_fee"
    INTEREST = "interest"
    INSTALMENT_FEE = "instalment_fee"
    PRINCIPAL = "principal"
    CREDIT = "credit"


class EntryKind(StrEnum):
    """Why an entry was booked."""

    CHARGE = "charge"
    PAYMENT = "payment"
    REFUND = "refund"
    WAIVER = "waiver"
    WRITE_OFF = "write_off"
    RECOVERY = "recovery"
    REVERSAL = "reversal"
    PAYOUT = "payout"


class CauseKind(StrEnum):
    """What made an entry be booked, other than the bill itself; a column of the ledger each."""

    REPAYMENT = "repayment"
    REFUND = "refund"
    WAIVER = "waiver"
    RESTRUCTURING = "restructuring"
    PAYOUT = "payout"
    WRITE_OFF = "write_off"


class ReceiptStatus(StrEnum):
    """Whether money that came or went still stands."""

    BOOKED = "booked"
    REVERSED = "reversed"


class RestructuringKind(StrEnum):
    """What an agreement does with what is open."""

    MOVE = "move"  # every open due date goes on by days or months
    EXTEND = "extend"  # what is open again, in equal monthly parts
    GRACE = "grace"  # nothing is due before the grace ends; later dates stay
    RE_AGE = "re_age"  # all open bills in one plan of equal monthly parts


class RestructuringStatus(StrEnum):
    """Whether an agreement stands."""

    ACTIVE = "active"
    UNDONE = "undone"


class ReversalReason(StrEnum):
    """Why money received is taken back."""

    BOUNCED = "bounced"
    MISTAKE = "mistake"
    DUPLICATE = "duplicate"


class Bucket(StrEnum):
    """Days past due in steps of a month: M0 is not past due, M7 is more than 180 days."""

    M0 = "M0"
    M1 = "M1"
    M2 = "M2"
    M3 = "M3"
    M4 = "M4"
    M5 = "M5"
    M6 = "M6"
    M7 = "M7+"
