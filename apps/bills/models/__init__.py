"""Products, purchases, bills, receipts and the ledger."""

from apps.bills.models.accounts import Account, BucketMove
from apps.bills.models.bills import Bill, Instalment, Purchase
from apps.bills.models.debits import Debit, Mandate
from apps.bills.models.intakes import Intake, IntakeChunk, IntakeRefusal, IntakeRow
from apps.bills.models.ledger import LedgerEntry
from apps.bills.models.month_ends import BillSnapshot, ClassRollUp, MonthRollUp
from apps.bills.models.pauses import Pause
from apps.bills.models.products import CostCap, Product, ProductTerms
from apps.bills.models.receipts import Payout, Refund, Repayment, Waiver, WaiverRevocation
from apps.bills.models.restructurings import Restructuring
from apps.bills.models.statements import StatementLine
from apps.bills.models.suspense import SuspenseItem
from apps.bills.models.write_offs import WriteOff

__all__ = [
    "Account",
    "Bill",
    "BillSnapshot",
    "BucketMove",
    "ClassRollUp",
    "CostCap",
    "Debit",
    "Instalment",
    "Intake",
    "IntakeChunk",
    "IntakeRefusal",
    "IntakeRow",
    "LedgerEntry",
    "Pause",
    "Mandate",
    "MonthRollUp",
    "Payout",
    "Product",
    "ProductTerms",
    "Purchase",
    "Refund",
    "Repayment",
    "StatementLine",
    "Restructuring",
    "SuspenseItem",
    "Waiver",
    "WaiverRevocation",
    "WriteOff",
]
