"""Arrangements as the API shows and takes them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.bills.serializers.fields import Amount, Day, known_as
from apps.cases.domain.arrangements import LONGEST, ArrangementKind
from apps.cases.domain.calculator import Asked, Budget
from apps.cases.models import Arrangement, ArrangementPart, Case
from apps.cases.queries import cases
from apps.core.domain.money import ZERO

KINDS = [kind.value for kind in ArrangementKind]


class ArrangementPartSerializer(serializers.ModelSerializer[ArrangementPart]):
    """One payment that was agreed."""

    class Meta:
        model = ArrangementPart
        fields = ("number", "due_date", "amount")


class ArrangementSerializer(serializers.ModelSerializer[Arrangement]):
    """An arrangement: its terms, its payments, where it stands; `received` as of the last close."""

    customer, case = known_as(read_only=True), known_as(read_only=True)
    approval, restructuring = known_as(read_only=True), known_as(read_only=True)
    proposed_by = serializers.CharField(source="proposed_by.username", read_only=True)
    parts = ArrangementPartSerializer(many=True, read_only=True)

    class Meta:
        model = Arrangement
        fields = (
            "reference", "customer", "case", "kind", "status", "bills", "days_past_due", "debt", "forgiven",
            "late_fees_to_come", "fee", "total", "annual_cost", "grace_days", "first_date", "last_date", "parts",
            "proposed_by", "proposed_date", "approval", "sign_by_date", "signature", "signed_date", "received",
            "ended_date", "restructuring",
        )  # fmt: skip


class ArrangementTermsSerializer(serializers.Serializer[Any]):
    """What is to be reckoned or proposed for the customer of an open case."""

    case = known_as(queryset=Case.objects.none())
    first_date = Day()
    instalments = serializers.IntegerField(min_value=1, help_text=f"A month apart, {LONGEST} at most.")
    forgiven = Amount(required=False, help_text="Of a settlement.")
    monthly_fee_rate = serializers.DecimalField(7, 6, required=False, min_value=0, help_text="Of a re-age, flat.")
    income = Amount(required=False, help_text="A month; with it the plan must be affordable.")
    outgoings = serializers.DecimalField(14, 2, required=False, min_value=0)
    obligations = serializers.DecimalField(14, 2, required=False, min_value=0)

    def get_fields(self) -> dict[str, Any]:
        """The case is one that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["case"] = known_as(queryset=cases.visible_to(user))
        return fields

    @staticmethod
    def asked(said: dict[str, Any], kind: ArrangementKind) -> Asked:
        """The terms as the domain knows them."""
        return Asked(
            kind,
            said["first_date"],
            said["instalments"],
            said.get("forgiven", ZERO),
            said.get("monthly_fee_rate", Decimal(0)),
        )

    @staticmethod
    def budget(said: dict[str, Any]) -> Budget | None:
        """What the customer earns and spends, if it was said."""
        if "income" not in said:
            return None
        return Budget(said["income"], said.get("outgoings", ZERO), said.get("obligations", ZERO))


class ArrangementProposalSerializer(ArrangementTermsSerializer):
    """An arrangement to propose, and why."""

    kind = serializers.ChoiceField(KINDS)
    reason = serializers.CharField(max_length=500)


class ArrangementOptionSerializer(serializers.Serializer[Any]):
    """One kind with its terms, or the sentence why it may not be had."""

    kind = serializers.ChoiceField(KINDS)
    debt = serializers.DecimalField(14, 2, source="quote.debt", default=None)
    total = serializers.DecimalField(14, 2, source="quote.total", default=None)
    fee = serializers.DecimalField(14, 2, source="quote.fee", default=None)
    forgiven = serializers.DecimalField(14, 2, source="quote.forgiven", default=None)
    late_fees_to_come = serializers.DecimalField(14, 2, source="quote.late_fees_to_come", default=None)
    months = serializers.IntegerField(source="quote.months", default=None)
    annual_cost = serializers.DecimalField(12, 6, source="quote.annual_cost", default=None)
    debt_to_income = serializers.DecimalField(6, 4, source="affordable.ratio", default=None)
    left_to_live_on = serializers.DecimalField(14, 2, source="affordable.left", default=None)
    sentence = serializers.CharField(help_text="Why it may not be proposed; empty where it may.")


class RecordingSerializer(serializers.Serializer[Any]):
    """The recording of the call in which the customer agreed."""

    recording = serializers.CharField(max_length=100)


class SigningLinkSerializer(serializers.Serializer[Any]):
    """A link that was sent; its address is in the message alone."""

    reference = serializers.CharField()
    message_reference = serializers.CharField()
    expires_at = serializers.DateTimeField()
