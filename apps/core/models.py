"""What every table of ours has in common."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class Record(models.Model):
    """A business row: captured by the audit unless it says why not.

    `personal_fields` enter the trail only as salted commitments, and `personal_subject` names the foreign key of the
    person they tell about (empty: the row itself); of `secret_fields` the trail keeps only that they changed;
    `append_only` tables refuse UPDATE, DELETE and TRUNCATE; `audit_exempt` is the reason why a derived or technical
    table is not captured. `wall` tells how a row is kept behind walls where its foreign keys do not say it: `office`
    for rows that no agency sees, `request` for those about a customer's reference, or a sentence why none is needed.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    personal_subject: ClassVar[str] = ""
    secret_fields: ClassVar[tuple[str, ...]] = ()
    append_only: ClassVar[bool] = False
    audit_exempt: ClassVar[str] = ""
    wall: ClassVar[str] = ""

    class Meta:
        abstract = True


class DateRange(models.Func):
    """The days from one date to the one before another, open where that is null."""

    function = "DATERANGE"
    output_field = DateRangeField()


def one_of(field: str, choices: type[StrEnum]) -> models.CheckConstraint:
    """A CHECK that the field holds one of the enum's values."""
    values = [choice.value for choice in choices]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": values}), name=f"%(app_label)s_%(class)s_{field}"
    )


def not_negative(field: str) -> models.CheckConstraint:
    """A CHECK that the field is zero or more."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__gte": 0}), name=f"%(app_label)s_%(class)s_{field}_not_negative"
    )


def positive(field: str) -> models.CheckConstraint:
    """A CHECK that the field is above zero."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__gt": 0}), name=f"%(app_label)s_%(class)s_{field}_positive"
    )


def together(first: str, second: str) -> models.CheckConstraint:
    """A CHECK that both fields are set or neither is."""
    both = models.Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    none = models.Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return models.CheckConstraint(condition=both | none, name=f"%(app_label)s_%(class)s_{first}_with_{second}")
