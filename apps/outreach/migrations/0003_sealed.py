"""Seals the addresses of messages where they lie, and takes the persons' names out of their texts: they are put in when sent."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import apps.customers.models.sealed
from apps.customers.models import people
from apps.customers.models.keyring import ring
from apps.customers.models.sealed import purpose
from apps.outreach.domain.texts import NAME

BATCH = 5_000
SOME = (
    "select m.id, m.customer_id, c.reference, c.name, m.address, m.subject, m.body from outreach_message m "
    "join customers_customer c on c.id = m.customer_id where m.id > %s order by m.id limit %s"
)
FILL = (
    "update outreach_message m set new_address = n.address, new_subject = n.subject, new_body = n.body "
    "from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) as n (id, address, subject, body) where n.id = m.id"
)


def seal(_registry: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the new columns."""
    last = 0
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(SOME, [last, BATCH])
            some = cursor.fetchall()
            if not some:
                return
            last = some[-1][0]
            cursor.execute(FILL, [list(column) for column in zip(*map(_message, some), strict=True)])


def _message(row: tuple[Any, ...]) -> tuple[Any, ...]:
    key, customer, reference, name, address, subject, body = row
    clear = ring().open(name, purpose(people.NAME, reference))
    subject, body = (text.replace(clear, NAME) if clear else text for text in (subject, body))
    return key, ring().seal(address, purpose(people.CONTACT, customer)), subject, body


COLUMNS = """
alter table outreach_message add column new_address text not null default '',
  add column new_subject varchar(200) not null default '', add column new_body text not null default '';
"""
EXCHANGE = """
alter table outreach_message drop column address, drop column subject, drop column body;
alter table outreach_message rename column new_address to address;
alter table outreach_message rename column new_subject to subject;
alter table outreach_message rename column new_body to body;
alter table outreach_message alter column address drop default, alter column subject drop default, alter column body drop default;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_sealed"), ("outreach", "0002_fewer_indexes")]

    operations = [
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunSQL(
            EXCHANGE,
            state_operations=[
                migrations.AlterField(
                    model_name="message",
                    name="address",
                    field=apps.customers.models.sealed.Sealed(
                        blank=True, context="customers.contact", max_length=200, owner="customer_id"
                    ),
                ),
            ],
        ),
    ]
