from django.db import migrations

from apps.core.sql import load


class Migration(migrations.Migration):
    dependencies = (("audit", "0002_tables"),)

    operations = (
        migrations.RunSQL(
            load("audit", "seals"),
            "DROP TABLE audit.book, audit.batch, audit.node, audit.checkpoint;"
            "DROP INDEX audit.operation_transaction, audit.change_transaction",
        ),
    )
