"""Products and their versions as the API shows and takes them; rates are shares (0.0005 is 0.05 %)."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from apps.bills.domain import conditions
from apps.bills.domain.kinds import Component, EarlySettlement
from apps.bills.models import Product, ProductTerms
from apps.bills.queries import products


class PriceSerializer(serializers.Serializer[Any]):
    """What one charge costs a year; `instalments` is 0 where it is not one."""

    charge = serializers.CharField()
    instalments = serializers.IntegerField()
    rate = serializers.DecimalField(7, 6)
    annual_rate = serializers.DecimalField(8, 6)


class TermsSerializer(serializers.ModelSerializer[ProductTerms]):
    """One version of a product's conditions, with what it costs a year."""

    prices = serializers.SerializerMethodField(help_text="Every price that counts against the cap.")

    class Meta:
        model = ProductTerms
        fields = ("version", "effective_date", *conditions.NAMES, "prices")

    def get_prices(self, version: ProductTerms) -> list[dict[str, Any]]:
        """The version's prices, a year."""
        terms = products.terms_of(version.product, products.values(version))
        found = products.costing(terms, version.effective_date, known={})
        return [dict(PriceSerializer(price).data) for price in found.prices]


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product with every version of its conditions, the oldest first."""

    versions = TermsSerializer(source="terms", many=True)

    class Meta:
        model = Product
        fields = ("code", "name", "currency", "mode", "licence", "versions")


class NewTermsSerializer(serializers.Serializer[Any]):
    """A version to be asked for: what is not given stays as in the version before."""

    effective_date = serializers.DateField(help_text="The business date or later.")
    reason = serializers.CharField(max_length=500)
    deferred_days = serializers.IntegerField(required=False)
    due_days = serializers.IntegerField(required=False)
    statement_day = serializers.IntegerField(required=False)
    minimum_rate = serializers.DecimalField(7, 6, required=False)
    monthly_fee_rate = serializers.DecimalField(7, 6, required=False)
    revolving_daily_rate = serializers.DecimalField(7, 6, required=False)
    late_fee_daily_rate = serializers.DecimalField(7, 6, required=False)
    late_fee_daily_floor = serializers.DecimalField(14, 2, required=False)
    grace_days = serializers.IntegerField(required=False)
    early_repayment_minimum = serializers.DecimalField(14, 2, required=False)
    principal_first_after_days = serializers.IntegerField(required=False, allow_null=True)
    early_settlement = serializers.ChoiceField(choices=list(EarlySettlement), required=False)
    late_fees_in_cap = serializers.BooleanField(required=False)
    instalment_counts = serializers.ListField(child=serializers.IntegerField(), required=False)
    waterfall = serializers.ListField(child=serializers.ChoiceField(choices=list(Component)), required=False)

    def said(self, before: dict[str, Any]) -> tuple[dt.date, str, dict[str, Any]]:
        """The day, the reason and all values of the version."""
        given = dict(self.validated_data)
        date, reason = given.pop("effective_date"), given.pop("reason")
        return date, reason, before | given


class RequestSerializer(serializers.Serializer[Any]):
    """A request for a controlled action, by its reference, and where it stands."""

    reference = serializers.CharField()
    status = serializers.CharField()
