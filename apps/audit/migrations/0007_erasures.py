from django.db import migrations

from apps.core.sql import load


class Migration(migrations.Migration):
    dependencies = (("audit", "0006_origins"),)

    operations = (migrations.RunSQL(load("audit", "erasures"), "DROP TABLE audit.erasure"),)
