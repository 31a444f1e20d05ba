"""Who had a personal value shown to them, and when; why is in the trail."""

from typing import ClassVar

from django.db import models

from apps.access.models import User
from apps.core.models import Record


class Reveal(Record):
    """One value of one row that somebody saw in the clear."""

    append_only: ClassVar[bool] = True

    subject = models.CharField(max_length=60)  # `app.model:key`, as in the trail
    field = models.CharField(max_length=40)
    revealed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    revealed_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("revealed_by", "revealed_at"), name="customers_reveal_person"),
            models.Index(fields=("revealed_at",), name="customers_reveal_moment"),
        )
