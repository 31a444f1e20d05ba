"""A customer's statement as the API shows it; amounts are strings with two decimals."""

from typing import Any

from rest_framework import serializers

from apps.bills.queries.ledger import Line
from apps.bills.queries.standing import DueLine, OpenBill, Standing


class Money(serializers.DecimalField):
    """An amount to the cent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **options)


class LatenessSerializer(serializers.Serializer[Any]):
    """How late something was at the end of the day, and the classes, no better than an observation lets them be."""

    oldest_due_date = serializers.DateField(allow_null=True)
    days = serializers.IntegerField()
    bucket = serializers.CharField()
    class_2023 = serializers.CharField()
    class_card = serializers.CharField()
    stage = serializers.IntegerField()


class StatementLineSerializer(serializers.Serializer[Line]):
    """An entry and the balance after it."""

    id = serializers.IntegerField(source="entry.pk")
    effective_date = serializers.DateField(source="entry.effective_date")
    booked_at = serializers.DateTimeField(source="entry.booked_at")
    kind = serializers.CharField(source="entry.kind")
    component = serializers.CharField(source="entry.component")
    bill = serializers.CharField(source="entry.bill.reference", default=None, allow_null=True)
    cause_kind = serializers.CharField(source="entry.cause_kind", allow_null=True)
    cause = serializers.CharField(source="entry.cause_reference", help_text="Empty for the bill itself.")
    amount = Money(source="entry.amount")
    balance = Money(help_text="What was owed after the entry.")


class StatementDueSerializer(serializers.Serializer[DueLine]):
    """What had to be paid by a date."""

    number = serializers.IntegerField()
    due_date = serializers.DateField()
    amount = Money()
    open = Money()
    met_date = serializers.DateField(allow_null=True)
    is_replaced = serializers.BooleanField(help_text="Whether an agreement let what was open of it fall due anew.")
    days = serializers.IntegerField(help_text="Days past due at the end of the day.")


class StatementBillSerializer(serializers.Serializer[OpenBill]):
    """A bill that was not settled."""

    reference = serializers.CharField(source="bill.reference")
    product = serializers.CharField(source="bill.terms.product.code")
    issued_date = serializers.DateField(source="bill.issued_date")
    open = serializers.DictField(child=Money(), help_text="By component.")
    owed = Money()
    accrued = Money(help_text="Late fee and interest that have accrued and are not charged yet.")
    lateness = LatenessSerializer()
    observed_until = serializers.DateField(
        source="observation.end_date",
        default=None,
        allow_null=True,
        help_text="The first day on which no agreement holds its classes.",
    )
    dues = StatementDueSerializer(many=True)


class StatementSerializer(serializers.Serializer[Standing]):
    """An account at the end of a day; `opening` and entries make `balance`, so do open parts less credit."""

    customer = serializers.CharField(source="customer.reference")
    currency = serializers.CharField()
    date = serializers.DateField()
    since = serializers.DateField(allow_null=True)
    known_at = serializers.DateTimeField(allow_null=True)
    opening = Money()
    balance = Money()
    credit_balance = Money(source="credit")
    accrued = Money()
    owed = Money()
    open = serializers.DictField(child=Money(), help_text="By component.")
    moved = serializers.DictField(child=Money(), help_text="The entries' sum by kind.")
    lateness = LatenessSerializer()
    is_whole = serializers.BooleanField(help_text="Whether instalments and accrued fees of that moment can be told.")
    entries = StatementLineSerializer(many=True, source="lines")
    bills = StatementBillSerializer(many=True)
