"""Purchases, refunds, payouts and reversals as the API shows and takes them."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.access.models import User
from apps.bills.domain.kinds import ReversalReason
from apps.bills.domain.settlement import Quote
from apps.bills.models import Payout, Product, Purchase, Refund
from apps.bills.queries import people, products, purchases
from apps.bills.serializers.fields import Amount, Day, key_of, known_as, the_reference
from apps.customers.models import Customer

ACCOUNT_CURRENCY = "Refused where it is not the account's."


class PurchaseSerializer(serializers.ModelSerializer[Purchase]):
    """Goods bought on credit, the bill that they are on, and what of them was given back."""

    customer = known_as(read_only=True)
    product = serializers.CharField(source="terms.product.code")
    version = serializers.IntegerField(source="terms.version", help_text="Of the product's conditions.")
    currency = serializers.CharField(source="terms.product.currency")
    bill = known_as(read_only=True, help_text="The first that it is on; none before a statement billed it.")
    refunded = serializers.DecimalField(14, 2, help_text="By refunds that stand.")

    class Meta:
        model = Purchase
        fields = (
            "reference", "customer", "product", "version", "currency", "amount", "purchased_date", "instalments",
            "merchant", "order_reference", "bill", "refunded",
        )  # fmt: skip


class RefundSerializer(serializers.ModelSerializer[Refund]):
    """Money given back: `unbilled` of it lowers what will be billed, `remainder` waits as credit balance."""

    customer = known_as(read_only=True)
    purchase = known_as(read_only=True)

    class Meta:
        model = Refund
        fields = (
            "reference", "customer", "purchase", "amount", "refunded_date", "unbilled", "remainder", "status",
            "reversed_date", "reversal_reason",
        )  # fmt: skip


class PayoutSerializer(serializers.ModelSerializer[Payout]):
    """A credit balance that was paid back, and whether it came back."""

    customer = known_as(read_only=True)
    approval = known_as(read_only=True)

    class Meta:
        model = Payout
        fields = (
            "reference", "customer", "amount", "paid_date", "channel", "approval", "status", "reversed_date",
            "reversal_reason",
        )  # fmt: skip


class QuoteSerializer(serializers.Serializer[Quote]):
    """What settles a bill on a day: `amount` is what is owed less the fees that fall, beside what was overdrawn."""

    date = serializers.DateField()
    owed = serializers.DecimalField(14, 2)
    saving = serializers.DecimalField(14, 2)
    overdrawn = serializers.DecimalField(14, 2)
    amount = serializers.DecimalField(14, 2)


class _New(serializers.Serializer[Any]):
    """What is taken once: its reference may come as the header `Idempotency-Key` instead."""

    visible: dict[str, Callable[[User], QuerySet[Any]]] = {"customer": people.visible_to}

    reference = serializers.CharField(max_length=40, required=False)
    customer = known_as(queryset=Customer.objects.none())
    amount = Amount()
    currency = serializers.CharField(max_length=3, default="", help_text=ACCOUNT_CURRENCY)

    def get_fields(self) -> dict[str, Any]:
        """What it names is among what the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            for name, visible_to in self.visible.items():
                fields[name].queryset = visible_to(user)  # type: ignore[attr-defined]
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """One reference, from the body or the header."""
        return {**data, "reference": the_reference(data, self.context)}


class NewPurchaseSerializer(_New):
    """A purchase to record, under the conditions that are in force on its date."""

    visible = {**_New.visible, "product": products.visible_to}

    product = serializers.SlugRelatedField("code", queryset=Product.objects.none())
    purchased_date = Day()
    instalments = serializers.IntegerField(min_value=1, max_value=60, default=1)
    merchant = serializers.CharField(max_length=100, allow_blank=True, default="")
    order_reference = serializers.CharField(max_length=60, allow_blank=True, default="")


class NewRefundSerializer(_New):
    """A refund to record; with a purchase it lowers what is owed for that."""

    visible = {**_New.visible, "purchase": purchases.visible_to}

    purchase = known_as(queryset=Purchase.objects.none(), allow_null=True, default=None)
    refunded_date = Day()


class NewPayoutSerializer(_New):
    """A payout to ask for: whoever the authority matrix names decides."""

    channel = serializers.CharField(max_length=20, allow_blank=True, default="")
    reason = serializers.CharField(max_length=500)


class ReversalSerializer(serializers.Serializer[Any]):
    """Why money is taken back; a reference, here or as the `Idempotency-Key`, makes it known once."""

    reference = serializers.CharField(max_length=40, required=False)
    reason = serializers.ChoiceField(choices=[reason.value for reason in ReversalReason])
    note = serializers.CharField(max_length=500, allow_blank=True, default="", help_text=_("Kept in the trail."))

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """At most one reference."""
        return {**data, "reference": key_of(self.context, data.get("reference"))}
