"""Bills and money as the API shows and takes them; amounts are strings with two decimals."""

from typing import Any

from rest_framework import serializers

from apps.bills.domain.kinds import Bucket
from apps.bills.models import Bill, Instalment, LedgerEntry, Repayment
from apps.bills.queries import bills, people
from apps.bills.serializers.fields import Amount, Day, the_reference
from apps.bills.serializers.fields import known_as as _known_as
from apps.core.domain.money import ZERO
from apps.credit.models import CreditLine
from apps.customers.models import ContactPoint, Customer

NOTHING_OWED = {"balance": str(ZERO), "credit_balance": str(ZERO), "bucket": Bucket.M0.value}


class ContactPointSerializer(serializers.ModelSerializer[ContactPoint]):
    """A way to reach a customer; the value is masked."""

    value = serializers.CharField(read_only=True, help_text="Masked: 138****1234.")

    class Meta:
        model = ContactPoint
        fields = ("id", "kind", "value", "is_valid", "consented_date")


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer and how the account stood when the last day was closed."""

    currency = serializers.CharField(source="account.currency")
    limit = serializers.DecimalField(14, 2, source="credit_line.limit")
    balance = serializers.DecimalField(14, 2, source="account.balance")
    credit_balance = serializers.DecimalField(14, 2, source="account.credit_balance")
    oldest_due_date = serializers.DateField(source="account.oldest_due_date")
    late_since_date = serializers.DateField(
        source="account.late_since_date",
        help_text="The oldest due date, moved on by paused days: days past due count from it.",
    )
    bucket = serializers.CharField(source="account.bucket")
    contact_points = ContactPointSerializer(many=True)

    class Meta:
        model = Customer
        fields = (
            "reference", "name", "identity", "language", "time_zone", "joined_date", "currency", "limit", "balance",
            "credit_balance", "oldest_due_date", "late_since_date", "bucket", "contact_points",
        )  # fmt: skip

    def to_representation(self, customer: Customer) -> dict[str, Any]:
        """Whoever was never billed has no account, and owes nothing."""
        shown = super().to_representation(customer)
        return shown if hasattr(customer, "account") else shown | NOTHING_OWED


class CreditLineSerializer(serializers.ModelSerializer[CreditLine]):
    """How much a customer may owe at once."""

    customer = _known_as(read_only=True)

    class Meta:
        model = CreditLine
        fields = ("reference", "customer", "currency", "limit", "opened_date")


class InstalmentSerializer(serializers.ModelSerializer[Instalment]):
    """What must be paid by a date, and the date on which money met it."""

    class Meta:
        model = Instalment
        fields = ("number", "due_date", "amount", "fee", "open_amount", "met_date")


class BillSerializer(serializers.ModelSerializer[Bill]):
    """A bill with what is open on it and its instalments."""

    customer = _known_as(read_only=True)
    product = serializers.CharField(source="terms.product.code")
    currency = serializers.CharField(source="terms.product.currency")
    owed = serializers.DecimalField(14, 2, help_text="All open components together.")
    interest_accrued = serializers.DecimalField(18, 6, source="interest", help_text="Through the last closed day.")
    late_fee_accrued = serializers.DecimalField(18, 6, source="accrued", help_text="Through the last closed day.")
    instalments = InstalmentSerializer(many=True)

    class Meta:
        model = Bill
        fields = (
            "reference", "customer", "product", "currency", "issued_date", "principal", "instalment_fee",
            "open_principal", "open_instalment_fee", "open_late_fee", "open_interest", "open_cost", "owed",
            "late_fee_accrued", "interest_accrued",
            "statement_balance", "reported_status", "settled_date", "written_off_date", "instalments",
        )  # fmt: skip


class RepaymentSerializer(serializers.ModelSerializer[Repayment]):
    """Money received; `remainder` is the part that waits as credit balance."""

    customer = _known_as(read_only=True)
    bill = _known_as(read_only=True, help_text="The bill that the payer designated.")

    class Meta:
        model = Repayment
        fields = (
            "reference", "customer", "bill", "settles", "amount", "received_date", "channel", "remainder", "status",
            "reversed_date", "reversal_reason",
        )  # fmt: skip


class NewRepaymentSerializer(serializers.Serializer[Repayment]):
    """A repayment to record; the reference may come as the header `Idempotency-Key` instead."""

    reference = serializers.CharField(max_length=40, required=False)
    customer = _known_as(queryset=Customer.objects.none())
    amount = Amount()
    currency = serializers.CharField(max_length=3, default="", help_text="Refused where it is not the account's.")
    received_date = Day()
    channel = serializers.CharField(max_length=20, allow_blank=True, default="")
    bill = _known_as(queryset=Bill.objects.none(), allow_null=True, default=None)
    settles = serializers.BooleanField(default=False, help_text="The payer wants the bill settled before its time.")

    def get_fields(self) -> dict[str, Any]:
        """Customers and bills are those that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["customer"] = _known_as(queryset=people.visible_to(user))
            fields["bill"] = _known_as(queryset=bills.visible_to(user), allow_null=True, default=None)
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """One reference, from the body or the header; two that differ are none."""
        return {**data, "reference": the_reference(data, self.context)}


class LedgerEntrySerializer(serializers.ModelSerializer[LedgerEntry]):
    """An entry of the ledger: plus raises what is owed, minus lowers it."""

    customer = _known_as(read_only=True)
    bill = _known_as(read_only=True)
    repayment = _known_as(read_only=True)
    refund = _known_as(read_only=True)
    waiver = _known_as(read_only=True)
    payout = _known_as(read_only=True)
    restructuring = _known_as(read_only=True)

    class Meta:
        model = LedgerEntry
        fields = (
            "id", "customer", "bill", "component", "kind", "amount", "effective_date", "booked_at", "repayment",
            "refund", "waiver", "payout", "restructuring", "reverses",
        )  # fmt: skip
