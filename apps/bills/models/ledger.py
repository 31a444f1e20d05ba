"""The ledger."""

from typing import ClassVar

from django.db import models

from apps.bills.domain.kinds import CauseKind, Component, EntryKind
from apps.bills.models.bills import Bill
from apps.bills.models.columns import money
from apps.bills.models.receipts import Payout, Refund, Repayment, Waiver
from apps.bills.models.restructurings import Restructuring
from apps.bills.models.write_offs import WriteOff
from apps.core.models import Record, one_of
from apps.customers.models import Customer


class LedgerEntry(Record):
    """The truth: a signed amount, never changed; what is owed goes up with plus and down with minus."""

    append_only: ClassVar[bool] = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="entries", db_index=False)
    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    component = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    amount = money()
    effective_date = models.DateField()
    booked_at = models.DateTimeField()
    repayment = models.ForeignKey(
        Repayment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    waiver = models.ForeignKey(
        Waiver, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    restructuring = models.ForeignKey(
        Restructuring, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    write_off = models.ForeignKey(
        WriteOff, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta:
        constraints = (
            one_of("component", Component),
            one_of("kind", EntryKind),
            models.CheckConstraint(condition=~models.Q(amount=0), name="bills_ledgerentry_not_zero"),
            models.CheckConstraint(
                condition=models.Q(bill__isnull=True, component=Component.CREDIT)
                | (models.Q(bill__isnull=False) & ~models.Q(component=Component.CREDIT)),
                name="bills_ledgerentry_credit_has_no_bill",
            ),
            models.CheckConstraint(  # nothing is given up or paid out without the decision that allows it
                condition=(~models.Q(kind=EntryKind.WAIVER) | models.Q(waiver__isnull=False))
                & (~models.Q(kind=EntryKind.WRITE_OFF) | models.Q(write_off__isnull=False))
                & (~models.Q(kind=EntryKind.PAYOUT) | models.Q(payout__isnull=False)),
                name="bills_ledgerentry_rests_on_its_decision",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "effective_date"), name="bills_entry_customer"),
            models.Index(fields=("bill",), name="bills_entry_bill"),
            models.Index(
                fields=("repayment",), name="bills_entry_repayment", condition=models.Q(repayment__isnull=False)
            ),
            models.Index(
                fields=("write_off",), name="bills_entry_write_off", condition=models.Q(write_off__isnull=False)
            ),
        )

    @property
    def cause_kind(self) -> CauseKind | None:
        """What kind of fact made it be booked; none for the bill itself."""
        return next((kind for kind in CauseKind if getattr(self, f"{kind}_id") is not None), None)

    @property
    def cause_reference(self) -> str:
        """The reference of that fact, empty for the bill itself."""
        kind = self.cause_kind
        return getattr(self, kind).reference if kind else ""
