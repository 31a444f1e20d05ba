"""The rows that the benchmark writes, as each of the peers captures them."""

import pghistory
from auditlog.registry import auditlog
from django.db import models


class Row(models.Model):
    """The same columns as the benchmark's own rows have."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=40, unique=True)
    customer_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    due_date = models.DateField()
    changed_at = models.DateTimeField()
    note = models.CharField(max_length=200)

    class Meta:
        abstract = True


class Plain(Row):
    """Rows that nothing captures."""


class Auditlog(Row):
    """Rows that django-auditlog captures by signals."""


@pghistory.track()
class Pghistory(Row):
    """Rows that django-pghistory captures by its own triggers, as it installs them unless told otherwise."""


auditlog.register(Auditlog)
