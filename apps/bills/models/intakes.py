"""Repayment files on their way into the book."""

from typing import ClassVar

from django.db import models

from apps.bills.domain.intake import UNFINISHED, IntakeState
from apps.bills.models.columns import money
from apps.bills.models.suspense import PAYER, PURPOSE
from apps.core.models import Record, one_of
from apps.customers.models.sealed import Sealed


class Intake(Record):
    """A file of repayments that is being taken, was taken or was refused, known by its fingerprint."""

    wall: ClassVar[str] = "office"

    reference = models.CharField(max_length=40, unique=True)
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=500)  # where the file lies until all of it is taken
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()  # bytes
    is_whole = models.BooleanField(default=False)  # one bad row refuses them all
    state = models.CharField(max_length=10, default=IntakeState.STAGING)
    business_date = models.DateField()  # no row may be later
    rows = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)  # known already, with the same content
    refused = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)  # repayments booked
    parked = models.BigIntegerField(default=0)  # rows that went to suspense
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=60)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            one_of("state", IntakeState),
            models.UniqueConstraint(
                fields=("sha256",), name="bills_intake_once_at_a_time", condition=models.Q(state__in=UNFINISHED)
            ),
        )

    def __str__(self) -> str:
        return self.reference


class IntakeChunk(Record):
    """Some rows of a file, customer by customer, that are taken in one transaction."""

    audit_exempt: ClassVar[str] = "progress of an intake; the repayments that it books are captured"

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    first_row_id = models.BigIntegerField()
    last_row_id = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    is_suspense = models.BooleanField()  # rows of unknown payers
    created = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    played = models.PositiveIntegerField(default=0)  # customers whose whole account had to be played
    seconds = models.FloatField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("intake", "number"), name="bills_intakechunk_number"),)


class IntakeRow(Record):
    """A good row of a file that waits for its chunk; it is deleted in the transaction that takes it."""

    audit_exempt: ClassVar[str] = "a row on its way into the book; what becomes of it is captured"

    intake = models.ForeignKey(
        Intake, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    row = models.BigIntegerField()
    reference = models.CharField(max_length=40)
    customer_id = models.BigIntegerField(null=True, blank=True)
    bill_id = models.BigIntegerField(null=True, blank=True)
    amount = money()
    currency = models.CharField(max_length=3)
    received_date = models.DateField()
    channel = models.CharField(max_length=20, blank=True)
    payer = Sealed(max_length=200, blank=True, context=PAYER, owner="reference")
    purpose = Sealed(max_length=200, blank=True, context=PURPOSE, owner="reference")


class IntakeRefusal(Record):
    """A row that was not taken, and why."""

    audit_exempt: ClassVar[str] = "what a file held that was not taken; the operation of the intake counts them"

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="refusals", db_constraint=False)
    row = models.BigIntegerField()
    column_name = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=100, blank=True)
