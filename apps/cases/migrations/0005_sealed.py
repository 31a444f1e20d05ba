"""Seals the notes of contacts where they lie."""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import apps.customers.models.sealed

sealing = import_module("apps.customers.migrations._sealing")
# Contacts are never changed: for once their trigger stands aside, and the trail notes both.
ASIDE = """
do $$ begin
  if exists (select from pg_trigger where tgname = 'audit_append_only' and tgrelid = 'cases_contact'::regclass) then
    alter table cases_contact {} trigger audit_append_only;
  end if;
end $$;
"""


def seal(_registry: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the sealed column."""
    with editor.connection.cursor() as cursor:
        sealing.seal(cursor, "cases_contact", {"note": "cases.contact_note"}, "case_id")


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_sealed"), ("cases", "0004_complaints")]

    operations = [
        migrations.RunSQL(
            sealing.added("cases_contact", "note") + ASIDE.format("disable"), migrations.RunSQL.noop
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunSQL(
            sealing.exchanged("cases_contact", "note") + ASIDE.format("enable always"),
            state_operations=[
                migrations.AlterField(
                    model_name="contact",
                    name="note",
                    field=apps.customers.models.sealed.Sealed(
                        blank=True, context="cases.contact_note", owner="case_id"
                    ),
                ),
            ],
        ),
    ]
