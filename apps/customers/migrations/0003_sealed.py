"""Seals names, profiles and contact points where they lie.

The sealed values go to columns of their own and the clear ones leave with their columns, so that no clear value enters the trail anew.
What the trail captured before stays as it was captured, beside the trail, and can be erased there.
"""

import json
from typing import Any

import django.contrib.postgres.indexes
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

import apps.customers.models.people
import apps.customers.models.sealed
from apps.core.domain.actor import System
from apps.customers.actions import keyring
from apps.customers.models import people
from apps.customers.models.keyring import ring
from apps.customers.models.sealed import purpose

BATCH = 5_000


def seal(_registry: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the sealed columns."""
    keyring.make(by=System("migrate"), at=timezone.now())
    with editor.connection.cursor() as cursor:
        for some in _batches(cursor, "select id, reference, name, profile from customers_customer"):
            columns = zip(*map(_customer, some), strict=True)
            cursor.execute(
                "update customers_customer c set sealed_name = n.name, sealed_profile = n.profile, "
                "name_grams = n.grams::integer[] "
                "from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) as n (id, name, profile, grams) "
                "where n.id = c.id",
                [list(column) for column in columns],
            )
        for some in _batches(cursor, "select id, customer_id, kind, value from customers_contactpoint"):
            columns = zip(*map(_point, some), strict=True)
            cursor.execute(
                "update customers_contactpoint c set sealed_value = n.value, value_index = n.digest "
                "from unnest(%s::bigint[], %s::text[], %s::uuid[]) as n (id, value, digest) where n.id = c.id",
                [list(column) for column in columns],
            )


def _batches(cursor: Any, select: str) -> Any:
    last = 0
    while True:
        cursor.execute(f"{select} where id > %s order by id limit %s", [last, BATCH])
        some = cursor.fetchall()
        if not some:
            return
        last = some[-1][0]
        yield some


def _customer(row: tuple[Any, ...]) -> tuple[Any, ...]:
    key, reference, name, profile = row
    facts = json.loads(profile) if isinstance(profile, str) else profile
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True) if facts else ""
    grams = "{" + ",".join(map(str, people.grams(name))) + "}"
    return (
        key,
        ring().seal(name, purpose(people.NAME, reference)),
        ring().seal(text, purpose(people.PROFILE, reference)),
        grams,
    )


def _point(row: tuple[Any, ...]) -> tuple[Any, ...]:
    key, customer, kind, value = row
    return key, ring().seal(value, purpose(people.CONTACT, customer)), people.contact_index(kind, value)


COLUMNS = """
alter table customers_customer add column sealed_name text not null default '', add column sealed_profile text not null default '';
alter table customers_contactpoint add column sealed_value text not null default '';
"""
EXCHANGE = """
alter table customers_customer drop column name, drop column profile;
alter table customers_customer rename column sealed_name to name;
alter table customers_customer rename column sealed_profile to profile;
alter table customers_customer alter column name drop default, alter column profile drop default;
alter table customers_contactpoint drop column value;
alter table customers_contactpoint rename column sealed_value to value;
alter table customers_contactpoint alter column value drop default;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_walls")]

    operations = [
        migrations.RemoveConstraint(model_name="contactpoint", name="customers_contactpoint_once"),
        migrations.RemoveIndex(model_name="customer", name="customers_customer_name"),
        migrations.AddField(
            model_name="customer",
            name="name_grams",
            field=apps.customers.models.people.Grams(
                base_field=models.IntegerField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="identity",
            field=apps.customers.models.sealed.Sealed(
                blank=True, context="customers.identity", default="", max_length=40, owner="reference"
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="identity_index",
            field=apps.customers.models.sealed.BlindIndex(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="value_index",
            field=apps.customers.models.sealed.BlindIndex(editable=False, null=True),
        ),
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunSQL(
            EXCHANGE,
            state_operations=[
                migrations.AlterField(
                    model_name="contactpoint",
                    name="value",
                    field=apps.customers.models.sealed.Sealed(
                        context="customers.contact", max_length=200, owner="customer_id"
                    ),
                ),
                migrations.AlterField(
                    model_name="customer",
                    name="name",
                    field=apps.customers.models.sealed.Sealed(
                        context="customers.name", max_length=100, owner="reference"
                    ),
                ),
                migrations.AlterField(
                    model_name="customer",
                    name="profile",
                    field=apps.customers.models.sealed.Sealed(
                        blank=True, context="customers.profile", default="", owner="reference"
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="contactpoint",
            name="value_index",
            field=apps.customers.models.sealed.BlindIndex(db_index=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(fields=["name_grams"], name="customers_customer_grams"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("identity_index__isnull", False)),
                fields=["identity_index"],
                name="customers_customer_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                fields=("customer", "kind", "value_index"), name="customers_contactpoint_once"
            ),
        ),
    ]
