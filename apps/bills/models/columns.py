"""Columns that several tables share."""

from decimal import Decimal
from typing import Any

from django.db import models


def money(**options: Any) -> "models.DecimalField[Decimal, Decimal]":
    """A column of money to the cent."""
    return models.DecimalField(max_digits=14, decimal_places=2, **options)
