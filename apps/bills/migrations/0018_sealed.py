"""Seals accounts, payers, what they wrote, and the notes of pauses where they lie."""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import apps.customers.models.sealed

sealing = import_module("apps.customers.migrations._sealing")
TABLES = {
    "bills_mandate": ({"account_token": "bills.account"}, "customer_id"),
    "bills_pause": ({"note": "bills.pause_note"}, "customer_id"),
    "bills_suspenseitem": ({"payer": "bills.payer", "purpose": "bills.purpose"}, "reference"),
    "bills_intakerow": ({"payer": "bills.payer", "purpose": "bills.purpose"}, "reference"),
}


def seal(_registry: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the sealed columns, and forget what was kept of refused payers."""
    with editor.connection.cursor() as cursor:
        for table, (columns, owner) in TABLES.items():
            sealing.seal(cursor, table, columns, owner)
        cursor.execute(
            "update bills_intakerefusal set value = '****' where column_name in ('customer', 'payer', 'purpose')"
        )


def _state(model: str, name: str, context: str, owner: str, **options: object) -> migrations.AlterField:
    field = apps.customers.models.sealed.Sealed(context=context, owner=owner, **options)
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_sealed"), ("bills", "0017_approved")]

    operations = [
        migrations.RunSQL("\n".join(sealing.added(t, *c) for t, (c, _) in TABLES.items()), migrations.RunSQL.noop),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunSQL(
            "\n".join(sealing.exchanged(t, *c) for t, (c, _) in TABLES.items()),
            state_operations=[
                _state("mandate", "account_token", "bills.account", "customer_id", max_length=60),
                _state("pause", "note", "bills.pause_note", "customer_id", blank=True),
                _state("suspenseitem", "payer", "bills.payer", "reference", blank=True, max_length=200),
                _state("suspenseitem", "purpose", "bills.purpose", "reference", blank=True, max_length=200),
                _state("intakerow", "payer", "bills.payer", "reference", blank=True, max_length=200),
                _state("intakerow", "purpose", "bills.purpose", "reference", blank=True, max_length=200),
            ],
        ),
    ]
