"""Erasures as the API takes them."""

from rest_framework import serializers

from apps.customers.models import Customer


class ErasureSerializer(serializers.Serializer[Customer]):
    """Why a customer's personal data are to be erased."""

    reason = serializers.CharField(max_length=500)
