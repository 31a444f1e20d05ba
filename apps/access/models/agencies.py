"""The agencies that may be given cases."""

from django.db import models

from apps.core.models import Record, together


class Agency(Record):
    """A firm that collects for us: on the white list from one moment to another."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    listed_at = models.DateTimeField()
    listed_by = models.CharField(max_length=60)
    struck_at = models.DateTimeField(null=True, blank=True)  # from then on its people see nothing
    struck_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty

    class Meta:
        constraints = (together("struck_at", "struck_by"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_listed(self) -> bool:
        """Whether it may be given cases."""
        return self.struck_at is None
