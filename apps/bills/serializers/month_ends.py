"""Month-ends as the API shows them."""

from rest_framework import serializers

from apps.bills.models import BillSnapshot, ClassRollUp, MonthRollUp
from apps.bills.serializers.fields import known_as


class SnapshotSerializer(serializers.ModelSerializer[BillSnapshot]):
    """An open bill as it stood at a month's end; classes are no better than an observation lets them be."""

    bill = known_as(read_only=True)
    customer = known_as(read_only=True)
    product = serializers.CharField(source="bill.terms.product.code")

    class Meta:
        model = BillSnapshot
        fields = (
            "month_end_date", "bill", "customer", "product", "days_past_due", "bucket", "previous_bucket",
            "class_2023", "class_card", "stage", "open_principal", "open_fees",
        )  # fmt: skip


class ClassRollUpSerializer(serializers.ModelSerializer[ClassRollUp]):
    """What was open of a product at a month's end in a bucket and its classes."""

    product = serializers.CharField(source="product.code")

    class Meta:
        model = ClassRollUp
        fields = (
            "month_end_date", "product", "bucket", "class_2023", "class_card", "stage", "bills", "open_principal",
            "open_fees",
        )  # fmt: skip


class MonthRollUpSerializer(serializers.ModelSerializer[MonthRollUp]):
    """How many bills of a product went from one bucket to another since the month's end before."""

    product = serializers.CharField(source="product.code")

    class Meta:
        model = MonthRollUp
        fields = ("month_end_date", "product", "from_bucket", "to_bucket", "bills", "balance_before", "balance")
