"""Caps on the annual cost as the API shows and takes them; rates are shares (0.24 is 24 %)."""

from typing import Any

from rest_framework import serializers

from apps.bills.domain.kinds import Licence
from apps.bills.models import CostCap
from apps.bills.serializers.fields import Day, OnceSerializer


class CapSerializer(serializers.ModelSerializer[CostCap]):
    """A licence's cap from a day on."""

    class Meta:
        model = CostCap
        fields = ("licence", "effective_date", "annual_rate", "note")


class NewCapSerializer(OnceSerializer):
    """A cap to ask for: whoever the authority matrix names decides."""

    licence = serializers.ChoiceField(choices=[licence.value for licence in Licence])
    effective_date: Any = Day(help_text="The business date or later.")
    annual_rate = serializers.DecimalField(7, 6)
    note = serializers.CharField(max_length=200, help_text="Where it comes from.")
    reason = serializers.CharField(max_length=500)
