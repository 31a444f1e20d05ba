"""Fields that many bodies share."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


def known_as(**options: Any) -> "serializers.SlugRelatedField[Any]":
    """Another object, by its reference."""
    return serializers.SlugRelatedField("reference", **options)


def the_reference(data: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """The payer's reference, from the body or the header `Idempotency-Key`; two that differ are none."""
    given = (data.get("reference"), context.get("idempotency_key"))
    known: set[str] = {reference for reference in given if reference}
    if not known:
        raise serializers.ValidationError({"reference": _("A repayment needs the payer's reference.")})
    if len(known) > 1:
        raise serializers.ValidationError({"reference": _("The reference and the Idempotency-Key differ.")})
    reference = known.pop()
    if len(reference) > 40:
        raise serializers.ValidationError({"reference": _("A reference has at most 40 characters.")})
    return reference
