"""Who takes cases, how many and which."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.access.models import User
from apps.core.models import Record


class RosterEntry(Record):
    """What an agent may be given: queues, languages, products and how many open cases at most."""

    wall: ClassVar[str] = "office"

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="roster_entry")
    capacity = models.PositiveIntegerField()
    queues = ArrayField(models.SlugField())
    languages = ArrayField(models.CharField(max_length=2))
    products = ArrayField(models.SlugField(), default=list, blank=True)  # none: all
    away_until_date = models.DateField(null=True, blank=True)  # nothing is given to them before this day

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(capacity__lte=5_000), name="cases_rosterentry_capacity"),
            models.CheckConstraint(
                condition=models.Q(queues__len__gt=0, languages__len__gt=0), name="cases_rosterentry_works"
            ),
        )

    def __str__(self) -> str:
        return self.user.username
