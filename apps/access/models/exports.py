"""Packages of the trail."""

from django.db import models

from apps.access.domain.exports import ExportState
from apps.access.models.staff import User
from apps.core.models import Record, one_of


class TrailExport(Record):
    """A package of the trail that somebody asked for: what of it, why, and what became of it."""

    reference = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, default=ExportState.WAITING)
    first_date = models.DateField()
    last_date = models.DateField()
    filters = models.JSONField(default=dict)
    file_format = models.CharField(max_length=10)
    purpose = models.CharField(max_length=200)
    continues = models.TextField(blank=True)  # the note of a checkpoint that the receiver holds
    is_sealed_part = models.BooleanField(default=False)  # no further than the trail is sealed
    is_clear = models.BooleanField(default=False)  # with personal values, by an approved request
    approval = models.CharField(max_length=40, blank=True)  # that request's reference
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trail_exports")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    operation = models.BigIntegerField(null=True, blank=True)  # the number of `export.create`
    events = models.BigIntegerField(null=True, blank=True)
    size = models.BigIntegerField(null=True, blank=True)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    failure = models.JSONField(default=dict, blank=True)  # why there is no file, as `core.texts` says it again

    class Meta:
        constraints = (one_of("state", ExportState),)

    def __str__(self) -> str:
        return self.reference
