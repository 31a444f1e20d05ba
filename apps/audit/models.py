"""The book as Django reads it; the tables are made by SQL and written by the database alone."""

from django.db import models


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
