"""Throwing the demo's book away."""

from django.core.management import call_command
from django.db import connections

from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from apps.demo.domain.people import PREFIX


def wipe() -> None:
    """Drop everything that the owner made and migrate again; refused where the book is not the demo's."""
    if Customer.objects.exclude(reference__startswith=PREFIX).exists():
        raise Refused("This database holds a real book; it is not thrown away.", code="not_a_demo")
    connections["default"].close()
    with connections["owner"].cursor() as cursor:
        cursor.execute("drop owned by current_user cascade")
    call_command("migrate", database="owner", interactive=False, verbosity=0)
