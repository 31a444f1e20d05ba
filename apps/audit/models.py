"""The book, whose tables are made by SQL and written by the database alone, and what is kept beside it."""

from typing import ClassVar

from django.db import models

from apps.core.models import Record


class Operation(models.Model):
    """One thing that somebody did, or was not allowed to do."""

    seq = models.BigIntegerField(primary_key=True)
    parent_seq = models.BigIntegerField(null=True)  # the operation that this one is a part of
    at = models.DateTimeField()  # as the door passed it
    recorded_at = models.DateTimeField()  # the database's clock
    attempt = models.IntegerField()
    action = models.TextField()
    decision = models.TextField()
    actor = models.TextField()
    acting_role = models.TextField()
    on_behalf_of = models.TextField()
    authority = models.TextField()  # the rule, approval or delegation it rests on, with its version
    policy_version = models.TextField()
    reason = models.TextField()
    request_id = models.TextField()
    address = models.TextField()
    channel = models.TextField()
    object_type = models.TextField()
    object_id = models.TextField()
    sentence = models.TextField()
    detail = models.TextField()  # canonical JSON
    db_role = models.TextField()

    class Meta:
        managed = False
        db_table = 'audit"."operation'

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class Change(models.Model):
    """One changed row with its changed fields."""

    seq = models.BigIntegerField(primary_key=True)
    recorded_at = models.DateTimeField()
    op_seq = models.BigIntegerField(null=True)  # null: written outside every operation
    kind = models.CharField(max_length=1)  # I, U, D or T
    object_type = models.TextField()
    object_id = models.TextField()
    diff = models.TextField()  # canonical JSON: {"column": [old, new]}
    db_role = models.TextField(null=True)  # noqa: DJ001 - set where there is no operation to name somebody

    class Meta:
        managed = False
        db_table = 'audit"."change'

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.object_type} {self.object_id}"


class Verification(Record):
    """One look at whether the book is whole: who asked, when, and what was found."""

    asked_by = models.CharField(max_length=60)  # an actor
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    events = models.BigIntegerField(null=True)
    faults = models.JSONField(null=True)  # [{"code", "sentence"}]; null: not finished, or broken off
    broken_off = models.TextField(blank=True)  # why it came to no result

    class Meta:
        indexes = (models.Index(fields=("-asked_at",), name="audit_verification_asked"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.asked_at}"

    @property
    def state(self) -> str:
        """`waiting`, `running`, `whole`, `faulty` or `broken_off`."""
        if self.broken_off:
            return "broken_off"
        if self.faults is not None:
            return "faulty" if self.faults else "whole"
        return "running" if self.started_at else "waiting"


class VerificationProgress(Record):
    """How far a verification has come."""

    audit_exempt: ClassVar[str] = "progress of a verification; its beginning and its findings are captured"

    verification = models.OneToOneField(Verification, on_delete=models.CASCADE, related_name="progress")
    leaves = models.BigIntegerField(default=0)
    of_leaves = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.leaves} of {self.of_leaves}"

    @property
    def percent(self) -> int:
        """The share of the sealed leaves that were looked at."""
        return 100 * self.leaves // self.of_leaves if self.of_leaves else 0


class SavedFilter(Record):
    """Filters of the explorer under a name: somebody's own, or shared with everybody in one role."""

    owner = models.CharField(max_length=60)  # an actor
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=40, blank=True)  # whose holders see it too
    filters = models.JSONField()  # {"action": "bills.", ...}
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "name"), name="audit_savedfilter_name"),)

    def __str__(self) -> str:
        return self.name


class AnchorDelivery(Record):
    """A checkpoint on its way to somebody outside who keeps it."""

    audit_exempt: ClassVar[str] = (
        "progress of a delivery: what is delivered is a signed checkpoint, which the trail keeps"
    )

    target = models.TextField()  # mailto:somebody or https://somewhere
    origin = models.TextField()
    size = models.BigIntegerField()
    note = models.TextField()
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()  # not tried before
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)  # why the last attempt failed

    class Meta:
        constraints = (models.UniqueConstraint(fields=("target", "origin", "size"), name="audit_anchordelivery_once"),)
        indexes = (
            models.Index(
                fields=("next_at", "id"),
                name="audit_anchordelivery_waiting",
                condition=models.Q(delivered_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.target} {self.size}"
