"""Debits as the API shows them, and the bank's results as it takes them."""

from typing import Any

from rest_framework import serializers

from apps.bills.domain.debits import Outcome
from apps.bills.models import Debit
from apps.bills.serializers.fields import known_as

MOST = 5_000  # results in one request


class DebitSerializer(serializers.ModelSerializer[Debit]):
    """What was instructed for an instalment, and what became of it."""

    customer = known_as(read_only=True)
    mandate = known_as(read_only=True)
    bill = known_as(read_only=True)
    repayment = known_as(read_only=True, help_text="What it was booked as, once it was paid.")
    currency = serializers.CharField(source="bill.terms.product.currency")

    class Meta:
        model = Debit
        fields = (
            "reference", "customer", "mandate", "bill", "number", "due_date", "debit_date", "amount", "currency",
            "status", "code", "reason", "repayment",
        )  # fmt: skip


class ResultSerializer(serializers.Serializer[Any]):
    """What the bank says of one debit; checked line by line, so that a bad one holds up no other."""

    reference = serializers.CharField(max_length=100, allow_blank=True)
    amount = serializers.CharField(max_length=40, allow_blank=True, help_text="As instructed, two decimals.")
    result = serializers.CharField(max_length=40, allow_blank=True, help_text=", ".join(Outcome))
    code = serializers.CharField(max_length=20, allow_blank=True, default="")
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class ResultsSerializer(serializers.Serializer[Any]):
    """The bank's results of some debits."""

    results = ResultSerializer(many=True, allow_empty=False, max_length=MOST)  # type: ignore[call-arg]  # of the list


class ToldSerializer(serializers.Serializer[Any]):
    """What became of one result: `paid`, `failed`, `returned`, `unchanged`, `parked` in suspense, or `refused`."""

    row = serializers.IntegerField(help_text="Its place in the request, from 1.")
    reference = serializers.CharField()
    outcome = serializers.CharField()
    sentence = serializers.CharField(help_text="Why it was not taken; empty where it was.")


class AnswerSerializer(serializers.Serializer[Any]):
    """What became of every result."""

    results = ToldSerializer(many=True)
