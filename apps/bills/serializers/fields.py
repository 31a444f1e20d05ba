"""Fields that many bodies share."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.bills.queries import inputs
from apps.core.domain.money import CENT
from apps.core.domain.refusal import Refused


def known_as(**options: Any) -> "serializers.SlugRelatedField[Any]":
    """Another object, by its reference."""
    return serializers.SlugRelatedField("reference", **options)


class Amount(serializers.DecimalField):
    """An amount of money above zero, in whole cents; what is none is named."""

    def __init__(self, **options: Any) -> None:
        super().__init__(14, 2, min_value=CENT, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        """Read it by the same rules as forms and actions."""
        try:
            return inputs.amount(str(data))
        except Refused as refusal:
            raise serializers.ValidationError(refusal.sentence, code=refusal.code) from None


class Day(serializers.DateField):
    """A date; what is none is named."""

    def to_internal_value(self, data: Any) -> Any:
        """Read a date like 2026-01-31."""
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError:
            sentence = _("“%(value)s” is not a date like 2026-01-31.") % {"value": data}
            raise serializers.ValidationError(sentence, code="date") from None


def key_of(context: Mapping[str, Any], given: str | None = None) -> str | None:
    """The reference, from the body or the header `Idempotency-Key`, if there is any; two that differ are none."""
    known: set[str] = {reference for reference in (given, context.get("idempotency_key")) if reference}
    if len(known) > 1:
        raise serializers.ValidationError({"reference": _("The reference and the Idempotency-Key differ.")})
    if any(len(reference) > 40 for reference in known):
        raise serializers.ValidationError({"reference": _("A reference has at most 40 characters.")})
    return next(iter(known), None)


class OnceSerializer(serializers.Serializer[Any]):
    """What is asked for once if it has a reference, here or as the header `Idempotency-Key`."""

    reference = serializers.CharField(max_length=40, required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """At most one reference; empty where there is none."""
        return {**data, "reference": key_of(self.context, data.get("reference")) or ""}


def the_reference(data: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """The reference that makes it known once, from the body or the header `Idempotency-Key`."""
    reference = key_of(context, data.get("reference"))
    if reference is None:
        raise serializers.ValidationError({"reference": _("It needs a reference, here or as the Idempotency-Key.")})
    return reference
