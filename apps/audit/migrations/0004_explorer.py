from django.db import migrations

from apps.core.sql import load


class Migration(migrations.Migration):
    dependencies = (("audit", "0003_seals"),)

    operations = (
        migrations.RunSQL(
            load("audit", "explorer_indexes"),
            "DROP INDEX audit.operation_not_allowed, audit.operation_authority, audit.operation_on_behalf,"
            " audit.operation_part",
        ),
    )
